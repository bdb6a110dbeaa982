package backend

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/sqltext"
	"desktop.tusk/backend/suggest"
	"desktop.tusk/backend/transfer"
)

// AsSQLRequest asks for the query that gives the rows a view shows. Columns are those shown, in their order; all when
// empty.
type AsSQLRequest struct {
	ResultID string     `json:"resultId"`
	Sort     []SortBy   `json:"sort"`
	Filter   []FilterBy `json:"filter"`
	Search   SearchFor  `json:"search"`
	Columns  []int      `json:"columns"`
	// Keys and Aggregates, when there are any, ask for the groups of these rows instead.
	Keys       []GroupBy   `json:"keys"`
	Aggregates []Aggregate `json:"aggregates"`
}

// SQLText is a text to read, copy or put in a tab; nobody runs it but the person.
type SQLText struct {
	Text string `json:"text"`
}

// AsSQL writes the sorting, the filter and the choice of columns as a query over the one the result came from. Errors:
// usage, when that is none that can stand in another.
func (q *Queries) AsSQL(req AsSQLRequest) (t SQLText, err error) {
	defer q.state.guard("queries.asSql", &err)()
	a := q.state
	run, r, err := a.findResult(req.ResultID)
	if err != nil {
		return SQLText{}, err
	}
	text, _ := run.Source(req.ResultID)
	if !standsInside(text) {
		return SQLText{}, apperr.E(apperr.Usage, "This result does not come from a query that can stand inside another.", apperr.Hint("Sort and filter a result of SELECT, VALUES or TABLE."))
	}
	spec, err := a.spec(run, req.ResultID, r, ViewRequest{Sort: req.Sort, Filter: req.Filter, Search: req.Search})
	if err != nil {
		return SQLText{}, err
	}
	w := wrapper{columns: r.Columns(), spec: spec}
	w.name()
	inner := strings.TrimRight(strings.TrimSpace(text), ";")
	if len(req.Aggregates) > 0 {
		var g spool.Grouping
		if g, err = grouping(req.Keys, nil, req.Aggregates, len(w.columns)); err == nil {
			t.Text = w.groups(inner, g)
		}
		return t, err
	}
	t.Text, err = w.query(inner, req.Columns)
	return t, err
}

// standsInside tells whether a statement may be a subquery: none that writes, none that is no query at all.
func standsInside(text string) bool {
	words := sqltext.Words(strings.TrimLeft(text, "( \t\r\n"), 1)
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "select", "values", "table":
		return true
	case "with":
		l := sqltext.NewLexer(text)
		for {
			t, ok := l.Next()
			if !ok {
				return true
			}
			if t.Kind == sqltext.Word && slices.Contains([]string{"insert", "update", "delete", "merge"}, strings.ToLower(text[t.From:t.To])) {
				return false
			}
		}
	}
	return false
}

// wrapper writes a query around another.
type wrapper struct {
	columns []spool.Column
	spec    spool.Spec
	names   []string // of the columns, as SQL, each once
	renamed bool     // because two had the same
}

func (w *wrapper) name() {
	seen := map[string]bool{}
	for _, c := range w.columns {
		name := c.Name
		for n := 2; seen[name]; n++ {
			name, w.renamed = fmt.Sprintf("%s_%d", c.Name, n), true
		}
		seen[name] = true
		w.names = append(w.names, suggest.Quote(name))
	}
}

func (w *wrapper) query(inner string, shown []int) (string, error) {
	list := "*"
	if len(shown) > 0 {
		var names []string
		for _, c := range shown {
			if c < 0 || c >= len(w.names) {
				return "", errNoColumn
			}
			names = append(names, w.names[c])
		}
		if list = strings.Join(names, ", "); len(shown) == len(w.names) && slices.IsSorted(shown) {
			list = "*"
		}
	}
	text := "select " + list + w.from(inner)
	var order []string
	for _, s := range w.spec.Sort {
		by := w.ordered(s.Column)
		if s.Descending {
			by += " desc"
		}
		if s.NullsFirst != s.Descending { // as the server has it anyway
			by += map[bool]string{true: " nulls first", false: " nulls last"}[s.NullsFirst]
		}
		order = append(order, by)
	}
	if len(order) > 0 {
		text += "\n order by " + strings.Join(order, ", ")
	}
	return text, nil
}

// from writes the query inside and what the rows have to fulfil.
func (w *wrapper) from(inner string) string {
	alias := "result"
	if w.renamed {
		alias += "(" + strings.Join(w.names, ", ") + ")"
	}
	text := "\n  from (\n" + inner + "\n) as " + alias
	var where []string
	for _, c := range w.spec.Conditions {
		where = append(where, w.condition(c))
	}
	if w.spec.Search.Text != "" {
		where = append(where, w.search(w.spec.Search))
	}
	if len(where) > 0 {
		text += "\n where " + strings.Join(where, "\n   and ")
	}
	return text
}

