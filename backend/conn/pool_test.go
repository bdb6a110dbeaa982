package conn_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
)

// open opens a pool of a fresh database and closes it when the test ends.
func open(t testing.TB, url string, pairs ...string) *conn.Pool {
	t.Helper()
	parsed, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	p, err := conn.Open(context.Background(), conn.Profile{Settings: with(parsed.Profile.Settings, pairs...)}, secret.New(parsed.Password))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func connect(t testing.TB, p *conn.Pool, holder string) *conn.Conn {
	t.Helper()
	c, err := p.Connect(context.Background(), holder, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPoolLimit(t *testing.T) {
	t.Parallel()
	p := open(t, pgtest.DB(t), "max_connections=4")
	p.SetWait(20 * time.Millisecond)
	a := connect(t, p, "Query 1")
	connect(t, p, "Query 2")
	_, err := p.Connect(context.Background(), "Query 3", nil)
	e := expect(t, err, failure{kind: apperr.Limit, title: "All connections of this profile, which may have 2, are in use", hint: "Connections at most"})
	if !strings.Contains(e.Detail, "Query 1") || !strings.Contains(e.Detail, "Query 2") || strings.Contains(e.Detail, "Query 3") {
		t.Errorf("the holders are told as %q", e.Detail)
	}
	if st := p.Stat(); st.Sessions != 2 || st.Limit != 4 || len(st.Holders) != 2 {
		t.Errorf("%+v", st)
	}

	// Who waits gets the place that is given back, or is let go.
	p.SetWait(time.Minute)
	got := make(chan error, 1)
	go func() {
		c, err := p.Connect(context.Background(), "Query 3", nil)
		if err == nil {
			c.Retire()
			c.Retire() // once more is no harm
		}
		got <- err
	}()
	a.Retire()
	if err := <-got; err != nil {
		t.Error(err)
	}
	connect(t, p, "Query 4")
	ctx, cancel := context.WithCancel(context.Background())
	go func() { _, err := p.Connect(ctx, "Query 5", nil); got <- err }()
	cancel()
	expect(t, <-got, failure{kind: apperr.Cancelled, title: "stopped"})
	waits := make(chan struct{})
	go func() { close(waits); _, err := p.Connect(context.Background(), "Query 6", nil); got <- err }()
	<-waits
	p.Close()
	expect(t, <-got, failure{kind: apperr.Lost, title: "closed"})
	if st := p.Stat(); st.Sessions != 0 || st.Open != 0 {
		t.Errorf("after Close: %+v", st)
	}
}

// TestFault_A29 connects and leaves a hundred times, ten times over; from the twentieth on nothing is to grow.
func TestFault_A29(t *testing.T) {
	covered(t, "A29")
	s := pgtest.Shared(t, pgtest.Newest)
	profile, err := conn.Parse(s.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	cycle := func() error {
		p, err := conn.Open(context.Background(), profile.Profile, secret.New(""))
		if err != nil {
			return err
		}
		defer p.Close()
		c, err := p.Connect(context.Background(), "tab", nil)
		if err != nil {
			return err
		}
		return c.Exec(context.Background(), "create temp table x (); select 1").Close()
	}
	cycles := func(n int) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range n / 4 {
					if err := cycle(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
	}
	measure := func() (heap, resident uint64, fds, goroutines int) {
		runtime.GC()
		debug.FreeOSMemory()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, residentBytes(t), descriptors(), runtime.NumGoroutine()
	}
	cycles(20)
	heap, resident, fds, goroutines := measure()
	for round := range 10 {
		cycles(100)
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			heap2, resident2, fds2, goroutines2 := measure()
			grown := func(now, before uint64) bool { return float64(now) > float64(before)*1.05+512<<10 } // and what the runtime rounds up to
			if fds2 <= fds && goroutines2 <= goroutines && !grown(heap2, heap) && !grown(resident2, resident) {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("round %d: heap %d → %d, resident %d → %d, descriptors %d → %d, goroutines %d → %d", round, heap, heap2, resident, resident2, fds, fds2, goroutines, goroutines2)
			}
		}
	}
}

// residentBytes is the memory of this process that is in RAM; 0 where that tells nothing: on a system that has no
// /proc, and under the race detector, which keeps what it knows.
func residentBytes(t testing.TB) uint64 {
	if info, ok := debug.ReadBuildInfo(); ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" }) {
		return 0
	}
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, resident uint64
	if _, err := fmt.Sscan(string(b), &size, &resident); err != nil {
		t.Fatal(err)
	}
	return resident * uint64(os.Getpagesize())
}

// TestFault_A30 has fifty tabs connect to a host that has died, after it let the pool in.
func TestFault_A30(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true})
	var dead atomic.Bool
	var now, most atomic.Int64
	_, port := listener(t, "127.0.0.1:0", func(c net.Conn) {
		if !dead.Load() {
			relay(s)(c)
			return
		}
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		silent(c)
	})
	p, err := conn.Open(context.Background(), conn.Profile{Settings: settings(s, "port="+port, "connect_timeout=2", "max_connections=60")}, secret.New(pgtest.Password()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	dead.Store(true)
	failed := make(chan error, 50)
	for i := range 50 {
		go func() { _, err := p.Connect(context.Background(), fmt.Sprint(i), nil); failed <- err }()
	}
	unaffected(t)
	for range 50 {
		fault(t, "A30", <-failed, failure{kind: apperr.Timeout, title: "No answer from 127.0.0.1:" + port})
	}
	// Eight at once: one that was given up may be seen to end after its successor came.
	if n := most.Load(); n < 2 || n > 16 {
		t.Errorf("%d connections were tried at once", n)
	}
	if st := p.Stat(); st.Sessions != 0 {
		t.Errorf("%+v", st)
	}
}

// TestLostServer kills the server under a pool: what it holds says so, and connecting again says why it cannot.
func TestLostServer(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{})
	p := open(t, s.URL("postgres"))
	c := connect(t, p, "tab")
	if c.Started == "" {
		t.Error("the backend has no name")
	}
	s.Kill(t)
	if err := c.Exec(context.Background(), "select pg_sleep(60)").Close(); err == nil {
		t.Error("the statement survived")
	}
	c.Retire()
	_, err := p.Connect(context.Background(), "tab", nil)
	if k := apperr.KindOf(err); k != apperr.Refused && k != apperr.Lost {
		t.Errorf("%s: %v", k, err)
	}
	s.Up(t)
	connect(t, p, "tab").Retire()
	if st := p.Stat(); st.Sessions != 0 {
		t.Errorf("%+v", st)
	}
}

// TestTerminate ends one backend, and only the one that is meant.
func TestTerminate(t *testing.T) {
	t.Parallel()
	p := open(t, pgtest.DB(t))
	a, b := connect(t, p, "a"), connect(t, p, "b")
	ctx := context.Background()
	if err := p.Terminate(ctx, a, func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	if err := a.Exec(ctx, "select 1").Close(); err != nil {
		t.Fatalf("it was not to end: %v", err)
	}
	if err := p.Terminate(ctx, a, func() bool { return true }); err != nil {
		t.Fatal(err)
	}
	if err := a.Exec(ctx, "select 1").Close(); err == nil {
		t.Error("a goes on")
	}
	if err := b.Exec(ctx, "select 1").Close(); err != nil {
		t.Errorf("b does not: %v", err)
	}
}

// TestCloseWhileConnecting closes a pool under a Connect that a silent server keeps waiting.
func TestCloseWhileConnecting(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true})
	reached := make(chan struct{}, 8)
	pass := make(chan bool, 1)
	pass <- true
	_, port := listener(t, "127.0.0.1:0", func(c net.Conn) {
		select {
		case <-pass:
			relay(s)(c)
		default:
			reached <- struct{}{}
			silent(c)
		}
	})
	p, err := conn.Open(context.Background(), conn.Profile{Settings: settings(s, "port="+port)}, secret.New(pgtest.Password()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	done := make(chan error, 1)
	go func() { _, err := p.Connect(context.Background(), "tab", nil); done <- err }()
	<-reached
	soon(t, 150*time.Millisecond, func() {
		p.Close()
		expect(t, <-done, failure{kind: apperr.Cancelled})
	})
}

func TestTypes(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		p := open(t, s.DB(t))
		c := connect(t, p, "tab")
		ctx := context.Background()
		if err := c.Exec(ctx, `create type mood as enum ('sad'); create type pair as (a int, b int); create domain score as numeric(5,2)`).Close(); err != nil {
			t.Fatal(err)
		}
		const sql = `select 1::int8, 'x'::varchar(7), 1::numeric(12,2), 1::numeric(3,-1), '1'::bit(3), now()::timestamptz(3), 'sad'::mood, '{sad}'::mood[],
  row(1,2)::pair, 1::score, '{1}'::int[], '[1,2]'::int4range, true, '1 day'::interval, 'x'::"char", '{}'::jsonb`
		want := []string{"int8 number", "varchar(7) text", "numeric(12,2) number", "numeric(3,-1) number", "bit(3) text", "timestamptz(3) time", "mood text", "mood[] text",
			"pair text", "numeric(5,2) number", "int4[] text", "int4range text", "bool bool", "interval time", "char text", "jsonb json"}
		if s.Major < 15 { // no negative scale
			want[3] = "numeric(3,0) number"
		}
		q := strings.Replace(sql, "numeric(3,-1)", want[3][:strings.IndexByte(want[3], ' ')], 1)
		results, err := c.Exec(ctx, q).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var unknown []uint32
		for _, f := range results[0].FieldDescriptions {
			if typ, ok := p.TypeOf(f); !ok {
				unknown = append(unknown, f.DataTypeOID)
				if typ.Name != fmt.Sprintf("oid %d", f.DataTypeOID) {
					t.Errorf("an unknown type is called %q", typ.Name)
				}
			}
		}
		if err := p.LearnTypes(ctx, unknown); err != nil {
			t.Fatal(err)
		}
		for i, f := range results[0].FieldDescriptions {
			typ, ok := p.TypeOf(f)
			if got := typ.Name + " " + typ.Class; !ok || got != want[i] {
				t.Errorf("column %d is %s, want %s", i, got, want[i])
			}
		}
	})
}

// TestShownPool prints what holds a password with every verb there is.
func TestShownPool(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true})
	p, err := conn.Open(context.Background(), conn.Profile{Settings: settings(s)}, secret.New(pgtest.Password()))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	c := connect(t, p, "tab")
	for _, v := range []any{p, p.Stat(), p.Report(), c, secret.New(pgtest.Password())} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, pgtest.Password()) {
				t.Errorf("%s of %T shows the password", verb, v)
			}
		}
	}
}
