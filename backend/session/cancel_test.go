//go:build linux

package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"github.com/jackc/pgx/v5/pgconn"
)

// limit is what a person waits for Cancel at most, in every state.
const limit = 2 * time.Second

// prepared makes tables the states need.
const prepared = `create table locked (id int); create table copied (id int, t text);
create function trap() returns void language plpgsql as $$
begin
  loop
    begin
      perform pg_sleep(0.01);
    exception when query_canceled then null;
    end;
  end loop;
end $$;`

// waitActive waits until the server works on the session's statement, or waits for a lock in it.
func waitActive(t testing.TB, other *bed, pid string) {
	t.Helper()
	eventually(t, "the statement is under way", func() bool {
		return other.value("select count(*) from pg_stat_activity where pid = "+pid+" and state = 'active'") == "1"
	})
}

func TestSC003_CancelInEveryState(t *testing.T) {
	t.Parallel()
	srv := pgtest.Shared(t, major)
	for name, c := range map[string]struct {
		text    string
		lock    bool // another session holds the table
		partial bool // rows that came stay
	}{
		"lock wait":        {text: "select * from locked", lock: true},
		"sleep":            {text: "select pg_sleep(60)"},
		"sort":             {text: "select md5(g::text) from generate_series(1, 20000000) g order by 1"},
		"join":             {text: "select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b where a % 7 = b % 5"},
		"loop":             {text: "do $$ begin loop end loop; end $$"},
		"string_agg":       {text: "select length(string_agg(repeat('x', 1000), '')) from generate_series(1, 900000)"},
		"fetch":            {text: "select generate_series(1, 100000000), repeat('x', 100)", partial: true},
		"copy out":         {text: "copy (select generate_series(1, 100000000)) to stdout", partial: true},
		"copy in, locked":  {text: "copy locked from stdin;\n1\n2\n\\.\n", lock: true},
		"second statement": {text: "select 1; select pg_sleep(60)"},
		"big text":         {text: "select " + strings.Repeat("/* "+strings.Repeat("x", 1000)+" */", 5000) + " pg_sleep(60)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := srv.DB(t)
			b, other := open(t, url), open(t, url)
			b.run(prepared)
			pid := b.value("select pg_backend_pid()")
			b.run("create temp table mine as select 42 as v; begin; insert into copied values (1); savepoint kept")
			if c.lock {
				other.run("begin; lock locked")
			}
			r := b.start(session.Request{Text: c.text})
			if c.lock {
				third := open(t, url)
				eventually(t, "it waits for the lock", func() bool {
					return third.value("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and pid = "+pid) == "1"
				})
			} else {
				waitActive(t, other, pid)
			}
			if c.partial {
				eventually(t, "rows arrive", func() bool {
					s := r.Snapshot()
					return len(s.Statements) > 0 && len(s.Statements[0].Results) > 0 && s.Statements[0].Results[0].Rows > 1000
				})
			}
			begin := time.Now()
			r.Cancel()
			s := b.finish(r)
			if took := time.Since(begin); took > limit {
				t.Errorf("took %s", took)
			}
			if e := firstError(s); s.Outcome != session.Stopped || e == nil || e.Kind != apperr.Cancelled || s.TxStatus != "E" {
				t.Fatalf("%s, transaction %q, %v", s.Outcome, s.TxStatus, e)
			}
			if c.partial {
				res := s.Statements[0].Results[0]
				if !res.Partial || !res.Complete || res.Rows < 1000 {
					t.Errorf("partial result: %+v", res)
				}
				if p, err := r.Result(res.ID).Page(res.Rows-1, 1); err != nil || len(p.Rows) != 1 {
					t.Errorf("its last row: %v %v", p.Rows, err)
				}
			}
			b.run("rollback to kept")
			if got := b.value("select v || '/' || pg_backend_pid() from mine"); got != "42/"+pid {
				t.Errorf("the session has changed: %s, was 42/%s", got, pid)
			}
			if got := b.value("select count(*) from copied"); got != "1" {
				t.Errorf("the transaction has changed: %s rows", got)
			}
		})
	}
}

func TestCancelBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("create table t (id int)")
	r := b.start(session.Request{Text: "insert into t values (1)"})
	r.Cancel()
	b.finish(r)
	// Whether it was sent is a race; that both ends agree is not.
	want := "0"
	if r.Snapshot().Outcome == session.Finished {
		want = "1"
	}
	if got := b.value("select count(*) from t"); got != want {
		t.Errorf("%s rows after a run that was %s", got, r.Snapshot().Outcome)
	}
}

func TestCancelTwiceAndAfterTheEnd(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	r := b.start(session.Request{Text: "select pg_sleep(60)"})
	r.Cancel()
	r.Cancel()
	b.finish(r)
	r.Cancel()
	r2 := b.start(session.Request{Text: "select 1"})
	r.Cancel()
	if s := b.finish(r2); s.Outcome != session.Finished {
		t.Errorf("a later run was hit: %v", firstError(s))
	}
}

func TestCancelOfAStatementThatTrapsIt(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run(prepared)
	pid := b.value("select pg_backend_pid()")
	r := b.start(session.Request{Text: "select trap()"})
	other := open(t, database(t))
	waitActive(t, other, pid)
	begin := time.Now()
	r.Cancel()
	s := b.finish(r)
	if took := time.Since(begin); took > limit || took < 1400*time.Millisecond {
		t.Errorf("took %s", took)
	}
	e := firstError(s)
	var pg *pgconn.PgError
	if s.Outcome != session.Killed || !errors.As(e, &pg) || pg.Code != "57P01" {
		t.Errorf("%s %v: the backend was not terminated", s.Outcome, e)
	}
	if s := b.run("select 1"); s.Reset == "" {
		t.Error("nobody is told that the session is a new one")
	}
	b.stillWorks()
}

func TestCancelOfABackendThatIsStopped(t *testing.T) {
	t.Parallel()
	srv := pgtest.New(t, pgtest.Options{Major: major})
	b := open(t, srv.DB(t))
	pid, err := strconv.Atoi(b.value("select pg_backend_pid()"))
	if err != nil {
		t.Fatal(err)
	}
	r := b.start(session.Request{Text: "select pg_sleep(60)"})
	waitActive(t, open(t, srv.DB(t)), strconv.Itoa(pid))
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Kill(pid, syscall.SIGCONT) }()
	begin := time.Now()
	r.Cancel()
	s := b.finish(r)
	if took := time.Since(begin); took > limit+50*time.Millisecond {
		t.Errorf("took %s", took)
	}
	if s.Outcome != session.Killed {
		t.Errorf("%s %v", s.Outcome, firstError(s))
	}
	b.stillWorks()
}

func TestCancelWhileConnecting(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	p := conn.Profile{Settings: map[string]string{"host": "127.0.0.1", "port": strconv.Itoa(l.Addr().(*net.TCPAddr).Port)}}
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, stop)
	begin := time.Now()
	_, err = conn.Open(ctx, p, secretNone)
	if took := time.Since(begin); took > 150*time.Millisecond || apperr.KindOf(err) != apperr.Cancelled {
		t.Errorf("after %s: %v", took, err)
	}
}

// raceSession starts short statements and cancels them around their end; three statements at once follow each. None of
// those may ever be hit.
func raceSession(t *testing.T, url string, rounds int) {
	b := open(t, url)
	b.run("select 1")
	var cancelled int
	for i := range rounds {
		r := b.start(session.Request{Text: "select pg_sleep(0.003)"})
		time.Sleep(time.Duration(1500+i*37%3500) * time.Microsecond)
		r.Cancel()
		if s := b.finish(r); s.Outcome == session.Stopped {
			cancelled++
		} else if s.Outcome != session.Finished {
			t.Fatalf("round %d: %s %v", i, s.Outcome, firstError(s))
		}
		for range 3 {
			if s := b.run("select 1"); s.Outcome != session.Finished {
				t.Fatalf("round %d: a later statement was hit: %v", i, firstError(s))
			}
		}
	}
	if cancelled == 0 || cancelled == rounds {
		t.Errorf("no race: %d of %d were cancelled", cancelled, rounds)
	}
	t.Logf("%d of %d were cancelled, 0 of %d later statements hit", cancelled, rounds, 3*rounds)
}

