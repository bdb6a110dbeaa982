//go:build bench && linux

package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/load"
)

// TestImport imports a CSV file of a million rows into a table that is there, and has psql's \copy do the same.
func TestImport(t *testing.T) {
	b := newBed(t)
	file := filepath.Join(t.TempDir(), "big.csv")
	b.psql("-c", `\copy (select * from big) to '`+file+`' csv header`)
	s := b.session()
	b.run(s, "create unlogged table target (like big)")
	s.Close()
	tusk := filepath.Join(repository(t), "build/bin/tusk")
	plan := load.Plan{Table: "target"}
	ours := func(file string, keepGoing bool, rejected int64) func() {
		return func() {
			b.psql("-c", "truncate target")
			c, err := b.pool.Connect(context.Background(), "bench", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Retire()
			f, err := intake.Open(file, intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			p := plan
			for _, n := range f.Names() {
				p.Columns = append(p.Columns, load.Column{Name: n})
			}
			p.KeepGoing = keepGoing
			r, err := load.Run(context.Background(), c, f, p, load.Hooks{Rejected: func(load.Reject) error { return nil }}, &load.Progress{})
			if err != nil || r.Rows != 1_000_000-rejected || r.Rejected != rejected {
				t.Fatal(r, err)
			}
		}
	}
	copied := func(file, more string) func() {
		return func() {
			b.psql("-c", "truncate target", "-c", `\copy target from '`+file+`' with (format csv, header`+more+`)`)
		}
	}
	command := func() {
		b.psql("-c", "truncate target")
		if out, err := exec.Command(tusk, "import", b.url, file, "--table", "target").CombinedOutput(); err != nil || !strings.Contains(string(out), "IMPORT 1000000") {
			t.Fatalf("%v: %s", err, out)
		}
	}
	fmt.Println("| what (a CSV file of 1,000,000 rows of 8 columns, medians of 7 interleaved rounds) | Tusk | psql \\copy | psql/Tusk | target |")
	fmt.Println("|---|---|---|---|---|")
	bad, n := spoilt(t, file, 100)
	var one, keep, cli, psql, some, ignored []float64
	for range rounds {
		psql = append(psql, timed(copied(file, "")))
		one = append(one, timed(ours(file, false, 0)))
		keep = append(keep, timed(ours(file, true, 0)))
		cli = append(cli, timed(command))
		some = append(some, timed(ours(bad, true, n)))
		ignored = append(ignored, timed(copied(bad, ", on_error ignore, log_verbosity silent")))
	}
	speed := func(what string, took, psql []float64, target string) {
		row(what, ms(median(took)), ms(median(psql)), median(psql)/median(took), target)
		if median(psql)/median(took) < 0.8 && target != "" {
			t.Errorf("%s: slower than 0.8 of \\copy", what)
		}
	}
	speed("import in one transaction", one, psql, "≥ 0.8")
	speed("tusk import in one transaction", cli, psql, "≥ 0.8")
	speed("import that keeps going, no row bad", keep, psql, "")
	speed("import that keeps going, 1 of 100 rows bad, against on_error ignore, which tells of none", some, ignored, "")
	ours(file, false, 0)()
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b.psql("-c", `\copy target to '`+file+`' csv header`)
	after, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("what was imported is not what was in the file: %v", err)
	}
}

// spoilt writes a CSV file anew with every so many row's number made a word, and tells how many these are.
func spoilt(t *testing.T, file string, every int) (path string, rows int64) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	n := 0
	for line := range bytes.Lines(b) {
		if n > 0 && n%every == 0 {
			out.WriteByte('x')
			rows++
		}
		n++
		out.Write(line)
	}
	path = filepath.Join(t.TempDir(), "bad.csv")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, rows
}
