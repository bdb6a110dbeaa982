package load_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/load"
	"desktop.tusk/backend/secret"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// bed is a database with a connection to load through.
type bed struct {
	t    *testing.T
	pool *conn.Pool
}

func newBed(t *testing.T, url string) *bed {
	t.Helper()
	p, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := conn.Open(context.Background(), p.Profile, secret.New(p.Password))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &bed{t, pool}
}

func (b *bed) conn() *conn.Conn {
	b.t.Helper()
	c, err := b.pool.Connect(context.Background(), "test", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(c.Retire)
	return c
}

// sql runs statements and shows the rows of the last, a line each.
func (b *bed) sql(text string) string {
	b.t.Helper()
	c := b.conn()
	defer c.Retire()
	got, err := c.Exec(context.Background(), text).ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	var out strings.Builder
	for _, row := range got[len(got)-1].Rows {
		for i, v := range row {
			if i > 0 {
				out.WriteByte('|')
			}
			if v == nil {
				out.WriteString("NULL")
			}
			out.Write(v)
		}
		out.WriteByte('\n')
	}
	return out.String()
}

func (b *bed) file(name, content string, o intake.Options) *intake.File {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	f, err := intake.Open(path, o)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = f.Close() })
	return f
}

// planFor puts each column where its name says.
func planFor(f *intake.File, table string, create bool) load.Plan {
	p := load.Plan{Table: table, Create: create}
	for _, c := range f.Columns {
		p.Columns = append(p.Columns, load.Column{Name: c.Name, Type: c.Type})
	}
	return p
}

type outcome struct {
	load.Report
	rejects []string
	err     *apperr.Error
}

func (b *bed) run(f *intake.File, p load.Plan) (o outcome) {
	b.t.Helper()
	c := b.conn()
	defer c.Retire()
	var err error
	o.Report, err = load.Run(context.Background(), c, f, p, load.Hooks{Rejected: func(r load.Reject) error {
		o.rejects = append(o.rejects, fmt.Sprintf("%d %s: %s %q", r.Line, r.Column, r.Reason, r.Cells))
		return nil
	}}, &load.Progress{})
	o.err = apperr.From(err)
	return o
}

func TestNewTable(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		f := b.file("a.csv", "id,Name,at,ok,n,doc\n1,\"tab\there \\N \\.\nline\",2020-01-01 10:00:00,true,1.50,{\"\"a\"\"}\n2,,,,,\n3,\"\",2020-01-01 10:00:00,f,2,\n", intake.Options{})
		o := b.run(f, planFor(f, "Things", true))
		if o.err != nil || o.Rows != 3 {
			t.Fatalf("%+v", o)
		}
		if got, want := b.sql(`select * from "Things"`), "1|tab\there \\N \\.\nline|2020-01-01 10:00:00|t|1.50|{\"\"a\"\"}\n2|NULL|NULL|NULL|NULL|NULL\n3||2020-01-01 10:00:00|f|2|NULL\n"; got != want {
			t.Errorf("%q", got)
		}
		if got := b.sql(`select string_agg(format_type(atttypid, atttypmod), ',' order by attnum) from pg_attribute where attrelid = '"Things"'::regclass and attnum > 0`); got != "integer,text,timestamp without time zone,boolean,numeric,text\n" {
			t.Error(got)
		}
	})
}

