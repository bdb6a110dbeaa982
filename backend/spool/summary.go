package spool

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"desktop.tusk/backend/sortkey"
)

// Summary says what is in a column. Values are as the server sent them, the first of those that are equal.
type Summary struct {
	Rows, Nulls, Distinct int64
	Min, Max              *string // nil when there are no values
	// Sum and Average are of numbers. They are exact unless Approximate: those of float4 and float8.
	Sum, Average *string
	Approximate  bool
	// Top are the values that stand most often, the most frequent first.
	Top []Frequency
	// Bars count the values in equal parts of the range from Min to Max, for numbers and times that are finite.
	Bars []int64
}

// Frequency is a value and how often it stands. Of one that is Cut only the beginning is here, with an ellipsis.
type Frequency struct {
	Value string
	Cut   bool
	Count int64
}

const (
	topValues  = 10
	bars       = 24
	valueShown = 256 // bytes of a value
)

// Summarize looks at a column of the rows from row from on, below to. Errors as Result.View.
func Summarize(ctx context.Context, in Rows, column int, from, to int64, rule sortkey.Rule, p *Progress) (*Summary, error) {
	r, v := in.base()
	to = min(to, in.Rows())
	if to > math.MaxUint32 {
		return nil, ErrTooMany
	}
	wanted, err := v.wanted(ctx, r, from, to)
	if err != nil {
		return nil, err
	}
	w := &summing{r: r, column: column, wanted: wanted, upto: to}
	if v != nil {
		w.upto = v.upto
	}
	out, err := w.by(ctx, rule.Exact(), p)
	if u := (*unordered)(nil); errors.As(err, &u) {
		out, err = w.by(ctx, sortkey.ByBytes(), p)
	}
	return out, err
}

func (w *summing) by(ctx context.Context, rule sortkey.Rule, p *Progress) (*Summary, error) {
	rules := make([]sortkey.Rule, len(w.r.columns))
	for i := range rules {
		rules[i] = rule
	}
	w.spec = Spec{Rules: rules, Sort: []SortColumn{{Column: w.column}}}
	return w.run(ctx, p)
}

// wanted are the rows of the result that rows [from, to) of a view are; nil means all that are asked for below to.
func (v *View) wanted(ctx context.Context, r *Result, from, to int64) (bitmap, error) {
	if v == nil && from == 0 {
		return nil, nil
	}
	set := make(bitmap, (r.Rows()+63)/64)
	if v == nil {
		for row := from; row < to; row++ {
			set[row/64] |= 1 << (row % 64)
		}
		return set, nil
	}
	const batch = 64 << 10
	for at := from; at < to; at += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		list, err := v.rowsAt(at, min(batch, to-at))
		if err != nil {
			return nil, err
		}
		for _, row := range list {
			set[row/64] |= 1 << (row % 64)
		}
	}
	return set, nil
}

// summing is the work of a summary.
type summing struct {
	r      *Result
	column int
	wanted bitmap
	upto   int64
	spec   Spec
}

func (w *summing) look(ctx context.Context, p *Progress, fn func(worker int, rec *record) error) error {
	return w.r.look(ctx, Spec{}, w.upto, p, func(worker int, rec *record) error {
		if w.wanted != nil && !w.wanted.has(rec.row) {
			return nil
		}
		return fn(worker, rec)
	})
}

// run sorts the values, for in order it can count those that are equal with no memory for them.
func (w *summing) run(ctx context.Context, p *Progress) (*Summary, error) {
	s := newSorter(w.r, w.spec)
	defer s.discard()
	p.expect(2 * w.upto)
	n := scanWorkers()
	buffers, encoders, keys := make([]*buffer, n), make([][]*sortkey.Encoder, n), make([][]byte, n)
	sums, rows, nulls := make([]total, n), make([]int64, n), make([]int64, n)
	numbers := w.sums()
	for i := range n {
		buffers[i], encoders[i] = s.buffer(w.upto), w.spec.encoders()
	}
	err := w.look(ctx, p, func(i int, rec *record) error {
		rows[i]++
		v, _, err := rec.cell(w.column)
		if err != nil {
			return err
		}
		if v == nil {
			nulls[i]++
			return nil
		}
		if numbers {
			sums[i].add(v)
		}
		key, cut, err := w.spec.key(rec, encoders[i], keys[i][:0])
		keys[i] = key
		if err != nil {
			return err
		}
		return buffers[i].add(key, uint32(rec.row), cut)
	})
	if err != nil {
		return nil, err
	}
	out := &Summary{Top: []Frequency{}, Bars: []int64{}}
	var sum total
	for i := range n {
		if err := buffers[i].done(); err != nil {
			return nil, err
		}
		out.Rows += rows[i]
		out.Nulls += nulls[i]
		sum.merge(&sums[i])
	}
	if err := w.count(ctx, s, p, out); err != nil {
		return nil, err
	}
	if numbers && out.Rows > out.Nulls {
		out.Sum, out.Average, out.Approximate = sum.text(out.Rows-out.Nulls, w.r.columns[w.column].TypeOID)
	}
	return out, w.bars(ctx, p, out)
}

