package suggest

import (
	"cmp"
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// Options are a person's wishes.
type Options struct {
	// Upper asks for keywords in capitals, unless the statement writes them otherwise.
	Upper bool
}

// maxItems bounds an answer. Nobody reads further; the next key narrows it.
const maxItems = 200

// At tells what can stand at the cursor, best first: at most 200 items, so that every key asks again.
func At(names Names, text string, cursor int, o Options) Completion {
	pos := sqltext.ByteOfUnit(text, cursor)
	units := sqltext.NewCursor(text)
	at, _ := units.To(pos)
	c := Completion{From: at, To: at, Items: []Suggestion{}}
	r, ok := readCaret(text, pos, false)
	if !ok {
		return c
	}
	p, pl := parse(r)
	l := &list{reading: r, resolver: &resolver{names: names, p: p}, place: pl, typed: strings.ToLower(r.typed), seen: map[string]bool{}}
	l.upper = l.capitals(o.Upper)
	l.fill()
	c.From, _ = units.To(r.from)
	c.To, _ = units.To(r.to)
	slices.SortStableFunc(l.found, func(a, b candidate) int {
		return cmp.Or(a.fit-b.fit, a.rank-b.rank)
	})
	for _, f := range l.found[:min(len(l.found), maxItems)] {
		c.Items = append(c.Items, f.Suggestion)
	}
	return c
}

// candidate is a suggestion with its place in the order.
type candidate struct {
	Suggestion
	fit, rank int
}

// list collects candidates for a caret.
type list struct {
	reading
	*resolver
	*place
	typed string // in lower case
	upper bool
	found []candidate
	seen  map[string]bool
	count [ranks]int // how many were found, by fit and rank
}

const ranks = fitsNot * 16

// full tells that so many better ones are there already that a candidate would not be listed.
func (l *list) full(fit, rank int) bool {
	n := 0
	for _, c := range l.count[:fit*16+rank+1] {
		n += c
	}
	return n >= maxItems
}

// wants tells whether a candidate of the name would be listed; for lists that are long.
func (l *list) wants(rank int, name string) bool {
	f := fit(l.typed, name)
	return f != fitsNot && !l.full(f, rank)
}

// add takes a candidate whose name fits what was typed. rank orders those that fit equally well.
func (l *list) add(rank int, name string, s Suggestion) {
	f := fit(l.typed, name)
	if f == fitsNot || l.seen[s.Kind+s.Apply] {
		return
	}
	if l.quoted && f <= fitsStart && !strings.HasPrefix(name, l.reading.typed) {
		f = fitsWord // in quotes, capitals count
	}
	if s.Kind == "alias" {
		f = max(f, fitsStart) // who has written all of it means what is behind its dot, or something longer
	}
	if l.full(f, rank) {
		return
	}
	l.count[f*16+rank]++
	l.seen[s.Kind+s.Apply] = true
	l.found = append(l.found, candidate{s, f, rank})
}

// quote writes a name at the caret, in quotes when one is open there.
func (l *list) quote(name string) string {
	if l.quoted && plain(name) {
		return `"` + name + `"`
	}
	return Quote(name)
}

// words adds keywords, the first first. "_" stands for the blank inside of one.
func (l *list) words(rank int, words string) {
	if l.quoted {
		return
	}
	for _, w := range strings.Fields(words) {
		if w == "(" {
			continue
		}
		w = strings.ReplaceAll(w, "_", " ")
		if strings.HasPrefix(w, "current ") || strings.HasPrefix(w, "session ") && w != "session authorization" {
			w = strings.ReplaceAll(w, " ", "_")
		}
		s := w
		if l.upper {
			s = strings.ToUpper(w)
		}
		l.add(rank, w, Suggestion{Label: s, Apply: s, Kind: "keyword"})
	}
}

// capitals tells whether keywords are to be written in capitals: as most of the statement's are, else as asked.
func (l *list) capitals(asked bool) bool {
	up, low := 0, 0
	for _, t := range l.toks {
		if t.kind != sqltext.Word || !keywords[t.word] || t.to-t.from < 2 {
			continue
		}
		switch l.text[t.from:t.to] {
		case strings.ToUpper(t.word):
			up++
		case t.word:
			low++
		}
	}
	if up == low {
		return asked
	}
	return up > low
}

// before is the token before the caret; its zero value at the start.
func (l *list) before(n int) tok {
	if i := l.mark - n; i >= 0 {
		return l.toks[i]
	}
	return tok{}
}

func (l *list) op(t tok, c byte) bool { return t.kind == sqltext.Operator && l.text[t.from] == c }

// keyword is the word before the caret, "" for anything else or what stands behind a dot.
func (l *list) keyword(n int) string {
	if t := l.before(n); t.kind == sqltext.Word && !l.op(l.before(n+1), '.') {
		return t.word
	}
	return ""
}

// qualifier is a.b of a.b.| ; nil when there is no dot before the caret.
func (l *list) qualifier() (parts []string) { return l.p.qualifier(l.mark) }

func (p *parser) qualifier(i int) (parts []string) {
	for ; p.dotted(i) && i > 1 && p.toks[i-2].isName() && len(parts) < 4; i -= 2 {
		parts = append([]string{p.toks[i-2].word}, parts...)
	}
	return parts
}

// fill adds all that can stand at the caret.
func (l *list) fill() {
	if l.op(l.before(1), '.') && l.qualifier() == nil {
		return
	}
	if l.isType() {
		l.typeNames()
		return
	}
	switch l.clause {
	case inStart:
		l.start()
	case inQuery:
		l.words(0, "select with values table")
		if len(l.calls) > 0 {
			l.expression()
		}
	case inWithEnd:
		l.words(0, "select insert_into update delete_from merge_into values")
	case inFrom, inJoin:
		l.from()
	case inFromEnd:
		l.fromEnd()
	case inOn:
		l.on()
	case inUsing:
		l.using()
	case inTarget:
		l.changed()
	case inTargetEnd:
		l.targetEnd()
	case inColumns, inSet:
		l.targetColumns()
	case inConflict:
		l.targetColumns()
	case inLimit:
		l.limit()
	case inOther:
		l.other()
	case inNothing, inAlias:
	default:
		l.expression()
	}
}

func (l *list) start() {
	if l.mark > 0 && l.before(1).kind != sqltext.Semicolon {
		return
	}
	l.words(0, strings.Join(starts, " "))
	if l.quoted {
		return
	}
	for _, s := range snippets {
		text := s.text
		if l.upper {
			text = strings.ToUpper(text)
		}
		l.add(1, s.name, Suggestion{Label: s.name, Apply: text, Kind: "snippet", Detail: s.detail})
	}
}

func (l *list) limit() {
	switch l.keyword(1) {
	case "limit":
		l.words(0, "all")
	case "offset":
	case "fetch", "for":
		l.words(0, after[l.keyword(1)])
	case "first", "next":
		l.words(0, "row_only rows_only")
	default:
		l.words(0, l.nextClauses())
		l.words(1, "rows_only with_ties of nowait skip_locked")
	}
}

// isType tells whether a type is written at the caret.
func (l *list) isType() bool {
	i := l.mark
	for n := len(l.qualifier()); n > 0; n-- {
		i -= 2
	}
	if l.p.isCast(i - 1) {
		return true
	}
	return i > 0 && l.toks[i-1].kind == sqltext.Word && l.toks[i-1].word == "as" && len(l.calls) > 0 && l.callee() == "cast"
}

// callee is the name of the function whose parenthesis the caret stands in.
func (l *list) callee() string {
	if n := len(l.calls); n > 0 && l.calls[n-1].name.to > l.calls[n-1].name.from {
		return l.toks[l.calls[n-1].name.to-1].word
	}
	return ""
}

// targetEnd adds what follows the target of INSERT, UPDATE, DELETE or MERGE.
func (l *list) targetEnd() {
	if w, ok := after[l.keyword(1)]; ok && w != "" {
		l.words(0, w)
		return
	}
	b := l.block
	if b == nil {
		return
	}
	fresh := l.item != nil && l.item.end == l.mark && l.item.alias == ""
	switch b.kind {
	case "insert":
		if l.keyword(1) == "default" {
			l.words(0, "values")
			return
		}
		if !b.clauses["values"] && !b.clauses["select"] {
			l.words(0, "values select default_values overriding_system_value overriding_user_value with")
		}
		if fresh && l.before(1).kind != sqltext.Close {
			l.words(2, "as")
		}
		l.words(1, "on_conflict returning")
	case "update":
		l.words(0, "set")
	case "delete":
		l.words(0, "where using returning")
	case "merge":
		if b.target != nil && len(b.target.columns) == 0 {
			l.words(0, "using values when")
		}
	}
	if fresh && b.kind != "insert" && l.item != nil {
		l.aliases(l.item, 1)
	}
}

// other adds what expect knows.
func (l *list) other() {
	if w := l.keyword(1); w == "is" && len(l.trail) > 0 && l.trail[0] == "comment" {
		l.words(0, "null")
		return
	}
	if l.keyword(1) == "or" && len(l.trail) == 1 && l.trail[0] == "create" {
		l.words(0, "replace")
		return
	}
	w := expect(l.trail)
	switch w.clause {
	case "relation":
		l.relations(w.kinds, 0)
	case "type":
		l.typeNames()
		if w.kinds != "" {
			l.relations(w.kinds, 3)
		}
	case "schema":
		l.schemas(0)
	case "function":
		l.routines("faw", 0, true)
	case "procedure":
		l.routines("p", 0, true)
	case "column":
		l.targetColumns()
	case "member":
		if q := l.qualifier(); q != nil {
			if rel, ok := l.relation(q); ok {
				for _, c := range l.stored(rel) {
					l.column(0, c, "")
				}
			}
			l.relations(w.kinds, 1)
			break
		}
		l.relations(w.kinds, 0)
	case "role":
		l.roles()
	case "setting":
		if l.qualifier() == nil {
			for _, s := range settings {
				l.add(0, s, Suggestion{Label: s, Apply: s, Kind: "setting"})
			}
		}
	case "value":
		l.settingValues()
	case "language":
		for _, s := range []string{"plpgsql", "sql", "c", "internal"} {
			l.add(0, s, Suggestion{Label: s, Apply: s, Kind: "constant", Detail: "language"})
		}
	case "lock or schema":
		if len(l.trail) > 0 && l.trail[0] == "lock" {
			l.words(0, lockModes)
		}
	}
	if l.qualifier() == nil {
		l.words(1, w.words)
	}
}

func (l *list) roles() {
	if s, ok := l.names.(Server); ok {
		for _, name := range s.Roles() {
			l.add(0, name, Suggestion{Label: name, Apply: l.quote(name), Kind: "role"})
		}
	}
}

func (l *list) settingValues() {
	name := ""
	for n := 1; n < 5 && name == ""; n++ {
		if w := l.keyword(n); settingValues[w] != "" || w == "search_path" {
			name = w
		}
	}
	for _, v := range splitValues(settingValues[name]) {
		l.add(0, strings.Trim(v, "'"), Suggestion{Label: v, Apply: v, Kind: "constant"})
	}
	if name == "search_path" {
		l.schemaNames(0)
	}
	l.words(1, "default")
}

// splitValues splits at blanks outside of quotes.
func splitValues(s string) (list []string) {
	quoted, from := false, 0
	for i := 0; i <= len(s); i++ {
		switch {
		case i == len(s) || s[i] == ' ' && !quoted:
			if i > from {
				list = append(list, s[from:i])
			}
			from = i + 1
		case s[i] == '\'':
			quoted = !quoted
		}
	}
	return list
}
