package spool

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"desktop.tusk/backend/sortkey"
)

// What a Condition asks of a cell. Comparisons are by the column's rule. As in SQL, NULL fulfils none but IsNull.
const (
	Equal        = "="
	NotEqual     = "≠"
	Less         = "<"
	LessEqual    = "≤"
	Greater      = ">"
	GreaterEqual = "≥"
	In           = "in"
	Contains     = "contains" // Text
	Matches      = "matches"  // a regular expression
	IsNull       = "null"
	NotNull      = "not null"
)

// Condition is what a row has to fulfil to be kept.
type Condition struct {
	Column int
	Op     string
	// Values are what the cell is compared with, as a person types them: one, or those of a list.
	Values []string
	// Case says that Contains and Matches tell capitals from small letters.
	Case bool
}

// Search is a text looked for in cells.
type Search struct {
	Text    string
	Regexp  bool
	Case    bool  // tells capitals from small letters
	Whole   bool  // the cell has to be the text, not only contain it
	Columns []int // all when empty
}

// Fault is a condition that cannot be asked: what was typed is no value of the type, or no regular expression.
type Fault struct {
	Column int // -1 for a Search
	Value  string
	Reason string
}

func (f *Fault) Error() string { return fmt.Sprintf("%q: %s", f.Value, f.Reason) }

// unordered says that a column's values do not read as their type, so that they can be compared as text only.
type unordered struct{ column int }

func (u *unordered) Error() string {
	return fmt.Sprintf("column %d has values that do not read as its type", u.column)
}

// matcher decides on rows. It belongs to one goroutine.
type matcher struct {
	tests  []test
	search *searcher
	buf    []byte
}

type test func(*record) (bool, error)

// newMatcher makes what decides on rows. rules are those of all columns.
func newMatcher(columns int, rules []sortkey.Rule, conditions []Condition, search Search) (*matcher, error) {
	m := &matcher{}
	for _, c := range conditions {
		if c.Column < 0 || c.Column >= columns {
			return nil, fmt.Errorf("there is no column %d", c.Column)
		}
		test, err := m.test(c, rules[c.Column])
		if err != nil {
			return nil, err
		}
		m.tests = append(m.tests, test)
	}
	if search.Text != "" {
		s, fault := newSearcher(search, columns)
		if fault != nil {
			return nil, fault
		}
		m.search = s
	}
	return m, nil
}

// row tells whether a row fulfils all.
func (m *matcher) row(rec *record) (bool, error) {
	ok, err := m.conditions(rec)
	if !ok || err != nil || m.search == nil {
		return ok, err
	}
	return m.search.row(rec)
}