// cut is a proxy that resets the connection after it has passed on n bytes of answers.
func cut(t *testing.T, srv *pgtest.Server, n int64) (host string, port int) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(srv.Port)))
			if err != nil {
				_ = c.Close()
				continue
			}
			go func() { _, _ = io.Copy(s, c); _ = s.Close() }()
			go func() {
				_, _ = io.CopyN(c, s, n)
				_ = c.(*net.TCPConn).SetLinger(0)
				_ = c.Close()
				_ = s.Close()
			}()
		}
	}()
	return "127.0.0.1", l.Addr().(*net.TCPAddr).Port
}

func TestLinkCutWhileRowsArrive(t *testing.T) {
	t.Parallel()
	srv := pgtest.New(t, pgtest.Options{Major: major, TCP: true})
	host, port := cut(t, srv, 5_000_000)
	b := open(t, fmt.Sprintf("host=%s port=%d user=tusk dbname=postgres sslmode=disable password='%s'", host, port, pgtest.Password()))
	other := open(t, srv.DB(t))
	r := b.start(session.Request{Text: "select g, repeat('x', 100) from generate_series(1, 1000000) g"})
	s := b.finish(r)
	e := firstError(s)
	if s.Outcome != session.Lost || e == nil || e.Kind != apperr.Lost {
		t.Fatalf("%s %+v", s.Outcome, e)
	}
	res := s.Statements[0].Results[0]
	if !res.Partial || res.Rows < 1000 { // what was in the system's buffers goes with the reset
		t.Errorf("rows kept: %+v", res)
	}
	if p, err := r.Result(res.ID).Page(res.Rows-1, 1); err != nil || *p.Rows[0][0] != strconv.Itoa(res.Rows) {
		t.Errorf("the last row: %v %v", p.Rows, err)
	}
	other.stillWorks()
	b.stillWorks() // on a new connection
}

