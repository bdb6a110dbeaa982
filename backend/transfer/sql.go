package transfer

import (
	"bufio"
	"bytes"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
)

// insertRows is how many rows an INSERT has at most: few enough that a server reads each at once, many enough that the
// words between them do not count.
const insertRows = 500

// literals writes values as SQL. A number stands bare where SQL reads it back as itself, NULL and the booleans are words,
// and everything else is in quotes, to be read by the type of the column it goes to. Backslashes are left alone, as
// standard_conforming_strings, which is on by default, asks.
type literals struct {
	w     *bufio.Writer
	types []spool.Column
}

func (l *literals) value(i int, v []byte) {
	c := l.types[i]
	number := c.Class == "number" && c.Type != "money"
	switch {
	case v == nil:
		_, _ = l.w.WriteString("NULL")
	case number && isJSONNumber(v) && !isNegativeZero(v):
		_, _ = l.w.Write(v)
	case c.Class == "bool" && string(v) == "t":
		_, _ = l.w.WriteString("true")
	case c.Class == "bool" && string(v) == "f":
		_, _ = l.w.WriteString("false")
	default:
		l.text(v)
		if number {
			// NaN, the infinities and -0 among bare numbers need to say what they are.
			_, _ = l.w.WriteString("::" + c.Type)
		}
	}
}

// isNegativeZero finds what a bare -0 would lose: its sign.
func isNegativeZero(v []byte) bool {
	return v[0] == '-' && len(bytes.Trim(v, "-0.")) == 0
}

// text writes v between single quotes, its own doubled.
func (l *literals) text(v []byte) {
	_ = l.w.WriteByte('\'')
	for {
		i := bytes.IndexByte(v, '\'')
		if i < 0 {
			break
		}
		_, _ = l.w.Write(v[:i+1])
		_ = l.w.WriteByte('\'')
		v = v[i+1:]
	}
	_, _ = l.w.Write(v)
	_ = l.w.WriteByte('\'')
}

