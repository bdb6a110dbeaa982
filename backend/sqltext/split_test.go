package sqltext_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"desktop.tusk/backend/sqltext"
)

// show writes a piece as its kind and what would be sent: "S select 1", "M \d", "E"; with data behind COPY as
// "S copy t from stdin [1\n2\n]", and "?" behind what has no end.
func show(src string, p sqltext.Piece) string {
	if p.Kind == sqltext.Empty {
		return "E"
	}
	s := map[sqltext.PieceKind]string{sqltext.Statement: "S ", sqltext.Meta: "M "}[p.Kind] + p.Text(src)
	if p.DataFrom > 0 {
		s += " [" + src[p.DataFrom:p.DataTo] + "]"
	}
	if p.Unterminated {
		s += " ?"
	}
	return s
}

func shown(src string, o sqltext.Options) []string {
	var list []string
	for _, p := range sqltext.Split(src, o) {
		list = append(list, show(src, p))
	}
	return list
}

var splits = []struct {
	name, src string
	want      []string
}{
	{"nothing", "", []string{"E"}},
	{"blanks", " \n\t", []string{"E"}},
	{"a comment alone", "-- no more\n", []string{"E"}},
	{"one", "select 1", []string{"S select 1"}},
	{"one with semicolon", "select 1;", []string{"S select 1"}},
	{"two", "select 1; select 2", []string{"S select 1", "S select 2"}},
	{"rest after the last", "select 1;\n", []string{"S select 1", "E"}},
	{"empty statements", ";; select 1;;", []string{"E", "E", "S select 1", "E"}},
	{"a byte order mark", "\ufeffselect 1; select 2", []string{"S select 1", "S select 2"}},
	{"a byte order mark alone", "\ufeff", []string{"E"}},
	{"a byte order mark before psql's", "\ufeff\\set x 1\nselect 1", []string{"E", `M \set x 1`, "S select 1"}},

	{"quotes", "select ';', 'it''s;'; select 2", []string{"S select ';', 'it''s;'", "S select 2"}},
	{"a backslash is text", `select '\'; select 2`, []string{`S select '\'`, "S select 2"}},
	{"E strings", `select E'\';', e'\\'; select 2`, []string{`S select E'\';', e'\\'`, "S select 2"}},
	{"a name that ends in e", `select note'\'; select 2`, []string{`S select note'\'`, "S select 2"}},
	{"U& strings", `select U&'\';select U&"a;b"`, []string{`S select U&'\'`, `S select U&"a;b"`}},
	{"u & b is an operator", `select u &'a;'; select 2`, []string{`S select u &'a;'`, "S select 2"}},
	{"bit strings", `select B'01', x'1F;', n'a;b'; select 2`, []string{`S select B'01', x'1F;', n'a;b'`, "S select 2"}},
	{"names", `select 1 as "a;""b;"; select 2`, []string{`S select 1 as "a;""b;"`, "S select 2"}},
	{"a backslash in a name", `select 1 as "\"; select 2`, []string{`S select 1 as "\"`, "S select 2"}},

	{"dollar quotes", "select $$a;b$$; select $t$ $$;$$ ; $t $t$; select 3", []string{"S select $$a;b$$", "S select $t$ $$;$$ ; $t $t$", "S select 3"}},
	{"a tag in capitals is another", "select $a$;$A$;$a$; select 2", []string{"S select $a$;$A$;$a$", "S select 2"}},
	{"a tag that is no ASCII", "select $é$;$é$; select 2", []string{"S select $é$;$é$", "S select 2"}},
	{"parameters are no tags", "select $1;$1; select 2", []string{"S select $1", "S $1", "S select 2"}},
	{"a dollar in a name", "select a$b$ from t; select b$b$", []string{"S select a$b$ from t", "S select b$b$"}},
	{"a digit begins no tag", "select $1$; select 2 $1$", []string{"S select $1$", "S select 2 $1$"}},
	{"a lonely dollar", "select $; select 2", []string{"S select $", "S select 2"}},

	{"comments", "select 1 -- ; '\n; select /* ; ' */ 2", []string{"S select 1", "S select /* ; ' */ 2"}},
	{"nested comments", "select /* /* ; */ ; */ 1; select 2", []string{"S select /* /* ; */ ; */ 1", "S select 2"}},
	{"a comment ends at a carriage return", "select 1 -- ;\r; select 2", []string{"S select 1", "S select 2"}},
	{"a hint goes along", "-- what\n/*+ SeqScan(t) */ select 1; select 2", []string{"S /*+ SeqScan(t) */ select 1", "S select 2"}},
	{"an operator before a comment", "select 2*/* ; */3; select 2", []string{"S select 2*/* ; */3", "S select 2"}},
	{"minus minus is a comment", "select 1--1;\n; select 2", []string{"S select 1", "S select 2"}},

	{"a rule", "create rule r as on insert to t do (select 1; select 2); select 3", []string{"S create rule r as on insert to t do (select 1; select 2)", "S select 3"}},
	{"brackets", "select a[1;2]; select 3", []string{"S select a[1;2]", "S select 3"}},
	{"a bracket too much", "select 1); select 2", []string{"S select 1)", "S select 2"}},
	{"an open bracket keeps the rest", "select (1; select 2", []string{"S select (1; select 2"}},

	{"begin atomic", "create function f() returns int begin atomic select 1; select 2; end; select 3",
		[]string{"S create function f() returns int begin atomic select 1; select 2; end", "S select 3"}},
	{"begin atomic with case", "create or replace function f(x int) returns int language sql begin atomic select case x when 1 then case when true then 1 end else 2 end; select 2; end; select 3",
		[]string{"S create or replace function f(x int) returns int language sql begin atomic select case x when 1 then case when true then 1 end else 2 end; select 2; end", "S select 3"}},
	{"begin atomic of a procedure", "CREATE PROCEDURE p() BEGIN ATOMIC; insert into t values (1); END; select 3",
		[]string{"S CREATE PROCEDURE p() BEGIN ATOMIC; insert into t values (1); END", "S select 3"}},
	{"begin alone", "begin; select 1; end; select 2", []string{"S begin", "S select 1", "S end", "S select 2"}},
	{"begin atomic elsewhere", "begin atomic; select 1", []string{"S begin atomic", "S select 1"}},
	{"a column called atomic", "select 1 as begin, atomic; select 2", []string{"S select 1 as begin, atomic", "S select 2"}},
	{"a function that is old", "create function f() returns int as 'begin atomic;' language sql; select 1",
		[]string{"S create function f() returns int as 'begin atomic;' language sql", "S select 1"}},
	{"case outside", "select case when true then 1 end; select 2", []string{"S select case when true then 1 end", "S select 2"}},

	{"copy with data", "copy t from stdin;\n1\tit's;\n2\n\\.\nselect 1", []string{"S copy t from stdin [1\tit's;\n2\n]", "S select 1"}},
	{"copy with CRLF data", "copy t from stdin;\r\n1\r\n\\.\r\nselect 1", []string{"S copy t from stdin [1\r\n]", "S select 1"}},
	{"copy without data", "copy t from stdin; select 1; ", []string{"S copy t from stdin", "S select 1", "E"}},
	{"copy without an end", "copy t from stdin;\n1\n2", []string{"S copy t from stdin", "S 1\n2"}},
	{"copy with no rows", "copy t from stdin;\n\\.\nselect 1", []string{"S copy t from stdin []", "S select 1"}},
	{"copy at the end of the text", "copy t from stdin;", []string{"S copy t from stdin"}},
	{"two copies", "COPY a (x) FROM stdin WITH (FORMAT csv);\n1\n\\.\n\n\nCOPY \"b;\" FROM STDIN;\n2\n\\.\n",
		[]string{"S COPY a (x) FROM stdin WITH (FORMAT csv) [1\n]", "S COPY \"b;\" FROM STDIN [2\n]", "E"}},
	{"a backslash dot in a longer line", "copy t from stdin;\n\\.x\n \\.\n\\.\n", []string{"S copy t from stdin [\\.x\n \\.\n]", "E"}},
	{"copy to stdout", "copy t to stdout;\n1\n\\.\n", []string{"S copy t to stdout", "S 1", `M \.`, "E"}},
	{"copy of a query", "copy (select stdin from stdin) to stdout; select 1", []string{"S copy (select stdin from stdin) to stdout", "S select 1"}},
	{"stdin elsewhere", "select * from stdin;\n1\n\\.\n", []string{"S select * from stdin", "S 1", `M \.`, "E"}},

	{"psql at the start", "\\set ON_ERROR_STOP on\nselect 1;", []string{`M \set ON_ERROR_STOP on`, "S select 1"}},
	{"psql after a statement", "select 1;\n\\d t; x\nselect 2", []string{"S select 1", `M \d t; x`, "S select 2"}},
	{"restrict", "-- dump\n\\restrict 6hYz\n\nset x = 1;\n\\unrestrict 6hYz\n", []string{"E", `M \restrict 6hYz`, "S set x = 1", `M \unrestrict 6hYz`, "E"}},
	{"gx in the middle", "select 1 \\gx\nselect 2", []string{"S select 1", `M \gx`, "S select 2"}},
	{"psql with CRLF", "\\x  \r\nselect 1", []string{`M \x`, "S select 1"}},
	{"psql in a bracket", "select (1 \\g\nselect 2", []string{"S select (1", `M \g`, "S select 2"}},

	{"a quote without end", "select 1; select 'a; b", []string{"S select 1", "S select 'a; b ?"}},
	{"a name without end", "select \"a; b", []string{"S select \"a; b ?"}},
	{"a dollar quote without end", "select $x$ ; $y$", []string{"S select $x$ ; $y$ ?"}},
	{"a comment without end", "select 1; /* ; select 2", []string{"S select 1", "E"}},
	{"an E string without end", `select E'\`, []string{`S select E'\ ?`}},
	{"bytes that are no text", "select '\xff;'; select \xfe", []string{"S select '\xff;'", "S select \xfe"}},
	{"a zero byte", "select \x00; select 2", []string{"S select \x00", "S select 2"}},
}

func TestSplit(t *testing.T) {
	t.Parallel()
	for _, c := range splits {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := shown(c.src, sqltext.Options{}); !slices.Equal(got, c.want) {
				t.Errorf("%q\n got %q\nwant %q", c.src, got, c.want)
			}
			tiles(t, c.src, sqltext.Split(c.src, sqltext.Options{}))
		})
	}
}

