package session_test

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

// openAhead gives the session that a connection makes for the first tab.
func openAhead(t *testing.T, url string, settings map[string]string) *bed {
	t.Helper()
	b := openWith(t, url, settings)
	b.Session = session.Ahead(t.Context(), "connection", b.pool, b.dir)
	return b
}

// holders waits until somebody has a connection of the pool.
func (b *bed) holders() []string {
	b.t.Helper()
	for begin := time.Now(); b.pool.Stat().Sessions == 0; time.Sleep(time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			b.t.Fatal("nobody has connected")
		}
	}
	return b.pool.Stat().Holders
}

func TestAheadIsTheFirstTabs(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{Major: major})
	b := openAhead(t, s.DB(t), nil)
	if got := b.holders(); !slices.Equal(got, []string{"the next tab"}) {
		t.Errorf("%q", got)
	}
	time.Sleep(50 * time.Millisecond) // a backend that begins now would be a younger one
	b.Assign("tab")
	if got := b.holders(); !slices.Equal(got, []string{"tab"}) || b.ID() != "tab" {
		t.Errorf("%q", got)
	}
	if older := b.value("select count(*) from pg_stat_activity where pid = pg_backend_pid() and backend_start < now() - interval '50 ms'"); older != "1" {
		t.Error("the run did not take the connection that was there")
	}
	if b.pool.Stat().Sessions != 1 {
		t.Errorf("%+v", b.pool.Stat())
	}
}

// A connection that nobody used is no loss: the run has another, and nothing is told.
func TestAheadIsGone(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{Major: major})
	b := openAhead(t, s.DB(t), nil)
	b.holders()
	b.Assign("tab")
	s.Exec(t, "postgres", "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")
	time.Sleep(1100 * time.Millisecond) // after a second of rest a session is looked at
	if got := b.run("select 1"); got.Outcome != session.Finished || got.Reset != "" {
		t.Errorf("%s %q %v", got.Outcome, got.Reset, firstError(got))
	}
	s.Exec(t, "postgres", "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()")
	time.Sleep(1100 * time.Millisecond)
	if got := b.run("select 1"); got.Outcome != session.Finished || !strings.Contains(got.Reset, "started again") {
		t.Errorf("%s %q: one that was used is told of", got.Outcome, got.Reset)
	}
}

// What the server says to who logs in is told with the first run.
func TestAheadKeepsNotices(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{Major: 18})
	name := s.Database(t, "template1")
	s.Exec(t, name, `create function hello() returns event_trigger language plpgsql as $$ begin raise notice 'the roaster is cold'; end $$`)
	s.Exec(t, name, `create event trigger hello on login execute function hello()`)
	b := openAhead(t, s.URL(name), nil)
	b.holders()
	time.Sleep(20 * time.Millisecond)
	b.Assign("tab")
	r := b.start(session.Request{Text: "select 1"})
	if got := b.finish(r); got.NoticeCount != 1 {
		t.Errorf("%d notices", got.NoticeCount)
	}
}

// A run that begins meanwhile waits for the connection that is on its way, is cancelled at once, and closing waits for
// nobody.
func TestAheadIsSlow(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{Major: major})
	b := open(t, s.DB(t))
	if err := syscall.Kill(s.PID(), syscall.SIGSTOP); err != nil { // nobody is let in, nor refused
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(s.PID(), syscall.SIGCONT) })
	b.Session = session.Ahead(t.Context(), "connection", b.pool, b.dir)
	r := b.start(session.Request{Text: "select 1"})
	time.Sleep(50 * time.Millisecond)
	begin := time.Now()
	r.Cancel()
	if got := b.finish(r); got.Outcome != session.Stopped || time.Since(begin) > time.Second {
		t.Errorf("%s after %s", got.Outcome, time.Since(begin))
	}
	if err := syscall.Kill(s.PID(), syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if got := b.value("select 2"); got != "2" || b.pool.Stat().Sessions != 1 {
		t.Errorf("%s, %+v", got, b.pool.Stat())
	}
}

// Start-up SQL tells what came of it, and is left to the run.
func TestAheadLeavesStartup(t *testing.T) {
	t.Parallel()
	b := openAhead(t, pgtest.DB(t), map[string]string{"startup_sql": "set statement_timeout = '7s'"})
	time.Sleep(20 * time.Millisecond)
	if got := b.pool.Stat().Sessions; got != 0 {
		t.Errorf("%d sessions", got)
	}
	if got := b.value("show statement_timeout"); got != "7s" {
		t.Error(got)
	}
}

// A pooler's few server connections are left to who needs them.
func TestAheadLeavesPoolers(t *testing.T) {
	t.Parallel()
	srv := pgtest.Shared(t, major)
	url, _ := bouncer(t, srv, srv.DB(t))
	b := openAhead(t, url, nil)
	time.Sleep(20 * time.Millisecond)
	if got := b.pool.Stat().Sessions; got != 0 || b.value("select 1") != "1" {
		t.Errorf("%d sessions", got)
	}
}
