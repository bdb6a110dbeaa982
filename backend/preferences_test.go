package backend_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

func (a *app) prefer(change func(*backend.Preferences)) {
	a.t.Helper()
	p, err := a.System().Preferences()
	if err != nil {
		a.t.Fatal(err)
	}
	change(&p)
	if _, err := a.System().SetPreferences(p); err != nil {
		a.t.Fatal(err)
	}
}

func TestFR008_PreferencesAreKept(t *testing.T) {
	t.Parallel()
	a := start(t)
	if p, err := a.System().Preferences(); err != nil || !reflect.DeepEqual(p, backend.DefaultPreferences()) {
		t.Errorf("first start: %+v, %v", p, err)
	}
	want := backend.Preferences{
		Theme: "dark", Density: "compact", Font: "Hack", FontSize: 15, NotifyAfter: 0, Keys: map[string]string{"run": "F5"},
		Wrap: true, Indent: 4, FirstRows: 500, ResultsBudget: 3, ResultsDir: t.TempDir(), ManualCommit: true, ContinueOnError: true, LogLevel: "warn",
	}
	if _, err := a.System().SetPreferences(want); err != nil {
		t.Fatal(err)
	}
	a = a.again()
	b := a.bootstrap()
	if !reflect.DeepEqual(b.Preferences, want) {
		t.Errorf("after a start: %+v", b.Preferences)
	}
	if !reflect.DeepEqual(b.Defaults, backend.DefaultPreferences()) {
		t.Errorf("defaults: %+v", b.Defaults)
	}
	var p backend.Preferences
	if err := p.UnmarshalJSON([]byte(`{"theme":"light","keys":null,"completing":false}`)); err != nil || p.Theme != "light" || p.Completing || !p.Checking || p.FontSize != 13 || p.Keys == nil {
		t.Errorf("with fields missing: %+v, %v", p, err)
	}
}

// What cannot be is refused in words, and what was set stays.
func TestWrongPreferences(t *testing.T) {
	t.Parallel()
	a := start(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for say, change := range map[string]func(*backend.Preferences){
		`theme "pink"`:       func(p *backend.Preferences) { p.Theme = "pink" },
		`density ""`:         func(p *backend.Preferences) { p.Density = "" },
		`log level "loud"`:   func(p *backend.Preferences) { p.LogLevel = "loud" },
		"cannot be 99":       func(p *backend.Preferences) { p.FontSize = 99 },
		"cannot be -1":       func(p *backend.Preferences) { p.NotifyAfter = -1 },
		"cannot be 0":        func(p *backend.Preferences) { p.Indent = 0 },
		"cannot be 1":        func(p *backend.Preferences) { p.FirstRows = 1 },
		"whole path":         func(p *backend.Preferences) { p.ResultsDir = "results" },
		"cannot be kept in ": func(p *backend.Preferences) { p.ResultsDir = file },
	} {
		p := backend.DefaultPreferences()
		change(&p)
		_, err := a.System().SetPreferences(p)
		if err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v", say, err)
			continue
		}
		kind(t, err, apperr.Usage)
	}
	if p, err := a.System().Preferences(); err != nil || !reflect.DeepEqual(p, backend.DefaultPreferences()) {
		t.Errorf("changed: %+v, %v", p, err)
	}
}

// Preferences hold at once: the next run answers with as many rows, and its result is where it should be; what is there
// already stays.
func TestPreferencesHoldAtOnce(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	const sql = "select * from generate_series(1, 400000)"
	if s, err := a.execute("c", "one", sql); err != nil || s.FirstPage == nil || len(s.FirstPage.Rows) != 200 {
		t.Fatalf("%v, %v", s.FirstPage, err)
	}
	files := func(dir string) int {
		list, err := filepath.Glob(filepath.Join(dir, "*", "*.rows"))
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	elsewhere := t.TempDir()
	old, other := filepath.Join(a.dir, "spool"), filepath.Join(elsewhere, "tusk-results")
	eventually(t, "its rows are in a file", func() bool { return files(old) == 1 })
	a.prefer(func(p *backend.Preferences) { p.FirstRows, p.ResultsDir = 50, elsewhere })
	if s, err := a.execute("c", "two", sql); err != nil || s.FirstPage == nil || len(s.FirstPage.Rows) != 50 {
		t.Fatalf("%v, %v", s.FirstPage, err)
	}
	eventually(t, "each result is in its place", func() bool { return files(old) == 1 && files(other) == 1 })
	a.prefer(func(p *backend.Preferences) { p.ResultsDir = "" })
	if s, err := a.execute("c", "three", sql); err != nil || len(s.FirstPage.Rows) != 50 {
		t.Fatalf("%v, %v", s.FirstPage, err)
	}
	eventually(t, "the next is back", func() bool { return files(old) == 2 && files(other) == 1 })
	a.prefer(func(p *backend.Preferences) { p.LogLevel = "error" })
	if h, err := a.System().Health(); err != nil || h.Log.Level != "error" {
		t.Errorf("%+v, %v", h.Log, err)
	}
	a.Close()
	for _, dir := range []string{old, other} {
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("left in %s: %v, %v", dir, left, err)
		}
	}
}
