package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
)

// Checked tells what an import would come to.
type Checked struct {
	Lines    int64 // rows that were looked at
	Whole    bool  // these are all
	Rejected int64
	Problems []Problem
	Preview  []Stored // the first rows
}

// Problem counts the rows that a column rejects.
type Problem struct {
	Column string // "" when it is not known
	Rows   int64
	Line   int64 // the first
	Reason string
}

// Stored is a row as it would be in the table, or why it would not.
type Stored struct {
	Line   int64
	Cells  [][]byte // by column of the table; of one that is rejected, as they are in the file
	Column string
	Reason string // "" when it fits
}

const (
	previewRows = 50
	checkRows   = 200_000 // that a Check looks at, at most
)

// Check loads rows into a temporary table that is rolled back, for so long at most. Keys and references are not looked
// at, and neither are triggers. Errors: those of Run; that the table cannot be made is one.
func Check(ctx context.Context, c *conn.Conn, source Source, p Plan, limit time.Duration) (out Checked, err error) {
	p.KeepGoing, p.Conflict = true, Stop
	progress := &Progress{}
	l := &loader{ctx: ctx, c: c, plan: p, progress: progress}
	k := &checker{Checked: &out, source: source, plan: p, until: time.Now().Add(limit)}
	l.source = k
	l.hooks.Rejected = k.rejected
	err = l.within(func() error {
		if p.Create { // so that one that cannot be made is told of
			if err := l.simple("savepoint made"); err != nil {
				return err
			}
		}
		if _, err := l.target(); err != nil {
			return err
		}
		if p.Create {
			if err := l.simple("rollback to savepoint made"); err != nil {
				return err
			}
		}
		if err := l.temporary(); err != nil {
			return err
		}
		if err := l.keepGoing(l.pour); err != nil {
			return err
		}
		if err := k.stored(l); err != nil {
			return err
		}
		_, err := exec(context.Background(), c, "rollback")
		return err
	})
	return out, err
}

// temporary makes the table that rows are checked in: its types, and which columns must have a value.
func (l *loader) temporary() error {
	if l.plan.Create {
		l.into, l.relation = "pg_temp."+importTable, importTable
		_, err := exec(context.Background(), l.c, "create temporary table "+importTable+" "+definition(l.columns)+" on commit drop")
		return err
	}
	t, err := find(context.Background(), l.c, l.into)
	if err != nil {
		return err
	}
	if err := l.aside(t); err != nil {
		return err
	}
	for _, c := range l.columns {
		if col, _ := t.column(c.Name); col.NotNull {
			if _, err := exec(context.Background(), l.c, fmt.Sprintf("alter table %s alter %s set not null", l.into, quote(c.Name))); err != nil {
				return err
			}
		}
	}
	return nil
}

// checker stands between a file and a Check and notes what passes.
type checker struct {
	*Checked
	source Source
	plan   Plan
	until  time.Time
}

func (k *checker) Names() []string { return k.source.Names() }

func (k *checker) KeepJSON(columns []int) {
	if s, ok := k.source.(jsonKeeper); ok {
		s.KeepJSON(columns)
	}
}

func (k *checker) Next() (intake.Row, error) {
	if k.Lines >= checkRows || k.Lines%256 == 0 && time.Now().After(k.until) {
		return intake.Row{}, io.EOF
	}
	r, err := k.source.Next()
	var bad *intake.RowError
	switch {
	case errors.Is(err, io.EOF):
		k.Whole = true
		return r, err
	case err == nil, errors.As(err, &bad):
		k.Lines++
	}
	if len(k.Preview) < previewRows {
		if bad != nil {
			k.Preview = append(k.Preview, Stored{Line: bad.Line, Cells: clone(bad.Cells)})
		} else if err == nil {
			k.Preview = append(k.Preview, Stored{Line: r.Line, Cells: clone(r.Cells)})
		}
	}
	k.Whole = k.Whole || bad != nil && bad.Last()
	return r, err
}

// placed names the table's column for the file's that is at fault. Where it goes nowhere, the reason has its name: it
// may be that of another one of the table's.
func (k *checker) placed(r Reject) Reject {
	if !r.unread || r.Column == "" {
		return r
	}
	name := r.Column
	r.Column = ""
	if i := slices.Index(k.Names(), name); i >= 0 {
		r.Column = k.plan.Columns[i].Name
	}
	if r.Column == "" {
		r.Reason = "Column " + name + ": " + r.Reason
	}
	return r
}

func (k *checker) rejected(r Reject) error {
	k.Rejected++
	r = k.placed(r)
	for i := range k.Preview {
		// Several objects of JSON may be in one line.
		if s := &k.Preview[i]; s.Line == r.Line && s.Reason == "" && slices.EqualFunc(s.Cells, r.Cells, bytes.Equal) {
			s.Column, s.Reason = r.Column, r.Reason
			break
		}
	}
	for i := range k.Problems {
		if p := &k.Problems[i]; p.Column == r.Column {
			p.Rows++
			if r.Line < p.Line {
				p.Line, p.Reason = r.Line, r.Reason
			}
			return nil
		}
	}
	k.Problems = append(k.Problems, Problem{Column: r.Column, Rows: 1, Line: r.Line, Reason: r.Reason})
	return nil
}

// stored reads the first rows back, as the server has them.
func (k *checker) stored(l *loader) error {
	got, err := l.c.Exec(context.Background(), fmt.Sprintf("select %s from %s limit %d", l.list(), l.into, previewRows)).ReadAll()
	if err != nil {
		return err
	}
	rows := got[0].Rows
	for i := range k.Preview {
		s := &k.Preview[i]
		if s.Reason != "" { // as in the file, in the order of the table's columns
			cells := make([][]byte, len(l.columns))
			for c, from := range l.shape.from {
				if from < len(s.Cells) {
					cells[c] = s.Cells[from]
				}
			}
			s.Cells = cells
			continue
		}
		if len(rows) == 0 {
			k.Preview = k.Preview[:i]
			break
		}
		s.Cells, rows = clone(rows[0]), rows[1:]
	}
	return nil
}
