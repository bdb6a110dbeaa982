package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// window is the part of a text that is looked at: from the beginning of a row on.
type window struct {
	in      io.Reader
	buf     []byte // what is read and not consumed is buf[at:end]
	at, end int
	done    bool // in has ended
	limit   int
	line    int64 // of at
}

func newWindow(src source) window {
	return window{in: src.r, buf: make([]byte, 128<<10), limit: src.limit, line: 1}
}

// have is what is in view.
func (w *window) have() []byte { return w.buf[w.at:w.end] }

var errTooLong = errors.New("the row is too long")

// more has more of the text in view, or gives errTooLong. What have gave before is no longer good.
func (w *window) more() error {
	if w.end-w.at > w.limit {
		return errTooLong
	}
	if w.at > 0 {
		copy(w.buf, w.buf[w.at:w.end])
		w.at, w.end = 0, w.end-w.at
	}
	if w.end > len(w.buf)/2 && len(w.buf) <= w.limit { // a row is read again from its beginning when more is there: so it has to be much more
		grown := make([]byte, min(2*len(w.buf), w.limit+64<<10))
		copy(grown, w.buf[:w.end])
		w.buf = grown
	}
	for w.end < len(w.buf) && !w.done {
		n, err := w.in.Read(w.buf[w.end:])
		w.end += n
		if errors.Is(err, io.EOF) {
			w.done = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// take consumes n bytes and the lines in them.
func (w *window) take(n int, lines int64) {
	w.at += n
	w.line += lines
}

// linesIn counts ends of lines of all kinds.
func linesIn(b []byte) int64 {
	n := bytes.Count(b, []byte{'\n'})
	if r := bytes.Count(b, []byte{'\r'}); r > 0 {
		n += r - bytes.Count(b, []byte("\r\n"))
	}
	return int64(n)
}

// tooLong is the error for a row beyond the limit.
func (w *window) tooLong(hint string) error {
	return &RowError{Line: w.line, Reason: fmt.Sprintf("A row begins here that has more than %d MB, which is the limit.", w.limit>>20), Hint: hint, last: true}
}

// badText says what is wrong with a text that PostgreSQL would not take; "" when nothing is.
func badText(b []byte) string {
	if bytes.IndexByte(b, 0) >= 0 {
		return "There is a zero byte in it, which PostgreSQL's text cannot hold."
	}
	if utf8.Valid(b) {
		return ""
	}
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size <= 1 {
			if b[i] == 0xff {
				return "There is something in it that is no character of the encoding."
			}
			return fmt.Sprintf("The byte 0x%02X in it is no UTF-8.", b[i])
		}
		i += size
	}
	return ""
}

// encodingHint says what to do about text that cannot be read.
const encodingHint = "Choose another encoding, such as Windows-1252, or correct the file."
