package suggest

import "desktop.tusk/backend/sqltext"

// clause tells what kind of place a token stands at.
type clause uint8

const (
	inNothing    clause = iota
	inStart             // where a statement begins
	inQuery             // where a query may begin, in a parenthesis or after AS
	inSelect            // the list of a SELECT
	inFrom              // where FROM wants something to read from
	inJoin              // the same, behind JOIN
	inFromEnd           // behind that: an alias, the next join, the next clause
	inOn                // the condition of a join
	inUsing             // the columns of USING (…)
	inWhere             // any condition: WHERE, HAVING
	inGroup             // GROUP BY
	inOrder             // ORDER BY
	inWindow            // WINDOW
	inLimit             // LIMIT, OFFSET, FETCH, FOR
	inValues            // a row of VALUES
	inReturning         // RETURNING
	inTarget            // what INSERT, UPDATE, DELETE or MERGE works on
	inTargetEnd         // behind it
	inColumns           // the column list of INSERT
	inSet               // a column to set
	inSetValue          // its value
	inConflict          // the columns of ON CONFLICT (…)
	inAlias             // where a name is made up
	inWithEnd           // behind the queries of WITH
	inOther             // in any other statement: trail tells where
	inOtherValue        // in an expression of one
)

// scope is what can be seen from a place: the items of a block, those before the place for what LATERAL and ON see; then
// the queries of WITH; then what is around.
type scope struct {
	block *block
	limit int // how many items; -1 for all
	ctes  []*cte
	outer *scope
}

// cte is a query of WITH.
type cte struct {
	name    string
	at      int // its token
	columns []string
	query   *block
	extra   []string // of SEARCH and CYCLE
}

// block is one SELECT, VALUES, INSERT …: what has a FROM of its own.
type block struct {
	kind    string // its first word
	items   []*item
	list    []span // the expressions of its SELECT or RETURNING list
	scope   *scope // what the list sees
	clauses map[string]bool
	listed  []string // columns of an INSERT list or SET list
	target  *item
	memo    []column // its outputs, when read
	read    bool
}

// span is tokens [from, to).
type span struct{ from, to int }

// item is something to read from.
type item struct {
	name    []string // as written: schema and name; of a function too
	at      span     // its name, or its parenthesis
	end     int      // the token behind it and its alias
	alias   string
	aliasAt int // its token; 0 for none
	columns []string
	types   []string // of a column definition list
	query   *block
	call    bool
	ordinal bool
	scope   *scope // in which a name is looked for among the queries of WITH
	using   []string
	natural bool
	join    bool
	left    bool     // rows without a partner are kept
	memo    []column // its columns, when read
	read    bool
}

// call is a parenthesis the place stands in, inside of its block.
type call struct {
	name   span // the callee; empty for a plain parenthesis
	open   int
	commas int
}

// place is what the reader knew when it came to the marked token.
type place struct {
	clause clause
	scope  *scope
	calls  []call
	item   *item // the last item before, in FROM
	joined *item // the item a condition joins
	block  *block
	trail  []string
}

// parser reads the tokens of a statement, tolerating anything.
type parser struct {
	text  string
	toks  []tok
	i     int
	mark  int
	place *place

	clause clause
	scope  *scope
	calls  []call
	item   *item
	joined *item
	block  *block
	trail  []string

	open  int // parentheses that somebody waits to close
	items []*item
}

// maxDepth bounds parentheses in parentheses; deeper ones are passed over.
const maxDepth = 300

// parse reads the statement and tells of its marked token.
func parse(r reading) (*parser, *place) {
	p := &parser{text: r.text, toks: r.toks, mark: r.mark}
	for p.i < len(p.toks) {
		was := p.i
		p.open, p.calls, p.item, p.joined, p.block, p.trail = 0, nil, nil, nil, nil, nil
		p.scope = &scope{limit: -1}
		p.clause = inStart
		p.statement()
		if p.i == was {
			p.next()
		}
	}
	if p.place == nil {
		p.clause = inNothing
		p.note()
	}
	return p, p.place
}

