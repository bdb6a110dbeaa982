package transfer_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
	"github.com/jackc/pgx/v5/pgconn"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// nasty are queries whose values need care in a file.
var nasty = []string{
	`select 1 as a, 'x' as b`,
	`select * from (values ('plain', 1), ('a,b', 2), ('a"b', 3), ('"', 4), (E'a\nb', 5), (E'a\rb', 6), (E'a\r\nb', 7), ('', 8), (null, 9), (' a ', 10), ('\.', 11), (E'\t', 12), ('ü😀', 13), ('\N', 14), ('''', 15), (',', 16)) v(t, n)`,
	`select * from (values ('\.'), (''), (null), ('a'), (E'\\.\n'), ('\.x'), ('"\."'), (',')) v(t)`,
	`select 'x' as "a,b", 'y' as "c""d", 'z' as "\.", '' as "e f"`,
	`select 'x' as "\."`,
	`select 1 as a, 2 as b where false`,
	`select '' as a where false`,
	`select null as a, null as b`,
	`select '' as a, '' as b`,
	`select 1.10::numeric, 'NaN'::numeric, 'infinity'::float8, '-0'::float8, 1e300::float8, true, false, '\x00ff'::bytea, '{1,NULL,"a,b"}'::text[], '(1,"a b")'::text, '{"a": [1,  2]}'::json, '[1,3)'::int4range, '1 day 02:03'::interval`,
	`select g, repeat('x', g % 50), case when g % 7 = 0 then null else E'"\n' end from generate_series(1, 3000) g`,
	`select string_agg(chr(c), '') from generate_series(1, 300) c`,
	`select`,
	`select from generate_series(1, 3)`,
}

// written runs a query in a session and encodes its rows as they come.
func written(t *testing.T, url, sql, format string, o transfer.Options) []byte {
	t.Helper()
	p, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := conn.Open(context.Background(), p.Profile, secret.New(""))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	s := session.New("tab", "", pool, nil)
	defer s.Close()
	f, ok := transfer.Find(format)
	if !ok {
		t.Fatalf("no format %s", format)
	}
	var out bytes.Buffer
	enc, flush := f.NewEncoder(&out, o)
	run, err := s.Run(session.Request{RunID: "r", Text: sql, Cursor: -1, Sink: func(columns []spool.Column, _ bool) (spool.Sink, error) {
		if err := enc.Begin(columns); err != nil {
			return nil, err
		}
		return spool.NewStream(enc.Row), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-run.Done()
	if snap := run.Snapshot(); snap.Outcome != session.Finished {
		t.Fatalf("%s: %v %v", sql, snap.Error, snap.Statements)
	}
	if err := enc.End(); err != nil {
		t.Fatal(err)
	}
	if err := flush(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// copied is what the server's own COPY makes of a query.
func copied(t *testing.T, url, sql, options string) []byte {
	t.Helper()
	c, err := pgconn.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	var b bytes.Buffer
	if _, err := c.CopyTo(context.Background(), &b, "copy ("+sql+") to stdout ("+options+")"); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return b.Bytes()
}

func psql(t *testing.T, url string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command("psql", append([]string{"-X", "-q", "-d", url}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("psql: %v: %s", err, stderr.String())
	}
	return out
}

func same(t *testing.T, what, sql string, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		t.Errorf("%s: %s\ndiffer at byte %d:\n got %q\nwant %q", what, sql, i, got[max(0, i-40):min(len(got), i+40)], want[max(0, i-40):min(len(want), i+40)])
	}
}

// TestCSV compares with the server's COPY and with psql, byte for byte.
func TestCSV(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		for _, sql := range nasty {
			if strings.HasPrefix(sql, "select string_agg") && s.Major < 14 {
				continue // it is the same there, but for versions of Unicode
			}
			got := written(t, url, sql, "csv", transfer.Options{})
			same(t, "COPY", sql, got, copied(t, url, sql, "format csv, header"))
			same(t, "COPY without header", sql, written(t, url, sql, "csv", transfer.Options{NoHeader: true}), copied(t, url, sql, "format csv"))
			file := filepath.Join(t.TempDir(), "out.csv")
			psql(t, url, "-c", `\copy (`+strings.ReplaceAll(sql, "\n", " ")+`) to '`+file+`' csv header`)
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "psql", sql, got, want)
		}
	})
}

// TestTSV compares with psql -A -F<tab>.
func TestTSV(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		for _, sql := range nasty {
			if strings.HasPrefix(sql, "select from") || sql == "select" {
				continue // psql leaves rows without columns out
			}
			same(t, "psql -At", sql, written(t, url, sql, "tsv", transfer.Options{NoHeader: true}), psql(t, url, "-At", "-F\t", "-c", sql))
			same(t, "psql -A", sql, written(t, url, sql, "tsv", transfer.Options{}), psql(t, url, "-A", "-F\t", "-P", "footer=off", "-c", sql))
		}
	})
}

