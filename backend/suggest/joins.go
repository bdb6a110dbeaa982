package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// on adds join conditions from foreign keys, then what any expression can hold.
func (l *list) on() {
	if w := l.keyword(1); (w == "on" || w == "and") && l.joined != nil && len(l.calls) == 0 {
		for _, j := range l.conditions(l.joined) {
			l.add(rankMeant, j.condition, Suggestion{Label: j.condition, Apply: j.condition, Kind: "join", Detail: "foreign key", Info: j.info})
			// Who writes the column without its alias means it too.
			l.add(rankMeant, j.column, Suggestion{Label: j.condition, Apply: j.condition, Kind: "join", Detail: "foreign key", Info: j.info})
		}
	}
	l.expression()
	if !l.operandWanted() && l.qualifier() == nil && len(l.calls) == 0 {
		l.words(2, "join left_join inner_join right_join full_join cross_join")
	}
}

// using adds the columns both sides of a join have.
func (l *list) using() {
	if l.joined == nil || l.before(1).kind != sqltext.Open && !l.op(l.before(1), ',') {
		return
	}
	var earlier []*item
	for _, it := range l.itemsBefore() {
		if it != l.joined {
			earlier = append(earlier, it)
		}
	}
	have := map[string]bool{}
	for _, c := range l.all(earlier) {
		have[c.Name] = true
	}
	for _, c := range l.columnsOf(l.joined) {
		rank := 1
		if have[c.Name] {
			rank = 0
		}
		if rank == 0 || len(have) == 0 {
			l.column(rank, c, "")
		}
	}
}

// itemsBefore lists the items of the block that are written before the caret.
func (l *list) itemsBefore() (list []*item) {
	if l.block == nil {
		return nil
	}
	for _, it := range l.block.items {
		if it.at.to <= l.mark {
			list = append(list, it)
		}
	}
	return list[max(0, len(list)-maxJoined):]
}

// maxJoined bounds how many items, the last ones, are looked at for foreign keys.
const maxJoined = 40

// stored relation of an item, when it is one.
func (r *resolver) relationOf(it *item) (Relation, bool) {
	if it.call || it.query != nil || len(it.name) == 1 && r.cte(it.scope, it.name[0]) != nil {
		return Relation{}, false
	}
	return r.relation(it.name)
}

// join is a condition made of a foreign key.
type join struct {
	condition string
	column    string // the first on its left
	info      string
}

// equal writes a = b for each pair of columns.
func equal(a string, columns []string, b string, others []string) string {
	var parts []string
	for i := range min(len(columns), len(others)) {
		parts = append(parts, Quote(a)+"."+Quote(columns[i])+" = "+Quote(b)+"."+Quote(others[i]))
	}
	return strings.Join(parts, " and ")
}

// conditions lists the foreign keys between a joined item and those before it.
func (l *list) conditions(it *item) (list []join) {
	rel, ok := l.relationOf(it)
	if !ok {
		return nil
	}
	before := l.itemsBefore()
	slices.Reverse(before)
	for _, other := range before {
		o, ok := l.relationOf(other)
		if !ok || other == it {
			continue
		}
		for _, fk := range l.names.ForeignKeys(rel.OID) {
			if fk.From == o.OID && fk.To == rel.OID { // the earlier one refers to the joined one
				list = append(list, join{equal(it.nameOf(), fk.ToColumns, other.nameOf(), fk.Columns), fk.ToColumns[0], keeps(fk, o)})
			}
			if fk.To == o.OID && fk.From == rel.OID {
				list = append(list, join{equal(it.nameOf(), fk.Columns, other.nameOf(), fk.ToColumns), fk.Columns[0], fk.Name})
			}
		}
	}
	return list
}

// keeps says what an inner join along a key does to the rows of the referring table.
func keeps(fk ForeignKey, from Relation) string {
	if fk.NotNull {
		return fk.Name + ", not null: keeps every " + singular(from.Name)
	}
	return fk.Name + ", may be null: a left join keeps every " + singular(from.Name)
}

// singular is the word for one row of a table, as far as English allows: the name itself when it does not look plural.
func singular(name string) string {
	s := strings.ReplaceAll(name, "_", " ")
	switch {
	case strings.HasSuffix(s, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case strings.HasSuffix(s, "sses"), strings.HasSuffix(s, "xes"), strings.HasSuffix(s, "ches"), strings.HasSuffix(s, "shes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") && !strings.HasSuffix(s, "us") && len(s) > 2:
		return s[:len(s)-1]
	}
	return "row of " + name
}

// joins adds whole joins made of foreign keys: those that leave the tables before, then those that reach them; the table
// named last first.
func (l *list) joins() {
	next := ""
	if l.mark+1 < len(l.toks) {
		next = l.toks[l.mark+1].word
	}
	if w := l.keyword(2); next == "on" || next == "using" || w == "cross" || w == "natural" {
		return
	}
	before := l.itemsBefore()
	slices.Reverse(before)
	have := map[uint32]bool{}
	for _, it := range before {
		if rel, ok := l.relationOf(it); ok {
			have[rel.OID] = true
		}
	}
	for _, leaving := range []bool{true, false} {
		for _, it := range before {
			rel, ok := l.relationOf(it)
			if !ok {
				continue
			}
			for _, fk := range l.names.ForeignKeys(rel.OID) {
				if leaving && fk.From == rel.OID {
					l.join(it, fk.To, fk.Columns, fk.ToColumns, keeps(fk, rel), have)
				} else if !leaving && fk.To == rel.OID && fk.From != rel.OID {
					l.join(it, fk.From, fk.ToColumns, fk.Columns, fk.Name, have)
				}
			}
		}
	}
}

func (l *list) join(it *item, other uint32, columns, otherColumns []string, info string, have map[uint32]bool) {
	rel, ok := l.names.RelationOf(other)
	if !ok || have[other] && (it.name == nil || rel.Name != it.name[len(it.name)-1]) || rel.Part {
		return
	}
	name := Quote(rel.Name)
	if !l.seenFirst(l.names.SearchPath(), rel) {
		name = Quote(rel.Schema) + "." + name
	}
	alias := l.freeAlias(rel.Name, nil)
	text := name + " " + alias + " " + l.cased("on") + " " + equal(alias, otherColumns, it.nameOf(), columns)
	l.add(0, rel.Name, Suggestion{Label: text, Apply: text, Kind: "join", Detail: "foreign key", Info: info})
}