// Literal writes a text between single quotes, whatever standard_conforming_strings says.
func Literal(s string) string {
	quoted := "'" + strings.ReplaceAll(s, "'", "''") + "'"
	if strings.Contains(s, `\`) {
		return "E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// row writes all values in parentheses.
func (l *literals) row(cells [][]byte) error {
	_ = l.w.WriteByte('(')
	for i, v := range cells {
		if i > 0 {
			_, _ = l.w.WriteString(", ")
		}
		l.value(i, v)
	}
	return l.w.WriteByte(')')
}

// insert writes INSERT statements of up to insertRows rows each.
type insert struct {
	literals
	o    Options
	head string
	rows int
}

func (n *insert) Begin(columns []spool.Column) error {
	n.types = columns
	n.head = "insert into " + n.o.table()
	if len(columns) == 0 {
		return nil
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = n.o.name(c.Name)
	}
	n.head += " (" + strings.Join(names, ", ") + ")"
	if n.o.Overriding {
		n.head += " overriding system value"
	}
	n.head += " values"
	return nil
}

func (n *insert) Row(cells [][]byte) error {
	if len(n.types) == 0 {
		_, err := n.w.WriteString(n.head + " default values;\n")
		return err
	}
	switch {
	case n.rows == 0:
		_, _ = n.w.WriteString(n.head)
	case n.rows%insertRows == 0:
		_, _ = n.w.WriteString(";\n" + n.head)
	default:
		_ = n.w.WriteByte(',')
	}
	n.rows++
	_, _ = n.w.WriteString("\n  ")
	return n.row(cells)
}

func (n *insert) End() error {
	if n.rows == 0 {
		return nil
	}
	_, err := n.w.WriteString(";\n")
	return err
}

// update writes an UPDATE for each row, by the values of its key.
type update struct {
	literals
	o    Options
	keys []int
	sets []int
}

func (u *update) Begin(columns []spool.Column) error {
	u.types = columns
	for i, c := range columns {
		if slices.Contains(u.o.Key, c.Name) {
			u.keys = append(u.keys, i)
		} else {
			u.sets = append(u.sets, i)
		}
	}
	switch {
	case len(u.o.Key) == 0:
		return apperr.E(apperr.Usage, "An UPDATE needs to know by which columns it finds a row.", apperr.Hint("Name them as its key."))
	case len(u.keys) < len(u.o.Key):
		return apperr.E(apperr.Usage, "The columns of the key are not among those chosen.", apperr.Message("An UPDATE finds its row by them."), apperr.Hint("Choose "+strings.Join(u.o.Key, ", ")+" too."))
	case len(u.sets) == 0:
		return apperr.E(apperr.Usage, "There is nothing to set: only columns of the key are chosen.", apperr.Hint("Choose others too."))
	}
	return nil
}

func (u *update) Row(cells [][]byte) error {
	_, _ = u.w.WriteString("update " + u.o.table() + " set ")
	u.list(u.sets, ", ", cells)
	_, _ = u.w.WriteString(" where ")
	u.list(u.keys, " and ", cells)
	_, err := u.w.WriteString(";\n")
	return err
}

func (u *update) list(columns []int, between string, cells [][]byte) {
	for n, i := range columns {
		if n > 0 {
			_, _ = u.w.WriteString(between)
		}
		_, _ = u.w.WriteString(u.o.name(u.types[i].Name))
		if cells[i] == nil && between != ", " {
			_, _ = u.w.WriteString(" is null")
			continue
		}
		_, _ = u.w.WriteString(" = ")
		u.value(i, cells[i])
	}
}

func (u *update) End() error { return nil }

// valuesList writes a VALUES command. Of no rows there is none: it writes a query without rows.
type valuesList struct {
	literals
	rows int
}

func (s *valuesList) Begin(columns []spool.Column) error {
	s.types = columns
	return nil
}

func (s *valuesList) Row(cells [][]byte) error {
	if s.rows > 0 {
		_ = s.w.WriteByte(',')
	} else {
		_, _ = s.w.WriteString("values")
	}
	s.rows++
	_, _ = s.w.WriteString("\n  ")
	return s.row(cells)
}

func (s *valuesList) End() error {
	if s.rows == 0 {
		_, _ = s.w.WriteString("select where false")
	}
	return s.w.WriteByte('\n')
}

// inList writes what stands behind IN: values of one column, rows of several. Lone NULLs are left out, for IN never
// finds them, and NOT IN would find nothing because of them.
type inList struct {
	literals
	rows int
}

func (s *inList) Begin(columns []spool.Column) error {
	s.types = columns
	return s.w.WriteByte('(')
}

func (s *inList) Row(cells [][]byte) error {
	if len(cells) == 0 || len(cells) == 1 && cells[0] == nil {
		return nil
	}
	if s.rows > 0 {
		_, _ = s.w.WriteString(", ")
	}
	s.rows++
	if len(cells) > 1 {
		return s.row(cells)
	}
	s.value(0, cells[0])
	return nil
}

func (s *inList) End() error {
	if s.rows == 0 {
		_, _ = s.w.WriteString("NULL") // an empty list is no SQL
	}
	_, err := s.w.WriteString(")\n")
	return err
}

// copyText writes what COPY … TO STDOUT does, and COPY … FROM reads. It has no header: servers before 15 know none.
type copyText struct{ w *bufio.Writer }

func (c *copyText) Begin([]spool.Column) error { return nil }

func (c *copyText) Row(cells [][]byte) error {
	for i, v := range cells {
		if i > 0 {
			_ = c.w.WriteByte('\t')
		}
		if v == nil {
			_, _ = c.w.WriteString(`\N`)
			continue
		}
		for {
			at := bytes.IndexAny(v, "\\\b\f\n\r\t\v")
			if at < 0 {
				break
			}
			_, _ = c.w.Write(v[:at])
			_, _ = c.w.WriteString(copyEscapes[v[at]])
			v = v[at+1:]
		}
		_, _ = c.w.Write(v)
	}
	return c.w.WriteByte('\n')
}

var copyEscapes = map[byte]string{'\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\v': `\v`}

func (c *copyText) End() error { return nil }
