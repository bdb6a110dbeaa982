package transfer

import (
	"bufio"
	"bytes"
	"slices"

	"desktop.tusk/backend/spool"
)

// csv writes what COPY … TO STDOUT (FORMAT csv, HEADER) does: a value is quoted when it holds a comma, a quote or a line
// end, when it is what stands for NULL (nothing, unless asked for otherwise), and when it is \. alone on its line.
type csv struct {
	w *bufio.Writer
	o Options
	n int

	end     string
	special [256]bool // bytes for which a value is quoted
	numbers []bool    // columns whose values are numbers
	bare    bool      // numbers need no look: no byte of theirs is special
	line    []byte
}

func newCSV(w *bufio.Writer, o Options) *csv {
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	if o.Quote == 0 {
		o.Quote = '"'
	}
	c := &csv{w: w, o: o, end: o.ending(), bare: !o.QuoteAll && o.Null == ""}
	for _, b := range []byte{o.Delimiter, o.Quote, '\n', '\r'} {
		c.special[b] = true
	}
	for _, b := range []byte("0123456789.+-eEInfityNa") {
		c.bare = c.bare && !c.special[b]
	}
	return c
}

func (c *csv) Begin(columns []spool.Column) error {
	c.n, c.numbers = len(columns), numbersOf(columns)
	if c.o.NoHeader {
		return nil
	}
	for i, col := range columns {
		if i > 0 {
			_ = c.w.WriteByte(c.o.Delimiter)
		}
		name := []byte(col.Name)
		if c.o.Safe {
			name = harmless(name)
		}
		c.value(name)
	}
	_, err := c.w.WriteString(c.end)
	return err
}

// Row takes more cells than there are columns too: a rejected row may have more values than belong in it.
func (c *csv) Row(cells [][]byte) error {
	line, numbers := c.line[:0], c.numbers
	for i, v := range cells {
		if i > 0 {
			line = append(line, c.o.Delimiter)
		}
		number := i < len(numbers) && numbers[i]
		switch {
		case v == nil:
			line = append(line, c.o.Null...)
			continue
		case number && c.bare && len(v) > 0:
			line = append(line, v...)
			continue
		case c.o.Safe && !number:
			v = harmless(v)
		}
		if len(v) < longCell && c.plain(v) {
			line = append(line, v...)
			continue
		}
		_, _ = c.w.Write(line)
		line = line[:0]
		c.value(v)
	}
	c.line = append(line, c.end...)
	_, err := c.w.Write(c.line) // a bufio.Writer keeps its first error and gives it here
	return err
}

func (c *csv) value(v []byte) {
	if c.plain(v) {
		_, _ = c.w.Write(v)
		return
	}
	quoted(c.w, v, c.o.Quote)
}

// plain tells whether a value stands without quotes.
func (c *csv) plain(v []byte) bool {
	if c.o.QuoteAll || string(v) == c.o.Null || c.n == 1 && string(v) == `\.` {
		return false
	}
	if len(v) > 64 { // where the processor's own search is faster
		return bytes.IndexByte(v, c.o.Delimiter) < 0 && bytes.IndexByte(v, c.o.Quote) < 0 && bytes.IndexByte(v, '\n') < 0 && bytes.IndexByte(v, '\r') < 0
	}
	for _, b := range v {
		if c.special[b] {
			return false
		}
	}
	return true
}

// quoted writes v between two of the quotes, its own doubled.
func quoted(w *bufio.Writer, v []byte, quote byte) {
	_ = w.WriteByte(quote)
	for {
		i := bytes.IndexByte(v, quote)
		if i < 0 {
			break
		}
		_, _ = w.Write(v[:i+1])
		_ = w.WriteByte(quote)
		v = v[i+1:]
	}
	_, _ = w.Write(v)
	_ = w.WriteByte(quote)
}

// numbersOf tells the columns whose values are numbers: what begins with a sign there is no formula.
func numbersOf(columns []spool.Column) []bool {
	numbers := make([]bool, len(columns))
	for i, c := range columns {
		numbers[i] = c.Class == "number" && c.Type != "money"
	}
	return numbers
}

// harmless puts an apostrophe before what a spreadsheet would compute.
func harmless(v []byte) []byte {
	if len(v) == 0 || bytes.IndexByte([]byte("=+-@\t\r"), v[0]) < 0 {
		return v
	}
	return append([]byte{'\''}, v...)
}

func (c *csv) End() error { return nil }

// tsv writes cells between tabs; with quote, those that hold a tab, a line end or a quote as spreadsheets expect.
type tsv struct {
	w     *bufio.Writer
	o     Options
	quote bool

	numbers []bool
}

func (t *tsv) Begin(columns []spool.Column) error {
	t.numbers = numbersOf(columns)
	if t.o.NoHeader {
		return nil
	}
	names := make([][]byte, len(columns))
	for i, c := range columns {
		if names[i] = []byte(c.Name); t.o.Safe {
			names[i] = harmless(names[i])
		}
	}
	return t.row(names)
}

func (t *tsv) Row(cells [][]byte) error {
	if t.o.Safe {
		cells = slices.Clone(cells)
		for i, v := range cells {
			if !t.numbers[i] {
				cells[i] = harmless(v)
			}
		}
	}
	return t.row(cells)
}

func (t *tsv) row(cells [][]byte) error {
	for i, v := range cells {
		if i > 0 {
			_ = t.w.WriteByte('\t')
		}
		if t.quote && bytes.ContainsAny(v, "\t\n\r\"") {
			quoted(t.w, v, '"')
			continue
		}
		_, _ = t.w.Write(v)
	}
	_, err := t.w.WriteString(t.o.ending())
	return err
}

func (t *tsv) End() error { return nil }
