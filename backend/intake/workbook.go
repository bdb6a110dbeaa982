package intake

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
)

// workbook is what the sheets of one share: their names, texts and styles.
type workbook struct {
	src    source
	limit  int
	files  map[string]*zip.File
	sheets []sheet
	texts  []string
	styles []style // by number
	is1904 bool
	// exact says that Tusk wrote it, and nobody since: rows without values are rows, and numbers have the decimals they
	// are shown with.
	exact bool
}

type sheet struct{ name, part string }

// style says what is to be seen of a number: a date, for some, and how many decimals where they are always the same.
type style struct {
	dateStyle
	decimals int
}

// dateStyle says what a style makes of a number; nothing, for most.
type dateStyle struct{ day, clock, elapsed bool }

func openWorkbook(src source) (*workbook, error) {
	z, err := zip.NewReader(src.at, src.size)
	if err != nil {
		return nil, notWorkbook(src, err)
	}
	b := &workbook{src: src, limit: src.limit, files: map[string]*zip.File{}}
	for _, f := range z.File {
		b.files[strings.TrimPrefix(f.Name, "/")] = f
	}
	for _, read := range []func() error{b.readSheets, b.readStyles, b.readTexts} {
		if err := read(); err != nil {
			return nil, notWorkbook(src, err)
		}
	}
	if len(b.sheets) == 0 {
		return nil, notWorkbook(src, errors.New("it has no sheet"))
	}
	_ = b.elements("docProps/app.xml", func(d *xml.Decoder, e xml.StartElement) error { // which need not be readable
		if e.Name.Local != "Application" {
			return nil
		}
		var name string
		err := d.DecodeElement(&name, &e)
		b.exact = name == "Tusk"
		return err
	})
	return b, nil
}

// elements calls f with each element of a part of the file; of one that is not there, with none.
func (b *workbook) elements(name string, f func(*xml.Decoder, xml.StartElement) error) error {
	file, ok := b.files[name]
	if !ok {
		return nil
	}
	in, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	d := xml.NewDecoder(&fuse{in, b.limit})
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if errors.Is(err, errTooLong) {
			return fmt.Errorf("%s has more than %d MB, which is the limit", name, b.limit>>20)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if start, ok := tok.(xml.StartElement); ok {
			if err := f(d, start); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
}

func (b *workbook) readSheets() error {
	parts := map[string]string{}
	err := b.elements("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if target := attr(e, "Target"); e.Name.Local == "Relationship" {
			if !strings.HasPrefix(target, "/") {
				target = path.Join("xl", target)
			}
			parts[attr(e, "Id")] = strings.TrimPrefix(target, "/")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.elements("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.is1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		case "sheet":
			if part := parts[attr(e, "id")]; b.files[part] != nil && strings.Contains(part, "worksheets") {
				b.sheets = append(b.sheets, sheet{attr(e, "name"), part})
			}
		}
		return nil
	})
}

// readStyles finds out which styles show numbers as dates and times, and with how many decimals.
func (b *workbook) readStyles() error {
	codes := map[int]string{}
	inCells := false
	return b.elements("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
				codes[id] = attr(e, "formatCode")
			}
		case "cellStyleXfs", "cellXfs":
			inCells = e.Name.Local == "cellXfs"
		case "xf":
			if !inCells {
				return nil
			}
			id, _ := strconv.Atoi(attr(e, "numFmtId")) // 0, the general one, when it is none
			s := style{builtIn(id), 0}
			if code, ok := codes[id]; ok {
				s = style{styleOf(code), decimalsOf(code)}
			}
			b.styles = append(b.styles, s)
		}
		return nil
	})
}

// builtIn tells of the formats that a workbook does not spell out.
func builtIn(id int) dateStyle {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return dateStyle{day: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id == 45, id == 47, id == 55, id == 56:
		return dateStyle{clock: true}
	case id == 22:
		return dateStyle{day: true, clock: true}
	case id == 46:
		return dateStyle{elapsed: true}
	}
	return dateStyle{}
}

