package transfer

import (
	"bufio"
	"bytes"

	"desktop.tusk/backend/spool"
)

// csv writes what COPY … TO STDOUT (FORMAT csv, HEADER) does: a value is quoted when it holds a comma, a quote or a line
// end, when it is what stands for NULL (nothing, unless asked for otherwise), and when it is \. alone on its line.
type csv struct {
	w *bufio.Writer
	o Options
	n int
}

func newCSV(w *bufio.Writer, o Options) *csv {
	if o.Delimiter == 0 {
		o.Delimiter = ','
	}
	return &csv{w: w, o: o}
}

func (c *csv) Begin(columns []spool.Column) error {
	c.n = len(columns)
	if c.o.NoHeader {
		return nil
	}
	for i, col := range columns {
		if i > 0 {
			_ = c.w.WriteByte(c.o.Delimiter)
		}
		c.value([]byte(col.Name))
	}
	return c.w.WriteByte('\n')
}

func (c *csv) Row(cells [][]byte) error {
	for i, v := range cells {
		if i > 0 {
			_ = c.w.WriteByte(c.o.Delimiter)
		}
		if v != nil {
			c.value(v)
		} else if c.o.Null != "" {
			_, _ = c.w.WriteString(c.o.Null)
		}
	}
	return c.w.WriteByte('\n') // a bufio.Writer keeps its first error and gives it here
}

func (c *csv) value(v []byte) {
	if string(v) != c.o.Null && bytes.IndexByte(v, c.o.Delimiter) < 0 && bytes.IndexByte(v, '"') < 0 && bytes.IndexByte(v, '\n') < 0 && bytes.IndexByte(v, '\r') < 0 && (c.n != 1 || string(v) != `\.`) {
		_, _ = c.w.Write(v)
		return
	}
	quoted(c.w, v)
}

// quoted writes v in double quotes, its own doubled.
func quoted(w *bufio.Writer, v []byte) {
	_ = w.WriteByte('"')
	for {
		i := bytes.IndexByte(v, '"')
		if i < 0 {
			break
		}
		_, _ = w.Write(v[:i+1])
		_ = w.WriteByte('"')
		v = v[i+1:]
	}
	_, _ = w.Write(v)
	_ = w.WriteByte('"')
}

func (c *csv) End() error { return nil }

// tsv writes cells between tabs; with quote, those that hold a tab, a line end or a quote as spreadsheets expect.
type tsv struct {
	w     *bufio.Writer
	o     Options
	quote bool
}

func (t *tsv) Begin(columns []spool.Column) error {
	if t.o.NoHeader {
		return nil
	}
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = []byte(c.Name)
	}
	return t.Row(names)
}

func (t *tsv) Row(cells [][]byte) error {
	for i, v := range cells {
		if i > 0 {
			_ = t.w.WriteByte('\t')
		}
		if t.quote && bytes.ContainsAny(v, "\t\n\r\"") {
			quoted(t.w, v)
			continue
		}
		_, _ = t.w.Write(v)
	}
	return t.w.WriteByte('\n')
}

func (t *tsv) End() error { return nil }
