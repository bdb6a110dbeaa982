package suggest

import (
	"cmp"
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// Nearest finds what a name the server refused was probably meant to be. place is where the server points, in UTF-16
// units, -1 when it does not; code is the SQLSTATE: 42703 (column), 42702 (one of several columns), 42P01 (relation),
// 42883 (function), 42704 (type), 3F000 (schema). What the server said is not looked at: it may be in any language.
func Nearest(names Names, text string, place int, code string) Mistake {
	n := &nearest{text: text}
	if place < 0 {
		if !n.unresolved(names, code) {
			return Mistake{}
		}
	} else {
		var ok bool
		if n.resolver, n.place, n.chain, ok = pointed(names, text, sqltext.ByteOfUnit(text, place)); !ok {
			return Mistake{}
		}
	}
	n.name = text[n.p.toks[n.chain.from].from:n.p.toks[n.chain.to-1].to]
	switch code {
	case "42703":
		n.columns()
	case "42702":
		n.ambiguous()
	case "42P01":
		n.relations()
	case "42883":
		n.routines()
	case "42704":
		if !n.types() {
			return Mistake{}
		}
	case "3F000":
		n.schemas()
	default:
		return Mistake{}
	}
	return n.result()
}

// nearest collects what is near to a name.
type nearest struct {
	*resolver
	*place
	text  string
	chain chainAt
	name  string
	why   string
	found []guess

	known, qualifier bool // as in Mistake
}

// columns looks for a column.
func (n *nearest) columns() {
	parts := n.chain.parts
	last := parts[len(parts)-1]
	if n.clause == inColumns || n.clause == inSet || n.clause == inConflict || n.clause == inOther {
		if n.block == nil || n.block.target == nil {
			return
		}
		for _, c := range n.columnsOf(n.block.target) {
			if !c.Generated || n.clause == inConflict {
				n.guess(0, parts[0], c.Name, n.chain.from, n.chain.from+1, Quote(c.Name), columnDetail(c))
			}
		}
		n.why = n.has(n.block.target)
		return
	}
	if len(parts) > 1 {
		n.qualifiedColumn(parts, last)
		return
	}
	levels := n.scope.visible()
	count := map[string]int{}
	for _, level := range levels {
		for _, c := range n.all(level) {
			count[c.Name]++
		}
	}
	for depth, level := range levels {
		for _, c := range n.all(level) {
			text := Quote(c.Name)
			if count[c.Name] > 1 {
				text = Quote(c.item.nameOf()) + "." + text
			}
			n.guess(min(depth, 1), last, c.Name, n.chain.from, n.chain.to, text, columnDetail(c))
		}
	}
	n.inList(last)
	if t := n.p.toks[n.chain.from]; t.kind == sqltext.Name && n.p.afterOperator(n.chain.from) {
		text := "'" + strings.ReplaceAll(t.word, "'", "''") + "'"
		n.found = append(n.found, guess{2, n.chain.from, n.chain.to, text, "a text; double quotes are for names"})
	}
	if n.why == "" && len(levels) > 0 {
		switch items := levels[0]; {
		case len(items) == 1 && len(levels) == 1:
			n.why = n.has(items[0])
		case len(items) > 1:
			n.why = "Nothing in FROM has a column with that name."
		}
	}
}

// ambiguous proposes each column that a name can mean.
func (n *nearest) ambiguous() {
	if len(n.chain.parts) > 1 {
		return
	}
	var list []string
	for _, c := range n.columnNamed(n.scope, n.chain.parts[0]) {
		text := Quote(c.item.nameOf()) + "." + Quote(c.Name)
		n.found = append(n.found, guess{0, n.chain.from, n.chain.to, text, columnDetail(c)})
		list = append(list, text)
	}
	if len(list) > 1 {
		n.why = "It can be " + strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1] + "."
	}
}

// afterOperator tells that an operator or a list stands before token i: a value is meant.
func (p *parser) afterOperator(i int) bool {
	if i == 0 {
		return false
	}
	switch t := p.toks[i-1]; t.kind {
	case sqltext.Operator:
		return p.text[t.from] != '.' && p.text[t.from] != ','
	case sqltext.Open:
		return i > 1 && p.toks[i-2].word == "in"
	case sqltext.Word:
		return t.word == "like" || t.word == "ilike"
	}
	return false
}

// inList says when the name is one that the list gives, which WHERE and the like do not see.
func (n *nearest) inList(name string) {
	if n.block == nil || n.clause == inSelect && n.block.kind != "select" {
		return
	}
	where := map[clause]string{inWhere: "WHERE", inOn: "ON", inSelect: "the list itself", inFrom: "FROM"}[n.clause]
	if where == "" {
		return
	}
	for _, s := range n.block.list {
		if given, _ := n.p.given(s); given == name {
			n.why = name + " is a name the list gives, and " + where + " does not see it. Write the expression again, or use a subquery."
		}
	}
}

