package spool_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"desktop.tusk/backend/spool"
)

// message frames a protocol message.
func message(kind byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(4+len(body))), body...)
}

// dataRow frames a row; nil is NULL.
func dataRow(cells ...[]byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(len(cells)))
	for _, c := range cells {
		if c == nil {
			b = binary.BigEndian.AppendUint32(b, 0xffffffff)
			continue
		}
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(c))), c...)
	}
	return message('D', b)
}

func newDir(t testing.TB) *spool.Dir {
	t.Helper()
	d, err := spool.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func columns(n int) []spool.Column {
	cols := make([]spool.Column, n)
	for i := range cols {
		cols[i] = spool.Column{Name: fmt.Sprintf("c%d", i), Type: "text", Class: "text"}
	}
	return cols
}

// fill sends stream through a tap into a new result and returns what was passed on.
func fill(t testing.TB, stream io.Reader, cols int) (*spool.Result, []byte, int64) {
	t.Helper()
	tap := spool.NewTap(stream)
	res := newDir(t).NewResult(columns(cols))
	tap.Begin(res, cols)
	passed, err := io.ReadAll(tap)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tap.End()
	if err != nil {
		t.Fatal(err)
	}
	res.Finish()
	return res, passed, rows
}

func TestTapDivertsRowsAndPassesTheRest(t *testing.T) {
	t.Parallel()
	var in, want bytes.Buffer
	pass := func(m []byte) { in.Write(m); want.Write(m) }
	pass(message('T', make([]byte, 20)))
	in.Write(dataRow([]byte("1"), nil))
	pass(message('N', []byte("a notice in the middle\x00")))
	in.Write(dataRow([]byte(""), []byte("two")))
	in.Write(dataRow([]byte("3"), bytes.Repeat([]byte("x"), 700_000)))
	pass(message('S', bytes.Repeat([]byte("p"), 300_000)))
	pass(message('C', []byte("SELECT 3\x00")))
	pass(message('Z', []byte("I")))
	for name, r := range map[string]io.Reader{
		"whole":        bytes.NewReader(in.Bytes()),
		"byte by byte": iotest.OneByteReader(bytes.NewReader(in.Bytes())),
		"halves":       iotest.HalfReader(bytes.NewReader(in.Bytes())),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, passed, rows := fill(t, r, 2)
			if !bytes.Equal(passed, want.Bytes()) {
				t.Errorf("passed on %d bytes, want %d", len(passed), want.Len())
			}
			if rows != 3 || res.Rows() != 3 {
				t.Errorf("rows %d, committed %d", rows, res.Rows())
			}
			p, err := res.Page(0, 10)
			if err != nil {
				t.Fatal(err)
			}
			if p.Rows[0][1] != nil || *p.Rows[1][0] != "" || *p.Rows[1][1] != "two" {
				t.Errorf("cells: %v", p.Rows)
			}
			if len(p.Cut) != 1 || p.Cut[0] != (spool.Cut{Row: 2, Column: 1, Length: 700_000}) {
				t.Errorf("cut: %v", p.Cut)
			}
		})
	}
}

