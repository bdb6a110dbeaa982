package intake

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
)

// sheetRows reads the rows of one sheet of a workbook: cells as they are stored, not as they are shown, but for dates and
// times, which are numbers there. A cell that shows an error, such as #N/A, is that text. An empty row between others is
// a row of NULLs; those before the first value and behind the last are none, but in a workbook of Tusk's, whose rows are
// those of its table, and go on in its other sheets where one was full. A number that is shown as 0.00 is 0 where others have written it: there, it is how it is stored.
type sheetRows struct {
	book    *workbook
	part    io.ReadCloser
	fuse    *fuse
	dec     *xml.Decoder
	names   []string
	notes   []string
	pending *Row
	number  int64 // of the last row that was read
	given   int64 // of the last row that Next gave
	empty   [][]byte
	then    []string // the sheets that the rows go on in, below their own header
	skip    bool     // there is one
	offset  int64    // what a row's number is more than in its sheet
	cells   [][]byte
	arena   []byte // never nil, of which an empty part would be NULL
}

func beginsZip(head []byte) bool { return strings.HasPrefix(string(head), "PK\x03\x04") }

// completeXLSX finds out the sheet and whether its first row names the columns.
func completeXLSX(o *Options, h head) error {
	book, err := openWorkbook(h.source)
	if err != nil {
		return err
	}
	if o.Sheet == "" {
		o.Sheet = book.sheets[0].name
	}
	if o.Header != "" {
		return nil
	}
	rows, err := book.rows(o.Sheet)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var first [][][]byte
	for len(first) < 200 {
		r, err := rows.row()
		if err != nil {
			break // who reads all is told
		}
		first = append(first, clone(r.Cells))
	}
	o.Header = guessHeader(Options{}, first)
	return nil
}

func openXLSX(src source, o Options) (Rows, error) {
	book, err := openWorkbook(src)
	if err != nil {
		return nil, err
	}
	s, err := book.rows(o.Sheet)
	if err != nil {
		return nil, err
	}
	first, err := s.row()
	if errors.Is(err, io.EOF) {
		return s, nil
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	if all := book.sheetNames(); book.exact && o.Sheet == all[0] && len(all) > 1 {
		s.then, s.skip = all[1:], o.Header == "yes"
		s.notes = []string{fmt.Sprintf("The rows go on in %s, which is read too.", strings.Join(s.then, ", "))}
	}
	if o.Header == "yes" {
		names, notes := uniqueNames(first.Cells)
		s.names, s.notes = names, append(s.notes, notes...)
		s.begin(first.Line)
		return s, nil
	}
	for i := range first.Cells {
		s.names = append(s.names, fmt.Sprintf("column_%d", i+1))
	}
	s.pending = &Row{Line: first.Line, Cells: clone(first.Cells)}
	if s.begin(first.Line - 1); book.exact {
		s.begin(0)
	}
	return s, nil
}

// begin has rows given that come behind a number.
func (s *sheetRows) begin(behind int64) { s.given, s.empty = behind, make([][]byte, len(s.names)) }

func (s *sheetRows) Names() []string { return s.names }

// Notes tells of columns that were called otherwise.
func (s *sheetRows) Notes() []string { return s.notes }

func (s *sheetRows) Close() error { return s.part.Close() }

func (s *sheetRows) Next() (Row, error) {
	if s.pending == nil {
		r, err := s.row()
		if errors.Is(err, io.EOF) && s.book.exact && s.given < s.number {
			s.given++
			return Row{Line: s.given, Cells: s.empty}, nil
		}
		if err != nil {
			return r, err
		}
		s.pending = &r
	}
	if s.given+1 < s.pending.Line {
		s.given++
		return Row{Line: s.given, Cells: s.empty}, nil
	}
	r := *s.pending
	s.pending, s.given = nil, r.Line
	if len(r.Cells) > len(s.names) {
		return Row{}, &RowError{Line: r.Line, Reason: fmt.Sprintf("There is a value in column %d, and the last one with a name is column %d.", len(r.Cells), len(s.names)), Hint: "Give the column a name in the first row, or empty the cell.", Cells: r.Cells}
	}
	for len(r.Cells) < len(s.names) {
		r.Cells = append(r.Cells, nil)
	}
	s.cells = r.Cells
	for i, c := range r.Cells {
		if reason := badText(c); reason != "" {
			return Row{}, &RowError{Line: r.Line, Column: s.names[i], Reason: reason, Cells: r.Cells}
		}
	}
	return r, nil
}

// row reads the next row that has a value.
func (s *sheetRows) row() (Row, error) {
	for {
		tok, err := s.dec.Token()
		if errors.Is(err, io.EOF) {
			if err = s.goOn(); err != nil {
				return Row{}, err
			}
			continue
		}
		if err != nil {
			return Row{}, s.damaged(err)
		}
		start, ok := tok.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		s.fuse.left = s.book.limit
		if s.number++; attr(start, "r") != "" {
			n, err := strconv.ParseInt(attr(start, "r"), 10, 64)
			if err != nil || n < 1 || n > maxRows {
				return Row{}, s.damaged(fmt.Errorf("there is no row %q", attr(start, "r")))
			}
			s.number = n + s.offset
		}
		if err := s.readCells(); err != nil {
			return Row{}, s.damaged(err)
		}
		for len(s.cells) > 0 && s.cells[len(s.cells)-1] == nil {
			s.cells = s.cells[:len(s.cells)-1]
		}
		if len(s.cells) > 0 {
			return Row{Line: s.number, Cells: s.cells}, nil
		}
	}
}

// goOn turns to the next of the sheets, or gives io.EOF.
func (s *sheetRows) goOn() error {
	if len(s.then) == 0 {
		return io.EOF
	}
	next, err := s.book.rows(s.then[0])
	if err != nil {
		return err
	}
	_ = s.part.Close() // all of it was read
	s.then, s.part, s.fuse, s.dec, s.offset = s.then[1:], next.part, next.fuse, next.dec, s.number
	if !s.skip {
		return nil
	}
	for { // the header
		tok, err := s.dec.Token()
		if err != nil {
			return s.damaged(noEnd(err))
		}
		if start, ok := tok.(xml.StartElement); ok && start.Name.Local == "row" {
			s.offset--
			if err := s.readCells(); err != nil {
				return s.damaged(err)
			}
			return nil
		}
	}
}

// damaged is the error for a sheet that cannot be read on.
func (s *sheetRows) damaged(err error) error {
	e := &RowError{Line: max(1, s.number), Reason: fmt.Sprintf("The sheet is damaged behind this row: %v.", err), Hint: "Open the workbook in a spreadsheet and save it again.", last: true}
	if errors.Is(err, errTooLong) {
		e.Reason = fmt.Sprintf("A row begins here that has more than %d MB, which is the limit.", s.book.limit>>20)
		e.Hint = ""
	}
	return e
}

// How many a sheet can have; of rows, LibreOffice's, which are more than Excel's.
const (
	maxColumns = 16384
	maxRows    = 1 << 24
)

// readCells reads the cells up to the end of the row.
func (s *sheetRows) readCells() error {
	s.cells, s.arena = s.cells[:0], s.arena[:0]
	at := 0
	for {
		tok, err := s.dec.Token()
		if err != nil {
			return noEnd(err)
		}
		switch t := tok.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if r := attr(t, "r"); r != "" {
				if at = columnOf(r); at < 0 || at >= maxColumns {
					return fmt.Errorf("there is no cell %q", r)
				}
			}
			raw, err := readValue(s.dec)
			if err != nil {
				return err
			}
			for len(s.cells) <= at {
				s.cells = append(s.cells, nil)
			}
			if raw.there {
				v, err := s.book.value(attr(t, "t"), attr(t, "s"), raw.text)
				if err != nil {
					return err
				}
				from := len(s.arena)
				s.arena = append(s.arena, v...)
				s.cells[at] = s.arena[from:len(s.arena):len(s.arena)]
			}
			at++
		}
	}
}

