package catalog

import (
	"cmp"
	"container/heap"
	"slices"
	"strings"
	"unicode/utf8"
)

// index is what Search looks through: a dictionary of the different names, and the things that have them.
type index struct {
	names   []name
	things  []thing // all but columns
	columns []int32 // names of the columns, as contents.columns
	places  []int32 // of the relation of each column
}

type name struct {
	text, folded string
	mask, starts uint64
	holds        bool // a schema's or a relation's, which something can be in
}

// thing is a schema, relation, function, type or extension.
type thing struct {
	kind   byte  // s r f t e
	system bool  // in a schema of the server's
	late   bool  // a partition: after its parent
	name   int32 // in index.names
	schema int32 // its schema's, -1 for none
	at     int   // in the list of its kind
}

// maxPattern bounds what is looked for, in bytes.
const maxPattern = 256

// Search finds objects and columns by parts of their names, best first: the exact name, the beginning, the beginning of
// a word, then any place, then its characters in order. Parts divided by dots are looked for in schema, relation and
// column: “ord.tot” finds orders.total. Before Fill there are only schemas and relations to find.
func (c *Catalog) Search(text string, limit int) SearchResult {
	if limit <= 0 {
		limit = 50
	}
	c.Index()
	s := newSeeker(c, text, limit)
	if s == nil {
		return SearchResult{Hits: []SearchHit{}}
	}
	s.seekThings()
	s.seekColumns()
	return s.result()
}

// Index makes what Search looks through, which the first search would have to wait for: 50 ms at 20,000 tables.
func (c *Catalog) Index() { c.indexing.Do(func() { c.index = c.buildIndex() }) }

func (c *Catalog) buildIndex() *index {
	x := &index{}
	known := map[string]int32{}
	intern := func(s string) int32 {
		if i, ok := known[s]; ok {
			return i
		}
		folded := fold(s)
		i := int32(len(x.names))
		x.names = append(x.names, name{text: s, folded: folded, mask: maskOf(folded), starts: wordStarts(s, folded)})
		known[s] = i
		return i
	}
	system := map[string]bool{}
	for i, s := range c.tree.Schemas {
		system[s.Name] = s.System
		x.things = append(x.things, thing{kind: 's', system: s.System, name: intern(s.Name), schema: -1, at: i})
	}
	relationNames := make([]int32, len(c.tree.Names))
	for i, n := range c.tree.Names {
		schema := c.tree.Schemas[c.tree.Schema[i]]
		relationNames[i] = intern(n)
		if c.tree.Kinds[i] != 'c' || c.filled == nil { // a composite type is told as a type
			x.things = append(x.things, thing{kind: 'r', system: schema.System, late: c.tree.Parents[i] != 0, name: relationNames[i], schema: intern(schema.Name), at: i})
		}
	}
	for _, t := range x.things {
		x.names[t.name].holds = true
	}
	if c.filled == nil {
		return x
	}
	for i, f := range c.filled.functions {
		x.things = append(x.things, thing{kind: 'f', system: system[f.Schema], name: intern(f.Name), schema: intern(f.Schema), at: i})
	}
	for i, t := range c.filled.types {
		x.things = append(x.things, thing{kind: 't', system: system[t.Schema], name: intern(t.Name), schema: intern(t.Schema), at: i})
	}
	for i, e := range c.filled.extensions {
		x.things = append(x.things, thing{kind: 'e', name: intern(e.Name), schema: -1, at: i})
	}
	x.columns, x.places = make([]int32, len(c.filled.columns)), make([]int32, len(c.filled.columns))
	for i, col := range c.filled.columns {
		x.columns[i], x.places[i] = intern(col.Name), -1
		if place, ok := c.place(c.filled.owners[i]); ok {
			x.places[i] = int32(place)
		}
	}
	return x
}

// seeker is one search.
type seeker struct {
	c        *Catalog
	patterns []pattern // schema and relation, as far as they are given, then the name
	costs    [][]int32 // of each pattern for each name of the index
	limit    int
	found    finds
}

// find is a thing or a column and how badly it matches.
type find struct {
	cost   int64
	column bool
	at     int // in index.things or index.columns
}

// finds is a heap with the worst on top, so that the best are kept.
type finds []find

func (f finds) Len() int           { return len(f) }
func (f finds) Less(i, j int) bool { return worse(f[i], f[j]) }
func (f finds) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *finds) Push(x any)        { *f = append(*f, x.(find)) }
func (f *finds) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func worse(a, b find) bool {
	if a.cost != b.cost {
		return a.cost > b.cost
	}
	if a.column != b.column {
		return a.column
	}
	return a.at > b.at
}

