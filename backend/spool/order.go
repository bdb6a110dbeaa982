package spool

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"runtime/debug"
	"sync/atomic"

	"desktop.tusk/backend/sortkey"
)

// SortColumn is one column of an order. NullsFirst holds whichever way the values run.
type SortColumn struct {
	Column     int
	Descending bool
	NullsFirst bool
}

// Spec says which rows of a result are wanted, and in what order. Rules are how its columns are ordered, one for each.
type Spec struct {
	Rules      []sortkey.Rule
	Conditions []Condition
	Search     Search
	Sort       []SortColumn
}

// ErrTooMany is what more rows give than an order can number.
var ErrTooMany = errors.New("more than 4,294,967,295 rows cannot be put in order")

// View makes a view of the rows that are there now. It looks at each of them once, in bounded memory, and keeps four bytes
// for each row it shows. Columns of which values do not read as their type are sorted as text instead, and the view's
// rules say so. Errors: *Fault, when a condition cannot be asked; ctx's; those of the disk.
func (r *Result) View(ctx context.Context, spec Spec, p *Progress) (*View, error) {
	for {
		v, err := r.view(ctx, spec, p)
		var u *unordered
		if !errors.As(err, &u) {
			return v, err
		}
		if comparing(spec.Conditions, u.column) {
			return nil, &Fault{Column: u.column, Reason: "the values are not in the form that Tusk reads"}
		}
		rules := append([]sortkey.Rule(nil), spec.Rules...)
		rules[u.column] = sortkey.ByBytes()
		spec.Rules = rules
	}
}

func comparing(conditions []Condition, column int) bool {
	for _, c := range conditions {
		if c.Column == column && c.Op != Contains && c.Op != Matches && c.Op != IsNull && c.Op != NotNull {
			return true
		}
	}
	return false
}

func (r *Result) view(ctx context.Context, spec Spec, p *Progress) (*View, error) {
	upto := r.Rows()
	if upto > math.MaxUint32 {
		return nil, ErrTooMany
	}
	v := &View{of: r, spec: spec, upto: upto}
	o := &orderWriter{dir: r.dir}
	var err error
	if len(spec.Sort) == 0 {
		err = r.filter(ctx, spec, upto, p, o)
	} else {
		err = r.sort(ctx, spec, upto, p, o)
	}
	if err != nil {
		o.discard()
		return nil, err
	}
	if err := o.close(v); err != nil {
		return nil, err
	}
	r.dir.mu.Lock()
	r.dir.views[v] = struct{}{}
	r.dir.mu.Unlock()
	return v, nil
}

// filter writes the rows that are wanted as they stand.
func (r *Result) filter(ctx context.Context, spec Spec, upto int64, p *Progress, o *orderWriter) error {
	set, err := r.matching(ctx, spec, upto, p)
	if err != nil {
		return err
	}
	for i := range set {
		for w := set[i]; w != 0; w &= w - 1 {
			if err := o.put(uint32(i*64 + bits.TrailingZeros64(w))); err != nil {
				return err
			}
		}
	}
	return nil
}

// bitmap has a bit for each row.
type bitmap []uint64

func (b bitmap) set(row int64) { atomic.OrUint64(&b[row/64], 1<<(row%64)) }

func (b bitmap) has(row int64) bool { return b[row/64]>>(row%64)&1 == 1 }

// matching finds the rows that fulfil all that is asked.
func (r *Result) matching(ctx context.Context, spec Spec, upto int64, p *Progress) (bitmap, error) {
	set := make(bitmap, (upto+63)/64)
	p.expect(upto)
	err := r.look(ctx, spec, upto, p, func(_ int, rec *record) error {
		set.set(rec.row)
		return nil
	})
	return set, err
}

// stopEvery is how many rows are looked at between two looks at whether to stop.
const stopEvery = 256

// look calls fn for each row that fulfils all that is asked.
func (r *Result) look(ctx context.Context, spec Spec, upto int64, p *Progress, fn func(worker int, rec *record) error) error {
	n := scanWorkers()
	matchers, records := make([]*matcher, n), make([]record, n)
	for i := range matchers {
		m, err := newMatcher(len(r.columns), spec.Rules, spec.Conditions, spec.Search)
		if err != nil {
			return err
		}
		matchers[i] = m
	}
	return r.scan(ctx, upto, p, func(worker int, c chunk) error {
		m, rec := matchers[worker], &records[worker]
		if m.search != nil && m.search.plain() && c.data != nil {
			return m.search.hits(r, c, rec, func(rec *record) error {
				if ok, err := m.conditions(rec); !ok || err != nil {
					return err
				}
				return fn(worker, rec)
			})
		}
		return r.eachRow(c, rec, func(rec *record) error {
			if rec.row%stopEvery == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if ok, err := m.row(rec); !ok || err != nil {
				return err
			}
			return fn(worker, rec)
		})
	})
}

// manyRows are so many that sorting them takes much longer than collecting what it leaves.
const manyRows = 1_000_000

