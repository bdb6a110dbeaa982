package spool_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// TestCompareIsWhatTheServerFinds compares two spools, and has the server compare the tables they came from.
func TestCompareIsWhatTheServerFinds(t *testing.T) {
	t.Parallel()
	s := connect(t, `create table a as select (g * 7919) % 3001 as id, g % 10 as n, case when g % 7 > 0 then 't' || g % 13 end as x from generate_series(1, 3000) g;
		create table b as select id, case when id % 11 = 0 then n + 1 else n end as n, case when id % 13 <> 0 then x end as x from a where id % 17 <> 0 union all select 5000 + g, g, null from generate_series(1, 40) g`)
	s.dir.SmallRuns(300, 1<<20, 3)
	cols := []spool.Column{{Name: "id", TypeOID: 23}, {Name: "n", TypeOID: 23}, {Name: "x", TypeOID: 25}}
	rules := []sortkey.Rule{sortkey.For(sortkey.Column{OID: 23}), sortkey.For(sortkey.Column{OID: 23}), sortkey.For(sortkey.Column{OID: 25, Collation: "C"})}
	left, right := s.spool("select * from a order by random()", cols), s.spool("select * from b", cols)
	r, counts, err := s.dir.Compare(context.Background(), left, right, rules, []int{0}, &spool.Progress{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Release()
	lines := func(r *spool.Result) (list []string) {
		err := r.Each(0, r.Rows(), func(_ int64, cells [][]byte) error {
			var row []string
			for _, c := range cells {
				if c == nil {
					c = []byte("-")
				}
				row = append(row, string(c))
			}
			list = append(list, strings.Join(row, " "))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	want := s.lines(`select c || ' ' || id || ' ' || coalesce(n::text, '-') || ' ' || coalesce(x, '-') from (
		select 'removed' c, a.*, 1 o from a where id not in (select id from b) union all select 'added', b.*, 1 from b where id not in (select id from a)
		union all select 'before', a.*, 1 from a join b using (id) where (a.n, a.x) is distinct from (b.n, b.x)
		union all select 'after', b.*, 2 from a join b using (id) where (a.n, a.x) is distinct from (b.n, b.x)) q order by id, o`)
	if got := lines(r); !slices.Equal(got, want) || len(want) < 500 {
		t.Errorf("%d rows differ, the server finds %d", len(got), len(want))
	}
	same := s.lines("select count(*) from a join b using (id) where (a.n, a.x) is not distinct from (b.n, b.x)")[0]
	if n := int(counts.Added + counts.Removed + 2*counts.Changed); n != len(want) || counts.Added != 40 || same != strconv.FormatInt(counts.Same, 10) {
		t.Errorf("%+v, same %s", counts, same)
	}
	if p, err := r.Page(int(r.Rows())-1, 1); err != nil || len(p.Rows) != 1 || *p.Rows[0][0] != "added" {
		t.Errorf("the last row: %+v %v", p, err)
	}

	// By position, with duplicates and one side longer.
	one := rowsOf(t, s.dir, columns(1), dataRow([]byte("a")), dataRow([]byte("b")), dataRow(nil), dataRow([]byte("c")))
	two := rowsOf(t, s.dir, columns(1), dataRow([]byte("a")), dataRow([]byte("x")), dataRow([]byte("")))
	r2, counts, err := s.dir.Compare(context.Background(), one, two, textRules(1), nil, &spool.Progress{})
	if err != nil || counts != (spool.Comparison{Removed: 1, Changed: 2, Same: 1}) || strings.Join(lines(r2), ", ") != "before b, after x, before -, after , removed c" {
		t.Errorf("by position: %+v %v %q", counts, err, lines(r2))
	}
	// A key that stands twice pairs in order.
	three := rowsOf(t, s.dir, columns(2), dataRow([]byte("k"), []byte("1")), dataRow([]byte("k"), []byte("2")))
	four := rowsOf(t, s.dir, columns(2), dataRow([]byte("k"), []byte("1")), dataRow([]byte("k"), []byte("3")), dataRow([]byte("k"), []byte("4")))
	r3, _, err := s.dir.Compare(context.Background(), three, four, textRules(2), []int{0}, &spool.Progress{})
	if err != nil || strings.Join(lines(r3), ", ") != "before k 2, after k 3, added k 4" {
		t.Errorf("a key that stands twice: %v %q", err, lines(r3))
	}
}
