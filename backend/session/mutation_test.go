package session_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/faultproxy"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
)

// script has most kinds of messages in it: descriptions, rows, NULLs, notices, errors, COPY both ways, transactions.
const script = `select 1 as one, 'text' as two, null as three;
select g, repeat('x', g % 70), g / 7.0, null, array[g], g % 2 = 0 from generate_series(1, 400) g;
create temp table mine (id int primary key, t text);
copy mine from stdin;
1	one
2	\N
\.
copy mine to stdout;
do $$ begin raise notice 'heard'; end $$;
begin;
insert into mine values (1, 'again');
rollback;
set application_name = 'mutated';
select * from mine order by id;
select;
`

// mutations is how many runs there are, over all major versions.
func mutations(t *testing.T) int {
	if v := os.Getenv("TUSK_MUTATIONS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 1000
}

// TestMutations connects and runs a script through a proxy that damages what passes. Nothing crashes, nothing lasts,
// every result that is shown holds together, every error says what to do. TUSK_MUTATION_SEED runs one again.
func TestMutations(t *testing.T) {
	s := pgtest.New(t, pgtest.Options{Major: major, TCP: true, Config: map[string]string{"max_connections": "400"}})
	dir, err := spool.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	}()
	address := fmt.Sprintf("127.0.0.1:%d", s.Port)
	if v := os.Getenv("TUSK_MUTATION_SEED"); v != "" {
		seed, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(mutate(t, address, dir, seed))
		return
	}
	before := runtime.NumGoroutine()
	first := uint64(time.Now().UnixNano())
	var next atomic.Uint64
	var mu sync.Mutex
	outcomes := map[string]int{}
	var wg sync.WaitGroup
	n := uint64(mutations(t) / 2) // TestMain goes through two major versions
	for range 40 {
		wg.Go(func() {
			for i := next.Add(1); i <= n; i = next.Add(1) {
				outcome := mutate(t, address, dir, first+i)
				mu.Lock()
				outcomes[outcome]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	t.Logf("%d runs: %v", n, outcomes)
	if outcomes[session.Failed] == 0 || len(outcomes) < 4 { // one statement fails, as it should
		t.Errorf("the proxy does too much or too little: %v", outcomes)
	}
	eventually(t, "the goroutines end", func() bool { return runtime.NumGoroutine() <= before+2 })
}

// mutate makes one run, and tells how it went.
func mutate(t *testing.T, address string, dir *spool.Dir, seed uint64) string {
	// The first connection opens the pool, the second one is the session's.
	damage := faultproxy.Of(seed, []faultproxy.Traffic{{Client: 700, Server: 1000}, {Client: 2000, Server: 40_000}})
	fail := func(format string, args ...any) {
		t.Errorf("seed %d, %s: %s", seed, damage, fmt.Sprintf(format, args...))
	}
	proxy, err := faultproxy.Start("tcp", address, seed, damage)
	if err != nil {
		fail("%v", err)
		return "none"
	}
	defer proxy.Close()
	timed := func(what string, f func()) {
		begin := time.Now()
		f()
		if took := time.Since(begin); took > 5*time.Second {
			fail("%s took %v", what, took)
		}
	}
	judge := func(e *apperr.Error) {
		if e != nil && (e.Kind == apperr.Internal || e.Title == "" || e.Hint == "") {
			fail("%s %q, hint %q, cause %v", e.Kind, e.Title, e.Hint, e.Unwrap())
		}
	}
	profile := conn.Profile{Settings: map[string]string{"host": "127.0.0.1", "port": proxy.Port, "user": "tusk", "dbname": "postgres", "sslmode": "disable", "connect_timeout": "2"}}
	var pool *conn.Pool
	timed("connecting", func() { pool, err = conn.Open(context.Background(), profile, secret.New(pgtest.Password())) })
	if err != nil {
		judge(apperr.From(err))
		return "not connected"
	}
	defer timed("closing the pool", pool.Close)
	tab := session.New("tab", "connection", pool, dir)
	defer timed("closing the session", tab.Close)
	r, err := tab.Run(session.Request{RunID: fmt.Sprint(seed), Text: script, Cursor: -1, Continue: true})
	if err != nil {
		fail("%v", err)
		return "none"
	}
	select {
	case <-r.Done():
	case <-time.After(2500 * time.Millisecond): // longer than connecting may take
		timed("stopping", func() { r.Cancel(); <-r.Done() })
	}
	snap := r.Snapshot()
	judge(snap.Error)
	for _, st := range snap.Statements {
		judge(st.Error)
	}
	if err := whole(r, snap); err != nil {
		fail("%v", err)
	}
	return snap.Outcome
}
