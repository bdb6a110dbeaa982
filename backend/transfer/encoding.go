package transfer

import (
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"golang.org/x/text/encoding/charmap"
)

// Encodings are those that csv and tsv can be written in, by name. The first is the one without a mark.
var Encodings = []string{"utf-8", "utf-8-bom", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15"}

// encoded gives a writer that puts UTF-8 into another encoding. A character the other has not is an error: nothing is
// replaced.
func encoded(w io.Writer, name string) io.Writer {
	e := &encodedWriter{w: w, name: name}
	switch name {
	case "utf-8":
		return w
	case "utf-8-bom":
		return &marked{w: w}
	case "utf-16":
		e.put, e.out = utf16, []byte{0xff, 0xfe}
	case "windows-1252":
		e.put = single(charmap.Windows1252)
	case "iso-8859-1":
		e.put = single(charmap.ISO8859_1)
	case "iso-8859-15":
		e.put = single(charmap.ISO8859_15)
	default:
		e.put = func(out []byte, _ rune) ([]byte, bool) { return out, false }
	}
	return e
}

// marked puts a byte order mark before the first byte.
type marked struct {
	w     io.Writer
	begun bool
}

func (m *marked) Write(p []byte) (int, error) {
	if !m.begun {
		if _, err := m.w.Write([]byte("\xef\xbb\xbf")); err != nil {
			return 0, err
		}
		m.begun = true
	}
	return m.w.Write(p)
}

// encodedWriter encodes what is written, character by character.
type encodedWriter struct {
	w    io.Writer
	name string
	put  func(out []byte, r rune) ([]byte, bool)
	rest []byte // the beginning of a character whose end is still to come
	out  []byte
}

func (e *encodedWriter) Write(p []byte) (int, error) {
	text := p
	if len(e.rest) > 0 {
		text = append(e.rest, p...)
		e.rest = nil
	}
	for len(text) > 0 {
		if !utf8.FullRune(text) {
			e.rest = append([]byte(nil), text...)
			break
		}
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			return 0, apperr.E(apperr.Limit, "The result holds bytes that are no characters of UTF-8.", apperr.Hint("Write the file in UTF-8: it takes them as they are."))
		}
		var ok bool
		if e.out, ok = e.put(e.out, r); !ok {
			return 0, apperr.E(apperr.Limit, fmt.Sprintf("The encoding %s has no character %q (U+%04X).", e.name, r, r), apperr.Hint("Choose UTF-8."))
		}
		text = text[n:]
	}
	if _, err := e.w.Write(e.out); err != nil {
		return 0, err
	}
	e.out = e.out[:0]
	return len(p), nil
}

func utf16(out []byte, r rune) ([]byte, bool) {
	if r >= 0x10000 {
		r -= 0x10000
		high, low := 0xd800+r>>10, 0xdc00+r&0x3ff
		return append(out, byte(high), byte(high>>8), byte(low), byte(low>>8)), true
	}
	return append(out, byte(r), byte(r>>8)), true
}

func single(m *charmap.Charmap) func(out []byte, r rune) ([]byte, bool) {
	return func(out []byte, r rune) ([]byte, bool) {
		b, ok := m.EncodeRune(r)
		return append(out, b), ok
	}
}

// KnownEncoding tells whether csv and tsv can be written in it.
func KnownEncoding(name string) bool { return slices.Contains(Encodings, name) }
