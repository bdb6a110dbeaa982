package spool

// spans has, for each part of X, the smallest and the greatest value of each series.
type spans struct {
	series int
	parts  []part
}

// part is one of them: the rows in it, of which the first along X gives the name.
type part struct {
	rows      int64
	from, to  float64
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

func (s *spans) take(i int, p *ChartPlace) {
	t := &s.parts[i]
	if t.low == nil {
		t.low, t.high = make([]extreme, s.series), make([]extreme, s.series)
	}
	if t.rows == 0 || p.At < t.from {
		t.from, t.x = p.At, p.X
	}
	if t.rows == 0 || p.At > t.to {
		t.to = p.At
	}
	t.rows++
	for y, v := range p.Y {
		if v.Is {
			e := extreme{v, p.At, p.row}
			t.low[y].lower(e)
			t.high[y].higher(e)
		}
	}
}

func (e *extreme) lower(o extreme) {
	if o.Is && (!e.Is || o.At < e.At || o.At == e.At && o.row < e.row) {
		*e = o
	}
}

func (e *extreme) higher(o extreme) {
	if o.Is && (!e.Is || o.At > e.At || o.At == e.At && o.row < e.row) {
		*e = o
	}
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
	t.to = max(t.to, o.to)
	t.rows += o.rows
	for y := range t.low {
		t.low[y].lower(o.low[y])
		t.high[y].higher(o.high[y])
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
	for i, v := range s.place.Y {
		if !v.Is {
			continue
		}
		at := dot{i, x.part(s.place.At, dotsAcross), y.part(v.At, dotsUp)}
		d := s.dots[at]
		if d == nil {
			d = &ChartPlace{At: s.place.At, X: s.place.X, Y: make([]ChartValue, len(s.place.Y)), row: s.place.row}
			d.Y[i] = v
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
