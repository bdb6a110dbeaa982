package spool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"desktop.tusk/backend/spool"
)

// Rows in another order are read many at once, and given as they are wanted: short ones, long ones that are not held, and
// more than there is memory for. Who reads meanwhile gets the same, though there is memory for one alone.
func TestManyRowsInAnotherOrder(t *testing.T) {
	t.Parallel()
	const rows = 20_000
	rng := rand.New(rand.NewPCG(20261130, 1))
	sent := make([][]byte, rows)
	values := make([]string, rows) // by key
	for i, key := range rng.Perm(rows) {
		size := rng.IntN(60)
		switch {
		case i > 2*rows/3:
			size += 4000 // more than fits where the later rows are held
		case i%1000 == 7:
			size = 200_000
		}
		values[key] = strings.Repeat(fmt.Sprint(key), size/4)
		cell := []byte(values[key])
		if key%10 == 0 {
			values[key], cell = "", nil
		}
		sent[i] = dataRow(fmt.Appendf(nil, "%05d", key), cell)
	}
	r := rowsOf(t, newDir(t), columns(2), sent...)
	v, err := r.View(context.Background(), spool.Spec{Rules: textRules(2), Sort: []spool.SortColumn{{Column: 0}}}, &spool.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	read := func(from, to int) error {
		next := from
		err := v.Each(int64(from), int64(to), func(row int64, cells [][]byte) error {
			if row != int64(next) || string(cells[0]) != fmt.Sprintf("%05d", next) || string(cells[1]) != values[next] || (cells[1] == nil) != (next%10 == 0) {
				return fmt.Errorf("row %d is %s with %d bytes, where %d belongs", row, cells[0], len(cells[1]), next)
			}
			next++
			return nil
		})
		if err == nil && next != to {
			err = fmt.Errorf("rows end at %d of %d", next, to)
		}
		return err
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := errors.Join(read(0, rows), read(11, rows-11), read(777, 778), read(5, 600)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	var long spool.LongRow
	if err := v.EachWithin(t.Context(), 100_000, 0, rows, func(int64, [][]byte) error { return nil }); !errors.As(err, &long) || len(values[long.Row])+5 != long.Bytes {
		t.Errorf("%v", err)
	}
	if err := v.EachWithin(t.Context(), 50, 0, rows, func(_ int64, cells [][]byte) error {
		if len(bytes.Join(cells, nil)) > 50 {
			return errors.New("too long")
		}
		return nil
	}); !errors.As(err, &long) || len(values[long.Row])+5 != long.Bytes {
		t.Errorf("%v", err)
	}
	stop := errors.New("enough")
	if err := v.Each(0, rows, func(row int64, _ [][]byte) error {
		if row == 15_000 {
			return stop
		}
		return nil
	}); !errors.Is(err, stop) {
		t.Error(err)
	}
	if err := read(0, rows); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, all := range []spool.Rows{v, r} {
		if err := all.EachWithin(ctx, rows, 0, rows, func(int64, [][]byte) error { return errors.New("a row") }); !errors.Is(err, context.Canceled) {
			t.Errorf("%T: %v", all, err)
		}
	}
	v.Release()
	if err := read(0, rows); err == nil {
		t.Error("rows of a released view")
	}
}
