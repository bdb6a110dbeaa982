package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonRows reads objects, one a row: those of an array, or of a text that has one behind the other. Texts are
// unquoted, but in columns of KeepJSON; numbers, arrays and objects stay as they are written; a key that an object lacks
// is NULL.
type jsonRows struct {
	window
	array  bool
	begun  bool
	open   bool // a key that is met first becomes a column
	at     map[string]int
	names  []string
	texts  []bool // by column: a text was in it
	kept   []bool // by column, or nil: its texts stay as they are written
	cells  [][]byte
	closed bool // the array was closed
}

func openJSON(src source, o Options) (Rows, error) {
	return &jsonRows{window: newWindow(src), array: o.Format == "json", open: true, at: map[string]int{}}, nil
}

// name fixes the columns.
func (j *jsonRows) name(names []string) {
	j.names, j.open = names, false
	j.texts = make([]bool, len(names))
	for i, n := range names {
		j.at[n] = i
	}
}

func (j *jsonRows) keepJSON(columns []int) {
	j.kept = make([]bool, len(j.names))
	for _, c := range columns {
		j.kept[c] = true
	}
}

func (j *jsonRows) Names() []string { return j.names }

// IsText tells that a text was among the column's values.
func (j *jsonRows) IsText(c int) bool { return j.texts[c] }

func (j *jsonRows) Close() error { return nil }

func (j *jsonRows) Next() (Row, error) {
	first := !j.begun
	if err := j.bracket(); err != nil {
		return Row{}, err
	}
	c, err := j.peek()
	if err != nil {
		return j.end(err)
	}
	if j.array {
		switch {
		case j.closed:
			return Row{}, j.fatal("There is something behind the end of the array.")
		case c == ']':
			j.take(1, 0)
			j.closed = true
			if _, err := j.peek(); err != nil {
				return j.end(err)
			}
			return Row{}, j.fatal("There is something behind the end of the array.")
		case c == ',' && !first:
			j.take(1, 0)
			if c, err = j.peek(); err != nil {
				return j.end(err)
			}
		case !first:
			return Row{}, j.fatal("A comma should be here, or the end of the array.")
		}
	}
	if c != '{' {
		return Row{}, j.skip("It is no object.")
	}
	n, err := j.extent()
	if err != nil {
		return Row{}, err
	}
	line, b := j.line, j.have()[:n:n]
	j.take(n, linesIn(b))
	if reason := badText(b); reason != "" {
		return Row{}, &RowError{Line: line, Reason: reason, Hint: encodingHint, Cells: [][]byte{b}}
	}
	if !json.Valid(b) {
		var v map[string]json.RawMessage
		return Row{}, &RowError{Line: line, Reason: fmt.Sprintf("It is no JSON: %v.", json.Unmarshal(b, &v)), Cells: [][]byte{b}}
	}
	return j.object(line, b)
}

// bracket consumes the one that opens the array.
func (j *jsonRows) bracket() error {
	if j.begun || !j.array {
		return nil
	}
	j.begun = true
	c, err := j.peek()
	if errors.Is(err, io.EOF) {
		return j.fatal("There is nothing in it.")
	} else if err != nil {
		return err
	}
	if c != '[' {
		return j.fatal("An array of objects should begin here.")
	}
	j.take(1, 0)
	return nil
}

// peek gives the next byte that is no white space.
func (j *jsonRows) peek() (byte, error) {
	for {
		b := j.have()
		i := 0
		for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
			i++
		}
		j.take(i, int64(bytes.Count(b[:i], []byte{'\n'})))
		if i < len(b) {
			return b[i], nil
		}
		if j.done {
			return 0, io.EOF
		}
		if err := j.more(); err != nil {
			return 0, err
		}
	}
}

func (j *jsonRows) end(err error) (Row, error) {
	if errors.Is(err, io.EOF) && j.array && !j.closed {
		return Row{}, j.fatal("The file ends before its array does.")
	}
	return Row{}, err
}

func (j *jsonRows) fatal(reason string) error {
	return &RowError{Line: j.line, Reason: reason, last: true}
}

