package backend_test

import (
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/suggest"
)

// labels lists what can be written where | stands in a text.
func (a *app) labels(connection, tab, text string) []string {
	a.t.Helper()
	before, after, _ := strings.Cut(text, "|")
	c, err := a.Schema().Complete(backend.CompleteRequest{ConnectionID: connection, SessionID: tab, Text: before + after, Cursor: len(before)})
	if err != nil {
		a.t.Fatal(err)
	}
	var list []string
	for _, s := range c.Items {
		list = append(list, s.Label)
	}
	return list
}

func TestSuggestionsOfADatabase(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, srv *pgtest.Server) {
		a := start(t)
		a.connect("c", srv.Sample(t))
		eventually(t, "the catalog is read", func() bool { c := a.CatalogOf("c"); return c != nil && c.Complete() })
		for text, want := range map[string]string{
			"select * from orders o\n  join |":            "customers c on c.id = o.customer_id",
			"select o.| from orders o":                    "id",
			"select * from orders o where o.sta|":         "status",
			"select order_t|":                             "order_total",
			"select 'x'::order_s|":                        "order_status",
			"with x as (select 1 as one) select | from x": "one",
		} {
			if got := a.labels("c", "t", text); len(got) == 0 || got[0] != want {
				t.Errorf("%q: %q, not first %q", text, got, want)
			}
		}
		about, err := a.Schema().About(backend.AboutRequest{ConnectionID: "c", Text: "select o.status from orders o", Cursor: 10})
		if err != nil || about.Name != "public.orders.status" || about.OID == 0 {
			t.Errorf("%+v, %v", about, err)
		}
		g, err := a.Schema().Signatures(backend.AboutRequest{ConnectionID: "c", Text: "select order_total(", Cursor: 19})
		if err != nil || g.Name != "public.order_total" || len(g.Choices) != 1 {
			t.Errorf("%+v, %v", g, err)
		}
		e, err := a.Schema().Expand(backend.AboutRequest{ConnectionID: "c", Text: "select * from customers", Cursor: 7})
		if err != nil || !strings.HasPrefix(e.Text, "id, name") || e.From != 7 || e.To != 8 {
			t.Errorf("%+v, %v", e, err)
		}

		// A session's own search_path counts where the server tells it.
		if s := a.run("c", "t", "create schema elsewhere; create table elsewhere.only_there (a int); set search_path = elsewhere"); s.Outcome != session.Finished {
			t.Fatal(s.Statements)
		}
		eventually(t, "the new table is known", func() bool {
			_, ok := a.NamesOf("c").Relation("elsewhere", "only_there")
			return ok
		})
		if got := a.labels("c", "t", "select * from only_|"); len(got) != 1 || got[0] != "only_there" {
			t.Errorf("with a search_path of its own: %q", got)
		}
		if got := a.labels("c", "other", "select * from only_|"); len(got) != 1 || got[0] != "elsewhere.only_there" {
			t.Errorf("another tab: %q", got)
		}
		if got := a.labels("c", "t", "grant select on elsewhere.only_there to pg_read_all_s|"); !slices.Equal(got, []string{"pg_read_all_settings", "pg_read_all_stats"}) {
			t.Errorf("roles: %q", got)
		}
	})
}

func TestSuggestionsWithoutADatabase(t *testing.T) {
	t.Parallel()
	a := start(t)
	if got := a.labels("", "", "sel|"); len(got) != 2 || got[1] != "select" {
		t.Errorf("%q", got)
	}
	if got := a.labels("nosuch", "t", "with x as (select 1 as one) select | from x"); len(got) == 0 || got[0] != "one" {
		t.Errorf("%q", got)
	}
	about, err := a.Schema().About(backend.AboutRequest{Text: "select x", Cursor: 8})
	if err != nil || about != (suggest.About{}) {
		t.Errorf("%+v, %v", about, err)
	}
}
