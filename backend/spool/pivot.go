package spool

import (
	"bytes"
	"context"
	"slices"
	"strings"
)

// pivot is the columns that a column's values are.
type pivot struct {
	w       *grouper
	columns []Column
	place   map[string]int
}

// pivot chooses the first values, in their order.
func (w *grouper) pivot(ctx context.Context) (*pivot, error) {
	type value struct{ key, order, text []byte }
	var chosen []value
	across := *w.spec.Across
	e := w.spec.Rules[across.Column].Encoder()
	err := w.across.each(ctx, func(key []byte, g *group) error {
		if w.info.Values++; len(chosen) == PivotColumns {
			return nil
		}
		texts, err := g.texts(func(int) ([]byte, error) { return w.whole(g.row, across.Column) })
		if err != nil {
			return err
		}
		v := value{key: bytes.Clone(key), text: texts[0]}
		if v.order = v.key; v.text != nil && across.Unit == "" && len(v.text) <= keyMax {
			v.order, _ = e.Append(nil, v.text)
		}
		chosen = append(chosen, v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(chosen, func(a, b value) int { return bytes.Compare(a.order, b.order) })
	p := &pivot{w: w, place: map[string]int{}}
	for i, v := range chosen {
		c := w.column(w.spec.Aggregates[0])
		name := labelOf(v.text)
		c.Name = Visible(name[:cutPoint(name, pivotNameMax)])
		p.columns = append(p.columns, c)
		p.place[string(v.key)] = len(w.spec.Keys) + i
	}
	w.info.Shown = int64(len(chosen))
	return p, nil
}

// pivotNameMax is how many bytes of a value are a column's name: as many as the server allows.
const pivotNameMax = 63

// labelOf is what stands for a value where words alone are: NULL, an empty text, and a text that looks like one of these
// are told apart as in SQL.
func labelOf(v []byte) []byte {
	switch {
	case v == nil:
		return []byte("NULL")
	case len(v) == 0, string(v) == "NULL", len(v) > 1 && v[0] == '\'' && v[len(v)-1] == '\'':
		return []byte("'" + strings.ReplaceAll(string(v), "'", "''") + "'")
	}
	return v
}

// write puts the groups of the same row together.
func (p *pivot) write(ctx context.Context, out *rowWriter) error {
	w := p.w
	counts := w.counts(ctx)
	defer counts.close()
	width := len(w.spec.Keys) + len(p.columns)
	var row []byte
	var cells [][]byte
	err := w.groups.each(ctx, func(key []byte, g *group) error {
		if err := counts.into(key, g); err != nil {
			return err
		}
		if cells == nil || !bytes.Equal(row, key[:g.at]) {
			if cells != nil {
				if err := out.put(cells); err != nil {
					return err
				}
			}
			texts, err := w.keyCells(g)
			if err != nil {
				return err
			}
			row = append(row[:0], key[:g.at]...)
			cells = append(texts[:len(w.spec.Keys):len(w.spec.Keys)], make([][]byte, width-len(w.spec.Keys))...)
		}
		i, ok := p.place[string(key[g.at:])]
		if !ok {
			return nil
		}
		text, err := w.text(w.spec.Aggregates[0], &g.tally[0])
		cells[i] = text
		return err
	})
	if err == nil && cells != nil {
		err = out.put(cells)
	}
	return err
}
