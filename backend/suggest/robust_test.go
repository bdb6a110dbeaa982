package suggest_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"desktop.tusk/backend/suggest"
)

// corpus is SQL of all kinds: what the splitter is tested with, the sample database's files in pieces, and the cases here.
func corpus(t testing.TB) (list []string) {
	t.Helper()
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, "../sqltext/split_test.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && len(s) > 3 {
				list = append(list, s)
			}
		}
		return true
	})
	names, err := filepath.Glob("../localpg/sample/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal("no sample files", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range strings.SplitAfter(string(b), ";\n") {
			list = append(list, s[:min(len(s), 900)])
		}
	}
	for _, name := range []string{"at", "about", "signatures", "expand", "nearest"} {
		b, err := os.ReadFile("testdata/" + name + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(string(b), "\n") {
			if len(line) > 3 && line[1] != ' ' && line[0] != '#' {
				list = append(list, strings.ReplaceAll(strings.ReplaceAll(line, "|", ""), `\n`, "\n"))
			}
		}
	}
	return list
}

// sound fails the test unless every answer about a text and a cursor is inside of the text and well formed.
func sound(t testing.TB, w suggest.Names, text string, cursor int) {
	t.Helper()
	n := units(text)
	c := suggest.At(w, text, cursor, suggest.Options{})
	if c.Items == nil || c.From < 0 || c.From > c.To || c.To > n || c.From > cursor && cursor <= n {
		t.Fatalf("%q at %d: replaces [%d, %d) of %d", text, cursor, c.From, c.To, n)
	}
	for _, s := range c.Items {
		if s.Label == "" || s.Apply == "" || s.Kind == "" || utf8.ValidString(text) && !utf8.ValidString(s.Apply) || strings.Count(s.Apply, "${}") > 1 {
			t.Fatalf("%q at %d: %+v", text, cursor, s)
		}
	}
	a := suggest.AboutAt(w, text, cursor)
	if a.Kind != "" && (a.From > a.To || a.To > n || a.Name == "") {
		t.Fatalf("%q at %d: %+v", text, cursor, a)
	}
	if g := suggest.SignaturesAt(w, text, cursor); g.Choices == nil || g.Argument < 0 {
		t.Fatalf("%q at %d: %+v", text, cursor, g)
	}
	if e := suggest.Expand(w, text, cursor); e.From > e.To || e.To > max(n, cursor) {
		t.Fatalf("%q at %d: %+v", text, cursor, e)
	}
	for _, code := range []string{"42703", "42P01", "42883", "42704", "3F000"} {
		for _, place := range []int{cursor, -1} {
			for _, f := range suggest.Nearest(w, text, place, code).Near {
				if f.From >= f.To || f.To > n || f.Text == "" {
					t.Fatalf("%q at %d, %s: %+v", text, place, code, f)
				}
			}
		}
	}
}

// TestEveryPrefix completes every beginning of every statement, as it is typed, and every place of the whole.
func TestEveryPrefix(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	list := corpus(t)
	if len(list) < 500 {
		t.Fatalf("only %d statements", len(list))
	}
	answered := 0
	for _, text := range list {
		if !utf8.ValidString(text) {
			continue
		}
		for i := range text {
			prefix := text[:i]
			c := suggest.At(w, prefix, units(prefix), suggest.Options{})
			if len(c.Items) > 0 {
				answered++
			}
			if i%7 == 0 {
				sound(t, w, prefix, units(prefix))
			}
			if i%5 == 0 {
				sound(t, w, text, units(prefix))
			}
		}
	}
	if answered < 10000 {
		t.Errorf("only %d prefixes had an answer", answered)
	}
}

func FuzzAt(f *testing.F) {
	for i, s := range corpus(f) {
		if i%5 == 0 {
			f.Add(s, len(s)/2)
		}
	}
	f.Add("((((((((((((select", 18)
	f.Add(strings.Repeat("(select * from ", 400), 5000)
	f.Add("with a as (select 1 as x), b as (select * from a, a c), d as (select * from b, b e) select from d", 60)
	w := roastery(f)
	f.Fuzz(func(t *testing.T, text string, at int) {
		if len(text) > 20000 {
			return
		}
		sound(t, w, text, max(0, min(at, len(text))))
		sound(t, w, text, units(text))
	})
}

