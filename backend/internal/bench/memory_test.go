//go:build bench && linux

package bench

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"desktop.tusk/backend/session"
	"desktop.tusk/backend/transfer"
)

// TestMemory receives results of many shapes, and prints by how much the process grows at most: the index of ten million
// rows is 1.25 MB, and a field of any size passes through.
func TestMemory(t *testing.T) {
	b := newBed(t)
	wide := make([]string, 1664)
	for i := range wide {
		wide[i] = fmt.Sprintf("g + %d as c%d", i, i)
	}
	fmt.Println("| memory of the process that receives | rows | most growth (RSS) | target |")
	fmt.Println("|---|---|---|---|")
	for _, c := range []struct {
		name, sql, target string
	}{
		{"1 M rows of one column", "select generate_series(1, 1000000)", ""},
		{"10 M rows of one column", "select generate_series(1, 10000000)", "≤ 10 MB more than 1 M"},
		{"50 M rows of one column", "select generate_series(1, 50000000)", ""},
		{"1,664 columns", "select " + strings.Join(wide, ", ") + " from generate_series(1, 5000) g", ""},
		{"fields of 50 kB", "select repeat('x', 50000) from generate_series(1, 20000)", ""},
		{"a field of 255 MB", "select repeat('x', 255 * 1024 * 1024)", "≤ 5 MB"},
	} {
		s := b.session()
		debug.FreeOSMemory()
		before := rss(t)
		if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the most so far begins anew
			t.Fatal(err)
		}
		run := b.run(s, c.sql)
		r := run.Result(run.FirstResult())
		if _, err := r.Page(int(r.Rows())-1, 1); err != nil {
			t.Fatal(err)
		}
		fmt.Printf("| %s | %d | %.1f MB | %s |\n", c.name, r.Rows(), most(t)-before, c.target)
		s.Close()
	}
}

// exported writes a fetched result as CSV, as the window does.
func (b *bed) exported(s *session.Session, run *session.Run, path string) {
	r := run.Result(run.FirstResult())
	f, err := os.Create(path)
	if err != nil {
		b.t.Fatal(err)
	}
	format, _ := transfer.Find("csv")
	enc, flush := format.NewEncoder(f, transfer.Options{})
	for _, step := range []func() error{
		func() error { return enc.Begin(r.Columns()) },
		func() error {
			return r.Each(0, r.Rows(), func(_ int64, cells [][]byte) error { return enc.Row(cells) })
		},
		enc.End, flush, f.Close,
	} {
		if err := step(); err != nil {
			b.t.Fatal(err)
		}
	}
}

// rss is what the process has in RAM, and most what it had at most since clear_refs, in MB.
func rss(t *testing.T) float64  { return status(t, "VmRSS:") }
func most(t *testing.T) float64 { return status(t, "VmHWM:") }

func status(t *testing.T, name string) float64 {
	t.Helper()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for lines := bufio.NewReader(f); ; {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			t.Fatal("no " + name)
		}
		var kb float64
		if rest, ok := strings.CutPrefix(line, name); ok {
			if _, err := fmt.Sscanf(rest, "%f kB", &kb); err != nil {
				t.Fatal(err)
			}
			return kb / 1024
		}
	}
}
