package catalog_test

import (
	"context"
	"slices"
	"testing"

	"desktop.tusk/backend/internal/pgtest"
)

func TestEmptyDatabase(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		d := open(t, s.DB(t))
		c := d.fill()
		tree := c.Tree()
		var names []string
		for _, s := range tree.Schemas {
			names = append(names, s.Name)
		}
		if !slices.Equal(names, []string{"information_schema", "pg_catalog", "public"}) {
			t.Errorf("the schemas are %q", names)
		}
		if len(tree.Problems) > 0 {
			t.Errorf("problems: %q", tree.Problems)
		}
		if !slices.Equal(c.SearchPath(), []string{"pg_catalog", "public"}) {
			t.Errorf("the search path is %q", c.SearchPath())
		}
		if tree.Schemas[1].Functions < 2000 || tree.Schemas[1].Types < 50 {
			t.Errorf("pg_catalog has %+v", tree.Schemas[1])
		}
		if m, err := c.Members(context.Background(), d.pool, "function", tree.Schemas[1].OID); err != nil || len(m.Members) != tree.Schemas[1].Functions {
			t.Errorf("%d functions are listed, %v; %d are counted", len(m.Members), err, tree.Schemas[1].Functions)
		}
		if m, err := c.Members(context.Background(), d.pool, "type", tree.Schemas[1].OID); err != nil || len(m.Members) != tree.Schemas[1].Types {
			t.Errorf("%d types are listed, %v; %d are counted", len(m.Members), err, tree.Schemas[1].Types)
		}
		for _, kind := range []string{"extension", "role"} {
			if m, err := c.Members(context.Background(), d.pool, kind, 0); err != nil || len(m.Members) == 0 {
				t.Errorf("%s: %d, %v", kind, len(m.Members), err)
			}
		}
		r := c.Search("pg_class", 10)
		if len(r.Hits) < 5 || r.Hits[0].Name != "pg_class" || r.Hits[0].Kind != "relation" {
			t.Fatalf("%+v", r.Hits)
		}
		if de, err := c.Describe(context.Background(), d.pool, r.Hits[0].OID); err != nil || de.Quoted != "pg_catalog.pg_class" || len(de.Columns) < 30 {
			t.Errorf("%+v, %v", de, err)
		}
		if st, err := c.Statistics(context.Background(), d.pool, r.Hits[0].OID); err != nil || st.TableBytes < 8192 || st.TotalBytes <= st.TableBytes {
			t.Errorf("%+v, %v", st, err)
		}
	})
}
