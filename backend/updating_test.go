package backend_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

// An UPDATE finds its rows by the key of their table, whatever the columns are called in the query.
func TestUpdateByKey(t *testing.T) {
	t.Parallel()
	a, url := start(t), pgtest.DB(t)
	a.connect("c", url)
	a.run("c", "t", `create schema s; create table s."The T" (a int, "b c" text, k2 int, n numeric, primary key (k2, a));
insert into s."The T" values (1, 'x', 10, 1.5), (2, null, 20, 'NaN'); create table bare (a int); create table other (id int primary key)`)
	id := a.run("c", "t", `select n * 2 as twice, "b c" as label, k2 as second, a as first, n from s."The T" order by a`).Statements[0].Results[0].ID
	copied := func(ranges ...backend.CellRange) string {
		t.Helper()
		if _, err := a.Queries().Copy(backend.CopyRequest{ResultID: id, Format: "update", Ranges: ranges, Table: "ignored"}); err != nil {
			t.Fatal(err)
		}
		return a.clipboard
	}
	const one = `update s."The T" set "b c" = 'x' where k2 = 10 and a = 1;` + "\n"
	if got := copied(backend.CellRange{Top: 0, Bottom: 0, Left: 1, Right: 1}); got != one {
		t.Errorf("one cell: %s", got)
	}
	all := copied(backend.CellRange{Bottom: 9, Right: 9})
	if want := strings.Replace(one, " where", ", n = 1.5 where", 1) + `update s."The T" set "b c" = NULL, n = 'NaN'::numeric where k2 = 20 and a = 2;` + "\n"; all != want {
		t.Errorf("all of it: %s", all)
	}
	if out, err := exec.Command("psql", "-X", "-d", url, "-c", all).CombinedOutput(); err != nil || !strings.Contains(string(out), "UPDATE 1") {
		t.Errorf("%v: %s", err, out)
	}
	path := filepath.Join(t.TempDir(), "u.sql")
	if s := a.exported(a.export(backend.ExportRequest{ResultID: id, Path: path, Format: "update", Columns: []int{4, 0}})); s.State != backend.ExportDone || !strings.HasPrefix(read(t, path), `update s."The T" set n = 1.5 where`) {
		t.Errorf("%+v %s", s, read(t, path))
	}

	for sql, hint := range map[string]string{
		`select 1 as a`:                          "Query a table itself: an UPDATE needs to know it.",
		`select a from bare`:                     "Copy as INSERT instead.",
		`select "b c", a from s."The T"`:         "Select k2 too.",
		`select t.*, id from s."The T" t, other`: "Query one of them alone.",
		`select a, k2 from s."The T"`:            "Choose others too.",
	} {
		a.run("c", "t", "insert into bare values (1) ; insert into other select 1 on conflict do nothing")
		id := a.run("c", "t", sql).Statements[0].Results[0].ID
		_, err := a.Queries().Copy(backend.CopyRequest{ResultID: id, Format: "update", Ranges: []backend.CellRange{{Bottom: 9, Right: 9}}})
		kind(t, err, apperr.Usage)
		if got := apperr.From(err).Hint; got != hint {
			t.Errorf("%s: %q, want %q", sql, got, hint)
		}
	}
}

// What the server computes itself is not set: no UPDATE may.
func TestUpdateLeavesOutWhatIsComputed(t *testing.T) {
	t.Parallel()
	a, url := start(t), pgtest.DB(t)
	a.connect("c", url)
	a.run("c", "t", `create table t (a int, v text, d int generated always as (a * 2) stored primary key, i int generated always as identity); insert into t values (1, 'x')`)
	id := a.run("c", "t", `select * from t`).Statements[0].Results[0].ID
	if _, err := a.Queries().Copy(backend.CopyRequest{ResultID: id, Format: "update", Ranges: []backend.CellRange{{Right: 9}}}); err != nil {
		t.Fatal(err)
	}
	if want := "update public.t set a = 1, v = 'x' where d = 2;\n"; a.clipboard != want {
		t.Errorf("%s", a.clipboard)
	}
	if out, err := exec.Command("psql", "-X", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", a.clipboard).CombinedOutput(); err != nil || !strings.Contains(string(out), "UPDATE 1") {
		t.Errorf("%v: %s", err, out)
	}
}
