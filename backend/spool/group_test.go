package spool_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

const null = "∅"

// cells gives all rows of a result, with null for NULL.
func cells(t testing.TB, r spool.Rows) [][]string {
	t.Helper()
	var list [][]string
	err := r.Each(0, r.Rows(), func(_ int64, row [][]byte) error {
		one := make([]string, len(row))
		for i, v := range row {
			if one[i] = string(v); v == nil {
				one[i] = null
			}
		}
		list = append(list, one)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// table asks for rows of any width.
func (s *server) table(sql string) [][]string {
	s.t.Helper()
	answers, err := s.con.Exec(context.Background(), sql).ReadAll()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, sql)
	}
	var list [][]string
	for _, r := range answers[len(answers)-1].Rows {
		one := make([]string, len(r))
		for i, v := range r {
			if one[i] = string(v); v == nil {
				one[i] = null
			}
		}
		list = append(list, one)
	}
	return list
}

func column(name string) int {
	return 1 + slices.IndexFunc(matrixTypes, func(m struct {
		name, sql string
		column    sortkey.Column
		value     string
	}) bool {
		return m.name == name
	})
}

// near tells whether two numbers are the same but for what adding up floats rounds.
func near(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if err1 != nil || err2 != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return a == b
	}
	return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
}

func sameNumber(a, b string) bool {
	x, ok1 := new(big.Rat).SetString(a)
	y, ok2 := new(big.Rat).SetString(b)
	return a == b || ok1 && ok2 && x.Cmp(y) == 0
}

// grouped is a random question, for Tusk and for the server.
func grouped(rng *rand.Rand, rules []sortkey.Rule) (spec spool.Grouping, sql string, same []func(a, b string) bool) {
	exactly := func(a, b string) bool { return a == b }
	spec.Rules = rules
	var list, by []string
	for _, c := range rng.Perm(len(matrixTypes))[:rng.IntN(4)] {
		m := matrixTypes[c]
		key := spool.GroupKey{Column: c + 1}
		text := fmt.Sprintf("(array_agg(case when %[1]s is not null then format('%%s', %[1]s) end order by id))[1]", m.name)
		group := m.name
		if m.name == "ts" || m.name == "d" {
			if key.Unit = []string{"", "day", "week", "month", "year"}[rng.IntN(5)]; key.Unit != "" {
				group = fmt.Sprintf("date_trunc('%s', %s)::date", key.Unit, m.name)
				text = group
			}
		}
		spec.Keys = append(spec.Keys, key)
		list, by, same = append(list, text), append(by, group), append(same, exactly)
	}
	spec.Aggregates = []spool.Aggregate{{Func: spool.Count, Column: -1}}
	list, same = append(list, "count(*)"), append(same, exactly)
	for range rng.IntN(5) {
		a := spool.Aggregate{Column: 1 + rng.IntN(len(matrixTypes))}
		a.Func = []string{spool.Count, spool.Distinct, spool.Sum, spool.Average, spool.Min, spool.Max}[rng.IntN(6)]
		like, name := exactly, matrixTypes[a.Column-1].name
		switch a.Func {
		case spool.Sum, spool.Average:
			name = []string{"i", "n", "f"}[rng.IntN(3)]
			if name == "f" {
				like = near
			}
		case spool.Min, spool.Max:
			name = []string{"i", "ts", "d", "ip", "m", "c", "w", "n"}[rng.IntN(8)]
			if name == "n" {
				like = sameNumber
			}
		}
		a.Column = column(name)
		text := fmt.Sprintf("%s(%s)", a.Func, name)
		if a.Func == spool.Distinct {
			text = fmt.Sprintf("count(distinct %s)", name)
		}
		spec.Aggregates = append(spec.Aggregates, a)
		list, same = append(list, text), append(same, like)
	}
	sql = "select " + strings.Join(list, ", ") + " from t WHERE"
	if len(by) > 0 {
		sql += " group by " + strings.Join(by, ", ") + " order by " + strings.Join(by, ", ")
	}
	return spec, sql, same
}

