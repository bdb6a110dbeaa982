package transfer

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"desktop.tusk/backend/spool"
)

// jsonRows writes each row as an object. Numbers keep the server's digits, however many; NaN and the infinities, which
// JSON has not, become strings. json and jsonb values stand as they are, without the blanks between tokens. A second
// column of one name gets _2 behind it, for an object may not have a key twice.
type jsonRows struct {
	w     *bufio.Writer
	o     Options
	lines bool
	keys  [][]byte
	kinds []byte // 'n' number, 'b' bool, 'j' json, 's' text
	rows  int
	buf   bytes.Buffer
}

func (j *jsonRows) Begin(columns []spool.Column) error {
	taken := map[string]bool{}
	for _, c := range columns {
		name := c.Name
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", c.Name, n)
		}
		taken[name] = true
		key, err := j.text(name)
		if err != nil {
			return fmt.Errorf("write column name: %w", err)
		}
		j.keys = append(j.keys, bytes.Clone(key))
		kind := byte('s')
		switch {
		case j.o.NumbersAsText && (c.TypeOID == oidInt8 || c.TypeOID == oidNumeric):
		case c.Class == "number" && c.Type != "money":
			kind = 'n'
		case c.Class == "bool":
			kind = 'b'
		case c.Class == "json":
			kind = 'j'
		}
		j.kinds = append(j.kinds, kind)
	}
	if !j.lines {
		return j.w.WriteByte('[')
	}
	return nil
}

func (j *jsonRows) Row(cells [][]byte) error {
	if !j.lines {
		if j.rows > 0 {
			_ = j.w.WriteByte(',')
		}
		_ = j.w.WriteByte('\n')
	}
	j.rows++
	_ = j.w.WriteByte('{')
	for i, v := range cells {
		if i > 0 {
			_ = j.w.WriteByte(',')
		}
		_, _ = j.w.Write(j.keys[i])
		_ = j.w.WriteByte(':')
		if err := j.value(j.kinds[i], v); err != nil {
			return err
		}
	}
	_ = j.w.WriteByte('}')
	if j.lines {
		return j.w.WriteByte('\n')
	}
	return nil
}

func (j *jsonRows) value(kind byte, v []byte) error {
	switch {
	case v == nil:
		_, err := j.w.WriteString("null")
		return err
	case kind == 'n' && isJSONNumber(v):
		_, err := j.w.Write(v)
		return err
	case kind == 'b' && (string(v) == "t" || string(v) == "f"):
		_, err := j.w.WriteString(map[bool]string{true: "true", false: "false"}[v[0] == 't'])
		return err
	case kind == 'j' && len(v) > longCell && json.Valid(v) && utf8.Valid(v):
		return j.oneLine(v)
	case kind == 'j':
		j.buf.Reset()
		if json.Compact(&j.buf, v) == nil && utf8.Valid(v) {
			_, err := j.w.Write(j.buf.Bytes())
			return err
		}
	}
	_ = j.w.WriteByte('"')
	for piece := range pieces(v) {
		text, err := j.text(piece)
		if err != nil {
			return fmt.Errorf("write value: %w", err)
		}
		_, _ = j.w.Write(text[1 : len(text)-1])
	}
	return j.w.WriteByte('"')
}

// oneLine writes long JSON as it is, but for line ends, which stand only between its tokens.
func (j *jsonRows) oneLine(v []byte) error {
	for len(v) > 0 {
		at := bytes.IndexAny(v, "\r\n")
		if at < 0 {
			at = len(v)
		}
		_, _ = j.w.Write(v[:at])
		if v = v[min(at+1, len(v)):]; len(v) > 0 {
			_ = j.w.WriteByte(' ')
		}
	}
	return j.w.Flush()
}

// text writes a string, with <, > and & as they are, and is good until the next one.
func (j *jsonRows) text(s string) ([]byte, error) {
	j.buf.Reset()
	enc := json.NewEncoder(&j.buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(s)
	return bytes.TrimSuffix(j.buf.Bytes(), []byte("\n")), err
}

// isJSONNumber tells whether JSON takes the text as a number: -12, 0.5, 1e10; not 01, NaN, .5.
func isJSONNumber(v []byte) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(v) && v[i] >= '0' && v[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(v) && v[i] == '-' {
		i++
	}
	if i < len(v) && v[i] == '0' {
		i++
	} else if !digits() {
		return false
	}
	if i < len(v) && v[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(v) && (v[i] == 'e' || v[i] == 'E') {
		i++
		if i < len(v) && (v[i] == '+' || v[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(v)
}

func (j *jsonRows) End() error {
	if j.lines {
		return nil
	}
	if j.rows > 0 {
		_ = j.w.WriteByte('\n')
	}
	_, err := j.w.WriteString("]\n")
	return err
}