func TestTapMakesRowsOfCopyData(t *testing.T) {
	t.Parallel()
	var in bytes.Buffer
	in.Write(message('H', []byte{0, 0, 1, 0, 0}))
	in.Write(message('d', []byte("a\tb\n")))
	in.Write(message('d', []byte("\n")))
	in.Write(message('d', bytes.Repeat([]byte("y"), 400_000)))
	in.Write(message('c', nil))
	in.Write(message('C', []byte("COPY 3\x00")))
	tap := spool.NewTap(iotest.HalfReader(&in))
	dir := newDir(t)
	var res *spool.Result
	tap.Watch(spool.Hooks{CopyOut: func(binary bool) {
		if binary {
			t.Error("text taken for binary")
		}
		res = dir.NewResult(columns(1))
		tap.Begin(res, 1)
	}})
	passed, err := io.ReadAll(tap)
	if err != nil {
		t.Fatal(err)
	}
	if rows, _ := tap.End(); rows != 3 {
		t.Errorf("rows: %d", rows)
	}
	if n := bytes.Count(passed, []byte("COPY 3")); n != 1 || bytes.Contains(passed, []byte("a\tb")) {
		t.Errorf("passed on %q", passed)
	}
	var got []string
	if err := res.Each(0, 3, func(_ int64, cells [][]byte) error {
		got = append(got, string(cells[0]))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got[0] != "a\tb" || got[1] != "" || len(got[2]) != 399_999 {
		t.Errorf("rows: %q %q %d", got[0], got[1], len(got[2]))
	}
}

func TestWindowsOfManyRows(t *testing.T) {
	t.Parallel()
	const n = 50_000
	var in bytes.Buffer
	text := func(i int) string { return fmt.Sprintf("row %d %s", i, strings.Repeat("é", i%40)) }
	for i := range n {
		in.Write(dataRow([]byte(fmt.Sprint(i)), []byte(text(i)), nil))
	}
	res, _, _ := fill(t, &in, 3)
	for range 300 {
		from := rand.IntN(n + 10)
		p, err := res.Page(from, 1+rand.IntN(300))
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range p.Rows {
			if *r[0] != fmt.Sprint(from+i) || *r[1] != text(from+i) || r[2] != nil {
				t.Fatalf("row %d is %q %q", from+i, *r[0], *r[1])
			}
		}
		if from < n && len(p.Rows) == 0 {
			t.Fatalf("no rows from %d", from)
		}
	}
	if p, err := res.Page(n-1, 200); err != nil || len(p.Rows) != 1 || !p.Complete || p.Total != n {
		t.Errorf("last page: %d rows, %v", len(p.Rows), err)
	}
}

func TestCellInParts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("aé漢🐘", 100_000)
	in := bytes.NewBuffer(dataRow([]byte("x"), []byte(long), nil, []byte{0xff, 'a', 0xfe}))
	res, _, _ := fill(t, in, 4)
	var got strings.Builder
	for from := 0; ; {
		part, err := res.Cell(0, 1, from, 65_536)
		if err != nil {
			t.Fatal(err)
		}
		if part.Length != len(long) || part.Invalid {
			t.Fatalf("length %d, invalid %v", part.Length, part.Invalid)
		}
		got.WriteString(part.Text)
		if part.Next == part.Length {
			break
		}
		from = part.Next
	}
	if got.String() != long {
		t.Error("the parts do not make the whole")
	}
	if c, err := res.Cell(0, 2, 0, 10); err != nil || !c.Null {
		t.Errorf("NULL: %+v %v", c, err)
	}
	if c, err := res.Cell(0, 3, 0, 10); err != nil || c.Text != `\xFFa\xFE` || !c.Invalid {
		t.Errorf("bytes: %+v %v", c, err)
	}
	for _, bad := range [][2]int{{0, 4}, {1, 0}, {-1, 0}, {0, -1}} {
		if _, err := res.Cell(int64(bad[0]), bad[1], 0, 10); err == nil {
			t.Errorf("cell %v gives no error", bad)
		}
	}
}

func TestPageDoesNotSplitCharacters(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		in := bytes.NewBuffer(dataRow([]byte(strings.Repeat("x", shift) + strings.Repeat("🐘", 1000))))
		res, _, _ := fill(t, in, 1)
		p, err := res.Page(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(*p.Rows[0][0], "\ufffd\\") {
			t.Errorf("shift %d: a character was split", shift)
		}
	}
}

func TestReleasedResult(t *testing.T) {
	t.Parallel()
	in := bytes.NewBuffer(nil)
	for range 10_000 {
		in.Write(dataRow([]byte("some text that makes a file of it")))
	}
	root := t.TempDir()
	dir, err := spool.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	res := dir.NewResult(columns(1))
	tap := spool.NewTap(in)
	tap.Begin(res, 1)
	if _, err := io.ReadAll(tap); err != nil {
		t.Fatal(err)
	}
	if n, bytes := dir.Usage(); n != 1 || bytes == 0 {
		t.Errorf("usage %d results, %d bytes", n, bytes)
	}
	res.Release()
	res.Release()
	if _, err := res.Page(0, 1); !errors.Is(err, os.ErrClosed) {
		t.Errorf("reading a released result: %v", err)
	}
	if n, bytes := dir.Usage(); n != 0 || bytes != 0 {
		t.Errorf("usage after release: %d results, %d bytes", n, bytes)
	}
	if err := dir.Close(); err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(root); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestSweepRemovesOnlyWhatTheDeadLeft(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	if err := os.Mkdir(root+"/dead", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(root+"/dead/1.rows", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	one, err := spool.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = one.Close() }()
	two, err := spool.OpenDir(root)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = two.Close() }()
	if _, err := os.Stat(root + "/dead"); !os.IsNotExist(err) {
		t.Error("what a dead process left is still there")
	}
	if _, err := os.Stat(one.Path()); err != nil {
		t.Error("a living process lost its directory:", err)
	}
	if fi, err := os.Stat(two.Path()); err != nil || fi.Mode().Perm() != 0o700 {
		t.Errorf("mode of the directory: %v %v", fi.Mode(), err)
	}
}

// failing refuses everything after the first n bytes.
type failing struct{ n, seen int }

func (f *failing) Write(p []byte, _ []spool.Mark) error {
	if f.seen += len(p); f.seen > f.n {
		return errors.New("disk full")
	}
	return nil
}
func (f *failing) Commit(int64, int64) {}

func TestSinkThatFails(t *testing.T) {
	t.Parallel()
	in := bytes.NewBuffer(nil)
	for range 20_000 {
		in.Write(dataRow(bytes.Repeat([]byte("x"), 100)))
	}
	in.Write(message('C', []byte("SELECT 20000\x00")))
	tap := spool.NewTap(in)
	told := 0
	tap.Watch(spool.Hooks{SinkFailed: func(error) { told++ }})
	tap.Begin(&failing{n: 500_000}, 1)
	passed, err := io.ReadAll(tap)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := tap.End()
	if err == nil || rows != 20_000 || told != 1 {
		t.Errorf("rows %d, err %v, told %d times", rows, err, told)
	}
	if !bytes.Contains(passed, []byte("SELECT 20000")) {
		t.Error("the command tag was lost")
	}
}

// FuzzTap: whatever the bytes, rows and the rest together are all that came in, and reading the rows never panics.
func FuzzTap(f *testing.F) {
	f.Add(append(dataRow([]byte("a"), nil), message('C', []byte("SELECT 1\x00"))...), uint8(3))
	f.Add([]byte{'D', 0, 0, 0, 0, 'd', 0xff, 0xff, 0xff, 0xff}, uint8(1))
	f.Add(message('d', []byte("line\n")), uint8(7))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) {
		dir, err := spool.OpenDir(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = dir.Close() }()
		res := dir.NewResult(columns(2))
		tap := spool.NewTap(&steps{in, int(step)%16 + 1})
		tap.Begin(res, 2)
		passed, err := io.ReadAll(tap)
		if err != nil && !errors.Is(err, spool.ErrBroken) {
			t.Fatal(err)
		}
		if len(passed) > len(in) {
			t.Errorf("passed on %d bytes of %d", len(passed), len(in))
		}
		p, err := res.Page(0, 50)
		if err != nil || len(p.Rows) != min(50, int(res.Rows())) {
			t.Errorf("%d rows of %d, %v", len(p.Rows), res.Rows(), err)
		}
		for _, row := range p.Rows {
			if len(row) != 2 {
				t.Errorf("a row of %d cells", len(row))
			}
		}
	})
}

