package spool

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"sync"

	"desktop.tusk/backend/sortkey"
)

// View is some of a result's rows in an order. It reads as a Result does, with its own row numbers; the rows themselves
// stay where they are, and go with the result. Reading is safe from any goroutine.
type View struct {
	of   *Result
	spec Spec
	upto int64 // the result had so many rows
	rows int64

	mu       sync.RWMutex // guards the fields below; held while reading
	mem      []uint32     // or
	file     *os.File
	holds    int
	unwanted bool
	released bool
}

// Columns describes the columns.
func (v *View) Columns() []Column { return v.of.columns }

// Rows tells how many rows there are.
func (v *View) Rows() int64 { return v.rows }

// Of tells how many rows the result had when the view was made.
func (v *View) Of() int64 { return v.upto }

// Complete is true: a view does not grow.
func (v *View) Complete() bool { return true }

// Grown gives a channel for those who wait for rows; there will be none.
func (v *View) Grown() <-chan struct{} { return v.of.Grown() }

// Rules are those that the rows were put in order by, of all columns.
func (v *View) Rules() []sortkey.Rule { return v.spec.Rules }

// Hold keeps the rows, and the result's, over a Release until the function it gives is called. It is false when they are
// gone already.
func (v *View) Hold() (letGo func(), ok bool) {
	below, ok := v.of.Hold()
	if !ok {
		return nil, false
	}
	v.mu.Lock()
	if v.released {
		v.mu.Unlock()
		below()
		return nil, false
	}
	v.holds++
	v.mu.Unlock()
	return func() {
		v.mu.Lock()
		v.holds--
		last := v.unwanted && v.holds == 0
		v.mu.Unlock()
		if last {
			v.Release()
		}
		below()
	}, true
}

// Release removes the order, or has the last who holds it do it. The result's rows are left alone.
func (v *View) Release() {
	v.mu.Lock()
	v.unwanted = true
	held := v.holds > 0
	v.mu.Unlock()
	if held {
		return
	}
	v.of.dir.mu.Lock()
	delete(v.of.dir.views, v)
	v.of.dir.mu.Unlock()
	v.mu.Lock()
	defer v.mu.Unlock()
	v.released, v.mem = true, nil
	if v.file != nil {
		_ = v.file.Close()
		_ = os.Remove(v.file.Name())
		v.file = nil
	}
}

// onDisk is how many bytes the order takes.
func (v *View) onDisk() int64 {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.file == nil {
		return 0
	}
	return 4 * v.rows
}

// rowsAt gives the numbers in the result of n rows from row from on.
func (v *View) rowsAt(from, n int64) ([]int64, error) {
	n = min(n, v.rows-from)
	if n <= 0 || from < 0 {
		return nil, nil
	}
	list := make([]int64, n)
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.released {
		return nil, errReleased
	}
	if v.file == nil {
		for i := range list {
			list[i] = int64(v.mem[from+int64(i)])
		}
		return list, nil
	}
	b := make([]byte, 4*n)
	if _, err := v.file.ReadAt(b, 4*from); err != nil {
		return nil, fmt.Errorf("read order: %w", err)
	}
	for i := range list {
		list[i] = int64(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return list, nil
}

// Row gives the number in the result of a row.
func (v *View) Row(row int64) (int64, error) {
	list, err := v.rowsAt(row, 1)
	if err != nil || len(list) == 0 {
		return -1, err
	}
	return list[0], nil
}

// Page is as Result.Page.
func (v *View) Page(from, n int) (Page, error) {
	list, err := v.rowsAt(int64(from), int64(min(n, MaxPageRows)))
	if err != nil {
		return Page{}, err
	}
	p, err := v.of.page(from, list)
	p.Total, p.Complete = int(v.rows), true
	return p, err
}

// Cell is as Result.Cell.
func (v *View) Cell(row int64, column, from, count int) (CellPart, error) {
	at, err := v.Row(row)
	if err != nil {
		return CellPart{}, err
	}
	return v.of.Cell(at, column, from, count)
}

// Each is as Result.Each.
func (v *View) Each(from, to int64, fn func(row int64, cells [][]byte) error) error {
	return v.EachWithin(context.Background(), math.MaxInt, from, to, fn)
}

// EachWithin is as Result.EachWithin.
func (v *View) EachWithin(ctx context.Context, most int, from, to int64, fn func(row int64, cells [][]byte) error) error {
	whole, letGo := wholeRows(most, fn)
	defer letGo()
	var g *gatherer
	defer func() {
		if g != nil {
			g.done()
		}
	}()
	for n := int64(0); from < to; from += n {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		n = eachBatch
		if g == nil && len(v.spec.Sort) > 0 {
			g = v.of.gatherer(to-from, most, fn)
		}
		if g != nil {
			n = g.rows
		}
		list, err := v.rowsAt(from, min(n, to-from))
		if err != nil {
			return err
		}
		if g == nil {
			err = v.of.walkList(from, list, whole)
		} else if err = g.read(ctx, list); err == nil {
			err = g.each(from, list, whole)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
