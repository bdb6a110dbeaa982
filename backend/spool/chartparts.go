package spool

// spans has, for each part of X, the smallest and the greatest value of each series.
type spans struct {
	series int
	parts  []part
}

// part is one of them: the rows in it, of which the first along X gives the name.
type part struct {
	rows      int64
	from      float64
	x         string
	low, high []extreme // of each series
}

// extreme is a value with its place.
type extreme struct {
	ChartValue
	x   float64
	row int64
}

func newSpans(parts, series int) *spans { return &spans{series, make([]part, parts)} }

func (s *spans) take(i int, p *point) {
	t := &s.parts[i]
	if t.low == nil {
		t.low, t.high = make([]extreme, s.series), make([]extreme, s.series)
	}
	if t.rows == 0 || p.at < t.from {
		t.from, t.x = p.at, shortened(p.x)
	}
	t.rows++
	for i := range p.y {
		v := &p.y[i]
		if !v.is {
			continue
		}
		if low := &t.low[i]; low.above(v.at, p.row) {
			*low = extreme{v.value(), p.at, p.row}
		}
		if high := &t.high[i]; high.below(v.at, p.row) {
			*high = extreme{v.value(), p.at, p.row}
		}
	}
}

// above tells whether a value is to stand in place of the smallest; of equal ones the earliest row does.
func (e *extreme) above(at float64, row int64) bool {
	return !e.Is || at < e.At || at == e.At && row < e.row
}

func (e *extreme) below(at float64, row int64) bool {
	return !e.Is || at > e.At || at == e.At && row < e.row
}

func (t *part) merge(o *part) {
	switch {
	case o.rows == 0:
		return
	case t.rows == 0:
		*t = *o
		return
	}
	if o.from < t.from {
		t.from, t.x = o.from, o.x
	}
	t.rows += o.rows
	for y := range t.low {
		if low := o.low[y]; low.Is && t.low[y].above(low.At, low.row) {
			t.low[y] = low
		}
		if high := o.high[y]; high.Is && t.high[y].below(high.At, high.row) {
			t.high[y] = high
		}
	}
}

// allSpans gives two places for each part that has rows: at its first quarter the extreme that comes first along X, at its
// last the other. A line through them covers what the line through all rows would, to the width of a part.
func allSpans(workers []seen, x span64, parts int) []ChartPlace {
	var list []ChartPlace
	width := (x.to/float64(parts) - x.from/float64(parts))
	for i := range parts {
		t := workers[0].spans.parts[i]
		for _, w := range workers[1:] {
			t.merge(&w.spans.parts[i])
		}
		if t.rows == 0 {
			continue
		}
		left := x.from + width*float64(i)
		one, two := ChartPlace{At: left + width/4, X: t.x, Rows: t.rows}, ChartPlace{At: left + width*3/4, X: t.x, Rows: t.rows}
		for y := range t.low {
			a, b := t.low[y], t.high[y]
			if b.x < a.x || b.x == a.x && b.row < a.row {
				a, b = b, a
			}
			one.Y, two.Y = append(one.Y, a.ChartValue), append(two.Y, b.ChartValue)
		}
		list = append(list, one, two)
	}
	return list
}

// dot is where dots lie on each other.
type dot struct{ series, x, y int }

// dot takes the row at hand into the dots.
func (s *seen) dot(x, y span64) {
	for i := range s.at.y {
		v := &s.at.y[i]
		if !v.is {
			continue
		}
		at := dot{i, x.part(s.at.at, dotsAcross), y.part(v.at, dotsUp)}
		d := s.dots[at]
		if d == nil {
			d = &ChartPlace{At: s.at.at, X: shortened(s.at.x), Y: make([]ChartValue, len(s.at.y)), row: s.at.row}
			d.Y[i] = v.value()
			s.dots[at] = d
		}
		d.Rows++
	}
}

// allDots puts the workers' dots together, the earliest row of each first.
func allDots(workers []seen) []ChartPlace {
	all := workers[0].dots
	for _, w := range workers[1:] {
		for at, o := range w.dots {
			d := all[at]
			if d == nil {
				all[at] = o
				continue
			}
			rows := d.Rows + o.Rows
			if o.row < d.row {
				*d = *o
			}
			d.Rows = rows
		}
	}
	list := make([]ChartPlace, 0, len(all))
	for _, d := range all {
		list = append(list, *d)
	}
	return list
}
