//go:build !race

// The race detector takes several times the memory.

package spool_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// workMemory is what working on a result may take beyond what the process takes anyway, however many rows there are.
const workMemory = 80 << 20

// TestWorkTakesBoundedMemory sorts, filters, finds and sums up a million rows, or TUSK_ROWS of them, in a process of its
// own that may take 200 MiB, and looks at the most it took.
func TestWorkTakesBoundedMemory(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestWorkInAProcess$", "-test.v")
	cmd.Env = append(os.Environ(), "GOMEMLIMIT=200MiB", "TUSK_WORK=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "summary") {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// TestWorkInAProcess is the other process.
func TestWorkInAProcess(t *testing.T) {
	if os.Getenv("TUSK_WORK") == "" {
		return // TestWorkTakesBoundedMemory runs it
	}
	rows := 1_000_000
	if n, err := strconv.Atoi(os.Getenv("TUSK_ROWS")); err == nil {
		rows = n
	}
	begin := time.Now()
	types := []uint32{20, 1700, 25, 1184, 23, 25}
	cols := columns(len(types))
	rules := make([]sortkey.Rule, len(types))
	for i, oid := range types {
		cols[i].TypeOID = oid
		rules[i] = sortkey.For(sortkey.Column{OID: oid, Collation: "C"})
	}
	r := newDir(t).NewResult(cols)
	in, out := io.Pipe()
	go func() { _ = out.CloseWithError(manyRows(out, rows)) }()
	tap := spool.NewTap(in)
	tap.Begin(r, len(cols))
	if _, err := io.ReadAll(tap); err != nil {
		t.Fatal(err)
	}
	r.Finish()
	if r.Rows() != int64(rows) {
		t.Fatalf("%d rows", r.Rows())
	}
	t.Logf("%-40s %6d ms, %d MB in the file", "filled", time.Since(begin).Milliseconds(), r.Bytes()>>20)
	debug.FreeOSMemory()
	before := status(t, "VmRSS")
	ctx := context.Background()
	view := func(name string, spec spool.Spec) *spool.View {
		t.Helper()
		begin := time.Now()
		spec.Rules = rules
		v, err := r.View(ctx, spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-40s %6d ms, %d rows", name, time.Since(begin).Milliseconds(), v.Rows())
		return v
	}
	check := func(v *spool.View, column int, less func(a, b string) bool) {
		t.Helper()
		last, step := "", max(1, v.Rows()/500)
		for at := int64(0); at < v.Rows(); at += step {
			p, err := v.Page(int(at), 1)
			if err != nil {
				t.Fatal(err)
			}
			if s := *p.Rows[0][column]; at > 0 && less(s, last) {
				t.Fatalf("row %d has %s behind %s", at, s, last)
			} else {
				last = s
			}
		}
	}
	v := view("sorted by int8", spool.Spec{Sort: []spool.SortColumn{{Column: 0}}})
	check(v, 0, func(a, b string) bool { x, _ := strconv.Atoi(a); y, _ := strconv.Atoi(b); return x < y })
	v.Release()
	v = view("sorted by text", spool.Spec{Sort: []spool.SortColumn{{Column: 2}}})
	check(v, 2, func(a, b string) bool { return a < b })
	begin = time.Now()
	last, read := "", 0
	if err := v.Each(0, v.Rows(), func(_ int64, cells [][]byte) error {
		if read++; string(cells[2]) < last {
			return fmt.Errorf("%s behind %s", cells[2], last)
		}
		last = string(cells[2])
		return nil
	}); err != nil || read != rows {
		t.Fatal(read, err)
	}
	t.Logf("%-40s %6d ms", "read in that order", time.Since(begin).Milliseconds())
	v.Release()
	view("sorted by numeric", spool.Spec{Sort: []spool.SortColumn{{Column: 1}}}).Release()
	v = view("sorted by int4 and timestamp descending", spool.Spec{Sort: []spool.SortColumn{{Column: 4}, {Column: 3, Descending: true}}})
	v2 := view("filtered by a number", spool.Spec{Conditions: []spool.Condition{{Column: 4, Op: spool.Equal, Values: []string{"500"}}}})
	v3 := view("filtered by any text", spool.Spec{Search: spool.Search{Text: "ABC12"}})
	begin = time.Now()
	f, err := spool.Find(ctx, v, spool.Search{Text: "f0f0"}, &spool.Progress{})
	if err != nil || f.Rows() == 0 {
		t.Fatal(err)
	}
	t.Logf("%-40s %6d ms, %d rows", "found in the sorted rows", time.Since(begin).Milliseconds(), f.Rows())
	begin = time.Now()
	at := spool.Place{Row: -1}
	for range 200 {
		if at, err = f.Next(at.Row, at.Column, nil, false); err != nil || at.Row < 0 {
			t.Fatal(at, err)
		}
	}
	t.Logf("%-40s %6d us", "the next hit", time.Since(begin).Microseconds()/200)
	begin = time.Now()
	if f, err = spool.Find(ctx, r, spool.Search{Text: `[0-9]{7}f$`, Regexp: true}, &spool.Progress{}); err != nil {
		t.Fatal(err)
	}
	t.Logf("%-40s %6d ms, %d rows", "found by a regular expression", time.Since(begin).Milliseconds(), f.Rows())
	for _, c := range []int{1, 2} {
		begin = time.Now()
		s, err := spool.Summarize(ctx, r, c, 0, r.Rows(), rules[c], &spool.Progress{})
		if err != nil || s.Rows != int64(rows) {
			t.Fatal(err)
		}
		t.Logf("%-40s %6d ms, %d distinct", "summary of "+[]string{1: "numeric", 2: "text"}[c], time.Since(begin).Milliseconds(), s.Distinct)
	}
	group := func(name string, keys []spool.GroupKey, aggregates ...spool.Aggregate) int64 {
		begin := time.Now()
		out, info, err := r.Dir().Group(ctx, r, spool.Grouping{Rules: rules, Keys: keys, Aggregates: aggregates}, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		defer out.Release()
		t.Logf("%-40s %6d ms, %d groups", name, time.Since(begin).Milliseconds(), info.Groups)
		return info.Groups
	}
	if n := group("grouped by int4", []spool.GroupKey{{Column: 4}}, spool.Aggregate{Func: spool.Count, Column: -1}, spool.Aggregate{Func: spool.Sum, Column: 1}); n != 1001 {
		t.Errorf("%d groups", n)
	}
	if n := group("grouped by text, nearly all different", []spool.GroupKey{{Column: 2}}, spool.Aggregate{Func: spool.Average, Column: 1}, spool.Aggregate{Func: spool.Max, Column: 3}); n < int64(rows)*99/100 {
		t.Errorf("%d groups", n)
	}
	group("different texts by month", []spool.GroupKey{{Column: 3, Unit: "month"}}, spool.Aggregate{Func: spool.Distinct, Column: 2}, spool.Aggregate{Func: spool.Sum, Column: 0})
	for _, v := range []*spool.View{v, v2, v3} {
		v.Release()
	}
	peak := status(t, "VmHWM")
	t.Logf("%d MB before, %d MB at most", before>>20, peak>>20)
	if peak-before > workMemory {
		t.Errorf("the work took %d MB", (peak-before)>>20)
	}
}

// manyRows writes rows as a server sends them.
func manyRows(to io.Writer, n int) error {
	w := bufio.NewWriterSize(to, 256<<10)
	var body, cell []byte
	add := func(s []byte) { body = append(binary.BigEndian.AppendUint32(body, uint32(len(s))), s...) }
	day := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		mixed := uint64(i) * 0x9e3779b97f4a7c15
		mixed ^= mixed >> 29
		body = append(body[:0], 0, 6)
		add(strconv.AppendUint(cell[:0], mixed%uint64(n), 10))
		add(fmt.Appendf(cell[:0], "%d.%02d", mixed%1_000_003, mixed>>40%100))
		add(fmt.Appendf(cell[:0], "%016x%016x", mixed*0x2545f4914f6cdd1d, mixed))
		add(append(day.Add(time.Duration(mixed%31_000_000)*time.Second).AppendFormat(cell[:0], "2006-01-02 15:04:05"), "+00"...))
		if i%10 == 0 {
			body = binary.BigEndian.AppendUint32(body, 0xffffffff)
		} else {
			add(strconv.AppendUint(cell[:0], mixed>>20%1000, 10))
		}
		add([]byte("a text that is the same in every row, abc"))
		if _, err := w.Write(message('D', body)); err != nil {
			return err
		}
	}
	return w.Flush()
}

func status(t *testing.T, name string) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatalf("there is no %s", name)
	return 0
}
