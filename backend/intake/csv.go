package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"desktop.tusk/backend/apperr"
)

// noQuote stands for a quote where no value is quoted.
const noQuote = "none"

// csvRows reads values between delimiters. Lines end with a line feed, a carriage return or both, mixed as they may be. A quote counts at the
// beginning of a value alone; inside, it stands twice. In the text of COPY, a backslash says what is meant instead. Lines with nothing in them are left out where there are several columns.
type csvRows struct {
	window
	delimiter, quote byte
	quotes           bool
	escapes          bool // the text is COPY's
	null             []byte
	names            []string
	notes            []string
	fields           []field
	cells            [][]byte
	problem          *RowError // the first row, when it was read for its width
	pending          *Row
	blanks, given    int64 // empty lines before the first row: values where there is one column
}

// field is where a value is in the row, without its quotes.
type field struct {
	from, to int
	quoted   bool
	doubled  bool // there are doubled quotes in it
	escaped  bool // there are backslashes in it
}

func openCSV(src source, o Options) (Rows, error) {
	c := &csvRows{window: newWindow(src), delimiter: o.Delimiter[0], null: []byte(o.Null), escapes: o.Format == "copy"}
	if o.Quote != noQuote {
		c.quote, c.quotes = o.Quote[0], true
	}
	first, err := c.row()
	var bad *RowError
	switch {
	case errors.Is(err, io.EOF):
		c.blanks = 0
		return c, nil
	case errors.As(err, &bad) && o.Header == "yes":
		return nil, headerError(bad)
	case errors.As(err, &bad):
		bad.Cells = clone(bad.Cells)
		c.problem, first.Cells = bad, bad.Cells
	case err != nil:
		return nil, err
	case o.Header == "yes":
		c.names, c.notes = uniqueNames(first.Cells)
		c.blanks = 0
		return c, nil
	default:
		c.pending = &Row{Line: first.Line, Cells: clone(first.Cells)}
	}
	for i := range max(1, len(first.Cells)) {
		c.names = append(c.names, fmt.Sprintf("column_%d", i+1))
	}
	if len(c.names) > 1 {
		c.blanks = 0
	}
	return c, nil
}

func clone(cells [][]byte) [][]byte {
	kept := make([][]byte, len(cells))
	for i, c := range cells {
		kept[i] = bytes.Clone(c)
	}
	return kept
}

// uniqueNames gives each column a name of its own.
func uniqueNames(cells [][]byte) (names, notes []string) {
	seen := map[string]bool{}
	for _, c := range cells {
		seen[strings.TrimSpace(string(c))] = true
	}
	used := map[string]bool{}
	for i, c := range cells {
		name := strings.TrimSpace(string(c))
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		if used[name] {
			other := name
			for n := 2; used[other] || seen[other]; n++ {
				other = fmt.Sprintf("%s_%d", name, n)
			}
			notes = append(notes, fmt.Sprintf("Several columns are called %s; number %d is read as %s.", name, i+1, other))
			name = other
		}
		used[name] = true
		names = append(names, name)
	}
	return names, notes
}

func (c *csvRows) Names() []string { return c.names }

// Notes tells of columns that were called otherwise.
func (c *csvRows) Notes() []string { return c.notes }

func (c *csvRows) Close() error { return nil }

func (c *csvRows) Next() (Row, error) {
	if c.given < c.blanks {
		c.given++
		c.fields = append(c.fields[:0], field{})
		return Row{Line: c.given, Cells: c.resolve([]byte{})}, nil
	}
	if r := c.pending; r != nil {
		c.pending = nil
		return *r, nil
	}
	if p := c.problem; p != nil {
		c.problem = nil
		return Row{}, p
	}
	return c.row()
}

// row reads a row and checks it.
func (c *csvRows) row() (Row, error) {
	for {
		n, lines, problem, err := c.scan()
		if err != nil {
			return Row{}, err
		}
		line, b := c.line, c.have()[:n]
		c.take(n, lines)
		if c.blank() {
			if c.names == nil {
				c.blanks++
			}
			continue
		}
		if c.escapes && len(c.fields) == 1 && string(b[c.fields[0].from:c.fields[0].to]) == `\.` { // as psql ends what it is given
			return Row{}, io.EOF
		}
		bad := badText(b)
		cells := c.resolve(b)
		for i := 0; bad == "" && i < len(cells); i++ {
			if c.fields[i].escaped {
				bad = badText(cells[i])
			}
		}
		switch {
		case problem != "":
			return Row{}, &RowError{Line: line, Reason: problem, Cells: cells}
		case bad != "":
			e := &RowError{Line: line, Reason: bad, Hint: encodingHint, Cells: cells}
			for i, cell := range cells {
				if reason := badText(cell); reason != "" && i < len(c.names) {
					e.Column, e.Reason = c.names[i], reason
					break
				}
			}
			return Row{}, e
		case c.names != nil && len(cells) != len(c.names):
			return Row{}, &RowError{Line: line, Reason: fmt.Sprintf("It has %s instead of %d.", apperr.Plural(len(cells), "value"), len(c.names)), Hint: "Look at its delimiters and quotes.", Cells: cells}
		}
		return Row{Line: line, Cells: cells}, nil
	}
}

