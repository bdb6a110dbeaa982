package sqltext

import "unicode/utf8"

// Cursor walks through a text and tells, for ever later byte offsets, where they are in UTF-16 units and on which
// line. Walking a script once costs its length, however many statements it has.
type Cursor struct {
	src   string
	at    int
	units int
	line  int
}

// NewCursor starts at the beginning of src, which is unit 0 on line 1.
func NewCursor(src string) *Cursor { return &Cursor{src: src, line: 1} }

// To moves to the byte offset and returns the UTF-16 units before it and its line, from 1. An offset before the last
// one starts over. CRLF counts as one line end; each byte that is no UTF-8 as one unit.
func (c *Cursor) To(offset int) (units, line int) {
	offset = min(max(offset, 0), len(c.src))
	if offset < c.at {
		*c = Cursor{src: c.src, line: 1}
	}
	for c.at < offset {
		b := c.src[c.at]
		if b < utf8.RuneSelf {
			if b == '\n' || b == '\r' && (c.at+1 >= len(c.src) || c.src[c.at+1] != '\n') {
				c.line++
			}
			c.at++
			c.units++
			continue
		}
		r, size := utf8.DecodeRuneInString(c.src[c.at:])
		if c.at+size > offset {
			break // inside a character: its beginning
		}
		c.at += size
		c.units++
		if r > 0xffff {
			c.units++
		}
	}
	return c.units, c.line
}

// ByteOfUnit finds the byte offset of a UTF-16 unit.
func ByteOfUnit(src string, unit int) int {
	n := 0
	for i, r := range src {
		if n >= unit {
			return i
		}
		n++
		if r > 0xffff {
			n++
		}
	}
	return len(src)
}

// ByteOfChar finds the byte offset of the server's character position, which counts code points from 1. Positions
// outside the text are clamped.
func ByteOfChar(src string, char int) int {
	n := 1
	for i := range src {
		if n >= char {
			return i
		}
		n++
	}
	return len(src)
}
