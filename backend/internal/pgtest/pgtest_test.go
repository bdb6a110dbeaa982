//go:build unix

package pgtest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func value(t *testing.T, url, sql string) string {
	t.Helper()
	ctx := context.Background()
	con, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = con.Close(ctx) }()
	var s string
	if err := con.QueryRow(ctx, sql).Scan(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestDatabasePerTest(t *testing.T) {
	one, two := pgtest.DB(t), pgtest.DB(t)
	a, b := value(t, one, "select current_database()"), value(t, two, "select current_database()")
	if a == b {
		t.Errorf("both are %s", a)
	}
}

func TestMajors(t *testing.T) {
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		got := value(t, s.DB(t), "show server_version")
		if want := strings.Fields(t.Name())[0]; !strings.HasPrefix(got, t.Name()[len(t.Name())-2:]) {
			t.Errorf("%s runs on %s", want, got)
		}
	})
}

func TestKillAndRestart(t *testing.T) {
	s := pgtest.New(t, pgtest.Options{})
	s.Exec(t, "postgres", "create table kept as select g from generate_series(1, 1000) g")
	s.Kill(t)
	s.Up(t)
	if got := value(t, s.URL("postgres"), "select count(*)::text from kept"); got != "1000" {
		t.Errorf("%s rows survive", got)
	}
	s.Restart(t)
	if got := value(t, s.URL("postgres"), "select count(*)::text from kept"); got != "1000" {
		t.Errorf("%s rows survive a restart", got)
	}
}

func TestRulesForClients(t *testing.T) {
	s := pgtest.New(t, pgtest.Options{TCP: true, Config: map[string]string{"max_connections": "7"}})
	if got := value(t, s.TCPURL("postgres"), "show max_connections"); got != "7" {
		t.Errorf("max_connections is %s", got)
	}
	s.HBA(t, "local all tusk trust", "host all all 127.0.0.1/32 reject")
	if _, err := pgx.Connect(context.Background(), s.TCPURL("postgres")); err == nil {
		t.Error("the new rule does not hold")
	}
}

func TestTLS(t *testing.T) {
	pgtest.Majors(t, func(t *testing.T, shared *pgtest.Server) {
		s := pgtest.New(t, pgtest.Options{Major: shared.Major, TLS: &pgtest.TLS{}})
		got := value(t, s.TCPURL("postgres", "sslmode=verify-full", "sslrootcert="+s.CA), "select version from pg_stat_ssl where pid = pg_backend_pid()")
		if !strings.HasPrefix(got, "TLS") {
			t.Errorf("the connection speaks %s", got)
		}
		if _, err := pgx.Connect(context.Background(), s.TCPURL("postgres", "sslmode=verify-full", "sslrootcert="+pgtest.OtherCA(t))); err == nil {
			t.Error("another authority is trusted")
		}
	})
}

// A test process that is killed leaves no server and no directory.
func TestNothingOutlivesTheProcess(t *testing.T) {
	if os.Getenv("PGTEST_HANG") != "" {
		s := pgtest.New(t, pgtest.Options{})
		if err := os.WriteFile(os.Getenv("PGTEST_HANG"), []byte(s.Data), 0o600); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	note := filepath.Join(t.TempDir(), "note")
	cmd := exec.Command(os.Args[0], "-test.run=^TestNothingOutlivesTheProcess$")
	cmd.Env = append(os.Environ(), "PGTEST_HANG="+note)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var data []byte
	eventually(t, "the other process starts its server", func() bool {
		data, _ = os.ReadFile(note)
		return len(data) > 0
	})
	pid, err := os.ReadFile(filepath.Join(string(data), "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	eventually(t, "the directory goes", func() bool {
		_, err := os.Stat(string(data))
		return os.IsNotExist(err)
	})
	eventually(t, "the server ends", func() bool { return !alive(strings.Fields(string(pid))[0]) })
}

// alive tells whether the process runs; one that nobody waited for yet does not.
func alive(pid string) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", pid).Output()
	return err == nil && !strings.HasPrefix(string(out), "Z")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatalf("not so: %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestFrozenServer(t *testing.T) {
	s := pgtest.New(t, pgtest.Options{})
	if err := s.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
	defer cancel()
	if _, err := pgx.Connect(ctx, s.URL("postgres")); err == nil {
		t.Error("a frozen server answers")
	}
	if err := s.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	value(t, s.URL("postgres"), "select 'well'")
}