// sums tells whether the column has numbers that can be added.
func (w *summing) sums() bool {
	switch w.r.columns[w.column].TypeOID {
	case 20, 21, 23, 700, 701, 1700:
		return true
	}
	return false
}

// repeated is a run of equal values: how many, and where the first of them is.
type repeated struct {
	row   uint32
	count int64
}

// count goes through the sorted values.
func (w *summing) count(ctx context.Context, s *sorter, p *Progress, out *Summary) error {
	var top []repeated
	var now repeated
	var key keyed
	var first, last uint32
	end := func() {
		if now.count == 0 {
			return
		}
		out.Distinct++
		i, _ := slices.BinarySearchFunc(top, now, func(a, b repeated) int { return -cmp.Compare(a.count, b.count) })
		for i < len(top) && top[i].count == now.count {
			i++
		}
		if i < topValues {
			top = slices.Insert(top, i, now)
			top = top[:min(len(top), topValues)]
		}
	}
	err := s.merge(ctx, p, func(k *keyed) error {
		same := now.count > 0 && k.compareKeys(&key) == 0
		if same && k.cut {
			c, err := w.r.compareRows(w.spec, int64(key.row), int64(k.row))
			if err != nil {
				return err
			}
			same = c == 0
		}
		if !same {
			end()
			if out.Distinct == 0 {
				first = k.row
			}
			now, last = repeated{row: k.row}, k.row
			key = keyed{prefix: k.prefix, row: k.row, cut: k.cut, rest: append(key.rest[:0], k.rest...)}
		}
		now.count++
		return nil
	})
	if err != nil {
		return err
	}
	end()
	if out.Distinct == 0 {
		return nil
	}
	for _, g := range top {
		v, cut, err := w.value(g.row)
		if err != nil {
			return err
		}
		out.Top = append(out.Top, Frequency{*v, cut, g.count})
	}
	if out.Min, _, err = w.value(first); err != nil {
		return err
	}
	out.Max, _, err = w.value(last)
	return err
}

// value reads one, and says whether it is cut.
func (w *summing) value(row uint32) (*string, bool, error) {
	part, err := w.r.Cell(int64(row), w.column, 0, valueShown)
	if err != nil {
		return nil, false, err
	}
	cut := part.Next < part.Length
	if cut {
		part.Text += "…"
	}
	return &part.Text, cut, nil
}

// bars counts how the values lie between the smallest and the greatest.
func (w *summing) bars(ctx context.Context, p *Progress, out *Summary) error {
	oid := w.r.columns[w.column].TypeOID
	switch oid {
	case 20, 21, 23, 26, 700, 701, 1700, 1082, 1083, 1114, 1184:
	default:
		return nil
	}
	if out.Min == nil || *out.Min == *out.Max {
		return nil
	}
	low, ok1 := sortkey.Moment(oid, []byte(*out.Min))
	high, ok2 := sortkey.Moment(oid, []byte(*out.Max))
	if !ok1 || !ok2 || math.IsInf(low, 0) || math.IsInf(high, 0) || math.IsNaN(low+high) || !(high > low) {
		return nil
	}
	p.expect(w.upto)
	counts := make([][bars]int64, scanWorkers())
	err := w.look(ctx, p, func(i int, rec *record) error {
		v, _, err := rec.cell(w.column)
		if err != nil || v == nil {
			return err
		}
		if at, ok := sortkey.Moment(oid, v); ok && !math.IsNaN(at) && !math.IsInf(at, 0) {
			counts[i][min(bars-1, max(0, int((at-low)/(high-low)*bars)))]++
		}
		return nil
	})
	out.Bars = make([]int64, bars)
	for _, c := range counts {
		for i, n := range c {
			out.Bars[i] += n
		}
	}
	return err
}

// total adds up numbers as they are written: exactly, by how many digits they have behind the point.
type total struct {
	scales []scaled
	float  float64
	lost   float64 // what adding up floats has rounded away
	nan    bool
	inf    [2]bool // plus, minus
	bytes  int     // that it takes in memory, about
}

// scaled is a sum in units of ten to the power of minus its place.
type scaled struct {
	small int64
	big   *big.Int
}