func TestNothingHalfImported(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql("create table t (a int primary key, b text not null, check (a < 100)); insert into t values (7, 'there')")
	for _, c := range []struct{ content, title, hint string }{
		{"a,b\n1,x\n2,\"y\ny\"\nthree,z\n", "Line 5, column a: The text is no value of that type.", "Nothing was imported."},
		{"a,b\n1,x\n2,\n", "Line 3, column b: t.b must have a value.", "Nothing was imported."},
		{"a,b\n1,x\n\n7,y\n8,z\n", "Line 4: t has that value already, and t_pkey allows it only once.", "Nothing was imported."},
		{"a,b\n1,x\n100,y\n", "Line 3: The check t_a_check of t forbids this value.", "Nothing was imported."},
		{"a,b\n1,x\n2\n", "Line 3: It has 1 value instead of 2.", "Nothing was imported."},
		{"a,b\n1,x\n2,\"y\n", "Line 3: A quote is opened in this row and never closed.", "Nothing was imported."},
	} {
		f := b.file("a.csv", c.content, intake.Options{})
		o := b.run(f, planFor(f, "t", false))
		if o.err == nil || o.err.Title != c.title || !strings.Contains(o.err.Hint, c.hint) || o.err.Fields["line"] == "" {
			t.Errorf("%q: %+v", c.content, o.err)
		}
		f = b.file("a.csv", c.content, intake.Options{})
		if o := b.run(f, planFor(f, "fresh", true)); o.err == nil && o.Rows == 0 {
			t.Errorf("%q: %+v", c.content, o)
		} else if o.err != nil && b.sql("select to_regclass('fresh')") != "NULL\n" {
			t.Error("a table is left behind")
		}
		b.sql("drop table if exists fresh")
	}
	if got := b.sql("select * from t"); got != "7|there\n" {
		t.Error(got)
	}
}

// The row that is refused is found whatever the server's language, and without its help.
func TestKeepGoing(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		b.sql(`create table t (a int primary key, b text not null, check (a <> 13));
create function no17() returns trigger language plpgsql as $$ begin if new.a = 17 then raise exception 'no 17 in line 99'; end if; return new; end $$;
create trigger no17 before insert on t for each row execute procedure no17(); insert into t values (5, 'there')`)
		f := b.file("a.csv", "a,b\n1,x\nword,x\n3,\n4,\"x\ny\"\n5,x\n6\n13,x\n14,x\xff\n17,x\n18,x\n18,y\n19,x\n20,\"x\n", intake.Options{Encoding: "UTF-8"})
		p := planFor(f, "t", false)
		p.KeepGoing = true
		o := b.run(f, p)
		if o.err != nil || o.Rows != 4 || o.Rejected != 9 {
			t.Errorf("%+v", o)
		}
		if got := b.sql("select a, b from t order by a"); got != "1|x\n4|x\ny\n5|there\n18|x\n19|x\n" {
			t.Errorf("%q", got)
		}
		for _, want := range []string{
			`3 a: invalid input syntax for`, `4 b: null value in column "b"`, `7 : duplicate key value violates unique constraint "t_pkey". Key (a)=(5) already exists. ["5" "x"]`,
			`8 : It has 1 value`, `9 : new row for relation "t" violates check constraint "t_a_check" ["13" "x"]`, `10 b: There is something in it`,
			`11 : no 17 in line 99 ["17" "x"]`, `13 : duplicate key value`, `15 : A quote is opened`,
		} {
			found := 0
			for _, r := range o.rejects {
				if strings.HasPrefix(r, want) {
					found++
				}
			}
			if found != 1 {
				t.Errorf("%d rejects begin with %q of %s", found, want, strings.Join(o.rejects, "\n"))
			}
		}
	})
}