// TestJSON reads back what was written, without loss.
func TestJSON(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		for _, sql := range nasty {
			if out := written(t, url, sql, "json", transfer.Options{}); !json.Valid(out) {
				t.Errorf("%s: no JSON: %.200s", sql, out)
			}
			for _, line := range bytes.Split(bytes.TrimSuffix(written(t, url, sql, "ndjson", transfer.Options{}), []byte("\n")), []byte("\n")) {
				if len(line) > 0 && !json.Valid(line) {
					t.Errorf("%s: no JSON: %.200s", sql, line)
				}
			}
		}
		const sql = `select 1 as a, 2 as a, 3 as a_2, 9223372036854775807::int8 as big, 1.10::numeric as n, -0.0::numeric as z, 123456789012345678901234567890.5::numeric as long,
  'NaN'::numeric as nan, 'infinity'::float8 as inf, '-infinity'::float8 as ninf, 1e300::float8 as exp, '-0'::float8 as neg, true as t, false as f, null::bool as nul, '' as empty,
  '{"a" : [1.10, 2,  {"b": 1e400}], "a": 1}'::json as j, '{"x":1.10}'::jsonb as jb, 'null'::json as jn, E'a"\n\t\\\u2028<&>' as text, '1 day'::interval as i, '12'::money as m,
  '\xff'::bytea as bytes, '{1,2}'::int[] as arr`
		texts := written(t, url, "select 9223372036854775807::int8 as big, 1.10::numeric as n, 2::int4 as i, 0.5::float8 as f", "ndjson", transfer.Options{NumbersAsText: true})
		same(t, "numbers as text", "", texts, []byte(`{"big":"9223372036854775807","n":"1.10","i":2,"f":0.5}`+"\n"))
		want := `{"a":1,"a_2":2,"a_2_2":3,"big":9223372036854775807,"n":1.10,"z":0.0,"long":123456789012345678901234567890.5,` +
			`"nan":"NaN","inf":"Infinity","ninf":"-Infinity","exp":1e+300,"neg":-0,"t":true,"f":false,"nul":null,"empty":"",` +
			`"j":{"a":[1.10,2,{"b":1e400}],"a":1},"jb":{"x":1.10},"jn":null,"text":"a\"\n\t\\\u2028<&>","i":"1 day","m":"$12.00",` +
			`"bytes":"\\xff","arr":"{1,2}"}` + "\n"
		same(t, "ndjson", "all kinds", written(t, url, "set lc_monetary = 'C'; "+sql, "ndjson", transfer.Options{}), []byte(want))
	})
}

// encode writes rows without a server; "\x00" stands for NULL.
func encode(t testing.TB, format string, o transfer.Options, columns []spool.Column, rows ...[]string) string {
	t.Helper()
	f, _ := transfer.Find(format)
	var b strings.Builder
	enc, flush := f.NewEncoder(&b, o)
	if err := enc.Begin(columns); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		cells := make([][]byte, len(r))
		for i, v := range r {
			if v != "\x00" {
				cells[i] = []byte(v)
			}
		}
		if err := enc.Row(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := enc.End(); err != nil {
		t.Fatal(err)
	}
	if err := flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func columns(names ...string) []spool.Column {
	var list []spool.Column
	for _, n := range names {
		class := "text"
		if strings.HasPrefix(n, "#") {
			class, n = "number", n[1:]
		}
		list = append(list, spool.Column{Name: n, Type: "t", Class: class})
	}
	return list
}

func TestTable(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"1", "plain", "a"}, {"-12.50", "", "\x00"}, {"\x00", "日本語", "é"}, {"7", "a\nb\tc\rd", "\x1b[31m"}, {"8", "😀👩‍👩‍👧", "\u202eevil"},
		{"9", "bytes \xff", "end"},
	}
	got := encode(t, "table", transfer.Options{}, columns("#n", "text", "a long name"), rows...) +
		encode(t, "table", transfer.Options{}, columns("#n"), []string{"1"}) +
		encode(t, "table", transfer.Options{}, columns("none")) +
		encode(t, "table", transfer.Options{NoHeader: true}, columns("#n", "text", "x"), rows...)
	path := filepath.Join("testdata", "table.golden")
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
	same(t, path, "go test ./backend/transfer -update", []byte(got), want)
}

