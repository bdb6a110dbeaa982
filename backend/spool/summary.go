package spool

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

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
	numbers := isNumber(w.r.columns[w.column].TypeOID)
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
	if !ok1 || !ok2 || math.IsInf(low, 0) || math.IsInf(high, 0) || !(high > low) {
		return nil
	}
	p.expect(w.upto)
	whole := span64{true, low, high}
	counts := make([][bars]int64, scanWorkers())
	err := w.look(ctx, p, func(i int, rec *record) error {
		v, _, err := rec.cell(w.column)
		if err != nil || v == nil {
			return err
		}
		if at, ok := sortkey.Moment(oid, v); ok && !math.IsNaN(at) && !math.IsInf(at, 0) {
			counts[i][whole.part(at, bars)]++
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
