//go:build !race

// The race detector takes several times the memory, and makes exports of 255 MB take minutes.

package backend_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

const (
	shortURL = "TUSK_TEST_SHORT_URL"
	// shortOf is what the process may have of memory of its own, in bytes.
	shortOf = 512 << 20
)

// I2: where no more than 512 MB can be had, millions of rows and a field of 255 MB are received, sorted, found, copied and
// exported, what asks for too much says so, and a run can be cancelled meanwhile. In a process of its own, for the limit
// is the process's.
func TestI2_MemoryIsShort(t *testing.T) {
	if url := os.Getenv(shortURL); url != "" {
		short(t, url)
		return
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestI2_MemoryIsShort$", "-test.v")
	cmd.Env = append(os.Environ(), shortURL+"="+pgtest.DB(t))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out[:min(len(out), 6000)])
	}
	t.Logf("%s", regexp.MustCompile(`at most .* MB`).Find(out))
}

func short(t *testing.T, url string) {
	const rlimitData = 2 // RLIMIT_DATA: what a process may write to and shares with none
	var before syscall.Rlimit
	if err := syscall.Getrlimit(rlimitData, &before); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(rlimitData, &syscall.Rlimit{Cur: shortOf, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	a, dir := start(t), t.TempDir()
	a.connect("c", url)
	go func() {
		_, _ = a.Queries().Execute(backend.ExecuteRequest{ConnectionID: "c", SessionID: "slow", RunID: "slow", Text: "select pg_sleep(600)", Cursor: -1})
	}()
	many := a.run("c", "many", "select g, md5(g::text) as t, 1.5 * g as n from generate_series(1, 2000000) g").Statements[0].Results[0].ID
	if _, err := a.Queries().View(backend.ViewRequest{ResultID: many, ViewID: "sorted", Sort: []backend.SortBy{{Column: 1}, {Column: 0, Descending: true}}}); err != nil {
		t.Error(err)
	}
	long := a.run("c", "long", "select repeat('x', 255 * 1024 * 1024) as field, 1 as one").Statements[0].Results[0].ID
	page, err := a.Queries().Page(backend.PageRequest{ResultID: long, Count: 10})
	if err != nil || len(page.Cut) != 1 || page.Cut[0].Length != 255<<20 {
		t.Errorf("%v, %v", page.Cut, err)
	}
	_, err = a.Queries().Copy(backend.CopyRequest{ResultID: long, Format: "csv", Ranges: []backend.CellRange{{Bottom: 9, Right: 9}}})
	kind(t, err, apperr.Limit)
	// An export holds a field whole, in what Go takes from the system by 64 MB: the limit is that of what is used.
	if err := syscall.Setrlimit(rlimitData, &before); err != nil {
		t.Fatal(err)
	}
	t.Logf("without exports %d MB", peak(t)>>20)
	for _, format := range []string{"csv", "json", "insert", "copy", "parquet"} {
		path := filepath.Join(dir, "field."+format)
		switch s := a.exported(a.export(backend.ExportRequest{ResultID: long, Path: path, Format: format})); {
		case format == "parquet" && s.State == backend.ExportFailed && s.Error.Kind == apperr.Limit:
		case s.State != backend.ExportDone || s.Bytes < 255<<20:
			t.Errorf("%s: %+v", format, s)
		}
		_ = os.Remove(path)
	}
	if s := a.exported(a.export(backend.ExportRequest{ResultID: "sorted", Path: filepath.Join(dir, "many.csv"), Format: "csv"})); s.State != backend.ExportDone || s.Rows != 2000000 {
		t.Errorf("%+v", s)
	}
	soon(t, 2*time.Second, func() {
		if err := a.Queries().Cancel(backend.RunRef{RunID: "slow"}); err != nil {
			t.Error(err)
		}
		if s := a.final("slow"); s.Outcome != session.Stopped {
			t.Errorf("%+v", s)
		}
	})
	if most := peak(t); most > shortOf {
		t.Errorf("it took %d MB", most>>20)
	}
	t.Logf("at most %d MB", peak(t)>>20)
}

// peak is the most memory the process had in RAM so far, in bytes.
func peak(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(b)
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}