// Numbers with a decimal comma and dates that begin with the day or the month, in number and date columns alone; what is
// rejected stays as the file has it.
func TestLocal(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		b.sql("create table t (n numeric(10,2), i bigint, f float8, s text, d date)")
		f := b.file("a.csv", "n;i;f;s;d\n1.234,5;1.000;-0,25;1,5;03.04.2026\n;;;;\nNaN;7;1e3;x;2026-11-30\n1.5;1;1;bad;1.1.2026\n1,5;1,0;1;bad;1.1.2026\n2;2;2;bad;13.13.2026\n", intake.Options{})
		if o := f.Options; o.Decimal != "," || o.Dates != "DMY" {
			t.Errorf("%+v", o)
		}
		p := planFor(f, "t", false)
		p.KeepGoing, p.DecimalComma, p.Dates = true, true, "DMY"
		o := b.run(f, p)
		if o.err != nil || o.Rows != 3 || o.Rejected != 3 {
			t.Errorf("%+v", o)
		}
		if got := b.sql("select n, i, f, s, to_char(d, 'YYYY-MM-DD') from t"); got != "1234.50|1000|-0.25|1,5|2026-04-03\nNULL|NULL|NULL|NULL|NULL\nNaN|7|1000|x|2026-11-30\n" {
			t.Errorf("%q", got)
		}
		for i, want := range []string{`5 n: "1.5" is no number with a decimal comma. ["1.5" "1" "1" "bad" "1.1.2026"]`, `6 i: invalid input syntax for`, `7 d: date/time field value out of range`} {
			if len(o.rejects) <= i || !strings.HasPrefix(o.rejects[i], want) {
				t.Errorf("%d: %q, want %q", i, o.rejects, want)
			}
		}
		for _, create := range []bool{false, true} { // what is said before is what happens
			f = b.file("a.csv", "n;i;f;s;d\n1,5;1;1,5;x;30.11.2026\n1,5;1;1,5;x;11.30.2026\n", intake.Options{})
			p = planFor(f, map[bool]string{false: "t", true: "fresh"}[create], create)
			p.DecimalComma, p.Dates = true, "DMY"
			for i := range p.Columns {
				p.Columns[i].Type = []string{"numeric", "bigint", "float8", "text", "date"}[i]
			}
			got, err := load.Check(context.Background(), b.conn(), f, p, time.Minute)
			if err != nil || got.Rejected != 1 || len(got.Preview) != 2 || got.Preview[0].Reason != "" || got.Preview[1].Column != "d" {
				t.Errorf("create %v: %+v, %v", create, got, err)
			}
		}
		p = planFor(f, "u", true)
		p.KeepGoing, p.Dates = true, "MDY"
		p.Columns = []load.Column{{}, {}, {}, {}, {Name: "d", Type: "date"}}
		o = b.run(b.file("a.csv", "n;i;f;s;d\n;;;;03/04/2026\n", intake.Options{}), p)
		if got := b.sql("select to_char(d, 'YYYY-MM-DD') from u"); o.err != nil || got != "2026-03-04\n" {
			t.Errorf("%v %q", o.err, got)
		}
	})
}

// A text of JSON is a text in a column of JSON, and what is written in it elsewhere.
func TestJSONTexts(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		b.sql("create table t (b jsonb, j json, s text)")
		const lines = `{"b":"1","j":"{}","s":"1"}` + "\n" + `{"b":"a\"b\u00e9","j":"","s":"a\"b"}` + "\n" + `{"b":{"k":"v"},"j":[1],"s":2}` + "\n" + `{"b":null}` + "\n"
		for _, keep := range []bool{false, true} {
			f := b.file("a.ndjson", lines, intake.Options{})
			p := planFor(f, "t", false)
			p.KeepGoing = keep
			checked, err := load.Check(context.Background(), b.conn(), f, p, time.Minute)
			if err != nil || checked.Rejected != 0 || string(checked.Preview[0].Cells[0]) != `"1"` {
				t.Errorf("%+v, %v", checked, err)
			}
			if o := b.run(b.file("a.ndjson", lines, intake.Options{}), p); o.err != nil || o.Rows != 4 {
				t.Errorf("%+v", o)
			}
			if got, want := b.sql("select * from t"), `"1"|"{}"|1`+"\n"+`"a\"bé"|""|a"b`+"\n"+`{"k": "v"}|[1]|2`+"\nNULL|NULL|NULL\n"; got != want {
				t.Errorf("%q, want %q", got, want)
			}
			b.sql("truncate t")
		}
	})
}

// Many bad rows in many: each is found, and no good one is lost.
func TestKeepGoingAmongMany(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	var content strings.Builder
	content.WriteString("a\n")
	bad := 0
	for i := range 60_000 {
		if i%7 == 3 && i > 20_000 && i < 21_000 || i == 59_999 {
			content.WriteString("x\n")
			bad++
		} else {
			fmt.Fprintln(&content, i)
		}
	}
	f := b.file("a.csv", content.String(), intake.Options{Header: "yes"})
	p := load.Plan{Table: "t", Create: true, Columns: []load.Column{{Name: "a", Type: "int"}}, KeepGoing: true}
	o := b.run(f, p)
	if o.err != nil || int(o.Rejected) != bad || int(o.Rows) != 60_000-bad || len(o.rejects) != bad {
		t.Errorf("%+v, want %d", o.Report, bad)
	}
	if got := b.sql("select count(distinct a), count(*) from t"); got != fmt.Sprintf("%d|%d\n", 60_000-bad, 60_000-bad) {
		t.Error(got)
	}
	// This server leaves them out itself: no batch was tried twice.
	if got := b.sql("select count(distinct xmin::text) from t"); got != "3\n" {
		t.Errorf("rows are of %s subtransactions", got)
	}
}

