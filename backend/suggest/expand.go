package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// Expand writes the columns that the * at the cursor stands for. Text is "" when that is not known.
func Expand(names Names, text string, cursor int) Expansion {
	pos := sqltext.ByteOfUnit(text, cursor)
	r, ok := readAt(text, pos)
	if !ok || text[r.toks[r.mark].from] != '*' {
		if r, ok = readAt(text, max(0, pos-1)); !ok {
			return Expansion{From: cursor, To: cursor}
		}
	}
	p, pl := parse(r)
	i := r.mark
	if !p.star(i) || pl.block == nil || len(pl.calls) > 0 || pl.clause != inSelect && pl.clause != inReturning {
		return Expansion{From: cursor, To: cursor}
	}
	res := &resolver{names: names, p: p}
	qualifier := p.qualifier(i)
	from := i - 2*len(qualifier)
	items, prefix := pl.block.items, ""
	if len(qualifier) > 0 {
		it := res.itemNamed(pl.scope, qualifier)
		if it == nil {
			return Expansion{From: cursor, To: cursor}
		}
		items, prefix = []*item{it}, text[p.toks[from].from:p.toks[i].from]
	}
	var list []string
	for _, it := range items {
		if len(res.columnsOf(it)) == 0 {
			return Expansion{From: cursor, To: cursor}
		}
	}
	cols := res.all(items)
	if len(qualifier) > 0 {
		cols = res.columnsOf(items[0])
	}
	for _, c := range cols {
		name := prefix + Quote(c.Name)
		if prefix == "" && len(items) > 1 && !usedTwice(items, c.Name) {
			name = Quote(c.item.nameOf()) + "." + name
		}
		list = append(list, name)
	}
	e := Expansion{Text: strings.Join(list, ", ")}
	units := sqltext.NewCursor(text)
	e.From, _ = units.To(p.toks[from].from)
	e.To, _ = units.To(p.toks[i].to)
	return e
}

// usedTwice tells that a column is merged by USING.
func usedTwice(items []*item, name string) bool {
	return slices.ContainsFunc(items, func(it *item) bool { return slices.Contains(it.using, name) })
}
