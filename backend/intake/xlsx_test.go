package intake_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/intake"
	"github.com/xuri/excelize/v2"
)

// workbook makes one and gives its path.
func workbook(t *testing.T, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	path := filepath.Join(t.TempDir(), "a.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func readAll(t *testing.T, path string, o intake.Options) (columnsOf, rows string) {
	t.Helper()
	f, err := intake.Open(path, o)
	if err != nil {
		return "error", err.Error()
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	return columns(f), show(f)
}

// rezipped writes a workbook anew with a part of it changed.
func rezipped(t *testing.T, path, part string, change func(string) io.Reader) string {
	t.Helper()
	in, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	to := filepath.Join(t.TempDir(), "b.xlsx")
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	z := zip.NewWriter(out)
	found := false
	for _, file := range in.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(file.Name)
		if err != nil {
			t.Fatal(err)
		}
		var text io.Reader = bytes.NewReader(b)
		if file.Name == part {
			text, found = change(string(b)), true
		}
		if _, err := io.Copy(w, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil || !found {
		t.Fatal(err, found)
	}
	return to
}

const sheet1 = "xl/worksheets/sheet1.xml"

func TestWorkbook(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	custom := func(code string) *excelize.Style { return &excelize.Style{CustomNumFmt: &code} }
	fill := func(f *excelize.File) {
		set := func(cell string, v any, style *excelize.Style) {
			t.Helper()
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
			if style == nil {
				return
			}
			n, err := f.NewStyle(style)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStyle("Sheet1", cell, cell, n); err != nil {
				t.Fatal(err)
			}
		}
		for i, name := range []string{"text", "n", "day", "at", "ok", "clock", "worked", "money"} {
			cell, _ := excelize.CoordinatesToCellName(i+1, 1)
			set(cell, name, nil)
		}
		set("A2", "a <b>\n\"c\" _x000D_ é", nil)
		set("B2", 0.1, nil)
		set("C2", 46346, &excelize.Style{NumFmt: 14})
		set("D2", 46346+10.0/24, custom(`dd.mm.yyyy\ hh:mm;@`))
		set("E2", true, nil)
		set("F2", 0.75, &excelize.Style{NumFmt: 21})
		set("G2", 1.5, custom("[h]:mm"))
		set("H2", 1234.5, custom(`#,##0.00 "days"`))
		if err := f.SetCellRichText("Sheet1", "A4", []excelize.RichTextRun{{Text: "rich "}, {Text: "text"}}); err != nil {
			t.Fatal(err)
		}
		set("C4", day, nil)
		set("B4", 123456789012345, nil)
		set("C5", 59, &excelize.Style{NumFmt: 14}) // 1900-02-28, before the day that never was
		set("D5", 46346.4166666667, &excelize.Style{NumFmt: 22})
		if _, err := f.NewSheet("Other"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellValue("Other", "A1", 7); err != nil {
			t.Fatal(err)
		}
	}
	path := workbook(t, fill)
	cols, rows := readAll(t, path, intake.Options{})
	if want := "text text, n numeric, day date, at timestamp, ok boolean, clock text, worked text, money numeric"; cols != want {
		t.Errorf("%s\nwant %s", cols, want)
	}
	if want := "2 \"a <b>\\n\\\"c\\\" \\r é\" \"0.1\" \"2026-11-20\" \"2026-11-20 10:00:00\" \"true\" \"18:00:00\" \"36:00:00\" \"1234.5\"\n" +
		"3 NULL NULL NULL NULL NULL NULL NULL NULL\n" +
		"4 \"rich text\" \"123456789012345\" \"2026-11-20\" NULL NULL NULL NULL NULL\n" +
		"5 NULL NULL \"1900-02-28\" \"2026-11-20 10:00:00\" NULL NULL NULL NULL\n"; rows != want {
		t.Errorf("%s\nwant\n%s", rows, want)
	}
	if cols, rows := readAll(t, path, intake.Options{Sheet: "Other"}); cols != "column_1 integer" || rows != "1 \"7\"\n" {
		t.Error(cols, rows)
	}
	if _, rows := readAll(t, path, intake.Options{Sheet: "None"}); rows != `There is no sheet "None" in a.xlsx.` {
		t.Error(rows)
	}
	f, err := intake.Open(path, intake.Options{})
	if err != nil || strings.Join(f.Sheets, ",") != "Sheet1,Other" || f.Options.Sheet != "Sheet1" || f.Options.Header != "yes" {
		t.Errorf("%v %+v", err, f)
	} else if err := f.Close(); err != nil {
		t.Error(err)
	}

	t.Run("since 1904", func(t *testing.T) {
		path := rezipped(t, path, "xl/workbook.xml", func(s string) io.Reader {
			return strings.NewReader(strings.Replace(s, "<workbookPr", `<workbookPr date1904="1"`, 1))
		})
		if _, rows := readAll(t, path, intake.Options{}); !strings.Contains(rows, `"2030-11-21"`) {
			t.Error(rows)
		}
	})
	t.Run("too wide", func(t *testing.T) {
		path := workbook(t, func(f *excelize.File) { fill(f); _ = f.SetCellValue("Sheet1", "K3", "x") })
		if _, rows := readAll(t, path, intake.Options{}); !strings.Contains(rows, "Line 3: There is a value in column 11, and the last one with a name is column 8.\n4 ") {
			t.Error(rows)
		}
	})
	t.Run("empty rows", func(t *testing.T) {
		path := rezipped(t, path, sheet1, func(s string) io.Reader {
			return strings.NewReader(`<worksheet><sheetData><row r="2"/><row r="3"><c r="A3" t="str"><v>a</v></c><c r="B3" t="str"><v>b</v></c></row>
<row r="4"><c r="A4"/></row><row r="6"><c r="B6"><v>1</v></c></row><row r="7"><c r="A7"><v>2</v></c><c r="C7"><v>3</v></c></row><row r="8" ht="30"/><row r="9"><c r="B9"/></row></sheetData></worksheet>`)
		})
		want := "4 NULL NULL\n5 NULL NULL\n6 NULL \"1\"\nLine 7: There is a value in column 3, and the last one with a name is column 2.\n"
		if cols, rows := readAll(t, path, intake.Options{}); cols != "a text, b integer" || rows != want {
			t.Errorf("%s\n%s", cols, rows)
		}
		if _, rows := readAll(t, path, intake.Options{Header: "no"}); rows != "3 \"a\" \"b\"\n"+want {
			t.Error(rows)
		}
	})
	t.Run("decimals and empty rows are what is shown, but where Tusk wrote them", func(t *testing.T) {
		for application, want := range map[string]string{"Microsoft Excel": "2 \"5\" \"0.001\"\n", "Tusk": "2 \"5.00\" \"0.001\"\n3 NULL NULL\n4 NULL NULL\n"} {
			path := workbook(t, func(f *excelize.File) {
				style, err := f.NewStyle(custom("0.00"))
				if err != nil {
					t.Fatal(err)
				}
				for cell, v := range map[string]any{"A1": "n", "B1": "m", "A2": 5, "B2": 0.001, "A4": nil} {
					if err := f.SetCellValue("Sheet1", cell, v); err != nil {
						t.Fatal(err)
					}
				}
				if err := errors.Join(f.SetCellStyle("Sheet1", "A2", "B4", style), f.SetAppProps(&excelize.AppProperties{Application: application})); err != nil {
					t.Fatal(err)
				}
			})
			if _, rows := readAll(t, path, intake.Options{}); rows != want {
				t.Errorf("%s: %s\nwant %s", application, rows, want)
			}
		}
	})
	t.Run("rows that go on in other sheets, where Tusk wrote them", func(t *testing.T) {
		for application, want := range map[string]string{"Tusk": "2 \"1\"\n3 NULL\n4 \"3\"\n5 \"4\"\n6 NULL\n7 \"6\"\n", "LibreOffice": "2 \"1\"\n"} {
			path := workbook(t, func(f *excelize.File) {
				err := errors.Join(f.SetAppProps(&excelize.AppProperties{Application: application}), f.SetSheetName("Sheet1", "Result"))
				for _, sheet := range []string{"Result", "Result 2", "Result 3"} {
					_, e := f.NewSheet(sheet)
					err = errors.Join(err, e, f.SetCellValue(sheet, "A1", "n"))
				}
				for at, v := range map[string]any{"A2": 1, "A3": nil} {
					err = errors.Join(err, f.SetCellValue("Result", at, v))
				}
				err = errors.Join(err, f.SetRowHeight("Result", 3, 20), f.SetCellValue("Result 2", "A2", 3), f.SetCellValue("Result 2", "A3", 4), f.SetCellValue("Result 3", "A3", 6))
				if err != nil {
					t.Fatal(err)
				}
			})
			f, err := intake.Open(path, intake.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := show(f); got != want || (len(f.Notes) == 1) != (application == "Tusk") || (len(f.Unread) == 2) == (application == "Tusk") {
				t.Errorf("%s: %swant %s%q %q", application, got, want, f.Notes, f.Unread)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("a row that no sheet has", func(t *testing.T) {
		path := rezipped(t, path, sheet1, func(s string) io.Reader {
			return strings.NewReader(strings.ReplaceAll(s, `"5"`, `"9223372036854775807"`))
		})
		if _, rows := readAll(t, path, intake.Options{}); !strings.HasSuffix(rows, "The sheet is damaged behind this row: there is no row \"9223372036854775807\".\n") {
			t.Error(rows)
		}
	})
	t.Run("cut", func(t *testing.T) {
		path := rezipped(t, path, sheet1, func(s string) io.Reader { return strings.NewReader(s[:strings.Index(s, `<row r="5"`)+30]) })
		if _, rows := readAll(t, path, intake.Options{}); !strings.HasSuffix(rows, "Line 5: The sheet is damaged behind this row: XML syntax error on line 2: unexpected EOF.\n") {
			t.Error(rows)
		}
	})
	t.Run("text that is not there", func(t *testing.T) {
		path := rezipped(t, path, "xl/sharedStrings.xml", func(string) io.Reader { return strings.NewReader("<sst/>") })
		if _, rows := readAll(t, path, intake.Options{}); !strings.Contains(rows, `there is no text number "0"`) {
			t.Error(rows)
		}
	})
	t.Run("no workbook", func(t *testing.T) {
		for _, content := range []string{"PK\x03\x04 and no more", "\xd0\xcf\x11\xe0 a workbook of old"} {
			if _, err := open(t, "a.xlsx", content, intake.Options{}); err == nil || !strings.Contains(err.Error(), "a.xlsx cannot be read as a workbook.") {
				t.Error(err)
			}
		}
	})
	t.Run("a cell beyond the limit", func(t *testing.T) {
		path := rezipped(t, path, sheet1, func(s string) io.Reader {
			at := strings.Index(s, `<row r="5"`)
			return io.MultiReader(strings.NewReader(s[:at]+`<row r="5"><c r="A5" t="str"><v>`), &endless{text: []byte("0123456789abcdef"), left: 3 << 20}, strings.NewReader("</v></c></row></sheetData></worksheet>"))
		})
		f, err := intake.OpenLimited(path, intake.Options{}, 2<<20)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if rows := show(f); !strings.HasSuffix(rows, "Line 5: A row begins here that has more than 2 MB, which is the limit.\n") {
			t.Errorf("%.500s", rows)
		}
	})
}

// What stands for half of a character is not replaced by something else.
func TestWorkbookEscapes(t *testing.T) {
	t.Parallel()
	path := rezipped(t, workbook(t, func(*excelize.File) {}), sheet1, func(string) io.Reader {
		return strings.NewReader(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>_x0041__xD83D__xDE00_ _xD800_</t></is></c></row></sheetData></worksheet>`)
	})
	if _, got := readAll(t, path, intake.Options{Header: "no"}); got != "1 \"A😀 _xD800_\"\n" {
		t.Errorf("%s", got)
	}
}
