package spool_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// TestFindWalksTheRowsThatHaveTheText walks all hits both ways, in the result and in views of it, and compares them with
// what the server finds.
func TestFindWalksTheRowsThatHaveTheText(t *testing.T) {
	t.Parallel()
	s, r := matrix(t, 700)
	rng := rand.New(rand.NewPCG(7, 7))
	ctx := context.Background()
	for i := range 60 {
		search := spool.Search{Text: []string{"roast", "ROAST", "ä", "2024-10-27 0", "x", "NaN", `^-?\d+$`, "日", "nothing has this"}[rng.IntN(9)], Case: rng.IntN(2) == 0}
		search.Regexp = strings.HasPrefix(search.Text, "^")
		for c := range matrixTypes {
			if rng.IntN(3) == 0 {
				search.Columns = append(search.Columns, c+1)
			}
		}
		if len(search.Columns) == 0 {
			search.Columns = []int{1}
		}
		var in spool.Rows = r
		sql := "select id::text || ' ' || place from t, lateral (values "
		var any []string
		for _, c := range search.Columns {
			m := matrixTypes[c-1].name
			one := has(m, search.Text, search.Case)
			if search.Regexp {
				one = fmt.Sprintf("(%[1]s is not null and format('%%s', %[1]s) ~ %[2]s)", m, quote(search.Text))
			}
			any = append(any, fmt.Sprintf("(%d, %s)", c, one))
		}
		sql += strings.Join(any, ", ") + ") x(place, hit) where hit"
		if rng.IntN(2) == 0 {
			spec := spool.Spec{Rules: s.rule, Sort: []spool.SortColumn{{Column: 1, Descending: true, NullsFirst: true}}, Conditions: []spool.Condition{{Column: 6, Op: spool.NotNull}}}
			v, err := r.View(ctx, spec, &spool.Progress{})
			if err != nil {
				t.Fatal(err)
			}
			defer v.Release()
			in = v
			sql += " and b is not null order by i desc nulls first, id, place"
		} else {
			sql += " order by id, place"
		}
		want := s.lines(sql)
		f, err := spool.Find(ctx, in, search, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		rows := 0
		for j, w := range want {
			if j == 0 || strings.Fields(w)[0] != strings.Fields(want[j-1])[0] {
				rows++
			}
		}
		if f.Rows() != int64(rows) {
			t.Fatalf("%d: %+v: found in %d rows, the server in %d", i, search, f.Rows(), rows)
		}
		walk := func(back bool) (list []string) {
			at := spool.Place{Row: -1, Column: -1}
			if back {
				at.Row = in.Rows()
			}
			for range want {
				if at, err = f.Next(at.Row, at.Column, search.Columns, back); err != nil {
					t.Fatal(err)
				}
				p, err := in.Page(int(at.Row), 1)
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, *p.Rows[0][0]+" "+strconv.Itoa(at.Column))
				if at.Number < 1 || at.Number > f.Rows() {
					t.Fatalf("hit %d of %d", at.Number, f.Rows())
				}
			}
			return list
		}
		if got := walk(false); !slices.Equal(got, want) {
			t.Fatalf("%d: %+v: %v, want %v", i, search, got, want)
		}
		slices.Reverse(want)
		if got := walk(true); !slices.Equal(got, want) {
			t.Fatalf("%d: %+v, backwards: %v, want %v", i, search, got, want)
		}
		if places, err := f.Window(0, in.Rows()); err != nil || len(places) != len(want) {
			t.Fatalf("the window has %d hits, want %d, %v", len(places), len(want), err)
		}
	}
}

