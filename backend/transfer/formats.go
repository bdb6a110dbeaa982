package transfer

import (
	"bufio"
	"io"
	"strings"

	"desktop.tusk/backend/spool"
)

// Encoder writes one result. Begin comes first, End last; rows have as many cells as columns. The caller flushes.
type Encoder interface {
	Begin(columns []spool.Column) error
	Row(cells [][]byte) error
	End() error
}

// Discarder is an Encoder that has to be told when it is given up before its End.
type Discarder interface{ Discard() }

// Options change what an encoder writes.
type Options struct {
	NoHeader bool
	// Delimiter and Null are for csv: what stands between values, a comma when 0, and for NULL.
	Delimiter byte
	Null      string
	// Table is what INSERT puts rows into, as SQL; "result" when empty. Quote writes a column's name as SQL; without one
	// all names are quoted.
	Table string
	Quote func(name string) string
}

func (o Options) name(s string) string {
	if o.Quote != nil {
		return o.Quote(s)
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// Format is a row of the table: adding one adds it to the command line and to copying.
type Format struct {
	Name string
	Help string
	// Ending is that of its files, without the dot.
	Ending string
	// Binary says that a file holds one result and nothing else.
	Binary bool
	New    func(w *bufio.Writer, o Options) Encoder
}

// Formats lists the formats there are.
var Formats = []Format{
	{"table", "aligned columns, for eyes", "txt", false, func(w *bufio.Writer, o Options) Encoder { return &table{w: w, o: o} }},
	{"csv", "as psql's \\copy … csv header writes it", "csv", false, func(w *bufio.Writer, o Options) Encoder { return newCSV(w, o) }},
	{"tsv", "as psql -A -F<tab> writes it: nothing is quoted", "tsv", false, func(w *bufio.Writer, o Options) Encoder { return &tsv{w: w, o: o} }},
	{"sheet", "tab-separated, quoted as spreadsheets paste it", "", false, func(w *bufio.Writer, o Options) Encoder { return &tsv{w: w, o: o, quote: true} }},
	{"json", "an array of objects", "json", false, func(w *bufio.Writer, _ Options) Encoder { return &jsonRows{w: w} }},
	{"ndjson", "an object a line", "ndjson", false, func(w *bufio.Writer, _ Options) Encoder { return &jsonRows{w: w, lines: true} }},
	{"markdown", "a table in Markdown", "md", false, func(w *bufio.Writer, _ Options) Encoder { return &markdown{w: w} }},
	{"html", "a page with a table", "html", false, func(w *bufio.Writer, o Options) Encoder { return &page{w: w, o: o} }},
	{"insert", "INSERT statements", "sql", false, func(w *bufio.Writer, o Options) Encoder { return &insert{literals: literals{w: w}, o: o} }},
	{"values", "a VALUES command", "", false, func(w *bufio.Writer, _ Options) Encoder { return &valuesList{literals: literals{w: w}} }},
	{"in", "a list to put behind IN", "", false, func(w *bufio.Writer, _ Options) Encoder { return &inList{literals: literals{w: w}} }},
	{"copy", "what COPY … FROM reads", "copy", false, func(w *bufio.Writer, _ Options) Encoder { return &copyText{w: w} }},
	{"xlsx", "a workbook with real numbers, dates and booleans", "xlsx", true, func(w *bufio.Writer, o Options) Encoder { return newWorkbook(w, o) }},
}

// Find looks a format up by name.
func Find(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// NewEncoder makes an encoder that writes through a buffer, and the function that empties it.
func (f Format) NewEncoder(w io.Writer, o Options) (Encoder, func() error) {
	b := bufio.NewWriterSize(w, 64<<10)
	return f.New(b, o), b.Flush
}
