package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
	"github.com/jackc/pgx/v5"
)

// running is tusk query while a statement of its runs on the server.
type running struct {
	*exec.Cmd
	out, err bytes.Buffer
	con      *pgx.Conn
	pid      int // of the backend
	ended    chan error
}

// start runs the SQL, which has to sleep, and returns when the server does.
func start(t *testing.T, url, name, sql string, args ...string) *running {
	t.Helper()
	r := &running{con: pgtest.Connect(t, url), ended: make(chan error, 1)}
	r.Cmd = tusk("query", url+"&application_name="+name, "-c", sql)
	r.Args = append(r.Args, args...)
	r.Stdout, r.Stderr = &r.out, &r.err
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { r.ended <- r.Wait() }()
	t.Cleanup(func() { _ = r.Process.Kill() })
	for deadline := time.Now().Add(20 * time.Second); r.pid == 0; {
		err := r.con.QueryRow(t.Context(), "select pid from pg_stat_activity where application_name = $1 and wait_event = 'PgSleep'", name).Scan(&r.pid)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
		if time.Now().After(deadline) {
			t.Fatalf("it does not run: %s", r.err.String())
		}
	}
	return r
}

// exit waits for the end and gives the exit code, and how long it took.
func (r *running) exit(t *testing.T, limit time.Duration) int {
	t.Helper()
	begin := time.Now()
	select {
	case err := <-r.ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		t.Logf("it ended after %v", time.Since(begin).Round(time.Millisecond))
		return r.ProcessState.ExitCode()
	case <-time.After(limit):
		t.Fatalf("it goes on after %v", limit)
	}
	return -1
}

// gone waits until the server has no backend of that name that runs something.
func (r *running) gone(t *testing.T, name string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		var n int
		if err := r.con.QueryRow(t.Context(), "select count(*) from pg_stat_activity where application_name = $1", name).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d backends are left", n)
		}
	}
}

func TestInterrupt(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
			r := start(t, s.DB(t), "interrupted", "select 1 as a; select pg_sleep(60); select 3")
			if err := r.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if code := r.exit(t, 2*time.Second); code != 4 {
				t.Errorf("%v: exit code %d", sig, code)
			}
			r.gone(t, "interrupted")
			if out := r.out.String(); !strings.HasPrefix(out, "a\n1\n") || strings.Contains(out, "3") {
				t.Errorf("%v: it wrote %q", sig, out)
			}
			if told := r.err.String(); !strings.HasPrefix(told, "tusk: error: Stopped after ") && !strings.Contains(told, "SQLSTATE 57014") || strings.Count(told, "tusk: error:") != 1 {
				t.Errorf("%v: it said %q", sig, told)
			}
		}
	})
}

// TestInterruptWorkbook packs no workbook that nobody is to have.
func TestInterruptWorkbook(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 300,000 rows")
	}
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.xlsx")
	r := start(t, pgtest.DB(t), "workbook", "select md5(g::text), md5((g + 1)::text), md5((g + 2)::text) from generate_series(1, 300000) g union all select pg_sleep(60)::text, '', ''", "--format", "xlsx", "-o", path)
	if err := r.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if code := r.exit(t, 2*time.Second); code != 4 {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// TestInterruptFrozen has a backend that honours no cancel: one ^C ends in two seconds, two at once.
func TestInterruptFrozen(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{})
	for _, c := range []struct {
		name  string
		twice bool
		limit time.Duration
	}{{"once", false, 2200 * time.Millisecond}, {"twice", true, time.Second}} {
		r := start(t, s.URL("postgres"), c.name, "select pg_sleep(60)")
		if err := syscall.Kill(r.pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		wake := func() { _ = syscall.Kill(r.pid, syscall.SIGCONT) }
		t.Cleanup(wake)
		begin := time.Now()
		if err := r.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		if c.twice {
			// The first has to have been taken in before the second counts as one.
			for {
				if err := r.Process.Signal(os.Interrupt); err != nil {
					break
				}
				select {
				case <-time.After(10 * time.Millisecond):
				case err := <-r.ended:
					r.ended <- err
				}
				if len(r.ended) > 0 {
					break
				}
			}
		}
		if code := r.exit(t, c.limit); code != 4 {
			t.Errorf("%s: exit code %d: %s", c.name, code, r.err.String())
		}
		if took := time.Since(begin); took > c.limit {
			t.Errorf("%s: it took %v", c.name, took)
		}
		wake()
		r.gone(t, c.name)
	}
}

// TestInterruptConnecting stops before anything is sent.
func TestInterruptConnecting(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true})
	if err := s.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Signal(syscall.SIGCONT) })
	cmd := tusk("query", s.TCPURL("postgres", "sslmode=disable"), "-c", "select 1", "-o", filepath.Join(t.TempDir(), "out"))
	var told bytes.Buffer
	cmd.Stderr = &told
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r := &running{Cmd: cmd, ended: make(chan error, 1)}
	go func() { r.ended <- cmd.Wait() }()
	// It has come to connecting when its output file is there: the listening socket of a frozen server answers nobody.
	for deadline := time.Now().Add(20 * time.Second); ; {
		if m, _ := filepath.Glob(filepath.Join(filepath.Dir(cmd.Args[len(cmd.Args)-1]), ".out*")); len(m) > 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("it does not start")
		}
	}
	for len(r.ended) == 0 { // the handler is set a moment later; a second ^C is as good
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err := <-r.ended:
			r.ended <- err
		case <-time.After(300 * time.Millisecond):
			t.Fatal("it goes on")
		}
	}
	_ = r.exit(t, time.Second)
	if strings.Contains(told.String(), pgtest.Password()) {
		t.Errorf("the password shows: %s", told.String())
	}
}

