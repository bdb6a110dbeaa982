package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
)

// relation is a row of relations.sql.
type relation struct {
	oid, schema uint32
	name, key   string // key is what it is sorted by
	kind        byte
	rows        int
	part        bool
}

// Load reads all schemas and relations in one message. What before, if there is one, knows of columns, functions and
// types is kept until Fill reads it again. Errors: those of Querier.Ask; when the server answers but refuses a part, the
// rest stands and Tree has the problem.
func Load(ctx context.Context, q Querier, before *Catalog) (*Catalog, error) {
	c := &Catalog{}
	var (
		relations        []relation
		parents          map[uint32]uint32
		functions, types map[uint32]int
	)
	reset := func() {
		c.tree, c.path = Tree{Problems: []string{}}, nil
		relations, parents, functions, types = nil, map[uint32]uint32{}, map[uint32]int{}, map[uint32]int{}
	}
	reset()
	parts := []part{
		{"The database's name and version", "server", func(r row) { c.tree.Database, c.server = r.text(0), r.number(1) }},
		{"Schemas", "namespaces", func(r row) {
			c.tree.Schemas = append(c.tree.Schemas, TreeSchema{OID: r.oid(0), Name: r.text(1), Comment: r.text(2), System: isSystem(r.text(1))})
		}},
		{"Relations", "relations", func(r row) {
			relations = append(relations, relation{oid: r.oid(0), name: r.text(1), schema: r.oid(2), kind: r.char(3), rows: c.estimate(r, 4, r.char(3)), part: r.yes(6)})
		}},
		{"Partitions", "inherits", func(r row) { parents[r.oid(0)] = r.oid(1) }},
		{"The number of functions", "count_functions", func(r row) { functions[r.oid(0)] = r.number(1) }},
		{"The number of types", "count_types", func(r row) { types[r.oid(0)] = r.number(1) }},
		{"The default search path", "default_path", func(row) {}},
		{"The schemas of the search path", "current_path", func(r row) { c.path = append(c.path, r.text(0)) }},
	}
	err := askAll(ctx, q, oldest, parts, reset, func(p part, err error) {
		c.tree.Problems = append(c.tree.Problems, unread(p.name, err))
	})
	if err != nil {
		return nil, err
	}
	c.arrange(relations, parents, functions, types)
	if before != nil {
		c.filled, c.kept = before.filled, true
	}
	c.tree.Version, c.tree.ReadAt = int(versions.Add(1)), int(time.Now().UnixMilli())
	return c, nil
}

// oldest is the oldest major version whose catalogs are known here. Load's questions are the same for all.
const oldest = 10

// unread is the sentence for a part that the server did not give.
func unread(name string, err error) string {
	e := apperr.From(err)
	return name + " cannot be read: " + strings.TrimSuffix(cmp.Or(e.Message, e.Title), ".") + "."
}

// isSystem tells whether a schema is the server's, or one in which an extension keeps pieces nobody reads by name.
func isSystem(name string) bool {
	return strings.HasPrefix(name, "pg_") || name == "information_schema" || strings.HasPrefix(name, "_timescaledb_") || name == "crdb_internal"
}

// estimate tells the rows of a relation from its reltuples and relpages, two columns from i on. Before PostgreSQL 14 both
// are 0 until a table is analysed; an empty one that was analysed looks the same there.
func (c *Catalog) estimate(r row, i int, kind byte) int {
	rows := r.number(i)
	if kind == 'v' || kind == 'c' || kind == 'S' || c.major() < 14 && rows == 0 && r.number(i+1) == 0 {
		return -1
	}
	return max(rows, -1)
}

// arrange fills the tree's lists in order.
func (c *Catalog) arrange(relations []relation, parents map[uint32]uint32, functions, types map[uint32]int) {
	t := &c.tree
	used := map[uint32]bool{}
	for _, r := range relations {
		used[r.schema] = true
	}
	// The server keeps the schemas of sessions that are over.
	t.Schemas = slices.DeleteFunc(t.Schemas, func(s TreeSchema) bool { return strings.HasPrefix(s.Name, "pg_temp_") && !used[s.OID] })
	slices.SortFunc(t.Schemas, func(a, b TreeSchema) int { return strings.Compare(a.Name, b.Name) })
	schemas := make(map[uint32]int, len(t.Schemas))
	for i, s := range t.Schemas {
		schemas[s.OID] = i
	}
	relations = slices.DeleteFunc(relations, func(r relation) bool { _, ok := schemas[r.schema]; return !ok })
	for i := range relations {
		relations[i].key = strings.ToLower(relations[i].name)
	}
	slices.SortFunc(relations, func(a, b relation) int {
		if n := schemas[a.schema] - schemas[b.schema]; n != 0 {
			return n
		}
		return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.name, b.name))
	})
	n := len(relations)
	t.OIDs, t.Names, t.Schema, t.Rows, t.Parents = make([]uint32, n), make([]string, n), make([]int, n), make([]int, n), make([]uint32, n)
	c.places = make(map[uint32]int, n)
	kinds := make([]byte, n)
	for i, r := range relations {
		t.OIDs[i], t.Names[i], t.Schema[i], t.Rows[i], kinds[i] = r.oid, r.name, schemas[r.schema], r.rows, r.kind
		if r.part {
			t.Parents[i] = parents[r.oid]
		}
		if r.kind == 'c' {
			types[r.schema]++
		}
		c.places[r.oid] = i
	}
	t.Kinds = string(kinds)
	for i := range t.Schemas {
		s := &t.Schemas[i]
		s.Functions, s.Types = functions[s.OID], types[s.OID]
	}
	if t.Schemas == nil {
		t.Schemas = []TreeSchema{}
	}
}
