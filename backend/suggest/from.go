package suggest

import (
	"strings"

	"desktop.tusk/backend/sqltext"
)

// fromClause reads FROM or USING and the items behind it.
func (p *parser) fromClause(b *block) {
	p.clause = inFrom
	p.next()
	p.fromList(b)
}

// fromList reads items with commas and joins between.
func (p *parser) fromList(b *block) {
	p.readItem(b, false)
	for !p.done() {
		p.clause, p.joined = inFromEnd, nil
		switch w := p.word(); {
		case p.isOp(0, ','):
			p.clause = inFrom
			p.next()
			p.readItem(b, false)
		case p.joinAhead():
			p.join(b)
		case w == "on" || w == "using" && !p.startsUsing(b):
			p.condition(b) // of a join whose item is not written yet, or written with what the reader does not know
		case ends[w], w == "set", w == "when", w == "do":
			return
		case (w == "insert" || w == "delete" || w == "update" || w == "merge" || w == "with") && p.queryAhead(0):
			return
		case p.kind() == sqltext.Open:
			p.parenthesis()
		default:
			p.next()
		}
	}
}

// startsUsing tells that USING ahead is DELETE's or MERGE's, not a join's.
func (p *parser) startsUsing(b *block) bool {
	return (b.kind == "delete" || b.kind == "merge") && !p.isOpen(1)
}

func (p *parser) joinAhead() bool {
	switch p.word() {
	case "join", "inner", "left", "right", "full", "cross", "natural":
		return true
	}
	return false
}

func (p *parser) join(b *block) {
	natural, cross, left := false, false, false
	for p.joinAhead() || p.word() == "outer" {
		w := p.word()
		natural, cross, left = natural || w == "natural", cross || w == "cross", left || w == "left" || w == "full"
		p.next()
		if w == "join" {
			break
		}
		p.clause = inFromEnd
		if p.kind() == caret {
			p.next()
			return
		}
	}
	p.clause = inJoin
	it := p.readItem(b, true)
	if it != nil {
		it.natural, it.join, it.left = natural, true, left
	}
	p.joined = it
	p.clause = inFromEnd
	for p.kind() == caret {
		p.next()
	}
	if !cross && !natural && (p.word() == "on" || p.word() == "using") {
		p.condition(b)
	}
	p.joined = nil
}

// condition reads ON … or USING (…).
func (p *parser) condition(b *block) {
	it := p.joined
	if it == nil && len(b.items) > 0 && p.item != nil {
		it = p.item
	}
	was := p.scope
	p.joined = it
	if p.word() == "on" {
		p.scope = &scope{block: b, limit: len(b.items), outer: b.scope.outer}
		p.clause = inOn
		p.next()
		p.expr(true)
	} else {
		p.clause = inUsing
		p.next()
		if p.isOpen(0) {
			names := p.names()
			if it != nil {
				it.using = names
			}
			if p.accept("as") && !p.done() && p.toks[p.i].isName() {
				p.next()
			}
		}
	}
	p.scope = was
	p.clause = inFromEnd
}

// readItem reads one item of FROM with its alias. nil when there is none (yet).
func (p *parser) readItem(b *block, join bool) *item {
	clause := p.clause
	lateral := p.accept("lateral")
	from := p.i
	earlier := &scope{block: b, limit: len(b.items), outer: b.scope.outer}
	var it *item
	switch {
	case p.isOpen(0) && p.queryAhead(1):
		it = &item{at: span{p.i, p.i}, scope: b.scope.outer}
		outer := b.scope.outer
		if lateral {
			outer = earlier
		}
		p.group(func() { p.clause = inQuery; it.query = p.query(outer) })
	case p.isOpen(0):
		if p.open >= maxDepth {
			p.next()
			return nil
		}
		n := len(b.items)
		p.group(func() { p.fromList(b) })
		if len(b.items) == n {
			return nil
		}
		p.item = b.items[len(b.items)-1]
		return p.item
	case p.word() == "rows" && p.wordAt(1) == "from":
		it = &item{call: true, at: span{p.i, p.i + 2}, scope: b.scope.outer}
		p.next()
		p.next()
		if p.isOpen(0) {
			p.within(earlier, b, func() { p.parenthesis() })
		}
	default:
		if it = p.named(b); it == nil {
			p.clause = clause
			return nil
		}
		if p.isOpen(0) {
			it.call = true
			p.within(earlier, b, func() { p.clause = inWhere; p.parenthesis() })
		}
	}
	if it.at.to <= it.at.from {
		it.at = span{from, p.i}
	}
	if p.accept("with", "ordinality") {
		it.ordinal = true
	}
	b.items = append(b.items, it)
	p.items = append(p.items, it)
	p.item = it
	p.clause = inFromEnd
	if join {
		p.joined = it
	}
	p.alias(it, false)
	it.end = p.i
	return it
}

