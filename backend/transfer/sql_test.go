package transfer_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/transfer"
)

// matrix has a column of each type and the values that are easily spoiled.
const matrix = `select * from (values
  (1::int2, 2147483647, '-9223372036854775808'::int8, 1.10::numeric, 'NaN'::numeric, '-0'::float8, 1e300::float8, 'infinity'::float4, true, null::bool, 'plain'::text, 'x'::varchar(3), 'c'::char(3), '\x00ff27'::bytea, '{"a" : 1e400}'::json, '{"a": 1.10}'::jsonb),
  (-1, 0, 9223372036854775807, 123456789012345678901234567890.50, '-12.5', '0', 'NaN', '-1.5e-10', false, true, E'it''s \\ "q"\n\t\r\b\f\v;--', '', null, '', 'null', null),
  (null, null, null, '-0.0', '0', '-1e-300', '-infinity', '-0', null, null, '\.', '\N', '''', '\x5c', '[1,  2]', '"\\"')
) v(i2, i4, i8, n, nn, f8, g8, f4, b, bn, t, vc, ch, by, "order", "Mixed ""q""")`

// others has types whose text only their own input reads.
const others = `select '2026-02-28 12:00:00.123456+02'::timestamptz tz, 'infinity'::timestamp ts, '0044-03-15 BC'::date d, '24:00'::time ti, '-1 mon +2 days'::interval iv,
  array['a,b', null, 'c"d', '']::text[] arr, '[1,3)'::int4range r, 'a''b'::name nm, '10.0.0.0/8'::cidr net, '(1,2)'::point p, '12.5'::money m, B'0101'::bit varying as bits,
  row(1, 'a b')::text comp, 'a:1 b'::tsvector ts2, '8f3e0a1c-0000-4000-8000-000000000001'::uuid u, '<a>&amp;</a>'::text x, repeat('long''', 20000) long`

// back has the server run what was written and tells what the table then holds.
func back(t *testing.T, url, sql, before, script string) ([]byte, []byte) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.sql")
	if err := os.WriteFile(file, []byte("create table src as "+sql+";\n"+before+script), 0o600); err != nil {
		t.Fatal(err)
	}
	psql(t, url, "-v", "ON_ERROR_STOP=1", "-f", file)
	return copied(t, url, "select * from dst d order by d::text", "format text"), copied(t, url, "select * from src s order by s::text", "format text")
}

// TestInsert runs what was written: the new table holds what the old one does, bit for bit.
func TestInsert(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		for _, sql := range []string{matrix, others, `select g id, case when g % 3 = 0 then null else g::float8 / 7 end f, repeat('x''', g % 9) t from generate_series(1, 2345) g`, `select 1 a where false`} {
			url := s.DB(t)
			script := written(t, url, sql, "insert", transfer.Options{Table: "dst"})
			got, want := back(t, url, sql, "create table dst (like src);\n", string(script))
			same(t, "insert", sql, got, want)
		}
	})
}

func TestInsertIsBatched(t *testing.T) {
	t.Parallel()
	rows := make([][]string, 1001)
	for i := range rows {
		rows[i] = []string{"1"}
	}
	got := encode(t, "insert", transfer.Options{QuoteName: strings.ToLower}, columns("#N"), rows...)
	if n := strings.Count(got, "insert into result (n) values\n  (1),\n"); n != 2 || strings.Count(got, ";\n") != 3 || !strings.HasSuffix(got, "insert into result (n) values\n  (1);\n") {
		t.Errorf("%d: %.60s … %s", n, got, got[len(got)-60:])
	}
	if got := encode(t, "insert", transfer.Options{}, nil, []string{}, []string{}); got != "insert into result default values;\ninsert into result default values;\n" {
		t.Errorf("rows without columns: %q", got)
	}
}

// TestValues runs a VALUES command in place of the query it came from.
func TestValues(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		for _, sql := range []string{matrix, others} {
			url := s.DB(t)
			script := written(t, url, sql, "values", transfer.Options{})
			got, want := back(t, url, sql, "create table dst (like src);\ninsert into dst ", string(script))
			same(t, "values", sql, got, want)
			if out := psql(t, url, "-At", "-c", string(script)); len(out) == 0 {
				t.Errorf("alone it gives nothing: %.200s", script)
			}
		}
		url := s.DB(t)
		if out := psql(t, url, "-At", "-c", string(written(t, url, "select 1 where false", "values", transfer.Options{}))); len(out) != 0 {
			t.Errorf("no rows: %q", out)
		}
	})
}

