package spool

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxPageRows is the most rows a Page holds.
const MaxPageRows = 2000

// A page holds at most about pageBytes of text; wide results get shorter prefixes of their cells.
const (
	pageBytes   = 2 << 20
	minCellText = 64
	maxCellText = 1024
)

// Page reads up to n rows from row from on. Of long cells it holds a prefix, listed in Cut. Rows that are not there
// (yet) are left out.
func (r *Result) Page(from, n int) (Page, error) {
	complete, total := r.Complete(), r.Rows()
	if from < 0 || n < 0 {
		return Page{}, fmt.Errorf("page of %d rows from %d", n, from)
	}
	n = max(0, min(n, MaxPageRows, int(total)-from))
	p := pager{limit: r.cellText(n), page: emptyPage(from, n)}
	err := r.walk(int64(from), int64(n), p.row)
	p.page.Total, p.page.Complete = int(total), complete
	return p.page, err
}

// page reads the rows of a list, as those from row from on.
func (r *Result) page(from int, list []int64) (Page, error) {
	p := pager{limit: r.cellText(len(list)), page: emptyPage(from, len(list))}
	err := r.walkList(int64(from), list, p.row)
	return p.page, err
}

func emptyPage(from, n int) Page {
	return Page{From: from, Rows: make([][]*string, 0, n), Cut: []Cut{}}
}

// cellText is how much of a cell a page of n rows holds.
func (r *Result) cellText(n int) int {
	return min(max(pageBytes/max(1, n*len(r.columns)), minCellText), maxCellText)
}

// pager fills a page.
type pager struct {
	page  Page
	limit int
}

func (p *pager) row(w *walker, row int64) error {
	cells := make([]*string, w.columns)
	for c := range cells {
		length, err := w.cell()
		if err != nil {
			return err
		}
		if length < 0 {
			continue
		}
		b, err := w.take(min(length, p.limit+utf8.UTFMax))
		if err != nil {
			return err
		}
		if length > p.limit {
			b = b[:cutPoint(b, p.limit)]
			p.page.Cut = append(p.page.Cut, Cut{Row: int(row), Column: c, Length: length})
		}
		text := Visible(b)
		cells[c] = &text
	}
	p.page.Rows = append(p.page.Rows, cells)
	return nil
}

// Visible makes text of bytes: those that are no UTF-8 are written as \xFF.
func Visible(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var s strings.Builder
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&s, `\x%02X`, b[0])
		} else {
			s.Write(b[:size])
		}
		b = b[size:]
	}
	return s.String()
}

// cutPoint is the largest length up to limit that does not split a character of b.
func cutPoint(b []byte, limit int) int {
	if limit >= len(b) {
		return len(b)
	}
	for back := 0; back < utf8.UTFMax && limit-back > 0; back++ {
		if utf8.RuneStart(b[limit-back]) {
			return limit - back
		}
	}
	return limit // no UTF-8 anyway
}

// CellPart is a piece of one cell.
type CellPart struct {
	Null    bool
	Text    string
	Length  int // of the whole cell, in bytes
	Next    int // the byte after the piece
	Invalid bool
}

