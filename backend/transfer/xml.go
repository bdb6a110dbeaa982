package transfer

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
)

// xmlRows writes a document of the form that SQL/XML gives tables and query_to_xml writes: a row element a row, an element
// named by its column a value, and NULL by xsi:nil. Values are what the server sent, as text.
type xmlRows struct {
	w       *bufio.Writer
	o       Options
	columns []spool.Column
	names   []string
	rows    int
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>
<table xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
`

func (x *xmlRows) Begin(columns []spool.Column) error {
	x.columns = columns
	for _, c := range columns {
		x.names = append(x.names, xmlName(c.Name))
	}
	_, err := x.w.WriteString(xmlHead)
	return err
}

func (x *xmlRows) Row(cells [][]byte) error {
	x.rows++
	_, _ = x.w.WriteString("\n<row>\n")
	for i, v := range cells {
		if v == nil {
			_, _ = x.w.WriteString("  <" + x.names[i] + ` xsi:nil="true"/>` + "\n")
			continue
		}
		_, _ = x.w.WriteString("  <" + x.names[i] + ">")
		for text := range pieces(v) {
			if at := strings.IndexFunc(text, noXML); at >= 0 {
				r, _ := utf8.DecodeRuneInString(text[at:])
				return apperr.E(apperr.Limit, fmt.Sprintf("XML cannot hold the character U+%04X, which %s has in row %d.", r, x.columns[i].Name, x.rows), apperr.Hint("Leave the column out, or choose another format."))
			}
			_, _ = inXML.WriteString(x.w, text)
		}
		_, _ = x.w.WriteString("</" + x.names[i] + ">\n")
	}
	_, err := x.w.WriteString("</row>\n")
	return err
}

func (x *xmlRows) End() error {
	_, err := x.w.WriteString("\n</table>\n")
	return err
}

var inXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#x0d;")

// noXML finds the characters that no document may have, not even escaped.
func noXML(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xfffe || r == 0xffff
}

// xmlName makes a name of an element of one of SQL: what cannot stand in it is written as _xHHHH_.
func xmlName(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case r == '_' && i+1 < len(runes) && runes[i+1] == 'x',
			i == 0 && len(runes) >= 3 && strings.EqualFold(string(runes[:3]), "xml"),
			!standsInXMLName(r, i == 0):
			fmt.Fprintf(&b, "_x%04X_", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// standsInXMLName asks the package that has the tables of the standard: not every letter is one there.
func standsInXMLName(r rune, first bool) bool {
	name := "a" + string(r)
	if first {
		name = string(r)
	}
	t, err := xml.NewDecoder(strings.NewReader("<" + name + "/>")).RawToken()
	start, ok := t.(xml.StartElement)
	return err == nil && ok && r != ':' && start.Name.Local == name
}
