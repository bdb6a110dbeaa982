package sqltext_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"desktop.tusk/backend/sqltext"
)

func TestCursor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src         string // up to the place that is meant
		units, line int
	}{
		{"", 0, 1},
		{"abc", 3, 1},
		{"a\nb", 3, 2},
		{"a\r\nb", 4, 2},
		{"a\r\n\r\n", 5, 3},
		{"a\rb", 3, 2},
		{"a\r\rb", 4, 3},
		{"é", 1, 1},
		{"€\n", 2, 2},
		{"😀", 2, 1},
		{"😀\n😀", 5, 2},
		{"\xff\xfe", 2, 1},
		{"\xf0\x9f", 2, 1}, // a character that is cut off
	} {
		src := c.src + "rest"
		if units, line := sqltext.NewCursor(src).To(len(c.src)); units != c.units || line != c.line {
			t.Errorf("%q: unit %d, line %d; want %d, %d", c.src, units, line, c.units, c.line)
		}
		if utf8.ValidString(c.src) {
			if at := sqltext.ByteOfUnit(src, c.units); at != len(c.src) {
				t.Errorf("%q: unit %d is at byte %d, want %d", c.src, c.units, at, len(c.src))
			}
		}
		if at := sqltext.ByteOfChar(src, utf8.RuneCountInString(c.src)+1); at != len(c.src) {
			t.Errorf("%q: its last character ends at byte %d, want %d", c.src, at, len(c.src))
		}
	}
}

func TestCursorOutside(t *testing.T) {
	t.Parallel()
	c := sqltext.NewCursor("a😀b\n")
	for _, step := range []struct{ to, units, line int }{
		{99, 5, 2}, {-1, 0, 1}, {3, 1, 1}, {6, 4, 1}, {2, 1, 1}, // forth, back, and inside a character
	} {
		if units, line := c.To(step.to); units != step.units || line != step.line {
			t.Errorf("byte %d: unit %d, line %d; want %d, %d", step.to, units, line, step.units, step.line)
		}
	}
	for unit, want := range map[int]int{-1: 0, 0: 0, 1: 1, 3: 5, 4: 6, 99: 7} {
		if got := sqltext.ByteOfUnit("a😀b\n", unit); got != want {
			t.Errorf("unit %d is at byte %d, want %d", unit, got, want)
		}
	}
	for char, want := range map[int]int{-5: 0, 0: 0, 1: 0, 2: 1, 3: 5, 99: 7} {
		if got := sqltext.ByteOfChar("a😀b\n", char); got != want {
			t.Errorf("character %d is at byte %d, want %d", char, got, want)
		}
	}
}

func FuzzCursor(f *testing.F) {
	for _, s := range []string{"", "a\r\nb", "😀é\r\r\n", "\xff\xf0\x9f\n"} {
		f.Add(s, 1, 3)
	}
	f.Fuzz(func(t *testing.T, src string, a, b int) {
		c := sqltext.NewCursor(src)
		for _, at := range []int{a, b, a} {
			units, line := c.To(at)
			fresh, freshLine := sqltext.NewCursor(src).To(at)
			if units != fresh || line != freshLine {
				t.Fatalf("%q at %d: unit %d, line %d on the way, %d, %d from the start", src, at, units, line, fresh, freshLine)
			}
			whole := min(max(at, 0), len(src))
			for whole > 0 && whole < len(src) && utf8.ValidString(src) && !utf8.RuneStart(src[whole]) {
				whole--
			}
			if utf8.ValidString(src) {
				if want := len(utf16.Encode([]rune(src[:whole]))); units != want {
					t.Fatalf("%q at %d: unit %d, want %d", src, at, units, want)
				}
				if back := sqltext.ByteOfUnit(src, units); back != whole {
					t.Fatalf("%q: unit %d is at byte %d, want %d", src, units, back, whole)
				}
			}
		}
		if n := sqltext.ByteOfChar(src, a); n < 0 || n > len(src) {
			t.Fatalf("%q: character %d is at byte %d", src, a, n)
		}
	})
}

