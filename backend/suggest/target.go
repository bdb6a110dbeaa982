package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// compared adds the values of an enum or boolean that the caret is compared with.
func (l *list) compared() {
	if l.quoted {
		return
	}
	c, ok := l.comparedColumn()
	if !ok {
		return
	}
	if c.Type == "boolean" {
		l.words(rankMeant, "true false")
		return
	}
	t, ok := l.typeNamed(typeName(c.Type))
	if !ok {
		return
	}
	for _, label := range t.Labels {
		s := "'" + strings.ReplaceAll(label, "'", "''") + "'"
		l.add(rankMeant, label, Suggestion{Label: s, Apply: s, Kind: "constant", Detail: t.Name})
	}
}

// comparedColumn is the column on the left of = | or in ( … |, or the one that gets a value here.
func (l *list) comparedColumn() (column, bool) {
	end := l.mark - 1
	switch t := l.before(1); {
	case l.op(t, '='), l.op(t, '>') && l.op(l.before(2), '<'):
		for end > 0 && l.toks[end].kind == sqltext.Operator {
			end--
		}
	case t.kind == sqltext.Open && l.keyword(2) == "in":
		end -= 2
	case (t.kind == sqltext.Open || l.op(t, ',')) && l.clause == inValues && l.block != nil && l.block.target != nil && len(l.calls) > 0:
		return l.valueColumn(l.calls[len(l.calls)-1].commas)
	default:
		return column{}, false
	}
	if end < 0 || !l.toks[end].isName() {
		return column{}, false
	}
	parts := append(l.p.qualifier(end), l.toks[end].word)
	if l.clause == inSetValue && len(parts) == 1 && l.block != nil && l.block.target != nil {
		for _, c := range l.columnsOf(l.block.target) {
			if c.Name == parts[0] {
				return c, true
			}
		}
	}
	return l.resolve(l.scope, parts)
}

// valueColumn is the column that the nth value of a row of INSERT is for.
func (l *list) valueColumn(n int) (column, bool) {
	cols := l.columnsOf(l.block.target)
	if listed := l.block.listed; len(listed) > 0 {
		for _, c := range cols {
			if n < len(listed) && c.Name == listed[n] {
				return c, true
			}
		}
		return column{}, false
	}
	if n < len(cols) {
		return cols[n], true
	}
	return column{}, false
}

// targetColumns adds the columns of what is changed, those not named yet first; nobody may write a generated one.
func (l *list) targetColumns() {
	b := l.block
	if b == nil || b.target == nil {
		return
	}
	if q := l.qualifier(); q != nil {
		return
	}
	if l.clause == inConflict && !l.operandWanted() {
		l.words(0, "collate where")
		return
	}
	if l.clause == inSet && l.keyword(1) != "set" && endsOperand(l.before(1)) && l.before(1).kind != sqltext.Close {
		return
	}
	for _, c := range l.columnsOf(b.target) {
		if c.Generated && b.kind != "columns" && l.clause != inConflict && l.clause != inOther {
			continue
		}
		rank := 0
		switch {
		case l.clause != inConflict && slices.Contains(b.listed, c.Name):
			rank = 2
		case l.clause == inConflict && !c.Key:
			rank = 1
		}
		l.column(rank, c, "")
	}
}