func (t *total) add(v []byte) {
	n, scale, ok := int64(0), 0, len(v) > 0 && len(v) <= 18
	digits, negative := v, false
	if len(v) > 0 && v[0] == '-' {
		negative, digits = true, v[1:]
	}
	point := bytes.IndexByte(digits, '.')
	if point >= 0 {
		scale = len(digits) - point - 1
	}
	if ok {
		for i, c := range digits {
			if i == point {
				continue
			}
			if c < '0' || c > '9' {
				ok = false
				break
			}
			n = n*10 + int64(c-'0')
		}
	}
	if ok {
		if negative {
			n = -n
		}
		s := t.scale(scale)
		if sum := s.small + n; (sum > s.small) == (n > 0) {
			s.small = sum
			return
		}
		s.spill()
		s.small = n
		return
	}
	t.rare(string(v), scale)
}

// rare adds what is long, not finite, or written with an exponent.
func (t *total) rare(s string, scale int) {
	switch s {
	case "NaN":
		t.nan = true
		return
	case "Infinity", "-Infinity":
		t.inf[map[bool]int{false: 0, true: 1}[s[0] == '-']] = true
		return
	}
	if n, ok := new(big.Int).SetString(strings.Replace(s, ".", "", 1), 10); ok {
		sum := t.scale(scale)
		sum.spill()
		had := len(sum.big.Bits())
		sum.big.Add(sum.big, n)
		t.bytes += 8 * (len(sum.big.Bits()) - had)
		return
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil { // 1e-7, of a float
		sum := t.float + f
		if math.Abs(t.float) >= math.Abs(f) {
			t.lost += t.float - sum + f
		} else {
			t.lost += f - sum + t.float
		}
		t.float = sum
	}
}

func (t *total) scale(n int) *scaled {
	for len(t.scales) <= n {
		t.scales = append(t.scales, scaled{})
		t.bytes += 64 // with its big.Int
	}
	return &t.scales[n]
}

func (s *scaled) spill() {
	if s.big == nil {
		s.big = new(big.Int)
	}
	s.big.Add(s.big, big.NewInt(s.small))
	s.small = 0
}

func (t *total) merge(o *total) {
	for i := range o.scales {
		o.scales[i].spill()
		s := t.scale(i)
		s.spill()
		had := len(s.big.Bits())
		s.big.Add(s.big, o.scales[i].big)
		t.bytes += 8 * (len(s.big.Bits()) - had)
	}
	t.float += o.float
	t.lost += o.lost
	t.nan = t.nan || o.nan
	t.inf[0], t.inf[1] = t.inf[0] || o.inf[0], t.inf[1] || o.inf[1]
}

// text gives the sum and the average over n values.
func (t *total) text(n int64, oid uint32) (sum, average *string, approximate bool) {
	approximate = oid == 700 || oid == 701
	switch {
	case t.nan || t.inf[0] && t.inf[1]:
		s := "NaN"
		return &s, &s, approximate
	case t.inf[0]:
		s := "Infinity"
		return &s, &s, approximate
	case t.inf[1]:
		s := "-Infinity"
		return &s, &s, approximate
	}
	exact, places := new(big.Int), 0
	for i := range t.scales {
		s := &t.scales[i]
		s.spill()
		exact.Mul(exact, big.NewInt(10))
		if i == 0 {
			exact.SetInt64(0)
		}
		exact.Add(exact, s.big)
		places = i
	}
	r := new(big.Rat).SetFrac(exact, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	if approximate {
		f, _ := r.Float64()
		f += t.float + t.lost
		s, a := strconv.FormatFloat(f, 'g', 15, 64), strconv.FormatFloat(f/float64(n), 'g', 15, 64)
		return &s, &a, true
	}
	s := r.FloatString(places)
	a := new(big.Rat).Quo(r, new(big.Rat).SetInt64(n)).FloatString(divisionPlaces(exact, places, n))
	return &s, &a, false
}

// divisionPlaces is how many digits behind the point the server gives a sum divided by a count: those of at least 16
// significant ones, counted in its digits of four.
func divisionPlaces(sum *big.Int, places int, n int64) int {
	weight1, first1 := leading(new(big.Int).Abs(sum).String(), places)
	weight2, first2 := leading(strconv.FormatInt(n, 10), 0)
	weight := weight1 - weight2
	if first1 <= first2 {
		weight--
	}
	return min(1000, max(places, 16-4*weight))
}

// leading gives the first digit to the base of 10,000 of a decimal with so many places, and the power it stands at.
func leading(digits string, places int) (weight, first int) {
	if digits == "0" {
		return 0, 0
	}
	ten := len(digits) - places - 1 // the power of ten of the first decimal digit
	weight = ten / 4
	if ten < 0 {
		weight = (ten - 3) / 4
	}
	for i := range ten - 4*weight + 1 {
		first *= 10
		if i < len(digits) {
			first += int(digits[i] - '0')
		}
	}
	return weight, first
}