func TestSplitWithBackslashQuotes(t *testing.T) {
	t.Parallel()
	for src, want := range map[string][]string{
		`select '\';'; select 2`:   {`S select '\';'`, "S select 2"},
		`select '\\'; select 2`:    {`S select '\\'`, "S select 2"},
		`select "\"; select 2`:     {`S select "\"`, "S select 2"},
		`select B'\';'; select 2`:  {`S select B'\';'`, "S select 2"},
		`select $$\$$; select '1'`: {`S select $$\$$`, "S select '1'"},
	} {
		if got := shown(src, sqltext.Options{BackslashQuotes: true}); !slices.Equal(got, want) {
			t.Errorf("%q\n got %q\nwant %q", src, got, want)
		}
	}
}

func TestCopyIn(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]bool{
		"copy t from stdin": true, "copy t from stdin;\n1\n\\.": true, "COPY t (a, b) FROM STDIN csv;": true,
		"copy t to stdout": false, "copy t from 'stdin'": false, "select * from stdin": false, "copy t from program 'x'": false,
	} {
		if got := sqltext.Split(src, sqltext.Options{})[0].CopyIn; got != want {
			t.Errorf("%q: CopyIn %v, want %v", src, got, want)
		}
	}
}

// tiles fails the test unless the pieces are src, cut without loss, and each one's parts are in order inside it.
func tiles(t *testing.T, src string, pieces []sqltext.Piece) {
	t.Helper()
	at := 0
	for i, p := range pieces {
		switch {
		case p.From != at || p.To < p.From || p.To == p.From && src != "":
			t.Fatalf("piece %d is [%d,%d), after %d, of %q", i, p.From, p.To, at, src)
		case p.Send < p.From || p.Start < p.Send || p.End < p.Start || p.End > p.To:
			t.Fatalf("piece %d: Send %d, Start %d, End %d in [%d,%d) of %q", i, p.Send, p.Start, p.End, p.From, p.To, src)
		case p.Kind != sqltext.Empty && p.End == p.Start:
			t.Fatalf("piece %d has nothing to run in %q", i, src)
		case p.DataFrom != 0 && (p.DataFrom < p.End || p.DataTo < p.DataFrom || p.DataTo > p.To || !p.CopyIn):
			t.Fatalf("piece %d: data [%d,%d) in [%d,%d) of %q", i, p.DataFrom, p.DataTo, p.From, p.To, src)
		case p.DataFrom == 0 && p.DataTo != 0:
			t.Fatalf("piece %d: data to %d from nowhere in %q", i, p.DataTo, src)
		}
		at = p.To
	}
	if at != len(src) {
		t.Fatalf("the pieces end at %d of %d in %q", at, len(src), src)
	}
}

