package spool

import (
	"bytes"
	"context"
	"encoding/binary"
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
	c := &differences{out: d.NewResult(columns), key: key}
	p.expect(a.Rows() + b.Rows())
	err = c.run(ctx, newReading(a, rules, key), newReading(b, rules, key), p)
	if err == nil {
		err = c.flush()
	}
	c.out.Finish()
	if err != nil {
		c.out.Release()
		if u := (*unordered)(nil); errors.As(err, &u) {
			err = &Fault{Column: u.column, Reason: "the values are not in the form that Tusk reads"}
		}
		return nil, Comparison{}, err
	}
	return c.out, c.counts, nil
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
	out    *Result
	key    []int
	counts Comparison
	buf    []byte
	marks  []Mark
	rows   int64
	bytes  int64
	block  int64 // rows since the last mark
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

// put writes a row as the server would send it.
func (c *differences) put(change string, cells [][]byte) error {
	if c.block == 0 || c.block == blockRows || len(c.buf) > blockBytes {
		c.marks = append(c.marks, Mark{Row: c.rows, Offset: c.bytes + int64(len(c.buf))})
		c.block = 0
	}
	c.block++
	from := len(c.buf)
	c.buf = append(c.buf, 'D', 0, 0, 0, 0)
	c.buf = binary.BigEndian.AppendUint16(c.buf, uint16(1+len(cells)))
	c.buf = append(binary.BigEndian.AppendUint32(c.buf, uint32(len(change))), change...)
	for _, v := range cells {
		if v == nil {
			c.buf = binary.BigEndian.AppendUint32(c.buf, 0xffffffff)
			continue
		}
		c.buf = append(binary.BigEndian.AppendUint32(c.buf, uint32(len(v))), v...)
	}
	binary.BigEndian.PutUint32(c.buf[from+1:], uint32(len(c.buf)-from-1))
	c.rows++
	if len(c.buf) > blockBytes {
		return c.flush()
	}
	return nil
}

func (c *differences) flush() error {
	if err := c.out.Write(c.buf, c.marks); err != nil {
		return err
	}
	c.bytes += int64(len(c.buf))
	c.out.Commit(c.rows, c.bytes)
	c.buf, c.marks, c.block = c.buf[:0], c.marks[:0], 0
	return nil
}