// named reads the name of a relation or function. nil when it is not written, or being written.
func (p *parser) named(b *block) *item {
	p.accept("only")
	parts, at, whole := p.chain()
	if len(parts) == 0 || !whole {
		return nil
	}
	it := &item{name: parts, at: at, end: p.i, scope: b.scope.outer}
	if p.isOp(0, '*') {
		p.next()
	}
	return it
}

// chain reads a.b.c. whole is false when the caret is in it, or nothing is behind its last dot.
func (p *parser) chain() (parts []string, at span, whole bool) {
	at.from = p.i
	for !p.done() {
		t := p.toks[p.i]
		if t.kind == caret {
			p.next()
			return parts, span{at.from, p.i}, false
		}
		if !t.isName() || len(parts) == 0 && t.kind == sqltext.Word && reserved[t.word] && !functionWords[t.word] {
			return parts, span{at.from, p.i}, false
		}
		if len(parts) == 0 && functionWords[t.word] && t.kind == sqltext.Word && !p.isOpen(1) {
			return parts, span{at.from, p.i}, false
		}
		parts = append(parts, t.word)
		p.next()
		if !p.isOp(0, '.') {
			break
		}
		p.next()
	}
	return parts, span{at.from, p.i}, len(parts) > 0 && !p.afterDot()
}

// alias reads [AS] alias [(columns)].
func (p *parser) alias(it *item, needsAs bool) {
	as := false
	if p.word() == "as" {
		clause := p.clause
		p.clause = inAlias
		p.next()
		as = true
		if p.kind() == caret {
			p.next()
			return
		}
		p.clause = clause
	}
	if p.done() || needsAs && !as {
		return
	}
	t := p.toks[p.i]
	switch {
	case as && p.isOpen(0): // f() as (a int)
		p.definitions(it)
		return
	case !t.isName() || t.kind == sqltext.Word && (reserved[t.word] || !as && p.beginsStatement()):
		return
	case !as && t.kind == sqltext.Word && (t.word == "set" || t.word == "tablesample"):
		return
	}
	it.alias, it.aliasAt = t.word, p.i
	p.next()
	if p.isOpen(0) {
		p.definitions(it)
	}
}

// beginsStatement tells that the word ahead is the first of a statement without a semicolon before it.
func (p *parser) beginsStatement() bool {
	switch p.word() {
	case "insert", "merge":
		return p.wordAt(1) == "into"
	case "delete":
		return p.wordAt(1) == "from"
	case "update":
		return p.wordAt(2) == "set"
	}
	return false
}

// definitions reads (a, b) or (a int, b text).
func (p *parser) definitions(it *item) {
	was := p.clause
	p.clause = inAlias
	p.group(func() {
		for !p.done() {
			if p.toks[p.i].isName() {
				name := p.toks[p.i].word
				p.next()
				from := p.i
				p.clause, p.trail = inOther, []string{"column", "·"}
				for !p.done() && !p.isOp(0, ',') {
					if p.kind() == sqltext.Open {
						p.group(p.skipGroup)
						continue
					}
					p.next()
				}
				p.clause, p.trail = inAlias, nil
				it.columns = append(it.columns, name)
				it.types = append(it.types, p.words(from, p.i))
				continue
			}
			p.next()
		}
	})
	p.clause = was
}

// words is the text of tokens [from, to), with one blank for all there is between two.
func (p *parser) words(from, to int) string {
	if to <= from {
		return ""
	}
	return strings.Join(strings.Fields(p.text[p.toks[from].from:p.toks[to-1].to]), " ")
}
