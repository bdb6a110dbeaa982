package transfer_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
	"github.com/thedatashed/xlsxreader"
)

// sheets reads a workbook with another library than the one that wrote it: type and value of each cell.
func sheets(t *testing.T, b []byte) map[string][]string {
	t.Helper()
	x, err := xlsxreader.NewReader(b)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, name := range x.Sheets {
		for row := range x.ReadRows(name) {
			if row.Error != nil {
				t.Fatal(row.Error)
			}
			var cells []string
			for _, c := range row.Cells {
				cells = append(cells, fmt.Sprintf("%s%d %s %s", c.Column, c.Row, c.Type, c.Value))
			}
			all[name] = append(all[name], strings.Join(cells, "; "))
		}
	}
	return all
}

func workbook(t *testing.T, o transfer.Options, columns []spool.Column, rows ...[][]byte) ([]byte, error) {
	t.Helper()
	format, ok := transfer.Find("xlsx")
	if !ok {
		t.Fatal("there is no xlsx")
	}
	var out bytes.Buffer
	e, flush := format.NewEncoder(&out, o)
	if err := e.Begin(columns); err != nil {
		return nil, err
	}
	defer e.(transfer.Discarder).Discard()
	for _, r := range rows {
		if err := e.Row(r); err != nil {
			return nil, err
		}
	}
	if err := e.End(); err != nil {
		return nil, err
	}
	err := flush()
	return out.Bytes(), err
}

func TestWorkbookHasRealTypes(t *testing.T) {
	t.Parallel()
	columns := []spool.Column{
		{Name: "n", Type: "numeric", Class: "number", TypeOID: 1700}, {Name: "t & <x>", Type: "text", Class: "text", TypeOID: 25}, {Name: "ok", Type: "bool", Class: "bool", TypeOID: 16},
		{Name: "d", Type: "date", Class: "time", TypeOID: 1082}, {Name: "at", Type: "timestamp", Class: "time", TypeOID: 1114},
	}
	row := func(cells ...string) (r [][]byte) {
		for _, c := range cells {
			if c == "NULL" {
				r = append(r, nil)
			} else {
				r = append(r, []byte(c))
			}
		}
		return r
	}
	b, err := workbook(t, transfer.Options{}, columns,
		row("10.50", "=1+1", "t", "2024-02-29", "2024-02-29 12:30:00"),
		row("9007199254740993", "  blanks\nand lines ", "f", "0044-03-15 BC", "infinity"),
		row("-0.001", "", "NULL", "NULL", "2024-02-29 12:30:00.123456"),
		row("NaN", "日本 & <tag>", "t", "1899-12-31", "10000-01-01 00:00:00"),
		row("123456789012345", "00123", "NULL", "infinity", "NULL"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"A1 string n; B1 string t & <x>; C1 string ok; D1 string d; E1 string at",
		"A2 numerical 10.5; B2 string =1+1; C2 boolean 1; D2 datetime 2024-02-29; E2 datetime 2024-02-29T12:30:00Z",
		"A3 string 9007199254740993; B3 string   blanks\nand lines ; C3 boolean 0; D3 string 0044-03-15 BC; E3 string infinity",
		"A4 numerical -0.001; B4 string ; E4 string 2024-02-29 12:30:00.123456",
		"A5 string NaN; B5 string 日本 & <tag>; C5 boolean 1; D5 string 1899-12-31; E5 string 10000-01-01 00:00:00",
		"A6 numerical 123456789012345; B6 string 00123; D6 string infinity",
	}
	got := sheets(t, b)["Result"]
	for i := range max(len(want), len(got)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("row %d:\n%q, want\n%q", i+1, got[min(i, len(got)-1)], want[min(i, len(want)-1)])
		}
	}
}

