package spool

import (
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// ErrBroken is what reading gives when a row does not fit its description or its own length: a server that says such a
// thing is not to be believed any further.
var ErrBroken = errors.New("a row does not fit its description")

// Sink takes rows. Its methods are called by the goroutine that reads from the connection.
type Sink interface {
	// Write takes the next bytes of the stream of DataRow messages. marks are rows that begin within p. After an error
	// the rest of the rows is discarded.
	Write(p []byte, marks []Mark) error
	// Commit tells how many whole rows, and bytes of them, have been written so far.
	Commit(rows, bytes int64)
}

// Mark is where a row begins in the stream.
type Mark struct{ Row, Offset int64 }

// A block of rows between two marks ends at whichever comes first.
const (
	blockRows  = 64
	blockBytes = 256 << 10
)

const readSize = 256 << 10

// maxRow is the longest message with a row that PostgreSQL can build.
const maxRow = 1 << 30

// Hooks are called from within a read, before pgconn sees the message they are about.
type Hooks struct {
	// CopyIn: the server asks for COPY data.
	CopyIn func()
	// CopyOut: COPY data follows, as rows of one column; binary data is kept whole, text loses its line end.
	CopyOut func(binary bool)
	// SinkFailed: the sink refused rows; those that follow are discarded.
	SinkFailed func(error)
}

// Tap diverts rows on their way from the socket to pgconn. Give it to pgproto3.NewFrontend as the reader. All methods
// belong to the goroutine that uses the connection.
type Tap struct {
	r      io.Reader
	buf    []byte
	rp, wp int

	pass int // bytes of the current message to hand on
	keep int // bytes of the current message to store
	drop int // bytes of the current message to leave out: a CopyData header, its line end
	tail int // bytes to drop after keep

	hooks     Hooks
	sink      Sink
	columns   int
	check     rowCheck
	failed    error
	broken    bool  // nothing more is read
	cut       error // of the link, since Watch
	copyOut   bool  // what is diverted is COPY data
	binary    bool
	described bool

	marks                []Mark
	rows, bytes          int64
	blockRows, blockFrom int64
}

// NewTap reads from r.
func NewTap(r io.Reader) *Tap { return &Tap{r: r, buf: make([]byte, readSize)} }

// Watch sets what is called during the next statement; the zero Hooks end it.
func (t *Tap) Watch(h Hooks) { t.hooks, t.described = h, false }

// Cut tells why the link broke, if it did. pgconn keeps that to itself where it looks ahead.
func (t *Tap) Cut() error { return t.cut }

// Described tells whether a row description has come since the last call. A result without columns has one too.
func (t *Tap) Described() bool {
	d := t.described
	t.described = false
	return d
}

// Begin diverts the rows that follow, of so many columns, to s. A row of another number is ErrBroken, and so is COPY data
// that no COPY announced.
func (t *Tap) Begin(s Sink, columns int) {
	t.sink, t.columns, t.failed, t.marks = s, columns, nil, t.marks[:0]
	t.rows, t.bytes, t.blockRows, t.blockFrom = 0, 0, 0, 0
}

// Diverting tells whether rows go to a sink.
func (t *Tap) Diverting() bool { return t.sink != nil }

// End stops diverting and tells how many whole rows came, and why the sink refused some of them, if it did.
func (t *Tap) End() (rows int64, err error) {
	t.sink, t.copyOut = nil, false
	return t.rows, t.failed
}

// Read is for pgproto3's frontend. It returns as soon as it has bytes to pass on.
func (t *Tap) Read(p []byte) (int, error) {
	for {
		if t.divert(); t.broken {
			return 0, ErrBroken
		}
		b := t.buf[t.rp:t.wp]
		if t.pass > 0 && len(b) > 0 {
			n := copy(p, b[:min(t.pass, len(b))])
			t.rp += n
			t.pass -= n
			return n, nil
		}
		t.rp, t.wp = 0, copy(t.buf, b)
		n, err := t.r.Read(t.buf[t.wp:])
		t.wp += n
		if n == 0 && err != nil {
			if !errors.Is(err, os.ErrDeadlineExceeded) {
				t.cut = err
			}
			return 0, err
		}
	}
}

// divert takes what it can from the buffer: rows go out in one write as long as they stand side by side. It stops at
// bytes to pass on, or where the next message's header is not here yet.
func (t *Tap) divert() {
	from := t.rp // bytes [from, rp) are to be stored
	for t.rp < t.wp && !t.broken {
		have := t.wp - t.rp
		switch {
		case t.drop > 0:
			t.store(from)
			n := min(t.drop, have)
			t.rp += n
			t.drop -= n
			from = t.rp
			continue
		case t.keep > 0:
			n := min(t.keep, have)
			if !t.check.pass(t.buf[t.rp:t.rp+n], n == t.keep) {
				t.broken = true
				continue
			}
			t.rp += n
			if t.keep -= n; t.keep == 0 {
				t.rows++
				t.drop, t.tail = t.tail, 0
			}
			continue
		}
		if t.pass > 0 || have < 5 {
			break
		}
		kind := t.buf[t.rp]
		length := int(binary.BigEndian.Uint32(t.buf[t.rp+1:]))
		size := 1 + max(4, length) // nonsense is left to pgconn
		if t.sink != nil && (kind == 'D' || kind == 'd') && (length < 4 || length > maxRow || (kind == 'd') != t.copyOut) {
			t.broken = true
			continue
		}
		if t.sink != nil && kind == 'D' {
			if length >= 6 && have < 7 {
				break
			}
			if length < 6 || int(binary.BigEndian.Uint16(t.buf[t.rp+5:])) != t.columns {
				t.broken = true
				continue
			}
			t.mark(int64(t.rp - from))
			t.keep, t.check = size, rowCheck{cells: t.columns, skip: 7}
			continue
		}
		t.store(from)
		from = t.rp
		if t.sink != nil && kind == 'd' {
			t.copyData(size)
			continue
		}
		t.commit()
		if !t.announce(kind, size) {
			break
		}
		t.pass = size
	}
	t.store(from)
	t.commit()
}

// rowCheck follows the lengths of a row's cells while its bytes pass.
type rowCheck struct {
	cells int // still to begin
	skip  int // bytes of the cell at hand still to pass
	head  int // bytes of a length that have passed
	value uint32
}

// pass tells whether the bytes make sense; last says that the row ends with them.
func (c *rowCheck) pass(p []byte, last bool) bool {
	for len(p) > 0 {
		if c.skip > 0 {
			n := min(c.skip, len(p))
			c.skip -= n
			p = p[n:]
			continue
		}
		if c.cells == 0 {
			return false
		}
		if c.head == 0 && len(p) >= 4 {
			c.value = binary.BigEndian.Uint32(p)
			p = p[4:]
		} else {
			c.value = c.value<<8 | uint32(p[0])
			p = p[1:]
			if c.head++; c.head < 4 {
				continue
			}
		}
		c.cells--
		c.head, c.skip = 0, max(0, int(int32(c.value)))
		if int32(c.value) < -1 {
			return false
		}
	}
	return !last || c.cells == 0 && c.skip == 0 && c.head == 0
}

// announce calls the hooks. It answers false when it has to see more of the message first.
func (t *Tap) announce(kind byte, size int) bool {
	switch {
	case kind == 'T':
		t.described, t.copyOut = true, false
	case kind == 'G' && t.hooks.CopyIn != nil:
		t.hooks.CopyIn()
	case kind == 'H' && t.hooks.CopyOut != nil && size > 5:
		if t.wp-t.rp < 6 {
			return false
		}
		t.binary, t.copyOut = t.buf[t.rp+5] == 1, true
		t.hooks.CopyOut(t.binary)
	}
	return true
}

// copyData makes a row of one cell out of a CopyData message: other header, same bytes.
func (t *Tap) copyData(size int) {
	payload := size - 5
	if !t.binary && payload > 0 {
		payload--
		t.tail = 1
	}
	t.mark(0)
	var head [11]byte
	head[0] = 'D'
	binary.BigEndian.PutUint32(head[1:], uint32(4+2+4+payload))
	binary.BigEndian.PutUint16(head[5:], 1)
	binary.BigEndian.PutUint32(head[7:], uint32(payload))
	t.write(head[:])
	t.drop, t.keep, t.check = 5, payload, rowCheck{skip: payload}
	if payload == 0 {
		t.rows++
		t.drop, t.tail = 5+t.tail, 0
	}
}

func (t *Tap) mark(ahead int64) {
	off := t.bytes + ahead
	if t.blockRows == 0 || t.blockRows >= blockRows || off-t.blockFrom >= blockBytes {
		// A row inside the bytes that are stored next: rows counts those before it.
		t.marks = append(t.marks, Mark{Row: t.rows, Offset: off})
		t.blockRows, t.blockFrom = 0, off
	}
	t.blockRows++
}

func (t *Tap) store(from int) {
	if from < t.rp {
		t.write(t.buf[from:t.rp])
	}
}

func (t *Tap) write(p []byte) {
	if t.sink == nil {
		return
	}
	if t.failed == nil {
		if err := t.sink.Write(p, t.marks); err != nil {
			t.failed = err
			if t.hooks.SinkFailed != nil {
				t.hooks.SinkFailed(err)
			}
		}
	}
	t.bytes += int64(len(p))
	t.marks = t.marks[:0]
}

func (t *Tap) commit() {
	if t.sink != nil && t.failed == nil {
		t.sink.Commit(t.rows, t.bytes)
	}
}
