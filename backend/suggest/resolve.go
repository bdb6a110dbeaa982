package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// column is a column as seen from a place.
type column struct {
	Column
	relation Relation // where it is kept; zero for one that is computed
	item     *item    // of FROM, through which it is seen; nil for an output of a query
	merged   bool     // by USING or NATURAL JOIN, with that of an item before
}

// resolver finds what names mean.
type resolver struct {
	names Names
	p     *parser
	depth int
}

// maxNesting bounds how deep the columns of queries in queries are looked for, maxColumns how many a query has: PostgreSQL
// allows 1664.
const (
	maxNesting = 60
	maxColumns = 1664
)

// relation finds a relation by its written name.
func (r *resolver) relation(name []string) (Relation, bool) {
	switch len(name) {
	case 1:
		for _, s := range r.names.SearchPath() {
			if rel, ok := r.names.Relation(s, name[0]); ok {
				return rel, true
			}
		}
	case 2, 3:
		return r.names.Relation(name[len(name)-2], name[len(name)-1])
	}
	return Relation{}, false
}

// functions finds those with a written name.
func (r *resolver) functions(name []string) (list []Function) {
	switch len(name) {
	case 1:
		for _, s := range r.names.SearchPath() {
			for _, f := range r.names.Functions(s) {
				if f.Name == name[0] {
					list = append(list, f)
				}
			}
		}
	case 2, 3:
		for _, f := range r.names.Functions(name[len(name)-2]) {
			if f.Name == name[len(name)-1] {
				list = append(list, f)
			}
		}
	}
	return list
}

// cte finds a query of WITH that a name without schema means.
func (r *resolver) cte(sc *scope, name string) *cte {
	for ; sc != nil; sc = sc.outer {
		for i := len(sc.ctes) - 1; i >= 0; i-- {
			if sc.ctes[i].name == name {
				return sc.ctes[i]
			}
		}
	}
	return nil
}

// nameOf is what an item is called in expressions.
func (it *item) nameOf() string {
	if it.alias != "" {
		return it.alias
	}
	if n := len(it.name); n > 0 {
		return it.name[n-1]
	}
	return ""
}

// columnsOf lists the columns of an item.
func (r *resolver) columnsOf(it *item) []column {
	if it.read || r.depth > maxNesting {
		return it.memo
	}
	it.read = true // nothing, should its own columns be asked for on the way
	r.depth++
	cols := r.source(it)
	r.depth--
	out := make([]column, len(cols))
	for i, c := range cols {
		c.item, c.merged = it, false
		out[i] = c
	}
	if it.ordinal {
		out = append(out, column{Column: Column{Name: "ordinality", Type: "bigint", NotNull: true}, item: it})
	}
	for i, name := range it.columns {
		switch {
		case i < len(out) && (it.types == nil || it.types[i] == ""):
			out[i].Name = name
		case i < len(out):
			out[i].Name, out[i].Type = name, it.types[i]
		default:
			c := column{Column: Column{Name: name}, item: it}
			if i < len(it.types) {
				c.Type = it.types[i]
			}
			out = append(out, c)
		}
	}
	it.memo = out
	return out
}

// source lists the columns of what an item reads from, before its alias renames them.
func (r *resolver) source(it *item) []column {
	switch {
	case it.query != nil:
		return r.outputs(it.query)
	case it.call:
		return r.results(it)
	case len(it.name) == 1:
		if c := r.cte(it.scope, it.name[0]); c != nil {
			return r.cteColumns(c)
		}
	}
	rel, ok := r.relation(it.name)
	if !ok {
		return nil
	}
	return r.stored(rel)
}

func (r *resolver) stored(rel Relation) []column {
	list := r.names.Columns(rel.OID)
	out := make([]column, len(list))
	for i, c := range list {
		out[i] = column{Column: c, relation: rel}
	}
	return out
}

func (r *resolver) cteColumns(c *cte) []column {
	var cols []column
	if c.query != nil {
		cols = slices.Clone(r.outputs(c.query))
	}
	for i, name := range c.columns {
		if i < len(cols) {
			cols[i].Name = name
		} else {
			cols = append(cols, column{Column: Column{Name: name}})
		}
	}
	for _, name := range c.extra {
		cols = append(cols, column{Column: Column{Name: name}})
	}
	return cols
}

