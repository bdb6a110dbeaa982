package backend_test

import (
	"fmt"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

func (a *app) group(req backend.GroupRequest) backend.Groups {
	a.t.Helper()
	a.n++
	req.GroupID = fmt.Sprintf("group-%d", a.n)
	g, err := a.Queries().Group(req)
	if err != nil {
		a.t.Fatal(err)
	}
	return g
}

// TestGroupsAndTheirSQL runs the query that groups are said to be, and compares its rows with the groups'.
func TestGroupsAndTheirSQL(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "setup", zoo)
	snap := a.run("c", "t", "set timezone = 'Europe/Berlin'; select *, id * 2 as id from zoo order by 1")
	result := snap.Statements[1].Results[0]
	by := func(name string) int {
		for i, c := range result.Columns {
			if c.Name == name {
				return i
			}
		}
		t.Fatalf("there is no column %s", name)
		return -1
	}
	rows := backend.Aggregate{Func: "count", Column: -1}
	of := func(f, name string) backend.Aggregate { return backend.Aggregate{Func: f, Column: by(name)} }
	for name, c := range map[string]struct {
		keys       []string
		aggregates []backend.Aggregate
		filter     []backend.FilterBy
		groups     int
	}{
		"enum":           {[]string{"mood"}, []backend.Aggregate{rows, of("sum", "Amount"), of("avg", "Amount"), of("min", "f"), of("max", "some text")}, nil, 3},
		"text":           {[]string{"some text"}, []backend.Aggregate{rows, of("distinct", "ip"), of("max", "at")}, nil, 7},
		"two, filtered":  {[]string{"b", "pad"}, []backend.Aggregate{of("sum", "big"), of("count", "Amount")}, []backend.FilterBy{{Column: by("id"), Op: "<", Values: []string{"100"}}}, 2},
		"no min there":   {[]string{"mood"}, []backend.Aggregate{of("min", "u"), of("max", "u"), of("min", "b"), of("max", "b"), of("distinct", "x")}, nil, 3},
		"a date":         {[]string{"at/day"}, []backend.Aggregate{rows, of("avg", "id")}, nil, 3},
		"json and array": {[]string{"j", "arr"}, []backend.Aggregate{rows}, nil, 12},
		"all":            {nil, []backend.Aggregate{rows, of("sum", "Amount"), of("distinct", "j")}, nil, 1},
		"none":           {[]string{"mood"}, []backend.Aggregate{rows}, []backend.FilterBy{{Column: by("id"), Op: "<", Values: []string{"0"}}}, 0},
	} {
		var keys []backend.GroupBy
		for _, k := range c.keys {
			column, unit, _ := strings.Cut(k, "/")
			keys = append(keys, backend.GroupBy{Column: by(column), Unit: unit})
		}
		id := result.ID
		if c.filter != nil {
			id = a.view(backend.ViewRequest{ResultID: id, Filter: c.filter}).ViewID
		}
		g := a.group(backend.GroupRequest{ResultID: id, Keys: keys, Aggregates: c.aggregates})
		if g.Result.Rows != c.groups || !g.Complete {
			t.Errorf("%s: %d groups, want %d", name, g.Result.Rows, c.groups)
		}
		sql, err := a.Queries().AsSQL(backend.AsSQLRequest{ResultID: result.ID, Filter: c.filter, Keys: keys, Aggregates: c.aggregates})
		if err != nil {
			t.Fatal(err)
		}
		same := a.run("c", "t", sql.Text).Statements[0]
		if same.Error != nil {
			t.Fatalf("%s: %v\n%s", name, same.Error, sql.Text)
		}
		server := same.Results[0]
		for i, column := range g.Result.Columns {
			if s := server.Columns[i]; s.Name != column.Name || s.Type != column.Type && c.keys != nil && name != "json and array" && !strings.HasPrefix(column.Type, "oid ") {
				t.Errorf("%s: column %d is %s %s, the server's %s %s", name, i, column.Name, column.Type, s.Name, s.Type)
			}
		}
		// The run before has gone with this one, so all of it is made again for the next.
		got, want := "", ""
		if c.groups > 0 {
			want = a.csv(server.ID, server.Rows)
		}
		snap = a.run("c", "t", "set timezone = 'Europe/Berlin'; select *, id * 2 as id from zoo order by 1")
		result = snap.Statements[1].Results[0]
		id = result.ID
		if c.filter != nil {
			id = a.view(backend.ViewRequest{ResultID: id, Filter: c.filter}).ViewID
		}
		if g = a.group(backend.GroupRequest{ResultID: id, Keys: keys, Aggregates: c.aggregates}); c.groups > 0 {
			got = a.csv(g.Result.ID, g.Result.Rows)
		}
		if got != want {
			t.Errorf("%s:\n%s\nthe server has\n%s\nfor %s", name, got, want, sql.Text)
		}
	}
}