func (p *parser) note() {
	p.place = &place{clause: p.clause, scope: p.scope, calls: append([]call(nil), p.calls...), item: p.item, joined: p.joined, block: p.block, trail: append([]string(nil), p.trail...)}
}

func (p *parser) next() {
	if p.i == p.mark && p.place == nil {
		p.note()
	}
	p.i++
}

// word is the keyword ahead, "" for anything else.
func (p *parser) word() string { return p.wordAt(0) }

func (p *parser) wordAt(ahead int) string {
	if i := p.i + ahead; i < len(p.toks) && p.toks[i].kind == sqltext.Word {
		return p.toks[i].word
	}
	return ""
}

func (p *parser) kind() sqltext.TokenKind { return p.kindAt(0) }

func (p *parser) kindAt(ahead int) sqltext.TokenKind {
	if i := p.i + ahead; i < len(p.toks) {
		return p.toks[i].kind
	}
	return sqltext.Blank
}

func (p *parser) isOp(ahead int, op byte) bool {
	i := p.i + ahead
	return i < len(p.toks) && p.toks[i].kind == sqltext.Operator && p.text[p.toks[i].from] == op
}

func (p *parser) isOpen(ahead int) bool {
	return p.kindAt(ahead) == sqltext.Open && p.text[p.toks[p.i+ahead].from] == '('
}

// done tells that no token of this statement, or of this parenthesis, is left.
func (p *parser) done() bool {
	return p.i >= len(p.toks) || p.kind() == sqltext.Semicolon || p.kind() == sqltext.Close && p.open > 0
}

// accept passes the words if they come next.
func (p *parser) accept(words ...string) bool {
	for i, w := range words {
		if p.wordAt(i) != w {
			return false
		}
	}
	for range words {
		p.next()
	}
	return true
}

// at runs f with the clause, and puts the one before back.
func (p *parser) at(c clause, f func()) {
	was := p.clause
	p.clause = c
	f()
	p.clause = was
}

// within runs f in the scope and block, and puts back what was before.
func (p *parser) within(sc *scope, b *block, f func()) {
	scope, block, calls, item, joined, clause := p.scope, p.block, p.calls, p.item, p.joined, p.clause
	p.scope, p.block, p.calls, p.item, p.joined = sc, b, nil, nil, nil
	f()
	p.scope, p.block, p.calls, p.item, p.joined, p.clause = scope, block, calls, item, joined, clause
}

// group reads a parenthesis that is ahead, f what is in it.
func (p *parser) group(f func()) {
	p.next()
	p.open++
	f()
	p.open--
	if p.kind() == sqltext.Close {
		p.next()
	}
}

// queryAhead tells whether a query begins here, behind any number of parentheses.
func (p *parser) queryAhead(ahead int) bool {
	for n := 0; p.isOpen(ahead) && n < maxDepth; n++ {
		ahead++
	}
	switch p.wordAt(ahead) {
	case "select", "with", "values", "table":
		return true
	case "insert":
		return p.wordAt(ahead+1) == "into"
	case "delete":
		return p.wordAt(ahead+1) == "from"
	case "merge":
		return p.wordAt(ahead+1) == "into"
	case "update":
		return p.kindAt(ahead+1) == sqltext.Word || p.kindAt(ahead+1) == sqltext.Name
	}
	return false
}

// statement reads one statement.
func (p *parser) statement() {
	switch {
	case p.queryAhead(0) || p.word() == "insert" || p.word() == "update" || p.word() == "delete" || p.word() == "merge":
		p.query(&scope{limit: -1})
	case p.word() == "explain":
		p.next()
		if p.isOpen(0) {
			p.at(inOther, func() { p.trail = []string{"explain", "("}; p.group(p.skipGroup) })
		}
		p.trail = []string{"explain"}
		p.clause = inOther
		for p.word() == "analyze" || p.word() == "analyse" || p.word() == "verbose" {
			p.next()
		}
		if p.kind() == caret {
			p.next()
		}
		p.statement()
	case p.isOpen(0) && p.kindAt(1) == caret:
		p.group(func() { p.clause = inQuery; p.query(&scope{limit: -1}) })
	case p.kind() == sqltext.Word:
		p.other()
	default:
		p.next()
	}
}

