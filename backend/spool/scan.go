package spool

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
)

// Progress tells how far a piece of work on a result is, in rows looked at. It may be read while the work goes on.
type Progress struct{ done, total atomic.Int64 }

// Get tells how much is done, and of how much.
func (p *Progress) Get() (done, total int64) { return p.done.Load(), p.total.Load() }

func (p *Progress) expect(n int64) { p.total.Add(n) }
func (p *Progress) add(n int64)    { p.done.Add(n) }

const (
	// chunkBytes is about how much a scan reads at once, chunkMax what a block may be long to be held whole.
	chunkBytes = 1 << 20
	chunkMax   = 4 << 20
	// prefixMax is what is held of a cell that is longer than a block may be.
	prefixMax = 1 << 20
	workers   = 2
)

// chunk is a run of rows side by side.
type chunk struct {
	row, to   int64  // rows [row, to)
	from, end int64  // their bytes
	data      []byte // nil when they are too many to hold
}

// scan gives all rows below upto in chunks to as many goroutines as there are workers; each chunk goes to one of them,
// and the chunks of one worker come in order. It returns when all have returned.
func (r *Result) scan(ctx context.Context, upto int64, p *Progress, each func(worker int, c chunk) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex // guards at and row
	at := 0
	next := func() (chunk, bool) {
		mu.Lock()
		defer mu.Unlock()
		c, after, ok := r.chunkFrom(at, upto)
		at = after
		return c, ok
	}
	var wg sync.WaitGroup
	for worker := range scanWorkers() {
		wg.Go(func() {
			var buf []byte
			for ctx.Err() == nil {
				c, ok := next()
				if !ok {
					return
				}
				err := r.load(&c, &buf)
				if err == nil {
					err = each(worker, c)
				}
				if err != nil {
					stop(err)
					return
				}
				p.add(c.to - c.row)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// scanWorkers is how many goroutines scan: no more than there are processors.
func scanWorkers() int { return min(workers, runtime.GOMAXPROCS(0)) }

// chunkFrom finds the chunk that begins at a mark, and the mark behind it.
func (r *Result) chunkFrom(mark int, upto int64) (c chunk, next int, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	first, ok := r.mark(mark)
	if !ok || first.Row >= upto {
		return chunk{}, mark, false
	}
	c = chunk{row: first.Row, from: first.Offset, to: upto, end: r.bytes.Load()}
	for next = mark + 1; ; next++ {
		m, there := r.mark(next)
		if !there || m.Row >= upto {
			if there && m.Offset < c.end {
				c.end = m.Offset
			}
			return c, next, true
		}
		if m.Offset-c.from >= chunkBytes {
			c.to, c.end = m.Row, m.Offset
			return c, next, true
		}
	}
}

// mark gives the mark of that number. The caller holds r.mu.
func (r *Result) mark(i int) (Mark, bool) {
	if c := i / markChunk; c < len(r.chunks) && i%markChunk < len(r.chunks[c]) {
		return r.chunks[c][i%markChunk], true
	}
	return Mark{}, false
}

// load reads a chunk's bytes, if they are few enough to be held.
func (r *Result) load(c *chunk, buf *[]byte) error {
	n := c.end - c.from
	if n > chunkMax {
		return nil
	}
	if int64(cap(*buf)) < n {
		*buf = make([]byte, n, min(chunkMax, n+n/4))
	}
	c.data = (*buf)[:n]
	_, err := r.readAt(c.data, c.from)
	return err
}

// readAt reads bytes that are there. The lock is held for no longer than that: who writes rows waits for it.
func (r *Result) readAt(p []byte, at int64) (int, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	source, done, err := r.reader()
	if err != nil {
		return 0, err
	}
	defer done()
	n, err := source.ReadAt(p, at)
	if n == len(p) {
		return n, nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, fmt.Errorf("read rows: %w", err)
}

// record is one row in the hands of a scan. Cells are found when they are asked for.
type record struct {
	r     *Result
	row   int64
	at    int64  // where the row begins
	frame []byte // the row, when it is held whole
	spans []span // of the cells found so far
	next  int64  // where the next cell's length is, counted from at
	size  int64
	held  []byte // what is held of a long cell
}

type span struct{ from, length int64 } // length -1 is NULL; from is counted from the row's beginning

// eachRow calls fn for each row of a chunk.
func (r *Result) eachRow(c chunk, rec *record, fn func(*record) error) error {
	rec.r = r
	at := int64(0)
	for row := c.row; row < c.to; row++ {
		if err := rec.begin(c, row, at); err != nil {
			return err
		}
		at += rec.size
		if err := fn(rec); err != nil {
			return err
		}
	}
	return nil
}

// begin goes to the row that begins at a byte of the chunk.
func (rec *record) begin(c chunk, row, at int64) error {
	rec.row, rec.at, rec.spans, rec.next, rec.frame = row, c.from+at, rec.spans[:0], 7, nil
	var head [7]byte
	if c.data != nil {
		if int64(len(c.data))-at < 7 {
			return damaged(rec.at)
		}
		copy(head[:], c.data[at:])
	} else if _, err := rec.r.readAt(head[:], rec.at); err != nil {
		return err
	}
	rec.size = 1 + int64(binary.BigEndian.Uint32(head[1:]))
	if head[0] != 'D' || rec.size < 7 || rec.at+rec.size > c.end || int(binary.BigEndian.Uint16(head[5:])) != len(rec.r.columns) {
		return damaged(rec.at)
	}
	if c.data != nil {
		rec.frame = c.data[at : at+rec.size]
	}
	return nil
}

func damaged(at int64) error { return fmt.Errorf("damaged at byte %d", at) }

// span finds a cell.
func (rec *record) span(column int) (span, error) {
	for len(rec.spans) <= column {
		var length int64
		if rec.next+4 > rec.size {
			return span{}, damaged(rec.at)
		}
		if rec.frame != nil {
			length = int64(int32(binary.BigEndian.Uint32(rec.frame[rec.next:])))
		} else {
			var b [4]byte
			if _, err := rec.r.readAt(b[:], rec.at+rec.next); err != nil {
				return span{}, err
			}
			length = int64(int32(binary.BigEndian.Uint32(b[:])))
		}
		if length < -1 || rec.next+4+max(0, length) > rec.size {
			return span{}, damaged(rec.at)
		}
		rec.spans = append(rec.spans, span{rec.next + 4, length})
		rec.next += 4 + max(0, length)
	}
	return rec.spans[column], nil
}

// cell gives a cell, nil for NULL, or the first bytes of one that is not held whole. It is good until the next call.
func (rec *record) cell(column int) (value []byte, whole bool, err error) {
	s, err := rec.span(column)
	switch {
	case err != nil:
		return nil, false, err
	case s.length < 0:
		return nil, true, nil
	case rec.frame != nil:
		return rec.frame[s.from : s.from+s.length : s.from+s.length], true, nil
	}
	n := min(s.length, prefixMax)
	if int64(cap(rec.held)) < n || rec.held == nil {
		rec.held = make([]byte, max(n, 64))
	}
	value = rec.held[:n]
	_, err = rec.r.readAt(value, rec.at+s.from)
	return value, n == s.length, err
}

// all appends the cells of a row that is held whole.
func (rec *record) all(cells [][]byte) ([][]byte, error) {
	rest := rec.frame[7:]
	for range rec.r.columns {
		if len(rest) < 4 {
			return cells, damaged(rec.at)
		}
		length := int(int32(binary.BigEndian.Uint32(rest)))
		rest = rest[4:]
		if length < -1 || length > len(rest) {
			return cells, damaged(rec.at)
		}
		if length < 0 {
			cells = append(cells, nil)
			continue
		}
		cells = append(cells, rest[:length:length])
		rest = rest[length:]
	}
	return cells, nil
}

// open reads a cell that is not NULL from its beginning, however long it is.
func (rec *record) open(column int) (io.Reader, error) {
	s, err := rec.span(column)
	if err != nil {
		return nil, err
	}
	if rec.frame != nil {
		return bytes.NewReader(rec.frame[s.from : s.from+s.length]), nil
	}
	return io.NewSectionReader(readerAt{rec.r}, rec.at+s.from, s.length), nil
}

type readerAt struct{ r *Result }

func (a readerAt) ReadAt(p []byte, at int64) (int, error) { return a.r.readAt(p, at) }

// find goes to one row anywhere.
func (rec *record) find(r *Result, row int64) error {
	rec.r = r
	r.mu.RLock()
	m := r.seek(row)
	end := r.bytes.Load()
	r.mu.RUnlock()
	c := chunk{row: m.Row, from: m.Offset, end: end}
	at := int64(0)
	for n := m.Row; ; n++ {
		if err := rec.begin(c, n, at); err != nil || n == row {
			return err
		}
		at += rec.size
	}
}
