package suggest

import "desktop.tusk/backend/sqltext"

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
