package backend_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

// requirements are the ids of the customer's document.
func requirements() (list []string) {
	for _, c := range []struct {
		format string
		n      int
	}{{"FR-%03d", 13}, {"SC-%03d", 9}, {"US1.%d", 3}, {"US2.%d", 4}, {"US3.%d", 3}, {"US4.%d", 3}, {"US5.%d", 3}, {"US6.%d", 3}, {"EC-%d", 5}} {
		for i := range c.n {
			list = append(list, fmt.Sprintf(c.format, i+1))
		}
	}
	return list
}

var (
	requirementRow = regexp.MustCompile(`^\| ([A-Z]+-?[0-9.]+) \| .* \| (.*) \|$`)
	namedTest      = regexp.MustCompile("`([^`]+)`: ([^;]+)")
)

// REQUIREMENTS.md has a row for every id and nothing else, every test it names is where it says, and each FR and SC has
// a test that carries its id.
func TestRequirements(t *testing.T) {
	t.Parallel()
	f, err := os.Open("REQUIREMENTS.md")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var found []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		row := requirementRow.FindStringSubmatch(lines.Text())
		if row == nil {
			if strings.HasPrefix(lines.Text(), "|") && !strings.HasPrefix(lines.Text(), "| id |") && !strings.HasPrefix(lines.Text(), "|--") {
				t.Errorf("this row says nothing: %s", lines.Text())
			}
			continue
		}
		id := row[1]
		found = append(found, id)
		tests := namedTest.FindAllStringSubmatch(row[2], -1)
		if len(tests) == 0 {
			t.Errorf("%s names no test", id)
		}
		carried := !strings.HasPrefix(id, "FR") && !strings.HasPrefix(id, "SC")
		for _, one := range tests {
			source, err := os.ReadFile(filepath.Join("..", one[1]))
			if err != nil {
				t.Errorf("%s: %v", id, err)
				continue
			}
			names := []string{one[2]} // a sentence in quotes
			if strings.HasSuffix(one[1], ".go") {
				names = strings.Split(one[2], ", ")
			}
			for _, name := range names {
				name = strings.Trim(strings.TrimSpace(name), "“”")
				there := "func " + name + "("
				switch {
				case strings.HasSuffix(one[1], ".spec.ts"):
					there = "test('" + name + "'"
				case strings.HasSuffix(one[1], ".test.ts"):
					there = "it('" + name + "'"
				}
				if !strings.Contains(string(source), there) {
					t.Errorf("%s: there is no %s in %s", id, name, one[1])
				}
				carried = carried || strings.Contains(name, strings.ReplaceAll(id, "-", ""))
			}
		}
		if !carried {
			t.Errorf("no test of %s carries its id", id)
		}
	}
	if want := requirements(); !slices.Equal(found, want) {
		t.Errorf("rows %q, want %q", found, want)
	}
}

// A first start makes every directory it needs, for its owner alone, and asks nothing.
func TestFR001_FirstStartMakesItsDirectories(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	a := startIn(t, dir)
	if b := a.bootstrap(); b.Place.Problem != "" || len(b.Warnings) > 0 {
		t.Errorf("%+v, %q", b.Place, b.Warnings)
	}
	a.save(named("one"))
	if err := a.Work().Save(backend.SaveWorkRequest{Tabs: []backend.OpenTab{{ID: "tab-of-a-test", Text: "select 1"}}}); err != nil {
		t.Fatal(err)
	}
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "select 1")
	eventually(t, "the run is in the history", func() bool { _, err := os.Stat(filepath.Join(dir, "history")); return err == nil })
	for _, name := range []string{"logs", "spool", "snap", "tabs"} {
		if fi, err := os.Stat(filepath.Join(dir, name)); err != nil || !fi.IsDir() {
			t.Errorf("%s: %v", name, err)
		}
	}
	private := os.FileMode(0o077)
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir && os.Getuid() == 0 { // root's may be passed through by the sample server's user
			return err
		}
		if fi, err := d.Info(); err != nil || fi.Mode().Perm()&private != 0 {
			t.Errorf("%s: %v, %v", path, fi.Mode(), err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What fails reaches the page as JSON with its kind, what is so, and what to do.
func TestFR002_ErrorsAreStructured(t *testing.T) {
	t.Parallel()
	a := start(t)
	_, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "c", Profile: profile(t, "postgres://nobody@127.0.0.1:1/none")})
	var told struct {
		Kind, Group, Title, Hint string
		Retryable                bool
	}
	if err := json.Unmarshal([]byte(apperr.JSON(err)), &told); err != nil {
		t.Fatal(err)
	}
	if told.Kind != string(apperr.Refused) || told.Group == "" || !strings.Contains(told.Title, "127.0.0.1") || told.Hint == "" || !told.Retryable {
		t.Errorf("%+v", told)
	}
}