func (p *parser) skipGroup() {
	for !p.done() {
		if p.kind() == sqltext.Open && p.open < maxDepth {
			p.group(p.skipGroup)
			continue
		}
		p.next()
	}
}

// query reads WITH … SELECT … UNION … or a statement that changes data, and answers the block whose columns come out.
func (p *parser) query(outer *scope) (head *block) {
	if p.open > maxDepth {
		p.skipGroup()
		return &block{}
	}
	sc := &scope{limit: -1, outer: outer}
	p.within(sc, nil, func() {
		if p.word() == "with" {
			p.with(sc)
			p.clause = inWithEnd
		} else if p.clause != inStart {
			p.clause = inQuery
		}
		if p.kind() == caret {
			p.next()
		}
		head = p.core(sc)
		for {
			w := p.word()
			if w != "union" && w != "intersect" && w != "except" {
				break
			}
			p.next()
			p.clause = inQuery
			if w := p.word(); w == "all" || w == "distinct" {
				p.next()
			}
			if p.kind() == caret {
				p.next()
			}
			p.core(sc)
		}
		// What follows a query in parentheses: ORDER BY, LIMIT.
		if !p.done() && p.block == nil {
			p.block, p.scope = head, head.scope
			p.clauses(head)
		}
	})
	return head
}

// with reads the queries of WITH into sc.
func (p *parser) with(sc *scope) {
	p.clause = inAlias
	p.next()
	recursive := p.accept("recursive")
	for {
		p.clause = inAlias
		if p.kind() == caret {
			p.next()
			return
		}
		if !p.toks[min(p.i, len(p.toks)-1)].isName() || p.done() {
			return
		}
		c := &cte{name: p.toks[p.i].word, at: p.i}
		p.next()
		if p.isOpen(0) {
			c.columns = p.names()
		}
		seen := sc.ctes[:len(sc.ctes):len(sc.ctes)]
		p.clause = inNothing
		p.accept("as")
		if !p.accept("materialized") && p.accept("not") {
			p.accept("materialized")
		}
		if recursive {
			sc.ctes = append(sc.ctes, c)
		}
		if p.isOpen(0) {
			from := &scope{limit: -1, ctes: seen, outer: sc.outer}
			if recursive {
				from = sc
			}
			p.clause = inQuery
			p.group(func() { c.query = p.query(from) })
		}
		if !recursive {
			sc.ctes = append(sc.ctes, c)
		}
		for p.word() == "search" || p.word() == "cycle" {
			p.searchOrCycle(c)
		}
		p.clause = inWithEnd
		if !p.isOp(0, ',') {
			return
		}
		p.next()
	}
}

// searchOrCycle reads what adds columns to a recursive query.
func (p *parser) searchOrCycle(c *cte) {
	p.clause = inNothing
	for p.next(); !p.done() && !p.isOp(0, ',') || p.isOp(0, ',') && p.kindAt(1) == sqltext.Word && p.wordAt(2) != "as"; p.next() {
		switch p.word() {
		case "set", "using":
			if p.kindAt(1) == sqltext.Word || p.kindAt(1) == sqltext.Name {
				c.extra = append(c.extra, p.toks[p.i+1].word)
			}
		case "select", "insert", "update", "delete", "cycle", "merge":
			return
		}
	}
}

// names reads a list of names in parentheses.
func (p *parser) names() (list []string) {
	p.group(func() {
		for !p.done() {
			if p.toks[p.i].isName() {
				list = append(list, p.toks[p.i].word)
			}
			p.next()
		}
	})
	return list
}

