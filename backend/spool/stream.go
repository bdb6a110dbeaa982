package spool

import (
	"encoding/binary"
	"errors"
)

// NewStream gives a Sink that keeps nothing: it calls row for each row with its cells, nil for NULL, which are good
// until row returns. A row is held whole. After an error from row no more is called.
func NewStream(row func(cells [][]byte) error) Sink { return &stream{row: row} }

type stream struct {
	row   func([][]byte) error
	part  []byte // the beginning of a row whose end is still to come
	cells [][]byte
}

// Write takes whole rows out of p, and keeps the piece of one at its end.
func (s *stream) Write(p []byte, _ []Mark) error {
	if len(s.part) > 0 {
		s.part = append(s.part, p...)
		p = s.part
	}
	rest := p
	for len(rest) >= 5 {
		size := 1 + int(binary.BigEndian.Uint32(rest[1:]))
		if size < 5 {
			return errDamagedRow
		}
		if len(rest) < size {
			break
		}
		if err := s.one(rest[5:size]); err != nil {
			return err
		}
		rest = rest[size:]
	}
	if cap(s.part) > 1<<20 && len(rest) < 1<<16 {
		s.part = nil // a huge row has passed: give its memory back
	}
	s.part = append(s.part[:0], rest...)
	return nil
}

func (s *stream) one(body []byte) error {
	if len(body) < 2 {
		return errDamagedRow
	}
	n := int(binary.BigEndian.Uint16(body))
	body = body[2:]
	s.cells = s.cells[:0]
	for range n {
		if len(body) < 4 {
			return errDamagedRow
		}
		length := int(int32(binary.BigEndian.Uint32(body)))
		body = body[4:]
		if length < 0 {
			s.cells = append(s.cells, nil)
			continue
		}
		if length > len(body) {
			return errDamagedRow
		}
		s.cells = append(s.cells, body[:length:length])
		body = body[length:]
	}
	return s.row(s.cells)
}

var errDamagedRow = errors.New("a row does not fit its own length")

// Commit has nothing to do: each row was passed on as it came.
func (s *stream) Commit(int64, int64) {}