// TestGroupsAreWhatTheServerAnswers groups a spool, a view of it and nothing at random, and has the server do the same;
// half of the time most groups go through runs on disk.
func TestGroupsAreWhatTheServerAnswers(t *testing.T) {
	t.Parallel()
	s, r := matrix(t, 1500)
	ctx := context.Background()
	view := func(c spool.Condition) *spool.View {
		v, err := r.View(ctx, spool.Spec{Rules: s.rule, Conditions: []spool.Condition{c}, Sort: []spool.SortColumn{{Column: 1, Descending: true}}}, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	some, none := view(spool.Condition{Column: column("d"), Op: spool.NotNull}), view(spool.Condition{Column: 0, Op: spool.Less, Values: []string{"0"}})
	defer some.Release()
	defer none.Release()
	rng := rand.New(rand.NewPCG(20261130, 2))
	for i := range 300 {
		spec, sql, same := grouped(rng, s.rule)
		s.dir.SmallGroups([]int{0, 7}[i%2])
		rows, where := spool.Rows(r), ""
		switch i % 5 {
		case 3:
			rows, where = some, "where d is not null"
		case 4:
			rows, where = none, "where false"
		}
		sql = strings.Replace(sql, "WHERE", where, 1)
		want := s.table(sql)
		out, info, err := s.dir.Group(ctx, rows, spec, &spool.Progress{})
		if err != nil {
			t.Fatalf("question %d: %v\n%s", i, err, sql)
		}
		got := cells(t, out)
		out.Release()
		if len(got) != len(want) || info.Groups != int64(len(got)) || info.Rows != rows.Rows() {
			t.Fatalf("question %d: %d groups of %d rows, the server has %d\n%s", i, len(got), info.Rows, len(want), sql)
		}
		for n := range want {
			for c, like := range same {
				if !like(got[n][c], want[n][c]) {
					t.Fatalf("question %d: column %d of row %d is %q, the server has %q\n%s", i, c, n, got[n][c], want[n][c], sql)
				}
			}
		}
	}
	if left, _ := os.ReadDir(s.dir.Path()); len(left) > 4 { // the lock, the rows, two orders
		t.Errorf("files are left: %v", left)
	}
}

// TestSumsAndAveragesAsTheServerWritesThem has numbers of a hundred digits, and of every scale.
func TestSumsAndAveragesAsTheServerWritesThem(t *testing.T) {
	t.Parallel()
	s := connect(t, `create table n as select g % 40 as k, case g % 11 when 0 then null when 1 then 0.000 when 2 then (g || repeat('7', 99) || '.' || repeat('3', g % 60))::numeric
		when 3 then -(repeat('9', g % 100 + 1))::numeric when 4 then (g::numeric / 10::numeric ^ (g % 30)) else round((random() * 10 ^ (g % 19))::numeric, g % 12) end as n,
		((random() - 0.5) * 1.8e19)::numeric::int8 as i, (g * 37 % 65536 - 32768)::int2 as j from generate_series(1, 4000) g where g % 40 <> 5 or g % 11 = 0`)
	r := s.spool("select k, n, i, j from n", []spool.Column{{Name: "k", TypeOID: 23}, {Name: "n", TypeOID: 1700}, {Name: "i", TypeOID: 20}, {Name: "j", TypeOID: 21}})
	spec := spool.Grouping{Keys: []spool.GroupKey{{Column: 0}}}
	var list []string
	for i, c := range r.Columns() {
		spec.Rules = append(spec.Rules, sortkey.For(sortkey.Column{OID: c.TypeOID}))
		if i > 0 {
			spec.Aggregates = append(spec.Aggregates, spool.Aggregate{Func: spool.Sum, Column: i}, spool.Aggregate{Func: spool.Average, Column: i}, spool.Aggregate{Func: spool.Max, Column: i})
			list = append(list, fmt.Sprintf("sum(%[1]s), avg(%[1]s), max(%[1]s)", c.Name))
		}
	}
	want := s.table("select k, " + strings.Join(list, ", ") + " from n group by k order by k")
	for _, held := range []int{0, 3} {
		s.dir.SmallGroups(held)
		out, _, err := s.dir.Group(context.Background(), r, spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		for n, row := range cells(t, out) {
			for c := range row {
				if row[c] != want[n][c] && (c != 3 || !sameNumber(row[c], want[n][c])) { // of equal ones the server may show another
					t.Errorf("column %d of group %s is\n%s, the server has\n%s", c, row[0], row[c], want[n][c])
				}
			}
		}
		types := make([]string, 0, len(out.Columns()))
		for _, c := range out.Columns()[1:] {
			types = append(types, strconv.Itoa(int(c.TypeOID)))
		}
		if got := strings.Join(types, " "); got != "1700 1700 1700 1700 1700 20 20 1700 21" {
			t.Errorf("types are %s", got)
		}
		out.Release()
	}
}

// TestDatesAreBroughtDown compares days before Christ and far beyond with date_trunc.
func TestDatesAreBroughtDown(t *testing.T) {
	t.Parallel()
	s := connect(t, "create table d as select '4713-01-01 BC'::date + (random() * 3000000)::int * (1 + g % 2 * 700) as d from generate_series(1, 3000) g")
	for _, unit := range []string{"day", "week", "month", "year"} {
		for _, row := range s.table(fmt.Sprintf("select d, case when d < '250000-01-01' then date_trunc('%[1]s', d::timestamp)::date end from d", unit)) {
			got, ok := sortkey.Truncate(unit, []byte(row[0]))
			if row[1] != null && (!ok || string(got) != row[1]) {
				t.Fatalf("the %s of %s is %s, want %s", unit, row[0], got, row[1])
			}
		}
	}
	r := rowsOf(t, s.dir, []spool.Column{{Name: "d", TypeOID: 1082}}, dataRow([]byte("01.02.2024")))
	spec := spool.Grouping{Rules: []sortkey.Rule{sortkey.For(sortkey.Column{OID: 1082})}, Keys: []spool.GroupKey{{Column: 0, Unit: "month"}}}
	var fault *spool.Fault
	if _, _, err := s.dir.Group(context.Background(), r, spec, &spool.Progress{}); !errors.As(err, &fault) {
		t.Errorf("a date in another form gives %v", err)
	}
	spec.Keys[0].Unit = "" // as text it can be told apart
	out, _, err := s.dir.Group(context.Background(), r, spec, &spool.Progress{})
	if err != nil || cells(t, out)[0][0] != "01.02.2024" {
		t.Error(err)
	}
}

// TestPivots compares a pivot with filtered aggregates, also of more values than there may be columns.
func TestPivots(t *testing.T) {
	t.Parallel()
	s, r := matrix(t, 1500)
	for _, held := range []int{0, 5} {
		s.dir.SmallGroups(held)
		for _, across := range []string{"m", "w", "b", "d"} {
			for _, agg := range []string{"count", "distinct", "sum", "max"} {
				spec := spool.Grouping{Rules: s.rule, Keys: []spool.GroupKey{{Column: column("c")}}, Across: &spool.GroupKey{Column: column(across)}, Aggregates: []spool.Aggregate{{Func: agg, Column: column("i")}}}
				out, info, err := s.dir.Group(context.Background(), r, spec, &spool.Progress{})
				if err != nil {
					t.Fatal(err)
				}
				values := s.table(fmt.Sprintf("select format('%%s', %[1]s), %[1]s is null from t group by %[1]s order by %[1]s", across))
				list := []string{"c"}
				for i, v := range values {
					where := across + " = " + quote(v[0])
					name := v[0]
					switch {
					case v[1] == "t":
						where, name = across+" is null", "NULL"
					case name == "":
						name = "''"
					}
					if got := out.Columns()[i+1].Name; got != name {
						t.Fatalf("column %d of %s is %q, want %q", i, across, got, name)
					}
					what := agg + "(i)"
					if agg == "distinct" {
						what = "count(distinct i)"
					}
					// No rows at all are NULL, a count too.
					list = append(list, fmt.Sprintf("case when count(*) filter (where %[2]s) > 0 then %[1]s filter (where %[2]s) end", what, where))
				}
				want := s.table("select " + strings.Join(list, ", ") + " from t group by c order by c")
				if got := cells(t, out); fmt.Sprint(got) != fmt.Sprint(want) || info.Values != int64(len(values)) || info.Shown != info.Values {
					t.Errorf("%s across %s: %v\n%v\nwant\n%v", agg, across, info, got, want)
				}
				out.Release()
			}
		}
		spec := spool.Grouping{Rules: s.rule, Across: &spool.GroupKey{Column: 0}, Aggregates: []spool.Aggregate{{Func: spool.Count, Column: -1}}}
		out, info, err := s.dir.Group(context.Background(), r, spec, &spool.Progress{})
		if err != nil || len(out.Columns()) != spool.PivotColumns || info.Values != 1500 || info.Shown != spool.PivotColumns || out.Rows() != 1 {
			t.Errorf("%d columns, %+v, %v", len(out.Columns()), info, err)
		}
		out.Release()
	}
}

// TestLongKeysAndValues have texts beyond what is held of them.
func TestLongKeysAndValues(t *testing.T) {
	t.Parallel()
	same, huge := strings.Repeat("x", 5000), strings.Repeat("y", 6<<20)
	texts := []string{same + "b", same + "a", huge + "b", same, same + "a", huge + "a", same + "b", huge + "b"}
	var rows [][]byte
	for _, s := range texts {
		rows = append(rows, dataRow([]byte(s), []byte("1")))
	}
	cols := columns(2)
	cols[1].TypeOID = 20
	for _, held := range []int{0, 1} {
		dir := newDir(t)
		dir.SmallGroups(held)
		r := rowsOf(t, dir, cols, rows...)
		spec := spool.Grouping{Rules: textRules(2), Keys: []spool.GroupKey{{Column: 0}}, Aggregates: []spool.Aggregate{{Func: spool.Sum, Column: 1}}}
		out, _, err := dir.Group(context.Background(), r, spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, row := range cells(t, out) {
			got[row[0]] = row[1]
		}
		if len(got) != 5 || got[same+"a"] != "2" || got[same+"b"] != "2" || got[same] != "1" || got[huge+"a"] != "1" || got[huge+"b"] != "2" {
			t.Errorf("%d groups", len(got))
		}
		spec.Keys = nil
		spec.Aggregates = []spool.Aggregate{{Func: spool.Distinct, Column: 0}, {Func: spool.Min, Column: 0}, {Func: spool.Max, Column: 0}}
		out, _, err = dir.Group(context.Background(), r, spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if row := cells(t, out)[0]; row[0] != "5" || row[1] != same || row[2] != huge+"b" {
			t.Errorf("%s different, smallest of %d bytes, greatest of %d", row[0], len(row[1]), len(row[2]))
		}
	}
}

func TestGroupingStops(t *testing.T) {
	t.Parallel()
	s, r := matrix(t, 1500)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	spec := spool.Grouping{Rules: s.rule, Keys: []spool.GroupKey{{Column: 0}}, Aggregates: []spool.Aggregate{{Func: spool.Count, Column: -1}}}
	if out, _, err := s.dir.Group(ctx, r, spec, &spool.Progress{}); !errors.Is(err, context.Canceled) || out != nil {
		t.Errorf("stopped before it began, it gave %v", err)
	}
	if n, _ := s.dir.Usage(); n != 1 {
		t.Errorf("%d results are left", n)
	}
	spec.Aggregates = []spool.Aggregate{{Func: spool.Sum, Column: column("c")}}
	var fault *spool.Fault
	if _, _, err := s.dir.Group(context.Background(), r, spec, &spool.Progress{}); !errors.As(err, &fault) || fault.Column != column("c") {
		t.Errorf("a sum of texts gives %v", err)
	}
}