func FuzzSplit(f *testing.F) {
	for _, c := range splits {
		f.Add(c.src, false)
		f.Add(c.src, true)
	}
	f.Fuzz(func(t *testing.T, src string, backslash bool) {
		o := sqltext.Options{BackslashQuotes: backslash}
		pieces := sqltext.Split(src, o)
		tiles(t, src, pieces)
		for _, p := range pieces {
			text := p.Text(src)
			if p.Kind != sqltext.Statement || strings.HasPrefix(text, "\ufeff") {
				continue
			}
			again := sqltext.Split(text, o)
			if len(again) != 1 || again[0].Kind != sqltext.Statement || again[0].Text(text) != text {
				t.Fatalf("%q of %q splits again into %d: %q", text, src, len(again), shown(text, o))
			}
			sqltext.Words(text, 5)
			sqltext.NeedsNoBegin(text)
			if head := sqltext.Head(text, 20); utf8.RuneCountInString(head) > 21 || strings.ContainsAny(head, "\n\r\t") {
				t.Fatalf("Head(%q) = %q", text, head)
			}
			if same, args := sqltext.BindNamed(text, map[string]*string{"no such": nil}); same != text || args != nil {
				t.Fatalf("BindNamed changed %q to %q", text, same)
			}
		}
		for _, at := range []int{0, len(src) / 2, len(src)} {
			if i := sqltext.At(src, pieces, at); i >= len(pieces) || i >= 0 && pieces[i].Kind == sqltext.Empty {
				t.Fatalf("At(%q, %d) = %d", src, at, i)
			}
		}
	})
}

