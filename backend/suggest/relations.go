package suggest

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"desktop.tusk/backend/sqltext"
)

// from adds what FROM and JOIN can read from.
func (l *list) from() {
	if w := l.keyword(1); w == "left" || w == "right" || w == "full" || w == "inner" || w == "cross" || w == "natural" {
		l.words(0, after[w])
		return
	}
	if l.qualifier() != nil {
		l.relations(readable, 1)
		l.setReturning()
		return
	}
	if l.clause == inJoin {
		l.joins()
	}
	for sc := l.scope; sc != nil; sc = sc.outer {
		for i := len(sc.ctes) - 1; i >= 0; i-- {
			c := sc.ctes[i]
			l.add(1, c.name, Suggestion{Label: Quote(c.name), Apply: l.quote(c.name), Kind: "cte", Detail: "with"})
		}
	}
	l.relations(readable, 2)
	l.setReturning()
	if l.before(1).kind == sqltext.Open {
		l.words(1, "select with values")
	}
	l.words(8, "lateral only")
}

// relations adds relations of the kinds: those on the search path, schemas, then those elsewhere by their whole name.
func (l *list) relations(kinds string, rank int) {
	if q := l.qualifier(); q != nil {
		for _, rel := range l.names.Relations(q[len(q)-1]) {
			if strings.IndexByte(kinds, rel.Kind) >= 0 {
				l.oneRelation(rank, rel, false)
			}
		}
		return
	}
	path := l.names.SearchPath()
	for _, s := range path {
		for _, rel := range l.names.Relations(s) {
			if strings.IndexByte(kinds, rel.Kind) < 0 || isSystem(s) && l.typed == "" {
				continue
			}
			if l.farSystem(s, rel.Name) {
				continue // before the more costly question
			}
			at := rank
			if rel.Part {
				at = rank + 3
			}
			if isSystem(s) {
				at = rank + 4
			}
			l.oneRelation(at, rel, !l.seenFirst(path, rel))
		}
	}
	l.schemas(rank + 1)
	for _, s := range l.names.Schemas() {
		if slices.Contains(path, s.Name) || s.System && l.typed == "" {
			continue
		}
		for _, rel := range l.names.Relations(s.Name) {
			if strings.IndexByte(kinds, rel.Kind) < 0 || l.farSystem(s.Name, rel.Name) {
				continue
			}
			at := rank + 2
			if s.System {
				at = rank + 5
			} else if rel.Part {
				at = rank + 3
			}
			l.oneRelation(at, rel, true)
		}
	}
}

func isSystem(schema string) bool {
	return schema == "pg_catalog" || schema == "information_schema" || schema == "pg_toast"
}

// seenFirst tells whether a relation is what its name means without a schema.
func (l *list) seenFirst(path []string, rel Relation) bool {
	for _, s := range path {
		if s == rel.Schema {
			return true
		}
		if _, other := l.names.Relation(s, rel.Name); other {
			return false
		}
	}
	return false
}

func (l *list) oneRelation(rank int, rel Relation, qualified bool) {
	name := l.quote(rel.Name)
	if qualified {
		name = Quote(rel.Schema) + "." + name
	}
	l.add(rank, rel.Name, Suggestion{Label: name, Apply: name, Kind: relationKind(rel.Kind), Detail: relationDetail(rel), Info: rel.Comment})
}

func relationKind(kind byte) string {
	if kind == 'v' || kind == 'm' {
		return "view"
	}
	return "table"
}

// relationDetail is "public · 41 k", "public · view".
func relationDetail(rel Relation) string {
	switch rel.Kind {
	case 'v':
		return rel.Schema + " · view"
	case 'm':
		return rel.Schema + " · materialized view"
	case 'f':
		return rel.Schema + " · foreign table"
	case 'S':
		return rel.Schema + " · sequence"
	}
	if rel.Rows < 0 {
		return rel.Schema
	}
	return rel.Schema + " · " + short(rel.Rows)
}

// short writes a count as 312, 9.2 k, 41 k, 8.6 M.
func short(n int) string {
	units := []string{"", " k", " M", " G"}
	f, i := float64(n), 0
	for f >= 999.5 && i < len(units)-1 {
		f /= 1000
		i++
	}
	if i > 0 && f < 9.95 {
		return strconv.FormatFloat(f, 'f', 1, 64) + units[i]
	}
	return strconv.FormatFloat(f, 'f', 0, 64) + units[i]
}

