package transfer

import "bufio"

// NewWorkbook has sheets of so many rows.
func NewWorkbook(w *bufio.Writer, rows int) Encoder {
	b := newWorkbook(w, Options{})
	b.limit = rows
	return b
}
