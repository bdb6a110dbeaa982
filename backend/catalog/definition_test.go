package catalog_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/internal/pgtest"
	"github.com/jackc/pgx/v5/pgconn"
)

// made is an object's definition.
type made struct {
	name string
	oid  uint32
	sql  string
}

// definitions asks for the definition of everything in the database, in the order in which it was made. Sequences that a
// column makes are left out, because the table's definition has them.
func (d *database) definitions() []made {
	d.t.Helper()
	ctx := context.Background()
	c := d.fill()
	tree := c.Tree()
	var all []made
	define := func(kind, name string, oid uint32) {
		got, err := c.Definition(ctx, d.pool, kind, oid)
		if err != nil {
			d.t.Errorf("%s %s: %v", kind, name, err)
			return
		}
		if strings.Contains(got.Missing, "extension") && kind != "extension" {
			return
		}
		all = append(all, made{kind + " " + name, oid, got.SQL})
	}
	rows, err := d.pool.Query(ctx, "select objid from pg_catalog.pg_depend where classid = 'pg_catalog.pg_class'::pg_catalog.regclass and deptype in ('a', 'i') and refobjsubid > 0 and refclassid = classid")
	if err != nil {
		d.t.Fatal(err)
	}
	var owned []string
	for _, r := range rows {
		owned = append(owned, string(r[0]))
	}
	for i, oid := range tree.OIDs {
		schema := tree.Schemas[tree.Schema[i]]
		if schema.System || tree.Kinds[i] == 'S' && slices.Contains(owned, fmt.Sprint(oid)) {
			continue
		}
		define("relation", schema.Name+"."+tree.Names[i], oid)
	}
	for _, f := range c.Functions() {
		if !strings.HasPrefix(f.Schema, "pg_") && f.Schema != "information_schema" {
			define("function", f.Schema+"."+f.Name, f.OID)
		}
	}
	for _, t := range c.Types() {
		if !strings.HasPrefix(t.Schema, "pg_") && t.Schema != "information_schema" && t.Kind != 'c' && t.Kind != 'm' {
			define("type", t.Schema+"."+t.Name, t.OID)
		}
	}
	for _, s := range tree.Schemas {
		if !s.System {
			define("schema", s.Name, s.OID)
		}
	}
	extensions, err := c.Members(ctx, d.pool, "extension", 0)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, e := range extensions.Members {
		define("extension", e.Name, e.OID)
	}
	slices.SortFunc(all, func(a, b made) int { return cmp.Compare(a.oid, b.oid) })
	return all
}

// rebuild runs definitions in an order that works: those that fail are tried again after the others.
func (d *database) rebuild(all []made) {
	d.t.Helper()
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, d.url)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	for len(all) > 0 {
		var failed []made
		var why []error
		for _, m := range all {
			if err := c.Exec(ctx, m.sql).Close(); err != nil {
				failed, why = append(failed, m), append(why, err)
			}
		}
		if len(failed) == len(all) {
			for i, m := range failed {
				d.t.Errorf("%s: %v\n%s", m.name, why[i], m.sql)
			}
			return
		}
		all = failed
	}
}

// lines lists everything in a database for comparing.
func (d *database) lines(major int) []string {
	d.t.Helper()
	rows, err := d.pool.Query(context.Background(), script(d.t, "snapshot.sql", major))
	if err != nil {
		d.t.Fatal(err)
	}
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = string(r[0])
	}
	slices.Sort(list)
	return list
}

// bare is an empty database without what initdb puts in, but with the servers that foreign tables need.
func bare(t testing.TB, s *pgtest.Server) *database {
	d := open(t, s.DB(t))
	d.exec(`drop schema public cascade; drop extension plpgsql;
		create foreign data wrapper "wrap "".%s"; create server "serve "".%s" foreign data wrapper "wrap "".%s";
		create foreign data wrapper dummy; create server elsewhere foreign data wrapper dummy`)
	return d
}

func TestDefinitionsMakeTheSame(t *testing.T) {
	t.Parallel()
	for _, fixture := range []string{"features.sql", "hostile.sql"} {
		t.Run(fixture, func(t *testing.T) {
			t.Parallel()
			majors(t, func(t *testing.T, s *pgtest.Server) {
				from, to := open(t, s.DB(t)), bare(t, s)
				from.exec(script(t, fixture, s.Major))
				to.rebuild(from.definitions())
				if t.Failed() {
					return
				}
				want, got := from.lines(s.Major), to.lines(s.Major)
				if len(want) < 200 {
					t.Errorf("only %d things are compared", len(want))
				}
				compare(t, want, got)
			})
		})
	}
}

func compare(t *testing.T, want, got []string) {
	t.Helper()
	for _, l := range want {
		if _, ok := slices.BinarySearch(got, l); !ok {
			t.Errorf("missing: %s", l)
		}
	}
	for _, l := range got {
		if _, ok := slices.BinarySearch(want, l); !ok {
			t.Errorf("not wanted: %s", l)
		}
	}
}
