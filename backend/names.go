package backend

import (
	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/suggest"
)

// names tells package suggest what a catalog knows. The lists are made once for each catalog, so that a keystroke makes
// none but that of a relation's columns.
type names struct {
	catalog   *catalog.Catalog
	schemas   []suggest.Schema
	relations map[string][]suggest.Relation // by schema, as all below
	exact     map[string]map[string]int     // where a relation is in relations
	places    map[uint32]placeOf            // the same by oid
	functions map[string][]suggest.Function
	types     map[string][]suggest.Type
}

type placeOf struct {
	schema string
	index  int
}

func newNames(c *catalog.Catalog) *names {
	tree := c.Tree()
	n := &names{
		catalog: c, schemas: make([]suggest.Schema, len(tree.Schemas)), relations: map[string][]suggest.Relation{},
		exact: map[string]map[string]int{}, places: make(map[uint32]placeOf, len(tree.OIDs)), functions: map[string][]suggest.Function{}, types: map[string][]suggest.Type{},
	}
	for i, s := range tree.Schemas {
		n.schemas[i] = suggest.Schema{Name: s.Name, Comment: s.Comment, System: s.System}
		n.exact[s.Name] = map[string]int{}
	}
	for i, oid := range tree.OIDs {
		schema := tree.Schemas[tree.Schema[i]].Name
		n.exact[schema][tree.Names[i]] = len(n.relations[schema])
		n.places[oid] = placeOf{schema, len(n.relations[schema])}
		n.relations[schema] = append(n.relations[schema], suggest.Relation{
			OID: oid, Schema: schema, Name: tree.Names[i], Kind: tree.Kinds[i], Rows: tree.Rows[i], Part: tree.Parents[i] != 0, Comment: c.Comment(oid),
		})
	}
	for _, f := range c.Functions() {
		n.functions[f.Schema] = append(n.functions[f.Schema], suggest.Function{
			Schema: f.Schema, Name: f.Name, Kind: f.Kind, Arguments: f.Arguments, Required: f.Required, Result: f.Result, Set: f.Set,
			Columns: columns(f.Columns), Comment: f.Comment,
		})
	}
	for _, t := range c.Types() {
		n.types[t.Schema] = append(n.types[t.Schema], suggest.Type{Schema: t.Schema, Name: t.Name, Kind: t.Kind, Labels: t.Labels, Comment: t.Comment})
	}
	return n
}

func columns(list []catalog.Column) []suggest.Column {
	if len(list) == 0 {
		return nil
	}
	out := make([]suggest.Column, len(list))
	for i, c := range list {
		out[i] = suggest.Column(c)
	}
	return out
}

func (n *names) SearchPath() []string                       { return n.catalog.SearchPath() }
func (n *names) Roles() []string                            { return n.catalog.Roles() }
func (n *names) Schemas() []suggest.Schema                  { return n.schemas }
func (n *names) Relations(schema string) []suggest.Relation { return n.relations[schema] }
func (n *names) Columns(oid uint32) []suggest.Column        { return columns(n.catalog.Columns(oid)) }
func (n *names) Functions(schema string) []suggest.Function { return n.functions[schema] }
func (n *names) Types(schema string) []suggest.Type         { return n.types[schema] }

func (n *names) Relation(schema, name string) (suggest.Relation, bool) {
	i, ok := n.exact[schema][name]
	if !ok {
		return suggest.Relation{}, false
	}
	return n.relations[schema][i], true
}

func (n *names) RelationOf(oid uint32) (suggest.Relation, bool) {
	at, ok := n.places[oid]
	if !ok {
		return suggest.Relation{}, false
	}
	return n.relations[at.schema][at.index], true
}

func (n *names) ForeignKeys(oid uint32) []suggest.ForeignKey {
	keys := n.catalog.ForeignKeys(oid)
	out := make([]suggest.ForeignKey, len(keys))
	for i, k := range keys {
		out[i] = suggest.ForeignKey(k)
	}
	return out
}
