package cell

import (
	"bufio"
	"encoding/hex"
	"errors"
	"io"
)

// errNoBytea is what a text gives that is none of a bytea.
var errNoBytea = errors.New("this is no text of a bytea")

// Bytea gives the bytes that a bytea's text stands for: \x and hex digits, or the older escape format.
func Bytea(src *io.SectionReader) (io.Reader, error) {
	isHex, err := inHex(src)
	if err != nil {
		return nil, err
	}
	if isHex {
		return hex.NewDecoder(bufio.NewReaderSize(io.NewSectionReader(src, 2, src.Size()-2), scanBuffer)), nil
	}
	return &escaped{r: bufio.NewReaderSize(io.NewSectionReader(src, 0, src.Size()), scanBuffer)}, nil
}

// ByteaPart gives up to n of the bytes, from one on, and tells how many there are in all.
func ByteaPart(src *io.SectionReader, from, n int) (part []byte, all int, err error) {
	isHex, err := inHex(src)
	if err != nil {
		return nil, 0, err
	}
	if isHex {
		all = int(src.Size()-2) / 2
		n = max(0, min(n, all-from))
		digits := make([]byte, 2*n)
		if _, err := src.ReadAt(digits, int64(2+2*from)); err != nil && err != io.EOF {
			return nil, 0, err
		}
		part = make([]byte, n)
		if _, err := hex.Decode(part, digits); err != nil {
			return nil, 0, errNoBytea
		}
		return part, all, nil
	}
	r, err := Bytea(src)
	if err != nil {
		return nil, 0, err
	}
	skipped, err := io.CopyN(io.Discard, r, int64(from))
	if err != nil && err != io.EOF {
		return nil, 0, err
	}
	part = make([]byte, n)
	got, err := io.ReadFull(r, part)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, 0, err
	}
	rest, err := io.Copy(io.Discard, r)
	return part[:got], int(skipped) + got + int(rest), err
}

func inHex(src *io.SectionReader) (bool, error) {
	head := make([]byte, 2)
	n, err := src.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return false, err
	}
	return string(head[:n]) == `\x`, nil
}

// escaped reads the escape format: a backslash is doubled, and three octal digits behind one stand for a byte.
type escaped struct{ r *bufio.Reader }

func (e *escaped) Read(p []byte) (int, error) {
	for i := range p {
		c, err := e.r.ReadByte()
		if err != nil {
			return i, err
		}
		if c == '\\' {
			if c, err = e.escape(); err != nil {
				return i, errNoBytea
			}
		}
		p[i] = c
	}
	return len(p), nil
}

func (e *escaped) escape() (byte, error) {
	c, err := e.r.ReadByte()
	if err != nil || c == '\\' {
		return c, err
	}
	value := 0
	for i := range 3 {
		if i > 0 {
			if c, err = e.r.ReadByte(); err != nil {
				return 0, err
			}
		}
		if c < '0' || c > '7' {
			return 0, errNoBytea
		}
		value = value<<3 | int(c-'0')
	}
	return byte(value), nil
}
