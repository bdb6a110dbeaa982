package localpg_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
)

func TestNoBinaries(t *testing.T) {
	t.Setenv(localpg.EnvBinaries, "/nonexistent/bin")
	_, err := localpg.Open(t.Context(), localpg.Config{Dir: directory(t)})
	if apperr.KindOf(err) != apperr.NoServer || !strings.Contains(apperr.From(err).Hint, "initdb") {
		t.Errorf("%v", apperr.JSON(err))
	}
}

func TestFindTakesTheNewest(t *testing.T) {
	path := t.TempDir()
	for _, v := range []string{"16.9", "18.4", "18beta1", "12.1", "9.6.24"} {
		dir := filepath.Join(path, v)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{"postgres", "initdb"} {
			script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + v + " (Some 1:2.3)'\n"
			if err := os.WriteFile(filepath.Join(dir, p), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct{ first, second, want string }{
		{"16.9", "18.4", "18.4"}, {"18.4", "18beta1", "18.4"},
	} {
		t.Setenv("PATH", filepath.Join(path, c.first)+":"+filepath.Join(path, c.second)+":relative")
		b, err := localpg.Find(t.Context())
		if err != nil || b.Version != c.want || b.Dir != filepath.Join(path, c.want) {
			t.Errorf("of %s and %s: %+v, %v", c.first, c.second, b, err)
		}
	}
	for _, old := range []string{"12.1", "9.6.24"} {
		if _, err := localpg.Ask(t.Context(), filepath.Join(path, old)); err == nil {
			t.Errorf("%s is taken", old)
		}
	}
}

func TestDirectoryCannotBeMade(t *testing.T) {
	binaries(t, pgtest.Newest)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := localpg.Open(t.Context(), localpg.Config{Dir: filepath.Join(file, "sample")})
	if e := apperr.From(err); e.Kind != apperr.Storage || e.Fields["path"] == "" {
		t.Errorf("%v", apperr.JSON(err))
	}
}

// Root hands the server to a user who may not go everywhere.
func TestDirectoryTheServerCannotEnter(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("only root hands the server to another user; nothing to see here")
		return
	}
	binaries(t, pgtest.Newest)
	closed := filepath.Dir(directory(t))
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := localpg.Open(t.Context(), localpg.Config{Dir: filepath.Join(closed, "sample")})
	if e := apperr.From(err); e.Kind != apperr.Storage || e.Fields["path"] != closed || e.Op == "" && e.Hint == "" {
		t.Errorf("%v", apperr.JSON(err))
	}
}

// Programs that only root can get to are copied to where the server's user can.
func TestProgramsInAClosedPlace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Log("only root hands the server to another user; nothing to see here")
		return
	}
	b := binaries(t, pgtest.Oldest)
	closed := t.TempDir() // its parent is root's alone
	if err := os.Chmod(filepath.Dir(closed), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(closed, "native"), os.DirFS(filepath.Dir(b.Dir))); err != nil {
		t.Fatal(err)
	}
	b.Dir = filepath.Join(closed, "native", "bin")
	dir := directory(t)
	s := open(t, localpg.Config{Dir: dir, Binaries: b})
	if got := value(t, s.URL("postgres"), "show server_version"); got != b.Version {
		t.Error(got)
	}
	s.Release()
	stopsBy(t, dir)
}

func TestDamagedData(t *testing.T) {
	dir := prepared(t)
	if err := os.Remove(filepath.Join(dir, "18", "global", "pg_control")); err != nil {
		t.Fatal(err)
	}
	_, err := localpg.Open(t.Context(), localpg.Config{Dir: dir})
	e := apperr.From(err)
	if e.Kind != apperr.NoServer || !strings.Contains(e.Message, "could not find the database system") {
		t.Errorf("%v", apperr.JSON(err))
	}
	stopsBy(t, dir)
}

func TestTailOfALongLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(file, []byte(strings.Repeat("a line of the log\n", 10000)+"the last\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	lines, err := localpg.Tail(file, 3)
	if err != nil || len(lines) != 3 || lines[0] != "a line of the log" || lines[2] != "the last" {
		t.Errorf("%q, %v", lines, err)
	}
	if lines, err := localpg.Tail(file+".none", 3); err != nil || lines != nil {
		t.Errorf("%q, %v", lines, err)
	}
}
