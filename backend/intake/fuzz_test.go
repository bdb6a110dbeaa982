package intake_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/intake"
)

// drain reads all rows and looks at what holds of every reader; good says that no row was refused.
func drain(t *testing.T, rows intake.Rows) (n int, good bool) {
	good = true
	for {
		row, err := rows.Next()
		var bad *intake.RowError
		switch {
		case errors.Is(err, io.EOF):
			return n, good
		case errors.As(err, &bad):
			if good = false; bad.Line < 1 || bad.Reason == "" {
				t.Fatalf("%+v", bad)
			}
			if bad.Last() {
				return n, good
			}
			continue
		case err != nil:
			t.Fatal(err)
		}
		if n++; len(row.Cells) != len(rows.Names()) {
			t.Fatalf("%d cells of %d", len(row.Cells), len(rows.Names()))
		}
	}
}

func readFuzzed(t *testing.T, name string, b []byte) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := intake.OpenLimited(path, intake.Options{}, 1<<20)
	if err != nil {
		return
	}
	drain(t, f)
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// FuzzOpen finds out what anything is, and reads it.
func FuzzOpen(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "[{\"a\":1},{\"b\":\"\\ud83d\"}]", "{\"a\":[1]}\n{\"a\":null}", "\xff\xfea\x00,\x00\xd8\xd8", "\xfe\xff\x00a", "caf\xe9;1\n", "\\N\t1\n"} {
		for kind := range 4 {
			f.Add(kind, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, kind int, b []byte) {
		names := []string{"a.csv", "a.json", "a.ndjson", "a"}
		readFuzzed(t, names[uint(kind)%uint(len(names))], b)
	})
}

// FuzzPlain writes numbers as PostgreSQL reads them, and never other digits, nor another place of the fraction.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"1 234,50", "-1'234'567.8", "1.234,5", "12\u00a0345", "1 23", "0,5", " 7 ", "1 234,", "1\xff234"} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, comma bool) {
		decimal := map[bool]string{true: ",", false: "."}[comma]
		n, ok := intake.Plain(s, decimal)
		if !ok || n == s {
			return
		}
		kept := func(s, decimal string) string {
			return strings.Map(func(r rune) rune {
				switch {
				case '0' <= r && r <= '9', r == '-':
					return r
				case string(r) == decimal:
					return '.'
				}
				return -1
			}, s)
		}
		if got, want := kept(n, "."), kept(s, decimal); got != want {
			t.Errorf("%q is %q, with %s of %s", s, n, got, want)
		}
	})
}

// FuzzObjects reads of an array what encoding/json reads of it.
func FuzzObjects(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `{"a":"\\\"","b":{"c":[1,"}"]}},{ }`, `{"a" : "x" , "a": 2}`, `{"":null},{"":-1e5}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, objects string) {
		text := "[" + objects + "]"
		rows, err := intake.NewReader(bytes.NewReader([]byte(text)), intake.Options{Format: "json"})
		if err != nil {
			t.Fatal(err)
		}
		good, n := true, 0
		for ; ; n++ {
			row, err := rows.Next()
			var bad *intake.RowError
			if errors.Is(err, io.EOF) {
				break
			} else if errors.As(err, &bad) {
				if good = false; bad.Last() {
					break
				}
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			var list []map[string]json.RawMessage
			if json.Unmarshal([]byte(text), &list) != nil {
				continue
			}
			object := list[n]
			for i, name := range rows.Names() {
				if i >= len(row.Cells) {
					break
				}
				raw, want := object[name], ""
				null := raw == nil || string(raw) == "null"
				if json.Unmarshal(raw, &want) != nil {
					want = string(raw)
				}
				if null != (row.Cells[i] == nil) || !null && string(row.Cells[i]) != want {
					t.Fatalf("%q: %q of %s is %q, not %q", text, name, raw, row.Cells[i], want)
				}
			}
		}
		var list []map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &list); good && (err != nil || len(list) != n) {
			t.Fatalf("%q: %d rows, %d objects, %v", text, n, len(list), err)
		}
	})
}

// FuzzSheet reads a workbook with any sheet.
func FuzzSheet(f *testing.F) {
	for _, s := range []string{
		`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>45000.5</v></c></row></sheetData></worksheet>`,
		`<sheetData><row><c t="inlineStr"><is><t>a_x000D_</t></is></c><c t="b"><v>1</v></c></row><row r="9"><c r="XFD9"><v>1e9</v></c></row></sheetData>`,
	} {
		f.Add([]byte(s), []byte(`<numFmt numFmtId="200" formatCode="[h]:mm;@"/><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs>`))
	}
	f.Fuzz(func(t *testing.T, sheet, styles []byte) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, part := range [][2]string{
			{"xl/workbook.xml", `<workbook xmlns:r="r"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`},
			{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`},
			{"xl/sharedStrings.xml", `<sst><si><t>one</t></si></sst>`},
			{"xl/styles.xml", "<styleSheet>" + string(styles) + "</styleSheet>"},
			{sheet1, string(sheet)},
		} {
			w, err := z.Create(part[0])
			if err == nil {
				_, err = w.Write([]byte(part[1]))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		readFuzzed(t, "a.xlsx", b.Bytes())
	})
}

// FuzzParquet reads any file of Parquet.
func FuzzParquet(f *testing.F) {
	n := int64(1)
	row := []parquetRow{{Text: "a", I: &n, List: []string{"x"}}, {F: 1}}
	for _, path := range []string{parquetFile(f, row, 1), parquetFile(f, row, 2), nestedFile(f)} {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { readFuzzed(t, "a.parquet", b) })
}