// What the server leaves out itself is told as what is found by trying, which is done when some rows are missing for
// another reason.
func TestLeftOutAsFoundByTrying(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql(`create domain small as int check (value < 5); create domain given as text not null;
create table said (n numeric(4,2), "7 at line 3" varchar(3), d small, at timestamptz, e text[], g given, k int primary key);
create table tried (like said including all);
create function swallow() returns trigger language plpgsql as $$ begin if new.k = 0 then return null; end if; raise notice 'line 5'; return new; end $$;
create trigger swallow before insert on tried for each row execute function swallow()`)
	var content strings.Builder
	content.WriteString("n,7 at line 3,d,at,e,g,k\n0,a,1,2020-01-01,{},x,0\n")
	for i, row := range []string{
		"1.5,abc,4,2020-01-01,{a},x,%d", "word,abc,4,2020-01-01,{a},x,%d", "1.5,abcd,5,2020-01-01,{a},x,%d", "100,abc,4,2020-01-01,{a},x,%d",
		"1,a,5,2020-13-01,{a},x,%d", "1,a,4,2020-13-01,{a},x,%d", "1,a,4,2020-12-01 00:00:00 Nowhere/Town,{a},x,%d", `1,a,4,,"{""a\\"",",x,%d`, "1,a,4,,{},,%d",
		",,,word,,,%d", "1,a,4,,{},x,1", "1,a,4,,{},x,99999999999", ",,,,,x,%d",
	} {
		if strings.Contains(row, "%") {
			row = fmt.Sprintf(row, i+1)
		}
		content.WriteString(row + "\n")
	}
	outcomes := map[string]outcome{}
	for _, table := range []string{"said", "tried"} {
		f := b.file("a.csv", content.String(), intake.Options{})
		p := planFor(f, table, false)
		p.KeepGoing = true
		o := b.run(f, p)
		if o.err != nil || o.Rejected != 11 {
			t.Errorf("%s: %+v", table, o)
		}
		outcomes[table] = o
	}
	said, tried := outcomes["said"].rejects, outcomes["tried"].rejects
	if fmt.Sprint(said) != strings.ReplaceAll(fmt.Sprint(tried), "tried_", "said_") {
		t.Errorf("%s\n\n%s", strings.Join(said, "\n"), strings.Join(tried, "\n"))
	}
	if a, b := b.sql("select * from said where k <> 0 order by k"), b.sql("select * from tried order by k"); a != b {
		t.Errorf("%s\n%s", a, b)
	}
}

// An empty text before any other text is no NULL.
func TestEmptyTextFirst(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	for _, keep := range []bool{false, true} {
		b.sql("drop table if exists t; create table t (a text, b text, c text)")
		f := b.file("a.csv", "a,b,c\n\"\",,\"\"\n\"\",x,\n", intake.Options{Header: "yes"})
		p := planFor(f, "t", false)
		p.KeepGoing = keep
		if o := b.run(f, p); o.err != nil || o.Rows != 2 {
			t.Errorf("%+v", o)
		}
		if got := b.sql("select * from t order by b nulls first"); got != "|NULL|\n|x|NULL\n" {
			t.Errorf("going on %v: %q", keep, got)
		}
	}
}

// A row of JSON that cannot be read is told with its text, and where a file cannot be read on, that is told too.
func TestRejectedJSONIsKept(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	content := `[{"a":1,"b":"\ud800"},{"a":2,"b":"x"},null,{"a":3,"b":"y"}]`
	f := b.file("a.json", content, intake.Options{})
	p := planFor(f, "t", true)
	p.KeepGoing = true
	o := b.run(f, p)
	if o.err != nil || o.Rows != 1 || o.Rejected != 2 || !strings.HasSuffix(o.rejects[0], fmt.Sprintf("%q", [][]byte{[]byte(`{"a":1,"b":"\ud800"}`)})) || !strings.Contains(o.rejects[1], "Nothing behind it was read.") {
		t.Errorf("%+v", o)
	}
}

