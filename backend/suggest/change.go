package suggest

import "desktop.tusk/backend/sqltext"

// targetOf reads what a statement changes.
func (p *parser) targetOf(b *block, needsAs bool) {
	p.clause = inTarget
	it := p.named(b)
	p.clause = inTargetEnd
	if it == nil {
		for p.kind() == caret {
			p.next()
		}
		return
	}
	b.target, p.item = it, it
	b.items = append(b.items, it)
	p.items = append(p.items, it)
	p.alias(it, needsAs)
	it.end = p.i
}

func (p *parser) insert(b *block, outer *scope) {
	p.clause = inStart
	p.next()
	p.clause = inOther
	p.trail = []string{"insert"}
	if p.kind() == caret {
		p.next()
	}
	p.accept("into")
	p.targetOf(b, true)
	if p.isOpen(0) && !p.queryAhead(0) {
		p.clause = inColumns
		p.next()
		p.open++
		for !p.done() && p.word() != "values" && !(p.word() == "select") {
			if p.toks[p.i].isName() {
				b.listed = append(b.listed, p.toks[p.i].word)
			}
			p.next()
		}
		p.open--
		if p.kind() == sqltext.Close {
			p.next()
		}
	}
	p.clause = inTargetEnd
	for !p.done() {
		switch w := p.word(); {
		case w == "values":
			p.insertRows(b, outer)
		case w == "select" || w == "table" || w == "with" || p.isOpen(0) && p.queryAhead(0):
			b.clauses["select"] = true
			p.query(outer)
			p.clause = inTargetEnd
		case w == "on":
			p.conflict(b)
		case w == "returning":
			p.returning(b)
		case p.beginsStatement():
			return
		default:
			p.next()
		}
	}
}

// insertRows reads VALUES of an INSERT: its rows see nothing of the target.
func (p *parser) insertRows(b *block, outer *scope) {
	b.clauses["values"] = true
	seen := &block{kind: "insert", target: b.target, listed: b.listed}
	was := p.item
	p.within(&scope{limit: -1, outer: outer}, seen, func() {
		p.item = was
		p.rows()
	})
	p.clause = inTargetEnd
}

// conflict reads ON CONFLICT …, up to RETURNING.
func (p *parser) conflict(b *block) {
	b.clauses["on"] = true
	p.trail = []string{"on"}
	p.clause = inOther
	p.next()
	if p.accept("conflict") {
		p.trail = []string{"on", "conflict"}
	}
	if p.kind() == caret {
		p.next()
	}
	if p.isOpen(0) {
		p.clause = inConflict
		p.calls = append(p.calls, call{open: p.i})
		p.group(func() { p.args() })
		p.calls = p.calls[:len(p.calls)-1]
		p.clause = inOther
		p.trail = []string{"on", "conflict", "("}
	}
	if p.word() == "where" {
		p.clause = inWhere
		p.next()
		p.expr(false)
		p.clause = inOther
	}
	if p.accept("on", "constraint") {
		p.clause = inAlias
		if !p.done() {
			p.next()
		}
		p.clause = inOther
		p.trail = []string{"on", "conflict", "("}
	}
	for !p.done() && p.word() != "do" && p.word() != "returning" {
		p.next()
	}
	if !p.accept("do") {
		return
	}
	p.trail = []string{"on", "conflict", "do"}
	if p.kind() == caret {
		p.next()
	}
	if !p.accept("update") {
		return
	}
	p.trail = []string{"do", "update"}
	if p.kind() == caret {
		p.next()
	}
	if b.target == nil || p.word() != "set" {
		return
	}
	// The new row is seen as excluded.
	excluded := &item{name: b.target.name, alias: "excluded", scope: b.target.scope, at: b.target.at}
	in := &block{kind: "update", clauses: b.clauses, target: b.target, items: []*item{b.target, excluded}}
	in.scope = &scope{block: in, limit: -1, outer: b.scope.outer}
	p.within(in.scope, in, func() {
		p.next()
		p.setList(in)
		if p.word() == "where" {
			p.clause = inWhere
			p.next()
			p.expr(false)
		}
	})
	p.clause = inTargetEnd
}

