package spool

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"desktop.tusk/backend/sortkey"
)

// What can be computed of the rows of a group.
const (
	Count    = "count"    // of the rows, or of the values that are not NULL
	Distinct = "distinct" // how many different values
	Sum      = "sum"
	Average  = "avg"
	Min      = "min"
	Max      = "max"
)

// GroupKey is a column by which rows belong together. With a Unit, those of dates, they do when they are in the same one.
type GroupKey struct {
	Column int
	Unit   string
}

// Aggregate is computed of each group. Column is -1 for Count of the rows.
type Aggregate struct {
	Func   string
	Column int
}

// Grouping says how rows are grouped. Rules are how the columns are ordered. Across makes a pivot: each of its values is a
// column that has the first aggregate, the only one.
type Grouping struct {
	Rules      []sortkey.Rule
	Keys       []GroupKey
	Across     *GroupKey
	Aggregates []Aggregate
}

// Grouped tells of what was grouped. Values are how many different ones Across has, Shown how many of them are columns.
type Grouped struct{ Rows, Groups, Values, Shown int64 }

// PivotColumns is how many columns a pivot makes at most.
const PivotColumns = 100

// Group writes a row for each group to a new result: the values of its keys, as the first row in it has them, and what was
// computed, in the order of the keys. Sums of integers and numerics are exact. It looks at each row once, in bounded
// memory. Errors as Result.View; the caller releases the result.
func (d *Dir) Group(ctx context.Context, in Rows, spec Grouping, p *Progress) (*Result, Grouped, error) {
	for {
		out, info, err := d.group(ctx, in, spec, p)
		var u *unordered
		if !errors.As(err, &u) {
			return out, info, err
		}
		keys := spec.keys()
		if slices.ContainsFunc(keys, func(k GroupKey) bool { return k.Column == u.column && k.Unit != "" }) {
			return nil, Grouped{}, &Fault{Column: u.column, Reason: "the values are not in the form that Tusk reads"}
		}
		spec.Rules = slices.Clone(spec.Rules)
		spec.Rules[u.column] = sortkey.ByBytes()
	}
}

// keys are all of them, that of a pivot's columns last.
func (s Grouping) keys() []GroupKey {
	if s.Across == nil {
		return s.Keys
	}
	return append(slices.Clone(s.Keys), *s.Across)
}

// grouper is the work of one grouping.
type grouper struct {
	dir    *Dir
	r      *Result
	wanted bitmap
	upto   int64
	spec   Grouping
	keys   []GroupKey
	rules  []sortkey.Rule // of the keys: those by which the same values are equal
	groups *groupHash
	// different has, for each Distinct, a group for each pair of a key and a value; nil for other aggregates.
	different []*groupHash
	across    *groupHash // the values that are a pivot's columns
	info      Grouped
}

func (d *Dir) group(ctx context.Context, in Rows, spec Grouping, p *Progress) (*Result, Grouped, error) {
	r, v := in.base()
	upto := in.Rows()
	if upto > math.MaxUint32 {
		return nil, Grouped{}, ErrTooMany
	}
	wanted, err := v.wanted(ctx, r, 0, upto)
	if err != nil {
		return nil, Grouped{}, err
	}
	if v != nil {
		upto = v.upto
	}
	w := &grouper{dir: d, r: r, wanted: wanted, upto: upto, spec: spec, keys: spec.keys(), different: make([]*groupHash, len(spec.Aggregates))}
	if err := w.prepare(); err != nil {
		return nil, Grouped{}, err
	}
	defer w.discard()
	if err := w.collect(ctx, p); err != nil {
		return nil, Grouped{}, err
	}
	out, err := w.write(ctx, p)
	return out, w.info, err
}

// Groups one worker holds in memory at most, and what they may take, in bytes, together with its different values.
const (
	groupsHeld = 100_000
	groupBytes = 10 << 20
)

func (w *grouper) prepare() error {
	for _, k := range w.keys {
		c := w.r.columns[k.Column]
		switch {
		case k.Unit == "":
			w.rules = append(w.rules, w.spec.Rules[k.Column].Exact())
		case !sortkey.IsUnit(k.Unit) || !sortkey.HasDate(c.TypeOID):
			return &Fault{Column: k.Column, Reason: "only dates and timestamps can be grouped by day, week, month or year"}
		default:
			w.rules = append(w.rules, sortkey.For(sortkey.Column{OID: 1082}))
		}
	}
	tables := 1
	for i, a := range w.spec.Aggregates {
		switch a.Func {
		case Sum, Average:
			if !isNumber(w.r.columns[a.Column].TypeOID) {
				return &Fault{Column: a.Column, Reason: "only numbers can be added up"}
			}
		case Distinct:
			w.different[i] = w.hash(func(into, from *group) error { return nil })
			tables++
		}
	}
	if w.spec.Across != nil {
		w.across = w.hash(func(into, from *group) error { return nil })
		tables++
	}
	w.groups = w.hash(w.merge)
	for _, h := range w.tables() {
		h.bytes /= tables
	}
	return nil
}

