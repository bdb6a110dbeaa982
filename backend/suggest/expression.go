package suggest

import (
	"strings"

	"desktop.tusk/backend/sqltext"
)

// What stands first where a value is expected and all fit what was typed equally well.
const (
	rankMeant = iota // what the place itself asks for
	rankColumn
	rankAlias
	rankOuter
	rankFunction
	rankSystem
	rankWord
	rankRest
)

// expression adds what can stand at the caret in an expression.
func (l *list) expression() {
	if q := l.qualifier(); q != nil {
		l.members(q)
		return
	}
	if !l.operandWanted() {
		l.afterOperand()
		return
	}
	if w := after[l.keyword(1)]; w != "" && reserved[l.keyword(1)] {
		l.words(rankMeant, w)
		if l.keyword(1) == "is" {
			return
		}
	}
	l.compared()
	l.columns()
	l.functionsHere()
	words := beginnings
	switch {
	case l.keyword(1) == "select":
		words += " distinct"
	case l.clause == inSetValue, l.clause == inValues:
		words = "default " + words
	case l.clause == inGroup:
		words += " rollup cube grouping_sets"
	}
	if t := l.before(1); t.kind == sqltext.Open {
		if c := l.callee(); c == "over" {
			words = "partition_by order_by rows range"
		} else if c != "" {
			words += " distinct"
		}
		words += " select"
	}
	if n := l.keyword(1); n == "and" || n == "or" || n == "where" || n == "when" {
		words = "not exists case " + words
	}
	l.words(rankWord, strings.ReplaceAll(words, "case ", ""))
	if !l.quoted {
		text := "case when ${} then  else  end"
		if l.upper {
			text = strings.ToUpper(text)
		}
		l.add(rankWord, "case", Suggestion{Label: "case", Apply: text, Kind: "snippet", Detail: "case when … end"})
	}
	if l.typed != "" {
		l.schemas(rankRest)
	}
}

// operandWanted tells whether a value is expected at the caret, rather than what follows one.
func (l *list) operandWanted() bool {
	t := l.before(1)
	switch t.kind {
	case sqltext.Word:
		if l.op(l.before(2), '.') {
			return false
		}
		switch t.word {
		case "by":
			w := l.keyword(2)
			return w == "group" || w == "order" || w == "partition"
		case "between", "escape", "exists", "row", "sets", "rollup", "cube", "when", "then", "else":
			return true
		case "end", "as", "asc", "desc":
			return false
		case "not":
			return !endsOperand(l.before(2))
		}
		return !endsOperand(t)
	case sqltext.Operator:
		return !l.p.star(l.mark - 1)
	}
	return !endsOperand(t)
}

// afterOperand adds operators and the clauses that can follow a value.
func (l *list) afterOperand() {
	w := l.keyword(1)
	switch w {
	case "as":
		return
	case "not":
		l.words(0, "in like ilike between similar_to")
		return
	}
	if follow, ok := after[w]; ok && follow != "" && (reserved[w] || len(l.calls) > 0 || w == "nulls" || w == "at" || w == "within") {
		l.words(0, follow)
		return
	}
	l.words(0, l.inCase())
	callee := l.callee()
	switch {
	case callee == "cast":
		l.words(0, "as")
		return
	case callee == "extract", callee == "trim", callee == "substring":
		l.words(0, "from for")
	case callee == "over" || len(l.calls) > 0 && l.clause == inWindow:
		l.words(0, "order_by rows range groups asc desc nulls_first nulls_last")
	case callee != "":
		l.words(3, "order_by")
	}
	if l.before(1).kind == sqltext.Close && len(l.calls) == 0 {
		l.words(1, "over filter within_group")
	}
	if l.clause == inOrder && len(l.calls) == 0 {
		l.words(0, "asc desc nulls_first nulls_last")
	}
	conditions := l.clause == inWhere || l.clause == inOn || len(l.calls) > 0
	if conditions {
		l.words(1, operators)
	}
	if len(l.calls) == 0 || l.clause == inColumns {
		if l.clause == inSelect || l.clause == inReturning {
			l.words(1, "as")
		}
		l.words(1, l.nextClauses())
	}
	if !conditions {
		l.words(2, operators)
	}
}

// inCase tells what can follow in a CASE without its END before the caret, in the same parenthesis; "" outside of one.
func (l *list) inCase() string {
	depth, ended, last := 0, 0, ""
	for i := l.mark - 1; i >= 0; i-- {
		switch t := l.toks[i]; {
		case t.kind == sqltext.Close:
			depth++
		case t.kind == sqltext.Open:
			if depth--; depth < 0 {
				return ""
			}
		case t.kind != sqltext.Word || depth > 0:
		case t.word == "end":
			ended++
		case t.word == "case":
			if ended--; ended < 0 {
				if last == "" {
					last = "when"
				}
				return last
			}
		case t.word == "select":
			return ""
		case last != "" || ended > 0:
		case t.word == "when":
			last = "then"
		case t.word == "then":
			last = "when else end"
		case t.word == "else":
			last = "end"
		}
	}
	return ""
}