// TestTableStreams writes more rows than are looked at first: memory does not hold them all.
func TestTableStreams(t *testing.T) {
	t.Parallel()
	f, _ := transfer.Find("table")
	var b bytes.Buffer
	enc, flush := f.NewEncoder(&b, transfer.Options{})
	if err := enc.Begin(columns("x")); err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		if err := enc.Row([][]byte{[]byte("short")}); err != nil {
			t.Fatal(err)
		}
	}
	if err := enc.Row([][]byte{[]byte("a value that is wider than all before it")}); err != nil {
		t.Fatal(err)
	}
	if err := flush(); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != 2003 {
		t.Errorf("%d lines were written before the end", n)
	}
	if err := enc.End(); err != nil {
		t.Fatal(err)
	}
}

func TestSheet(t *testing.T) {
	t.Parallel()
	got := encode(t, "sheet", transfer.Options{}, columns("a\tb", "c"), []string{"x\ty", "line\nline"}, []string{`say "hi"`, "a\rb"}, []string{"", "\x00"}, []string{"plain, text", "'"})
	want := "\"a\tb\"\tc\n\"x\ty\"\t\"line\nline\"\n\"say \"\"hi\"\"\"\t\"a\rb\"\n\t\nplain, text\t'\n"
	if got != want {
		t.Errorf("\n got %q\nwant %q", got, want)
	}
	if got := encode(t, "sheet", transfer.Options{NoHeader: true}, columns("a"), []string{"x"}); got != "x\n" {
		t.Errorf("%q", got)
	}
}

// TestWriteFails has a writer that is full: the encoder says so, and does not go on for ever.
func TestWriteFails(t *testing.T) {
	t.Parallel()
	for _, f := range transfer.Formats {
		enc, flush := f.NewEncoder(&full{room: 100 << 10}, transfer.Options{Key: []string{"a"}})
		err := enc.Begin(columns("a", "b"))
		n := 0
		for ; err == nil && n < 10_000; n++ {
			row := [][]byte{[]byte(strings.Repeat(rand.Text(), 38)), nil}
			err = enc.Row(row)
		}
		if err == nil {
			err = enc.End()
		}
		if err == nil {
			err = flush()
		}
		if err == nil || n == 10_000 && !f.Binary { // a workbook is put together at its end
			t.Errorf("%s: %v after %d rows", f.Name, err, n)
		}
	}
}

type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, f := range transfer.Formats {
		if got, ok := transfer.Find(f.Name); !ok || got.Name != f.Name || f.Help == "" || f.New == nil {
			t.Errorf("%+v", f)
		}
	}
	if _, ok := transfer.Find("xls"); ok {
		t.Error("there is no such format")
	}
}

// FuzzJSON writes any value as any class: JSON comes out, and text comes back as it was.
func FuzzJSON(f *testing.F) {
	for _, v := range []string{"", "01", "-", "1e5", "1.", ".5", "NaN", "t", "{}", "{\"a\":\xff}", "[1,", "\xff", "\u2028", "-0", "1e", "nul"} {
		f.Add(v, "name")
	}
	f.Fuzz(func(t *testing.T, value, name string) {
		if value == "\x00" {
			return
		}
		cols := []spool.Column{{Name: name, Class: "number"}, {Name: name, Class: "bool"}, {Name: name, Class: "json"}, {Name: "", Class: "text"}, {Name: "", Class: "time"}}
		out := encode(t, "ndjson", transfer.Options{}, cols, []string{value, value, value, value, value})
		var row map[string]json.RawMessage
		if err := json.Unmarshal([]byte(out), &row); err != nil {
			t.Fatalf("%q: %v: %s", value, err, out)
		}
		if len(row) != len(cols) && utf8.ValidString(name) {
			t.Fatalf("%q: %d columns became %d keys: %s", name, len(cols), len(row), out)
		}
		if strings.Count(out, "\n") != 1 {
			t.Fatalf("%q: more than a line: %q", value, out)
		}
	})
}
