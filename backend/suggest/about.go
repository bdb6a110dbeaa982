package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// chainAt is a written name with dots, around a place.
type chainAt struct {
	from, at, to int // tokens: its first, the one at the place, the one behind its last
	parts        []string
}

// chainAround finds the name that token i is a part of.
func (p *parser) chainAround(i int) chainAt {
	c := chainAt{from: i, at: i, to: i + 1}
	for n := 0; p.dotted(c.from) && c.from > 1 && p.toks[c.from-2].isName() && n < 4; n++ {
		c.from -= 2
	}
	for n := 0; c.to+1 < len(p.toks) && p.dotted(c.to+1) && p.toks[c.to+1].isName() && n < 4; n++ {
		c.to += 2
	}
	for j := c.from; j < c.to; j += 2 {
		c.parts = append(c.parts, p.toks[j].word)
	}
	return c
}

// upTo is the name up to the part at the place.
func (c chainAt) upTo() []string { return c.parts[:(c.at-c.from)/2+1] }

// last tells that the place is on the name's last part.
func (c chainAt) last() bool { return c.at == c.to-1 }

// pointed reads the statement around a name at a place.
func pointed(names Names, text string, pos int) (*resolver, *place, chainAt, bool) {
	r, ok := readAt(text, pos)
	if !ok || !r.toks[r.mark].isName() {
		return nil, nil, chainAt{}, false
	}
	c := (&parser{text: text, toks: r.toks}).chainAround(r.mark)
	r.mark = c.from
	p, pl := parse(r)
	return &resolver{names: names, p: p}, pl, c, true
}

// AboutAt tells of the name at a place. Kind is "" when nothing is known.
func AboutAt(names Names, text string, cursor int) About {
	r, pl, c, ok := pointed(names, text, sqltext.ByteOfUnit(text, cursor))
	if !ok {
		return About{}
	}
	a := r.about(pl, c)
	if a.Kind != "" {
		units := sqltext.NewCursor(text)
		a.From, _ = units.To(r.p.toks[c.at].from)
		a.To, _ = units.To(r.p.toks[c.at].to)
	}
	return a
}

func (r *resolver) about(pl *place, c chainAt) About {
	p, t := r.p, r.p.toks[c.at]
	called := c.to < len(p.toks) && p.toks[c.to].kind == sqltext.Open && p.text[p.toks[c.to].from] == '('
	if t.kind == sqltext.Word && reserved[t.word] && c.from == c.at && !(called && functionWords[t.word]) {
		return About{}
	}
	for _, it := range p.items {
		if it.aliasAt == c.at {
			return r.aboutItem(it)
		}
	}
	if p.isCast(c.from-1) || pl.clause == inOther && expect(pl.trail).clause == "type" || len(pl.calls) > 0 && c.from > 0 && p.toks[c.from-1].word == "as" {
		return r.aboutType(c)
	}
	switch pl.clause {
	case inFrom, inJoin, inTarget:
		if called && c.last() {
			return r.aboutFunction(c.parts)
		}
		return r.aboutRelation(pl.scope, c)
	case inOther:
		if e := expect(pl.trail); e.clause == "relation" {
			return r.aboutRelation(pl.scope, c)
		} else if e.clause == "function" || e.clause == "procedure" {
			return r.aboutFunction(c.parts)
		}
		return r.aboutTargetColumn(pl, c)
	case inColumns, inSet, inConflict:
		return r.aboutTargetColumn(pl, c)
	case inUsing:
		if pl.joined != nil {
			for _, col := range r.columnsOf(pl.joined) {
				if col.Name == t.word {
					return aboutColumn(col)
				}
			}
		}
		return About{}
	case inAlias, inStart, inNothing:
		for _, w := range p.ctes(pl.scope) {
			if w.at == c.at {
				return r.aboutCTE(w)
			}
		}
		return About{}
	}
	return r.aboutValue(pl, c, called)
}

// ctes lists all queries of WITH that can be seen, or are being read.
func (p *parser) ctes(sc *scope) (list []*cte) {
	for ; sc != nil; sc = sc.outer {
		list = append(list, sc.ctes...)
	}
	return list
}

// aboutValue tells of a name in an expression.
func (r *resolver) aboutValue(pl *place, c chainAt, called bool) About {
	if called && c.last() {
		return r.aboutFunction(c.parts)
	}
	name := c.upTo()
	if c.last() {
		if col, ok := r.resolve(pl.scope, name); ok {
			return aboutColumn(col)
		}
		if (name[0] == "old" || name[0] == "new") && len(name) == 2 && pl.block != nil && pl.block.target != nil {
			for _, col := range r.columnsOf(pl.block.target) {
				if col.Name == name[1] {
					return aboutColumn(col)
				}
			}
		}
		if pl.clause == inOrder || pl.clause == inGroup {
			for _, col := range r.outputs(pl.block) {
				if len(name) == 1 && col.Name == name[0] {
					return aboutColumn(col)
				}
			}
		}
	}
	if it := r.itemNamed(pl.scope, name); it != nil {
		return r.aboutItem(it)
	}
	if len(name) == 1 {
		return r.aboutSchema(name[0])
	}
	return About{}
}