// sort writes the rows that are wanted in the order that is wanted.
func (r *Result) sort(ctx context.Context, spec Spec, upto int64, p *Progress, o *orderWriter) error {
	if upto > manyRows {
		defer debug.FreeOSMemory() // what the buffers took is not kept until the collector comes by
	}
	s := newSorter(r, spec)
	defer s.discard()
	p.expect(2 * upto)
	n := scanWorkers()
	buffers, encoders, keys := make([]*buffer, n), make([][]*sortkey.Encoder, n), make([][]byte, n)
	for i := range n {
		buffers[i], encoders[i] = s.buffer(upto), spec.encoders()
	}
	err := r.look(ctx, spec, upto, p, func(worker int, rec *record) error {
		key, cut, err := spec.key(rec, encoders[worker], keys[worker][:0])
		keys[worker] = key
		if err != nil {
			return err
		}
		return buffers[worker].add(key, uint32(rec.row), cut)
	})
	if err != nil {
		return err
	}
	for _, b := range buffers {
		if err := b.done(); err != nil {
			return err
		}
	}
	return s.merge(ctx, p, func(k *keyed) error { return o.put(k.row) })
}

func newSorter(r *Result, spec Spec) *sorter {
	s := &sorter{dir: r.dir, limits: r.dir.limits}
	s.tie = func(a, b uint32) (int, error) { return r.compareRows(spec, int64(a), int64(b)) }
	return s
}

func (spec Spec) encoders() []*sortkey.Encoder {
	list := make([]*sortkey.Encoder, len(spec.Sort))
	for i, c := range spec.Sort {
		list[i] = spec.Rules[c.Column].Encoder()
	}
	return list
}

// key makes the key of a row. cut says that a text was too long for it: rows with the same such key have to be compared.
func (spec Spec) key(rec *record, encoders []*sortkey.Encoder, dst []byte) (key []byte, cut bool, err error) {
	for i, c := range spec.Sort {
		if dst, cut, err = spec.columnKey(rec, c, encoders[i], dst); cut || err != nil {
			return dst, cut, err
		}
	}
	return dst, false, nil
}

func (spec Spec) columnKey(rec *record, c SortColumn, e *sortkey.Encoder, dst []byte) (key []byte, cut bool, err error) {
	v, whole, err := rec.cell(c.Column)
	if err != nil {
		return dst, false, err
	}
	if v == nil {
		if c.NullsFirst {
			return append(dst, 0), false, nil
		}
		return append(dst, 0xff), false, nil
	}
	from := len(dst)
	if len(v) > keyMax && spec.Rules[c.Column].Cuttable() {
		v, whole = v[:cutPoint(v, keyMax)], false
	}
	dst, ok := keyOf(e, dst, v, whole)
	if !ok {
		return dst, false, &unordered{c.Column}
	}
	if c.Descending {
		sortkey.Invert(dst[from:])
	}
	return dst, !whole, nil
}

// compareRows compares two rows in full, column by column. Beyond the beginning that has a key, text is compared by bytes.
func (r *Result) compareRows(spec Spec, a, b int64) (int, error) {
	var x, y record
	if err := errors.Join(x.find(r, a), y.find(r, b)); err != nil {
		return 0, err
	}
	encoders := spec.encoders()
	for i, c := range spec.Sort {
		k, cutK, err1 := spec.columnKey(&x, c, encoders[i], nil)
		l, cutL, err2 := spec.columnKey(&y, c, encoders[i], nil)
		if err := errors.Join(err1, err2); err != nil {
			return 0, err
		}
		order := bytes.Compare(k, l)
		if order == 0 && cutK && cutL {
			var err error
			if order, err = compareCells(&x, &y, c.Column); err != nil {
				return 0, err
			}
			if c.Descending {
				order = -order
			}
		}
		if order != 0 {
			return order, nil
		}
	}
	return 0, nil
}

func compareCells(a, b *record, column int) (int, error) {
	x, err1 := a.open(column)
	y, err2 := b.open(column)
	if err := errors.Join(err1, err2); err != nil {
		return 0, err
	}
	p, q := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, err1 := io.ReadFull(x, p)
		m, err2 := io.ReadFull(y, q)
		for _, err := range []error{err1, err2} {
			if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
				return 0, err
			}
		}
		if c := bytes.Compare(p[:n], q[:m]); c != 0 || n < len(p) || m < len(q) {
			return c, nil
		}
	}
}

// orderMemory is how many rows of an order are kept in memory before they go to a file.
const orderMemory = 16 << 10

// orderWriter takes down the rows of a view.
type orderWriter struct {
	dir  *Dir
	mem  []uint32
	f    *os.File
	w    *bufio.Writer
	rows int64
	buf  [4]byte
}

func (o *orderWriter) put(row uint32) error {
	o.rows++
	if o.w == nil {
		if o.mem = append(o.mem, row); len(o.mem) < orderMemory {
			return nil
		}
		f, err := o.dir.create("order")
		if err != nil {
			return fmt.Errorf("create order file: %w", err)
		}
		o.f, o.w = f, bufio.NewWriterSize(f, runBuffer)
		for _, row := range o.mem {
			if err := o.write(row); err != nil {
				return err
			}
		}
		o.mem = nil
		return nil
	}
	return o.write(row)
}

func (o *orderWriter) write(row uint32) error {
	binary.LittleEndian.PutUint32(o.buf[:], row)
	if _, err := o.w.Write(o.buf[:]); err != nil {
		return fmt.Errorf("write order file: %w", err)
	}
	return nil
}

func (o *orderWriter) close(v *View) error {
	v.rows, v.mem = o.rows, o.mem
	if o.w == nil {
		return nil
	}
	if err := o.w.Flush(); err != nil {
		o.discard()
		return fmt.Errorf("write order file: %w", err)
	}
	v.file = o.f
	return nil
}

func (o *orderWriter) discard() {
	if o.f != nil {
		_ = o.f.Close()
		_ = os.Remove(o.f.Name())
	}
}