// blank tells that a row is an empty line, which is a value only where there is one column.
func (c *csvRows) blank() bool {
	return len(c.fields) == 1 && c.fields[0].from == c.fields[0].to && !c.fields[0].quoted && len(c.names) != 1
}

// scan finds the fields of the row in view, its length with the end of its line, and how many lines it has.
func (c *csvRows) scan() (n int, lines int64, problem string, err error) {
	for {
		b := c.have()
		if len(b) == 0 && c.done {
			return 0, 0, "", io.EOF
		}
		n, lines, problem = c.parse(b)
		if n >= 0 {
			return n, lines, problem, nil
		}
		if c.done { // a quote is open at the end
			e := &RowError{Line: c.line, Reason: "A quote is opened in this row and never closed.", Hint: "Close it, or double it where it is part of the text.", last: true}
			c.take(len(b), 0)
			return 0, 0, "", e
		}
		if err := c.more(); errors.Is(err, errTooLong) {
			return 0, 0, "", c.tooLong("Is a quote opened in it and never closed?")
		} else if err != nil {
			return 0, 0, "", err
		}
	}
}

// parse finds the fields of the first row of b; n is -1 when its end is not in b.
func (c *csvRows) parse(b []byte) (n int, lines int64, problem string) {
	c.fields = c.fields[:0]
	lines = 1
	for i := 0; ; {
		var f field
		if c.quotes && i < len(b) && b[i] == c.quote {
			f = field{from: i + 1, quoted: true}
			for j := i + 1; ; j++ {
				k := bytes.IndexByte(b[j:], c.quote)
				if k < 0 {
					return -1, 0, ""
				}
				if j += k; j+1 == len(b) && !c.done {
					return -1, 0, ""
				} else if j+1 < len(b) && b[j+1] == c.quote {
					f.doubled = true
					j++
					continue
				}
				f.to, i = j, j+1
				break
			}
			lines += linesIn(b[f.from:f.to])
			if i < len(b) && !c.ends(b[i]) {
				problem = "There is text behind a closing quote."
			}
		} else {
			f = field{from: i}
		}
		if c.escapes {
			n, more := c.copied(b[i:], &f)
			i, lines = i+n, lines+more
		}
		for i < len(b) && !c.ends(b[i]) {
			i++
		}
		if !f.quoted {
			f.to = i
		}
		c.fields = append(c.fields, f)
		switch {
		case i == len(b):
			if !c.done {
				return -1, 0, ""
			}
			return i, lines, problem
		case b[i] == c.delimiter:
			i++
		case b[i] == '\n':
			return i + 1, lines, problem
		case i+1 == len(b) && !c.done: // a carriage return: a line feed may follow
			return -1, 0, ""
		case i+1 < len(b) && b[i+1] == '\n':
			return i + 2, lines, problem
		default:
			return i + 1, lines, problem
		}
	}
}

func (c *csvRows) ends(b byte) bool { return b == c.delimiter || b == '\n' || b == '\r' }

// resolve makes cells of the fields, with their quotes undoubled in place.
func (c *csvRows) resolve(b []byte) [][]byte {
	c.cells = c.cells[:0]
	for _, f := range c.fields {
		v := b[f.from:f.to:f.to]
		switch {
		case f.doubled:
			v = undouble(v, c.quote)
		case f.escaped && !bytes.Equal(v, c.null):
			v = unescape(v)
		case !f.quoted && bytes.Equal(v, c.null):
			v = nil
		}
		c.cells = append(c.cells, v)
	}
	return c.cells
}

func undouble(v []byte, quote byte) []byte {
	out := v[:0]
	for len(v) > 0 {
		k := bytes.IndexByte(v, quote)
		if k < 0 {
			out = append(out, v...)
			break
		}
		out = append(out, v[:k+1]...)
		v = v[min(k+2, len(v)):]
	}
	return out
}

func headerError(e *RowError) error {
	h := *e
	h.last = true
	h.Reason = "It should name the columns. " + h.Reason
	return &h
}