// TestSummaryIsWhatTheServerCounts compares with the server's aggregates.
func TestSummaryIsWhatTheServerCounts(t *testing.T) {
	t.Parallel()
	s, r := matrix(t, 1500)
	s.dir.SmallRuns(100, 1<<10, 3)
	ctx := context.Background()
	for i, m := range matrixTypes {
		v, err := r.View(ctx, spool.Spec{Rules: s.rule, Conditions: []spool.Condition{{Column: 5, Op: spool.NotNull}}, Sort: []spool.SortColumn{{Column: 1}}}, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		for name, in := range map[string]struct {
			rows     spool.Rows
			from, to int64
			where    string
		}{
			"all": {r, 0, r.Rows(), "true"}, "a part": {r, 100, 900, "id between 101 and 900"}, "a view": {v, 0, v.Rows(), "d is not null"},
		} {
			got, err := spool.Summarize(ctx, in.rows, i+1, in.from, in.to, s.rule[i+1], &spool.Progress{})
			if err != nil {
				t.Fatal(err)
			}
			ask := func(what string) string {
				list := s.lines("select " + what + " from t where " + in.where)
				return list[0]
			}
			if have, want := fmt.Sprint(got.Rows, got.Nulls, got.Distinct), ask(fmt.Sprintf("concat_ws(' ', count(*), count(*) - count(%[1]s), count(distinct %[1]s))", m.name)); have != want {
				t.Errorf("%s of %s: rows, nulls, distinct are %s, want %s", m.name, name, have, want)
			}
			by := m.name
			if m.name == "w" {
				by = `w collate "C"`
			}
			top := s.lines(fmt.Sprintf("select count(*) from t where %s and %s is not null group by %s order by 1 desc limit 10", in.where, m.name, m.name))
			var have []string
			for _, f := range got.Top {
				have = append(have, strconv.FormatInt(f.Count, 10))
				if n := s.lines(fmt.Sprintf("select count(*) from t where %s and %s = %s", in.where, m.name, quote(f.Value))); n[0] != have[len(have)-1] {
					t.Errorf("%s of %s: %q stands %s times, want %s", m.name, name, f.Value, have[len(have)-1], n[0])
				}
			}
			if !slices.Equal(have, top) {
				t.Errorf("%s of %s: the most frequent stand %v times, want %v", m.name, name, have, top)
			}
			for end, value := range map[string]*string{"asc": got.Min, "desc": got.Max} {
				same := s.lines(fmt.Sprintf("select %[1]s = %[2]s from (select %[1]s from t where %[3]s and %[1]s is not null order by %[4]s %[5]s limit 1) q", m.name, quote(*value), in.where, by, end))
				if same[0] != "t" {
					t.Errorf("%s of %s: the first in order %s is not %q", m.name, name, end, *value)
				}
			}
			if m.name != "i" && m.name != "n" && m.name != "f" {
				if got.Sum != nil {
					t.Errorf("%s has a sum", m.name)
				}
				continue
			}
			if m.name == "i" {
				if want := ask("sum(i)"); *got.Sum != want {
					t.Errorf("sum of %s is %s, want %s", name, *got.Sum, want)
				}
				a, _ := new(big.Rat).SetString(*got.Average)
				b, _ := new(big.Rat).SetString(ask("avg(i)"))
				if a.FloatString(8) != b.FloatString(8) {
					t.Errorf("average of %s is %s, want %s", name, *got.Average, b.FloatString(16))
				}
				sum := int64(0)
				for _, n := range got.Bars {
					sum += n
				}
				if sum != got.Rows-got.Nulls || len(got.Bars) == 0 {
					t.Errorf("the bars of %s count %d of %d values", name, sum, got.Rows-got.Nulls)
				}
			} else if *got.Sum != "NaN" || *got.Average != "NaN" {
				t.Errorf("sum with NaN is %s", *got.Sum)
			}
		}
		v.Release()
	}
}

// TestSumsAreExact adds numbers that no float holds.
func TestSumsAreExact(t *testing.T) {
	t.Parallel()
	s := connect(t, "create table n as select (random() * 10 ^ (g % 30))::numeric + (g % 7)::numeric / 10::numeric ^ (g % 12) as n, (random() * 1e18 * 8)::int8 i from generate_series(1, 3000) g")
	r := s.spool("select n, i, i::float8 / 7 from n", []spool.Column{{Name: "n", TypeOID: 1700}, {Name: "i", TypeOID: 20}, {Name: "f", TypeOID: 701}})
	for c, name := range []string{"n", "i"} {
		got, err := spool.Summarize(context.Background(), r, c, 0, r.Rows(), sortkey.For(sortkey.Column{OID: r.Columns()[c].TypeOID}), &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if want := s.lines("select sum(" + name + ") from n")[0]; *got.Sum != want || got.Approximate {
			t.Errorf("sum of %s is %s, want %s", name, *got.Sum, want)
		}
	}
	got, err := spool.Summarize(context.Background(), r, 2, 0, r.Rows(), sortkey.For(sortkey.Column{OID: 701}), &spool.Progress{})
	if err != nil || !got.Approximate {
		t.Fatal(err)
	}
	a, _ := strconv.ParseFloat(*got.Sum, 64)
	b, _ := strconv.ParseFloat(s.lines("select sum(i::float8 / 7) from n")[0], 64)
	if a/b < 1-1e-12 || a/b > 1+1e-12 {
		t.Errorf("sum of floats is %g, want %g", a, b)
	}
}

// TestSumsOfGreatFloats has sums and distances that no float holds.
func TestSumsOfGreatFloats(t *testing.T) {
	t.Parallel()
	s := connect(t, "")
	r := s.spool("select f, abs(f) from unnest('{1.5e308,1.7e308,-1.7e308,-1.6e308,1.6e308,1.7e308}'::float8[]) f", []spool.Column{{Name: "f", TypeOID: 701}, {Name: "a", TypeOID: 701}})
	for c, want := range []string{"", "Infinity"} {
		got, err := spool.Summarize(context.Background(), r, c, 0, r.Rows(), sortkey.For(sortkey.Column{OID: 701}), &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if want != "" && (*got.Sum != want || *got.Average != want) {
			t.Errorf("the sum is %s, the average %s", *got.Sum, *got.Average)
		}
		if got.Bars[0] == r.Rows() || got.Bars[len(got.Bars)-1] == 0 {
			t.Errorf("bars %v", got.Bars)
		}
	}
}
