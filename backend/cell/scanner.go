package cell

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// scanner reads a JSON text from left to right.
type scanner struct {
	src  *io.SectionReader
	buf  []byte
	pos  int // of the next byte, in buf
	base int // where buf starts in the text
}

const scanBuffer = 256 << 10

func newScanner(src *io.SectionReader, at int) *scanner {
	return &scanner{src: src, base: at}
}

func (s *scanner) at() int { return s.base + s.pos }

// fill reads on. Errors: io.EOF at the end of the text.
func (s *scanner) fill() error {
	s.base += len(s.buf)
	s.pos = 0
	if cap(s.buf) == 0 {
		s.buf = make([]byte, min(scanBuffer, max(1, int(s.src.Size())-s.base)))
	}
	n, err := s.src.ReadAt(s.buf[:cap(s.buf)], int64(s.base))
	s.buf = s.buf[:n]
	if n > 0 {
		return nil
	}
	if err == nil {
		err = io.EOF
	}
	return err
}

// peek gives the next byte, or the error that there is none.
func (s *scanner) peek() (byte, error) {
	if s.pos == len(s.buf) {
		if err := s.fill(); err == io.EOF {
			return 0, s.wrong()
		} else if err != nil {
			return 0, err
		}
	}
	return s.buf[s.pos], nil
}

// blank goes to the next byte that is none, and gives it.
func (s *scanner) blank() (byte, error) {
	for {
		c, err := s.peek()
		if err != nil || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c, err
		}
		s.pos++
	}
}

func (s *scanner) wrong() error { return &NotJSON{At: s.at()} }

// open goes into an object or array.
func (s *scanner) open() (kind string, err error) {
	c, err := s.blank()
	if err != nil {
		return "", err
	}
	switch c {
	case '{':
		kind = Object
	case '[':
		kind = Array
	default:
		return "", s.wrong()
	}
	s.pos++
	return kind, nil
}

// another goes to the next member of the container, past the comma; false at its end.
func (s *scanner) another(comma bool) (bool, error) {
	c, err := s.blank()
	if err != nil {
		return false, err
	}
	if c == '}' || c == ']' {
		s.pos++
		return false, nil
	}
	if comma {
		if c != ',' {
			return false, s.wrong()
		}
		s.pos++
		_, err = s.blank()
	}
	return true, err
}

// member reads one, with its key in an object. Without shown only where it stands is told.
func (s *scanner) member(keyed, shown bool) (m Member, err error) {
	var text *strings.Builder
	if shown {
		text = &strings.Builder{}
	}
	if keyed {
		if m.Key, err = s.text(text); err != nil {
			return m, err
		}
		if c, err := s.blank(); err != nil {
			return m, err
		} else if c != ':' {
			return m, s.wrong()
		}
		s.pos++
	}
	c, err := s.blank()
	if err != nil {
		return m, err
	}
	m.At, m.Keys = s.at(), []string{}
	switch c {
	case '{', '[':
		m.Kind = Array
		if c == '{' {
			m.Kind = Object
		}
		err = s.container(&m, shown)
	case '"':
		m.Kind = String
		m.Text, err = s.text(text)
	default:
		m.Text, err = s.atom(text)
		m.Kind = Number
		if c >= 'a' && c <= 'z' {
			m.Kind = Word
		}
	}
	m.End = s.at()
	return m, err
}

// text reads a string, and gives it when there is a builder to make it with.
func (s *scanner) text(into *strings.Builder) (string, error) {
	if c, err := s.peek(); err != nil {
		return "", err
	} else if c != '"' {
		return "", s.wrong()
	}
	s.pos++
	if into != nil {
		into.Reset()
		into.WriteByte('"')
	}
	escaped := false
	for {
		if _, err := s.peek(); err != nil {
			return "", err
		}
		if escaped {
			keep(into, s.buf[s.pos:s.pos+1])
			s.pos++
			escaped = false
			continue
		}
		rest := s.buf[s.pos:]
		end := bytes.IndexByte(rest, '"')
		if end < 0 {
			end = len(rest)
		}
		if slash := bytes.IndexByte(rest[:end], '\\'); slash >= 0 {
			end = slash
		}
		keep(into, rest[:end])
		s.pos += end
		if end == len(rest) {
			continue
		}
		keep(into, rest[end:end+1])
		s.pos++
		if rest[end] == '"' {
			return built(into), nil
		}
		escaped = true
	}
}

// atom reads a number or a word.
func (s *scanner) atom(into *strings.Builder) (string, error) {
	if into != nil {
		into.Reset()
	}
	from := s.at()
	for {
		if s.pos == len(s.buf) {
			if err := s.fill(); err == io.EOF {
				break
			} else if err != nil {
				return "", err
			}
		}
		c := s.buf[s.pos]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '-' || c == '+' || c == '.' || c == 'E' {
			keep(into, s.buf[s.pos:s.pos+1])
			s.pos++
			continue
		}
		break
	}
	if s.at() == from {
		return "", s.wrong()
	}
	return built(into), nil
}

// keep adds to a text as long as it is short enough to be shown.
func keep(into *strings.Builder, b []byte) {
	if into != nil && into.Len() < maxText {
		into.Write(b[:min(len(b), maxText-into.Len())])
	}
}

func built(into *strings.Builder) string {
	if into == nil {
		return ""
	}
	text := into.String()
	if len(text) < maxText {
		return text
	}
	for end := len(text); end > len(text)-utf8.UTFMax; end-- { // a character may have been cut
		if r, size := utf8.DecodeLastRuneInString(text[:end]); r != utf8.RuneError || size != 1 {
			return text[:end] + "…"
		}
	}
	return text + "…"
}

// container goes behind an object or array, and counts its members on the way.
func (s *scanner) container(m *Member, shown bool) error {
	depth, empty := 0, true
	wantKey := m.Kind == Object && shown
	for {
		if _, err := s.peek(); err != nil {
			return err
		}
		run := s.buf[s.pos:]
		i := plain(run)
		empty = empty && len(bytes.TrimLeft(run[:i], " \n\t\r:")) == 0
		s.pos += i
		if i == len(run) {
			continue
		}
		switch c := run[i]; c {
		case '"':
			var into *strings.Builder
			if wantKey && depth == 1 && len(m.Keys) < maxPreview {
				into = &strings.Builder{}
			}
			empty = false
			key, err := s.text(into)
			if err != nil {
				return err
			}
			if into != nil {
				m.Keys = append(m.Keys, strings.Trim(key, `"`))
				wantKey = false
			}
			continue
		case '{', '[':
			empty = empty && depth == 0
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.pos++
				if !empty {
					m.Count++
				}
				return nil
			}
		case ',':
			if depth == 1 {
				m.Count++
				wantKey = m.Kind == Object && shown
			}
		}
		s.pos++
	}
}

// plain is how many bytes come before the next one that says where things begin or end.
func plain(b []byte) int {
	for i, c := range b {
		switch c {
		case '"', '{', '}', '[', ']', ',':
			return i
		}
	}
	return len(b)
}
