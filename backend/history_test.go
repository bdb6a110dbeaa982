package backend_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/internal/pgtest"
)

func (a *app) past(req backend.HistoryRequest) (texts []string, page backend.HistoryPage) {
	a.t.Helper()
	page, err := a.Library().History(req)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, e := range page.Entries {
		texts = append(texts, e.Text)
	}
	return texts, page
}

// ran waits until a run is in the history.
func (a *app) ran(connection, tab, sql string) {
	a.t.Helper()
	a.run(connection, tab, sql)
	eventually(a.t, "it is in the history", func() bool {
		texts, _ := a.past(backend.HistoryRequest{Limit: 1})
		return len(texts) == 1 && texts[0] == strings.ReplaceAll(sql, canary, "•••")
	})
}

func TestHistory(t *testing.T) {
	t.Parallel()
	a := start(t)
	if texts, page := a.past(backend.HistoryRequest{}); texts != nil || page.Entries == nil || page.More {
		t.Errorf("of nothing: %+v", page)
	}
	url := pgtest.DB(t)
	con := a.connect("c", url)
	a.ran("c", "t", "create table kept (a int); insert into kept select generate_series(1, 5)")
	a.ran("c", "t", "select * from nowhere")
	a.ran("c", "t", "select 1 as One from kept")
	a.ran("c", "t", "create role x password '"+canary+"'; drop role x; do $$ begin perform '"+`{"password": "`+canary+`"}`+"'; end $$")
	if _, err := a.Queries().Execute(backend.ExecuteRequest{
		ConnectionID: "c", SessionID: "t", RunID: "one", Text: "select 'é𝒳'; select 'the second' ; select 3", Offset: 100, Line: 1, Cursor: 16,
	}); err != nil {
		t.Fatal(err)
	}
	a.final("one")
	eventually(t, "the statement at the cursor is in the history", func() bool {
		texts, _ := a.past(backend.HistoryRequest{Limit: 1})
		return texts[0] == "select 'the second'"
	})

	name := con.Report.Database
	for _, c := range []struct {
		req  backend.HistoryRequest
		want int
	}{
		{backend.HistoryRequest{}, 5},
		{backend.HistoryRequest{Words: "KEPT one"}, 1},
		{backend.HistoryRequest{Outcome: "failed"}, 1},
		{backend.HistoryRequest{Outcome: "ok", Connection: name}, 4},
		{backend.HistoryRequest{Connection: "another"}, 0},
		{backend.HistoryRequest{Limit: 2}, 2},
	} {
		if texts, page := a.past(c.req); len(texts) != c.want || page.More != (c.req.Limit == 2) {
			t.Errorf("%+v: %q, more %t", c.req, texts, page.More)
		}
	}
	_, page := a.past(backend.HistoryRequest{Outcome: "failed"})
	if e := page.Entries[0]; e.Code != "42P01" || e.Error == "" || e.Connection != name || e.Database != name || e.User == "" || e.At == 0 || e.ElapsedUs == 0 {
		t.Errorf("the failed one: %+v", e)
	}
	if _, page := a.past(backend.HistoryRequest{Words: "insert"}); page.Entries[0].Rows != 5 || page.Entries[0].Statements != 2 {
		t.Errorf("the insert: %+v", page.Entries[0])
	}
	if c, err := a.Library().HistoryConnections(); err != nil || len(c.Names) != 1 || c.Names[0] != name {
		t.Errorf("connections %v, %v", c, err)
	}
	must(t, filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "spool") {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), canary) {
			t.Errorf("%s has the password", path)
		}
		return err
	}))
	must(t, a.Library().DeleteHistory(backend.HistoryRef{IDs: []string{page.Entries[0].ID}}))
	if texts, _ := a.past(backend.HistoryRequest{}); len(texts) != 4 {
		t.Errorf("after deleting one: %q", texts)
	}
	a = a.again()
	if texts, _ := a.past(backend.HistoryRequest{}); len(texts) != 4 {
		t.Errorf("after another start: %q", texts)
	}
	must(t, a.Library().ClearHistory())
	if texts, _ := a.past(backend.HistoryRequest{}); len(texts) != 0 {
		t.Errorf("after clearing: %q", texts)
	}
}