// Some types report a text that they cannot read as a mistake in SQL.
func TestTextThatIsASyntaxError(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		b.sql("create table t (id int, w tsvector, r regtype, check (id <> 4)); create function f() returns trigger language plpgsql as $$ begin if new.id = 0 then return null; end if; return new; end $$; create trigger f before insert on t for each row execute function f()")
		f := b.file("a.csv", "id,w,r\n0,a,int4\n1,a,int4\n2,'a,int4\n3,a,nosuch\n4,a,int4\n5,a,int4\n", intake.Options{Quote: `"`})
		p := planFor(f, "t", false)
		if o := b.run(f, p); o.err == nil || o.err.Fields["line"] != "4" || o.err.Fields["column"] != "w" {
			t.Errorf("%+v", o)
		}
		f = b.file("a.csv", "id,w,r\n0,a,int4\n1,a,int4\n2,'a,int4\n3,a,nosuch\n4,a,int4\n5,a,int4\n", intake.Options{Quote: `"`})
		p.KeepGoing = true
		o := b.run(f, p)
		if o.err != nil || o.Rejected != 3 || len(o.rejects) != 3 || !strings.HasPrefix(o.rejects[0], "4 w: ") || !strings.HasPrefix(o.rejects[1], "5 r: ") {
			t.Errorf("%+v", o)
		}
		if got := b.sql("select id from t order by id"); got != "1\n5\n" {
			t.Errorf("%q", got)
		}
	})
}

func TestConflict(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		for _, keep := range []bool{false, true} {
			b.sql("drop table if exists t; create table t (id int generated always as identity primary key, b text, c text); insert into t (b, c) values ('one', 'kept'), ('two', 'kept')")
			load1 := func(content, conflict string) outcome {
				f := b.file("a.csv", content, intake.Options{Header: "yes"})
				p := planFor(f, "t", false)
				p.KeepGoing, p.Conflict = keep, conflict
				return b.run(f, p)
			}
			if o := load1("id,b\n2,new\n3,three\n", load.Skip); o.err != nil || o.Rows != 1 || o.Skipped != 1 {
				t.Errorf("%+v", o)
			}
			if o := load1("id,b\n2,new\n4,four\n", load.Update); o.err != nil || o.Rows != 2 || o.Skipped != 0 {
				t.Errorf("%+v", o)
			}
			if got := b.sql("select * from t order by id"); got != "1|one|kept\n2|new|kept\n3|three|NULL\n4|four|NULL\n" {
				t.Errorf("%q", got)
			}
			o := load1("id,b\n5,a\n5,b\n", load.Update)
			if !keep && (o.err == nil || o.err.Title != "Two rows of the file have the same key.") {
				t.Errorf("%+v", o)
			}
			if o := load1("b\nx\n", load.Update); o.err == nil || o.err.Title != "The key id is not among the columns that are filled." {
				t.Errorf("%+v", o.err)
			}
		}
	})
}

