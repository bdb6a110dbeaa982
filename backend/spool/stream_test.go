package spool_test

import (
	"errors"
	"slices"
	"testing"

	"desktop.tusk/backend/spool"
)

// FuzzStream feeds rows in odd pieces: what comes out is what went in, and damage is an error.
func FuzzStream(f *testing.F) {
	f.Add([]byte("abc"), []byte{}, uint8(3), uint16(7))
	f.Add([]byte{}, []byte("\x00\xff"), uint8(1), uint16(1))
	f.Add(make([]byte, 70_000), []byte("x"), uint8(5), uint16(8191))
	f.Fuzz(func(t *testing.T, a, b []byte, rows uint8, chunk uint16) {
		want := [][]byte{slices.Concat([]byte{}, a), nil, slices.Concat([]byte{}, b)}
		var all []byte
		for range rows {
			all = append(all, dataRow(want...)...)
		}
		got := 0
		s := spool.NewStream(func(cells [][]byte) error {
			if got++; !slices.EqualFunc(cells, want, func(x, y []byte) bool { return slices.Equal(x, y) && (x == nil) == (y == nil) }) {
				t.Fatalf("row %d is %q", got, cells)
			}
			return nil
		})
		for rest := all; len(rest) > 0; {
			n := min(int(chunk)+1, len(rest))
			if err := s.Write(slices.Clone(rest[:n]), nil); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if got != int(rows) {
			t.Fatalf("%d rows of %d", got, rows)
		}
		// Anything else may be refused, and nothing more.
		junk := spool.NewStream(func([][]byte) error { return nil })
		if err := junk.Write(a, nil); err == nil {
			_ = junk.Write(b, nil)
		}
	})
}

func TestStreamDamage(t *testing.T) {
	t.Parallel()
	stop := errors.New("enough")
	for name, p := range map[string][]byte{
		"no length": {'D', 0, 0, 0, 0, 0, 0}, "no count": {'D', 0, 0, 0, 4}, "cut off": {'D', 0, 0, 0, 6, 0, 1},
		"too long a cell": {'D', 0, 0, 0, 11, 0, 1, 0, 0, 0, 9, 'x'},
	} {
		if err := spool.NewStream(func([][]byte) error { return nil }).Write(p, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := spool.NewStream(func([][]byte) error { return stop }).Write(dataRow([]byte("x")), nil); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}