func TestWords(t *testing.T) {
	t.Parallel()
	for src, want := range map[string][]string{
		"":                                 nil,
		"SELECT 1":                         {"select"},
		"/* a */ Create -- b\n OR Replace": {"create", "or", "replace"},
		`drop "table" x`:                   {"drop"},
		"(select 1)":                       nil,
		"create unique index concurrently i on t": {"create", "unique", "index", "concurrently"},
	} {
		if got := sqltext.Words(src, 4); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func TestNeedsNoBegin(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]bool{
		"begin": true, "START TRANSACTION": true, "commit": true, "end": true, "rollback to savepoint s": true, "abort": true,
		"prepare transaction 'x'": true, "prepare p as select 1": false, "vacuum analyze t": true, "select 1": false,
		"create database d": true, "create tablespace s location '/x'": true, "create table t ()": false,
		"create index concurrently on t (a)": true, "create index on t (a)": false, "create unique index concurrently i on t (a)": true,
		"create unique index i on t (a)": false, "drop database d": true, "drop index concurrently i": true, "drop index i": false,
		"drop table t": false, "reindex database d": true, "reindex system d": true, "reindex table concurrently t": true,
		"reindex table t": false, "discard all": true, "discard temp": false, "alter system set x = 1": true,
		"/* so */ vacuum": true, `"vacuum"`: false,
		// As psql: a table may be clustered inside a transaction, and so may most of a database's settings be changed.
		"cluster": true, "cluster t using i": false, "alter database d set work_mem = '1MB'": false,
	} {
		if got := sqltext.NeedsNoBegin(src); got != want {
			t.Errorf("%q: %v, want %v", src, got, want)
		}
	}
}

func TestIsCommitAndReads(t *testing.T) {
	t.Parallel()
	for src, want := range map[string][2]bool{
		"commit": {true, false}, "END": {true, false}, "commit and chain": {true, false}, "commit prepared 'x'": {false, false},
		"rollback": {false, false}, "select 1": {false, true}, "(select 1) union select 2": {false, true}, "( ( SELECT 1 ) )": {false, true},
		"/* so */ (select 1)": {false, true}, "(delete": {false, false}, "values (1)": {false, true}, "table t": {false, true},
		"update t set a = 1": {false, false}, "with x as (delete from t returning 1) select 1": {false, false}, "": {false, false},
	} {
		if got := [2]bool{sqltext.IsCommit(src), sqltext.Reads(src)}; got != want {
			t.Errorf("%q: commits, reads = %v, want %v", src, got, want)
		}
	}
}

func TestHead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		src  string
		n    int
		want string
	}{
		{"select  1", 20, "select 1"},
		{"-- who\nselect /* what */\n\t1", 20, "select 1"},
		{"select 1", 8, "select 1"},
		{"select 12", 8, "select 1…"},
		{"select 'a\nb'", 20, "select 'a b'"},
		{"ééééé", 3, "ééé…"},
		{"😀😀", 2, "😀😀"},
		{"", 5, ""},
	} {
		if got := sqltext.Head(c.src, c.n); got != c.want {
			t.Errorf("Head(%q, %d) = %q, want %q", c.src, c.n, got, c.want)
		}
	}
}

func TestBindNamed(t *testing.T) {
	t.Parallel()
	values := texts(map[string]string{"a": "1", "b": "2", "int": "no", "é": "3", "2": "two"})
	values["n"] = nil
	for _, c := range []struct {
		src, want string
		args      []string
	}{
		{"select :a, :b, :a", "select $1, $2, $1", []string{"1", "2"}},
		{"select :b+:a", "select $1+$2", []string{"2", "1"}},
		{"select :c", "select :c", nil},
		{"select 1::int, x :: int", "select 1::int, x :: int", nil},
		{"select :a::int", "select $1::int", []string{"1"}},
		{"select x[1:2], x[:2], x[y:z]", "select x[1:2], x[:2], x[y:z]", nil},
		{"select x[:a:2]", "select x[$1:2]", []string{"1"}},
		{"select ':a', E'\\':a', \":a\", $$:a$$, $q$:a$q$", "select ':a', E'\\':a', \":a\", $$:a$$, $q$:a$q$", nil},
		{"select 1 -- :a\n/* :b */", "select 1 -- :a\n/* :b */", nil},
		{"select f(x := :a)", "select f(x := $1)", []string{"1"}},
		{"select :é", "select $1", []string{"3"}},
		{"select :ab", "select :ab", nil},
		{"select :A", "select :A", nil},
		{"select $1, $2, :a, $2", "select $1, $1, $2, $1", []string{"two", "1"}},
		{"select :n::int", "select $1::int", []string{"NULL"}},
	} {
		got, bound := sqltext.BindNamed(c.src, values)
		var args []string
		for _, a := range bound {
			if a == nil {
				null := "NULL"
				a = &null
			}
			args = append(args, *a)
		}
		if got != c.want || !slices.Equal(args, c.args) {
			t.Errorf("%q: %q %q, want %q %q", c.src, got, args, c.want, c.args)
		}
	}
	if got, args := sqltext.BindNamed("select :a", nil); got != "select :a" || args != nil {
		t.Errorf("without values: %q, %d values", got, len(args))
	}
}

