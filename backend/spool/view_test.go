package spool_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// server is a connection with a tap in it.
type server struct {
	t    testing.TB
	con  *pgconn.PgConn
	tap  *spool.Tap
	dir  *spool.Dir
	rule []sortkey.Rule
}

func connect(t testing.TB, setup string) *server {
	t.Helper()
	s := &server{t: t, dir: newDir(t)}
	config, err := pgconn.ParseConfig(pgtest.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	config.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		s.tap = spool.NewTap(r)
		return pgproto3.NewFrontend(s.tap, w)
	}
	if s.con, err = pgconn.ConnectConfig(context.Background(), config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.con.Close(context.Background()) })
	s.lines(setup)
	return s
}

// lines gives the first column of what a statement answers.
func (s *server) lines(sql string) []string {
	s.t.Helper()
	answers, err := s.con.Exec(context.Background(), sql).ReadAll()
	if err != nil {
		s.t.Fatalf("%v\n%s", err, sql)
	}
	var list []string
	for _, a := range answers {
		for _, r := range a.Rows {
			list = append(list, string(r[0]))
		}
	}
	return list
}

// spool keeps what a statement answers.
func (s *server) spool(sql string, columns []spool.Column) *spool.Result {
	s.t.Helper()
	r := s.dir.NewResult(columns)
	s.tap.Begin(r, len(columns))
	_, err := s.con.Exec(context.Background(), sql).ReadAll()
	rows, sunk := s.tap.End()
	if err != nil || sunk != nil || rows != r.Rows() {
		s.t.Fatal(err, sunk, rows, r.Rows())
	}
	r.Finish()
	return r
}

// matrixTypes are the columns of the table the views are tried on; nearly all have values that stand more than once.
var matrixTypes = []struct {
	name, sql string
	column    sortkey.Column
	value     string // from the row number g, as SQL
}{
	{"i", "int8", sortkey.Column{OID: 20}, "(g * 7919 % 97 - 48) * 1000003"},
	{"n", "numeric", sortkey.Column{OID: 1700}, "case g % 50 when 0 then 'NaN' when 1 then 'Infinity' when 2 then '-Infinity' else ((g * 31 % 23 - 11)::numeric / 7 * 10 ^ (g % 9)) end"},
	{"f", "float8", sortkey.Column{OID: 701}, "case g % 41 when 0 then 'NaN' when 1 then '-0' else (g * 17 % 19 - 9)::float8 / 3 end"},
	{"ts", "timestamptz", sortkey.Column{OID: 1184}, "case g % 60 when 0 then 'infinity' when 1 then '-infinity' when 2 then '0044-03-15 12:00:00 BC' else '2024-10-27 00:00+00'::timestamptz + g % 13 * interval '17 minutes' end"},
	{"d", "date", sortkey.Column{OID: 1082}, "'1999-12-28'::date + g % 11"},
	{"b", "bool", sortkey.Column{OID: 16}, "g % 3 = 0"},
	{"u", "uuid", sortkey.Column{OID: 2950}, "md5((g % 29)::text)::uuid"},
	{"ip", "inet", sortkey.Column{OID: 869}, "('10.0.' || g % 5 || '.' || g % 3 || '/' || 8 + g % 4 * 8)::inet"},
	{"iv", "interval", sortkey.Column{OID: 1186}, "g % 7 * interval '1 mon' - g % 5 * interval '29 days' + g % 3 * interval '13:17:11.5'"},
	{"m", "mood", sortkey.Column{OID: 99999, Labels: []string{"sad", "ok", "happy"}}, "(array['sad', 'ok', 'happy'])[1 + g % 3]::mood"},
	{"c", `text collate "C"`, sortkey.Column{OID: 25, Collation: "C"}, "(array['', 'a', 'B', 'b', 'Ä', 'ab', 'a b', 'roasting', 'ROASTED', '日本'])[1 + g % 10]"},
	{"w", `text collate "und-x-icu"`, sortkey.Column{OID: 25, Collation: "und"}, "(array['', 'a', 'B', 'b', 'Ä', 'ab', 'a b', 'roasting', 'ROASTED', '日本', 'é', 'z'])[1 + g % 12]"},
	{"p", `char(8) collate "C"`, sortkey.Column{OID: 1042, Collation: "C"}, "(array['x', 'x ', 'xy', ''])[1 + g % 4]"},
	{"y", "bytea", sortkey.Column{OID: 17}, "decode(lpad(to_hex(g % 31), 2, '0') || repeat('00', g % 3), 'hex')"},
}

