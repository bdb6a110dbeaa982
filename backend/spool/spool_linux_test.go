package spool_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"desktop.tusk/backend/spool"
)

func TestManyResultsTakeNoDescriptors(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	fds := func() int {
		list, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := fds()
	row := dataRow(bytes.Repeat([]byte("x"), 1000))
	var all []*spool.Result
	for range 300 {
		r := dir.NewResult(columns(1))
		tap := spool.NewTap(bytes.NewReader(bytes.Repeat(row, 100)))
		tap.Begin(r, 1)
		if _, err := io.ReadAll(tap); err != nil {
			t.Fatal(err)
		}
		r.Finish()
		all = append(all, r)
	}
	if n := fds() - before; n > 100 { // other tests run beside this one
		t.Errorf("300 results hold %d descriptors", n)
	}
	for _, r := range all {
		if p, err := r.Page(99, 1); err != nil || len(p.Rows) != 1 {
			t.Fatalf("a finished result: %d rows, %v", len(p.Rows), err)
		}
	}
}
