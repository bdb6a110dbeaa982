package spool

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"desktop.tusk/backend/sortkey"
)

// Kinds of charts.
const (
	Line    = "line"    // along X, which is a number or a time
	Scatter = "scatter" // each row a dot
	Bar     = "bar"     // the first rows, each under what X has, whatever that is
)

// ChartSpec says what is drawn. X is a column, or -1 for the number of the row. Parts is in how many parts X is taken when
// there are more rows than can be told apart.
type ChartSpec struct {
	Kind  string
	X     int
	Y     []int
	Parts int
}

// Chart is what can be drawn: places along X, in their order.
type Chart struct {
	Places []ChartPlace
	// Rows were looked at. Of those, Left have no X that can be drawn, and of their values Endless are NaN or infinite, and
	// Nulls NULL.
	Rows, Left, Endless, Nulls int64
	// Spans says that of each part of X only the smallest and the greatest value are there, or of a Scatter one dot of
	// those that lie on each other. Else each row is there.
	Spans bool
	// More is how many rows there are beyond those of a Bar.
	More int64
}

// ChartPlace is a place along X. Of a row it has the values; of a part that many rows fall into, the smallest or the
// greatest.
type ChartPlace struct {
	At   float64 // seconds since 2000-01-01 for times
	X    string  // as the server sent it, of the first row; of a Bar what stands under it
	Y    []ChartValue
	Rows int64

	row int64
}

// ChartValue is one value. Is says that there is one that can be drawn.
type ChartValue struct {
	Is   bool
	At   float64
	Text string
}

const (
	// exactRows is up to how many rows each is drawn.
	exactRows = 2000
	// BarRows is how many bars there are at most.
	BarRows    = 200
	chartParts = 2000
	chartText  = 120 // bytes of a value that are told
	// dots of a scatter that lie in one of these cells are one.
	dotsAcross, dotsUp = 240, 120
)

// Chart reads what is to be drawn of rows. Errors: *Fault, when a column cannot be drawn; ctx's; those of the disk.
func (d *Dir) Chart(ctx context.Context, in Rows, spec ChartSpec, p *Progress) (*Chart, error) {
	r, v := in.base()
	w := &charting{in: in, r: r, v: v, spec: spec, rows: in.Rows()}
	for _, y := range spec.Y {
		if !isNumber(r.columns[y].TypeOID) {
			return nil, &Fault{Column: y, Reason: "only numbers can be drawn upwards"}
		}
	}
	if spec.Kind == Bar {
		return w.bars()
	}
	if spec.X >= 0 && !isNumber(r.columns[spec.X].TypeOID) && !sortkey.HasDate(r.columns[spec.X].TypeOID) {
		return nil, &Fault{Column: spec.X, Reason: "only numbers and times can be drawn along"}
	}
	w.spec.Parts = min(max(spec.Parts, 50), chartParts)
	var err error
	if w.wanted, err = v.wanted(ctx, r, 0, w.rows); err != nil {
		return nil, err
	}
	return w.run(ctx, p)
}

// charting is the work of one chart.
type charting struct {
	in     Rows
	r      *Result
	v      *View
	spec   ChartSpec
	rows   int64
	wanted bitmap
}

// each calls fn for each row on one of several goroutines; for numbers of rows that are a view's, on one in its order.
func (w *charting) each(ctx context.Context, p *Progress, fn func(worker int, row int64, cell func(column int) ([]byte, error)) error) error {
	if w.v != nil && w.spec.X < 0 {
		p.expect(w.rows)
		return w.in.EachWithin(ctx, math.MaxInt, 0, w.rows, func(row int64, cells [][]byte) error {
			if row%stopEvery == 0 {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				p.add(stopEvery)
			}
			return fn(0, row, func(c int) ([]byte, error) { return cells[c], nil })
		})
	}
	upto := w.rows
	if w.v != nil {
		upto = w.v.upto
	}
	p.expect(upto)
	return w.r.look(ctx, Spec{}, upto, p, func(worker int, rec *record) error {
		if w.wanted != nil && !w.wanted.has(rec.row) {
			return nil
		}
		return fn(worker, rec.row, func(c int) ([]byte, error) {
			v, _, err := rec.cell(c)
			return v, err
		})
	})
}

// point is a row at hand. Texts are made of those that are kept only.
type point struct {
	at  float64
	x   []byte
	y   []pointValue
	row int64
}

type pointValue struct {
	is, null bool
	at       float64
	text     []byte
}

func (v *pointValue) value() ChartValue {
	if v.null {
		return ChartValue{Text: "NULL"}
	}
	return ChartValue{Is: v.is, At: v.at, Text: shortened(v.text)}
}

func (t *point) place() ChartPlace {
	p := ChartPlace{At: t.at, X: shortened(t.x), Y: make([]ChartValue, len(t.y)), Rows: 1, row: t.row}
	for i := range t.y {
		p.Y[i] = t.y[i].value()
	}
	return p
}