// matrix makes a table of rows and spools it.
func matrix(t testing.TB, rows int) (*server, *spool.Result) {
	var columns, values []string
	shown := []spool.Column{{Name: "id", Type: "int4", TypeOID: 23}}
	rules := []sortkey.Rule{sortkey.For(sortkey.Column{OID: 23})}
	for i, m := range matrixTypes {
		columns = append(columns, m.name+" "+m.sql)
		values = append(values, fmt.Sprintf("case when (g * 13 + %d) %% 17 <> 0 then %s end", i, m.value))
		shown = append(shown, spool.Column{Name: m.name, Type: m.sql, TypeOID: m.column.OID})
		rules = append(rules, sortkey.For(m.column))
	}
	s := connect(t, fmt.Sprintf(`set timezone = 'Europe/Berlin'; create type mood as enum ('sad', 'ok', 'happy'); create table t (id int, %s);
		insert into t select g, %s from generate_series(1, %d) g`, strings.Join(columns, ", "), strings.Join(values, ", "), rows))
	s.rule = rules
	return s, s.spool("select * from t order by id", shown)
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// has says as SQL that a column is sent with a text in it; a cast to text would write some types otherwise.
func has(column, text string, exact bool) string {
	fold := map[bool]string{true: "%s", false: "lower(%s collate \"und-x-icu\")"}[exact]
	return fmt.Sprintf("("+column+" is not null and position("+fold+" in "+fold+") > 0)", quote(text), "format('%s', "+column+")")
}

// asked is a random question, for Tusk and for the server.
func (s *server) asked(rng *rand.Rand, pool [][]string) (spool.Spec, string) {
	spec := spool.Spec{Rules: s.rule}
	var where, order []string
	for range rng.IntN(3) {
		c := rng.IntN(len(matrixTypes))
		m := matrixTypes[c]
		value := pool[c][rng.IntN(len(pool[c]))]
		cond := spool.Condition{Column: c + 1, Values: []string{value}}
		typ := strings.Fields(m.sql)[0]
		literal := quote(value) + "::" + typ
		switch ops := []string{spool.Equal, spool.NotEqual, spool.Less, spool.LessEqual, spool.Greater, spool.GreaterEqual, spool.In, spool.IsNull, spool.NotNull, spool.Contains, spool.Matches}; ops[rng.IntN(len(ops))] {
		case spool.In:
			other := pool[c][rng.IntN(len(pool[c]))]
			cond.Op, cond.Values = spool.In, []string{value, other}
			where = append(where, fmt.Sprintf("%s in (%s, %s::%s)", m.name, literal, quote(other), typ))
		case spool.IsNull:
			cond.Op = spool.IsNull
			where = append(where, m.name+" is null")
		case spool.NotNull:
			cond.Op = spool.NotNull
			where = append(where, m.name+" is not null")
		case spool.Contains, spool.Matches:
			piece := []rune(value)
			piece = piece[:len(piece)/2+rng.IntN(len(piece)/2+1)]
			cond.Op, cond.Values, cond.Case = spool.Contains, []string{string(piece)}, rng.IntN(2) == 0
			where = append(where, has(m.name, string(piece), cond.Case))
			if rng.IntN(2) == 0 {
				cond.Op, cond.Values = spool.Matches, []string{"^[a-m0-9é]+" + "$"}
				op := map[bool]string{true: "~", false: "~*"}[cond.Case]
				where[len(where)-1] = fmt.Sprintf(`(%[1]s is not null and format('%%s', %[1]s) collate "C" %s '^[a-m0-9é]+$')`, m.name, op)
			}
		default:
			i := rng.IntN(6)
			cond.Op = []string{spool.Equal, spool.NotEqual, spool.Less, spool.LessEqual, spool.Greater, spool.GreaterEqual}[i]
			where = append(where, fmt.Sprintf("%s %s %s", m.name, []string{"=", "<>", "<", "<=", ">", ">="}[i], literal))
		}
		spec.Conditions = append(spec.Conditions, cond)
	}
	if rng.IntN(4) == 0 {
		spec.Search = spool.Search{Text: []string{"roast", "ROAST", "2024-1", "ä", "10.0.1", "x76", "o a"}[rng.IntN(7)], Case: rng.IntN(2) == 0}
		var any []string
		for _, m := range matrixTypes {
			any = append(any, has(m.name, spec.Search.Text, spec.Search.Case))
		}
		where = append(where, "("+strings.Join(any, " or ")+")")
	}
	for _, c := range rng.Perm(len(matrixTypes))[:rng.IntN(4)] {
		by := spool.SortColumn{Column: c + 1, Descending: rng.IntN(2) == 0, NullsFirst: rng.IntN(2) == 0}
		spec.Sort = append(spec.Sort, by)
		order = append(order, fmt.Sprintf("%s %s nulls %s", matrixTypes[c].name, map[bool]string{true: "desc", false: "asc"}[by.Descending], map[bool]string{true: "first", false: "last"}[by.NullsFirst]))
	}
	sql := "select id from t"
	if len(where) > 0 {
		sql += " where " + strings.Join(where, " and ")
	}
	return spec, sql + " order by " + strings.Join(append(order, "id"), ", ")
}

// first gives the first column of a view's rows, by Each, and sees that Page says the same.
func first(t testing.TB, v *spool.View) []string {
	t.Helper()
	var list []string
	err := v.Each(0, v.Rows(), func(row int64, cells [][]byte) error {
		if row != int64(len(list)) {
			t.Fatalf("row %d comes as %d", len(list), row)
		}
		list = append(list, string(cells[0]))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := v.Page(0, 100)
	if err != nil || len(p.Rows) != min(100, len(list)) || p.Total != len(list) || !p.Complete {
		t.Fatalf("page of %d rows, total %d, %v", len(p.Rows), p.Total, err)
	}
	for i, r := range p.Rows {
		if *r[0] != list[i] {
			t.Fatalf("page row %d is %s, not %s", i, *r[0], list[i])
		}
	}
	return list
}

// TestViewsAreWhatTheServerAnswers asks random questions of a spool and of the server it came from.
func TestViewsAreWhatTheServerAnswers(t *testing.T) {
	t.Parallel()
	s, r := matrix(t, 1500)
	s.dir.SmallRuns(64, 1<<10, 3) // many runs, merged in several passes
	var pool [][]string
	for _, m := range matrixTypes {
		pool = append(pool, s.lines("select distinct "+m.name+" from t where "+m.name+" is not null"))
	}
	seed := uint64(20261130)
	rng := rand.New(rand.NewPCG(seed, 1))
	filled := 0
	for i := range 400 {
		spec, sql := s.asked(rng, pool)
		want := s.lines(sql)
		v, err := r.View(context.Background(), spec, &spool.Progress{})
		if err != nil {
			t.Fatalf("question %d: %v\n%s", i, err, sql)
		}
		if got := first(t, v); !slices.Equal(got, want) {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Errorf("question %d: %d rows, the server has %d; the first other one is at %d\n%s\n%+v", i, len(got), len(want), at, sql, spec.Conditions)
		}
		if len(want) > 0 {
			filled++
		}
		v.Release()
		if t.Failed() {
			return
		}
	}
	if filled < 150 {
		t.Errorf("only %d questions had an answer", filled)
	}
	if n, onDisk := s.dir.Usage(); n != 1 || onDisk > 1<<20 {
		t.Errorf("%d results of %d bytes are left", n, onDisk)
	}
	if left, _ := os.ReadDir(s.dir.Path()); len(left) > 2 { // the lock and the rows
		t.Errorf("files are left: %v", left)
	}
}

// rowsOf makes a result of rows without a server.
func rowsOf(t testing.TB, dir *spool.Dir, cols []spool.Column, rows ...[]byte) *spool.Result {
	t.Helper()
	r := dir.NewResult(cols)
	tap := spool.NewTap(bytes.NewReader(bytes.Join(rows, nil)))
	tap.Begin(r, len(cols))
	if _, err := io.ReadAll(tap); err != nil {
		t.Fatal(err)
	}
	if _, err := tap.End(); err != nil {
		t.Fatal(err)
	}
	r.Finish()
	return r
}

func textRules(n int) []sortkey.Rule {
	rules := make([]sortkey.Rule, n)
	for i := range rules {
		rules[i] = sortkey.For(sortkey.Column{OID: 25, Collation: "C"})
	}
	return rules
}

// TestLongTexts has texts that differ beyond what a key holds, and beyond what a block may be long.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	same := strings.Repeat("x", 5000)
	huge := strings.Repeat("y", 6<<20)
	texts := []string{same + "b", same + "a", huge + "b", same, huge + "a needle", same + "c", huge}
	var rows [][]byte
	for i, s := range texts {
		rows = append(rows, dataRow([]byte(strconv.Itoa(i)), []byte(s)))
	}
	rows = append(rows, dataRow([]byte("7"), nil))
	dir := newDir(t)
	dir.SmallRuns(2, 1<<10, 2)
	r := rowsOf(t, dir, columns(2), rows...)
	ask := func(spec spool.Spec) string {
		spec.Rules = textRules(2)
		v, err := r.View(context.Background(), spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		defer v.Release()
		return strings.Join(first(t, v), " ")
	}
	for _, c := range []struct {
		spec spool.Spec
		want string
	}{
		{spool.Spec{Sort: []spool.SortColumn{{Column: 1}}}, "3 1 0 5 6 4 2 7"},
		{spool.Spec{Sort: []spool.SortColumn{{Column: 1, Descending: true, NullsFirst: true}}}, "7 2 4 6 5 0 1 3"},
		{spool.Spec{Conditions: []spool.Condition{{Column: 1, Op: spool.Contains, Values: []string{"A NEEDLE"}}}}, "4"},
		{spool.Spec{Conditions: []spool.Condition{{Column: 1, Op: spool.Matches, Values: []string{`needle$`}}}}, "4"},
		{spool.Spec{Search: spool.Search{Text: "needle", Case: true}}, "4"},
		{spool.Spec{Conditions: []spool.Condition{{Column: 1, Op: spool.Equal, Values: []string{same + "b"}}}}, "0"},
		{spool.Spec{Conditions: []spool.Condition{{Column: 1, Op: spool.Greater, Values: []string{"y"}}}}, "2 4 6"},
	} {
		if got := ask(c.spec); got != c.want {
			t.Errorf("%+v: %s, want %s", c.spec, got, c.want)
		}
	}
}

func TestSearchStaysInsideCells(t *testing.T) {
	t.Parallel()
	// 00 00 00 02 between the cells reads as text too.
	r := rowsOf(t, newDir(t), columns(3), dataRow([]byte("ab"), []byte("cd"), []byte("ef")), dataRow([]byte("x\x00"), []byte("abcd"), nil), dataRow([]byte(""), []byte(""), []byte("ABCD")))
	for text, want := range map[string]int64{"abcd": 2, "bcd": 2, "\x00\x00\x02cd": 0, "ab": 3, "f": 1, "zz": 0} {
		v, err := r.View(context.Background(), spool.Spec{Rules: textRules(3), Search: spool.Search{Text: text}}, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Rows() != want {
			t.Errorf("%q: %d rows, want %d", text, v.Rows(), want)
		}
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	r := rowsOf(t, newDir(t), columns(1), dataRow([]byte("01.02.2024")), dataRow([]byte("03.01.2024")))
	spec := spool.Spec{Rules: []sortkey.Rule{sortkey.For(sortkey.Column{OID: 1082})}}
	var fault *spool.Fault
	for _, c := range []spool.Condition{
		{Op: spool.Less, Values: []string{"soon"}}, {Op: spool.Less, Values: []string{"2024-01-01"}}, {Op: spool.Matches, Values: []string{"("}}, {Op: spool.Equal},
	} {
		spec.Conditions = []spool.Condition{c}
		if _, err := r.View(context.Background(), spec, &spool.Progress{}); !errors.As(err, &fault) || fault.Column != 0 || fault.Reason == "" {
			t.Errorf("%+v: %v", c, err)
		}
	}
	spec.Conditions, spec.Sort = nil, []spool.SortColumn{{Column: 0, Descending: true}}
	v, err := r.View(context.Background(), spec, &spool.Progress{})
	if err != nil || !v.Rules()[0].AsText || strings.Join(first(t, v), " ") != "03.01.2024 01.02.2024" {
		t.Errorf("dates in another style are not sorted as text: %v", err)
	}
}

func TestViewStopsAndGoes(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	dir.SmallRuns(1000, 1<<20, 4)
	var rows [][]byte
	for i := range 30_000 {
		rows = append(rows, dataRow([]byte(strconv.Itoa(i*7919%30_000))))
	}
	r := rowsOf(t, dir, columns(1), rows...)
	files := func() int {
		list, err := os.ReadDir(dir.Path())
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := files()
	spec := spool.Spec{Rules: []sortkey.Rule{sortkey.For(sortkey.Column{OID: 23})}, Sort: []spool.SortColumn{{Column: 0}}}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := r.View(ctx, spec, &spool.Progress{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if n := files(); n != before {
		t.Errorf("%d files are left by what was cancelled", n-before)
	}
	var p spool.Progress
	v, err := r.View(context.Background(), spec, &p)
	if err != nil {
		t.Fatal(err)
	}
	if done, total := p.Get(); total != 60_000 || done < 50_000 || done > total {
		t.Errorf("progress: %d of %d", done, total)
	}
	if n := files(); n != before+1 {
		t.Errorf("a view takes %d files", n-before)
	}
	letGo, ok := v.Hold()
	if !ok {
		t.Fatal("a view that is there cannot be held")
	}
	v.Release()
	if part, err := v.Cell(29_999, 0, 0, 10); err != nil || part.Text != "29999" {
		t.Errorf("held: %v %v", part, err)
	}
	letGo()
	if _, err := v.Page(0, 1); err == nil {
		t.Error("a view that is gone is still read")
	}
	if n := files(); n != before {
		t.Errorf("%d files are left by a view that is gone", n-before)
	}
}

// TestViewWhileRowsArrive takes views of a result that grows.
func TestViewWhileRowsArrive(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	r := dir.NewResult(columns(1))
	in, out := io.Pipe()
	tap := spool.NewTap(in)
	tap.Begin(r, 1)
	ended := make(chan error, 1)
	go func() {
		_, err := io.ReadAll(tap)
		r.Finish()
		ended <- err
	}()
	spec := spool.Spec{Rules: []sortkey.Rule{sortkey.For(sortkey.Column{OID: 23})}, Sort: []spool.SortColumn{{Column: 0, Descending: true}}}
	for i := range 20_000 {
		if _, err := out.Write(dataRow([]byte(strconv.Itoa(i)))); err != nil {
			t.Fatal(err)
		}
		if i%2500 != 0 {
			continue
		}
		v, err := r.View(context.Background(), spec, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if list := first(t, v); int64(len(list)) != v.Of() || len(list) > 0 && list[0] != strconv.Itoa(len(list)-1) {
			t.Fatalf("after %d rows: %d of %d", i, len(list), v.Of())
		}
		v.Release()
	}
	_ = out.Close()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestSinglePrecisionFilter asks a column of float4 as a person does who sees 0.1 in it, or knows what the server keeps.
func TestSinglePrecisionFilter(t *testing.T) {
	t.Parallel()
	s := connect(t, "create table t (id int, r float4); insert into t values (1, 0.1), (2, 0.2), (3, 16777216), (4, 'NaN'), (5, null), (6, 0.3)")
	r := s.spool("select * from t order by id", []spool.Column{{Name: "id", Type: "int4", TypeOID: 23}, {Name: "r", Type: "float4", TypeOID: 700}})
	rules := []sortkey.Rule{sortkey.For(sortkey.Column{OID: 23}), sortkey.For(sortkey.Column{OID: 700})}
	for _, c := range []struct {
		op     string
		values []string
		want   string
	}{
		{spool.Equal, []string{"0.1"}, "1"}, {spool.Equal, []string{"0.10000000149011612"}, "1"}, {spool.Equal, []string{"16777217"}, "3"}, {spool.In, []string{"0.30000001192", "0.2"}, "2 6"},
		{spool.NotEqual, []string{"0.10000000149"}, "2 3 4 6"}, {spool.LessEqual, []string{"0.2000000029"}, "1 2"}, {spool.Greater, []string{"0.299999999999"}, "3 4"},
	} {
		v, err := r.View(t.Context(), spool.Spec{Rules: rules, Conditions: []spool.Condition{{Column: 1, Op: c.op, Values: c.values}}}, &spool.Progress{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(first(t, v), " "); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.op, c.values, got, c.want)
		}
		v.Release()
	}
}
