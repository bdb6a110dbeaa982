package intake

import (
	"bytes"
	"errors"
	"io"
)

// guessQuote tells what stands around values of a TSV file: nothing, as psql writes it, or a double quote, as spreadsheets
// do. A quote is one only where all that begin a value can be read so and something shows that they are no part of it:
// names of columns in quotes, doubled quotes in a value, or rows that have as many values as the others only so.
func guessQuote(o Options, h head) string {
	if !bytes.Contains(h.text, []byte{'"'}) {
		return noQuote
	}
	const most = 500
	o.Quote = noQuote
	plain := headRows(o, h.text, h.whole, most)
	o.Quote = `"`
	quoted, wrong := readHead(o, h.text, h.whole, most)
	if wrong {
		return noQuote
	}
	if even(quoted) && !even(plain) {
		return `"`
	}
	for i, row := range plain {
		for _, v := range row {
			if inner, ok := within(v); ok && (i == 0 || bytes.Contains(inner, []byte(`""`))) {
				return `"`
			}
		}
	}
	return noQuote
}

// even tells that all rows have as many values.
func even(rows [][][]byte) bool {
	for _, r := range rows {
		if len(r) != len(rows[0]) {
			return false
		}
	}
	return true
}

// within gives what stands between two quotes.
func within(v []byte) ([]byte, bool) {
	if len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return nil, false
	}
	return v[1 : len(v)-1], true
}

// readHead reads at most n rows of the head, without the one that its end may cut; wrong tells that there are some that
// cannot be read.
func readHead(o Options, head []byte, whole bool, n int) (rows [][][]byte, wrong bool) {
	o.Header = "no"
	c := &csvRows{window: newWindow(source{r: bytes.NewReader(head), limit: MaxRow}), delimiter: o.Delimiter[0], null: []byte(o.Null)}
	if o.Quote != noQuote {
		c.quote, c.quotes = o.Quote[0], true
	}
	for len(rows) < n {
		r, err := c.row()
		var bad *RowError
		if errors.As(err, &bad) && !bad.last {
			wrong = true
			continue
		}
		if err != nil {
			wrong = wrong || bad != nil && whole
			if errors.Is(err, io.EOF) && !whole && len(rows) > 1 {
				rows = rows[:len(rows)-1]
			}
			break
		}
		rows = append(rows, clone(r.Cells))
	}
	return rows, wrong
}

// notes tells what of a file is taken one way and could mean another. asked is what was given; empty says that columns of
// texts have values that are.
func (o Options) notes(asked Options, h head, empty bool) (notes []string) {
	if o.Null != asked.Null && o.Format != "copy" {
		notes = append(notes, o.Null+" without quotes is read as NULL, and an empty value as an empty text.")
		if o.Format == "tsv" && bytes.Count(h.text, []byte{'\\'}) > bytes.Count(h.text, []byte(o.Null)) {
			notes = append(notes, "Backslashes are read as they are. Where COPY wrote them, they stand for tabs and line ends: choose the format COPY text (copy).")
		}
	}
	if o.Format != "tsv" || o.Quote != noQuote {
		return notes
	}
	if begins := bytes.HasPrefix(h.text, []byte{'"'}) || bytes.Contains(h.text, []byte("\t\"")) || bytes.Contains(h.text, []byte("\n\"")); begins && asked.Quote == "" {
		notes = append(notes, "A quote at the beginning of a value is part of it: nothing shows that values stand in quotes.")
	}
	if empty && o.Null == "" && !o.emptyNull {
		notes = append(notes, "Empty values of texts are read as NULL: TSV does not tell them from empty texts. CSV does.")
	}
	return notes
}