// read reads a row; ok is false when it has no place along X.
func (w *charting) read(row int64, cell func(int) ([]byte, error), into *point) (ok bool, err error) {
	into.row, into.x, into.at = row, into.x[:0], float64(row+1)
	if into.y == nil {
		into.y = make([]pointValue, len(w.spec.Y))
	}
	if w.spec.X >= 0 {
		x, err := cell(w.spec.X)
		if err != nil {
			return false, err
		}
		if into.at, ok = finite(w.r.columns[w.spec.X].TypeOID, x); !ok {
			return false, nil
		}
		into.x = append(into.x, x...)
	}
	for i, c := range w.spec.Y {
		v, err := cell(c)
		if err != nil {
			return false, err
		}
		y := &into.y[i]
		y.is, y.null, y.text = false, v == nil, append(y.text[:0], v...)
		if v != nil {
			y.at, y.is = finite(w.r.columns[c].TypeOID, v)
		}
	}
	return true, nil
}

func finite(oid uint32, v []byte) (float64, bool) {
	if v == nil {
		return 0, false
	}
	f, ok := sortkey.Moment(oid, v)
	return f, ok && !math.IsNaN(f) && !math.IsInf(f, 0)
}

func shortened(v []byte) string {
	if len(v) <= chartText {
		return Visible(v)
	}
	return Visible(v[:cutPoint(v, chartText)]) + "…"
}

// seen is what one worker has found out.
type seen struct {
	at            point
	rows, left    int64
	endless, null int64
	x, y          span64
	spans         *spans
	dots          map[dot]*ChartPlace
	kept          []ChartPlace
}

// span64 is from the smallest to the greatest number.
type span64 struct {
	is       bool
	from, to float64
}

func (s *span64) take(n float64) {
	if !s.is {
		s.is, s.from, s.to = true, n, n
	}
	s.from, s.to = min(s.from, n), max(s.to, n)
}

// part is which of n equal parts a number is in.
func (s span64) part(at float64, n int) int {
	if !(s.to > s.from) {
		return 0
	}
	return min(n-1, max(0, int((at/2-s.from/2)/(s.to/2-s.from/2)*float64(n)))) // halves: the distance may be too great
}

// run looks at the rows once for how far they reach, and once more for what is drawn.
func (w *charting) run(ctx context.Context, p *Progress) (*Chart, error) {
	workers := make([]seen, scanWorkers())
	err := w.each(ctx, p, func(i int, row int64, cell func(int) ([]byte, error)) error {
		s := &workers[i]
		s.rows++
		ok, err := w.read(row, cell, &s.at)
		if err != nil {
			return err
		}
		if !ok {
			s.left++
			return nil
		}
		s.x.take(s.at.at)
		for _, y := range s.at.y {
			switch {
			case y.is:
				s.y.take(y.at)
			case y.null:
				s.null++
			default:
				s.endless++
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := &Chart{}
	var x, y span64
	for _, s := range workers {
		out.Rows += s.rows
		out.Left += s.left
		out.Nulls += s.null
		out.Endless += s.endless
		for _, one := range []struct{ into, from *span64 }{{&x, &s.x}, {&y, &s.y}} {
			if one.from.is {
				one.into.take(one.from.from)
				one.into.take(one.from.to)
			}
		}
	}
	out.Spans = out.Rows-out.Left > exactRows
	if err := w.draw(ctx, p, out.Spans, x, y, workers); err != nil {
		return nil, err
	}
	switch {
	case !out.Spans:
		for _, s := range workers {
			out.Places = append(out.Places, s.kept...)
		}
	case w.spec.Kind == Scatter:
		out.Places = allDots(workers)
	default:
		out.Places = allSpans(workers, x, w.spec.Parts)
	}
	slices.SortFunc(out.Places, func(a, b ChartPlace) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.row, b.row)) })
	return out, nil
}

// draw is the second look.
func (w *charting) draw(ctx context.Context, p *Progress, many bool, x, y span64, workers []seen) error {
	for i := range workers {
		workers[i].spans, workers[i].dots = newSpans(w.spec.Parts, len(w.spec.Y)), map[dot]*ChartPlace{}
	}
	return w.each(ctx, p, func(i int, row int64, cell func(int) ([]byte, error)) error {
		s := &workers[i]
		ok, err := w.read(row, cell, &s.at)
		switch {
		case !ok || err != nil:
			return err
		case !many:
			s.kept = append(s.kept, s.at.place())
		case w.spec.Kind == Scatter:
			s.dot(x, y)
		default:
			s.spans.take(x.part(s.at.at, w.spec.Parts), &s.at)
		}
		return nil
	})
}

// bars takes the first rows.
func (w *charting) bars() (*Chart, error) {
	out := &Chart{Rows: min(w.rows, BarRows), More: max(0, w.rows-BarRows)}
	err := w.in.Each(0, out.Rows, func(row int64, cells [][]byte) error {
		place := ChartPlace{At: float64(row), X: strconv.FormatInt(row+1, 10), Rows: 1, row: row}
		if w.spec.X >= 0 {
			place.X = shortened(labelOf(cells[w.spec.X]))
		}
		for _, c := range w.spec.Y {
			y := ChartValue{Text: "NULL"}
			if v := cells[c]; v == nil {
				out.Nulls++
			} else if y.At, y.Is = finite(w.r.columns[c].TypeOID, v); true {
				y.Text = shortened(v)
				if !y.Is {
					out.Endless++
				}
			}
			place.Y = append(place.Y, y)
		}
		out.Places = append(out.Places, place)
		return nil
	})
	return out, err
}