// core reads one SELECT, VALUES, TABLE, or a query in parentheses, or a statement that changes data.
func (p *parser) core(outer *scope) *block {
	if p.isOpen(0) {
		var b *block
		p.clause = inQuery
		p.group(func() { b = p.query(outer) })
		p.block = nil
		return b
	}
	b := &block{kind: p.word(), clauses: map[string]bool{}}
	b.scope = &scope{block: b, limit: -1, outer: outer}
	p.block, p.scope, p.item, p.joined = b, b.scope, nil, nil
	switch b.kind {
	case "select":
		p.clause = inSelect
		p.next()
		if p.accept("distinct") && p.accept("on") && p.isOpen(0) {
			p.group(func() { p.expr(false) })
		}
		p.accept("all")
		p.list(b)
		p.clauses(b)
	case "values":
		p.rows()
		p.clauses(b)
	case "table":
		p.clause = inFrom
		p.next()
		if it := p.named(b); it != nil {
			b.items = append(b.items, it)
		}
		p.clause = inFromEnd
		p.clauses(b)
	case "insert":
		p.insert(b, outer)
	case "update":
		p.update(b)
	case "delete":
		p.delete(b)
	case "merge":
		p.merge(b)
	}
	return b
}

// list reads expressions with commas between, into the block's list.
func (p *parser) list(b *block) {
	for {
		from := p.i
		p.expr(true)
		if p.i > from {
			b.list = append(b.list, span{from, p.i})
		}
		if !p.isOp(0, ',') {
			return
		}
		p.next()
	}
}

// rows reads the rows of VALUES; the first one's expressions become the block's list.
func (p *parser) rows() {
	p.clause = inValues
	p.next()
	for first := true; ; first = false {
		if p.isOpen(0) {
			b := p.block
			p.calls = append(p.calls, call{open: p.i})
			p.group(func() {
				if first && b.kind == "values" {
					p.list(b)
				}
				p.args()
			})
			p.calls = p.calls[:len(p.calls)-1]
		} else if p.kind() == caret {
			p.next()
		}
		if !p.isOp(0, ',') {
			return
		}
		p.next()
	}
}

// args reads the rest of a parenthesis of expressions, counting commas.
func (p *parser) args() {
	for {
		p.expr(true)
		if !p.isOp(0, ',') {
			return
		}
		p.calls[len(p.calls)-1].commas++
		p.next()
	}
}

// clauses reads what follows the list of a SELECT.
func (p *parser) clauses(b *block) {
	for !p.done() {
		w := p.word()
		switch w {
		case "union", "intersect", "except":
			return
		case "from":
			b.clauses[w] = true
			p.fromClause(b)
			continue
		case "where", "having":
			p.clause = inWhere
		case "group":
			p.clause = inGroup
			p.accept("group")
			if p.word() != "by" {
				b.clauses[w] = true
				continue
			}
			if w := p.wordAt(1); w == "all" || w == "distinct" {
				p.next()
			}
		case "order":
			p.clause = inOrder
			p.accept("order")
			if p.word() != "by" {
				b.clauses[w] = true
				continue
			}
		case "window":
			p.clause = inWindow
		case "limit", "offset", "fetch", "for":
			p.clause = inLimit
		case "returning":
			p.returning(b)
			continue
		case "into":
			p.clause = inAlias
		case "select", "insert", "delete", "merge", "update", "with":
			if p.queryAhead(0) {
				return // a statement that begins without a semicolon before it
			}
			fallthrough
		default:
			p.next()
			continue
		}
		b.clauses[w] = true
		p.next()
		if p.clause == inLimit && w == "for" {
			for !p.done() && p.word() != "limit" {
				p.next()
			}
			continue
		}
		p.expr(false)
	}
}

func (p *parser) returning(b *block) {
	b.clauses["returning"] = true
	p.clause = inReturning
	p.next()
	if p.word() == "with" && p.isOpen(1) {
		p.next()
		p.group(p.skipGroup)
	}
	p.list(b)
}

// ends are the words that end an expression, because a clause begins with them.
var ends = set("from where having limit offset fetch for into window union intersect except returning select on using group order")

