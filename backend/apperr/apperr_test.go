package apperr_test

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"github.com/jackc/pgx/v5/pgconn"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file, or writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		lines, wants := strings.Split(got, "\n"), strings.Split(string(want), "\n")
		for i := range min(len(lines), len(wants)) {
			if lines[i] != wants[i] {
				t.Fatalf("%s, line %d:\n got %s\nwant %s\nIf it is meant: go test ./backend/apperr -update", path, i+1, lines[i], wants[i])
			}
		}
		t.Fatalf("%s: %d lines, want %d", path, len(lines), len(wants))
	}
}

// TestKinds keeps what is said for each kind: who changes a sentence sees it here.
func TestKinds(t *testing.T) {
	t.Parallel()
	list := apperr.Kinds()
	slices.Sort(list)
	var b strings.Builder
	for _, k := range list {
		e := apperr.E(k, "")
		fmt.Fprintf(&b, "%s (%s", k, e.Group)
		if e.Retryable {
			b.WriteString(", may be tried again")
		}
		fmt.Fprintf(&b, ")\n  %s\n  %s\n", e.Title, e.Hint)
	}
	golden(t, "kinds", b.String())
}

// TestStates keeps what becomes of each SQLSTATE.
func TestStates(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, code := range slices.Sorted(maps.Keys(apperr.States())) {
		e := apperr.Server(&pgconn.PgError{Code: code, Message: "m"})
		fmt.Fprintf(&b, "%-5s %s\n  %s\n  %s\n", code, e.Kind, e.Title, e.Hint)
	}
	golden(t, "states", b.String())
}

func TestStateKind(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]apperr.Kind{
		"": apperr.Query, "0": apperr.Query, "ZZ000": apperr.Query, "42P01": apperr.Missing, "42601": apperr.Syntax, "42XYZ": apperr.Syntax,
		"23505": apperr.Constraint, "57014": apperr.Cancelled, "57P01": apperr.Shutdown, "57XYZ": apperr.Query, "40001": apperr.Serialize,
		"40P01": apperr.Deadlock, "25P02": apperr.TxFailed, "25006": apperr.ReadOnly, "25001": apperr.TxState, "55P03": apperr.LockTimeout,
		"53300": apperr.TooMany, "53100": apperr.ResServer, "28P01": apperr.AuthFailed, "28000": apperr.AuthRule, "08006": apperr.Lost, "08P01": apperr.Protocol,
	} {
		if got := apperr.StateKind(code); got != want {
			t.Errorf("%q is %s, want %s", code, got, want)
		}
	}
}

// TestEveryKindHasARow reads the source: a kind that is declared and forgotten in the table would be shown as "internal".
func TestEveryKindHasARow(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "kind.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	list := apperr.Kinds()
	declared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || fmt.Sprint(spec.Type) != "Kind" {
			return true
		}
		declared++
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || !slices.Contains(list, apperr.Kind(value)) {
			t.Errorf("%s = %q has no row", spec.Names[0], value)
		}
		return true
	})
	if declared != len(list) {
		t.Errorf("%d kinds are declared, %d have a row", declared, len(list))
	}
}

var (
	rude   = regexp.MustCompile(`(?i)\b(please|oops|sorry|failed to|unable to|invalid|illegal|error occurred|unknown error|you must)\b|!`)
	raw    = regexp.MustCompile(`%[!vsdq]|\bnil\b|EOF|\bpgx\b|goroutine|x509|  `)
	sinful = regexp.MustCompile(`[a-z]\.[A-Z]`) // two sentences without a blank
)

// speech tells what is wrong with a text that a person is shown; "" if nothing.
func speech(text string, final bool) string {
	switch {
	case rude.MatchString(text):
		return "it says " + rude.FindString(text)
	case raw.MatchString(text):
		return "it shows " + raw.FindString(text)
	case sinful.MatchString(text):
		return "a blank is missing at " + sinful.FindString(text)
	case strings.TrimSpace(text) != text:
		return "blanks around it"
	case final && !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, "?"):
		return "it is no sentence"
	}
	return ""
}

// TestSpeech holds every text of the tables against the rules of speech; SC-004 wants a hint for all that may go wrong
// on the way to a server.
func TestSpeech(t *testing.T) {
	t.Parallel()
	look := func(where string, e *apperr.Error) {
		t.Helper()
		for what, text := range map[string]string{"title": e.Title, "hint": e.Hint} {
			if bad := speech(text, false); bad != "" {
				t.Errorf("the %s of %s: %s: %q", what, where, bad, text)
			}
		}
		if !strings.HasSuffix(e.Title, ".") {
			t.Errorf("the title of %s is no sentence: %q", where, e.Title)
		}
		if e.Hint == "" {
			t.Errorf("%s has no hint", where)
		}
	}
	for _, k := range apperr.Kinds() {
		e := apperr.E(k, "")
		look(string(k), e)
		if bad := speech(e.Hint, true); bad != "" && k != apperr.StmtTimeout {
			t.Errorf("the hint of %s: %s: %q", k, bad, e.Hint)
		}
		if e.Group == "" || e.Group != k.Group() || e.Kind != k {
			t.Errorf("%s has group %q", k, e.Group)
		}
	}
	for code := range apperr.States() {
		look(code, apperr.Server(&pgconn.PgError{Code: code, Message: "m"}))
	}
}

