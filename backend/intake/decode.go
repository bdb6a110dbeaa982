package intake

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"golang.org/x/text/encoding/charmap"
)

// Names of the encodings a text can have.
const (
	utf8Name    = "UTF-8"
	utf16LEName = "UTF-16LE"
	utf16BEName = "UTF-16BE"
	windowsName = "Windows-1252"
)

// Encodings lists the encodings a text can have. Latin-1 is read as Windows-1252, of which it is a part. Those from the
// fifth on are read when they are named: their bytes are those of Windows-1252 too.
func Encodings() []string {
	return []string{utf8Name, utf16LEName, utf16BEName, windowsName, "ISO-8859-15", "Windows-1250", "Windows-1251"}
}

// bytewise is the encoding of a byte a character that has the name; nil for others.
func bytewise(name string) *charmap.Charmap {
	switch name {
	case windowsName:
		return charmap.Windows1252
	case "ISO-8859-15":
		return charmap.ISO8859_15
	case "Windows-1250":
		return charmap.Windows1250
	case "Windows-1251":
		return charmap.Windows1251
	}
	return nil
}

// completeEncoding finds out the encoding from the first bytes.
func completeEncoding(o *Options, head []byte, whole bool) error {
	if o.Encoding == "" {
		o.Encoding = guessEncoding(head, whole)
		return nil
	}
	for _, name := range Encodings() {
		if strings.EqualFold(o.Encoding, name) {
			o.Encoding = name
			return nil
		}
	}
	return apperr.E(apperr.Usage, "There is no encoding "+o.Encoding+" to read.", apperr.Hint("It is one of "+strings.Join(Encodings(), ", ")+"."))
}

func guessEncoding(head []byte, whole bool) string {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16LEName
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16BEName
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return utf8Name
	}
	// ASCII in UTF-16 has a zero in every second byte.
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	pairs := len(head) / 2
	switch {
	case zeros[1] > pairs/2 && zeros[0] < pairs/10:
		return utf16LEName
	case zeros[0] > pairs/2 && zeros[1] < pairs/10:
		return utf16BEName
	}
	good, bad := 0, 0
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(head[i:])
		switch {
		case r != utf8.RuneError || size > 1:
			good++
		case whole || utf8.FullRune(head[i:]): // else the end of the head cuts a character
			bad++
		}
		i += size
	}
	if bad > good {
		return windowsName
	}
	return utf8Name // what is wrong in it is told line by line
}

// decode gives the text as UTF-8, without a byte order mark. What is no character of the encoding becomes the byte 0xFF, which UTF-8 has nowhere,
// so that whoever checks the UTF-8 finds its line.
func decode(r io.Reader, encoding string) io.Reader {
	switch encoding {
	case utf16LEName:
		return &decoder{in: r, unit: 2, next: func(b []byte, out []byte) ([]byte, int) { return utf16Rune(b, out, 0) }}
	case utf16BEName:
		return &decoder{in: r, unit: 2, next: func(b []byte, out []byte) ([]byte, int) { return utf16Rune(b, out, 1) }}
	}
	if table := bytewise(encoding); table != nil {
		return &decoder{in: r, unit: 1, next: func(b, out []byte) ([]byte, int) { return byteRune(table, b, out) }}
	}
	return &unmarked{in: r}
}

// unmarked leaves out a byte order mark of UTF-8.
type unmarked struct {
	in    io.Reader
	begun bool
	left  []byte
}

func (u *unmarked) Read(p []byte) (int, error) {
	if !u.begun {
		u.begun = true
		first := make([]byte, 3)
		n, err := io.ReadFull(u.in, first)
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
		u.left = bytes.TrimPrefix(first[:n], []byte("\xef\xbb\xbf"))
	}
	if len(u.left) > 0 {
		n := copy(p, u.left)
		u.left = u.left[n:]
		return n, nil
	}
	return u.in.Read(p)
}

// decoder turns units of one or two bytes into UTF-8.
type decoder struct {
	in   io.Reader
	unit int
	// next appends the first character of b, of which there is at least a unit, and tells how many bytes it took; 0 when
	// it needs more.
	next  func(b, out []byte) ([]byte, int)
	raw   []byte // read, not decoded
	out   []byte // decoded, not given
	begun bool
	err   error
}

func (d *decoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 {
		if d.err != nil {
			return 0, d.err
		}
		d.fill()
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

func (d *decoder) fill() {
	buf := make([]byte, 32<<10)
	kept := copy(buf, d.raw)
	n, err := d.in.Read(buf[kept:])
	d.raw, d.err = buf[:kept+n], err
	out := make([]byte, 0, 3*len(d.raw))
	for len(d.raw) >= d.unit {
		grown, used := d.next(d.raw, out)
		if used == 0 {
			break
		}
		out, d.raw = grown, d.raw[used:]
	}
	if err == io.EOF && len(d.raw) > 0 { // half a character
		out, d.raw = append(out, 0xff), nil
	}
	if !d.begun && len(out) > 0 {
		d.begun = true
		out = bytes.TrimPrefix(out, []byte("\ufeff"))
	}
	d.out = out
}

func utf16Rune(b, out []byte, high int) ([]byte, int) {
	unit := func(i int) rune { return rune(b[i+high^1])<<8 | rune(b[i+high]) }
	if high == 1 {
		unit = func(i int) rune { return rune(b[i])<<8 | rune(b[i+1]) }
	}
	r := unit(0)
	switch {
	case !utf16.IsSurrogate(r):
		return utf8.AppendRune(out, r), 2
	case len(b) < 4:
		return out, 0
	}
	if pair := utf16.DecodeRune(r, unit(2)); pair != utf8.RuneError {
		return utf8.AppendRune(out, pair), 4
	}
	return append(out, 0xff), 2
}

func byteRune(table *charmap.Charmap, b, out []byte) ([]byte, int) {
	if b[0] < utf8.RuneSelf {
		return append(out, b[0]), 1
	}
	if r := table.DecodeByte(b[0]); r != utf8.RuneError {
		return utf8.AppendRune(out, r), 1
	}
	return append(out, 0xff), 1
}
