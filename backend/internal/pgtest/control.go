package pgtest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/localpg"
)

// DB makes a fresh, empty database for the test on the newest server and gives its URL.
func DB(t testing.TB) string {
	t.Helper()
	return shared(t, Newest).DB(t)
}

// Shared is the server of the major version that all tests of the process use. Tests must leave it as it is.
func Shared(t testing.TB, major int) *Server {
	t.Helper()
	return shared(t, major)
}

// Majors runs the test on the shared servers of the oldest and the newest major version.
func Majors(t *testing.T, test func(t *testing.T, s *Server)) {
	t.Helper()
	t.Run("PostgreSQL 13", func(t *testing.T) { test(t, shared(t, Oldest)) })
	t.Run("PostgreSQL 18", func(t *testing.T) { test(t, shared(t, Newest)) })
}

// Restart stops the server the ordinary way and starts it again at the same address.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	if err := s.Stop(); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s.Up(t)
}

// Up starts the server after Stop or Kill.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if err := s.Start(ctx); err != nil {
		t.Fatalf("pgtest: %v%s", err, tail(s.Log))
	}
}

// Kill ends the server's main process with SIGKILL and returns when it was reaped; its sessions are cut soon after.
func (s *Server) Kill(t testing.TB) {
	t.Helper()
	gone := s.Ended()
	if err := s.Signal(syscall.SIGKILL); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	select {
	case <-gone:
	case <-time.After(limit):
		t.Fatal("pgtest: the killed server is still there")
	}
}

// Reload makes the server read its files again and returns when it has.
func (s *Server) Reload(t testing.TB) {
	t.Helper()
	before := s.reloads(t)
	s.Exec(t, "postgres", "select pg_reload_conf()")
	// The process that lets clients in says so and does it before it lets in the next one.
	for deadline := time.Now().Add(limit); s.reloads(t) == before; {
		if time.Now().After(deadline) {
			t.Fatal("pgtest: the server does not reload")
		}
		time.Sleep(2 * time.Millisecond)
	}
}

func (s *Server) reloads(t testing.TB) int {
	t.Helper()
	b, err := os.ReadFile(s.Log)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return bytes.Count(b, []byte("received SIGHUP"))
}

// HBA replaces pg_hba.conf by the lines and reloads. Keep "local all tusk trust" among them: DB, Exec and cleaning up
// come in that way.
func (s *Server) HBA(t testing.TB, lines ...string) {
	t.Helper()
	text := strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(s.Data, "pg_hba.conf"), []byte(text), 0o600); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s.Reload(t)
}

// Prepare puts a data directory of the major version at data, which must not exist, for a test that starts its server
// by other means. Role's password is Password.
func Prepare(t testing.TB, major int, data string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	b, err := binaries(ctx, major)
	if err == nil {
		err = prepare(ctx, b, data)
	}
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}

// Binaries are the programs of the major version, where the server's user can run them.
func Binaries(t testing.TB, major int) localpg.Binaries {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	b, err := binaries(ctx, major)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return b
}