// TestSpeechEverywhere reads the sources for the texts of errors that are made elsewhere: the literals in calls of
// apperr.E and of its options.
func TestSpeechEverywhere(t *testing.T) {
	t.Parallel()
	seen := 0
	err := filepath.WalkDir("..", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || fmt.Sprint(sel.X) != "apperr" {
				return true
			}
			at := map[string]int{"E": 1, "Hint": 0}
			i, ok := at[sel.Sel.Name]
			if !ok || len(call.Args) <= i {
				return true
			}
			text, whole := literal(call.Args[i])
			if text == "" {
				return true
			}
			seen++
			text = strings.NewReplacer("%s", "x", "%d", "1", "%q", "x", "%v", "x", "%%", "%").Replace(text)
			if bad := speech(text, whole && sel.Sel.Name == "E"); bad != "" {
				t.Errorf("%s: %s: %q", set.Position(call.Pos()), bad, text)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Errorf("only %d texts were found: does this test still look in the right places?", seen)
	}
}

// literal is the text of a literal, or of the format of a Sprintf; whole says that nothing is added behind it.
func literal(x ast.Expr) (text string, whole bool) {
	switch x := x.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		return s, err == nil
	case *ast.CallExpr:
		if sel, ok := x.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Sprintf" {
			return literal(x.Args[0])
		}
	case *ast.BinaryExpr:
		s, _ := literal(x.X)
		end, whole := literal(x.Y)
		return s + "x" + end, whole
	}
	return "", false
}

func TestErrors(t *testing.T) {
	t.Parallel()
	cause := fmt.Errorf("read: %w", io.ErrUnexpectedEOF)
	e := apperr.E(apperr.Lost, "It is gone.", apperr.Cause(cause), apperr.Message("m"), apperr.Op("a.b"), apperr.Position(0), apperr.Field("host", "h"), apperr.Field("none", ""))
	wrapped := fmt.Errorf("run: %w", e)
	if apperr.From(wrapped) != e || !errors.Is(wrapped, io.ErrUnexpectedEOF) || apperr.KindOf(wrapped) != apperr.Lost {
		t.Error("the chain is broken")
	}
	if e.Position == nil || *e.Position != 0 {
		t.Error("place 0 is a place")
	}
	if _, there := e.Fields["none"]; there || e.Fields["host"] != "h" {
		t.Errorf("%v", e.Fields)
	}
	if got := e.Error(); got != "It is gone. m" {
		t.Errorf("%q", got)
	}
	if apperr.From(nil) != nil || apperr.KindOf(nil) != "" {
		t.Error("no error became one")
	}
	other := apperr.From(context.Canceled)
	if other.Kind != apperr.Internal || strings.Contains(other.Title+other.Message+other.Hint, "context") || !errors.Is(other, context.Canceled) {
		t.Errorf("%+v", other)
	}
	if unknown := apperr.E("no such kind", ""); unknown.Kind != apperr.Internal || unknown.Title == "" {
		t.Errorf("%+v", unknown)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	const hidden = "the cause, with a path"
	for _, err := range []error{errors.New(hidden), apperr.E(apperr.File, "x", apperr.Cause(errors.New(hidden))), fmt.Errorf("%s: %w", hidden, apperr.E(apperr.DNS, ""))} {
		s := apperr.JSON(err)
		if strings.Contains(s, hidden) {
			t.Errorf("the cause shows: %s", s)
		}
		var back map[string]any
		if err := json.Unmarshal([]byte(s), &back); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"kind", "group", "title", "retryable"} {
			if _, there := back[key]; !there {
				t.Errorf("no %s in %s", key, s)
			}
		}
		if _, there := back["position"]; there {
			t.Errorf("a place from nowhere in %s", s)
		}
	}
	if s := apperr.JSON(apperr.E(apperr.Syntax, "", apperr.Position(0))); !strings.Contains(s, `"position":0`) {
		t.Errorf("place 0 is missing: %s", s)
	}
	if s := apperr.JSON(apperr.E(apperr.Syntax, "", apperr.Message("a\xffb"))); !json.Valid([]byte(s)) {
		t.Errorf("%s", s)
	}
}

func TestServer(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("é", 1<<20)
	e := apperr.Server(&pgconn.PgError{
		Code: "23505", Severity: "FEHLER", SeverityUnlocalized: "ERROR", Message: huge, Detail: huge, Hint: huge, Where: huge, InternalQuery: huge,
		SchemaName: "s", TableName: "t", ColumnName: "c", DataTypeName: "d", ConstraintName: "k", Routine: "r",
	})
	for what, s := range map[string]string{"message": e.Message, "detail": e.Detail, "hint": e.ServerHint, "where": e.Where, "query": e.Fields["internalQuery"]} {
		if len(s) > 65<<10 || !strings.HasSuffix(s, "é…") {
			t.Errorf("the %s has %d bytes and ends in %q", what, len(s), s[max(0, len(s)-5):])
		}
	}
	if e.Code != "23505" || e.Severity != "ERROR" || e.Kind != apperr.Constraint {
		t.Errorf("%s %s %s", e.Code, e.Severity, e.Kind)
	}
	for k, v := range map[string]string{"schema": "s", "table": "t", "column": "c", "datatype": "d", "constraint": "k", "routine": "r"} {
		if e.Fields[k] != v {
			t.Errorf("%s is %q", k, e.Fields[k])
		}
	}
	if old := apperr.Server(&pgconn.PgError{Code: "XX000", Severity: "PANIC"}); old.Severity != "PANIC" {
		t.Errorf("before 9.6: %q", old.Severity)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain\ttext\nümlaut 😀": "plain\ttext\nümlaut 😀", "\x1b[31mred\x07": "␛[31mred␇", "a\rb\x00": "a␍b␀", "\x7f\u0085\u009b": "\ufffd\ufffd\ufffd",
		"abc\u202etxt.exe\u2066": "abc\ufffdtxt.exe\ufffd", "\u200e\u200f\u061c": "\ufffd\ufffd\ufffd", "": "",
	} {
		if got := apperr.Plain(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 rows", 1: "1 row", 2: "2 rows"} {
		if got := apperr.Plural(n, "row"); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