// Cell reads up to count bytes of a cell, from byte from on, and a few less where a character would be split.
func (r *Result) Cell(row int64, column, from, count int) (CellPart, error) {
	var part CellPart
	if from < 0 || count < 0 || column < 0 {
		return part, fmt.Errorf("cell part of %d bytes from %d in column %d", count, from, column)
	}
	found := false
	err := r.walk(row, 1, func(w *walker, _ int64) error {
		for c := range w.columns {
			length, err := w.cell()
			if err != nil {
				return err
			}
			if c != column {
				continue // the next cell() skips the bytes
			}
			found = true
			if length < 0 {
				part.Null = true
				continue
			}
			part.Length = length
			from = min(from, length)
			w.skip(from)
			want := min(count, length-from)
			b, err := w.read(min(want+utf8.UTFMax, length-from))
			if err != nil {
				return err
			}
			if want < len(b) {
				b = b[:cutPoint(b, want)]
			}
			part.Text, part.Next, part.Invalid = Visible(b), from+len(b), !utf8.Valid(b)
		}
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("cell %d of row %d: %w", column, row, io.EOF)
	}
	return part, err
}

// Each calls fn for rows [from, to) with their cells as the server sent them; nil is NULL. The cells are good until fn
// returns. A cell is held whole, so a row may take as much memory as it is long.
func (r *Result) Each(from, to int64, fn func(row int64, cells [][]byte) error) error {
	return r.EachWithin(context.Background(), math.MaxInt, from, to, fn)
}

// EachWithin is Each for whoever may stop it, and can take no longer rows than of so many bytes: one that is longer ends it
// with a LongRow, before any of it is read.
func (r *Result) EachWithin(ctx context.Context, most int, from, to int64, fn func(row int64, cells [][]byte) error) error {
	whole, letGo := wholeRows(most, fn)
	defer letGo()
	h := held{most: most, fn: fn}
	var buf []byte
	r.mu.RLock()
	mark := max(0, r.markBefore(from))
	r.mu.RUnlock()
	to = min(to, r.rows.Load())
	for ctx.Err() == nil {
		c, next, ok := r.chunkFrom(mark, to)
		if !ok {
			return nil
		}
		mark = next
		err := r.load(&c, &buf)
		switch {
		case err != nil:
		case c.data == nil: // it is too long to be held
			for at := max(from, c.row); at < c.to && err == nil; at += eachBatch { // whoever receives rows waits for no more
				err = r.walk(at, min(eachBatch, c.to-at), whole)
			}
		default:
			err = r.eachRow(c, &h.rec, func(rec *record) error {
				if rec.row < from {
					return nil
				}
				return h.give(rec.row)
			})
		}
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// held gives rows that are in memory, one after the other.
type held struct {
	rec   record // where it is
	cells [][]byte
	most  int
	fn    func(row int64, cells [][]byte) error
}

// give gives the row, which has another number in an order.
func (h *held) give(number int64) (err error) {
	if size := int(h.rec.size) - 7 - 4*len(h.rec.r.columns); size > h.most {
		return LongRow{number, size}
	}
	if h.cells, err = h.rec.all(h.cells[:0]); err == nil {
		err = h.fn(number, h.cells)
	}
	if err != nil {
		return fmt.Errorf("read row %d: %w", h.rec.row, err)
	}
	return nil
}

// LongRow is a row with more bytes than can be taken.
type LongRow struct {
	Row   int64 // from 0
	Bytes int   // of its values
}

func (l LongRow) Error() string { return fmt.Sprintf("row %d has %d bytes", l.Row+1, l.Bytes) }

// longStore is how many bytes are worth giving back at once.
const longStore = 32 << 20

// wholeRows makes of a function for rows one for a walker that stands before them. letGo gives back what long rows took:
// left to the collector, the next one would come on top of it.
func wholeRows(most int, fn func(row int64, cells [][]byte) error) (each func(*walker, int64) error, letGo func()) {
	type span struct{ from, to int }
	var cells [][]byte
	var store []byte
	var spans []span
	each = func(w *walker, row int64) error {
		size := int(w.next-w.at) - 4*w.columns // each length takes four
		if size > most {
			return LongRow{row, size}
		}
		cells, store, spans = cells[:0], slices.Grow(store[:0], size), spans[:0]
		for range w.columns {
			length, err := w.cell()
			if err != nil {
				return err
			}
			if length < 0 {
				spans = append(spans, span{-1, -1})
				continue
			}
			at := len(store)
			if store, err = w.appendTo(store, length); err != nil {
				return err
			}
			spans = append(spans, span{at, len(store)})
		}
		for _, s := range spans {
			if s.from < 0 {
				cells = append(cells, nil)
			} else {
				cells = append(cells, store[s.from:s.to:s.to])
			}
		}
		return fn(row, cells)
	}
	return each, func() {
		if cap(store) > longStore {
			cells, store = nil, nil
			debug.FreeOSMemory()
		}
	}
}

const eachBatch = 512

// walk calls fn with a walker that stands at the first cell of each of up to n committed rows from row from on. It may
// leave cells unread.
func (r *Result) walk(from, n int64, fn func(w *walker, row int64) error) error {
	n = min(n, r.rows.Load()-from)
	if n <= 0 || from < 0 {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	source, done, err := r.reader()
	if err != nil {
		return err
	}
	defer done()
	m := r.seek(from)
	w := &walker{r: source, next: m.Offset, buf: make([]byte, walkBuffer), end: r.bytes.Load()}
	for row := m.Row; row < from+n; row++ {
		if err := w.row(); err != nil {
			return fmt.Errorf("read row %d: %w", row, err)
		}
		if row < from {
			continue
		}
		if err := fn(w, row); err != nil {
			return fmt.Errorf("read row %d: %w", row, err)
		}
	}
	return nil
}

// walkList is walk for rows of any numbers; fn is told those from first on instead.
func (r *Result) walkList(first int64, list []int64, fn func(w *walker, row int64) error) error {
	if len(list) == 0 {
		return nil
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	source, done, err := r.reader()
	if err != nil {
		return err
	}
	defer done()
	w := &walker{r: source, buf: make([]byte, walkBuffer), end: r.bytes.Load()}
	at := int64(-1) // the row the walker would come to next
	for i, row := range list {
		if m, end := r.block(row); at < 0 || row < at || m.Row > at {
			at, w.next, w.until = m.Row, m.Offset, end
		}
		for ; at <= row; at++ {
			if err := w.row(); err != nil {
				return fmt.Errorf("read row %d: %w", at, err)
			}
		}
		if err := fn(w, first+int64(i)); err != nil {
			return fmt.Errorf("read row %d: %w", row, err)
		}
	}
	return nil
}

// walkBuffer is what a walker reads at once: a block of short rows.
const walkBuffer = 32 << 10

// walker reads rows one after the other. Lengths are checked against the row's, so that a damaged file gives an error.
type walker struct {
	r       io.ReaderAt
	buf     []byte
	have    []byte // unread part of buf
	at      int64  // offset of have
	next    int64  // offset of the next row
	end     int64  // of the committed bytes
	until   int64  // no more than needed is read beyond; 0 for no such place
	columns int
	rest    int // unread bytes of the current cell
}

// row goes to the next row.
func (w *walker) row() error {
	w.rest = 0
	w.moveTo(w.next)
	head, err := w.take(7)
	if err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint32(head[1:]))
	if head[0] != 'D' || size < 6 || w.next+1+size > w.end {
		return fmt.Errorf("damaged at byte %d", w.next)
	}
	w.columns = int(binary.BigEndian.Uint16(head[5:]))
	w.next += 1 + size
	return nil
}

// cell goes to the next cell of the row and tells its length, -1 for NULL.
func (w *walker) cell() (int, error) {
	w.skip(w.rest)
	head, err := w.take(4)
	if err != nil {
		return 0, err
	}
	length := int(int32(binary.BigEndian.Uint32(head)))
	if length < -1 || w.at+int64(max(0, length)) > w.next {
		return 0, fmt.Errorf("damaged cell at byte %d", w.at)
	}
	w.rest = max(0, length)
	return length, nil
}

func (w *walker) moveTo(off int64) {
	if d := off - w.at; d >= 0 && d <= int64(len(w.have)) {
		w.have = w.have[d:]
	} else {
		w.have = nil
	}
	w.at = off
}

// skip leaves out n bytes of the cell.
func (w *walker) skip(n int) {
	w.moveTo(w.at + int64(n))
	w.rest = max(0, w.rest-n)
}

// take gives the next n bytes, at most walkBuffer; they are good until the next call.
func (w *walker) take(n int) ([]byte, error) {
	if n > len(w.have) {
		kept := copy(w.buf, w.have)
		want := min(int64(len(w.buf)-kept), w.end-w.at-int64(kept))
		if w.until > 0 {
			want = min(want, max(int64(n-kept), w.until-w.at-int64(kept)))
		}
		got, err := w.r.ReadAt(w.buf[kept:kept+int(max(0, want))], w.at+int64(kept))
		w.have = w.buf[:kept+got]
		if n > len(w.have) {
			if err == nil || err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	b := w.have[:n]
	w.have = w.have[n:]
	w.at += int64(n)
	w.rest = max(0, w.rest-n)
	return b, nil
}

// read gives n bytes of the cell in memory of their own.
func (w *walker) read(n int) ([]byte, error) { return w.appendTo(make([]byte, 0, n), n) }

func (w *walker) appendTo(dst []byte, n int) ([]byte, error) {
	for n > 0 {
		b, err := w.take(min(n, walkBuffer))
		if err != nil {
			return dst, err
		}
		dst = append(dst, b...)
		n -= len(b)
	}
	return dst, nil
}