// rawValue is the text of a cell; an empty cell has none.
type rawValue struct {
	text  string
	there bool
}

// readValue reads <v>, or the texts of <is>, up to the end of the cell.
func readValue(d *xml.Decoder) (r rawValue, err error) {
	var b strings.Builder
	depth, in, phonetic := 1, false, 0
	for depth > 0 {
		tok, err := d.Token()
		if err != nil {
			return r, noEnd(err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			depth++
			switch t.Name.Local {
			case "v", "t":
				in = true
				r.there = r.there || phonetic == 0
			case "rPh":
				phonetic++
			}
		case xml.EndElement:
			depth--
			switch t.Name.Local {
			case "v", "t":
				in = false
			case "rPh":
				phonetic--
			}
		case xml.CharData:
			if in && phonetic == 0 {
				b.Write(t)
			}
		}
	}
	r.text = b.String()
	return r, nil
}

func noEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// columnOf gives the number of the column of a cell's name, AB12, from 0; -1 when it is none.
func columnOf(cell string) int {
	n := 0
	for i := 0; i < len(cell); i++ {
		c := cell[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			if i == 0 {
				return -1
			}
			break
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			return -1
		}
	}
	return n - 1
}

// unescaped decodes _x000D_, which stands for what XML cannot have.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, ok := escape(s)
		n := escapeLength
		if ok && utf16.IsSurrogate(r) {
			low, _ := escape(s[escapeLength:])
			r, n = utf16.DecodeRune(r, low), 2*escapeLength
			ok = r != utf8.RuneError // half of one stays as it is written
		}
		if ok {
			b.WriteRune(r)
			s = s[n:]
			continue
		}
		at := strings.Index(s[1:], "_x") + 1
		if at == 0 {
			at = len(s)
		}
		b.WriteString(s[:at])
		s = s[at:]
	}
	return b.String()
}

const escapeLength = len("_x000D_")

// escape reads the one that s begins with.
func escape(s string) (rune, bool) {
	if len(s) < escapeLength || s[:2] != "_x" || s[escapeLength-1] != '_' {
		return 0, false
	}
	code, err := strconv.ParseUint(s[2:escapeLength-1], 16, 16)
	return rune(code), err == nil
}

// fuse fails once more was read than a row may have.
type fuse struct {
	r    io.Reader
	left int
}

func (f *fuse) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errTooLong
	}
	n, err := f.r.Read(p)
	f.left -= n
	return n, err
}

func notWorkbook(src source, err error) error {
	return apperr.E(apperr.Data, filepath.Base(src.path)+" cannot be read as a workbook.", apperr.Message(err.Error()), apperr.Cause(err),
		apperr.Hint("Save it as .xlsx, without a password."))
}