func (n *nearest) qualifiedColumn(parts []string, last string) {
	at := n.chain.to - 1
	qualifier := parts[:len(parts)-1]
	it := n.itemNamed(n.scope, qualifier)
	if it != nil {
		for _, c := range n.columnsOf(it) {
			prefix := n.text[n.p.toks[n.chain.from].from:n.p.toks[at].from]
			n.guess(0, last, c.Name, n.chain.from, n.chain.to, prefix+Quote(c.Name), columnDetail(c))
		}
		n.why = n.has(it)
	}
	for _, level := range n.scope.visible() {
		for _, other := range level {
			if other == it {
				continue
			}
			for _, c := range n.columnsOf(other) {
				if c.Name == last {
					n.guess(2, last, c.Name, n.chain.from, n.chain.to, Quote(other.nameOf())+"."+Quote(c.Name), columnDetail(c))
				}
			}
		}
	}
}

// has is "The table public.customers, named c here, has no column with that name."
func (n *nearest) has(it *item) string {
	rel, ok := n.relationOf(it)
	if !ok {
		if it.nameOf() == "" || len(n.columnsOf(it)) == 0 {
			return ""
		}
		return "What is named " + Quote(it.nameOf()) + " here has no column with that name."
	}
	s := "The " + relationKinds[rel.Kind] + " " + qualified(rel.Schema, rel.Name)
	if it.alias != "" {
		s += ", named " + Quote(it.alias) + " here,"
	}
	return s + " has no column with that name."
}

// relations looks for a relation, or for what a qualifier means.
func (n *nearest) relations() {
	switch n.clause {
	case inFrom, inJoin, inTarget, inOther:
		n.tables()
	default:
		n.qualifiers()
	}
}

func (n *nearest) qualifiers() {
	if len(n.chain.parts) < 2 {
		return
	}
	q := n.chain.parts[len(n.chain.parts)-2]
	n.name, n.qualifier = Quote(q), true
	from, to := n.chain.from, n.chain.to-2
	last := n.chain.parts[len(n.chain.parts)-1]
	n.why = "Nothing in FROM is named " + Quote(q) + "."
	for _, level := range n.scope.visible() {
		for _, it := range level {
			name := it.nameOf()
			if name == "" {
				continue
			}
			text := Quote(name)
			n.guess(0, q, name, from, to, text, "in FROM")
			if k := len(it.name); k > 0 && it.alias != "" && it.name[k-1] == q {
				n.why = Quote(q) + " is named " + text + " in FROM, and only that name can be used."
				n.found = append(n.found, guess{0, from, to, text, "the name it has in FROM"})
			} else if k > 0 && it.alias != "" {
				if s, ok := near(q, it.name[k-1]); ok && s < 4 {
					n.found = append(n.found, guess{s + 1, from, to, text, "the name " + it.name[k-1] + " has in FROM"})
				}
			}
			for _, c := range n.columnsOf(it) {
				if c.Name == last && len(q) <= 3 {
					n.found = append(n.found, guess{5, from, to, text, "has a column " + Quote(last)})
				}
			}
		}
	}
}

// tables looks for a relation in FROM or as a target.
func (n *nearest) tables() {
	c := n.chain
	last := c.parts[len(c.parts)-1]
	path := n.names.SearchPath()
	if len(c.parts) == 1 {
		for _, w := range n.p.ctes(n.scope) {
			n.guess(0, last, w.name, c.from, c.to, Quote(w.name), "with")
		}
		if q := n.aliased(last); q != "" {
			n.why = q
		}
	}
	known := false
	for _, s := range n.names.Schemas() {
		inPath := slices.Contains(path, s.Name)
		asked := len(c.parts) > 1 && c.parts[len(c.parts)-2] == s.Name
		known = known || asked
		for _, rel := range n.names.Relations(s.Name) {
			penalty := 0
			switch {
			case s.System && rel.Name != last:
				continue
			case asked || len(c.parts) == 1 && inPath:
			case rel.Name == last: // elsewhere, by its exact name
				penalty = 1
				if len(c.parts) > 1 {
					if d, ok := near(c.parts[len(c.parts)-2], s.Name); ok {
						penalty = d - 2
					} else {
						penalty = 3
					}
				}
			case len(c.parts) == 1:
				penalty = 2
			default:
				continue
			}
			text := qualified(rel.Schema, rel.Name)
			if inPath && len(c.parts) == 1 && rel.Name != last { // else the session has another path than is known
				text = Quote(rel.Name)
			}
			n.guess(penalty, last, rel.Name, c.from, c.to, text, relationKinds[rel.Kind]+" in "+rel.Schema)
		}
	}
	switch {
	case n.why != "":
	case len(n.names.Schemas()) == 0: // nothing is known of the database
	case len(c.parts) > 1 && !known:
		n.why = "There is no schema " + Quote(c.parts[len(c.parts)-2]) + "."
	case len(c.parts) > 1:
		n.why = "The schema " + Quote(c.parts[len(c.parts)-2]) + " has nothing with that name."
	case len(n.found) > 0 && strings.Contains(n.found[0].text, "."):
		n.why = "A name without a schema is looked for in " + listed(path) + "."
	}
}

