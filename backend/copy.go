package backend

import (
	"errors"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/suggest"
	"desktop.tusk/backend/transfer"
)

// maxCopyBytes bounds what goes into the clipboard; more than that is an export.
const maxCopyBytes = 64 << 20

var errTooMuch = apperr.E(apperr.Limit, "That is too much for the clipboard: more than 64 MB.", apperr.Hint("Select fewer rows, or export the result to a file."))

// clipboardFormats are the transfer formats behind the names the page uses: TSV there is what spreadsheets paste.
var clipboardFormats = map[string]string{
	"tsv": "sheet", "csv": "csv", "json": "json", "markdown": "markdown", "insert": "insert", "values": "values", "in": "in", "update": "update",
}

// blankOf is what stands in a cell that was not chosen, in a row and a column of which others were.
func blankOf(format string) []byte {
	switch format {
	case "insert", "values", "in", "copy", "json", "ndjson", "xlsx", "parquet": // whose columns have types, or a word for it
		return nil
	}
	return []byte{}
}

// ours takes an error of Tusk's out of what reading a result wrapped it in; any other is the result's.
func ours(err error) error {
	var own *apperr.Error
	if errors.As(err, &own) {
		return own
	}
	return unreadable(err)
}

// Copy puts cells into the clipboard, in the order of the rows and columns; several ranges copy the columns they cover
// together. Errors: usage (no such format, nothing selected, result gone), limit (too much for a clipboard).
func (q *Queries) Copy(req CopyRequest) (c Copied, err error) {
	defer q.state.guard("queries.copy", &err)()
	r, _, run, err := q.state.rows(req.ResultID)
	if err != nil {
		return Copied{}, err
	}
	name := clipboardFormats[req.Format]
	if one := len(req.Ranges) == 1 && req.Ranges[0].Top == req.Ranges[0].Bottom && req.Ranges[0].Left == req.Ranges[0].Right; one && name == "sheet" && !req.Header {
		name = "tsv" // a single value is pasted as it is, without quotes
	}
	format, ok := transfer.Find(name)
	if !ok || len(req.Ranges) == 0 {
		return Copied{}, apperr.E(apperr.Usage, "There is nothing to copy.", apperr.Hint("Select cells first."))
	}
	all, err := shownColumns(req.Columns, len(r.Columns()))
	if err != nil {
		return Copied{}, err
	}
	places := covered(req.Ranges, len(all))
	columns := make([]int, len(places)) // as the result counts them
	for i, p := range places {
		columns[i] = all[p]
	}
	o := transfer.Options{NoHeader: !req.Header, Table: req.Table, QuoteName: suggest.Quote}
	names := func(c int) string { return r.Columns()[c].Name }
	if name == "update" { // takes whole rows of what was chosen, and their key
		u, err := q.state.updatable(run, r.Columns())
		if err != nil {
			return Copied{}, err
		}
		columns, places = u.with(columns), nil
		o.Table, o.Key, names = u.table, u.keyNames(), func(c int) string { return u.names[c] }
	}
	shown := make([]spool.Column, len(columns))
	for i, c := range columns {
		shown[i] = r.Columns()[c]
		shown[i].Name = names(c)
	}
	var text strings.Builder
	encoder, flush := format.NewEncoder(&text, o)
	if err := encoder.Begin(shown); err != nil {
		return Copied{}, err
	}
	cells := make([][]byte, len(columns))
	blank := blankOf(name)
	for _, span := range rowSpans(req.Ranges, int(r.Rows())) {
		err := r.EachWithin(q.state.ctx, maxCopyBytes, int64(span[0]), int64(span[1])+1, func(row int64, values [][]byte) error {
			for i, col := range columns {
				cells[i] = blank
				if places == nil || inRanges(req.Ranges, int(row), places[i]) {
					cells[i] = values[col]
					c.Cells++
				}
			}
			if text.Len() > maxCopyBytes {
				return errTooMuch
			}
			return encoder.Row(cells)
		})
		if long := (spool.LongRow{}); errors.As(err, &long) {
			err = errTooMuch
		}
		if err != nil {
			return Copied{}, ours(err)
		}
	}
	if err := encoder.End(); err != nil {
		return Copied{}, err
	}
	if err := flush(); err != nil {
		return Copied{}, err
	}
	out := text.String()
	if name == "tsv" || name == "in" {
		out = strings.TrimSuffix(out, "\n")
	}
	c.Bytes = len(out)
	return c, q.state.config.Desktop.SetClipboard(spool.Visible([]byte(out)))
}

// shownColumns gives the columns that are shown, all of n when none are named.
func shownColumns(list []int, n int) ([]int, error) {
	if len(list) == 0 {
		for c := range n {
			list = append(list, c)
		}
	}
	for _, c := range list {
		if c < 0 || c >= n {
			return nil, errNoColumn
		}
	}
	return list, nil
}

// covered lists the columns that any range touches.
func covered(ranges []CellRange, n int) []int {
	var list []int
	for c := range n {
		for _, g := range ranges {
			if c >= g.Left && c <= g.Right {
				list = append(list, c)
				break
			}
		}
	}
	return list
}

// rowSpans lists the rows that any range touches, as inclusive spans in order.
func rowSpans(ranges []CellRange, rows int) [][2]int {
	var edges []CellRange
	edges = append(edges, ranges...)
	var spans [][2]int
	for len(edges) > 0 {
		top := 0
		for i, g := range edges {
			if g.Top < edges[top].Top {
				top = i
			}
		}
		g := edges[top]
		edges = append(edges[:top], edges[top+1:]...)
		from, to := max(0, g.Top), min(g.Bottom, rows-1)
		if n := len(spans); n > 0 && from <= spans[n-1][1]+1 {
			spans[n-1][1] = max(spans[n-1][1], to)
		} else if from <= to {
			spans = append(spans, [2]int{from, to})
		}
	}
	return spans
}

func inRanges(ranges []CellRange, row, col int) bool {
	for _, g := range ranges {
		if row >= g.Top && row <= g.Bottom && col >= g.Left && col <= g.Right {
			return true
		}
	}
	return false
}
