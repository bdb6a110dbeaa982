package backend_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/suggest"
)

// catalogs gives what the window was told about a connection's catalog.
func (a *app) catalogs(connection string) (list []backend.CatalogEvent) {
	for _, e := range a.of(backend.EventCatalog) {
		if c := e.payload.(backend.CatalogEvent); c.ConnectionID == connection {
			list = append(list, c)
		}
	}
	return list
}

// complete waits until everything was read after so many events.
func (a *app) complete(connection string, after int) {
	a.t.Helper()
	eventually(a.t, "the catalog of "+connection+" is complete", func() bool {
		list := a.catalogs(connection)
		return len(list) > after && list[len(list)-1].Complete
	})
}

func (a *app) tree(connection string) catalog.Tree {
	a.t.Helper()
	tree, err := a.Schema().Tree(backend.ConnectionRef{ConnectionID: connection})
	if err != nil {
		a.t.Fatal(err)
	}
	return tree
}

func TestTreeIsReadOnce(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.Sample(t))
	if a.CatalogOf("gone") != nil || a.NamesOf("gone") != nil {
		t.Error("a connection that is not there has a catalog")
	}
	versions := make([]int, 8)
	var wg sync.WaitGroup
	for i := range versions {
		wg.Go(func() { versions[i] = a.tree("c").Version })
	}
	wg.Wait()
	a.complete("c", 1)
	events := a.catalogs("c")
	if len(events) != 2 || events[0].Complete || events[1].Version <= events[0].Version {
		t.Errorf("eight calls at once: %+v", events)
	}
	for _, v := range versions {
		if v != events[0].Version && v != events[1].Version {
			t.Errorf("versions %v, events %+v", versions, events)
		}
	}
	if a.CatalogOf("c") == nil || a.tree("c").Version != events[1].Version {
		t.Error("the catalog is not kept")
	}
	if _, err := a.Schema().Tree(backend.ConnectionRef{ConnectionID: "gone"}); apperr.KindOf(err) != apperr.Lost {
		t.Errorf("a connection that is not there: %v", err)
	}
	again, err := a.Schema().Refresh(backend.ConnectionRef{ConnectionID: "c"})
	if err != nil || again.Version <= events[1].Version {
		t.Errorf("refreshed to %d, %v", again.Version, err)
	}
	a.complete("c", 3)
	if err := a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: "c"}); err != nil {
		t.Fatal(err)
	}
	if a.CatalogOf("c") != nil {
		t.Error("the catalog outlives its connection")
	}
}

