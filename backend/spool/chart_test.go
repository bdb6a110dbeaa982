package spool_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// places writes what a chart shows as lines.
func places(c *spool.Chart) (list []string) {
	for _, p := range c.Places {
		one := p.X
		for _, y := range p.Y {
			one += " " + y.Text
			if y.Is {
				one += "!"
			}
		}
		list = append(list, one)
	}
	return list
}

func charted(t testing.TB, s *server, in spool.Rows, spec spool.ChartSpec) *spool.Chart {
	t.Helper()
	c, err := s.dir.Chart(context.Background(), in, spec, &spool.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestChartsOfFewRowsHaveEachOfThem looks at values that cannot be drawn, too.
func TestChartsOfFewRowsHaveEachOfThem(t *testing.T) {
	t.Parallel()
	s := connect(t, `create table v as select * from (values (1, '2024-01-03'::timestamp, 1.50::numeric, 'NaN'::float8), (2, '2024-01-01', null, 0.1), (3, null, 5, 5),
		(4, 'infinity', 6, 6), (5, '0044-03-15 BC', repeat('9', 100)::numeric, '-Infinity'), (6, '2024-01-01', 7, 7)) v(id, at, n, f)`)
	r := s.spool("select * from v order by id", []spool.Column{{Name: "id", TypeOID: 23}, {Name: "at", TypeOID: 1114}, {Name: "n", TypeOID: 1700}, {Name: "f", TypeOID: 701}})
	c := charted(t, s, r, spool.ChartSpec{Kind: spool.Line, X: 1, Y: []int{2, 3}, Parts: 100})
	want := []string{"0044-03-15 00:00:00 BC " + strings.Repeat("9", 100) + "! -Infinity", "2024-01-01 00:00:00 NULL 0.1!", "2024-01-01 00:00:00 7! 7!", "2024-01-03 00:00:00 1.50! NaN"}
	if got := places(c); !slices.Equal(got, want) || c.Rows != 6 || c.Left != 2 || c.Endless != 2 || c.Nulls != 1 || c.Spans {
		t.Errorf("%q\n%+v", got, c)
	}
	// In the order of a view, and by the number of the row in it.
	v, err := r.View(context.Background(), spool.Spec{Rules: []sortkey.Rule{sortkey.For(sortkey.Column{OID: 23}), sortkey.ByBytes(), sortkey.ByBytes(), sortkey.ByBytes()}, Sort: []spool.SortColumn{{Column: 0, Descending: true}}}, &spool.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Release()
	c = charted(t, s, v, spool.ChartSpec{Kind: spool.Line, X: -1, Y: []int{0}})
	if got := fmt.Sprint(places(c), c.Places[0].At); got != "[ 6!  5!  4!  3!  2!  1!] 1" {
		t.Error(got)
	}
	c = charted(t, s, v, spool.ChartSpec{Kind: spool.Bar, X: 1, Y: []int{0}})
	if got := strings.Join(places(c), ", "); got != "2024-01-01 00:00:00 6!, 0044-03-15 00:00:00 BC 5!, infinity 4!, NULL 3!, 2024-01-01 00:00:00 2!, 2024-01-03 00:00:00 1!" {
		t.Error(got)
	}
	var fault *spool.Fault
	for _, spec := range []spool.ChartSpec{{Kind: spool.Bar, X: 0, Y: []int{1}}, {Kind: spool.Line, X: 0, Y: []int{1}}} {
		if _, err := s.dir.Chart(context.Background(), r, spec, &spool.Progress{}); !errors.As(err, &fault) || fault.Column != 1 {
			t.Errorf("%+v: %v", spec, err)
		}
	}
	words := s.spool("select * from (values (1, null, 1), (2, 'NULL', 2), (3, '', 3), (4, $$''$$, 4), (5, 'it''s', 5), (6, repeat('é', 70), 6)) w(id, word, n) order by id",
		[]spool.Column{{Name: "id", TypeOID: 23}, {Name: "word", TypeOID: 25}, {Name: "n", TypeOID: 23}})
	for x, want := range map[int]string{1: "NULL 1!, 'NULL' 2!, '' 3!, '''''' 4!, it's 5!, " + strings.Repeat("é", 60) + "… 6!", -1: "1 1!, 2 2!, 3 3!, 4 4!, 5 5!, 6 6!"} {
		c = charted(t, s, words, spool.ChartSpec{Kind: spool.Bar, X: x, Y: []int{2}})
		if got := strings.Join(places(c), ", "); got != want {
			t.Errorf("bars along %d are under %s", x, got)
		}
	}
	empty := s.spool("select * from v where false", r.Columns())
	for _, kind := range []string{spool.Line, spool.Bar, spool.Scatter} {
		if c := charted(t, s, empty, spool.ChartSpec{Kind: kind, X: 0, Y: []int{2}}); len(c.Places) != 0 || c.Rows != 0 {
			t.Errorf("of nothing there is %+v", c)
		}
	}
}

// TestChartsOfManyRowsKeepTheExtremes compares the parts of a line with those the server makes.
func TestChartsOfManyRowsKeepTheExtremes(t *testing.T) {
	t.Parallel()
	s := connect(t, `create table m as select g as id, '2024-01-01'::timestamptz + g * interval '1 minute' as at, case when g % 31 = 0 then null when g % 1000 = 1 then 'NaN' else round((sin(g / 3000.0) * 1000 + random() * 100)::numeric, 2) end as n
		from generate_series(0, 39999) g order by random()`)
	r := s.spool("select * from m", []spool.Column{{Name: "id", TypeOID: 23}, {Name: "at", TypeOID: 1184}, {Name: "n", TypeOID: 1700}})
	c := charted(t, s, r, spool.ChartSpec{Kind: spool.Line, X: 1, Y: []int{2}, Parts: 400})
	if !c.Spans || len(c.Places) != 800 || c.Rows != 40000 {
		t.Fatalf("%d places of %d rows", len(c.Places), c.Rows)
	}
	want := s.table(`select min(n) filter (where n <> 'NaN'), max(n) filter (where n <> 'NaN'), count(*), to_char(min(at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') from m group by floor(least(399, id::float8 / 39999 * 400)) order by min(id)`)
	for i, w := range want {
		a, b := c.Places[2*i], c.Places[2*i+1]
		low, high := a.Y[0], b.Y[0]
		if low.At > high.At {
			low, high = high, low
		}
		if low.Text != w[0] || high.Text != w[1] || fmt.Sprint(a.Rows) != w[2] || !strings.HasPrefix(a.X, w[3]) {
			t.Fatalf("part %d is %s to %s of %d rows from %s, want %v", i, low.Text, high.Text, a.Rows, a.X, w)
		}
		if a.At >= b.At || i > 0 && a.At <= c.Places[2*i-1].At {
			t.Fatalf("part %d is at %g and %g", i, a.At, b.At)
		}
	}
	c = charted(t, s, r, spool.ChartSpec{Kind: spool.Scatter, X: 0, Y: []int{2}})
	dots := int64(0)
	for _, p := range c.Places {
		dots += p.Rows
	}
	if !c.Spans || dots != 40000-c.Nulls-c.Endless || len(c.Places) < 1000 || len(c.Places) > 240*120 {
		t.Errorf("%d dots stand for %d rows; %d NULL, %d endless", len(c.Places), dots, c.Nulls, c.Endless)
	}
	c = charted(t, s, r, spool.ChartSpec{Kind: spool.Bar, X: 0, Y: []int{2}})
	if len(c.Places) != spool.BarRows || c.More != 40000-spool.BarRows {
		t.Errorf("%d bars, and %d more rows", len(c.Places), c.More)
	}
}