// conditions tells whether a row fulfils all but the search.
func (m *matcher) conditions(rec *record) (bool, error) {
	for _, t := range m.tests {
		if ok, err := t(rec); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func (m *matcher) test(c Condition, rule sortkey.Rule) (test, error) {
	null := func(want bool) test {
		return func(rec *record) (bool, error) {
			s, err := rec.span(c.Column)
			return (s.length < 0) == want, err
		}
	}
	switch c.Op {
	case IsNull:
		return null(true), nil
	case NotNull:
		return null(false), nil
	}
	if len(c.Values) == 0 || c.Op != In && len(c.Values) > 1 {
		return nil, &Fault{Column: c.Column, Reason: "nothing is asked for"}
	}
	if c.Op == Contains || c.Op == Matches {
		s, fault := newSearcher(Search{Text: c.Values[0], Regexp: c.Op == Matches, Case: c.Case}, 0)
		if fault != nil {
			fault.Column = c.Column
			return nil, fault
		}
		return func(rec *record) (bool, error) { return s.cell(rec, c.Column) }, nil
	}
	return m.compare(c, rule)
}

// compare makes the test of a comparison: by the keys of the values, or by the bytes where only equality is asked for.
func (m *matcher) compare(c Condition, rule sortkey.Rule) (test, error) {
	if rule.Kind == sortkey.Unicode && (c.Op == Equal || c.Op == NotEqual || c.Op == In) {
		rule = rule.Exact()
	}
	encoder := rule.Encoder()
	keys := make([][]byte, len(c.Values))
	for i, v := range c.Values {
		key, ok := encoder.Literal(nil, v)
		if !ok {
			return nil, &Fault{Column: c.Column, Value: v, Reason: "no value of the type"}
		}
		keys[i] = key
	}
	var want func(order int) bool
	switch c.Op {
	case Equal:
		want = func(o int) bool { return o == 0 }
	case NotEqual:
		want = func(o int) bool { return o != 0 }
	case Less:
		want = func(o int) bool { return o < 0 }
	case LessEqual:
		want = func(o int) bool { return o <= 0 }
	case Greater:
		want = func(o int) bool { return o > 0 }
	case GreaterEqual:
		want = func(o int) bool { return o >= 0 }
	case In:
		slices.SortFunc(keys, bytes.Compare)
	default:
		return nil, fmt.Errorf("there is no condition %q", c.Op)
	}
	return func(rec *record) (bool, error) {
		v, whole, err := rec.cell(c.Column)
		if err != nil || v == nil {
			return false, err
		}
		var ok bool
		if m.buf, ok = keyOf(encoder, m.buf[:0], v, whole); !ok {
			return false, &unordered{c.Column}
		}
		if want == nil {
			_, found := slices.BinarySearchFunc(keys, m.buf, bytes.Compare)
			return found, nil
		}
		return want(bytes.Compare(m.buf, keys[0])), nil
	}, nil
}

func keyOf(e *sortkey.Encoder, dst, v []byte, whole bool) ([]byte, bool) {
	if whole {
		return e.Append(dst, v)
	}
	return e.AppendCut(dst, v), true
}

// searcher finds a text in cells. It belongs to one goroutine.
type searcher struct {
	needle  []byte // folded, when fold
	fold    bool   // ignore the case of ASCII letters, the only ones the needle has that have one
	whole   bool
	re      *regexp.Regexp // instead of the needle
	columns []int
	folded  []byte
}

func newSearcher(s Search, columns int) (*searcher, *Fault) {
	w := &searcher{needle: []byte(s.Text), whole: s.Whole, columns: s.Columns}
	if len(w.columns) == 0 {
		for c := range columns {
			w.columns = append(w.columns, c)
		}
	}
	pattern := s.Text
	if !s.Regexp {
		pattern = regexp.QuoteMeta(s.Text)
		if s.Case || !hasCase(s.Text, true) { // the case of letters beyond ASCII is Unicode's, and regexp knows it
			if w.fold = !s.Case && hasCase(s.Text, false); w.fold {
				foldASCII(w.needle, w.needle)
			}
			return w, nil
		}
	}
	if w.whole {
		pattern = `\A(?:` + pattern + `)\z`
	}
	flags := "(?s)"
	if !s.Case {
		flags = "(?si)"
	}
	re, err := regexp.Compile(flags + pattern)
	if err != nil {
		// What is ours in the pattern is not said back.
		_, plain := regexp.Compile(s.Text)
		if plain != nil {
			err = plain
		}
		return nil, &Fault{Column: -1, Value: s.Text, Reason: strings.TrimPrefix(err.Error(), "error parsing regexp: ")}
	}
	w.re = re
	return w, nil
}

// hasCase tells whether a text has letters that have a case: beyond ASCII, or in it.
func hasCase(s string, beyond bool) bool {
	for _, r := range s {
		if (r >= utf8.RuneSelf) == beyond && (strings.ToLower(string(r)) != string(r) || strings.ToUpper(string(r)) != string(r)) {
			return true
		}
	}
	return false
}

// row tells whether any cell has the text.
func (s *searcher) row(rec *record) (bool, error) {
	for _, c := range s.columns {
		if ok, err := s.cell(rec, c); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// cell tells whether a cell has the text.
func (s *searcher) cell(rec *record, column int) (bool, error) {
	v, whole, err := rec.cell(column)
	switch {
	case err != nil || v == nil:
		return false, err
	case !whole:
		return s.long(rec, column)
	case s.re != nil:
		return s.re.Match(v), nil
	}
	return s.bytes(v), nil
}

func (s *searcher) bytes(v []byte) bool {
	if len(v) < len(s.needle) || s.whole && len(v) != len(s.needle) {
		return false
	}
	if s.fold {
		if cap(s.folded) < len(v) {
			s.folded = make([]byte, len(v)+64)
		}
		s.folded = s.folded[:len(v)]
		foldASCII(s.folded, v)
		v = s.folded
	}
	return bytes.Contains(v, s.needle)
}

// long looks through a cell in pieces that overlap.
func (s *searcher) long(rec *record, column int) (bool, error) {
	r, err := rec.open(column)
	if err != nil {
		return false, err
	}
	if s.re != nil {
		return s.re.MatchReader(bufio.NewReaderSize(r, 64<<10)), nil
	}
	if s.whole {
		return false, nil // nobody types a million characters
	}
	buf := make([]byte, prefixMax+len(s.needle))
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		if s.bytes(buf[:kept+n]) {
			return true, nil
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return false, nil
		} else if err != nil {
			return false, err
		}
		end := kept + n
		kept = copy(buf, buf[end-len(s.needle)+1:end])
	}
}

// plain tells that whole runs of rows can be looked through at once.
func (s *searcher) plain() bool { return s.re == nil && !s.whole }

// hits calls fn for each row of a chunk that has the text in one of the cells, without looking at the others.
func (s *searcher) hits(r *Result, c chunk, rec *record, fn func(*record) error) error {
	rec.r = r
	hay := c.data
	if s.fold {
		if cap(s.folded) < len(hay) {
			s.folded = make([]byte, len(hay)+len(hay)/4)
		}
		hay = s.folded[:len(hay)]
		foldASCII(hay, c.data)
	}
	row, at := c.row, int64(0) // a row at or before the hit
	for from := 0; ; {
		i := bytes.Index(hay[from:], s.needle)
		if i < 0 {
			return nil
		}
		hit := int64(from + i)
		from = int(hit) + 1
		for row < c.to { // lengths are read from the rows themselves, not from the folded copy
			size := 1 + int64(binary.BigEndian.Uint32(c.data[at+1:]))
			if size < 7 || at+size > int64(len(c.data)) {
				return damaged(c.from + at)
			}
			if hit < at+size {
				break
			}
			at += size
			row++
		}
		if row >= c.to {
			return nil
		}
		if hit < at {
			continue // in a row that is done
		}
		if err := rec.begin(c, row, at); err != nil {
			return err
		}
		inside, err := s.inside(rec, hit-at)
		if err != nil {
			return err
		}
		if !inside {
			continue // across the edge of a cell, or in a column that is not looked at
		}
		if err := fn(rec); err != nil {
			return err
		}
		at += rec.size
		from = int(at)
		if row++; row >= c.to {
			return nil
		}
	}
}

func (s *searcher) inside(rec *record, hit int64) (bool, error) {
	for c := range rec.r.columns {
		p, err := rec.span(c)
		if err != nil {
			return false, err
		}
		if p.length >= 0 && hit >= p.from && hit+int64(len(s.needle)) <= p.from+p.length {
			return slices.Contains(s.columns, c), nil
		}
		if p.from > hit {
			return false, nil
		}
	}
	return false, nil
}

// foldASCII writes src to dst with small letters for capitals, eight bytes at a time. dst may be src.
func foldASCII(dst, src []byte) {
	const high = 0x8080808080808080
	n := len(src) &^ 7
	for i := 0; i < n; i += 8 {
		x := binary.LittleEndian.Uint64(src[i:])
		low := x &^ high
		// The high bit of each byte that is an ASCII capital: at least 'A', not beyond 'Z', and no part of another letter.
		capital := (low + 0x3f3f3f3f3f3f3f3f) &^ (low + 0x2525252525252525) & high &^ x
		binary.LittleEndian.PutUint64(dst[i:], x|capital>>2)
	}
	for i := n; i < len(src); i++ {
		c := src[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst[i] = c
	}
}

func (s *searcher) looksAt(column int) bool { return slices.Contains(s.columns, column) }
