package intake

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetNode is a column of a Parquet file, or a part of one: a plain value, a list, a map, or a struct of other parts.
type parquetNode struct {
	column *parquet.Column
	first  int // of the file's plain columns that it has
	leaves int
	kind   parquetKind // of a plain value
	parts  []*parquetNode
	// items is the part that a list or a map repeats; element that of it which is an element, maybe itself.
	items, element *parquetNode
	isMap          bool
}

// newParquetNode looks at a column, whose first plain one has the number.
func newParquetNode(c *parquet.Column, first int) *parquetNode {
	n := &parquetNode{column: c, first: first}
	if c.Leaf() {
		n.leaves, n.kind = 1, parquetKindOf(c.Type())
	}
	for _, part := range c.Columns() {
		p := newParquetNode(part, first+n.leaves)
		n.parts, n.leaves = append(n.parts, p), n.leaves+p.leaves
	}
	if len(n.parts) != 1 || !n.parts[0].column.Repeated() {
		return n
	}
	var logical format.LogicalTypeValue
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	items := n.parts[0]
	switch logical.(type) {
	case *format.MapType:
		if len(items.parts) == 2 {
			n.items, n.isMap = items, true
		}
	case *format.ListType:
		n.items, n.element = items, items
		// As the format's rules have it for writers of old, whose repeated part is the element itself.
		if name := items.column.Name(); len(items.parts) == 1 && name != "array" && name != c.Name()+"_tuple" {
			n.element = items.parts[0]
		}
	}
	return n
}

// array tells whether the column is a list of plain values, and which part is repeated, and which an element.
func (n *parquetNode) array() (items, element *parquetNode, ok bool) {
	switch e := n.element; {
	case n.column.Repeated():
		return n, n, n.column.Leaf()
	case e != nil:
		return n.items, e, e.column.Leaf() && (e == n.items || !e.column.Repeated())
	}
	return nil, nil, false
}

// typeName is the type that holds the values.
func (n *parquetNode) typeName() string {
	if _, e, ok := n.array(); ok {
		return e.kind.name + "[]"
	}
	if n.column.Leaf() {
		return n.kind.name
	}
	return "jsonb"
}

// missing tells that there is no value: the column's, or of one around it.
func (n *parquetNode) missing(values [][]parquet.Value) bool {
	return len(values) > 0 && values[0][0].DefinitionLevel() < n.column.MaxDefinitionLevel()
}

// each gives the values of one item after the other, of a node that is repeated.
func (n *parquetNode) each(values [][]parquet.Value, do func(item [][]parquet.Value)) {
	if len(values) == 0 || n.missing(values) {
		return
	}
	level, rest := n.column.MaxRepetitionLevel(), slices.Clone(values)
	item := make([][]parquet.Value, len(values))
	for len(rest[0]) > 0 {
		for i, v := range rest {
			end := 1
			for end < len(v) && v[end].RepetitionLevel() > level {
				end++
			}
			item[i], rest[i] = v[:end], v[end:]
		}
		do(item)
	}
}

// nestedWriter writes what is in columns that are no plain values.
type nestedWriter struct {
	out     []byte
	problem string // what is wrong with a text
}

// array writes a list of plain values as PostgreSQL writes an array.
func (w *nestedWriter) array(items, element *parquetNode, values [][]parquet.Value) {
	w.out = append(w.out, '{')
	begin := len(w.out)
	items.each(values, func(item [][]parquet.Value) {
		if len(w.out) > begin {
			w.out = append(w.out, ',')
		}
		if item[0][0].IsNull() {
			w.out = append(w.out, "NULL"...)
			return
		}
		w.out = append(w.out, '"')
		for _, c := range w.text(element, item) {
			if c == '"' || c == '\\' {
				w.out = append(w.out, '\\')
			}
			w.out = append(w.out, c)
		}
		w.out = append(w.out, '"')
	})
	w.out = append(w.out, '}')
}

// json writes any column as JSON.
func (w *nestedWriter) json(n *parquetNode, values [][]parquet.Value) {
	if n.column.Repeated() {
		w.list(n, n, values)
		return
	}
	w.one(n, values)
}

func (w *nestedWriter) list(items, element *parquetNode, values [][]parquet.Value) {
	w.out = append(w.out, '[')
	begin := len(w.out)
	items.each(values, func(item [][]parquet.Value) {
		if len(w.out) > begin {
			w.out = append(w.out, ',')
		}
		if element == items {
			w.one(element, item)
		} else {
			w.json(element, item)
		}
	})
	w.out = append(w.out, ']')
}

// one writes a value that is not repeated, or is one item of those.
func (w *nestedWriter) one(n *parquetNode, values [][]parquet.Value) {
	switch {
	case n.missing(values):
		w.out = append(w.out, "null"...)
	case n.column.Leaf():
		w.plain(n, values)
	case n.isMap:
		w.mapping(n.items, values)
	case n.items != nil:
		w.list(n.items, n.element, values)
	default:
		w.out = append(w.out, '{')
		for i, p := range n.parts {
			if i > 0 {
				w.out = append(w.out, ',')
			}
			w.quote([]byte(p.column.Name()))
			w.out = append(w.out, ':')
			w.json(p, n.of(p, values))
		}
		w.out = append(w.out, '}')
	}
}

// of gives the values of a part.
func (n *parquetNode) of(part *parquetNode, values [][]parquet.Value) [][]parquet.Value {
	from := part.first - n.first
	return values[from : from+part.leaves]
}

// mapping writes a map as an object, whose keys are texts.
func (w *nestedWriter) mapping(items *parquetNode, values [][]parquet.Value) {
	w.out = append(w.out, '{')
	begin := len(w.out)
	items.each(values, func(item [][]parquet.Value) {
		if len(w.out) > begin {
			w.out = append(w.out, ',')
		}
		key, value := items.parts[0], items.parts[1]
		if of := items.of(key, item); key.column.Leaf() {
			w.quote(w.text(key, of))
		} else {
			at := len(w.out)
			w.json(key, of)
			text := bytes.Clone(w.out[at:])
			w.out = w.out[:at]
			w.quote(text)
		}
		w.out = append(w.out, ':')
		w.json(value, items.of(value, item))
	})
	w.out = append(w.out, '}')
}

// plain writes a value as JSON: what is no number of JSON's and no truth value is a text.
func (w *nestedWriter) plain(n *parquetNode, values [][]parquet.Value) {
	text := w.text(n, values)
	name, _, _ := strings.Cut(n.kind.name, "(")
	if slices.Contains([]string{"boolean", "integer", "bigint", "numeric", "real", "double precision", "jsonb"}, name) && json.Valid(text) {
		w.out = append(w.out, text...)
		return
	}
	w.quote(text)
}

// text is a plain value as PostgreSQL reads it.
func (w *nestedWriter) text(n *parquetNode, values [][]parquet.Value) []byte {
	text := n.kind.write(nil, values[0][0])
	if reason := badText(text); reason != "" && w.problem == "" {
		w.problem = reason
	}
	return text
}

func (w *nestedWriter) quote(text []byte) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(string(text)); err != nil {
		w.problem = err.Error() // which no text has happen
	}
	w.out = append(w.out, bytes.TrimSuffix(b.Bytes(), []byte("\n"))...)
}