// TestPipeClosed reads one line of very many and goes away, as head does.
func TestPipeClosed(t *testing.T) {
	t.Parallel()
	url := pgtest.DB(t)
	for _, format := range []string{"csv", "table", "ndjson"} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd := tusk("query", url+"&application_name=piped_"+format, "--format", format, "-c", "select generate_series(1, 200000000) as g, repeat('x', 100)")
		var told bytes.Buffer
		cmd.Stdout, cmd.Stderr = w, &told
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		w.Close()
		if line, err := bufio.NewReader(r).ReadString('\n'); err != nil || line == "" {
			t.Fatalf("%q, %v", line, err)
		}
		r.Close()
		run := &running{Cmd: cmd, ended: make(chan error, 1), con: pgtest.Connect(t, url)}
		go func() { run.ended <- cmd.Wait() }()
		run.exit(t, 3*time.Second)
		run.gone(t, "piped_"+format)
		if told.Len() > 0 {
			t.Errorf("%s: it said %q", format, told.String())
		}
	}
}

// TestServerKilled has the server die under a query: the rows that came are there, and the loss is named.
func TestServerKilled(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{})
	r := start(t, s.URL("postgres"), "killed", "select 1 as a; select pg_sleep(60)")
	if err := syscall.Kill(r.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if code := r.exit(t, 5*time.Second); code != 3 {
		t.Errorf("exit code %d", code)
	}
	if told := r.err.String(); !strings.HasPrefix(r.out.String(), "a\n1\n") || !strings.Contains(told, "tusk: error: ") || !strings.Contains(told, "tusk: hint: ") {
		t.Errorf("%q, %q", r.out.String(), told)
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("/tmp", "tuskcli") // where the server's own user gets to
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	bin := pgtest.Binaries(t, pgtest.Newest).Dir
	verb := func(want int, args ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Args = append([]string{"tusk", "--data-dir", dir}, args...)
		cmd.Env = append(os.Environ(), localpg.EnvBinaries+"="+bin)
		var out, told bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &told
		if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
			t.Fatal(err)
		}
		if code := cmd.ProcessState.ExitCode(); code != want {
			t.Fatalf("%v ended with %d, not %d:\n%s%s", args, code, want, out.String(), told.String())
		}
		return out.String()
	}
	t.Cleanup(func() {
		if _, err := localpg.Stop(context.Background(), filepath.Join(dir, "sample"), true); err != nil {
			t.Error(err)
		}
	})
	if got := verb(0, "sample", "status"); got != "not running\n" {
		t.Errorf("before: %q", got)
	}
	url := strings.TrimSpace(verb(0, "sample", "start"))
	if strings.Count(url, "\n") != 0 || !strings.HasPrefix(url, "postgres") {
		t.Fatalf("start printed %q", url)
	}
	if got := verb(0, "sample", "url"); got != url+"\n" {
		t.Errorf("url printed %q, start %q", got, url)
	}
	n, err := strconv.Atoi(strings.TrimSpace(verb(0, "query", url, "--no-header", "-c", "select count(*) from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace")))
	if err != nil || n < 10 {
		t.Errorf("%d tables, %v", n, err)
	}
	if got := verb(0, "sample", "status"); !strings.HasPrefix(got, "running: PostgreSQL 18") || !strings.Contains(got, "log: "+dir) {
		t.Errorf("while it runs: %q", got)
	}
	if got := verb(0, "sample", "status", "--json"); !strings.Contains(got, `"running":true`) {
		t.Errorf("as JSON: %q", got)
	}
	if got := verb(0, "sample", "stop"); got != "not running\n" {
		t.Errorf("stop: %q", got)
	}
	verb(3, "query", url, "-c", "select 1")
	verb(0, "sample", "reset")
	if _, err := os.Stat(filepath.Join(dir, "sample", "18")); !os.IsNotExist(err) {
		t.Errorf("its data is still there: %v", err)
	}
}

// TestFull writes to a device that has no room: said once, however the rows come.
func TestFull(t *testing.T) {
	t.Parallel()
	url := pgtest.DB(t)
	for _, sql := range []string{"select 1", "select repeat('x', 100) from generate_series(1, 200000)", "copy (select 1) to stdout", "copy (select repeat('x', 100) from generate_series(1, 200000)) to stdout", "select repeat('x', 100) from generate_series(1, 200000); select 1/0; select 2"} {
		for _, format := range []string{"csv", "xlsx"} {
			if format == "xlsx" && strings.Contains(sql, ";") {
				continue // the second one fails for itself
			}
			for _, more := range []string{"stop", "continue"} {
				full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
				if err != nil {
					t.Skip(err)
				}
				cmd := tusk("query", url, "--format", format, "--on-error", more, "-c", sql)
				var told bytes.Buffer
				cmd.Stdout, cmd.Stderr = full, &told
				_ = cmd.Run()
				_ = full.Close()
				if code, said := cmd.ProcessState.ExitCode(), told.String(); code != 5 || strings.Count(said, "tusk: error: ") != 1 || !strings.Contains(said, "no space left on device") {
					t.Errorf("%.20s as %s, %s: exit code %d, %q", sql, format, more, code, said)
				}
			}
		}
	}
}
