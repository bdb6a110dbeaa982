package spool

import (
	"context"
	"io"
	"math"
	"math/bits"
	"sync"
)

// Rows are the rows of a Result or of a View, which read alike.
type Rows interface {
	Columns() []Column
	Rows() int64
	Complete() bool
	Grown() <-chan struct{}
	Page(from, n int) (Page, error)
	Cell(row int64, column, from, count int) (CellPart, error)
	Value(row int64, column int) (*io.SectionReader, error)
	Each(from, to int64, fn func(row int64, cells [][]byte) error) error
	EachWithin(ctx context.Context, most int, from, to int64, fn func(row int64, cells [][]byte) error) error
	Hold() (letGo func(), ok bool)

	base() (*Result, *View)
}

func (r *Result) base() (*Result, *View) { return r, nil }
func (v *View) base() (*Result, *View)   { return v.of, v }

// Found are the rows in which a text was found, among the rows that were there then.
type Found struct {
	in     Rows
	set    bitmap  // by the numbers of in
	counts []int64 // of the rows found before each rankRows of them
	rows   int64

	mu     sync.Mutex // guards search, which has room for one cell
	search *searcher
}

const rankRows = 1 << 16

// Place is a cell. Row is -1 when there is none.
type Place struct {
	Row    int64
	Column int
	// Number is the how manieth row with a hit it is in, from 1.
	Number int64
}

// Find looks for a text in all rows that are there now. Errors as Result.View.
func Find(ctx context.Context, in Rows, search Search, p *Progress) (*Found, error) {
	r, v := in.base()
	upto := r.Rows()
	if v != nil {
		upto = v.upto
	}
	if upto > math.MaxUint32 {
		return nil, ErrTooMany
	}
	s, fault := newSearcher(search, len(r.columns))
	if fault != nil {
		return nil, fault
	}
	set, err := r.matching(ctx, Spec{Search: search}, upto, p)
	if err != nil {
		return nil, err
	}
	if v != nil {
		if set, err = v.turn(ctx, set); err != nil {
			return nil, err
		}
	}
	f := &Found{in: in, search: s, set: set}
	for i, w := range set {
		if i%(rankRows/64) == 0 {
			f.counts = append(f.counts, f.rows)
		}
		f.rows += int64(bits.OnesCount64(w))
	}
	return f, nil
}

// turn makes of bits for the result's rows bits for the view's.
func (v *View) turn(ctx context.Context, of bitmap) (bitmap, error) {
	set := make(bitmap, (v.rows+63)/64)
	const batch = 64 << 10
	for from := int64(0); from < v.rows; from += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		list, err := v.rowsAt(from, batch)
		if err != nil {
			return nil, err
		}
		for i, row := range list {
			if of.has(row) {
				at := from + int64(i)
				set[at/64] |= 1 << (at % 64)
			}
		}
	}
	return set, nil
}

// Rows tells in how many rows the text was found.
func (f *Found) Rows() int64 { return f.rows }

// Next gives the first cell with the text behind a cell, or before it when back, and goes on at the other end when there
// is none. Columns are looked at in the order of the list, all when it is empty. A
// column that is not among them is before all, or behind all when back.
func (f *Found) Next(row int64, column int, order []int, back bool) (Place, error) {
	if f.rows == 0 {
		return Place{Row: -1}, nil
	}
	if len(order) == 0 {
		for c := range f.in.Columns() {
			order = append(order, c)
		}
	}
	if row >= 0 && row < int64(len(f.set))*64 && f.set.has(row) {
		cells, err := f.cells(row, order)
		if err != nil {
			return Place{Row: -1}, err
		}
		if c := beyond(cells, order, column, back); c >= 0 {
			return Place{row, c, f.rank(row)}, nil
		}
	}
	at := f.step(row, back)
	cells, err := f.cells(at, order)
	if err != nil || len(cells) == 0 {
		return Place{Row: -1}, err
	}
	c := cells[0]
	if back {
		c = cells[len(cells)-1]
	}
	return Place{at, c, f.rank(at)}, nil
}

// beyond picks the next of some columns behind or before one, in an order; -1 when there is none.
func beyond(cells, order []int, column int, back bool) int {
	place := make(map[int]int, len(order))
	for i, c := range order {
		place[c] = i
	}
	at, known := place[column]
	if !known { // before all, or behind them
		if at = -1; back {
			at = len(order)
		}
	}
	best := -1
	for _, c := range cells {
		if p := place[c]; !back && p > at {
			return c
		} else if back && p < at {
			best = c
		}
	}
	return best
}

// step finds the next row with a hit, round the end.
func (f *Found) step(row int64, back bool) int64 {
	n := int64(len(f.set)) * 64
	if !back {
		for at := row + 1; at < n; at = (at/64 + 1) * 64 {
			if w := f.set[at/64] >> (at % 64); w != 0 {
				return at + int64(bits.TrailingZeros64(w))
			}
		}
		return f.step(-1, false)
	}
	for at := min(row, n) - 1; at >= 0; at = at/64*64 - 1 {
		if w := f.set[at/64] << (63 - at%64); w != 0 {
			return at - int64(bits.LeadingZeros64(w))
		}
	}
	return f.step(n, true)
}

// rank tells the how manieth row with a hit a row is.
func (f *Found) rank(row int64) int64 {
	n := f.counts[row/rankRows]
	for i := row / rankRows * (rankRows / 64); i < row/64; i++ {
		n += int64(bits.OnesCount64(f.set[i]))
	}
	return n + int64(bits.OnesCount64(f.set[row/64]<<(63-row%64)))
}

// cells lists the columns of a row that have the text, in an order.
func (f *Found) cells(row int64, order []int) ([]int, error) {
	r, v := f.in.base()
	if v != nil {
		var err error
		if row, err = v.Row(row); err != nil {
			return nil, err
		}
	}
	var rec record
	if err := rec.find(r, row); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []int
	for _, c := range order {
		if c < 0 || c >= len(r.columns) || !f.search.looksAt(c) {
			continue
		}
		ok, err := f.search.cell(&rec, c)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, c)
		}
	}
	return list, nil
}

// Window lists the cells with the text among rows [from, from+n).
func (f *Found) Window(from, n int64) ([]Place, error) {
	list := []Place{}
	for row := max(0, from); row < min(from+n, int64(len(f.set))*64); row++ {
		if !f.set.has(row) {
			continue
		}
		cells, err := f.cells(row, f.search.columns)
		if err != nil {
			return nil, err
		}
		for _, c := range cells {
			list = append(list, Place{Row: row, Column: c})
		}
	}
	return list, nil
}
