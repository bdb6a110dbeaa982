package transfer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
	"github.com/xuri/excelize/v2"
)

// Limits of the format.
const (
	sheetRows    = 1_048_576
	sheetColumns = 16_384
	sheetText    = 32_767 // characters of a cell
	exactDigits  = 15     // that its numbers keep
	smallest     = 0x1p-1022
	mostDecimals = 30 // that it shows
)

// workbook writes XLSX. Numbers that its floats hold exactly are numbers, dates and times of its calendar are dates, true
// and false are booleans; everything else is text, digit for digit. A numeric is shown with as many decimals as it has.
// NULL is an empty cell. What does not fit a sheet goes to the next one, with the names of the columns on top again.
type workbook struct {
	w       *bufio.Writer
	o       Options
	file    *excelize.File
	sheet   *excelize.StreamWriter
	columns []spool.Column
	limit   int // rows of a sheet
	sheets  int
	row     int // of the sheet at hand, from 1, that is written next
	all     int // rows written
	day     int // styles
	moment  int
	bold    int
	scales  [mostDecimals + 1]int // styles of numbers with so many decimals, 0 where there is none yet
	cells   []any
}

func newWorkbook(w *bufio.Writer, o Options) *workbook {
	return &workbook{w: w, o: o, limit: sheetRows}
}

func (b *workbook) Begin(columns []spool.Column) error {
	if len(columns) > sheetColumns {
		return apperr.E(apperr.Limit, fmt.Sprintf("XLSX has room for %d columns, and here are %d.", sheetColumns, len(columns)), apperr.Hint("Choose fewer columns, or CSV."))
	}
	b.columns, b.file = columns, excelize.NewFile()
	b.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(b.w) }) // its own holds the whole file in memory
	for _, s := range []struct {
		id     *int
		style  *excelize.Style
		format string
	}{{&b.day, &excelize.Style{}, "yyyy-mm-dd"}, {&b.moment, &excelize.Style{}, "yyyy-mm-dd hh:mm:ss.000"}, {&b.bold, &excelize.Style{Font: &excelize.Font{Bold: true}}, ""}} {
		if s.format != "" {
			s.style.CustomNumFmt = &s.format
		}
		id, err := b.file.NewStyle(s.style)
		if err != nil {
			return fmt.Errorf("make style: %w", err)
		}
		*s.id = id
	}
	// What reads it again knows by this that each row of the sheet is one, and which decimals a number has.
	if err := b.file.SetAppProps(&excelize.AppProperties{Application: "Tusk"}); err != nil {
		return fmt.Errorf("name application: %w", err)
	}
	b.cells = make([]any, len(columns))
	return b.next()
}

// next begins a sheet.
func (b *workbook) next() error {
	if err := b.flush(); err != nil {
		return err
	}
	b.sheets++
	name := "Result"
	if b.sheets > 1 {
		name = fmt.Sprintf("Result %d", b.sheets)
		if _, err := b.file.NewSheet(name); err != nil {
			return fmt.Errorf("make sheet: %w", err)
		}
	} else if err := b.file.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("name sheet: %w", err)
	}
	var err error
	if b.sheet, err = b.file.NewStreamWriter(name); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	b.row = 1
	if b.o.NoHeader {
		return nil
	}
	if err := b.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	names := make([]any, len(b.columns))
	for i, c := range b.columns {
		names[i] = excelize.Cell{StyleID: b.bold, Value: c.Name}
	}
	return b.put(names)
}

func (b *workbook) put(cells []any) error {
	if err := b.sheet.SetRow("A"+strconv.Itoa(b.row), cells); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	b.row++
	return nil
}

func (b *workbook) flush() error {
	if b.sheet == nil {
		return nil
	}
	if err := b.sheet.Flush(); err != nil {
		return fmt.Errorf("write sheet: %w", err)
	}
	return nil
}

