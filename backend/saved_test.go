package backend_test

import (
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
)

func TestSavedQueries(t *testing.T) {
	t.Parallel()
	a := start(t)
	shown := func() (all string) {
		t.Helper()
		s, err := a.Library().Saved()
		must(t, err)
		for _, q := range s.Queries {
			all += q.Folder + "/" + q.Name + "=" + q.Text + " "
		}
		return all
	}
	save := func(q backend.SavedQuery) backend.SavedQuery {
		t.Helper()
		q, err := a.Library().SaveQuery(q)
		must(t, err)
		return q
	}
	if got := shown(); got != "" {
		t.Errorf("at first: %q", got)
	}
	b := save(backend.SavedQuery{Name: " b ", Text: "2"})
	save(backend.SavedQuery{Name: "A", Text: "1", Prefix: "sel"})
	save(backend.SavedQuery{Name: "z", Folder: "Work", Text: "3"})
	save(backend.SavedQuery{Name: "a", Folder: "daily", Text: "4"})
	if got := shown(); got != "/A=1 /b=2 daily/a=4 Work/z=3 " {
		t.Errorf("shown %q", got)
	}
	b.Folder, b.Text = "work", "22"
	save(b)
	must(t, a.Library().DeleteQuery(backend.SavedQueryRef{ID: b.ID}))
	must(t, a.Library().DeleteQuery(backend.SavedQueryRef{ID: b.ID}))
	if got := shown(); got != "/A=1 daily/a=4 Work/z=3 " {
		t.Errorf("after deleting %q", got)
	}
	save(b) // undone
	a = a.again()
	if got := shown(); got != "/A=1 daily/a=4 work/b=22 Work/z=3 " && got != "/A=1 daily/a=4 Work/z=3 work/b=22 " {
		t.Errorf("after another start %q", got)
	}
	if _, err := a.Library().SaveQuery(backend.SavedQuery{Name: "  "}); apperr.KindOf(err) != apperr.Usage {
		t.Errorf("no name: %v", err)
	}
}