// nextClauses lists the clauses that can follow, without those the statement has already.
func (l *list) nextClauses() string {
	if l.block == nil {
		return ""
	}
	var all string
	switch l.block.kind {
	case "insert":
		all = "on_conflict returning"
		if l.clause == inReturning {
			all = ""
		}
	case "update":
		all = "from where returning"
	case "delete":
		all = "using where returning"
	case "merge":
		all = "when_matched_then when_not_matched_then returning"
	case "values":
		all = "order_by limit offset union"
	case "select", "table":
		all = "from where group_by having window order_by limit offset fetch_first for_update for_share union union_all intersect except"
	default:
		return ""
	}
	var out []string
	past := map[clause]string{inWhere: "where", inGroup: "group_by", inOrder: "order_by", inLimit: "limit", inFromEnd: "from", inOn: "from", inUsing: "from", inReturning: "returning", inWindow: "window"}[l.clause]
	words := strings.Fields(all)
	for _, w := range words {
		if strings.HasPrefix(w, past) && w == past {
			out = out[:0]
			continue
		}
		first, _, _ := strings.Cut(w, "_")
		if !l.block.clauses[first] || first == "union" || first == "when" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// members adds what stands behind a dot in an expression.
func (l *list) members(q []string) {
	if it := l.itemNamed(l.scope, q); it != nil {
		for _, c := range l.columnsOf(it) {
			l.column(rankColumn, c, "")
		}
		return
	}
	if it := l.pseudo(q); it != nil {
		for _, c := range l.columnsOf(it) {
			l.column(rankColumn, c, "")
		}
		return
	}
	if len(q) == 1 {
		l.routines("faw", rankFunction, false)
	}
	if rel, ok := l.relation(q); ok { // not in FROM yet
		for _, c := range l.stored(rel) {
			l.column(rankOuter, c, "")
		}
	}
}

// pseudo is old or new in RETURNING.
func (l *list) pseudo(q []string) *item {
	if len(q) == 1 && (q[0] == "old" || q[0] == "new") && l.clause == inReturning && l.block != nil {
		return l.block.target
	}
	return nil
}

// column adds a column. With a qualifier it is written behind it.
func (l *list) column(rank int, c column, qualifier string) {
	name := l.quote(c.Name)
	if qualifier != "" {
		name = Quote(qualifier) + "." + name
	}
	detail := c.Type
	if c.NotNull {
		detail = strings.TrimSpace(detail + " not null")
	}
	l.add(rank, c.Name, Suggestion{Label: name, Apply: name, Kind: "column", Detail: detail, Info: c.Comment})
}

// columns adds the columns and aliases that can be seen.
func (l *list) columns() {
	count := map[string]int{} // on the level and those inside of it
	for depth, level := range l.scope.visible() {
		all := l.all(level)
		for _, c := range all {
			count[c.Name]++
		}
		for _, c := range all {
			rank, qualifier := rankColumn, ""
			if count[c.Name] > 1 || depth > 0 && c.item != nil {
				qualifier = c.item.nameOf()
			}
			if depth > 0 {
				rank = rankOuter
			}
			l.column(rank, c, qualifier)
		}
		for i := len(level) - 1; i >= 0; i-- {
			l.aliasOf(level[i])
		}
	}
	if (l.clause == inOrder || l.clause == inGroup) && l.block != nil && len(l.calls) == 0 {
		for _, c := range l.outputs(l.block) {
			if c.Name != "?column?" && c.relation.OID == 0 {
				l.add(rankColumn, c.Name, Suggestion{Label: Quote(c.Name), Apply: l.quote(c.Name), Kind: "column", Detail: strings.TrimSpace(c.Type + " of the list")})
			}
		}
	}
	if s, ok := l.names.(Server); ok && s.Version() >= 180000 && l.clause == inReturning && l.block != nil && l.block.target != nil {
		for _, w := range []string{"old", "new"} {
			l.add(rankAlias, w, Suggestion{Label: w, Apply: w + ".", Kind: "alias", Detail: "the row " + map[string]string{"old": "before", "new": "after"}[w]})
		}
	}
}

// aliasOf adds what an item is called, to be followed by a dot.
func (l *list) aliasOf(it *item) {
	name := it.nameOf()
	if name == "" {
		return
	}
	detail := strings.Join(it.name, ".")
	if it.query != nil {
		detail = "subquery"
	}
	l.add(rankAlias, name, Suggestion{Label: Quote(name), Apply: l.quote(name) + ".", Kind: "alias", Detail: detail})
}