// rounds is 500, or what TUSK_RACES says: make test/full asks for 10,000.
func rounds(t *testing.T) int {
	t.Helper()
	v := os.Getenv("TUSK_RACES")
	if v == "" {
		return 500
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCancelNeverHitsALaterStatement(t *testing.T) {
	t.Parallel()
	raceSession(t, database(t), rounds(t))
}

func TestCancelNeverHitsALaterStatementThroughPgBouncer(t *testing.T) {
	t.Parallel()
	srv := pgtest.Shared(t, major)
	url, alive := bouncer(t, srv, srv.DB(t))
	raceSession(t, url, rounds(t))
	if !alive() {
		t.Error("the pooler died of it")
	}
}

func TestThroughPgBouncer(t *testing.T) {
	t.Parallel()
	srv := pgtest.Shared(t, major)
	url := srv.DB(t)
	pooled, alive := bouncer(t, srv, url)
	b := open(t, pooled)
	if !b.pool.Report().Pooler {
		t.Error("the pooler was not noticed")
	}
	b.run(prepared)
	for name, text := range map[string]string{"sleep": "select pg_sleep(60)", "fetch": "select generate_series(1, 100000000)", "copy": "copy copied from stdin"} {
		r := b.start(session.Request{Text: text})
		if name != "copy" {
			time.Sleep(100 * time.Millisecond) // the pooler's pid says nothing about the backend
		}
		begin := time.Now()
		r.Cancel()
		s := b.finish(r)
		if took := time.Since(begin); took > limit {
			t.Errorf("%s: took %s", name, took)
		}
		if s.Outcome != session.Stopped && name != "copy" {
			t.Errorf("%s: %s %v", name, s.Outcome, firstError(s))
		}
		b.stillWorks()
	}
	r := b.start(session.Request{Text: "select trap()"})
	trapped(t, url)
	begin := time.Now()
	r.Cancel()
	s := b.finish(r)
	if took := time.Since(begin); took > limit+50*time.Millisecond || s.Outcome != session.Killed {
		t.Errorf("trap: %s after %s", s.Outcome, took)
	}
	b.stillWorks()
	if !alive() {
		t.Error("the pooler died of it")
	}
}

// trapped waits until trap has begun to trap: a cancel before that ends it.
func trapped(t *testing.T, url string) {
	t.Helper()
	const sleeps = "select count(*) from pg_stat_activity where datname = current_database() and query = 'select trap()' and wait_event = 'PgSleep'"
	con := pgtest.Connect(t, url)
	for begin, n := time.Now(), 0; n == 0; time.Sleep(time.Millisecond) {
		if err := con.QueryRow(t.Context(), sleeps).Scan(&n); err != nil || time.Since(begin) > 10*time.Second {
			t.Fatal("nothing traps", err)
		}
	}
}

// bouncer starts a PgBouncer in transaction mode before a database.
func bouncer(t *testing.T, srv *pgtest.Server, url string) (pooled string, alive func() bool) {
	t.Helper()
	bin, err := exec.LookPath("pgbouncer")
	if err != nil {
		if bin = "/usr/sbin/pgbouncer"; !exists(bin) {
			t.Fatal("pgbouncer is not installed: run make setup")
		}
	}
	p, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "pgb")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	s := p.Profile.Settings
	ini := fmt.Sprintf("[databases]\n* = host=%s port=%s dbname=%s user=%s\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=%d\nunix_socket_dir=\nauth_type=any\npool_mode=transaction\nmax_client_conn=200\ndefault_pool_size=20\nignore_startup_parameters=extra_float_digits\n",
		s["host"], s["port"], s["dbname"], s["user"], port)
	file := filepath.Join(dir, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(ini), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, file)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		fi, err := os.Stat(srv.Data)
		if err != nil {
			t.Fatal(err)
		}
		st := fi.Sys().(*syscall.Stat_t)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: st.Uid, Gid: st.Gid}
	}
	var out strings.Builder
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var ended atomic.Bool
	done := make(chan struct{})
	go func() { _ = cmd.Wait(); ended.Store(true); close(done) }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
		if t.Failed() {
			t.Log(out.String())
		}
	})
	eventually(t, "the pooler listens", func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return fmt.Sprintf("postgres://anybody@127.0.0.1:%d/any?sslmode=disable", port), func() bool { return !ended.Load() }
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// brokenSink takes n rows and then says that the disk is full.
type brokenSink struct{ left int64 }

func (s *brokenSink) Write(p []byte, _ []spool.Mark) error {
	if s.left -= int64(len(p)); s.left < 0 {
		return fmt.Errorf("write rows: %w", syscall.ENOSPC)
	}
	return nil
}
func (s *brokenSink) Commit(int64, int64) {}

func TestFullDiskStopsTheRun(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	r := b.start(session.Request{Text: "select g, repeat('x', 100) from generate_series(1, 1000000) g; select 1",
		Sink: func([]spool.Column, bool) (spool.Sink, error) { return &brokenSink{1 << 20}, nil }})
	begin := time.Now()
	s := b.finish(r)
	if e := firstError(s); s.Outcome != session.Failed || e == nil || e.Kind != apperr.ResClient || time.Since(begin) > 5*time.Second {
		t.Errorf("%s after %s: %+v", s.Outcome, time.Since(begin), e)
	}
	if s.Statements[1].State != session.NotRun {
		t.Errorf("the next statement: %s", s.Statements[1].State)
	}
	b.stillWorks()

	// The server has sent all it had before the disk is full, and knows of nothing.
	s = b.finish(b.start(session.Request{Text: "select g, repeat('x', 100) from generate_series(1, 100) g",
		Sink: func([]spool.Column, bool) (spool.Sink, error) { return &brokenSink{1000}, nil }}))
	if e := firstError(s); s.Outcome != session.Failed || e == nil || e.Kind != apperr.ResClient {
		t.Errorf("with all rows sent: %s: %+v", s.Outcome, e)
	}
	s = b.finish(b.start(session.Request{Text: "select 1",
		Sink: func([]spool.Column, bool) (spool.Sink, error) { return nil, syscall.ENOSPC }}))
	if e := firstError(s); s.Outcome != session.Failed || e == nil || e.Kind != apperr.ResClient {
		t.Errorf("without a place for rows: %s: %+v", s.Outcome, e)
	}
	b.stillWorks()
}