func (b *workbook) Row(cells [][]byte) error {
	if b.row > b.limit {
		if err := b.next(); err != nil {
			return err
		}
	}
	b.all++
	for i, v := range cells {
		var err error
		if b.cells[i], err = b.cell(b.columns[i], v); err != nil {
			return err
		}
		if text, ok := b.cells[i].(string); ok {
			if err := b.fits(text, b.columns[i].Name); err != nil {
				return err
			}
		}
	}
	return b.put(b.cells)
}

// fits tells whether a cell can hold a text: what it cannot would be cut or replaced in silence.
func (b *workbook) fits(text, column string) error {
	hint := apperr.Hint("Leave the column out, or choose another format.")
	units := 0 // as the format counts: two for a character beyond U+FFFF
	for _, r := range text {
		if units++; r > 0xffff {
			units++
		}
		if noXML(r) {
			return apperr.E(apperr.Limit, fmt.Sprintf("XLSX cannot hold the character U+%04X, which %s has in row %d.", r, column, b.all), hint)
		}
	}
	if units > sheetText {
		return apperr.E(apperr.Limit, fmt.Sprintf("A cell of XLSX holds %d characters, and %s has more in row %d.", sheetText, column, b.all), hint)
	}
	return nil
}

// cell makes of a value what a spreadsheet computes with, where it says the same.
func (b *workbook) cell(c spool.Column, v []byte) (any, error) {
	switch {
	case v == nil:
		return nil, nil
	case c.Class == "bool" && (string(v) == "t" || string(v) == "f"):
		return v[0] == 't', nil
	case c.Class == "number" && c.Type != "money" && significant(v) <= exactDigits:
		if f, err := strconv.ParseFloat(string(v), 64); err == nil && isJSONNumber(v) && (math.Abs(f) >= smallest || significant(v) == 0) {
			return b.number(c, v, f)
		}
	case c.TypeOID == oidDate:
		if t, err := time.Parse("2006-01-02", string(v)); err == nil && inCalendar(t) {
			return excelize.Cell{StyleID: b.day, Value: t}, nil
		}
	case c.TypeOID == oidTimestamp: // one with a zone has none in a spreadsheet
		if t, err := time.Parse("2006-01-02 15:04:05.999999", string(v)); err == nil && inCalendar(t) && t.Nanosecond()%1_000_000 == 0 {
			return excelize.Cell{StyleID: b.moment, Value: t}, nil
		}
	}
	return spool.Visible(v), nil
}

// number shows a numeric with the decimals it has: 0.00 is not 0.
func (b *workbook) number(c spool.Column, v []byte, f float64) (any, error) {
	point := bytes.IndexByte(v, '.')
	decimals := len(v) - point - 1
	if c.TypeOID != oidNumeric || point < 0 || decimals > mostDecimals {
		return f, nil
	}
	if b.scales[decimals] == 0 {
		code := "0." + strings.Repeat("0", decimals)
		id, err := b.file.NewStyle(&excelize.Style{CustomNumFmt: &code})
		if err != nil {
			return nil, fmt.Errorf("make style: %w", err)
		}
		b.scales[decimals] = id
	}
	return excelize.Cell{StyleID: b.scales[decimals], Value: f}, nil
}

// inCalendar leaves out what a spreadsheet counts otherwise: it takes 1900 for a leap year.
func inCalendar(t time.Time) bool { return t.Year() > 1900 && t.Year() < 10_000 }

// significant counts the digits of a number, without zeros before the first.
func significant(v []byte) int {
	if i := bytes.IndexAny(v, "eE"); i >= 0 {
		v = v[:i]
	}
	digits := 0
	for _, c := range v {
		if c >= '0' && c <= '9' && (c != '0' || digits > 0) {
			digits++
		}
	}
	return digits
}

func (b *workbook) End() error {
	defer b.Discard()
	if err := b.flush(); err != nil {
		return err
	}
	if _, err := b.file.WriteTo(b.w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// Discard removes what is in temporary files.
func (b *workbook) Discard() {
	if b.file != nil {
		_ = b.file.Close()
		b.file = nil
	}
}
