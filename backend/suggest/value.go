package suggest

import "desktop.tusk/backend/sqltext"

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
