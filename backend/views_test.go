package backend_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

// csv copies all of a result or a view.
func (a *app) csv(id string, rows int) string {
	a.t.Helper()
	_, err := a.Queries().Copy(backend.CopyRequest{ResultID: id, Ranges: []backend.CellRange{{Bottom: rows - 1, Right: 99}}, Format: "csv"})
	if err != nil {
		a.t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.clipboard
}

func (a *app) view(req backend.ViewRequest) backend.View {
	a.t.Helper()
	a.n++
	req.ViewID = fmt.Sprintf("view-%d", a.n)
	v, err := a.Queries().View(req)
	if err != nil {
		a.t.Fatal(err)
	}
	return v
}

const zoo = `create type mood as enum ('sad', 'ok', 'happy');
create table zoo as select g as id, (array['sad', 'ok', 'happy'])[1 + g % 3]::mood as mood, ((g * 7919 % 97)::float8 / 10)::float4 as f,
  case when g % 5 > 0 then (g % 13)::numeric(12,2) / 8 end as "Amount", (array['Bär', 'bear', 'it''s', 'a_b', 'a%b', 'back\slash', ''])[1 + g % 7] as "some text",
  (array['x', 'Y'])[1 + g % 2]::char(4) as pad, g % 2 = 0 as b, '10.0.0.0/8'::inet + g as ip, json_build_object('n', g % 4) as j,
  '2024-03-31 01:00+01'::timestamptz + g * interval '7 min' as at, array[g % 3, 1] as arr, g::bigint * 1000000007 as big,
  case when g % 2 = 0 then 'x'::char(4) end as gone, g::text::xid as x, lpad(g::text, 32, '0')::uuid as u from generate_series(1, 400) g;`

// TestViewsAndTheirSQL runs the query that a view is said to be, and compares its rows with the view's.
func TestViewsAndTheirSQL(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		a := start(t)
		a.connect("c", s.DB(t))
		if s := a.run("c", "setup", zoo+"set timezone = 'Europe/Berlin'"); s.FailedCount > 0 {
			t.Fatalf("%+v", s.Statements)
		}
		snap := a.run("c", "t", "set timezone = 'Europe/Berlin'; select *, id * 2 as id from zoo order by 1 -- the end\n;")
		if e := snap.Statements[1].Error; e != nil {
			t.Fatal(e)
		}
		result := snap.Statements[1].Results[0]
		if result.Rows != 400 {
			t.Fatalf("%d rows", result.Rows)
		}
		by := func(column string) int {
			for i, c := range result.Columns {
				if c.Name == column {
					return i
				}
			}
			t.Fatalf("there is no column %s", column)
			return -1
		}
		is := func(column, op string, values ...string) backend.FilterBy {
			return backend.FilterBy{Column: by(column), Op: op, Values: values}
		}
		id := backend.SortBy{Column: 0}
		for _, c := range []struct {
			name string
			req  backend.ViewRequest
			rows int // -1 is not looked at
		}{
			{"enum", backend.ViewRequest{Sort: []backend.SortBy{{Column: by("mood"), Descending: true}, id}, Filter: []backend.FilterBy{is("mood", ">", "sad")}}, 267},
			{"float4", backend.ViewRequest{Filter: []backend.FilterBy{is("f", "=", "0.1")}}, -1},
			{"numeric", backend.ViewRequest{Sort: []backend.SortBy{{Column: by("Amount"), NullsFirst: true}, {Column: 0, Descending: true}}, Filter: []backend.FilterBy{is("Amount", "<", "1.005")}}, -1},
			{"nulls", backend.ViewRequest{Filter: []backend.FilterBy{is("Amount", "null")}}, 80},
			{"nulls last", backend.ViewRequest{Sort: []backend.SortBy{{Column: by("Amount"), Descending: true}, id}}, 400},
			{"integers and a half", backend.ViewRequest{Filter: []backend.FilterBy{is("id", ">", "399.5"), is("big", "≤", "1e30")}}, 1},
			{"list", backend.ViewRequest{Filter: []backend.FilterBy{is("some text", "in", "it's", `back\slash`, "")}}, -1},
			{"like", backend.ViewRequest{Filter: []backend.FilterBy{is("some text", "contains", "a_B")}}, 57},
			{"like with a backslash", backend.ViewRequest{Filter: []backend.FilterBy{is("some text", "contains", `K\s`)}}, -1},
			{"umlaut", backend.ViewRequest{Filter: []backend.FilterBy{is("some text", "contains", "BÄR")}}, 57},
			{"matches", backend.ViewRequest{Filter: []backend.FilterBy{is("some text", "matches", `^b.+r$`)}}, -1},
			{"padded", backend.ViewRequest{Filter: []backend.FilterBy{is("pad", "=", "x"), is("pad", "contains", "x  ")}}, 200},
			{"padded, anything but NULL", backend.ViewRequest{Filter: []backend.FilterBy{is("gone", "matches", "")}}, 200},
			{"transactions", backend.ViewRequest{Sort: []backend.SortBy{{Column: by("x"), Descending: true}, id}, Filter: []backend.FilterBy{is("x", ">", "9")}}, 391},
			{"bool", backend.ViewRequest{Filter: []backend.FilterBy{is("b", "=", "yes")}, Sort: []backend.SortBy{{Column: by("b")}, id}}, 200},
			{"inet", backend.ViewRequest{Filter: []backend.FilterBy{is("ip", "<", "10.0.0.9/8")}, Sort: []backend.SortBy{{Column: by("ip"), Descending: true}}}, 8},
			{"json", backend.ViewRequest{Filter: []backend.FilterBy{is("j", "=", `{"n" : 1}`)}, Sort: []backend.SortBy{{Column: by("j")}, id}}, 100},
			{"time", backend.ViewRequest{Filter: []backend.FilterBy{is("at", "≥", "2024-03-31 03:00"), is("at", "<", "2024-03-31 04:00")}}, -1},
			{"array", backend.ViewRequest{Sort: []backend.SortBy{{Column: by("arr"), Descending: true}, id}}, 400},
			{"anywhere", backend.ViewRequest{Search: backend.SearchFor{Text: "EA"}}, 58},
			{"anywhere in some", backend.ViewRequest{Search: backend.SearchFor{Text: "9", Columns: []int{0, by("Amount")}}}, -1},
			{"anywhere, a pattern", backend.ViewRequest{Search: backend.SearchFor{Text: "^a.b$", Regexp: true, Case: true}}, -1},
			{"a whole cell", backend.ViewRequest{Search: backend.SearchFor{Text: "BEAR", Whole: true}}, 58},
		} {
			c.req.ResultID = result.ID
			v := a.view(c.req)
			if c.rows >= 0 && v.Rows != c.rows || v.Rows == 0 {
				t.Errorf("%s: %d rows, want %d", c.name, v.Rows, c.rows)
			}
			got := a.csv(v.ViewID, v.Rows)
			sql, err := a.Queries().AsSQL(backend.AsSQLRequest{ResultID: result.ID, Sort: c.req.Sort, Filter: c.req.Filter, Search: c.req.Search})
			if err != nil {
				t.Fatal(err)
			}
			if len(c.req.Sort) == 0 {
				sql.Text += "\n order by id"
			}
			again := a.run("c", "setup", sql.Text)
			if e := again.Statements[0].Error; e != nil {
				t.Fatalf("%s: %v\n%s", c.name, e, sql.Text)
			}
			r := again.Statements[0].Results[0]
			if want := a.csv(r.ID, r.Rows); r.Rows != v.Rows || got != want {
				t.Errorf("%s: %d rows, the query gives %d\n%s\n%.300s\n%.300s", c.name, v.Rows, r.Rows, sql.Text, got, want)
			}
		}
		sql, err := a.Queries().AsSQL(backend.AsSQLRequest{ResultID: result.ID, Columns: []int{15, by("Amount")}})
		if err != nil || !strings.HasPrefix(sql.Text, "select id_2, \"Amount\"\n  from (\nselect *, id * 2 as id") {
			t.Errorf("columns: %s, %v", sql.Text, err)
		}
		for _, text := range []string{"show work_mem", "with x as (insert into zoo (id) values (0) returning id) select * from x"} {
			s := a.run("c", "other", text)
			if _, err := a.Queries().AsSQL(backend.AsSQLRequest{ResultID: s.Statements[0].Results[0].ID}); apperr.KindOf(err) != apperr.Usage {
				t.Errorf("%s stands in another query: %v", text, err)
			}
		}
	})
}