// TestInList puts lists behind IN: each finds the rows it was made of.
func TestInList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		want string
		cols []string
		rows [][]string
	}{
		{"(1, -2.50)\n", []string{"#n"}, [][]string{{"1"}, {"\x00"}, {"-2.50"}}},
		{"('a', 'it''s', '')\n", []string{"t"}, [][]string{{"a"}, {"it's"}, {""}}},
		{"((1, 'a'), (2, NULL))\n", []string{"#n", "t"}, [][]string{{"1", "a"}, {"2", "\x00"}}},
		{"(NULL)\n", []string{"t"}, [][]string{{"\x00"}}},
		{"(NULL)\n", nil, [][]string{{}}},
	} {
		if got := encode(t, "in", transfer.Options{}, columns(c.cols...), c.rows...); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		list := written(t, url, `select t from (`+matrix+`) m where t is not null`, "in", transfer.Options{})
		if out := psql(t, url, "-At", "-c", `select count(*) from (`+matrix+`) m where t in `+string(list)); string(out) != "3\n" {
			t.Errorf("%s found %s", list, out)
		}
	})
}

// TestCopyText compares with the server's COPY, byte for byte.
func TestCopyText(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		for _, sql := range append(nasty, matrix, others) {
			if !strings.HasPrefix(sql, "select string_agg") {
				same(t, "COPY", sql, written(t, url, sql, "copy", transfer.Options{}), copied(t, url, sql, "format text"))
			}
		}
	})
}

// TestCSVOptions compares other delimiters and NULLs with what COPY makes of them.
func TestCSVOptions(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		url := s.DB(t)
		for _, sql := range append(nasty, matrix, others, `select 'NULL' a, null b, 'a;b' c, 'a,b' d, '' e`) {
			for options, o := range map[string]transfer.Options{
				"format csv, header, delimiter ';', null 'NULL'": {Delimiter: ';', Null: "NULL"},
				`format csv, delimiter E'\t', null '\N'`:         {Delimiter: '\t', Null: `\N`, NoHeader: true},
				`format csv, quote '''', force_quote *`:          {Quote: '\'', QuoteAll: true, NoHeader: true},
			} {
				same(t, options, sql, written(t, url, sql, "csv", o), copied(t, url, sql, options))
			}
		}
	})
}

// TestServerCopy has the server write what the encoder writes, wherever it may, and whatever its settings are.
func TestServerCopy(t *testing.T) {
	t.Parallel()
	url := pgtest.DB(t)
	psql(t, url, "-c", `do $$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); end $$`)
	const sql = `select 1 as a, 'x' as b, null as "c'"`
	n := 0
	for _, o := range []transfer.Options{{}, {QuoteAll: true}, {QuoteAll: true, NoHeader: true}, {Null: "b"}, {Null: `\N`}, {Null: "'"}, {Delimiter: '\\', Quote: '\''}, {Delimiter: '1'}} {
		if err := o.Check(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
		if how, ok := transfer.ServerCopy("csv", o); ok {
			n++
			same(t, how, sql, written(t, url, sql, "csv", o), copied(t, url, sql, how))
		}
	}
	if n < 5 {
		t.Errorf("the server writes %d", n)
	}
	for _, o := range []transfer.Options{{Delimiter: '"'}, {Delimiter: '\n'}, {Quote: ','}, {Null: "a,b"}, {Null: `"`}, {Null: "a\nb"}, {Delimiter: ';', Null: ";"}} {
		how, _ := transfer.ServerCopy("csv", o)
		if _, err := exec.Command("psql", "-X", "-d", url, "-c", "copy ("+sql+") to stdout ("+how+")").Output(); err == nil {
			t.Errorf("the server takes %s", how)
		}
		if err := o.Check(); apperr.KindOf(err) != apperr.Usage {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestMarkup keeps how tables for readers look.
func TestMarkup(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"1", "plain", "a"}, {"-12.50", "", "\x00"}, {"\x00", "a|b\\c `d` *e* [f](g) snake_case <b>&amp;", "a\nb\rc"},
		{"8", `</td></table><script>alert("x")</script>`, "bytes \xff"},
	}
	var got strings.Builder
	for _, format := range []string{"markdown", "html"} {
		got.WriteString(encode(t, format, transfer.Options{}, columns("#n", "te|xt<b>", "x"), rows...))
		got.WriteString(encode(t, format, transfer.Options{NoHeader: true}, columns("#n"), []string{"1"}))
		got.WriteString(encode(t, format, transfer.Options{}, nil, []string{}))
	}
	path := filepath.Join("testdata", "markup.golden")
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	same(t, path, "go test ./backend/transfer -update", []byte(got.String()), want)
}

// TestUpdate runs an UPDATE for each row: a table of which only the key was right holds what the old one does.
func TestUpdate(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		t.Parallel()
		for _, sql := range []string{`select row_number() over () k, 'it''s' "K 2", m.* from (` + matrix + `) m`, `select 1 k, null::text "K 2", o.* from (` + others + `) o`} {
			url := s.DB(t)
			script := written(t, url, sql, "update", transfer.Options{Table: "dst", Key: []string{"k", "K 2"}})
			got, want := back(t, url, sql, `create table dst (like src); insert into dst (k, "K 2") select k, "K 2" from src;`+"\n", string(script))
			same(t, "update", sql, got, want)
		}
	})
	f, _ := transfer.Find("update")
	for _, key := range [][]string{{"a", "gone"}, {"a", "b"}, nil} {
		enc, _ := f.NewEncoder(&strings.Builder{}, transfer.Options{Key: key})
		if err := enc.Begin(columns("a", "b")); apperr.KindOf(err) != apperr.Usage {
			t.Errorf("%v: %v", key, err)
		}
	}
}

