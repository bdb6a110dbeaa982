package spool

import (
	"bytes"
	"context"
	"errors"

	"desktop.tusk/backend/sortkey"
)

// What the first column of a comparison says of a row.
const (
	Removed = "removed" // only on the left
	Added   = "added"   // only on the right
	Before  = "before"  // a row that changed, as it is on the left; After follows
	After   = "after"
)

// Comparison counts rows.
type Comparison struct{ Added, Removed, Changed, Same int64 }

// Compare writes the rows in which two sets of rows of the same columns differ to a new result, which has what became of
// them in a column of its own before the others. Rows belong together when they have the same values in the columns of
// key, by the rules, those of a key that stands several times in their order; without a key, when they have the same
// number. Errors as Result.View; the caller releases the result.
func (d *Dir) Compare(ctx context.Context, left, right Rows, rules []sortkey.Rule, key []int, p *Progress) (*Result, Comparison, error) {
	a, doneA, err := inOrder(ctx, left, rules, key, p)
	if err != nil {
		return nil, Comparison{}, err
	}
	defer doneA()
	b, doneB, err := inOrder(ctx, right, rules, key, p)
	if err != nil {
		return nil, Comparison{}, err
	}
	defer doneB()
	columns := append([]Column{{Name: "change", Type: "text", Class: "text", TypeOID: 25}}, left.Columns()...)
	out := d.NewResult(columns)
	c := &differences{out: rowWriter{out: out}, key: key}
	p.expect(a.Rows() + b.Rows())
	err = c.run(ctx, newReading(a, rules, key), newReading(b, rules, key), p)
	if err == nil {
		err = c.out.flush()
	}
	out.Finish()
	if err != nil {
		out.Release()
		if u := (*unordered)(nil); errors.As(err, &u) {
			err = &Fault{Column: u.column, Reason: "the values are not in the form that Tusk reads"}
		}
		return nil, Comparison{}, err
	}
	return out, c.counts, nil
}

// inOrder gives rows sorted by a key.
func inOrder(ctx context.Context, rows Rows, rules []sortkey.Rule, key []int, p *Progress) (Rows, func(), error) {
	if len(key) == 0 {
		return rows, func() {}, nil
	}
	r, v := rows.base()
	spec := Spec{Rules: rules}
	if v != nil {
		spec.Conditions, spec.Search = v.spec.Conditions, v.spec.Search
	}
	for _, c := range key {
		spec.Sort = append(spec.Sort, SortColumn{Column: c})
	}
	sorted, err := r.View(ctx, spec, p)
	if err != nil {
		return nil, nil, err
	}
	return sorted, sorted.Release, nil
}

// reading goes through rows one after the other, some of which it holds.
type reading struct {
	rows     Rows
	at       int64 // of the row that is read next
	held     [][][]byte
	encoders []*sortkey.Encoder
	key      []int
	cells    [][]byte // the row at hand; nil at the end
	sort     []byte   // its key
}

const readRows = 64

func newReading(rows Rows, rules []sortkey.Rule, key []int) *reading {
	r := &reading{rows: rows, key: key}
	for _, c := range key {
		r.encoders = append(r.encoders, rules[c].Encoder())
	}
	return r
}

func (r *reading) next() error {
	if len(r.held) == 0 {
		to := min(r.at+readRows, r.rows.Rows())
		err := r.rows.Each(r.at, to, func(_ int64, cells [][]byte) error {
			row := make([][]byte, len(cells))
			for i, v := range cells {
				if v != nil {
					row[i] = append(make([]byte, 0, len(v)), v...)
				}
			}
			r.held = append(r.held, row)
			return nil
		})
		if err != nil {
			return err
		}
		r.at = to
	}
	if len(r.held) == 0 {
		r.cells = nil
		return nil
	}
	r.cells, r.held = r.held[0], r.held[1:]
	r.sort = r.sort[:0]
	for i, c := range r.key {
		v := r.cells[c]
		if v == nil {
			r.sort = append(r.sort, 0xff)
			continue
		}
		var ok bool
		if r.sort, ok = r.encoders[i].Append(r.sort, v); !ok {
			return &unordered{c}
		}
	}
	return nil
}

// differences writes what differs.
type differences struct {
	out    rowWriter
	key    []int
	counts Comparison
	row    [][]byte
}

func (c *differences) run(ctx context.Context, a, b *reading, p *Progress) error {
	if err := a.next(); err != nil {
		return err
	}
	if err := b.next(); err != nil {
		return err
	}
	for n := int64(1); a.cells != nil || b.cells != nil; n++ {
		if n%progressEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			p.add(2 * progressEvery)
		}
		order := 0
		switch {
		case a.cells == nil:
			order = 1
		case b.cells == nil:
			order = -1
		default:
			order = bytes.Compare(a.sort, b.sort)
		}
		if err := c.pair(a, b, order); err != nil {
			return err
		}
	}
	return nil
}

// pair takes the next row of one side, or of both.
func (c *differences) pair(a, b *reading, order int) error {
	switch {
	case order < 0:
		c.counts.Removed++
		if err := c.put(Removed, a.cells); err != nil {
			return err
		}
		return a.next()
	case order > 0:
		c.counts.Added++
		if err := c.put(Added, b.cells); err != nil {
			return err
		}
		return b.next()
	}
	if sameCells(a.cells, b.cells) {
		c.counts.Same++
	} else {
		c.counts.Changed++
		if err := c.put(Before, a.cells); err != nil {
			return err
		}
		if err := c.put(After, b.cells); err != nil {
			return err
		}
	}
	if err := a.next(); err != nil {
		return err
	}
	return b.next()
}

func sameCells(a, b [][]byte) bool {
	for i := range a {
		if (a[i] == nil) != (b[i] == nil) || !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// put writes a row with what became of it.
func (c *differences) put(change string, cells [][]byte) error {
	c.row = append(append(c.row[:0], []byte(change)), cells...)
	return c.out.put(c.row)
}
