package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

// startIn opens a state on a directory.
func startIn(t *testing.T, dir string) *app {
	t.Helper()
	a := &app{desk: &desk{}, t: t, dir: dir}
	a.AppState = backend.New(backend.Config{Version: "test", DataDir: dir, LogLevel: "trace", Desktop: a.desk})
	a.Open()
	t.Cleanup(a.Close)
	return a
}

// Where the data directory cannot be made (H20), the window opens all the same: the person is told once, runs work, and
// what was set and typed is saved when the directory can be made, or another is chosen.
func TestFR012_DataDirectoryCannotBeMade(t *testing.T) {
	t.Parallel()
	work := func(a *app, where string) {
		t.Helper()
		b := a.bootstrap()
		if b.Place.Dir != a.dir || !strings.Contains(b.Place.Problem, a.dir) || !strings.Contains(b.Place.Problem, "not a directory") || len(b.Warnings) > 0 {
			t.Errorf("%s: %+v, %q", where, b.Place, b.Warnings)
		}
		if h, err := a.System().Health(); err != nil || h.Log.OK || len(h.Warnings) != 1 || h.Warnings[0] != b.Place.Problem {
			t.Errorf("%s: %+v, %v", where, h, err)
		}
		a.save(named("kept"))
		a.prefer(func(p *backend.Preferences) { p.Theme = "dark" })
		_, err := a.System().UseDataDir(backend.PathRequest{})
		kind(t, err, apperr.Storage)
		kind(t, a.Work().Save(backend.SaveWorkRequest{}), apperr.Storage)
		a.connect("c", pgtest.DB(t))
		if s := a.run("c", "t", "select * from generate_series(1, 100000)"); s.Outcome != "finished" {
			t.Errorf("%s: %+v", where, s)
		}
	}
	keeps := func(a *app, dir string, profiles string) {
		t.Helper()
		b := a.bootstrap()
		if b.Place != (backend.DataPlace{Dir: dir}) || names(b.Profiles) != profiles || b.Preferences.Theme != "dark" || !b.Store.OK || len(b.Warnings) > 0 {
			t.Errorf("%+v", b)
		}
		if err := a.Work().Save(backend.SaveWorkRequest{Tabs: []backend.OpenTab{{ID: "tab-of-a-test", Text: "select 1"}}}); err != nil {
			t.Error(err)
		}
		for _, file := range []string{"tusk.db", "logs/tusk.log"} {
			if fi, err := os.Stat(filepath.Join(dir, file)); err != nil || fi.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v, %v", file, fi, err)
			}
		}
		if h, err := a.System().Health(); err != nil || h.DataDir != dir || h.Log.Note != "" || !strings.HasPrefix(h.Spool.Dir, dir) {
			t.Errorf("%+v, %v", h, err)
		}
		_, err := a.System().UseDataDir(backend.PathRequest{Path: t.TempDir()})
		kind(t, err, apperr.Usage)
		a.Close()
		a = startIn(t, dir)
		if b := a.bootstrap(); names(b.Profiles) != profiles || b.Preferences.Theme != "dark" {
			t.Errorf("after a start: %+v", b)
		}
		if k, err := a.Work().Restore(); err != nil || len(k.Tabs) != 1 || k.Tabs[0].Text != "select 1" {
			t.Errorf("%+v, %v", k, err)
		}
	}
	inTheWay := func() string {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}

	file := inTheWay()
	dir := filepath.Join(file, "tusk")
	a := startIn(t, dir)
	work(a, "the same again")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if p, err := a.System().UseDataDir(backend.PathRequest{}); err != nil || p.Problem != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	keeps(a, dir, "kept")

	other := t.TempDir()
	b := startIn(t, other)
	b.save(named("before"))
	b.Close()
	a = startIn(t, filepath.Join(inTheWay(), "tusk"))
	work(a, "another")
	if p, err := a.System().UseDataDir(backend.PathRequest{Path: other}); err != nil || p.Dir != other || p.Problem != "" {
		t.Fatalf("%+v, %v", p, err)
	}
	keeps(a, other, "before kept")
}
