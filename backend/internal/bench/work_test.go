//go:build bench && linux

package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// TestWork sorts, filters and searches a spooled result and has the server do the same with its table, and reads the
// spool's file from end to end as the floor.
func TestWork(t *testing.T) {
	b := newBed(t)
	s := b.session()
	defer s.Close()
	run := b.run(s, "select * from big")
	r := run.Result(run.FirstResult())
	rules := make([]sortkey.Rule, len(r.Columns()))
	for i, c := range r.Columns() {
		rules[i] = sortkey.For(sortkey.Column{OID: c.TypeOID, Collation: "C"})
	}
	ctx := context.Background()
	view := func(spec spool.Spec) *spool.View {
		spec.Rules = rules
		v, err := r.View(ctx, spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	asc := func(columns ...int) spool.Spec {
		var spec spool.Spec
		for _, c := range columns {
			spec.Sort = append(spec.Sort, spool.SortColumn{Column: c})
		}
		return spec
	}
	other := b.session()
	defer other.Close()
	fmt.Println("| what (1,000,000 spooled rows, medians of 7 interleaved rounds) | Tusk | server, or floor | Tusk/that | target |")
	fmt.Println("|---|---|---|---|---|")
	compare := func(what, target string, ours, theirs func()) {
		var a, c []float64
		for range rounds {
			a, c = append(a, timed(ours)), append(c, timed(theirs))
		}
		row(what, ms(median(a)), ms(median(c)), median(a)/median(c), target)
	}
	firstRow := func(order string) func() {
		return func() {
			q := b.start(other, "select * from big order by "+order)
			<-q.Ready()
			q.Cancel()
			<-q.Done()
		}
	}
	sorted := func(spec spool.Spec) func() { return func() { view(spec).Release() } }
	compare("sort by int8, against the server's first sorted row", "≤ 0.5", sorted(asc(0)), firstRow("id desc"))
	compare("sort by text bytes, against the server's first sorted row", "≤ 0.5", sorted(asc(2)), firstRow(`hash collate "C"`))
	compare("sort by numeric, against the server's first sorted row", "", sorted(asc(1)), firstRow("amount desc"))
	compare("sort by int4 and timestamp, against the server's first sorted row", "≤ 0.5", sorted(asc(6, 3)), firstRow("n, at"))
	count := func(where string) func() { return func() { b.run(other, "select count(*) from big where "+where) } }
	find := func(search spool.Search) func() {
		return func() {
			if _, err := spool.Find(ctx, r, search, &spool.Progress{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	compare("find in all columns, exact case, against like on the 3 text columns", "≤ 0.35", find(spool.Search{Text: "abcdef", Case: true}), count("hash like '%abcdef%' or words like '%abcdef%' or doc::text like '%abcdef%'"))
	compare("find in all columns, any case, against ilike on the 3 text columns", "≤ 0.2", find(spool.Search{Text: "AbcDef"}), count("hash ilike '%abcdef%' or words ilike '%abcdef%' or doc::text ilike '%abcdef%'"))
	compare("find a regular expression in a text column, against ~", "", find(spool.Search{Text: "abc[0-9]+$", Regexp: true, Case: true, Columns: []int{2}}), count("hash ~ 'abc[0-9]+$'"))
	compare("filter by a number, against the server's where", "", sorted(spool.Spec{Conditions: []spool.Condition{{Column: 6, Op: spool.Equal, Values: []string{"7"}}}}), count("n = 7"))
	files, err := filepath.Glob(filepath.Join(b.dir.Path(), "*.rows"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	slices.SortFunc(files, func(x, y string) int { // the result's, which is the largest
		a, _ := os.Stat(x)
		c, _ := os.Stat(y)
		return int(c.Size() - a.Size())
	})
	compare("find in all columns, against reading the file", "", find(spool.Search{Text: "abcdef", Case: true}), func() {
		f, err := os.Open(files[0])
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{f}, make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	})
	summarize := func(c int) func() {
		return func() {
			if _, err := spool.Summarize(ctx, r, c, 0, r.Rows(), rules[c], &spool.Progress{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	compare("summary of numeric, against count(distinct), min, max, sum, avg", "", summarize(1), func() {
		b.run(other, "select count(distinct amount), min(amount), max(amount), sum(amount), avg(amount) from big")
	})
	v := view(asc(2))
	defer v.Release()
	var took []float64
	for range 1000 {
		from := rand.IntN(int(v.Rows()))
		took = append(took, timed(func() {
			if _, err := v.Page(from, 200); err != nil {
				t.Fatal(err)
			}
		}))
	}
	slices.Sort(took)
	fmt.Printf("| window of 200 rows through an order by text (1000), p50 / p99 | %.2f / %.2f ms | | | p99 ≤ 5 ms |\n", took[500], took[990])
}
