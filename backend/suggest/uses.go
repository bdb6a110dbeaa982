package suggest

import (
	"slices"

	"desktop.tusk/backend/sqltext"
)

// Use is what a statement does with an object.
type Use struct {
	Kind      string // relation, function or schema
	Schema    string
	Name      string
	Relation  Relation // of a relation
	Privilege string   // what the role needs: select, insert, execute, usage …; "" when only the owner may
}

// Uses lists the objects a statement names and the privilege each needs, in their order. target is the relation it
// changes, verb its first word.
func Uses(names Names, text string) (uses []Use, target Relation, verb string) {
	r, ok := readAt(text, firstWord(text))
	if !ok {
		return nil, Relation{}, ""
	}
	p, _ := parse(r)
	res := &resolver{names: names, p: p}
	verb = p.toks[r.mark].word
	add := func(u Use) {
		if !slices.Contains(uses, u) {
			uses = append(uses, u)
		}
	}
	for _, it := range p.items {
		if len(it.name) > 1 {
			add(Use{Kind: "schema", Name: it.name[len(it.name)-2], Privilege: "usage"})
		}
		rel, ok := res.relationOf(it)
		if !ok {
			continue
		}
		u := Use{Kind: "relation", Schema: rel.Schema, Name: rel.Name, Relation: rel, Privilege: p.privilege(it, verb)}
		if target.OID == 0 && u.Privilege != "select" {
			target = rel
		}
		add(u)
	}
	for i := range p.toks {
		if p.toks[i].kind != sqltext.Open || text[p.toks[i].from] != '(' {
			continue
		}
		p.i = i
		called := p.calledBefore()
		if called.to == called.from {
			continue
		}
		var parts []string
		for j := called.from; j < called.to; j += 2 {
			parts = append(parts, p.toks[j].word)
		}
		for _, f := range res.functions(parts)[:min(1, len(res.functions(parts)))] {
			add(Use{Kind: "function", Schema: f.Schema, Name: f.Name, Privilege: "execute"})
		}
	}
	return uses, target, verb
}

// privilege is what a statement needs for an item: of its target as its verb says, else to read it.
func (p *parser) privilege(it *item, verb string) string {
	word := ""
	for i := it.at.from - 1; i >= 0 && i > it.at.from-4 && word == ""; i-- {
		switch t := p.toks[i]; {
		case t.kind == sqltext.Word && t.word == "only":
		case t.kind == sqltext.Word:
			word = t.word
			if i > 0 && word == "from" && p.toks[i-1].word == "delete" {
				return "delete"
			}
			if i > 0 && word == "into" && (p.toks[i-1].word == "insert" || p.toks[i-1].word == "merge") {
				return "insert"
			}
		default:
			return "select"
		}
	}
	switch verb {
	case "create", "alter", "drop", "comment", "vacuum", "analyze", "cluster", "reindex", "refresh", "grant", "revoke":
		if word == "from" || word == "join" {
			return "select"
		}
		return ""
	case "truncate":
		return "truncate"
	case "lock":
		return "update"
	}
	if word == "update" {
		return "update"
	}
	return "select"
}