func (r *resolver) aboutTargetColumn(pl *place, c chainAt) About {
	if pl.block != nil && pl.block.target != nil {
		for _, col := range r.columnsOf(pl.block.target) {
			if col.Name == c.parts[0] {
				return aboutColumn(col)
			}
		}
	}
	return About{}
}

func aboutColumn(c column) About {
	a := About{Kind: "column", Name: Quote(c.Name), Detail: c.Type, Comment: c.Comment, OID: c.relation.OID}
	if c.NotNull {
		a.Detail = strings.TrimSpace(a.Detail + " not null")
	}
	switch {
	case c.Key:
		a.Detail += ", primary key"
	case c.Generated:
		a.Detail += ", generated"
	}
	if c.relation.OID != 0 {
		a.Table = qualified(c.relation.Schema, c.relation.Name)
		a.Name = a.Table + "." + a.Name
	} else if c.item != nil && c.item.nameOf() != "" {
		a.Name = Quote(c.item.nameOf()) + "." + a.Name
	}
	return a
}

func qualified(schema, name string) string { return Quote(schema) + "." + Quote(name) }

// aboutItem tells of something in FROM by its name there.
func (r *resolver) aboutItem(it *item) About {
	if rel, ok := r.relationOf(it); ok {
		return aboutRel(rel)
	}
	if len(it.name) == 1 {
		if c := r.cte(it.scope, it.name[0]); c != nil {
			return r.aboutCTE(c)
		}
	}
	if it.call && len(it.name) > 0 {
		return r.aboutFunction(it.name)
	}
	if it.query != nil {
		return About{Kind: "alias", Name: Quote(it.nameOf()), Detail: "subquery: " + namesOf(r.columnsOf(it))}
	}
	return About{}
}

func (r *resolver) aboutCTE(c *cte) About {
	return About{Kind: "cte", Name: Quote(c.name), Detail: "with: " + namesOf(r.cteColumns(c))}
}

// namesOf lists columns for a line of text.
func namesOf(cols []column) string {
	const most = 12
	var list []string
	for i, c := range cols {
		if i == most {
			list = append(list, "…")
			break
		}
		list = append(list, Quote(c.Name))
	}
	return strings.Join(list, ", ")
}

func (r *resolver) aboutRelation(sc *scope, c chainAt) About {
	name := c.upTo()
	if !c.last() {
		return r.aboutSchema(name[len(name)-1])
	}
	if len(name) == 1 {
		if w := r.cte(sc, name[0]); w != nil {
			return r.aboutCTE(w)
		}
	}
	if rel, ok := r.relation(name); ok {
		return aboutRel(rel)
	}
	return About{}
}

var relationKinds = map[byte]string{'r': "table", 'p': "partitioned table", 'f': "foreign table", 'v': "view", 'm': "materialized view", 'S': "sequence", 'c': "composite type"}

func aboutRel(rel Relation) About {
	a := About{Kind: relationKind(rel.Kind), Name: qualified(rel.Schema, rel.Name), Detail: relationKinds[rel.Kind], Comment: rel.Comment, OID: rel.OID}
	if rel.Part {
		a.Detail = "partition"
	}
	if rel.Rows >= 0 && strings.IndexByte("rpfm", rel.Kind) >= 0 {
		a.Detail += " · " + plurals(rel.Rows, "row")
	}
	return a
}

func (r *resolver) aboutFunction(name []string) About {
	list := r.functions(name)
	if len(list) == 0 {
		if s, ok := special[name[0]]; ok && len(name) == 1 {
			return About{Kind: "function", Name: name[0], Detail: "(" + s.arguments + ") → " + s.result}
		}
		return About{}
	}
	var forms []string
	for _, f := range list[:min(len(list), 3)] {
		forms = append(forms, signature(f))
	}
	if len(list) > 3 {
		forms = append(forms, "…")
	}
	return About{Kind: "function", Name: Quote(list[0].Schema) + "." + quoteFunction(list[0].Name), Detail: strings.Join(forms, "\n"), Comment: list[0].Comment}
}

func (r *resolver) aboutType(c chainAt) About {
	t, ok := r.typeNamed(c.parts)
	if !ok {
		return About{}
	}
	a := About{Kind: "type", Name: qualified(t.Schema, t.Name), Detail: typeKinds[t.Kind], Comment: t.Comment}
	if len(t.Labels) > 0 {
		a.Detail += ": " + strings.Join(t.Labels, ", ")
	}
	return a
}

func (r *resolver) aboutSchema(name string) About {
	list := r.names.Schemas()
	if i := slices.IndexFunc(list, func(s Schema) bool { return s.Name == name }); i >= 0 {
		return About{Kind: "schema", Name: Quote(name), Comment: list[i].Comment}
	}
	return About{}
}
