//go:build unix

package localpg_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

func TestFirstUseMakesStartsAndLastStops(t *testing.T) {
	dir := directory(t)
	binaries(t, pgtest.Newest)
	if st := status(t, dir); st.Running {
		t.Fatalf("before anything it runs: %+v", st)
	}
	var stages []string
	s := open(t, localpg.Config{Dir: dir, Stage: func(stage string) { stages = append(stages, stage) }})
	if got := value(t, s.URL("postgres"), "show server_version"); got != s.Version() {
		t.Errorf("version %s, expected %s", got, s.Version())
	}
	if got := value(t, s.URL("postgres"), "select concat_ws(' ', current_user, getdatabaseencoding(), datcollate) from pg_database where datname = 'postgres'"); got != "tusk UTF8 C.UTF-8" {
		t.Errorf("the cluster is %s", got)
	}
	if len(stages) == 0 || !strings.Contains(stages[0], "Making a private PostgreSQL 18") {
		t.Errorf("stages: %q", stages)
	}
	st := status(t, dir)
	if !st.Running || st.Users != 1 || st.Pinned || st.TCP || st.Version != s.Version() {
		t.Errorf("status: %+v", st)
	}
	if lines, err := s.Tail(5); err != nil || len(lines) == 0 {
		t.Errorf("the log ends %q, %v", lines, err)
	}
	s.Release()
	stopsBy(t, dir)
	eventually(t, "postgres is gone", func() bool { return !alive(st.PID) })
}

func TestSecondUserShares(t *testing.T) {
	dir := prepared(t)
	s := open(t, localpg.Config{Dir: dir})
	other := startUser(t, dir)
	if st := status(t, dir); st.Users != 2 {
		t.Errorf("status: %+v", st)
	}
	s.Release()
	eventually(t, "one user is left", func() bool { return status(t, dir).Users == 1 })
	if got := value(t, s.URL("postgres"), "select 'well'"); got != "well" {
		t.Error(got)
	}
	if err := other.Process.Kill(); err != nil { // not a word of farewell
		t.Fatal(err)
	}
	stopsBy(t, dir)
}

func TestStarterIsKilled(t *testing.T) {
	dir := prepared(t)
	first := startUser(t, dir)
	s := open(t, localpg.Config{Dir: dir})
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // killed
	eventually(t, "one user is left", func() bool { return status(t, dir).Users == 1 })
	if got := value(t, s.URL("postgres"), "select 'well'"); got != "well" {
		t.Error(got)
	}
}