// TestWorkbookGoesOnInAnotherSheet has more rows than a sheet holds, which is less here than a spreadsheet's.
func TestWorkbookGoesOnInAnotherSheet(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	e := transfer.NewWorkbook(w, 1000)
	if err := e.Begin([]spool.Column{{Name: "n", Type: "int4", Class: "number", TypeOID: 23}}); err != nil {
		t.Fatal(err)
	}
	for i := range 2000 {
		if err := e.Row([][]byte{fmt.Append(nil, i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.End(); err != nil {
		t.Fatal(err)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	all := sheets(t, out.Bytes())
	if a, b, c := all["Result"], all["Result 2"], all["Result 3"]; len(a) != 1000 || len(b) != 1000 || len(c) != 3 ||
		a[999] != "A1000 numerical 998" || b[0] != "A1 string n" || b[1] != "A2 numerical 999" || c[2] != "A3 numerical 1999" {
		t.Errorf("sheets of %d, %d and %d rows", len(a), len(b), len(c))
	}

	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := intake.Open(path, intake.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for i := range 2000 {
		if r, err := f.Next(); err != nil || r.Line != int64(i)+2 || string(r.Cells[0]) != fmt.Sprint(i) {
			t.Fatalf("row %d is read as %q in line %d, %v", i, r.Cells, r.Line, err)
		}
	}
	if _, err := f.Next(); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
}

func TestWorkbookSaysWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	text := []spool.Column{{Name: "t", Type: "text", Class: "text"}}
	if _, err := workbook(t, transfer.Options{}, text, [][]byte{[]byte("fits")}, [][]byte{bytes.Repeat([]byte("x"), 32_768)}); apperr.KindOf(err) != apperr.Limit || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("a long text: %v", err)
	}
	for _, v := range []string{"a\x01b", "\x1b[0m", "\ufffe", strings.Repeat("😀", 16_384)} { // a character beyond U+FFFF counts twice
		if _, err := workbook(t, transfer.Options{}, text, [][]byte{[]byte(v)}); apperr.KindOf(err) != apperr.Limit || !strings.Contains(err.Error(), "row 1") {
			t.Errorf("%.10q: %v", v, err)
		}
	}
	if _, err := workbook(t, transfer.Options{}, text, [][]byte{[]byte(strings.Repeat("😀", 16_383))}); err != nil {
		t.Errorf("a text that fits: %v", err)
	}
	tiny := "0." + strings.Repeat("0", 400) + "1" // a float takes it for 0
	b, err := workbook(t, transfer.Options{}, []spool.Column{{Name: "n", Type: "numeric", Class: "number", TypeOID: 1700}}, [][]byte{[]byte(tiny)})
	if err != nil || sheets(t, b)["Result"][1] != "A2 string "+tiny {
		t.Errorf("a small number: %v", err)
	}
	if _, err := workbook(t, transfer.Options{}, make([]spool.Column, 16_385)); apperr.KindOf(err) != apperr.Limit {
		t.Errorf("many columns: %v", err)
	}
}

// greatest is the most that was written at once.
type greatest struct{ most, all int }

func (g *greatest) Write(p []byte) (int, error) {
	g.most, g.all = max(g.most, len(p)), g.all+len(p)
	return len(p), nil
}

// TestWorkbookIsNotHeld writes the file as it is made, so that memory does not grow with it.
func TestWorkbookIsNotHeld(t *testing.T) {
	t.Parallel()
	f, _ := transfer.Find("xlsx")
	var out greatest
	enc, flush := f.NewEncoder(&out, transfer.Options{})
	if err := enc.Begin([]spool.Column{{Name: "t", Type: "text", Class: "text"}}); err != nil {
		t.Fatal(err)
	}
	for range 20_000 {
		if err := enc.Row([][]byte{[]byte(rand.Text() + rand.Text() + rand.Text())}); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(enc.End(), flush()); err != nil || out.all < 1_000_000 || out.most > 256<<10 {
		t.Errorf("%d bytes, %d at once, %v", out.all, out.most, err)
	}
}