// groups writes the query of groups.
func (w *wrapper) groups(inner string, g spool.Grouping) string {
	var list, by []string
	value := func(c int) string { // what has no order on the server may have no equality either
		if w.spec.Rules[c].AsText {
			return w.text(c)
		}
		return w.ordered(c)
	}
	for i, k := range g.Keys {
		what := value(k.Column)
		if k.Unit != "" {
			what = fmt.Sprintf("date_trunc('%s', %s)::date as %s", k.Unit, w.names[k.Column], suggest.Quote(w.columns[k.Column].Name+"_"+k.Unit))
		} else if what != w.names[k.Column] {
			what += " as " + w.names[k.Column]
		}
		list, by = append(list, what), append(by, strconv.Itoa(i+1))
	}
	for _, a := range g.Aggregates {
		if a.Column < 0 {
			list = append(list, "count(*)")
			continue
		}
		what := a.Func + "(" + value(a.Column) + ")"
		switch {
		case a.Func == spool.Distinct:
			what = "count(distinct " + value(a.Column) + ")"
		case a.Func == spool.Min && w.withoutMin(a.Column):
			what = w.firstOf(a.Column, "")
		case a.Func == spool.Max && w.withoutMin(a.Column):
			what = w.firstOf(a.Column, " desc")
		}
		list = append(list, what+" as "+suggest.Quote(a.Func+"_"+w.columns[a.Column].Name))
	}
	text := "select " + strings.Join(list, ", ") + w.from(inner)
	if len(by) > 0 {
		text += "\n group by " + strings.Join(by, ", ") + "\n order by " + strings.Join(by, ", ")
	}
	return text
}

// withoutMin tells of types that the server orders, and has no min and max for in some of its versions.
func (w *wrapper) withoutMin(column int) bool {
	return slices.Contains([]uint32{16, 17, 774, 829, 1560, 1562, 2950, 5069}, w.columns[column].TypeOID)
}

// firstOf writes the first value of a group that is not NULL.
func (w *wrapper) firstOf(column int, order string) string {
	name := w.names[column]
	return "(array_agg(" + name + " order by " + name + order + ") filter (where " + name + " is not null))[1]"
}

// ordered writes a column so that the server orders it as the view does.
func (w *wrapper) ordered(column int) string {
	switch {
	case w.spec.Rules[column].AsText:
		return w.text(column) + ` collate "C"`
	case slices.Contains([]uint32{28, 29}, w.columns[column].TypeOID): // transactions and commands have no order there
		return w.names[column] + "::text::bigint"
	}
	return w.names[column]
}

// text writes a column as the text that the server sends for it.
func (w *wrapper) text(column int) string {
	switch w.columns[column].TypeOID {
	case 25, 1043, 19:
		return w.names[column]
	case 16, 650, 869, 1042: // a cast writes these otherwise; and format writes NULL as nothing
		return "case when " + w.names[column] + " is not null then format('%s', " + w.names[column] + ") end"
	}
	return w.names[column] + "::text"
}

func (w *wrapper) condition(c spool.Condition) string {
	name := w.names[c.Column]
	switch c.Op {
	case spool.IsNull:
		return name + " is null"
	case spool.NotNull:
		return name + " is not null"
	case spool.Contains:
		return w.contains(c.Column, c.Values[0], c.Case)
	case spool.Matches:
		return w.matches(c.Column, c.Values[0], c.Case)
	}
	name = w.ordered(c.Column)
	values := make([]string, len(c.Values))
	for i, v := range c.Values {
		values[i] = w.literal(c.Column, v)
	}
	if c.Op == spool.In {
		return name + " in (" + strings.Join(values, ", ") + ")"
	}
	op := map[string]string{spool.NotEqual: "<>", spool.LessEqual: "<=", spool.GreaterEqual: ">="}[c.Op]
	if op == "" {
		op = c.Op
	}
	return name + " " + op + " " + values[0]
}

// literal writes a value so that the column's type is the one it is read as. Numbers stand bare, but for floats: 0.1 among
// those is not the 0.1 of numeric.
func (w *wrapper) literal(column int, v string) string {
	rule := w.spec.Rules[column]
	if oid := w.columns[column].TypeOID; rule.Kind == sortkey.Number && !rule.AsText && oid != 700 && oid != 701 && oid != 790 {
		v = strings.TrimSpace(v)
		if _, err := strconv.ParseFloat(v, 64); err == nil && strings.Trim(v, "+-0123456789.eE") == "" {
			return v
		}
	}
	return transfer.Literal(v)
}

func (w *wrapper) contains(column int, v string, exact bool) string {
	op := "ilike"
	if exact {
		op = "like"
	}
	pattern := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(v)
	return w.text(column) + " " + op + " " + transfer.Literal("%"+pattern+"%")
}

func (w *wrapper) matches(column int, v string, exact bool) string {
	op := "~*"
	if exact {
		op = "~"
	}
	return w.text(column) + " " + op + " " + transfer.Literal(v)
}

func (w *wrapper) search(s spool.Search) string {
	columns := s.Columns
	if len(columns) == 0 {
		for c := range w.names {
			columns = append(columns, c)
		}
	}
	var any []string
	for _, c := range columns {
		switch {
		case s.Regexp && s.Whole:
			any = append(any, w.matches(c, "^(?:"+s.Text+")$", s.Case))
		case s.Regexp:
			any = append(any, w.matches(c, s.Text, s.Case))
		case s.Whole && s.Case:
			any = append(any, w.text(c)+" = "+transfer.Literal(s.Text))
		case s.Whole:
			any = append(any, "lower("+w.text(c)+") = lower("+transfer.Literal(s.Text)+")")
		default:
			any = append(any, w.contains(c, s.Text, s.Case))
		}
	}
	return "(" + strings.Join(any, "\n     or ") + ")"
}