// The server's code goes through as it is.
func TestFR004_CodesAreTheServers(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "create table t (id int primary key check (id > 0)); insert into t values (1)")
	for sql, code := range map[string]string{
		"selec 1":                   "42601",
		"select * from nowhere":     "42P01",
		"select nothing from t":     "42703",
		"insert into t values (1)":  "23505",
		"insert into t values (-1)": "23514",
		"select 1/0":                "22012",
		"select 'x'::int":           "22P02",
		"do $$ begin raise exception 'own' using errcode = 'TU5K1'; end $$": "TU5K1",
		"set statement_timeout = 50; select pg_sleep(60)":                   "57014",
	} {
		s := a.run("c", "t", sql)
		if e := s.Statements[len(s.Statements)-1].Error; s.Outcome != session.Failed || e == nil || e.Code != code || e.Severity != "ERROR" {
			t.Errorf("%s: %+v, want %s", sql, e, code)
		}
		a.run("c", "t", "reset statement_timeout")
	}
}

// Health answers while all is well, and after a server has gone, saying so.
func TestFR010_SC006_HealthAnswers(t *testing.T) {
	t.Parallel()
	a := start(t)
	server := pgtest.New(t, pgtest.Options{})
	a.connect("c", server.URL("postgres"))
	h, err := a.System().Health()
	if err != nil || h.Version != "test" || h.DataDir != a.dir || !h.Store.OK || !h.Log.OK || h.Goroutines == 0 || len(h.Warnings) > 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if len(h.Connections) != 1 || h.Connections[0].RoundTripUs < 0 {
		t.Errorf("%+v", h.Connections)
	}
	server.Kill(t)
	eventually(t, "the dead server is told of", func() bool { // its processes live on for a moment
		h, err = a.System().Health()
		return err == nil && len(h.Connections) == 1 && h.Connections[0].RoundTripUs < 0
	})
}

// A hundred connections and all preferences are there after each of ten starts, unchanged.
func TestSC005_AllIsKept(t *testing.T) {
	t.Parallel()
	a := start(t)
	for i := range 100 {
		p := named(fmt.Sprintf("c%02d", i))
		p.Group, p.Order, p.Favourite, p.Notes = fmt.Sprint(i%7), i, i%5 == 0, strings.Repeat("note ", i)
		p.Profile.Settings["sslrootcert"] = fmt.Sprintf("/certificates/%d", i)
		a.save(p)
	}
	a.prefer(func(p *backend.Preferences) { p.Theme, p.FontSize, p.Keys = "dark", 15, map[string]string{"run": "F5"} })
	want := a.bootstrap()
	for range 10 {
		a = a.again()
		got := a.bootstrap()
		if x, y := fmt.Sprint(got.Profiles, got.Preferences), fmt.Sprint(want.Profiles, want.Preferences); x != y {
			t.Fatalf("%s\nwant %s", x, y)
		}
	}
	if len(want.Profiles) != 100 {
		t.Errorf("%d connections", len(want.Profiles))
	}
}

// The log is a file in the data directory that anyone who owns it can read, and the window shows its end.
func TestSC009_LogsAreInTheDataDirectory(t *testing.T) {
	t.Parallel()
	a := start(t)
	if _, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "c", Profile: profile(t, "postgres://nobody@127.0.0.1:1/none")}); err == nil {
		t.Fatal("connected to nothing")
	}
	text, err := os.ReadFile(filepath.Join(a.dir, "logs", "tusk.log"))
	if err != nil || !strings.Contains(string(text), "connections.connect") || !strings.Contains(string(text), string(apperr.Refused)) {
		t.Errorf("%s, %v", text, err)
	}
	tail, err := a.System().Log()
	if err != nil || len(tail.Lines) == 0 || !strings.HasPrefix(tail.Path, a.dir) || !strings.Contains(string(text), tail.Lines[len(tail.Lines)-1]) {
		t.Errorf("%+v, %v", tail, err)
	}
}
