package transfer

import (
	"bufio"
	"strings"

	"desktop.tusk/backend/spool"
)

// markdown writes a table as GitHub and most others read it. It always has a header, for there is no table without one.
type markdown struct {
	w *bufio.Writer
}

// inMarkdown keeps a cell in its line, and what it holds from being read as markup. Underscores stay as they are: names
// are full of them, and inside a word they mean nothing.
var inMarkdown = strings.NewReplacer(`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "<", "&lt;", "[", `\[`, "&", "&amp;", "\r\n", "<br>", "\n", "<br>", "\r", "<br>")

func (m *markdown) Begin(columns []spool.Column) error {
	if len(columns) == 0 {
		return nil
	}
	names := make([][]byte, len(columns))
	for i, c := range columns {
		names[i] = []byte(c.Name)
	}
	_ = m.Row(names)
	for _, c := range columns {
		rule := "| --- "
		if c.Class == "number" {
			rule = "| ---: "
		}
		_, _ = m.w.WriteString(rule)
	}
	_, err := m.w.WriteString("|\n")
	return err
}

func (m *markdown) Row(cells [][]byte) error {
	if len(cells) == 0 {
		return nil
	}
	for _, v := range cells {
		_, _ = m.w.WriteString("| ")
		if v == nil {
			_, _ = m.w.WriteString("NULL")
		}
		for text := range pieces(v) {
			_, _ = inMarkdown.WriteString(m.w, text)
		}
		_ = m.w.WriteByte(' ')
	}
	_, err := m.w.WriteString("|\n")
	return err
}

func (m *markdown) End() error { return nil }

// page writes a table as a page for a browser, without scripts and without anything from elsewhere.
type page struct {
	w       *bufio.Writer
	o       Options
	columns []spool.Column
}

const pageHead = `<!doctype html>
<meta charset="utf-8">
<style>
table { border-collapse: collapse; font: 13px sans-serif }
th, td { border: 1px solid #ccc; padding: 2px 6px; text-align: left; vertical-align: top; white-space: pre-wrap }
.n { text-align: right }
.null { color: #767676; font-style: italic }
</style>
<table>
`

var inHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

func (p *page) Begin(columns []spool.Column) error {
	p.columns = columns
	_, err := p.w.WriteString(pageHead)
	if p.o.NoHeader {
		return err
	}
	_, _ = p.w.WriteString("<tr>")
	for _, c := range columns {
		_, _ = p.w.WriteString("<th>" + inHTML.Replace(c.Name) + "</th>")
	}
	_, err = p.w.WriteString("</tr>\n")
	return err
}

func (p *page) Row(cells [][]byte) error {
	_, _ = p.w.WriteString("<tr>")
	for i, v := range cells {
		switch {
		case v == nil:
			_, _ = p.w.WriteString(`<td class="null">NULL</td>`)
			continue
		case p.columns[i].Class == "number":
			_, _ = p.w.WriteString(`<td class="n">`)
		default:
			_, _ = p.w.WriteString("<td>")
		}
		for text := range pieces(v) {
			_, _ = inHTML.WriteString(p.w, text)
		}
		_, _ = p.w.WriteString("</td>")
	}
	_, err := p.w.WriteString("</tr>\n")
	return err
}

func (p *page) End() error {
	_, err := p.w.WriteString("</table>\n")
	return err
}
