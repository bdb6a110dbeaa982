package intake_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"desktop.tusk/backend/intake"
)

func open(t testing.TB, name, content string, o intake.Options) (*intake.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := intake.Open(path, o)
	if err == nil {
		t.Cleanup(func() {
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return f, err
}

// show writes what is read: a row a line with the number of its line, and what is wrong.
func show(f intake.Rows) string {
	var b strings.Builder
	for {
		r, err := f.Next()
		var bad *intake.RowError
		switch {
		case errors.Is(err, io.EOF):
			return b.String()
		case errors.As(err, &bad):
			fmt.Fprintln(&b, bad)
			if bad.Last() {
				return b.String()
			}
			continue
		case err != nil:
			fmt.Fprintln(&b, err)
			return b.String()
		}
		fmt.Fprintf(&b, "%d", r.Line)
		for _, c := range r.Cells {
			if c == nil {
				b.WriteString(" NULL")
			} else {
				fmt.Fprintf(&b, " %q", c)
			}
		}
		b.WriteByte('\n')
	}
}

func columns(f *intake.File) string {
	var list []string
	for _, c := range f.Columns {
		list = append(list, c.Name+" "+c.Type)
	}
	return strings.Join(list, ", ")
}

func utf16Text(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file, content string
		o                   intake.Options
		columns, want       string
	}{
		{"plain", "a.csv", "id,name\n1,Yirga\n2,\n3,\"\"\n", intake.Options{}, "id integer, name text", "2 \"1\" \"Yirga\"\n3 \"2\" NULL\n4 \"3\" \"\"\n"},
		{"quotes", "a.csv", "a,b\n\"x,\"\"y\"\"\nz\",5\" pipe\n1,2", intake.Options{}, "a text, b text", "2 \"x,\\\"y\\\"\\nz\" \"5\\\" pipe\"\n4 \"1\" \"2\"\n"},
		{"mixed ends of lines", "a.csv", "a,b\r\n1,2\n3,4\r5,6\r\n\"7\r\n7\",8", intake.Options{}, "a text, b integer", "2 \"1\" \"2\"\n3 \"3\" \"4\"\n4 \"5\" \"6\"\n5 \"7\\r\\n7\" \"8\"\n"},
		{"lines in values", "a.csv", "a,b\n\"x\ry\r\nz\nz\",1\n2,3\n", intake.Options{}, "a text, b integer", "2 \"x\\ry\\r\\nz\\nz\" \"1\"\n6 \"2\" \"3\"\n"},
		{"byte order mark", "a.csv", "\xef\xbb\xbfa,b\n1,2\n", intake.Options{}, "a integer, b integer", "2 \"1\" \"2\"\n"},
		{"UTF-16LE", "a.csv", "\xff\xfe" + utf16Text("a,b\n1,é😀\n", false), intake.Options{}, "a integer, b text", "2 \"1\" \"é😀\"\n"},
		{"UTF-16BE without a mark", "a.csv", utf16Text("name,b\n1,abc\n", true), intake.Options{}, "name integer, b text", "2 \"1\" \"abc\"\n"},
		{"half a surrogate", "a.csv", "\xff\xfe" + utf16Text("a,b\n1,x", false) + "\x00\xd8" + utf16Text("\n2,y\n", false), intake.Options{}, "a integer, b text", "Line 2, column b: There is something in it that is no character of the encoding.\n3 \"2\" \"y\"\n"},
		{"with the euro", "a.csv", "a\n\xa4\n", intake.Options{Encoding: "iso-8859-15"}, "a text", "2 \"€\"\n"},
		{"Cyrillic", "a.csv", "a\n\xca\xee\xf4\xe5\n", intake.Options{Encoding: "Windows-1251"}, "a text", "2 \"Кофе\"\n"},
		{"Central European", "a.csv", "a\nk\xe1va \x9e\n", intake.Options{Encoding: "Windows-1250"}, "a text", "2 \"káva ž\"\n"},
		{"Windows-1252", "a.csv", "a,b\n1,caf\xe9 \x80\n", intake.Options{}, "a integer, b text", "2 \"1\" \"café €\"\n"},
		{"bad UTF-8", "a.csv", "a,b\né,ü\n1,x\xe9y\n2,z\n", intake.Options{}, "a text, b text", "2 \"é\" \"ü\"\nLine 3, column b: The byte 0xE9 in it is no UTF-8.\n4 \"2\" \"z\"\n"},
		{"zero byte", "a.csv", "a,b\n1,x\x00y\n2,z\n", intake.Options{}, "a integer, b text", "Line 2, column b: There is a zero byte in it, which PostgreSQL's text cannot hold.\n3 \"2\" \"z\"\n"},
		{"wrong number of columns", "a.csv", "a,b\n1,2\n3\n4,5,6\n\n7,8\n", intake.Options{}, "a integer, b integer", "2 \"1\" \"2\"\nLine 3: It has 1 value instead of 2.\nLine 4: It has 3 values instead of 2.\n6 \"7\" \"8\"\n"},
		{"open quote", "a.csv", "a,b\n1,2\n3,\"x\n4,5\n", intake.Options{}, "a integer, b integer", "2 \"1\" \"2\"\nLine 3: A quote is opened in this row and never closed.\n"},
		{"text behind a quote", "a.csv", "a,b\n1,\"x\"y\n2,z\n", intake.Options{}, "a integer, b text", "Line 2: There is text behind a closing quote.\n3 \"2\" \"z\"\n"},
		{"same name twice", "a.csv", "a,a,a_2\n1,2,3\n", intake.Options{}, "a integer, a_3 integer, a_2 integer", "2 \"1\" \"2\" \"3\"\n"},
		{"no header", "a.csv", "1,\"a \"\"b\"\"\",2020-01-01\n2,c,2021-01-01\n", intake.Options{}, "column_1 integer, column_2 text, column_3 date", "1 \"1\" \"a \\\"b\\\"\" \"2020-01-01\"\n2 \"2\" \"c\" \"2021-01-01\"\n"},
		{"header denied", "a.csv", "a,b\n1,2\n", intake.Options{Header: "no"}, "column_1 text, column_2 text", "1 \"a\" \"b\"\n2 \"1\" \"2\"\n"},
		{"semicolons", "a.csv", "a;b\n1,5;x\n2,5;y\n", intake.Options{}, "a numeric, b text", "2 \"1,5\" \"x\"\n3 \"2,5\" \"y\"\n"},
		{"decimal commas that are denied", "a.csv", "a;b\n1,5;x\n", intake.Options{Decimal: "."}, "a text, b text", "2 \"1,5\" \"x\"\n"},
		{"thousands", "a.csv", "a;b;c\n1.234,50;1.234;1,5\n-1.000.000,1;2;\n", intake.Options{}, "a numeric, b integer, c numeric", "2 \"1.234,50\" \"1.234\" \"1,5\"\n3 \"-1.000.000,1\" \"2\" NULL\n"},
		{"thousands with commas", "a.csv", "a,b\n\"1,234\",1\n\"12,345\",2\n", intake.Options{}, "a text, b integer", "2 \"1,234\" \"1\"\n3 \"12,345\" \"2\"\n"},
		{"points win over commas", "a.csv", "a;b\n1,5;0.5\n2,5;1.5\n", intake.Options{}, "a text, b numeric", "2 \"1,5\" \"0.5\"\n3 \"2,5\" \"1.5\"\n"},
		{"commas among texts", "a.csv", "a;b\n1,5;1\nsome, more;2\n", intake.Options{}, "a text, b integer", "2 \"1,5\" \"1\"\n3 \"some, more\" \"2\"\n"},
		{"days first", "a.csv", "a;b\n03.04.2026;30.11.2026 14:05\n4.4.2026;1.12.2026 09:00:01.5\n", intake.Options{}, "a date, b timestamp", "2 \"03.04.2026\" \"30.11.2026 14:05\"\n3 \"4.4.2026\" \"1.12.2026 09:00:01.5\"\n"},
		{"days first by a day", "a.csv", "a\n03/04/2026\n13/04/2026\n", intake.Options{}, "a date", "2 \"03/04/2026\"\n3 \"13/04/2026\"\n"},
		{"months first", "a.csv", "a\n03/04/2026\n04/13/2026\n", intake.Options{}, "a date", "2 \"03/04/2026\"\n3 \"04/13/2026\"\n"},
		{"days or months", "a.csv", "a\n03/04/2026\n04/12/2026\n", intake.Options{}, "a text", "2 \"03/04/2026\"\n3 \"04/12/2026\"\n"},
		{"days or months, as given", "a.csv", "a\n03/04/2026\n04/12/2026\n", intake.Options{Dates: "MDY"}, "a date", "2 \"03/04/2026\"\n3 \"04/12/2026\"\n"},
		{"no date", "a.csv", "a\n30.02.2026\n", intake.Options{}, "a text", "2 \"30.02.2026\"\n"},
		{"tabs by content", "a.txt", "a\tb\n1\tx, y\n", intake.Options{}, "a integer, b text", "2 \"1\" \"x, y\"\n"},
		{"quotes of psql's TSV", "a.tsv", "id\tt\n1\t\"in quotes\"\n2\t\"\n3\t\"open\n4\tx \"y\" z\n5\t\"a\"b\n", intake.Options{}, "id integer, t text", "2 \"1\" \"\\\"in quotes\\\"\"\n3 \"2\" \"\\\"\"\n4 \"3\" \"\\\"open\"\n5 \"4\" \"x \\\"y\\\" z\"\n6 \"5\" \"\\\"a\\\"b\"\n"},
		{"quotes of a spreadsheet's TSV", "a.tsv", "id\tt\n1\t\"x\ty\"\n2\tz\n", intake.Options{}, "id integer, t text", "2 \"1\" \"x\\ty\"\n3 \"2\" \"z\"\n"},
		{"quotes doubled in TSV", "a.tsv", "id\tt\n1\t\"say \"\"hi\"\"\"\n2\tz\n", intake.Options{}, "id integer, t text", "2 \"1\" \"say \\\"hi\\\"\"\n3 \"2\" \"z\"\n"},
		{"quotes around all of TSV", "a.tsv", "\"id\"\t\"t\"\n1\t\"y\"\n2\t\"z\"\n3\n", intake.Options{}, "id integer, t text", "2 \"1\" \"y\"\n3 \"2\" \"z\"\nLine 4: It has 1 value instead of 2.\n"},
		{"quotes of TSV that are given", "a.tsv", "t\n\"y\"\n", intake.Options{Quote: `"`}, "t text", "2 \"y\"\n"},
		{"the text of COPY", "a.copy", "1\t\\N\ta\\tb\\nc\\\\\n2\t\t\"\n3\t\\\\N\t\\101\\x42\\q\\x\n", intake.Options{}, "column_1 integer, column_2 text, column_3 text", "1 \"1\" NULL \"a\\tb\\nc\\\\\"\n2 \"2\" \"\" \"\\\"\"\n3 \"3\" \"\\\\N\" \"ABqx\"\n"},
		{"the text of COPY with an end", "a.copy", "a\tb\\\nb\n1\t\\377\n2\t\\000\n3\n4\t5\n\\.\nrest\n", intake.Options{Header: "yes"}, "a integer, b\nb integer",
			"Line 3, column b\nb: There is something in it that is no character of the encoding.\nLine 4, column b\nb: There is a zero byte in it, which PostgreSQL's text cannot hold.\nLine 5: It has 1 value instead of 2.\n6 \"4\" \"5\"\n"},
		{"the text of COPY with NULL otherwise", "a.tsv", "a\tNULL\t\\\\\n", intake.Options{Format: "copy", Null: "NULL"}, "column_1 text, column_2 text, column_3 text", "1 \"a\" NULL \"\\\\\"\n"},
		{"backslash N", "a.tsv", "a\tb\n1\t\\N\n2\t\n", intake.Options{}, "a integer, b text", "2 \"1\" NULL\n3 \"2\" \"\"\n"},
		{"backslash N in quotes", "a.csv", "a,b\n1,\"\\N\"\n2,\n3,\n", intake.Options{}, "a integer, b text", "2 \"1\" \"\\\\N\"\n3 \"2\" NULL\n4 \"3\" NULL\n"},
		{"backslash N where quotes tell NULL", "a.csv", "a,b\n1,\\N\n2,\n3,\"\"\n", intake.Options{}, "a integer, b text", "2 \"1\" \"\\\\N\"\n3 \"2\" NULL\n4 \"3\" \"\"\n"},
		{"backslash N in the last row", "a.csv", "a,b\n1,\\N\n", intake.Options{}, "a integer, b text", "2 \"1\" NULL\n"},
		{"backslash N as a text", "a.csv", "a,b\n1,\\N\n2,\n", intake.Options{Format: "csv", Delimiter: ",", Quote: `"`, Header: "yes", Decimal: ".", Dates: "server"}, "a integer, b text", "2 \"1\" \"\\\\N\"\n3 \"2\" NULL\n"},
		{"NULL as given", "a.csv", "a,b\n1,-\n2,\"-\"\n", intake.Options{Null: "-"}, "a integer, b text", "2 \"1\" NULL\n3 \"2\" \"-\"\n"},
		{"no quotes", "a.csv", "a,b\n\"1,2\n", intake.Options{Quote: "none"}, "a text, b integer", "2 \"\\\"1\" \"2\"\n"},
		{"single quotes", "a.csv", "a,b\n'1,2',''''\n", intake.Options{Quote: "'", Header: "yes"}, "a numeric, b text", "2 \"1,2\" \"'\"\n"},
		{"one column", "a.csv", "a\n1\n\n3\n", intake.Options{}, "a integer", "2 \"1\"\n3 NULL\n4 \"3\"\n"},
		{"one column without a header, NULL first", "a.csv", "\n\r\na\n\nb\n", intake.Options{Header: "no"}, "column_1 text", "1 NULL\n2 NULL\n3 \"a\"\n4 NULL\n5 \"b\"\n"},
		{"empty lines before several columns", "a.csv", "\n\n1,2\n", intake.Options{Header: "no"}, "column_1 integer, column_2 integer", "3 \"1\" \"2\"\n"},
		{"bad first row without a header", "a.csv", "1,\x00\n2,3\n", intake.Options{Header: "no"}, "column_1 integer, column_2 integer", "Line 1: There is a zero byte in it, which PostgreSQL's text cannot hold.\n2 \"2\" \"3\"\n"},
		{"one column of texts with semicolons", "a.csv", "note\na; b\nplain\nc; d; e\n", intake.Options{}, "note text", "2 \"a; b\"\n3 \"plain\"\n4 \"c; d; e\"\n"},
		{"one column, as many semicolons in each", "a.csv", "note\na; b\nc; d\n", intake.Options{}, "note text", "2 \"a; b\"\n3 \"c; d\"\n"},
		{"one column without a header", "a.csv", "a; b\nplain\nx | y\nc; d; e\n", intake.Options{Header: "no"}, "column_1 text", "1 \"a; b\"\n2 \"plain\"\n3 \"x | y\"\n4 \"c; d; e\"\n"},
		{"semicolons in quotes", "a.csv", "note,n\n\"a; b\",1\n\"c; d\",2\n\"e; f\",3\n", intake.Options{}, "note text, n integer", "2 \"a; b\" \"1\"\n3 \"c; d\" \"2\"\n4 \"e; f\" \"3\"\n"},
		{"semicolons, and one row too short", "a.csv", "a;b\n1;2\n3\n4;5\n", intake.Options{}, "a integer, b integer", "2 \"1\" \"2\"\nLine 3: It has 1 value instead of 2.\n4 \"4\" \"5\"\n"},
		{"JSON", "a.json", "[{\"id\": 1, \"t\": \"a\\n\\\"b\\\"\", \"o\": {\"k\": [1, \"]\"]}},\n {\"id\": 2.50, \"x\": null, \"t\": null, \"b\": true}]\n", intake.Options{}, "id numeric, t text, o jsonb, x text, b boolean", "1 \"1\" \"a\\n\\\"b\\\"\" \"{\\\"k\\\": [1, \\\"]\\\"]}\" NULL NULL\n2 \"2.50\" NULL NULL NULL \"true\"\n"},
		{"numbers as texts", "a.json", `[{"a": "12", "b": "2020-01-01"}]`, intake.Options{}, "a text, b date", "1 \"12\" \"2020-01-01\"\n"},
		{"objects in a file called JSON", "a.json", "{\"a\":1}\n{\"a\":2}\n", intake.Options{}, "a integer", "1 \"1\"\n2 \"2\"\n"},
		{"JSON that ends early", "a.json", "[{\"a\":1},\n", intake.Options{}, "a integer", "1 \"1\"\nLine 2: The file ends before its array does.\n"},
		{"JSON with no comma", "a.json", "[{\"a\":1}\n{\"a\":2}]", intake.Options{}, "a integer", "1 \"1\"\nLine 2: A comma should be here, or the end of the array.\n"},
		{"JSON that is something else", "a.json", "[{\"a\":1}, 2]", intake.Options{}, "a integer", "1 \"1\"\nLine 1: It is no object.\n"},
		{"JSON and more", "a.json", "[{\"a\":1}] x", intake.Options{}, "a integer", "1 \"1\"\nLine 1: There is something behind the end of the array.\n"},
		{"ndjson with bad lines", "a.ndjson", "{\"a\":1}\n{\"a\":\n7\n}\n{\"a\":\"x\n{\"a\" 2}\nword\n{\"a\":\"\\u0000\"}\n{\"a\":\"\\ud800\"}\n{\"a\":3}\n", intake.Options{},
			"a text", "1 \"1\"\n2 \"7\"\nLine 5: A text in it has no end on its line.\nLine 6: It is no JSON: invalid character '2' after object key.\nLine 7: It is no object.\n" +
				"Line 8, column a: There is a zero byte in it, which PostgreSQL's text cannot hold.\nLine 9, column a: There is half of a character in it: a \\ud… without its other half.\n10 \"3\"\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, err := open(t, c.file, c.content, c.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := columns(f); got != c.columns {
				t.Errorf("columns %s\nwant    %s", got, c.columns)
			}
			if got := show(f); got != c.want {
				t.Errorf("read\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ values, want string }{
		{"1 -2 0", "integer"}, {"1 2147483648", "bigint"}, {"9223372036854775808", "numeric"}, {"1 2.50", "numeric"}, {"1e3 .5", "numeric"},
		{"007 12", "text"}, {"0.5", "numeric"}, {"+1", "text"}, {"true False", "boolean"}, {"t f", "boolean"}, {"t x", "text"}, {"0 1", "integer"},
		{"2020-02-29", "date"}, {"2020-02-30", "text"}, {"2020-01-01 2020-01-01T10:00:00", "timestamp"}, {"2020-01-01T10:00:00.5", "timestamp"},
		{"2020-01-01T10:00:00Z 2020-01-01T10:00:00", "timestamptz"}, {"2020-01-01T10:00:00+02", "timestamptz"}, {"2020-01-01T10:00", "timestamp"},
		{"31.12.2020", "date"}, {"2020.12.31", "text"}, {"6f9619ff-8b86-d011-b42d-00cf4fc964ff", "uuid"}, {`{"a":1} []`, "jsonb"}, {"{a}", "text"}, {"NaN", "text"},
		{"2020-01-01T10:00:00,5", "text"}, {"0000-01-01", "text"}, {"0000-01-01T10:00:00", "text"}, {"1e+5 1e-5", "numeric"}, {"1e+-5", "text"}, {`{"a":"\u0000"}`, "text"}, // PostgreSQL reads none of these
	} {
		f, err := open(t, "a.csv", "h\tother\n"+strings.Join(strings.Fields(c.values), "\tx y\n")+"\tx y\n", intake.Options{Delimiter: "\t", Header: "yes"})
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Columns[0].Type; got != c.want {
			t.Errorf("%s is %s, want %s", c.values, got, c.want)
		}
	}
}

// TestUnread has rows that cannot be read told of, for they are not in the sample.
func TestUnread(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("id,name\n1,M\xfcller\n2,x\n3,y,z\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := intake.Open(path, intake.Options{Encoding: "UTF-8"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	want := "2 lines cannot be read; the first is line 2. The byte 0xFC in it is no UTF-8. Choose another encoding, such as Windows-1252, or correct the file."
	if len(f.Sample) != 1 || len(f.Notes) != 1 || f.Notes[0] != want {
		t.Errorf("%d rows, %q", len(f.Sample), f.Notes)
	}
}

// TestFoundNull has it told that \N was taken for NULL, unless somebody asked for that.
func TestFoundNull(t *testing.T) {
	t.Parallel()
	const content = "a,b\n1,\\N\n2,\n"
	for _, c := range []struct {
		o           intake.Options
		notes, rows string
	}{
		{intake.Options{}, `[\N without quotes is read as NULL, and an empty value as an empty text.]`, "2 \"1\" NULL\n3 \"2\" \"\"\n"},
		{intake.Options{Null: `\N`}, "[]", "2 \"1\" NULL\n3 \"2\" \"\"\n"},
		{intake.Options{}.WithNull(""), "[]", "2 \"1\" \"\\\\N\"\n3 \"2\" NULL\n"},
	} {
		f, err := open(t, "a.csv", content, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if notes, rows := fmt.Sprint(f.Notes), show(f); notes != c.notes || rows != c.rows {
			t.Errorf("%+v: %s\n%s", c.o, notes, rows)
		}
	}
}

// A first row that is longer than what is looked at has columns too.
func TestLongFirstRow(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5<<20)
	for name, content := range map[string]string{"a.json": `[{"a":1,"b":"` + long + `"},{"a":2,"b":"y"}]`, "a.ndjson": `{"a":1,"b":"` + long + "\"}\n" + `{"a":2,"b":"y"}` + "\n"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := intake.Open(path, intake.Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		for _, want := range []string{"1", "2"} {
			if r, err := f.Next(); err != nil || len(r.Cells) != 2 || string(r.Cells[0]) != want {
				t.Errorf("%s: %d cells, %v", name, len(r.Cells), err)
			}
		}
		_ = f.Close()
	}
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, content string
		o             intake.Options
		want          string
	}{
		{"a.csv", "", intake.Options{}, "a.csv is empty."},
		{"a.csv", "\n\n", intake.Options{}, "a.csv has no columns."},
		{"a.csv", "a,\"b\n1,2\n", intake.Options{}, "Line 1: It should name the columns. A quote is opened"},
		{"a.csv", "a", intake.Options{Format: "xml"}, "There is no format xml to read."},
		{"a.csv", "a", intake.Options{Encoding: "EBCDIC"}, "There is no encoding EBCDIC to read."},
		{"a.csv", "a", intake.Options{Delimiter: "ab"}, "cannot stand between values"},
		{"a.csv", "a", intake.Options{Delimiter: `"`}, "The delimiter and the quote are the same."},
		{"a.json", "[1]", intake.Options{}, "a.json has no columns."},
	} {
		_, err := open(t, c.name, c.content, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.content, err, c.want)
		}
	}
	if _, err := intake.Open(filepath.Join(t.TempDir(), "nosuch.csv"), intake.Options{}); err == nil || !strings.Contains(err.Error(), "There is no file") {
		t.Error(err)
	}
	if _, err := intake.Open(t.TempDir(), intake.Options{}); err == nil || !strings.Contains(err.Error(), "no ordinary file") {
		t.Error(err)
	}
}

// endless gives the text again and again, so many bytes in all.
type endless struct {
	text []byte
	at   int
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	p = p[:min(len(p), e.left)]
	for n := 0; n < len(p); {
		k := copy(p[n:], e.text[e.at:])
		e.at = (e.at + k) % len(e.text)
		n += k
	}
	e.left -= len(p)
	return len(p), nil
}

// H28: memory does not grow with the file. 10 GB would take too long for a test; what holds for 1 GB holds for them.
func TestFlatMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 1 GB")
	}
	row := []byte("12345,\"some text, with \"\"quotes\"\"\",2020-01-01,3.50\n")
	size := 1 << 30 / len(row) * len(row)
	rows, err := intake.NewReader(&endless{text: row, left: size}, intake.Options{Format: "csv", Delimiter: ",", Quote: `"`, Header: "no"})
	if err != nil {
		t.Fatal(err)
	}
	var most uint64
	n := 0
	for ; ; n++ {
		r, err := rows.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || len(r.Cells) != 4 {
			t.Fatal(err, len(r.Cells))
		}
		if n%1_000_000 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
		}
	}
	if n != size/len(row) {
		t.Errorf("%d rows of %d", n, size/len(row))
	}
	if most > 32<<20 {
		t.Errorf("%d MB in use", most>>20)
	}
}

// H28: a line of 1 GB is refused at the limit, with its place.
func TestLongRow(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 256 MB")
	}
	for _, begin := range []string{"a,b\n1,2\n3,", "a,b\n1,2\n3,\""} {
		rows, err := intake.NewReader(io.MultiReader(strings.NewReader(begin), &endless{text: []byte("0123456789abcdef"), left: 1 << 30}), intake.Options{Format: "csv", Delimiter: ",", Quote: `"`, Header: "yes"})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := show(rows), "2 \"1\" \"2\"\nLine 3: A row begins here that has more than 256 MB, which is the limit.\n"; got != want {
			t.Errorf("%.300s, want %s", got, want)
		}
	}
}

