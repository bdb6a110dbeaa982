package suggest

import (
	"strconv"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// outputs lists the columns that come out of a query.
func (r *resolver) outputs(b *block) []column {
	if b.read || r.depth > maxNesting {
		return b.memo
	}
	b.read = true
	r.depth++
	var out []column
	switch b.kind {
	case "table":
		for _, it := range b.items {
			out = append(out, r.columnsOf(it)...)
		}
	case "values":
		for i, s := range b.list {
			out = append(out, column{Column: Column{Name: "column" + strconv.Itoa(i+1), Type: r.typeOf(b, s)}})
		}
	default:
		for _, s := range b.list {
			out = append(out, r.output(b, s)...)
		}
	}
	r.depth--
	b.memo = out[:min(len(out), maxColumns)]
	return b.memo
}

// output gives the columns of one expression of a list.
func (r *resolver) output(b *block, s span) []column {
	for _, t := range r.p.toks[s.from:s.to] {
		if t.kind == caret {
			return nil // being written
		}
	}
	if r.p.star(s.to-1) && s.to-1 >= s.from {
		return r.star(b, s)
	}
	c := column{}
	c.Name, s = r.p.given(s)
	if found, ok := r.reference(b, s); ok {
		name := c.Name
		c = found
		if name != "" {
			c.Name = name
		}
		c.item = nil
		return []column{c}
	}
	c.Type = r.typeOf(b, s)
	if c.Name == "" {
		c.Name = r.p.figured(s)
	}
	if c.Name == "" {
		c.Name = "?column?"
	}
	return []column{c}
}

// given is the name that AS, or an alias without it, gives an expression of a list, "" for none; and the expression.
func (p *parser) given(s span) (string, span) {
	toks := p.toks[s.from:s.to]
	n := len(toks)
	switch {
	case n > 2 && toks[n-1].isName() && toks[n-2].kind == sqltext.Word && toks[n-2].word == "as":
		return toks[n-1].word, span{s.from, s.to - 2}
	case n > 1 && toks[n-1].isName() && !p.dotted(s.to-1) && endsOperand(toks[n-2]) && !(toks[n-1].kind == sqltext.Word && reserved[toks[n-1].word]):
		return toks[n-1].word, span{s.from, s.to - 1}
	}
	return "", s
}

// star tells whether token i is a * that stands for columns.
func (p *parser) star(i int) bool {
	if i < 0 || i >= len(p.toks) || p.toks[i].kind != sqltext.Operator || p.text[p.toks[i].from] != '*' {
		return false
	}
	if i == 0 {
		return false
	}
	t := p.toks[i-1]
	switch t.kind {
	case sqltext.Word:
		return t.word == "select" || t.word == "distinct" || t.word == "all" || t.word == "returning"
	case sqltext.Operator:
		c := p.text[t.from]
		return c == ',' || c == '.' && i > 1 && p.toks[i-2].isName()
	case sqltext.Close: // DISTINCT ON (…) *
		depth := 0
		for j := i - 1; j >= 0; j-- {
			switch p.toks[j].kind {
			case sqltext.Close:
				depth++
			case sqltext.Open:
				if depth--; depth == 0 {
					return j > 1 && p.toks[j-1].word == "on" && p.toks[j-2].word == "distinct"
				}
			}
		}
	}
	return false
}

// star gives the columns of * or t.*.
func (r *resolver) star(b *block, s span) []column {
	if s.to-s.from == 1 {
		return r.all(b.items)
	}
	parts := r.p.qualifier(s.to - 1)
	if it := r.itemNamed(b.scope, parts); it != nil {
		return r.columnsOf(it)
	}
	return nil
}

// reference finds the column when tokens [from, to) are nothing but its name.
func (r *resolver) reference(b *block, s span) (column, bool) {
	var parts []string
	if s.to-s.from > 7 {
		return column{}, false
	}
	for i := s.from; i < s.to; i++ {
		t := r.p.toks[i]
		if (i-s.from)%2 == 1 {
			if t.kind != sqltext.Operator || r.p.text[t.from] != '.' {
				return column{}, false
			}
			continue
		}
		if !t.isName() || t.kind == sqltext.Word && len(parts) == 0 && reserved[t.word] {
			return column{}, false
		}
		parts = append(parts, t.word)
	}
	return r.resolve(b.scope, parts)
}

// dotted tells that a dot stands before token i.
func (p *parser) dotted(i int) bool {
	return i > 0 && p.toks[i-1].kind == sqltext.Operator && p.text[p.toks[i-1].from] == '.'
}

// endsOperand tells whether a value can end with the token.
func endsOperand(t tok) bool {
	switch t.kind {
	case sqltext.Name, sqltext.String, sqltext.Number, sqltext.Param, sqltext.Close:
		return true
	case sqltext.Word:
		return !reserved[t.word] || constants[t.word] || t.word == "end"
	}
	return false
}

// figured is the name PostgreSQL gives an expression without AS: of a column, a function, a type; else "".
func (p *parser) figured(s span) string {
	if s.to <= s.from {
		return ""
	}
	for i := s.to - 1; i > s.from; i-- { // a cast keeps the name of what is cast
		if p.isCast(i) {
			return p.figured(span{s.from, i - 1})
		}
		if p.toks[i].kind == sqltext.Close {
			break
		}
	}
	first, last := p.toks[s.from], p.toks[s.to-1]
	switch {
	case first.kind == sqltext.Word && first.word == "case":
		return "case"
	case last.isName() && (s.to-s.from == 1 || p.dotted(s.to-1)):
		return last.word
	case last.kind == sqltext.Close:
		depth := 0
		for i := s.to - 1; i > s.from; i-- {
			switch p.toks[i].kind {
			case sqltext.Close:
				depth++
			case sqltext.Open:
				depth--
			}
			if depth == 0 && p.toks[i].kind == sqltext.Open {
				switch name := p.toks[i-1]; {
				case name.kind == sqltext.Word && name.word == "over", name.kind == sqltext.Word && name.word == "filter":
					return p.figured(span{s.from, i - 1})
				case name.isName() && (i-1 == s.from || p.dotted(i-1) || name.word == "exists" || name.word == "array"):
					return name.word
				}
				return ""
			}
		}
	}
	return ""
}

// isCast tells that token i is the second colon of ::.
func (p *parser) isCast(i int) bool {
	return i > 0 && i < len(p.toks) && p.toks[i].kind == sqltext.Operator && p.text[p.toks[i].from] == ':' &&
		p.toks[i-1].kind == sqltext.Operator && p.text[p.toks[i-1].from] == ':'
}

// typeOf guesses the type of an expression; "" when it cannot be said from its tokens.
func (r *resolver) typeOf(b *block, s span) string {
	p := r.p
	for i := s.to - 1; i > s.from+1; i-- {
		if p.toks[i].kind == sqltext.Close {
			break
		}
		if p.isCast(i) {
			return p.words(i+1, s.to)
		}
	}
	if c, ok := r.reference(b, s); ok {
		return c.Type
	}
	if s.to-s.from == 1 {
		switch t := p.toks[s.from]; {
		case t.kind == sqltext.String:
			return "text"
		case t.kind == sqltext.Number:
			if strings.ContainsAny(p.text[t.from:t.to], ".eE") {
				return "numeric"
			}
			return "integer"
		case t.kind == sqltext.Word && (t.word == "true" || t.word == "false"):
			return "boolean"
		case t.kind == sqltext.Word && t.word == "current_date":
			return "date"
		case t.kind == sqltext.Word && t.word == "current_timestamp":
			return "timestamp with time zone"
		}
		return ""
	}
	if name := p.figured(s); name != "" && p.toks[s.to-1].kind == sqltext.Close {
		result := ""
		for _, f := range r.functions([]string{name}) {
			if result != "" && result != f.Result || strings.HasPrefix(f.Result, "any") {
				return ""
			}
			result = f.Result
		}
		return result
	}
	return ""
}