// TestDeepAndWide reads what would cost the most if anything grew faster than the text.
func TestDeepAndWide(t *testing.T) {
	t.Parallel()
	w := roastery(t)
	doubling := "with t0 as (select * from orders)"
	for i := range 60 {
		doubling += fmt.Sprintf(", t%d as (select * from t%d a, t%d b)", i+1, i, i)
	}
	empty := "with t0 as (select * from nosuch)"
	for i := range 60 {
		empty += fmt.Sprintf(", t%d as (select * from t%d a, t%d b)", i+1, i, i)
	}
	for _, text := range []string{
		doubling + " select  from t60", empty + " select  from t60", strings.Repeat("(", 100_000), strings.Repeat("select (", 30_000), strings.Repeat("case when ", 50_000),
		strings.Repeat("select * from (", 30_000), "select " + strings.Repeat("a, ", 100_000) + " from orders", strings.Repeat(`"`, 99_999), strings.Repeat("$$", 50_001),
	} {
		at := len(text) - len(" from t60")
		suggest.At(w, text, max(0, at), suggest.Options{})
		suggest.At(w, text, len(text), suggest.Options{})
		suggest.AboutAt(w, text, len(text))
		suggest.SignaturesAt(w, text, len(text))
	}
}

// big is a catalog of 20,000 tables with ten columns each.
func big() *world {
	w := newWorld()
	w.path = []string{"pg_catalog", "public"}
	w.schemas = []suggest.Schema{{Name: "pg_catalog", System: true}}
	for s := range 20 {
		name := fmt.Sprintf("area_%02d", s)
		if s == 0 {
			name = "public"
		}
		w.schemas = append(w.schemas, suggest.Schema{Name: name})
		for i := range 1000 {
			rel := suggest.Relation{OID: uint32(20000 + s*1000 + i), Schema: name, Name: fmt.Sprintf("order_part_%04d", i), Kind: 'r', Rows: i}
			w.add(rel)
			for c := range 10 {
				w.columns[rel.OID] = append(w.columns[rel.OID], suggest.Column{Name: fmt.Sprintf("column_%d", c), Type: "text"})
			}
			if i > 0 {
				fk := suggest.ForeignKey{Name: fmt.Sprintf("fk_%d", i), From: rel.OID, To: rel.OID - 1, Columns: []string{"column_1"}, ToColumns: []string{"column_0"}}
				w.keys[rel.OID] = append(w.keys[rel.OID], fk)
				w.keys[rel.OID-1] = append(w.keys[rel.OID-1], fk)
			}
		}
	}
	for i := range 3300 {
		w.functions["pg_catalog"] = append(w.functions["pg_catalog"], suggest.Function{Schema: "pg_catalog", Name: fmt.Sprintf("fn_%04d", i), Kind: 'f', Arguments: []string{"a integer"}, Result: "text"})
	}
	return w
}

// BenchmarkAt is one key's work with 20,000 tables: it has to stay below 30 ms.
func BenchmarkAt(b *testing.B) {
	w := big()
	script := strings.Repeat("select a, b from order_part_0001 o where o.column_1 = 'it is a line of a script' and true;\n", 11_000)
	one := "insert into order_part_0001 values " + strings.Repeat("(1, 'some text', now()), ", 40_000)
	for _, c := range []struct{ name, text, after string }{
		{"from", "select * from ", ""},
		{"from o", "select * from o", ""},
		{"from fuzzy", "select * from ordp99", ""},
		{"column", "select c", " from order_part_0001 o join order_part_0002 p on true"},
		{"join", "select * from order_part_0500 o join ", ""},
		{"1 MB of statements", script[:500_000] + ";\nselect * from order_part_0001 o where o.", script[500_000:]},
		{"1 MB of one statement", one, ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				suggest.At(w, c.text+c.after, len(c.text), suggest.Options{})
			}
		})
	}
	b.Run("nearest", func(b *testing.B) {
		for b.Loop() {
			suggest.Nearest(w, "select * from oder_part_0001", 14, "42P01")
		}
	})
}
