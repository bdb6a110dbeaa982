package transfer

import (
	"iter"
	"unicode/utf8"
	"unsafe"

	"desktop.tusk/backend/spool"
)

// longCell is how many bytes of a value are made text at once; a longer one comes in pieces, so that memory holds no more
// of it than the value itself.
const longCell = 1 << 20

// pieces gives the text of a value, cut between characters. A piece is good until the next one.
func pieces(v []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(v) > longCell {
			cut := longCell
			for back := 1; back < utf8.UTFMax && !utf8.RuneStart(v[cut]); back++ {
				cut--
			}
			piece := v[:cut]
			if v = v[cut:]; utf8.Valid(piece) {
				if !yield(unsafe.String(&piece[0], len(piece))) { // a copy of each would take as much as the value again
					return
				}
			} else if !yield(spool.Visible(piece)) {
				return
			}
		}
		yield(spool.Visible(v))
	}
}