// FuzzCSV reads anything, and what it reads again: quoted, it has to be the same.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\"a\"\"b\",\r\nc\rd,\"\n\"", "\"", "\"a\"b,c\n", "\xff,\x00\n,", "\n\n,\n", "\n", "\n\na\n"} {
		f.Add([]byte(s))
	}
	o := intake.Options{Format: "csv", Delimiter: ",", Quote: `"`, Header: "no"}
	f.Fuzz(func(t *testing.T, b []byte) {
		read := func(b []byte) (rows [][][]byte, good bool) {
			r, err := intake.NewReader(bytes.NewReader(b), o)
			if err != nil {
				t.Fatal(err)
			}
			good = true
			for last := int64(0); ; {
				row, err := r.Next()
				var bad *intake.RowError
				switch {
				case errors.Is(err, io.EOF):
					return rows, good
				case errors.As(err, &bad):
					good = false
					if bad.Last() {
						return rows, good
					}
					continue
				case err != nil:
					t.Fatal(err)
				}
				if row.Line <= last || len(row.Cells) != len(r.Names()) {
					t.Fatalf("line %d behind %d, %d cells of %d", row.Line, last, len(row.Cells), len(r.Names()))
				}
				last = row.Line
				kept := [][]byte{}
				for _, c := range row.Cells {
					kept = append(kept, bytes.Clone(c))
				}
				rows = append(rows, kept)
			}
		}
		rows, good := read(b)
		if !good {
			return
		}
		var again bytes.Buffer
		for _, r := range rows {
			for i, c := range r {
				if i > 0 {
					again.WriteByte(',')
				}
				if c != nil {
					again.WriteString(`"` + strings.ReplaceAll(string(c), `"`, `""`) + `"`)
				}
			}
			again.WriteByte('\n')
		}
		second, good := read(again.Bytes())
		if !good || fmt.Sprintf("%q", second) != fmt.Sprintf("%q", rows) {
			t.Errorf("%q read as %q, and that as %q", b, rows, second)
		}
	})
}

func BenchmarkCSV(b *testing.B) {
	row := []byte("12345,some text,2020-01-01 00:00:00+00,3.50,\"quoted, text\",,7\n")
	b.SetBytes(int64(len(row)))
	rows, err := intake.NewReader(&endless{text: row, left: b.N * len(row)}, intake.Options{Format: "csv", Delimiter: ",", Quote: `"`, Header: "no"})
	if err != nil {
		b.Fatal(err)
	}
	for {
		if _, err := rows.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