// TestCSVEmptyNumber keeps an empty text in a column of numbers, as a cell that was not chosen is, apart from NULL.
func TestCSVEmptyNumber(t *testing.T) {
	t.Parallel()
	if got := encode(t, "csv", transfer.Options{NoHeader: true}, columns("#n", "t"), []string{"", "a"}, []string{"\x00", "b"}, []string{"-1.5", "c"}); got != "\"\",a\n,b\n-1.5,c\n" {
		t.Errorf("%q", got)
	}
}

// TestLines ends them as Windows does, and leaves spreadsheets nothing to compute.
func TestLines(t *testing.T) {
	t.Parallel()
	rows := [][]string{{"-5", "=1+1"}, {"+7", "-x"}, {"\x00", "\x00"}, {"1", "@a,b"}, {"2", "a=b"}}
	o := transfer.Options{CRLF: true, Safe: true}
	if got, want := encode(t, "csv", o, columns("#n", "=t"), rows...), "n,'=t\r\n-5,'=1+1\r\n+7,'-x\r\n,\r\n1,\"'@a,b\"\r\n2,a=b\r\n"; got != want {
		t.Errorf("csv\n got %q\nwant %q", got, want)
	}
	if got, want := encode(t, "tsv", o, columns("#n", "=t"), rows...), "n\t'=t\r\n-5\t'=1+1\r\n+7\t'-x\r\n\t\r\n1\t'@a,b\r\n2\ta=b\r\n"; got != want {
		t.Errorf("tsv\n got %q\nwant %q", got, want)
	}
}

// TestEncodings reads back with iconv what was written.
func TestEncodings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ iconv, text string }{
		"utf-8": {"UTF-8", "ü😀 €"}, "utf-16": {"UTF-16", "ü😀 €\U0010ffff"}, "windows-1252": {"CP1252", "ü €“”"},
		"iso-8859-1": {"ISO-8859-1", "ü ÿ"}, "iso-8859-15": {"ISO-8859-15", "ü €"},
	} {
		long := strings.Repeat(c.text, 50_000) // over the edges of the buffer
		out := encode(t, "csv", transfer.Options{Encoding: name}, columns("t"), []string{c.text}, []string{long})
		cmd := exec.Command("iconv", "-f", c.iconv, "-t", "UTF-8")
		cmd.Stdin = strings.NewReader(out)
		back, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		same(t, name, "", back, []byte("t\n"+c.text+"\n"+long+"\n"))
	}
	if got := encode(t, "csv", transfer.Options{Encoding: "utf-8-bom"}, columns("t"), []string{"ü"}); got != "\xef\xbb\xbft\nü\n" {
		t.Errorf("%q", got)
	}
	for encoding, text := range map[string]string{"iso-8859-1": "€", "windows-1252": "\u0081", "utf-16": "\xff", "klingon": "a"} {
		f, _ := transfer.Find("csv")
		enc, flush := f.NewEncoder(&strings.Builder{}, transfer.Options{Encoding: encoding, NoHeader: true})
		if err := errors.Join(enc.Begin(columns("t")), enc.Row([][]byte{[]byte(text)}), flush()); apperr.KindOf(err) != apperr.Limit {
			t.Errorf("%s: %v", encoding, err)
		}
	}
}
