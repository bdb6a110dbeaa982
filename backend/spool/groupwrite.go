package spool

import (
	"context"
	"math"

	"desktop.tusk/backend/sortkey"
)

// write makes the result of the groups.
func (w *grouper) write(ctx context.Context, p *Progress) (*Result, error) {
	var pivot *pivot
	columns := w.keyColumns()
	if w.across != nil {
		var err error
		if pivot, err = w.pivot(ctx); err != nil {
			return nil, err
		}
		columns = append(columns, pivot.columns...)
	} else {
		for _, a := range w.spec.Aggregates {
			columns = append(columns, w.column(a))
		}
	}
	out, err := w.fill(ctx, columns, func(out *rowWriter) error {
		if pivot != nil {
			return pivot.write(ctx, out)
		}
		return w.rows(ctx, out)
	})
	if err != nil {
		return nil, err
	}
	w.info.Groups = out.Rows()
	return w.ordered(ctx, out, p)
}

// fill makes a result of what is written to it.
func (w *grouper) fill(ctx context.Context, columns []Column, write func(out *rowWriter) error) (*Result, error) {
	out := w.dir.NewResult(columns)
	out.Unlimit() // its rows are here already; none wait at a server
	defer context.AfterFunc(ctx, out.GiveUp)()
	rows := &rowWriter{out: out}
	err := write(rows)
	if err == nil {
		err = rows.flush()
	}
	out.Finish()
	if err != nil {
		out.Release()
		return nil, err
	}
	return out, nil
}

// ordered puts the rows in the order of the keys: texts were told apart by their bytes.
func (w *grouper) ordered(ctx context.Context, out *Result, p *Progress) (*Result, error) {
	spec := Spec{Rules: make([]sortkey.Rule, len(out.columns))}
	for i := range spec.Rules {
		spec.Rules[i] = sortkey.ByBytes()
	}
	unicode := false
	for i, k := range w.spec.Keys {
		spec.Sort = append(spec.Sort, SortColumn{Column: i})
		if spec.Rules[i] = w.rules[i]; k.Unit == "" {
			spec.Rules[i] = w.spec.Rules[k.Column]
		}
		unicode = unicode || spec.Rules[i].Kind == sortkey.Unicode
	}
	if !unicode || out.Rows() < 2 {
		return out, nil
	}
	defer out.Release()
	v, err := out.View(ctx, spec, p)
	if err != nil {
		return nil, err
	}
	defer v.Release()
	return w.fill(ctx, out.columns, func(sorted *rowWriter) error {
		return v.EachWithin(ctx, math.MaxInt, 0, v.Rows(), func(row int64, cells [][]byte) error {
			if row%stopEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			return sorted.put(cells)
		})
	})
}

// keyColumns describes the columns of the keys that stand in rows.
func (w *grouper) keyColumns() []Column {
	var list []Column
	for _, k := range w.spec.Keys {
		c := w.r.columns[k.Column]
		if k.Unit != "" {
			c = Column{Name: c.Name + "_" + k.Unit, Type: "date", Class: "time", TypeOID: 1082}
		}
		list = append(list, c)
	}
	return list
}

// column describes that of an aggregate, with the types that the server would give it, but that all floats are added up as
// float8.
func (w *grouper) column(a Aggregate) Column {
	c := Column{Name: a.Func, Type: "int8", Class: "number", TypeOID: 20}
	if a.Column < 0 {
		return c
	}
	of := w.r.columns[a.Column]
	c.Name += "_" + of.Name
	exact := of.TypeOID != 700 && of.TypeOID != 701
	switch {
	case a.Func == Min || a.Func == Max:
		c.Type, c.Class, c.TypeOID = of.Type, of.Class, of.TypeOID
	case a.Func != Sum && a.Func != Average:
	case !exact:
		c.Type, c.TypeOID = "float8", 701
	case a.Func == Average || of.TypeOID == 20 || of.TypeOID == 1700:
		c.Type, c.TypeOID = "numeric", 1700
	}
	return c
}

// rows writes a row for each group.
func (w *grouper) rows(ctx context.Context, out *rowWriter) error {
	counts := w.counts(ctx)
	defer counts.close()
	err := w.groups.each(ctx, func(key []byte, g *group) error {
		cells, err := w.keyCells(g)
		if err != nil {
			return err
		}
		if err := counts.into(key, g); err != nil {
			return err
		}
		for i, a := range w.spec.Aggregates {
			text, err := w.text(a, &g.tally[i])
			if err != nil {
				return err
			}
			cells = append(cells, text)
		}
		return out.put(cells)
	})
	if err == nil && len(w.keys) == 0 && out.rows == 0 {
		return w.none(out)
	}
	return err
}

// none writes the row that there is without keys, when there is nothing to group.
func (w *grouper) none(out *rowWriter) error {
	var cells [][]byte
	for _, a := range w.spec.Aggregates {
		text, err := w.text(a, &tally{})
		if err != nil {
			return err
		}
		cells = append(cells, text)
	}
	return out.put(cells)
}

func (w *grouper) keyCells(g *group) ([][]byte, error) {
	return g.texts(func(i int) ([]byte, error) { return w.whole(g.row, w.keys[i].Column) })
}