func TestViewIsCopiedAndExported(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	snap := a.run("c", "t", "select g as id, 'x' || g % 10 as s from generate_series(1, 1000) g")
	result := snap.Statements[0].Results[0].ID
	v := a.view(backend.ViewRequest{ResultID: result, Sort: []backend.SortBy{{Column: 0, Descending: true}}, Filter: []backend.FilterBy{{Column: 1, Op: "=", Values: []string{"x7"}}}})
	if v.Rows != 100 || v.Of != 1000 || !v.Complete || v.Rules[0].Kind != "number" || v.Rules[1].AsText {
		t.Errorf("view: %+v", v)
	}
	path := filepath.Join(t.TempDir(), "view.csv")
	if s := a.exported(a.export(backend.ExportRequest{ResultID: v.ViewID, Path: path, Format: "csv"})); s.State != backend.ExportDone || s.Rows != 100 || s.Partial {
		t.Errorf("export: %+v", s)
	}
	b, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(b), "997,x7\n987,x7\n") || string(b) != a.csv(v.ViewID, v.Rows) {
		t.Errorf("exported %.40s, %v", b, err)
	}
	cell, err := a.Queries().Cell(backend.CellRequest{ResultID: v.ViewID, Row: 99, Count: 10})
	if err != nil || cell.Text != "7" {
		t.Errorf("last cell: %+v, %v", cell, err)
	}
	f, err := a.Queries().Find(backend.FindRequest{FindID: "f", ResultID: v.ViewID, Search: backend.SearchFor{Text: "7"}})
	if err != nil || f.Rows != 100 {
		t.Errorf("found: %+v, %v", f, err)
	}
	hit, err := a.Queries().FindNext(backend.FindNextRequest{FindID: "f", Row: 1, Column: 0})
	if err != nil || hit != (backend.Hit{Row: 1, Column: 1, Number: 2}) {
		t.Errorf("next: %+v, %v", hit, err)
	}
	w, err := a.Queries().FindWindow(backend.FindWindowRequest{FindID: "f", From: 98, Count: 50})
	if err != nil || len(w.Hits) != 4 {
		t.Errorf("window: %+v, %v", w, err)
	}
	sum, err := a.Queries().Summarize(backend.SummaryRequest{WorkID: "s", ResultID: v.ViewID, Column: 0, To: 100})
	if err != nil || sum.Rows != 100 || *sum.Sum != "50200" || *sum.Min != "7" || len(sum.Bars) == 0 {
		t.Errorf("summary: %+v, %v", sum, err)
	}
	// They go with the result.
	a.run("c", "t", "select 1")
	if _, err := a.Queries().Page(backend.PageRequest{ResultID: v.ViewID, Count: 1}); apperr.KindOf(err) != apperr.Usage {
		t.Errorf("a view outlives its result: %v", err)
	}
	if _, err := a.Queries().FindNext(backend.FindNextRequest{FindID: "f"}); apperr.KindOf(err) != apperr.Usage {
		t.Errorf("a search outlives its result: %v", err)
	}
}