// styleOf reads a format's code, such as dd.mm.yyyy hh:mm or [h]:mm. Texts in it, and what is in brackets, say nothing.
func styleOf(code string) (s dateStyle) {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	month := false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			if n := strings.IndexByte(code[i+1:], '"'); n >= 0 {
				i += n + 1
			}
		case '\\', '_', '*':
			i++
		case '[':
			n := strings.IndexByte(code[i:], ']')
			if n < 0 {
				return s
			}
			if strings.Trim(code[i+1:i+n], "hms") == "" && n > 1 {
				s.elapsed = true
			}
			i += n
		case 'd', 'y':
			s.day = true
		case 'h', 's':
			s.clock = true
		case 'm':
			month = true
		case 'g':
			if strings.HasPrefix(code[i:], "general") {
				return s
			}
		}
	}
	s.day = s.day || month && !s.clock && !s.elapsed
	return s
}

// decimalsOf reads how many there are in a code such as 0.00.
func decimalsOf(code string) int {
	zeros, ok := strings.CutPrefix(code, "0.")
	if !ok || strings.Trim(zeros, "0") != "" {
		return 0
	}
	return len(zeros)
}

// padded gives a number as many decimals, none of which are other than 0.
func padded(number string, decimals int) string {
	if strings.IndexFunc(number, func(r rune) bool { return r != '-' && r != '.' && (r < '0' || r > '9') }) >= 0 {
		return number
	}
	whole, fraction, _ := strings.Cut(number, ".")
	if len(fraction) >= decimals {
		return number
	}
	return whole + "." + fraction + strings.Repeat("0", decimals-len(fraction))
}

func (b *workbook) readTexts() error {
	return b.elements("xl/sharedStrings.xml", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		r, err := readValue(d)
		b.texts = append(b.texts, unescaped(r.text))
		return err
	})
}

// rows begins a sheet.
func (b *workbook) rows(name string) (*sheetRows, error) {
	for _, s := range b.sheets {
		if s.name != name {
			continue
		}
		part, err := b.files[s.part].Open()
		if err != nil {
			return nil, notWorkbook(b.src, err)
		}
		f := &fuse{part, b.limit}
		return &sheetRows{book: b, arena: []byte{}, part: part, fuse: f, dec: xml.NewDecoder(f)}, nil
	}
	return nil, apperr.E(apperr.Usage, fmt.Sprintf("There is no sheet %q in %s.", name, filepath.Base(b.src.path)), apperr.Hint("It has "+strings.Join(b.sheetNames(), ", ")+"."))
}

func (b *workbook) sheetNames() (names []string) {
	for _, s := range b.sheets {
		names = append(names, s.name)
	}
	return names
}

// value gives the text of a cell by its type and style.
func (b *workbook) value(kind, style, raw string) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(raw)
		if err != nil || n < 0 || n >= len(b.texts) {
			return "", fmt.Errorf("there is no text number %q", raw)
		}
		return b.texts[n], nil
	case "inlineStr", "str":
		return unescaped(raw), nil
	case "b":
		if raw == "1" {
			return "true", nil
		}
		return "false", nil
	case "", "n":
		n, _ := strconv.Atoi(style) // none is 0
		if n < 0 || n >= len(b.styles) {
			break
		}
		s := b.styles[n]
		if s.dateStyle != (dateStyle{}) {
			if days, err := strconv.ParseFloat(raw, 64); err == nil && days >= 0 && days < 2958466 { // up to 9999-12-31
				return b.date(days, s.dateStyle), nil
			}
		}
		if b.exact {
			return padded(raw, s.decimals), nil
		}
	}
	return raw, nil
}

// date writes what a number of days stands for. Excel keeps milliseconds at best, so that rounding to them loses nothing.
func (b *workbook) date(days float64, s dateStyle) string {
	whole := math.Floor(days)
	ms := int64(math.Round((days - whole) * 86_400_000))
	clock := func(hours int64) string {
		rest := ms % 3_600_000
		text := fmt.Sprintf("%02d:%02d:%02d", hours, rest/60_000, rest%60_000/1000)
		if rest%1000 > 0 {
			text += fmt.Sprintf(".%03d", rest%1000)
		}
		return text
	}
	if s.elapsed || !s.day && whole == 0 && ms < 86_400_000 {
		return clock(int64(whole)*24 + ms/3_600_000)
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case b.is1904:
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case whole < 60: // Excel counts a 29 February of 1900
		from = from.AddDate(0, 0, 1)
	}
	at := from.AddDate(0, 0, int(whole))
	if ms == 86_400_000 {
		at, ms = at.AddDate(0, 0, 1), 0
	}
	day := at.Format(time.DateOnly)
	if ms == 0 && !s.clock {
		return day
	}
	return day + " " + clock(ms/3_600_000)
}