// newSeeker reads what is looked for; nil when there is nothing.
func newSeeker(c *Catalog, text string, limit int) *seeker {
	text = strings.ToValidUTF8(strings.TrimSpace(strings.ReplaceAll(text, `"`, "")), "")
	for len(text) > maxPattern {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	if strings.Trim(text, ". ") == "" {
		return nil
	}
	s := &seeker{c: c, limit: limit}
	pieces := strings.Split(text, ".")
	if len(pieces) > 3 {
		pieces = []string{text} // a name with dots in it
	}
	for k, piece := range pieces {
		p := newPattern(strings.TrimSpace(piece))
		costs := make([]int32, len(c.index.names))
		if p.text != "" { // “orders.” lists what is in it
			for i := range c.index.names {
				n := &c.index.names[i]
				if costs[i] = noMatch; k < len(pieces)-1 && !n.holds {
					continue
				}
				costs[i] = p.cost(n.folded, n.mask, n.starts)
			}
		}
		s.patterns, s.costs = append(s.patterns, p), append(s.costs, costs)
	}
	return s
}

// keep notes a find if it is among the best.
func (s *seeker) keep(f find) {
	switch {
	case len(s.found) < s.limit:
		heap.Push(&s.found, f)
	case worse(s.found[0], f):
		s.found[0] = f
		heap.Fix(&s.found, 0)
	}
}

// systemTiers is how many tiers what the server itself brings stands behind a person's own.
const systemTiers = 2

// sum is what is compared: the costs of the parts, then what kind it is.
func sum(system, late bool, kind int64, costs ...int32) int64 {
	var total int64
	for _, c := range costs {
		if c == noMatch {
			return -1
		}
		total += int64(c)
	}
	if system {
		total += systemTiers * tierWidth
	}
	// The kind decides between things of one tier, before how much of the name is left over.
	tier, rest := total/tierWidth, total%tierWidth
	if late {
		kind++
	}
	return (tier*16+kind)*tierWidth + rest
}

var kindOrder = map[byte]int64{'r': 0, 's': 2, 'f': 3, 't': 4, 'e': 5}

// columnOrder comes after all of them.
const columnOrder = 6

func (s *seeker) seekThings() {
	n := len(s.patterns)
	if n > 2 {
		return
	}
	for i := range s.c.index.things {
		t := &s.c.index.things[i]
		own := s.costs[n-1][t.name]
		if own == noMatch || n == 2 && t.schema < 0 {
			continue
		}
		of := int32(0)
		if n == 2 {
			of = s.costs[0][t.schema]
		}
		if cost := sum(t.system, t.late, kindOrder[t.kind], own, of); cost >= 0 {
			s.keep(find{cost: cost, at: i})
		}
	}
}

func (s *seeker) seekColumns() {
	x, n := s.c.index, len(s.patterns)
	if len(x.columns) == 0 {
		return
	}
	// What does not depend on the column, for each relation.
	base := make([]int32, len(s.c.tree.Names))
	system := make([]bool, len(s.c.tree.Names))
	for i := range base {
		if n >= 2 {
			base[i] = noMatch // until its name is looked at; composite types are not
		}
	}
	for i := range x.things {
		t := &x.things[i]
		if t.kind != 'r' {
			continue
		}
		system[t.at] = t.system
		if n >= 2 {
			base[t.at] = s.costs[n-2][t.name]
		}
		if of := int32(0); n == 3 && base[t.at] != noMatch {
			if of = s.costs[0][t.schema]; of == noMatch {
				base[t.at] = noMatch
			} else {
				base[t.at] += of
			}
		}
	}
	for i, name := range x.columns {
		own := s.costs[n-1][name]
		if own == noMatch || x.places[i] < 0 {
			continue
		}
		place := x.places[i]
		if cost := sum(system[place], s.c.tree.Parents[place] != 0, columnOrder, own, base[place]); cost >= 0 {
			s.keep(find{cost: cost, column: true, at: i})
		}
	}
}

// result makes hits of the finds, best first.
func (s *seeker) result() SearchResult {
	slices.SortFunc(s.found, func(a, b find) int {
		switch {
		case worse(b, a):
			return -1
		case worse(a, b):
			return 1
		}
		return 0
	})
	r := SearchResult{Hits: make([]SearchHit, len(s.found))}
	last := s.patterns[len(s.patterns)-1]
	for i, f := range s.found {
		h := s.hit(f)
		if h.Marks = []int{}; last.text != "" {
			h.Marks = last.marks(h.Name)
		}
		r.Hits[i] = h
	}
	return r
}

func (s *seeker) hit(f find) SearchHit {
	c := s.c
	if f.column {
		i := int(c.index.places[f.at])
		col := c.filled.columns[f.at]
		return SearchHit{Kind: "column", OID: c.tree.OIDs[i], Schema: c.tree.Schemas[c.tree.Schema[i]].Name, Name: col.Name, Relation: c.tree.Names[i], Detail: col.Type}
	}
	t := c.index.things[f.at]
	switch t.kind {
	case 's':
		one := c.tree.Schemas[t.at]
		return SearchHit{Kind: "schema", OID: one.OID, Schema: one.Name, Name: one.Name}
	case 'f':
		one := c.filled.functions[t.at]
		return SearchHit{Kind: "function", OID: one.OID, Schema: one.Schema, Name: one.Name, Detail: "(" + strings.Join(one.Arguments, ", ") + ")"}
	case 't':
		one := c.filled.types[t.at]
		return SearchHit{Kind: "type", OID: one.OID, Schema: one.Schema, Name: one.Name, Detail: variant("type", one.Kind)}
	case 'e':
		one := c.filled.extensions[t.at]
		return SearchHit{Kind: "extension", OID: one.OID, Name: one.Name, Detail: one.Detail}
	}
	return SearchHit{
		Kind: "relation", OID: c.tree.OIDs[t.at], Schema: c.tree.Schemas[c.tree.Schema[t.at]].Name, Name: c.tree.Names[t.at],
		Detail: cmp.Or(c.tree.Kinds[t.at:t.at+1], "r"),
	}
}