// endsHere tells whether the word ahead ends the expression that is read.
func (p *parser) endsHere(commas bool) bool {
	switch k := p.kind(); {
	case k == sqltext.Operator:
		return commas && p.isOp(0, ',')
	case k != sqltext.Word:
		return false
	}
	w := p.toks[p.i].word
	if p.afterDot() {
		return false
	}
	before := ""
	if p.i > 0 && p.toks[p.i-1].kind == sqltext.Word {
		before = p.toks[p.i-1].word
	}
	switch w {
	case "join", "inner", "left", "right", "full", "cross", "natural":
		return !p.isOpen(1) && (p.clause == inOn || p.clause == inFromEnd || p.clause == inUsing)
	case "from":
		return before != "distinct" && !p.keepsFrom()
	case "set", "do":
		return w == "do" && p.clause == inWhere && p.block != nil && p.block.kind == "insert"
	case "when":
		return p.block != nil && p.block.kind == "merge" && p.clause == inOn && p.wordAt(1) != "" && (p.wordAt(1) == "matched" || p.wordAt(1) == "not")
	case "then":
		return p.block != nil && p.block.kind == "merge" && p.clause == inWhere && len(p.calls) == 0
	case "group":
		return p.wordAt(1) == "by" || p.kindAt(1) == caret && before != "within"
	case "order":
		return len(p.calls) == 0
	case "where":
		return p.callee() != "filter"
	case "insert", "delete", "merge", "update":
		return w != "update" && p.queryAhead(0) || w == "update" && before != "for" && p.wordAt(2) == "set"
	case "values":
		return p.clause == inColumns
	case "returning", "on":
		return len(p.calls) == 0
	case "for", "using":
		return len(p.calls) == 0
	case "select":
		return before != "array"
	}
	return ends[w]
}

// keepsFrom tells that FROM ahead belongs to the function whose parenthesis it is in.
func (p *parser) keepsFrom() bool {
	switch p.callee() {
	case "extract", "substring", "trim", "overlay", "position":
		return true
	}
	return false
}

// callee is the function whose parenthesis is open, "" for none.
func (p *parser) callee() string {
	if len(p.calls) == 0 {
		return ""
	}
	if c := p.calls[len(p.calls)-1]; c.name.to > c.name.from {
		return p.toks[c.name.to-1].word
	}
	return ""
}

func (p *parser) afterDot() bool {
	return p.i > 0 && p.toks[p.i-1].kind == sqltext.Operator && p.text[p.toks[p.i-1].from] == '.'
}

// expr reads an expression, or several when commas do not end it.
func (p *parser) expr(commas bool) {
	for !p.done() && !p.endsHere(commas) {
		if p.kind() == sqltext.Open {
			p.parenthesis()
			continue
		}
		p.next()
	}
}

// parenthesis reads ( … ) or [ … ] in an expression: a query, the arguments of a call, or anything.
func (p *parser) parenthesis() {
	if p.open >= maxDepth {
		p.next()
		return
	}
	clause, outer := p.clause, p.scope
	if p.isOpen(0) && p.queryAhead(1) {
		p.group(func() { p.clause = inQuery; p.query(outer) })
		p.clause = clause
		return
	}
	c := call{open: p.i}
	c.name = p.calledBefore()
	p.calls = append(p.calls, c)
	n := len(p.calls)
	p.next()
	p.open++
	p.args()
	p.open--
	p.calls = p.calls[:n-1]
	if p.kind() == sqltext.Close && !p.endsHere(false) {
		p.next()
	}
}

// calledBefore is the name directly before a parenthesis.
func (p *parser) calledBefore() span {
	if p.text[p.toks[p.i].from] != '(' {
		return span{}
	}
	from := p.i
	for from > 0 && p.toks[from-1].isName() {
		t := p.toks[from-1]
		if t.kind == sqltext.Word && from == p.i && reserved[t.word] && !functionWords[t.word] && t.word != "cast" {
			return span{}
		}
		from--
		if from == 0 || p.toks[from-1].kind != sqltext.Operator || p.text[p.toks[from-1].from] != '.' {
			break
		}
		from--
	}
	return span{from, p.i}
}
