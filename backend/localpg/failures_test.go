package localpg_test

import (
	"os"
	osexec "os/exec"
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

// install makes programs in dir that only know their version.
func install(t *testing.T, dir, version string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"postgres", "initdb"} {
		script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + " (Some 1:2.3)'\n"
		if err := os.WriteFile(filepath.Join(dir, p), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFindTakesTheNewest(t *testing.T) {
	path := t.TempDir()
	for _, v := range []string{"97.9", "98.4", "98beta1", "12.1", "9.6.24"} {
		install(t, filepath.Join(path, v), v)
	}
	for _, c := range []struct{ first, second, want string }{
		{"97.9", "98.4", "98.4"}, {"98.4", "98beta1", "98.4"}, {"98.4", "12.1", "98.4"},
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

// Programs beside the executable win over installed ones, packaged ones over those of a source checkout's cache.
func TestFindBesideTheExecutable(t *testing.T) {
	top := t.TempDir()
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(top, "build", "bin", "tusk")
	if err := os.MkdirAll(filepath.Dir(exe), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(exe, self, 0o755); err != nil {
		t.Fatal(err)
	}
	find := func() string {
		cmd := osexec.Command(exe)
		cmd.Env = append(os.Environ(), asFinder+"=1")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	fetched := filepath.Join(top, "build", "cache", "pg18", "native", "bin")
	install(t, filepath.Join(top, "build", "cache", "pg13", "native", "bin"), "13.9")
	install(t, fetched, "18.1")
	if got := find(); got != fetched+" <nil>" {
		t.Errorf("in a source checkout it finds %s", got)
	}
	packaged := filepath.Join(filepath.Dir(exe), "postgres", "bin")
	install(t, packaged, "19.0")
	if got := find(); got != packaged+" <nil>" {
		t.Errorf("packaged it finds %s", got)
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