func TestAt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ src, want string }{ // | is the cursor
		{"|select 1; select 2", "S select 1"},
		{"sel|ect 1; select 2", "S select 1"},
		{"select 1|; select 2", "S select 1"},
		{"select 1;| select 2", "S select 1"},
		{"select 1; |select 2", "S select 2"},
		{"select 1;|select 2", "S select 2"},
		{"select 1;\n|\nselect 2", "S select 2"},
		{"select 1; -- so\n|select 2", "S select 2"},
		{"select 1; -- s|o\nselect 2", "S select 1"},
		{"-- fir|st\nselect 1", "S select 1"},
		{"/* fir|st */ select 1", "S /* first */ select 1"},
		{"select 1;\n\n|", "S select 1"},
		{"select 1;\r|\r\nselect 2", "S select 2"},
		{"select 1;; |; select 2", "S select 1"},
		{"|", ""},
		{"-- nothing|\n;;", ""},
		{"select 1 \\g|x\nselect 2", `M \gx`},
		{"copy t from stdin;\n1|\n2\n\\.\nselect 1", "S copy t from stdin [1\n2\n]"},
		{"copy t from stdin;\n1\n2\n\\.\n|select 1", "S select 1"},
		{"select '|;'; select 2", "S select ';'"},
	} {
		cursor := strings.IndexByte(c.src, '|')
		src := c.src[:cursor] + c.src[cursor+1:]
		pieces := sqltext.Split(src, sqltext.Options{})
		got := ""
		if i := sqltext.At(src, pieces, cursor); i >= 0 {
			got = show(src, pieces[i])
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.src, got, c.want)
		}
	}
}

// BenchmarkSplit shows that the time goes with the length: each form has about a megabyte, and the numbers of MB/s are
// to be of one order.
func BenchmarkSplit(b *testing.B) {
	const size = 1 << 20
	for name, unit := range map[string]string{
		"statements": "select 1;\n", "copies without end": "copy t from stdin;\n", "dollars": "$a ", "open tags": "$a$;",
		"open comments": "/* ", "brackets": "(", "psql": "\\x\n", "one string": "it''s ",
	} {
		src := strings.Repeat(unit, size/len(unit))
		if name == "one string" {
			src = "'" + src
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				sqltext.Split(src, sqltext.Options{})
			}
		})
	}
}

func ExampleSplit() {
	src := "select 1; -- one\nselect 2"
	for _, p := range sqltext.Split(src, sqltext.Options{}) {
		fmt.Println(p.Text(src))
	}
	// Output:
	// select 1
	// select 2
}
