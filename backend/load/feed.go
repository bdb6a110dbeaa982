package load

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"unicode/utf8"

	"desktop.tusk/backend/intake"
)

// feed is what COPY reads: rows in its text format, made as they are asked for.
type feed struct {
	ctx   context.Context
	next  func() (intake.Row, error)
	shape shape
	rows  *atomic.Int64 // counted when they are made
	lines lineMap
	buf   []byte
	out   []byte // of buf, not given yet
	n     int64
	err   error // why it ended, when not because of EOF
	eof   bool
}

// shape says how a row of the file becomes one of the table.
type shape struct {
	from        []int
	emptyIsNull []bool
	number      []bool
	decimal     string // of the numbers, as Plan has it
}

const feedSize = 64 << 10

func (f *feed) Read(p []byte) (int, error) {
	if len(f.out) == 0 {
		if f.err != nil { // an end would have half of the rows kept
			return 0, f.err
		}
		if f.eof {
			return 0, io.EOF
		}
		f.fill()
		if len(f.out) == 0 {
			return f.Read(p)
		}
	}
	n := copy(p, f.out)
	f.out = f.out[n:]
	return n, nil
}

func (f *feed) fill() {
	if f.err = f.ctx.Err(); f.err != nil {
		return
	}
	f.buf = f.buf[:0]
	before := f.n
	for len(f.buf) < feedSize {
		row, err := f.next()
		if errors.Is(err, io.EOF) {
			f.eof = true
			break
		}
		if err != nil {
			f.err = err // behind the rows before it, of which the server may refuse one
			break
		}
		f.n++
		f.lines.add(f.n, row.Line)
		f.buf = f.shape.append(f.buf, row.Cells)
	}
	if f.rows != nil {
		f.rows.Add(f.n - before)
	}
	f.out = f.buf
}

// append adds a row as COPY reads it.
func (s shape) append(out []byte, cells [][]byte) []byte {
	for i := range s.from {
		if i > 0 {
			out = append(out, '\t')
		}
		if v, null := s.value(cells, i); null {
			out = append(out, `\N`...)
		} else {
			out = appendEscaped(out, v)
		}
	}
	return append(out, '\n')
}

// value is what a row has for a column of the table.
func (s shape) value(cells [][]byte, column int) (v []byte, null bool) {
	v = cells[s.from[column]]
	if v == nil || len(v) == 0 && s.emptyIsNull[column] {
		return nil, true
	}
	if s.number[column] && (s.decimal == "," || s.decimal != "" && slices.ContainsFunc(v, apart)) {
		number, _ := intake.Plain(string(v), s.decimal)
		v = []byte(number)
	}
	return v, false
}

// apart tells that a byte may be of what stands between thousands, at least.
func apart(b byte) bool { return b == ' ' || b == '\'' || b >= utf8.RuneSelf }

func appendEscaped(out, v []byte) []byte {
	start := 0
	for i, b := range v {
		if b > '\r' && b != '\\' {
			continue
		}
		var e byte
		switch b {
		case '\\':
			e = '\\'
		case '\n':
			e = 'n'
		case '\r':
			e = 'r'
		case '\t':
			e = 't'
		default:
			continue
		}
		out = append(append(out, v[start:i]...), '\\', e)
		start = i + 1
	}
	return append(out, v[start:]...)
}

// lineMap knows the line of the file that a row came from, for the latest rows at least: the server is never further
// behind than what the network holds.
type lineMap struct{ jumps []jump }

// jump says that from the row on, lines are so many ahead of rows.
type jump struct{ row, ahead int64 }

const jumpsKept = 1 << 18

func (m *lineMap) add(row, line int64) {
	ahead := line - row
	if n := len(m.jumps); n > 0 && m.jumps[n-1].ahead == ahead {
		return
	}
	if len(m.jumps) == 2*jumpsKept {
		m.jumps = append(m.jumps[:0], m.jumps[jumpsKept:]...)
	}
	m.jumps = append(m.jumps, jump{row, ahead})
}

// of gives the line of a row; 0 when it is not known.
func (m *lineMap) of(row int64) int64 {
	for i := len(m.jumps) - 1; i >= 0; i-- {
		if j := m.jumps[i]; j.row <= row {
			return row + j.ahead
		}
	}
	return 0
}

// batch holds rows of the file, to be tried again.
type batch struct {
	cells [][]byte
	arena []byte
	lines []int64
	width int
}

func (b *batch) reset(width int) {
	if b.arena == nil {
		b.arena = []byte{} // an empty part of nil would be NULL
	}
	b.cells, b.arena, b.lines, b.width = b.cells[:0], b.arena[:0], b.lines[:0], width
}

// add copies a row. Earlier cells stay good when the arena grows: they are of the old one.
func (b *batch) add(r intake.Row) {
	b.lines = append(b.lines, r.Line)
	for _, c := range r.Cells {
		if c == nil {
			b.cells = append(b.cells, nil)
			continue
		}
		from := len(b.arena)
		b.arena = append(b.arena, c...)
		b.cells = append(b.cells, b.arena[from:len(b.arena):len(b.arena)])
	}
}

func (b *batch) row(i int) intake.Row {
	return intake.Row{Line: b.lines[i], Cells: b.cells[i*b.width : (i+1)*b.width]}
}

// rows gives those from one to before another.
func (b *batch) rows(from, to int) func() (intake.Row, error) {
	return func() (intake.Row, error) {
		if from == to {
			return intake.Row{}, io.EOF
		}
		from++
		return b.row(from - 1), nil
	}
}

// clone copies cells that are about to be overwritten.
func clone(cells [][]byte) [][]byte {
	kept := make([][]byte, len(cells))
	for i, c := range cells {
		kept[i] = bytes.Clone(c)
	}
	return kept
}