// TestGroupsWorkAsResultsAndGoWithTheirs sorts and charts groups, and looks for them when what they are of has gone.
func TestGroupsWorkAsResultsAndGoWithTheirs(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	result := a.run("c", "t", "select g % 4 as k, date '2024-01-01' + g as d, g::numeric / 8 as n from generate_series(1, 100) g").Statements[0].Results[0].ID
	req := backend.GroupRequest{ResultID: result, Keys: []backend.GroupBy{{Column: 1, Unit: "month"}}, Across: &backend.GroupBy{Column: 0}, Aggregates: []backend.Aggregate{{Func: "sum", Column: 2}}}
	g := a.group(req)
	if got := a.csv(g.Result.ID, g.Result.Rows); g.Values != 4 || g.Shown != 4 || g.Rows != 100 || !strings.HasPrefix(got, "2024-01-01,14.0000") {
		t.Errorf("%+v\n%s", g, got)
	}
	v := a.view(backend.ViewRequest{ResultID: g.Result.ID, Sort: []backend.SortBy{{Column: 0, Descending: true}}})
	if got := a.csv(v.ViewID, v.Rows); !strings.HasPrefix(got, "2024-04-01,") {
		t.Errorf("sorted: %s", got)
	}
	c, err := a.Queries().Chart(backend.ChartRequest{WorkID: "chart", ResultID: g.Result.ID, Kind: "line", X: 0, Y: []int{1, 4}})
	if err != nil || len(c.At) != 4 || c.At[0] != "1.7040672e+09" || c.Labels[0] != "2024-01-01" || c.Series[0].Values[0] != "14" || !strings.HasPrefix(c.Series[0].Texts[0], "14.000") {
		t.Errorf("%+v, %v", c, err)
	}
	bad := func(change func(r *backend.GroupRequest)) {
		t.Helper()
		r := req
		change(&r)
		r.GroupID = "bad"
		_, err := a.Queries().Group(r)
		kind(t, err, apperr.Usage)
	}
	bad(func(r *backend.GroupRequest) { r.Keys = []backend.GroupBy{{Column: 3}} })
	bad(func(r *backend.GroupRequest) { r.Keys = []backend.GroupBy{{Column: 1, Unit: "day'); drop"}} })
	bad(func(r *backend.GroupRequest) { r.Keys = []backend.GroupBy{{Column: 0, Unit: "day"}} })
	bad(func(r *backend.GroupRequest) { r.Aggregates = []backend.Aggregate{{Func: "sum", Column: 1}} })
	bad(func(r *backend.GroupRequest) { r.Aggregates = nil })
	for _, y := range [][]int{nil, {9}, {0}} {
		_, err := a.Queries().Chart(backend.ChartRequest{WorkID: "bad", ResultID: g.Result.ID, Kind: "line", X: 0, Y: y})
		kind(t, err, apperr.Usage)
	}
	for of, n := g.Result.ID, 0; n < 8; n++ { // groups of groups go too
		of = a.group(backend.GroupRequest{ResultID: of, Keys: []backend.GroupBy{{}}, Aggregates: []backend.Aggregate{{Func: "count", Column: -1}}}).Result.ID
	}
	a.run("c", "t", "select 1")
	for _, id := range []string{g.Result.ID, v.ViewID} {
		_, err := a.Queries().Page(backend.PageRequest{ResultID: id, Count: 1})
		kind(t, err, apperr.Usage)
	}
	if h, err := a.System().Health(); err != nil || h.Spool.Results != 1 {
		t.Errorf("%d results are kept, %v", h.Spool.Results, err)
	}
}