func TestWorkIsToldAndStopped(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	snap := a.run("c", "t", "select g as id, md5(g::text) as s from generate_series(1, 300000) g")
	result := snap.Statements[0].Results[0].ID
	req := backend.ViewRequest{ViewID: "v", ResultID: result, Sort: []backend.SortBy{{Column: 1}}, Filter: []backend.FilterBy{{Column: 1, Op: "matches", Values: []string{"(a|b)+(c|d)*(e|f)+9"}}}}
	done := make(chan error, 1)
	go func() {
		_, err := a.Queries().View(req)
		done <- err
	}()
	eventually(t, "progress is told", func() bool { return len(a.of(backend.EventWork)) > 0 })
	begin := time.Now()
	if err := a.Queries().StopWork(backend.WorkRef{ID: "v"}); err != nil {
		t.Fatal(err)
	}
	if err := <-done; apperr.KindOf(err) != apperr.Cancelled {
		t.Errorf("stopped: %v", err)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if s := a.of(backend.EventWork)[0].payload.(backend.WorkState); s.ID != "v" || s.Total != 600_000 || s.Done > s.Total {
		t.Errorf("progress: %+v", s)
	}
	// Stopped before it was asked for.
	if err := a.Queries().StopWork(backend.WorkRef{ID: "w"}); err != nil {
		t.Fatal(err)
	}
	req.ViewID = "w"
	if _, err := a.Queries().View(req); apperr.KindOf(err) != apperr.Cancelled {
		t.Errorf("stopped before: %v", err)
	}
	for _, f := range []backend.FilterBy{{Column: 0, Op: "<", Values: []string{"soon"}}, {Column: 1, Op: "matches", Values: []string{"("}}, {Column: 7, Op: "null"}, {Column: 0, Op: "like", Values: []string{"1"}}} {
		a.n++
		_, err := a.Queries().View(backend.ViewRequest{ViewID: fmt.Sprint(a.n), ResultID: result, Filter: []backend.FilterBy{f}})
		if e := apperr.From(err); err == nil || e.Title == "" {
			t.Errorf("%+v: %v", f, err)
		}
	}
	if got := a.view(backend.ViewRequest{ResultID: result, Sort: []backend.SortBy{{Column: 0, Descending: true}}}); got.Rows != 300_000 {
		t.Errorf("afterwards: %+v", got)
	}
}

// TestTextFollowsTheServersCollation has columns whose collations say different things.
func TestTextFollowsTheServersCollation(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	snap := a.run("c", "t", `create table w (c text collate "C", p text collate "POSIX", u text collate "und-x-icu", d text collate "de-x-icu", x text);
		insert into w values ('a', 'a', 'a', 'a', 'a'), ('B', 'B', 'B', 'B', 'B'); select * from w`)
	v := a.view(backend.ViewRequest{ResultID: snap.Statements[2].Results[0].ID, Sort: []backend.SortBy{{Column: 2}}})
	want := []backend.OrderRule{{Kind: "bytes"}, {Kind: "bytes"}, {Kind: "unicode", Language: "und"}, {Kind: "unicode", Language: "de"}}
	for i, w := range want {
		if v.Rules[i] != w {
			t.Errorf("column %d: %+v, want %+v", i, v.Rules[i], w)
		}
	}
	if got := a.csv(v.ViewID, 2); !strings.HasPrefix(got, "a,") {
		t.Errorf("by Unicode's rules a is behind B: %s", got)
	}
	v = a.view(backend.ViewRequest{ResultID: snap.Statements[2].Results[0].ID, Sort: []backend.SortBy{{Column: 0}}})
	if got := a.csv(v.ViewID, 2); !strings.HasPrefix(got, "B,") {
		t.Errorf("by bytes B is behind a: %s", got)
	}
}

func TestPinnedResultsStayAndAreCompared(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "create table p as select g as id, 'x' || g as s from generate_series(1, 500) g")
	const sql = "select * from p order by id"
	old := a.run("c", "t", sql).Statements[0].Results[0].ID
	if err := a.Queries().Pin(backend.PinRequest{ResultID: old}); err != nil {
		t.Fatal(err)
	}
	a.run("c", "t", "delete from p where id = 7; update p set s = 'new' where id in (8, 9); insert into p values (1000, null)")
	fresh := a.run("c", "t", sql).Statements[0].Results[0].ID
	v := a.view(backend.ViewRequest{ResultID: old, Sort: []backend.SortBy{{Column: 0, Descending: true}}})
	if got := a.csv(v.ViewID, v.Rows); !strings.HasPrefix(got, "500,x500\n") {
		t.Errorf("a view of a pinned result: %.40s", got)
	}
	c, err := a.Queries().Compare(backend.CompareRequest{CompareID: "cmp", Left: old, Right: fresh, Key: []int{0}})
	if err != nil || c.Added != 1 || c.Removed != 1 || c.Changed != 2 || c.Same != 497 {
		t.Fatalf("compared: %+v, %v", c, err)
	}
	want := "removed,7,x7\nbefore,8,x8\nafter,8,new\nbefore,9,x9\nafter,9,new\nadded,1000,\n"
	if got := a.csv("cmp", c.Result.Rows); got != want {
		t.Errorf("differences:\n%s", got)
	}
	path := filepath.Join(t.TempDir(), "diff.csv")
	if s := a.exported(a.export(backend.ExportRequest{ResultID: "cmp", Path: path, Format: "csv", Header: true})); s.Partial {
		t.Error("differences are said to lack their end")
	}
	if got := read(t, path); got != "change,id,s\n"+want {
		t.Errorf("exported:\n%s", got)
	}
	added := a.view(backend.ViewRequest{ResultID: "cmp", Filter: []backend.FilterBy{{Column: 0, Op: "=", Values: []string{"added"}}}})
	if added.Rows != 1 {
		t.Errorf("the differences filtered: %+v", added)
	}
	other := a.run("c", "u", "select 1").Statements[0].Results[0].ID
	kind(t, compare(a, old, other), apperr.Usage)
	for _, id := range []string{old, "cmp"} {
		if err := a.Queries().Unpin(backend.PinRequest{ResultID: id}); err != nil {
			t.Fatal(err)
		}
		_, err := a.Queries().Page(backend.PageRequest{ResultID: id, Count: 1})
		kind(t, err, apperr.Usage)
	}
	kind(t, compare(a, old, fresh), apperr.Usage)
}

func compare(a *app, left, right string) error {
	a.n++
	_, err := a.Queries().Compare(backend.CompareRequest{CompareID: fmt.Sprint("cmp", a.n), Left: left, Right: right})
	return err
}