// results lists the columns a function in FROM gives.
func (r *resolver) results(it *item) []column {
	if len(it.name) == 0 {
		return nil
	}
	list := r.functions(it.name)
	var f Function
	if len(list) > 0 {
		f = list[0]
	}
	if len(f.Columns) > 0 {
		out := make([]column, len(f.Columns))
		for i, c := range f.Columns {
			out[i] = column{Column: c}
		}
		return out
	}
	result := strings.TrimPrefix(f.Result, "SETOF ")
	if rel, ok := r.relation(typeName(result)); ok && result != "" {
		return r.stored(rel)
	}
	if len(it.columns) > 0 && it.types != nil && it.types[0] != "" || result == "record" {
		return nil // the definition list says it
	}
	name := it.name[len(it.name)-1]
	if it.alias != "" {
		name = it.alias
	}
	return []column{{Column: Column{Name: name, Type: result}}}
}

// typeName splits the name of a type as format_type writes it.
func typeName(s string) []string {
	var parts []string
	for l := sqltext.NewLexer(s); ; {
		t, ok := l.Next()
		if !ok {
			return parts
		}
		switch t.Kind {
		case sqltext.Word, sqltext.Name:
			parts = append(parts, token(s, t).word)
		case sqltext.Operator:
		default:
			return parts
		}
	}
}

// all lists the columns of FROM as * does: those that USING and NATURAL JOIN merge once.
func (r *resolver) all(items []*item) []column {
	var out []column
	have := map[string]bool{}
	for _, it := range items {
		if len(out) >= maxColumns {
			break
		}
		for _, c := range r.columnsOf(it) {
			c.merged = slices.Contains(it.using, c.Name) || it.natural && have[c.Name]
			if !c.merged {
				out = append(out, c)
			}
		}
		for _, c := range r.columnsOf(it) {
			have[c.Name] = true
		}
	}
	var names []string
	for _, it := range items {
		names = append(names, it.using...)
	}
	if names = names[:min(len(names), maxColumns)]; len(names) > 0 { // merged columns come first
		slices.SortStableFunc(out, func(a, b column) int {
			x, y := slices.Index(names, a.Name), slices.Index(names, b.Name)
			if x < 0 {
				x = len(names)
			}
			if y < 0 {
				y = len(names)
			}
			return x - y
		})
	}
	return out
}

// visible lists the items an expression sees from a scope, the innermost level first.
func (sc *scope) visible() (levels [][]*item) {
	for ; sc != nil; sc = sc.outer {
		if sc.block == nil {
			continue
		}
		items := sc.block.items
		if sc.limit >= 0 {
			items = items[:min(sc.limit, len(items))]
		}
		levels = append(levels, items)
	}
	return levels
}

// itemNamed finds what a qualifier means: an alias, a table's name, a schema and a table.
func (r *resolver) itemNamed(sc *scope, parts []string) *item {
	for _, level := range sc.visible() {
		for _, it := range level {
			switch len(parts) {
			case 1:
				if it.nameOf() == parts[0] {
					return it
				}
			case 2, 3:
				if it.alias == "" && len(it.name) > 0 && it.name[len(it.name)-1] == parts[len(parts)-1] {
					if rel, ok := r.relation(it.name); ok && rel.Schema == parts[len(parts)-2] {
						return it
					}
				}
			}
		}
	}
	return nil
}

// columnNamed finds the columns a name without qualifier can mean, on the innermost level that has any.
func (r *resolver) columnNamed(sc *scope, name string) (found []column) {
	for _, level := range sc.visible() {
		for _, c := range r.all(level) {
			if c.Name == name {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// resolve finds the column that a written name means. Of several it gives the first.
func (r *resolver) resolve(sc *scope, parts []string) (column, bool) {
	switch n := len(parts); {
	case n == 1:
		if found := r.columnNamed(sc, parts[0]); len(found) > 0 {
			return found[0], true
		}
	case n > 1:
		if it := r.itemNamed(sc, parts[:n-1]); it != nil {
			for _, c := range r.columnsOf(it) {
				if c.Name == parts[n-1] {
					return c, true
				}
			}
		}
	}
	return column{}, false
}
