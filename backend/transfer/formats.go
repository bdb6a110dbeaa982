package transfer

import (
	"bufio"
	"io"

	"desktop.tusk/backend/spool"
)

// Encoder writes one result. Begin comes first, End last; rows have as many cells as columns. The caller flushes.
type Encoder interface {
	Begin(columns []spool.Column) error
	Row(cells [][]byte) error
	End() error
}

// Options change what an encoder writes.
type Options struct {
	NoHeader bool
}

// Format is a row of the table: adding one adds it to the command line and to copying.
type Format struct {
	Name string
	Help string
	New  func(w *bufio.Writer, o Options) Encoder
}

// Formats lists the formats there are.
var Formats = []Format{
	{"table", "aligned columns, for eyes", func(w *bufio.Writer, o Options) Encoder { return &table{w: w, o: o} }},
	{"csv", "as psql's \\copy … csv header writes it", func(w *bufio.Writer, o Options) Encoder { return &csv{w: w, o: o} }},
	{"tsv", "as psql -A -F<tab> writes it: nothing is quoted", func(w *bufio.Writer, o Options) Encoder { return &tsv{w: w, o: o} }},
	{"sheet", "tab-separated, quoted as spreadsheets paste it", func(w *bufio.Writer, o Options) Encoder { return &tsv{w: w, o: o, quote: true} }},
	{"json", "an array of objects", func(w *bufio.Writer, _ Options) Encoder { return &jsonRows{w: w} }},
	{"ndjson", "an object a line", func(w *bufio.Writer, _ Options) Encoder { return &jsonRows{w: w, lines: true} }},
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