func (w *grouper) hash(merge func(into, from *group) error) *groupHash {
	h := &groupHash{dir: w.dir, groups: groupsHeld, bytes: groupBytes, merge: merge}
	if n := w.dir.limits.groups; n > 0 {
		h.groups = n
	}
	return h
}

func (w *grouper) tables() []*groupHash {
	list := []*groupHash{w.groups, w.across}
	return slices.DeleteFunc(append(list, w.different...), func(h *groupHash) bool { return h == nil })
}

func (w *grouper) discard() {
	for _, h := range w.tables() {
		h.discard()
	}
}

// collect looks at all rows.
func (w *grouper) collect(ctx context.Context, p *Progress) error {
	p.expect(w.upto)
	workers := make([]*groupWorker, scanWorkers())
	for i := range workers {
		workers[i] = w.worker()
	}
	err := w.r.look(ctx, Spec{}, w.upto, p, func(i int, rec *record) error {
		if w.wanted != nil && !w.wanted.has(rec.row) {
			return nil
		}
		return workers[i].add(rec)
	})
	for _, k := range workers {
		k.done()
		w.info.Rows += k.rows
	}
	return err
}

// isNumber tells whether values of the type can be added up.
func isNumber(oid uint32) bool {
	switch oid {
	case 20, 21, 23, 700, 701, 1700:
		return true
	}
	return false
}

// longKey adds the key of a value that is too long for one: its beginning, and what tells it from others.
func longKey(rec *record, column int, e *sortkey.Encoder, dst, beginning []byte) ([]byte, error) {
	dst, _ = keyOf(e, dst, beginning[:cutPoint(beginning, keyMax)], false)
	r, err := rec.open(column)
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	if _, err := io.Copy(h, r); err != nil {
		return nil, err
	}
	return h.Sum(dst), nil
}

// merge puts two parts of the same group together.
func (w *grouper) merge(into, from *group) error {
	if from.row < into.row {
		into.row, into.shown = from.row, from.shown
	}
	for i := range into.tally {
		a, b := &into.tally[i], &from.tally[i]
		a.n += b.n
		if a.sum == nil {
			a.sum = b.sum
		} else if b.sum != nil {
			a.sum.merge(b.sum)
		}
		better, err := w.better(w.spec.Aggregates[i], a, b.best, b.cut, b.row)
		if err != nil {
			return err
		}
		if b.best != nil && better {
			a.best, a.cut, a.value, a.row = b.best, b.cut, b.value, b.row
		}
	}
	return nil
}

// better tells whether a value is to be shown in place of the one so far: a smaller one, or a greater, or of equal ones
// the earlier.
func (w *grouper) better(a Aggregate, so *tally, key []byte, cut bool, row uint32) (bool, error) {
	if so.best == nil || key == nil {
		return so.best == nil, nil
	}
	order := bytes.Compare(key, so.best)
	if order == 0 && cut && so.cut {
		spec := Spec{Rules: w.spec.Rules, Sort: []SortColumn{{Column: a.Column}}}
		var err error
		if order, err = w.r.compareRows(spec, int64(row), int64(so.row)); err != nil {
			return false, err
		}
	}
	if a.Func == Max {
		order = -order
	}
	return order < 0 || order == 0 && row < so.row, nil
}

// text is what an aggregate has come to; nil is NULL.
func (w *grouper) text(a Aggregate, t *tally) ([]byte, error) {
	switch a.Func {
	case Count, Distinct:
		return strconv.AppendInt(nil, t.n, 10), nil
	case Sum, Average:
		if t.n == 0 {
			return nil, nil
		}
		sum, average, _ := t.sum.text(t.n, w.r.columns[a.Column].TypeOID)
		if a.Func == Sum {
			return []byte(*sum), nil
		}
		return []byte(*average), nil
	}
	switch {
	case t.best == nil:
		return nil, nil
	case t.value == nil || t.cut:
		return w.whole(t.row, a.Column)
	}
	return t.value, nil
}

// whole reads a value that was not held.
func (w *grouper) whole(row uint32, column int) ([]byte, error) {
	var rec record
	if err := rec.find(w.r, int64(row)); err != nil {
		return nil, err
	}
	r, err := rec.open(column)
	if err != nil {
		return nil, err
	}
	v, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read row %d: %w", row, err)
	}
	return v, nil
}