func TestServerIsKilled(t *testing.T) {
	dir := prepared(t)
	s := open(t, localpg.Config{Dir: dir})
	exec(t, s.URL("postgres"), "create table kept as select generate_series(1, 1000)")
	before := status(t, dir).PID
	if err := syscall.Kill(before, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	eventually(t, "the server is back", func() bool {
		pid := status(t, dir).PID
		return pid != 0 && pid != before
	})
	t.Logf("back after %s", time.Since(start).Round(time.Millisecond))
	if got := value(t, s.URL("postgres"), "select count(*)::text from kept"); got != "1000" {
		t.Errorf("%s rows are there", got)
	}
}

func TestKeeperIsKilled(t *testing.T) {
	dir := prepared(t)
	s := open(t, localpg.Config{Dir: dir})
	st := status(t, dir)
	if err := syscall.Kill(st.Keeper, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its user notices", s.Gone)
	again := open(t, localpg.Config{Dir: dir})
	if again.Gone() {
		t.Error("the new one is gone")
	}
	if s.URL("x") != again.URL("x") {
		t.Errorf("it moved from %s to %s", s.URL("x"), again.URL("x"))
	}
	if got := value(t, again.URL("postgres"), "select 'well'"); got != "well" {
		t.Error(got)
	}
	eventually(t, "the first server is gone", func() bool { return !alive(st.PID) })
}

func TestPinnedUntilStopped(t *testing.T) {
	dir := prepared(t)
	s := open(t, localpg.Config{Dir: dir})
	if err := s.Pin(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Release()
	eventually(t, "no user is left", func() bool { return status(t, dir).Users == 0 })
	if st := status(t, dir); !st.Running || !st.Pinned {
		t.Fatalf("status: %+v", st)
	}
	again := open(t, localpg.Config{Dir: dir})
	st, err := localpg.Stop(t.Context(), dir, false)
	if err != nil || !st.Running || st.Users != 1 || st.Pinned {
		t.Errorf("stop with a user: %+v, %v", st, err)
	}
	if err := localpg.Reset(t.Context(), dir, false); apperr.KindOf(err) != apperr.Busy {
		t.Errorf("reset with a user: %v", err)
	}
	again.Release()
	stopsBy(t, dir)
	if st, err := localpg.Stop(t.Context(), dir, false); err != nil || st.Running {
		t.Errorf("stop what does not run: %+v, %v", st, err)
	}
}

func TestStopByForceAndReset(t *testing.T) {
	dir := prepared(t)
	s := open(t, localpg.Config{Dir: dir})
	pid := status(t, dir).PID
	if err := localpg.Reset(t.Context(), dir, true); err != nil {
		t.Fatal(err)
	}
	if alive(pid) {
		t.Error("the server still runs")
	}
	if _, err := os.Stat(filepath.Join(dir, "18")); !os.IsNotExist(err) {
		t.Errorf("the data is still there: %v", err)
	}
	if _, err := pgx.Connect(t.Context(), s.URL("postgres")); err == nil {
		t.Error("it answers")
	}
}

// Many open and release at once; each that opened has a server that answers.
func TestComingAndGoing(t *testing.T) {
	dir := prepared(t)
	errs := make(chan error)
	const users, rounds = 6, 4
	for range users {
		go func() {
			var err error
			for range rounds {
				if err == nil {
					err = visit(t.Context(), dir)
				}
			}
			errs <- err
		}()
	}
	for range users {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	stopsBy(t, dir)
}

func visit(ctx context.Context, dir string) error {
	s, err := localpg.Open(ctx, localpg.Config{Dir: dir})
	if err != nil {
		return err
	}
	defer s.Release()
	con, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	return con.Close(ctx)
}

func TestTCPOnlyWhenAsked(t *testing.T) {
	dir := prepared(t)
	s := open(t, localpg.Config{Dir: dir})
	if got := value(t, s.URL("postgres"), "select '<' || current_setting('listen_addresses') || '>'"); got != "<>" {
		t.Errorf("it listens on %s", got)
	}
	if _, err := localpg.Open(t.Context(), localpg.Config{Dir: dir, TCP: true}); apperr.KindOf(err) != apperr.Config {
		t.Errorf("TCP of a server without: %v", err)
	}
	s.Release()
	stopsBy(t, dir)

	s = open(t, localpg.Config{Dir: dir, TCP: true})
	port := s.Settings("postgres")["port"]
	url := "postgresql://tusk@127.0.0.1:" + port + "/postgres?sslmode=disable"
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("TCP asks for no password")
	}
	password, err := s.Password()
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Password = password.Reveal()
	con, err := pgx.ConnectConfig(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	_ = con.Close(t.Context())
	if st, err := os.Stat(filepath.Join(dir, "password")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the password's file: %v, %v", st, err)
	}
}

func TestGivenUp(t *testing.T) {
	dir := directory(t)
	binaries(t, pgtest.Newest)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := localpg.Open(ctx, localpg.Config{Dir: dir, Stage: func(string) { cancel() }})
	if err == nil {
		t.Fatal("it opened")
	}
	stopsBy(t, dir)
	if got := value(t, open(t, localpg.Config{Dir: dir}).URL("postgres"), "select 'well'"); got != "well" {
		t.Error(got)
	}
}

func TestDeepPath(t *testing.T) {
	dir := directory(t)
	b := binaries(t, pgtest.Newest)
	deep := filepath.Join(dir, strings.Repeat("a long name/", 12), "sample")
	pgtest.Prepare(t, b.Major, filepath.Join(deep, "18"))
	for up := deep; up != filepath.Dir(dir); up = filepath.Dir(up) {
		if err := os.Chmod(up, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, localpg.Config{Dir: deep})
	if got := value(t, s.URL("postgres"), "select 'well'"); got != "well" {
		t.Error(got)
	}
	short := filepath.Dir(s.Settings("")["host"])
	if len(short) > 60 {
		t.Errorf("the socket is in %s", short)
	}
	s.Release()
	stopsBy(t, deep)
	if err := os.RemoveAll(short); err != nil {
		t.Fatal(err)
	}
}

// Neither a use nor the keeper this process started leaves anything running here.
func TestNothingLeaks(t *testing.T) {
	dir := prepared(t)
	ignore := []goleak.Option{goleak.IgnoreCurrent(), goleak.IgnoreAnyFunction(pgtest.Watcher)}
	for range 3 {
		if err := visit(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
	}
	stopsBy(t, dir)
	eventually(t, "the keepers are reaped", func() bool { return goleak.Find(ignore...) == nil })
}

// alive tells whether the process runs. One that has ended and that nobody has waited for does not.
func alive(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(b), ") ")
	return !strings.HasPrefix(after, "Z")
}