// setList reads the columns to set and their values.
func (p *parser) setList(b *block) {
	for {
		p.clause = inSet
		switch {
		case p.isOpen(0):
			p.group(func() {
				for !p.done() {
					if p.toks[p.i].isName() {
						b.listed = append(b.listed, p.toks[p.i].word)
					}
					p.next()
				}
			})
		default:
			if parts, _, _ := p.chain(); len(parts) > 0 {
				b.listed = append(b.listed, parts[0])
			}
		}
		if p.kind() == sqltext.Open { // an element of an array
			p.parenthesis()
		}
		if p.isOp(0, '=') {
			p.clause = inSetValue
			p.next()
			p.expr(true)
		}
		for !p.done() && !p.isOp(0, ',') && !ends[p.word()] && p.word() != "when" && !p.beginsStatement() {
			p.next()
		}
		if !p.isOp(0, ',') {
			return
		}
		p.clause = inSet
		p.next()
	}
}

func (p *parser) update(b *block) {
	p.clause = inTarget
	p.next()
	p.targetOf(b, false)
	for !p.done() {
		switch w := p.word(); {
		case w == "set":
			b.clauses[w] = true
			p.clause = inSet
			p.next()
			p.setList(b)
		case w == "from" || w == "where" || w == "returning":
			p.clauses(b)
			return
		case p.beginsStatement() || w == "select":
			return
		default:
			p.next()
		}
	}
}

func (p *parser) delete(b *block) {
	p.clause = inStart
	p.next()
	p.clause, p.trail = inOther, []string{"delete"}
	if p.kind() == caret {
		p.next()
	}
	p.accept("from")
	p.targetOf(b, false)
	if p.word() == "using" {
		b.clauses["using"] = true
		p.fromClause(b)
	}
	p.clauses(b)
}

func (p *parser) merge(b *block) {
	p.clause, p.trail = inOther, []string{"merge"}
	p.next()
	if p.kind() == caret {
		p.next()
	}
	p.accept("into")
	p.targetOf(b, false)
	if p.word() == "using" {
		b.clauses["using"] = true
		p.fromClause(b)
	}
	for !p.done() {
		switch p.word() {
		case "when":
			p.when(b)
		case "returning":
			p.returning(b)
		case "select":
			return
		default:
			p.next()
		}
	}
}

// when reads WHEN [NOT] MATCHED … THEN …
func (p *parser) when(b *block) {
	p.clause, p.trail = inOther, nil
	add := func() { p.trail = append(p.trail, p.toks[p.i].word); p.next() }
	for !p.done() && p.word() != "then" && p.word() != "and" && p.word() != "returning" {
		add()
	}
	if p.accept("and") {
		p.clause = inWhere
		p.expr(false)
		p.clause = inOther
	}
	if !p.accept("then") {
		return
	}
	p.trail = append(p.trail, "then")
	if p.kind() == caret {
		p.next()
	}
	switch p.word() {
	case "update":
		p.trail = []string{"do", "update"}
		p.next()
		if p.kind() == caret {
			p.next()
		}
		if p.accept("set") {
			in := &block{kind: "merge", clauses: b.clauses, target: b.target, items: b.items}
			p.within(b.scope, in, func() { p.setList(in) })
		}
	case "insert":
		p.next()
		in := &block{kind: "merge", clauses: b.clauses, target: b.target, items: b.items}
		was := p.block
		p.block = in
		if p.isOpen(0) {
			p.clause = inColumns
			p.group(func() {
				for !p.done() {
					if p.toks[p.i].isName() {
						in.listed = append(in.listed, p.toks[p.i].word)
					}
					p.next()
				}
			})
		}
		p.clause = inTargetEnd
		for !p.done() && p.word() != "values" && p.word() != "when" && p.word() != "returning" {
			p.next()
		}
		if p.word() == "values" {
			p.rows()
		}
		p.block = was
	default:
		for !p.done() && p.word() != "when" && p.word() != "returning" {
			p.next()
		}
	}
	p.clause, p.trail = inOther, []string{"when"}
}
