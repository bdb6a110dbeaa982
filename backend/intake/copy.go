package intake

import (
	"bytes"
	"strconv"
)

// completeCopy says what COPY writes as text, unless it is told otherwise.
func completeCopy(o *Options, _ head) error {
	o.Delimiter, o.Quote, o.Decimal, o.Dates = "\t", noQuote, ".", "server"
	if o.Null == "" && !o.emptyNull {
		o.Null = `\N`
	}
	if o.Header == "" {
		o.Header = "no" // as COPY has it too
	}
	return nil
}

// copied finds how long a value of COPY's text is, which ends at no delimiter or line end behind a backslash, and how many
// lines end in it.
func (c *csvRows) copied(b []byte, f *field) (n int, lines int64) {
	for n < len(b) && !c.ends(b[n]) {
		if b[n] == '\\' && n+1 < len(b) {
			f.escaped = true
			if n++; b[n] == '\n' {
				lines++
			}
		}
		n++
	}
	return n, lines
}

// unescape decodes in place what stands behind backslashes, as COPY … FROM does.
func unescape(v []byte) []byte {
	out := v[:0]
	for {
		at := bytes.IndexByte(v, '\\')
		if at < 0 || at+1 == len(v) {
			return append(out, v...)
		}
		out = append(out, v[:at]...)
		c, n := escaped(v[at+1:])
		out, v = append(out, c), v[at+1+n:]
	}
}

// escaped gives the byte that is meant by what stands behind a backslash, and how long that is.
func escaped(v []byte) (c byte, n int) {
	switch v[0] {
	case 'b':
		return '\b', 1
	case 'f':
		return '\f', 1
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'v':
		return '\v', 1
	case 'x':
		for most := min(len(v), 3); most > 1; most-- {
			if c, err := strconv.ParseUint(string(v[1:most]), 16, 8); err == nil {
				return byte(c), most
			}
		}
	case '0', '1', '2', '3', '4', '5', '6', '7':
		for n = 1; n < min(len(v), 3) && v[n] >= '0' && v[n] <= '7'; n++ {
		}
		c, _ := strconv.ParseUint(string(v[:n]), 8, 16) // which cannot fail
		return byte(c), n
	}
	return v[0], 1
}
