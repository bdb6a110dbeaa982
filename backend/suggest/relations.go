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
			if strings.IndexByte(kinds, rel.Kind) >= 0 && l.wants(rank, rel.Name) {
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
			if l.wants(at, rel.Name) {
				l.oneRelation(at, rel, !l.seenFirst(path, rel))
			}
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
			if l.wants(at, rel.Name) {
				l.oneRelation(at, rel, true)
			}
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

// plurals is such a number of things: 1 row, 1.2 M rows.
func plurals(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return short(n) + " " + one + "s"
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