// TestBrokenRows has rows that do not fit their description or themselves, in pieces of every size. Those before them
// stay.
func TestBrokenRows(t *testing.T) {
	t.Parallel()
	row := func(length uint32, columns uint16, rest ...byte) []byte {
		b := binary.BigEndian.AppendUint32([]byte{'D'}, length)
		return append(binary.BigEndian.AppendUint16(b, columns), rest...)
	}
	for name, bad := range map[string][]byte{
		"too few columns":       row(11, 1, 0, 0, 0, 1, 'x'),
		"too many columns":      row(24, 3, 0, 0, 0, 1, 'x', 0, 0, 0, 1, 'x', 0, 0, 0, 1, 'x'),
		"a cell below NULL":     row(14, 2, 0xff, 0xff, 0xff, 0xfe, 0, 0, 0, 0),
		"a cell beyond the row": row(15, 2, 0, 0, 0, 9, 'x', 0, 0, 0, 0),
		"bytes behind the last": row(16, 2, 0, 0, 0, 0, 0, 0, 0, 0, 'x', 'x'),
		"a length cut short":    row(12, 2, 0, 0, 0, 0, 0, 0),
		"no room for a count":   {'D', 0, 0, 0, 5, 0},
		"a length of three":     {'D', 0, 0, 0, 3, 0, 0, 0, 0},
		"a length below zero":   {'D', 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0},
		"two gigabytes":         row(1<<31-1, 2, 0, 0, 0, 0),
		"COPY below zero":       {'d', 0x80, 0, 0, 0, 0, 0, 0, 0},
		"COPY in between":       message('d', []byte("line\n")),
	} {
		for step := 1; step < 20; step++ {
			in := append(dataRow([]byte("good"), nil), bad...)
			tap := spool.NewTap(&steps{in, step})
			res := newDir(t).NewResult(columns(2))
			tap.Begin(res, 2)
			if _, err := io.ReadAll(tap); !errors.Is(err, spool.ErrBroken) {
				t.Errorf("%s, %d at a time: %v", name, step, err)
			}
			if n, _ := tap.End(); n != 1 {
				t.Errorf("%s, %d at a time: %d rows", name, step, n)
			}
			if p, err := res.Page(0, 10); err != nil || len(p.Rows) != 1 || *p.Rows[0][0] != "good" || p.Rows[0][1] != nil {
				t.Errorf("%s, %d at a time: %v, %v", name, step, p.Rows, err)
			}
		}
	}
}

// steps reads a few bytes at a time.
type steps struct {
	b []byte
	n int
}

func (s *steps) Read(p []byte) (int, error) {
	if len(s.b) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.b[:min(s.n, len(s.b))])
	s.b = s.b[n:]
	return n, nil
}

func TestSmallResultsStayInMemoryWithinABudget(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	row := dataRow(bytes.Repeat([]byte("x"), 60_000))
	for range 400 { // 24 MB in all
		r := dir.NewResult(columns(1))
		tap := spool.NewTap(bytes.NewReader(row))
		tap.Begin(r, 1)
		if _, err := io.ReadAll(tap); err != nil {
			t.Fatal(err)
		}
		r.Finish()
		if p, err := r.Page(0, 1); err != nil || len(p.Rows) != 1 {
			t.Fatal(err)
		}
	}
	if _, bytes := dir.Usage(); bytes < 6<<20 || bytes > 20<<20 {
		t.Errorf("%d bytes on disk of 24 MB", bytes)
	}
}