func TestPlanErrors(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql("create table t (a int not null, b int, g int generated always as (a) stored)")
	for _, c := range []struct {
		plan load.Plan
		want string
	}{
		{load.Plan{Table: "nosuch", Columns: []load.Column{{Name: "a"}, {}}}, `There is no table "nosuch".`},
		{load.Plan{Table: "t", Columns: []load.Column{{Name: "x"}, {}}}, "There is no column x in t."},
		{load.Plan{Table: "t", Columns: []load.Column{{Name: "b"}, {}}}, "t.a must have a value, and no column of the file goes there."},
		{load.Plan{Table: "t", Columns: []load.Column{{Name: "a"}, {Name: "a"}}}, "Two columns of the file go into a."},
		{load.Plan{Table: "t", Columns: []load.Column{{Name: "a"}, {Name: "g"}}}, "The server computes g itself."},
		{load.Plan{Table: "t", Columns: []load.Column{{}, {}}}, "All columns of the file are left out."},
		{load.Plan{Table: "t", Columns: []load.Column{{Name: "a"}, {}}, Conflict: load.Update}, "t has no primary key to find rows by."},
		{load.Plan{Table: "u", Create: true, Columns: []load.Column{{Name: "a"}, {}}}, "The column a has no type."},
		{load.Plan{Table: "u", Create: true, Columns: []load.Column{{Name: "a", Type: "nosuch"}, {}}}, "There is no such object."},
		{load.Plan{Table: "u", Create: true, Columns: []load.Column{{Name: "a", Type: "int); drop table t; --"}, {}}}, "The server cannot read this statement."},
		{load.Plan{Table: "t", Create: true, Columns: []load.Column{{Name: "a", Type: "int"}, {}}}, "A relation of that name exists already."},
	} {
		f := b.file("a.csv", "a,b\n1,2\n", intake.Options{Header: "yes"})
		if o := b.run(f, c.plan); o.err == nil || o.err.Title != c.want {
			t.Errorf("%+v: %+v", c.plan, o.err)
		}
		con := b.conn()
		_, err := load.Check(context.Background(), con, f, c.plan, time.Second)
		con.Retire()
		if c.plan.Conflict == "" && (err == nil || apperr.From(err).Title != c.want) {
			t.Errorf("checked %+v: %v", c.plan, err)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		b.sql("create table t (a int primary key, price numeric(10,2) not null, d date, other serial)")
		const content = "a,price,d,x\n1,9.5,2020-01-01,\n2,27.999,31.11.2026,\n3,,2020-01-02,\n4,1\n5,2,33.11.2026,\n6,\"7\",\"\",\n"
		f := b.file("a.csv", content, intake.Options{Header: "yes"})
		p := load.Plan{Table: "t", Columns: []load.Column{{Name: "a"}, {Name: "price"}, {Name: "d"}, {}}}
		got, err := load.Check(context.Background(), b.conn(), f, p, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		if got.Lines != 6 || !got.Whole || got.Rejected != 4 || len(got.Problems) != 3 {
			t.Errorf("%+v", got)
		}
		var shown []string
		for _, r := range got.Preview {
			shown = append(shown, fmt.Sprintf("%d %q %s", r.Line, r.Cells, r.Column))
		}
		if want := `2 ["1" "9.50" "2020-01-01"] |3 ["2" "27.999" "31.11.2026"] d|4 ["3" "" "2020-01-02"] price|5 ["4" "1" ""] |6 ["5" "2" "33.11.2026"] d|7 ["6" "7.00" ""] `; strings.Join(shown, "|") != want {
			t.Errorf("%s\nwant %s", strings.Join(shown, "|"), want)
		}
		for _, problem := range got.Problems {
			if problem.Column == "d" && (problem.Rows != 2 || problem.Line != 3) {
				t.Errorf("%+v", problem)
			}
		}
		if got := b.sql("select count(*) from t"); got != "0\n" {
			t.Error(got)
		}
		f = b.file("a.csv", content, intake.Options{Header: "yes"})
		if got, err = load.Check(context.Background(), b.conn(), f, planFor(f, "fresh", true), time.Minute); err != nil || got.Rejected != 1 || got.Lines != 6 {
			t.Errorf("%+v %v", got, err)
		}
		if b.sql("select to_regclass('fresh')") != "NULL\n" {
			t.Error("a table is left behind")
		}

		// What the file has wrong is told beside the column it would go to, and where it goes nowhere, with its name.
		f = b.file("a.csv", "d,cost,x\n1,\x00,\n2,1,\x00\n3,1.5,\n", intake.Options{Header: "yes", Decimal: ","})
		p.Columns = []load.Column{{Name: "a"}, {Name: "price"}, {}}
		p.DecimalComma = true
		if got, err = load.Check(context.Background(), b.conn(), f, p, time.Minute); err != nil || got.Rejected != 3 || len(got.Problems) != 2 ||
			got.Problems[0].Column != "price" || got.Problems[0].Rows != 2 || got.Problems[1].Column != "" || !strings.HasPrefix(got.Problems[1].Reason, "Column x: There is a zero byte") {
			t.Errorf("%+v %v", got.Problems, err)
		}
	})
}

// slow gives rows without end.
type slow struct{ n int64 }

func (s *slow) Names() []string { return []string{"a"} }
func (s *slow) Next() (intake.Row, error) {
	s.n++
	return intake.Row{Line: s.n, Cells: [][]byte{[]byte("1")}}, nil
}

func TestCancel(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql("create table t (a int primary key); insert into t values (1)")
	p := load.Plan{Columns: []load.Column{{Name: "a", Type: "int"}}}
	for name, c := range map[string]struct {
		plan   load.Plan
		before string // is held while it runs
	}{
		"while rows are sent":    {load.Plan{Table: "u", Create: true}, "select"},
		"while going on":         {load.Plan{Table: "u", Create: true, KeepGoing: true}, "select"},
		"while a lock is waited": {load.Plan{Table: "t", Conflict: load.Skip}, "lock table t"},
	} {
		t.Run(name, func(t *testing.T) {
			holder := b.conn()
			if err := holder.Exec(context.Background(), "begin; "+c.before).Close(); err != nil {
				t.Fatal(err)
			}
			defer holder.Retire()
			ctx, stop := context.WithCancel(context.Background())
			c.plan.Columns = p.Columns
			var begun time.Time
			time.AfterFunc(300*time.Millisecond, func() { begun = time.Now(); stop() })
			_, err := load.Run(ctx, b.conn(), &slow{}, c.plan, load.Hooks{Rejected: func(load.Reject) error { return errors.New("none is bad") }}, &load.Progress{})
			if took := time.Since(begun); apperr.KindOf(err) != apperr.Cancelled || took > 2*time.Second {
				t.Errorf("%v after %v", err, took)
			}
			if b.sql("select to_regclass('u')") != "NULL\n" {
				t.Error("a table is left behind")
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"Product name": "product_name", " ID ": "id", "2020": "_2020", "Größe (cm)": "größe_cm", "%": "column", "a__b": "a_b"} {
		if got := load.ColumnName(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	if got := load.ColumnNames([]string{"a", "A", "a_2"}); fmt.Sprint(got) != "[a a_2 a_2_2]" {
		t.Error(got)
	}
	long := strings.Repeat("x", 80)
	if got := load.ColumnNames([]string{long, long + "y", long + "z"}); got[0] != long[:63] || got[1] != long[:61]+"_2" || got[2] != long[:61]+"_3" {
		t.Errorf("%q", got)
	}
	if got := load.ColumnNames([]string{"ä" + long, "ä" + long, "ctid", "Table OID", "xmin"}); fmt.Sprint(got[2:]) != "[_ctid table_oid _xmin]" || got[1] != "ä"+long[:59]+"_2" {
		t.Errorf("%q", got)
	}
	if got := load.Match([]string{"SKU", "Product name", "roastedOn", "x"}, []string{"name", "roasted_on", "sku", "product_name"}); fmt.Sprintf("%q", got) != `["sku" "product_name" "roasted_on" ""]` {
		t.Errorf("%q", got)
	}
}

// A row may refer to one behind it, also where rows in between do not fit.
func TestKeepGoingRefersToItself(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		const content = "id,boss\n7,6\n6,5\n5,4\nx,1\n4,3\n99,98\n3,2\n2,1\n1,\n1,\n8,77\n9,8\n"
		for _, conflict := range []string{load.Stop, load.Skip} {
			b.sql("drop table if exists t; create table t (id int primary key, boss int references t)")
			f := b.file("a.csv", content, intake.Options{Header: "yes"})
			p := planFor(f, "t", false)
			p.KeepGoing, p.Conflict = true, conflict
			o := b.run(f, p)
			if got := b.sql("select string_agg(id::text, ' ' order by id) from t"); o.err != nil || got != "1 2 3 4 5 6 7\n" || o.Rows != 7 {
				t.Errorf("%q: %+v, %s", conflict, o, got)
			}
			n := len(o.rejects)
			if n < 4 || int64(n) != o.Rejected || !strings.HasPrefix(o.rejects[0], "5 id: ") {
				t.Fatalf("%q", o.rejects)
			}
			for i, want := range []string{"7 : ", "12 : ", "13 : "} { // what was tried again comes last
				if r := o.rejects[n-3+i]; !strings.HasPrefix(r, want) || !strings.Contains(r, "violates foreign key constraint") {
					t.Errorf("%s, want %s", r, want)
				}
			}
		}
	})
}

// Very many rows in the wrong order, of which some do not fit, need no try each.
func TestKeepGoingRefersToItselfAmongMany(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql("create table t (id int primary key, boss int references t)")
	var content strings.Builder
	content.WriteString("id,boss\n")
	const n = 30_000
	for i := n; i > 0; i-- { // each refers to the next
		fmt.Fprintf(&content, "%d,%d\n", i, max(1, i-1))
		if i%10_000 == 1 {
			fmt.Fprintf(&content, "%d,-1\n", n+i)
		}
	}
	f := b.file("a.csv", content.String(), intake.Options{Header: "yes"})
	p := planFor(f, "t", false)
	p.KeepGoing = true
	began := time.Now()
	o := b.run(f, p)
	t.Logf("%v, %+v", time.Since(began), o.Report)
	if o.err != nil || o.Rows != n || o.Rejected != 3 {
		t.Errorf("%+v %v", o.Report, o.err)
	}
}

// A constraint that is looked at only at the COMMIT has nothing imported, and is named.
func TestDeferredConstraint(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		b := newBed(t, s.DB(t))
		b.sql(`create table t (id int constraint once unique deferrable initially deferred, boss int); create table p (id int primary key);
create table c (id int, boss int constraint boss_is_there references p deferrable initially deferred)`)
		for _, c := range []struct{ table, constraint string }{{"t", "once"}, {"c", "boss_is_there"}} {
			for _, keep := range []bool{false, true} {
				f := b.file("a.csv", "id,boss\n1,1\n1,1\n", intake.Options{Header: "yes"})
				p := planFor(f, c.table, false)
				p.KeepGoing = keep
				o := b.run(f, p)
				if o.err == nil || o.Unsure || !strings.Contains(o.err.Title, "The constraint "+c.constraint+" of "+c.table+" is looked at when all rows are there") || !strings.HasPrefix(o.err.Hint, "Nothing was imported.") ||
					o.err.Fields["constraint"] != c.constraint || strings.Contains(o.err.Hint, "initially immediate") != keep {
					t.Errorf("%s, going on %v: %+v", c.table, keep, o.err)
				}
			}
			if got := b.sql("select count(*) from " + c.table); got != "0\n" {
				t.Error(got)
			}
		}
	})
}

// A commit that goes on though it was cancelled may have kept the rows: nobody is told that it has not.
func TestCancelledCommit(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql(`create table t (a int); create function slow() returns trigger language plpgsql as $$ begin
  perform set_config('client_connection_check_interval', '60s', false);
  for i in 1..40 loop begin perform pg_sleep(0.1); exception when query_canceled then null; end; end loop; return null; end $$;
create constraint trigger slow after insert on t deferrable initially deferred for each row execute function slow()`)
	ctx, stop := context.WithCancel(context.Background())
	f := b.file("a.csv", "a\n1\n", intake.Options{})
	r, err := load.Run(ctx, b.conn(), f, load.Plan{Table: "t", Columns: []load.Column{{Name: "a"}}}, load.Hooks{BeforeCommit: func() error {
		time.AfterFunc(300*time.Millisecond, stop)
		return nil
	}}, &load.Progress{})
	if !r.Unsure || apperr.KindOf(err) != apperr.Lost || !strings.Contains(apperr.From(err).Hint, "Look at the table") {
		t.Errorf("%+v, %v", r, err)
	}
	for began := time.Now(); b.sql("select a from t") != "1\n"; time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("it was not kept")
		}
	}
}

// What others have defined on the search path is not run by looking at a table.
func TestFindRunsNothingOfOthers(t *testing.T) {
	t.Parallel()
	b := newBed(t, pgtest.DB(t))
	b.sql(`create table t (a int primary key, b text not null default '', c uuid); create function trap(oid, regclass) returns bool language plpgsql as $$ begin raise 'caught'; end $$;
create operator public.= (leftarg = oid, rightarg = regclass, function = trap)`)
	got, err := load.Find(t.Context(), b.conn(), "", "t")
	if err != nil || len(got.Columns) != 3 || strings.Join(got.Key, ",") != "a" || !got.Columns[1].NotNull || got.Columns[1].Required {
		t.Errorf("%+v, %v", got, err)
	}
}