// skip goes to the next line, where rows have lines of their own.
func (j *jsonRows) skip(reason string) error {
	e := &RowError{Line: j.line, Reason: reason, last: j.array}
	for !j.array {
		if k := bytes.IndexByte(j.have(), '\n'); k >= 0 {
			e.Cells = [][]byte{bytes.Clone(j.have()[:k])}
			j.take(k+1, 1)
			break
		}
		if j.done {
			e.Cells = [][]byte{bytes.Clone(j.have())}
			j.take(len(j.have()), 0)
			break
		}
		if err := j.more(); errors.Is(err, errTooLong) {
			return j.tooLong("")
		} else if err != nil {
			return err
		}
	}
	return e
}

// extent is how long the object in view is.
func (j *jsonRows) extent() (int, error) {
	depth, text := 0, false
	for i := 0; ; i++ {
		for i >= len(j.have()) {
			if j.done {
				e := j.fatal("The file ends inside an object.")
				j.take(len(j.have()), 0)
				j.closed = true
				return 0, e
			}
			if err := j.more(); errors.Is(err, errTooLong) {
				return 0, j.tooLong("Is a brace or a quote opened in it and never closed?")
			} else if err != nil {
				return 0, err
			}
		}
		b := j.have()
		if text { // the greater part of most objects
			k := bytes.IndexAny(b[i:], "\"\\\n")
			switch {
			case k < 0:
				i = len(b) - 1
			case b[i+k] == '\n': // no JSON; and the next line may well be
				return 0, j.skip("A text in it has no end on its line.")
			case b[i+k] == '\\':
				i += k + 1
			default:
				i, text = i+k, false
			}
			continue
		}
		switch b[i] {
		case '"':
			text = true
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
}

// object makes cells of an object that is valid.
func (j *jsonRows) object(line int64, b []byte) (Row, error) {
	j.cells = j.cells[:0]
	for range j.names {
		j.cells = append(j.cells, nil)
	}
	whole := [][]byte{b}
	for b = blankless(b[1:]); b[0] != '}'; {
		n := valueLen(b)
		key, reason := unquote(b[:n])
		b = blankless(blankless(b[n:])[1:]) // the colon
		n = valueLen(b)
		raw := b[:n:n]
		if b = blankless(b[n:]); b[0] == ',' {
			b = blankless(b[1:])
		}
		c, known := j.at[string(key)]
		if !known {
			if !j.open {
				return Row{}, &RowError{Line: line, Column: string(key), Reason: "No row at the beginning of the file has that key.", Hint: "Put a row that has all keys first.", Cells: whole}
			}
			c = len(j.names)
			j.at[string(key)] = c
			j.names, j.texts, j.cells = append(j.names, string(key)), append(j.texts, false), append(j.cells, nil)
		}
		switch {
		case reason != "":
		case raw[0] == '"':
			if j.cells[c], reason = unquote(raw); reason == "" && c < len(j.kept) && j.kept[c] {
				j.cells[c] = raw
			}
			j.texts[c] = true
		case raw[0] == 'n':
			j.cells[c] = nil
		default:
			j.cells[c] = raw
		}
		if reason != "" {
			return Row{}, &RowError{Line: line, Column: string(key), Reason: reason, Cells: whole}
		}
	}
	return Row{Line: line, Cells: j.cells}, nil
}

func blankless(b []byte) []byte { return bytes.TrimLeft(b, " \t\r\n") }

// valueLen is how long the valid value is that b begins with.
func valueLen(b []byte) int {
	depth := 0
	for i := 0; ; i++ {
		switch b[i] {
		case '"':
			for i++; b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			if depth == 0 && i+1 < len(b) && strings.IndexByte(",:}] \t\r\n", b[i+1]) >= 0 {
				return i + 1
			}
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
}

// unquote gives the text of a valid JSON string, and why PostgreSQL cannot have it.
func unquote(raw []byte) ([]byte, string) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1], ""
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err.Error()
	}
	if strings.IndexByte(s, 0) >= 0 {
		return nil, badText([]byte{0})
	}
	// Half a pair of surrogates comes out as U+FFFD.
	if n := strings.Count(s, "\ufffd"); n > bytes.Count(raw, []byte("\ufffd"))+bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`)) {
		return nil, `There is half of a character in it: a \ud… without its other half.`
	}
	return []byte(s), ""
}