// TestObjectsOfASchema asks every method about the sample's tables.
func TestObjectsOfASchema(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.Sample(t))
	tree := a.tree("c")
	i := 0
	for tree.Kinds[i] != 'r' || tree.Schemas[tree.Schema[i]].System {
		i++
	}
	ref := backend.ObjectRef{ConnectionID: "c", Kind: "relation", OID: tree.OIDs[i]}
	d, err := a.Schema().Describe(ref)
	if err != nil || d.Name != tree.Names[i] || len(d.Columns) == 0 {
		t.Errorf("%+v, %v", d, err)
	}
	if s, err := a.Schema().Statistics(ref); err != nil || s.TotalBytes < 8192 {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := a.Schema().Definition(ref); err != nil || !strings.HasPrefix(s.SQL, "CREATE TABLE "+d.Quoted+" (") {
		t.Errorf("%+v, %v", s, err)
	}
	if p, err := a.Schema().Drop(ref); err != nil || p.SQL != "DROP TABLE "+d.Quoted+";" {
		t.Errorf("%+v, %v", p, err)
	}
	if m, err := a.Schema().Members(backend.MembersRequest{ConnectionID: "c", Kind: "extension"}); err != nil || len(m.Members) == 0 {
		t.Errorf("%+v, %v", m, err)
	}
	if r, err := a.Schema().Search(backend.SearchRequest{ConnectionID: "c", Text: d.Name}); err != nil || len(r.Hits) == 0 || r.Hits[0].OID != d.OID {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestCatalogFollowsDDL(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "create table before_tree (id int)")
	if len(a.catalogs("c")) > 0 {
		t.Error("a catalog nobody asked for is read")
	}
	a.tree("c")
	a.complete("c", 1)
	has := func(name string) bool { return slices.Contains(a.tree("c").Names, name) }
	seen := len(a.catalogs("c"))
	for _, one := range []struct{ sql, there, gone string }{
		{"create table made (id int)", "made", ""},
		{"alter table made rename to renamed", "renamed", "made"},
		{"select 1 as id into selected", "selected", ""},
		{"create table as_query as select 1 as id", "as_query", ""},
		{"do $$ begin create table by_block (id int); end $$", "by_block", ""},
		{"begin; create table in_one (id int); insert into in_one values (1); commit", "in_one", ""},
		{"drop table renamed", "", "renamed"},
	} {
		a.run("c", "t", one.sql)
		a.complete("c", seen)
		if one.there != "" && !has(one.there) || one.gone != "" && has(one.gone) {
			t.Errorf("after %s: %q", one.sql, a.tree("c").Names)
		}
		seen = len(a.catalogs("c"))
	}
	a.run("c", "t", "begin")
	a.run("c", "t", "create table later (id int)")
	a.run("c", "t", "select 1; insert into later values (1); update later set id = 2")
	if n := len(a.catalogs("c")); n != seen {
		t.Errorf("%d events while nothing is to be seen from outside", n-seen)
	}
	a.run("c", "t", "commit")
	a.complete("c", seen)
	if !has("later") {
		t.Error("a commit is not followed")
	}
	if cols := a.NamesOf("c").Columns(a.relation("c", "public", "later").OID); len(cols) != 1 {
		t.Errorf("the new table's columns are %+v", cols)
	}
	seen = len(a.catalogs("c"))
	a.run("c", "t", "insert into later values (3); select * from later; explain select 1; set work_mem = '4MB'")
	if n := len(a.catalogs("c")); n != seen {
		t.Error("the catalog is read again for statements that change no names")
	}
}

func (a *app) relation(connection, schema, name string) suggest.Relation {
	a.t.Helper()
	r, ok := a.NamesOf(connection).Relation(schema, name)
	if !ok {
		a.t.Fatalf("there is no %s.%s", schema, name)
	}
	return r
}

func TestNames(t *testing.T) {
	t.Parallel()
	a := start(t)
	url := pgtest.DB(t)
	a.connect("c", url)
	a.run("c", "t", `create schema s; comment on schema s is 'S'; create type s.mood as enum ('a', 'b'); comment on type s.mood is 'M';
		create table s.p (id int generated always as identity primary key, m s.mood not null default 'a', n text); comment on table s.p is 'P'; comment on column s.p.n is 'N';
		create table s.q (p int not null references s.p, x int); create table s.parted (a int) partition by list (a); create table s.part partition of s.parted for values in (1);
		create function s.f(a int, b text default 'x, y') returns setof s.q language sql as 'select * from s.q'; comment on function s.f(int, text) is 'F'`)
	a.tree("c")
	a.complete("c", 1)
	n := a.NamesOf("c")
	if !slices.Equal(n.SearchPath(), []string{"pg_catalog", "public"}) {
		t.Errorf("%q", n.SearchPath())
	}
	if !slices.Contains(n.Schemas(), suggest.Schema{Name: "s", Comment: "S"}) || !slices.ContainsFunc(n.Schemas(), func(s suggest.Schema) bool { return s.Name == "pg_catalog" && s.System }) {
		t.Errorf("%+v", n.Schemas())
	}
	var names []string
	for _, r := range n.Relations("s") {
		names = append(names, r.Name)
	}
	if !slices.Equal(names, []string{"p", "p_id_seq", "part", "parted", "q"}) {
		t.Errorf("%q", names)
	}
	p, q := a.relation("c", "s", "p"), a.relation("c", "s", "q")
	if p.Comment != "P" || p.Kind != 'r' || p.Rows != -1 || p.Part || !a.relation("c", "s", "part").Part {
		t.Errorf("%+v", p)
	}
	want := []suggest.Column{
		{Name: "id", Type: "integer", NotNull: true, HasDefault: true, Generated: true, Key: true},
		{Name: "m", Type: "s.mood", NotNull: true, HasDefault: true}, {Name: "n", Type: "text", Comment: "N"},
	}
	if !slices.Equal(n.Columns(p.OID), want) {
		t.Errorf("%+v", n.Columns(p.OID))
	}
	for _, oid := range []uint32{p.OID, q.OID} {
		if k := n.ForeignKeys(oid); len(k) != 1 || k[0].From != q.OID || k[0].To != p.OID || !k[0].NotNull || !slices.Equal(k[0].Columns, []string{"p"}) || !slices.Equal(k[0].ToColumns, []string{"id"}) {
			t.Errorf("%+v", k)
		}
	}
	if f := n.Functions("s"); len(f) != 1 || !slices.Equal(f[0].Arguments, []string{"a integer", "b text DEFAULT 'x, y'::text"}) || f[0].Required != 1 || !f[0].Set || len(f[0].Columns) != 2 || f[0].Comment != "F" {
		t.Errorf("%+v", f)
	}
	if ty := n.Types("s"); len(ty) != 1 || ty[0].Kind != 'e' || !slices.Equal(ty[0].Labels, []string{"a", "b"}) || ty[0].Comment != "M" {
		t.Errorf("%+v", ty)
	}
	if len(n.Functions("pg_catalog")) < 1000 || len(n.Types("nowhere")) > 0 || len(n.Columns(1)) > 0 {
		t.Error("pg_catalog's functions, or something of nowhere")
	}
}
