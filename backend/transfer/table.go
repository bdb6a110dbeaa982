package transfer

import (
	"bufio"
	"fmt"
	"strings"

	"desktop.tusk/backend/spool"
	"github.com/rivo/uniseg"
)

// sampleRows are looked at before the first line is written, to choose the widths of the columns.
const sampleRows = 1000

// table writes aligned columns as psql does, with NULL spelled out and control characters made visible.
type table struct {
	w       *bufio.Writer
	o       Options
	columns []spool.Column
	widths  []int
	sample  [][]string
	begun   bool
	rows    int
}

func (t *table) Begin(columns []spool.Column) error {
	t.columns = columns
	t.widths = make([]int, len(columns))
	for i, c := range columns {
		t.widths[i] = uniseg.StringWidth(legible([]byte(c.Name)))
	}
	return nil
}

func (t *table) Row(cells [][]byte) error {
	t.rows++
	texts := make([]string, len(cells))
	for i, v := range cells {
		if texts[i] = "NULL"; v != nil {
			texts[i] = legible(v)
		}
	}
	if t.begun {
		return t.line(texts)
	}
	for i, s := range texts {
		t.widths[i] = max(t.widths[i], uniseg.StringWidth(s))
	}
	t.sample = append(t.sample, texts)
	if len(t.sample) == sampleRows {
		return t.start()
	}
	return nil
}

// legible makes one line of a value.
func legible(v []byte) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return '↵'
		case r == '\t':
			return '→'
		case r < 0x20:
			return 0x2400 + r
		case r == 0x7f || r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f:
			return 0xfffd
		}
		return r
	}, spool.Visible(v))
}

func (t *table) start() error {
	t.begun = true
	if !t.o.NoHeader {
		names, rules := make([]string, len(t.columns)), make([]string, len(t.columns))
		for i, c := range t.columns {
			name := legible([]byte(c.Name))
			gap := t.widths[i] - uniseg.StringWidth(name)
			names[i] = strings.Repeat(" ", gap/2) + name + strings.Repeat(" ", gap-gap/2)
			rules[i] = strings.Repeat("-", t.widths[i]+2)
		}
		if _, err := fmt.Fprintf(t.w, " %s\n%s\n", strings.TrimRight(strings.Join(names, " | "), " "), strings.Join(rules, "+")); err != nil {
			return err
		}
	}
	for _, row := range t.sample {
		if err := t.line(row); err != nil {
			return err
		}
	}
	t.sample = nil
	return nil
}

func (t *table) line(texts []string) error {
	for i, s := range texts {
		if i > 0 {
			_, _ = t.w.WriteString(" |")
		}
		_ = t.w.WriteByte(' ')
		pad := max(0, t.widths[i]-uniseg.StringWidth(s))
		right := t.columns[i].Class == "number"
		if right {
			_, _ = t.w.WriteString(strings.Repeat(" ", pad))
		}
		_, _ = t.w.WriteString(s)
		if !right && i < len(texts)-1 {
			_, _ = t.w.WriteString(strings.Repeat(" ", pad))
		}
	}
	return t.w.WriteByte('\n')
}

func (t *table) End() error {
	if !t.begun {
		if err := t.start(); err != nil {
			return err
		}
	}
	if t.o.NoHeader {
		return nil
	}
	s := "s"
	if t.rows == 1 {
		s = ""
	}
	_, err := fmt.Fprintf(t.w, "(%d row%s)\n\n", t.rows, s)
	return err
}