// aliased says when the name is an alias, which FROM cannot read from.
func (n *nearest) aliased(name string) string {
	for _, it := range n.p.items {
		if it.alias == name {
			return Quote(name) + " is an alias here; FROM reads from tables, views and functions."
		}
	}
	return ""
}

// listed writes "public", or "a and b", without the schema of the system.
func listed(path []string) string {
	var list []string
	for _, s := range path {
		if !isSystem(s) {
			list = append(list, Quote(s))
		}
	}
	switch len(list) {
	case 0:
		return "pg_catalog only"
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// schemas looks for a schema.
func (n *nearest) schemas() {
	n.name = n.chain.parts[0]
	n.schemaIn(n.chain)
	n.name = Quote(n.name)
}

func (n *nearest) schemaIn(c chainAt) {
	from := c.from
	if len(c.parts) > 2 {
		from += 2
	}
	written := n.p.toks[from].word
	for _, s := range n.names.Schemas() {
		if !s.System || s.Name == written {
			n.guess(0, written, s.Name, from, from+1, Quote(s.Name), "schema")
		}
	}
}

// routines looks for a function.
func (n *nearest) routines() {
	c := n.chain
	if have := n.functions(c.parts); len(have) > 0 {
		n.known = true
		var forms []string
		for _, f := range have[:min(len(have), 3)] {
			forms = append(forms, Quote(f.Name)+"("+strings.Join(f.Arguments, ", ")+")")
		}
		n.why = "There is " + strings.Join(forms, ", ") + "; none takes these arguments."
		if len(have) == 1 {
			n.why = "There is " + forms[0] + "; it does not take these arguments."
		}
		return
	}
	last := c.parts[len(c.parts)-1]
	path := n.names.SearchPath()
	if len(c.parts) == 1 {
		for name, s := range special {
			n.guess(1, last, name, c.from, c.to, name, "("+s.arguments+") → "+s.result)
		}
		slices.SortFunc(n.found, func(a, b guess) int { return cmp.Compare(a.text, b.text) })
	}
	for _, s := range n.names.Schemas() {
		inPath := slices.Contains(path, s.Name)
		asked := len(c.parts) > 1 && c.parts[0] == s.Name
		seen := ""
		for _, f := range n.names.Functions(s.Name) {
			if f.Name == seen || inner(f) || f.Result == "trigger" {
				continue
			}
			seen = f.Name
			switch text := qualified(s.Name, f.Name); {
			case len(c.parts) == 1 && inPath:
				penalty := 0
				if s.System {
					penalty = 1
				}
				n.guess(penalty, last, f.Name, c.from, c.to, quoteFunction(f.Name), signature(f))
			case asked:
				n.guess(0, last, f.Name, c.from, c.to, text, signature(f))
			case f.Name == last:
				n.guess(1, last, f.Name, c.from, c.to, text, signature(f))
			}
		}
	}
}

// types looks for a type; false when it is no type that is missing here.
func (n *nearest) types() bool {
	c, p := n.chain, n.p
	if !p.isCast(c.from-1) && !(c.from > 0 && p.toks[c.from-1].word == "as") && !(n.clause == inOther && expect(n.trail).clause == "type") {
		return false
	}
	last := c.parts[len(c.parts)-1]
	path := n.names.SearchPath()
	if len(c.parts) == 1 {
		for _, t := range commonTypes {
			n.guess(0, last, t.name, c.from, c.to, t.name, "type")
		}
	}
	for _, s := range n.names.Schemas() {
		inPath := slices.Contains(path, s.Name)
		asked := len(c.parts) > 1 && c.parts[0] == s.Name
		for _, t := range n.names.Types(s.Name) {
			detail := strings.TrimSpace(typeKinds[t.Kind] + " in " + s.Name)
			switch text := qualified(s.Name, t.Name); {
			case len(c.parts) == 1 && inPath:
				n.guess(0, last, t.Name, c.from, c.to, Quote(t.Name), detail)
			case asked:
				n.guess(0, last, t.Name, c.from, c.to, text, detail)
			case t.Name == last:
				n.guess(1, last, t.Name, c.from, c.to, text, detail)
			}
		}
	}
	return true
}
