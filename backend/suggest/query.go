package suggest

import "desktop.tusk/backend/sqltext"

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