func texts(m map[string]string) map[string]*string {
	out := map[string]*string{}
	for k, v := range m {
		out[k] = &v
	}
	return out
}

func TestParameters(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"select :b, $2, :a, :b, $1::int": "b 2 a 1", "select 1::int, ':a', x[1:2]": "", "prepare p as select $1": "", "-- :c\nselect :d": "d",
		"create function f(int) returns int begin atomic select $1; end": "", "do $$ select :x $$": "", "": "",
	} {
		if got := strings.Join(sqltext.Parameters(src), " "); got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func TestByteOfBound(t *testing.T) {
	t.Parallel()
	values := texts(map[string]string{"long_name": "1", "a": "2"})
	const stmt = "select 'é', :long_name, x + :a, :long_name, nosuch, :other"
	bound, _ := sqltext.BindNamed(stmt, values)
	for _, word := range []string{"select", "'é'", "x", "+", "nosuch", ":other"} {
		char := utf8.RuneCountInString(bound[:strings.Index(bound, word)]) + 1
		if got, want := sqltext.ByteOfBound(stmt, values, char), strings.Index(stmt, word); got != want {
			t.Errorf("%s is found at %d, not %d", word, got, want)
		}
	}
	for _, c := range []struct {
		char int
		want int
	}{{utf8.RuneCountInString(bound[:strings.Index(bound, "$1")]) + 2, strings.Index(stmt, ":long_name")}, {-3, 0}, {0, 0}, {999, len(stmt)}} {
		if got := sqltext.ByteOfBound(stmt, values, c.char); got != c.want {
			t.Errorf("character %d is at %d, not %d", c.char, got, c.want)
		}
	}
	if got := sqltext.ByteOfBound("é x", nil, 3); got != 3 {
		t.Errorf("without values: %d", got)
	}
}

// TestLexer looks at the kinds of token in a text that has all of them.
func TestLexer(t *testing.T) {
	t.Parallel()
	const src = `a "b" 'c' $$d$$ 1.5e-3 0x1F 1..2 $1 :p :: (x)[1]; \z -- e` + "\n/*f*/ U&\"g\""
	names := map[sqltext.TokenKind]string{
		sqltext.Comment: "comment", sqltext.Word: "word", sqltext.Name: "name", sqltext.String: "string", sqltext.Number: "number",
		sqltext.Param: "param", sqltext.Operator: "operator", sqltext.Open: "open", sqltext.Close: "close",
		sqltext.Semicolon: "semicolon", sqltext.Backslash: "backslash",
	}
	var got []string
	seen := map[string]bool{}
	l := sqltext.NewLexer(src)
	for at := 0; ; {
		tok, ok := l.Next()
		if !ok {
			break
		}
		if tok.From != at {
			t.Fatalf("a token begins at %d, the one before it ended at %d", tok.From, at)
		}
		at = tok.To
		if tok.Kind != sqltext.Blank {
			got = append(got, names[tok.Kind]+" "+src[tok.From:tok.To])
			seen[names[tok.Kind]] = true
		}
	}
	want := strings.Split(`word a|name "b"|string 'c'|string $$d$$|number 1.5e-3|number 0x1F|number 1|operator .|number .2|param $1|param :p|operator :|operator :|open (|word x|close )|open [|number 1|close ]|semicolon ;|backslash \|word z|comment -- e|comment /*f*/|name U&"g"`, "|")
	if !slices.Equal(got, want) {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if len(seen) != len(names) {
		t.Errorf("only %v were seen", slices.Sorted(maps.Keys(seen)))
	}
}