// changed adds what INSERT, UPDATE, DELETE and MERGE can change.
func (l *list) changed() {
	l.relations("rpfv", 1)
	if k := l.block; k != nil && k.kind != "insert" && l.keyword(1) != "only" {
		l.words(8, "only")
	}
}

// schemas adds schemas, to be followed by a dot.
func (l *list) schemas(rank int) {
	if l.qualifier() != nil {
		return
	}
	for _, s := range l.names.Schemas() {
		if s.System && l.typed == "" {
			continue
		}
		at := rank
		if s.System {
			at = rank + 4
		}
		l.add(at, s.Name, Suggestion{Label: Quote(s.Name), Apply: l.quote(s.Name) + ".", Kind: "schema", Info: s.Comment})
	}
}

// schemaNames adds schemas as names by themselves.
func (l *list) schemaNames(rank int) {
	for _, s := range l.names.Schemas() {
		l.add(rank, s.Name, Suggestion{Label: Quote(s.Name), Apply: l.quote(s.Name), Kind: "schema", Info: s.Comment})
	}
}

// fromEnd adds what can follow an item of FROM: its alias, the condition of its join, the next join or clause.
func (l *list) fromEnd() {
	if w := l.keyword(1); after[w] != "" && reserved[w] {
		l.words(0, after[w])
		return
	}
	if l.keyword(1) == "as" {
		return
	}
	it := l.item
	if it != nil && it.end == l.mark && it.alias == "" {
		l.aliases(it, 2)
		if it.call {
			l.words(4, "with_ordinality")
		}
	}
	if it != nil && it == l.joined {
		for _, j := range l.conditions(it) {
			text := l.cased("on") + " " + j.condition
			l.add(0, text, Suggestion{Label: text, Apply: text, Kind: "join", Detail: "foreign key", Info: j.info})
		}
		l.words(1, "on using")
	}
	l.words(3, "join left_join where "+l.nextClauses()+" inner_join right_join full_join cross_join natural_join cross_join_lateral tablesample")
}

func (l *list) cased(word string) string {
	if l.upper {
		return strings.ToUpper(word)
	}
	return word
}

// aliases proposes an alias for an item.
func (l *list) aliases(it *item, rank int) {
	if l.quoted || len(it.name) == 0 && it.query == nil {
		return
	}
	name := "t"
	if n := len(it.name); n > 0 {
		name = it.name[n-1]
	}
	a := l.freeAlias(name, it)
	l.add(rank, a, Suggestion{Label: a, Apply: a, Kind: "alias", Detail: "alias"})
	if it.aliasAt == 0 {
		l.words(rank+3, "as")
	}
}

// freeAlias makes a short name for a relation that nothing in the statement is called yet.
func (l *list) freeAlias(name string, except *item) string {
	taken := map[string]bool{}
	for _, it := range l.p.items {
		if it != except {
			taken[it.nameOf()] = true
		}
	}
	var initials []string
	letters := strings.Builder{}
	var last rune
	for _, c := range name {
		if c > unicode.MaxASCII || !unicode.IsLetter(c) {
			last = 0
			continue
		}
		if last == 0 || unicode.IsUpper(c) && unicode.IsLower(last) {
			initials = append(initials, strings.ToLower(string(c)))
		}
		letters.WriteRune(unicode.ToLower(c))
		last = c
	}
	if len(initials) == 0 {
		initials = []string{"t"}
	}
	all := letters.String()
	tries := []string{initials[0], initials[len(initials)-1], strings.Join(initials, "")}
	if len(all) > 2 {
		tries = append(tries, all[:2], all[:3])
	}
	for n := 2; ; n++ {
		for _, t := range tries {
			if !taken[t] && plain(t) {
				return t
			}
		}
		tries = []string{initials[0] + strconv.Itoa(n)}
	}
}

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
	rel, ok := l.byOID(other)
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

// byOID finds a relation by its oid.
func (r *resolver) byOID(oid uint32) (Relation, bool) {
	if r.oids == nil {
		r.oids = map[uint32]Relation{}
		for _, s := range r.names.Schemas() {
			for _, rel := range r.names.Relations(s.Name) {
				r.oids[rel.OID] = rel
			}
		}
	}
	rel, ok := r.oids[oid]
	return rel, ok
}
