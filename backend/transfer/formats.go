package transfer

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
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
	// Delimiter, Quote and Null are for csv: what stands between values, a comma when 0; around those that need it, a
	// double quote when 0; and for NULL. QuoteAll puts all values but NULL in quotes.
	Delimiter byte
	Quote     byte
	Null      string
	QuoteAll  bool
	// CRLF ends the lines of csv and tsv as Windows does. Safe has a spreadsheet take no text of theirs for a formula: one
	// that begins like one gets an apostrophe before it.
	CRLF bool
	Safe bool
	// Encoding is that of csv and tsv, a name of Encodings; UTF-8 when empty.
	Encoding string
	// NumbersAsText is for json and ndjson: bigint and numeric, which JavaScript rounds, are strings.
	NumbersAsText bool
	// Table is what INSERT and UPDATE write to, as SQL; "result" when empty. Key names the columns by which UPDATE finds a
	// row. QuoteName writes a column's name as SQL; without one all names are quoted.
	Table     string
	Key       []string
	QuoteName func(name string) string
	// Overriding has INSERT give values of identity columns that the server would rather give itself.
	Overriding bool
}

func (o Options) table() string {
	if o.Table == "" {
		return "result"
	}
	return o.Table
}

func (o Options) name(s string) string {
	if o.QuoteName != nil {
		return o.QuoteName(s)
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// Check tells whether csv can be read again as the options have it written: as COPY, it takes no others. Errors: usage.
func (o Options) Check() error {
	c := newCSV(nil, o)
	wrong := func(title string) error {
		return apperr.E(apperr.Usage, title, apperr.Hint("Choose other characters."))
	}
	switch {
	case c.o.Delimiter == c.o.Quote:
		return wrong("The delimiter and the quote are the same.")
	case strings.IndexByte("\r\n\x00", c.o.Delimiter) >= 0, strings.IndexByte("\r\n\x00", c.o.Quote) >= 0:
		return wrong("A line end can be neither the delimiter nor the quote.")
	case c.o.Delimiter >= utf8.RuneSelf, c.o.Quote >= utf8.RuneSelf:
		return wrong("The delimiter and the quote are characters of ASCII.")
	case strings.ContainsAny(o.Null, string([]byte{c.o.Delimiter, c.o.Quote, '\r', '\n'})):
		return wrong("What stands for NULL holds the delimiter, the quote or a line end.")
	}
	return nil
}

// ending is the end of a line of csv and tsv.
func (o Options) ending() string {
	if o.CRLF {
		return "\r\n"
	}
	return "\n"
}

// Format is a row of the table: adding one adds it to the command line and to copying.
type Format struct {
	Name string
	Help string
	// Ending is that of its files, without the dot.
	Ending string
	// Binary says that a file holds one result and nothing else; Encoded that it can be in other encodings than UTF-8.
	Binary, Encoded bool
	// MostRow is how many bytes a row may have for a format that holds it several times over; 0 for any.
	MostRow int
	New     func(w *bufio.Writer, o Options) Encoder
}

// Formats lists the formats there are.
var Formats = []Format{
	{Name: "table", Help: "aligned columns, for eyes", Ending: "txt", New: func(w *bufio.Writer, o Options) Encoder { return &table{w: w, o: o} }},
	{Name: "csv", Help: "as psql's \\copy … csv header writes it", Ending: "csv", Encoded: true, New: func(w *bufio.Writer, o Options) Encoder { return newCSV(w, o) }},
	{Name: "tsv", Help: "as psql -A -F<tab> writes it: nothing is quoted, and NULL and an empty text look alike", Ending: "tsv", Encoded: true, New: func(w *bufio.Writer, o Options) Encoder { return &tsv{w: w, o: o} }},
	{Name: "sheet", Help: "tab-separated, quoted as spreadsheets paste it", New: func(w *bufio.Writer, o Options) Encoder { return &tsv{w: w, o: o, quote: true} }},
	{Name: "json", Help: "an array of objects", Ending: "json", New: func(w *bufio.Writer, o Options) Encoder { return &jsonRows{w: w, o: o} }},
	{Name: "ndjson", Help: "an object a line", Ending: "ndjson", New: func(w *bufio.Writer, o Options) Encoder { return &jsonRows{w: w, o: o, lines: true} }},
	{Name: "markdown", Help: "a table in Markdown", Ending: "md", New: func(w *bufio.Writer, _ Options) Encoder { return &markdown{w: w} }},
	{Name: "html", Help: "a page with a table", Ending: "html", New: func(w *bufio.Writer, o Options) Encoder { return &page{w: w, o: o} }},
	{Name: "xml", Help: "as query_to_xml writes it, with the values as the server sent them", Ending: "xml", New: func(w *bufio.Writer, o Options) Encoder { return &xmlRows{w: w, o: o} }},
	{Name: "insert", Help: "INSERT statements", Ending: "sql", New: func(w *bufio.Writer, o Options) Encoder { return &insert{literals: literals{w: w}, o: o} }},
	{Name: "update", Help: "an UPDATE a row, which the columns of --key find", New: func(w *bufio.Writer, o Options) Encoder { return &update{literals: literals{w: w}, o: o} }},
	{Name: "values", Help: "a VALUES command", New: func(w *bufio.Writer, _ Options) Encoder { return &valuesList{literals: literals{w: w}} }},
	{Name: "in", Help: "a list to put behind IN", New: func(w *bufio.Writer, _ Options) Encoder { return &inList{literals: literals{w: w}} }},
	{Name: "copy", Help: "what COPY … FROM reads", Ending: "copy", New: func(w *bufio.Writer, _ Options) Encoder { return &copyText{w: w} }},
	{Name: "xlsx", Help: "a workbook with real numbers, dates and booleans", Ending: "xlsx", Binary: true, MostRow: 64 << 20, New: func(w *bufio.Writer, o Options) Encoder { return newWorkbook(w, o) }},
	{Name: "parquet", Help: "columns with types of their own, compressed", Ending: "parquet", Binary: true, MostRow: 64 << 20, New: func(w *bufio.Writer, _ Options) Encoder { return &parquetFile{w: w} }},
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
	if f.Encoded && o.Encoding != "" {
		w = encoded(w, o.Encoding)
	}
	b := bufio.NewWriterSize(w, 64<<10)
	return f.New(b, o), b.Flush
}

// ServerCopy gives the options by which COPY … TO STDOUT writes the same file itself, byte for byte; false when it cannot.
func ServerCopy(format string, o Options) (options string, ok bool) {
	switch {
	case format == "copy":
		return "format text", true
	case format != "csv" || o.CRLF || o.Safe || o.Encoding != "" && o.Encoding != Encodings[0], o.QuoteAll && !o.NoHeader: // it quotes no names
		return "", false
	}
	options = "format csv"
	if !o.NoHeader {
		options += ", header"
	}
	char := func(name string, c byte) {
		if c != 0 {
			options += ", " + name + " " + Literal(string(rune(c)))
		}
	}
	char("delimiter", o.Delimiter)
	char("quote", o.Quote)
	if o.Null != "" {
		options += ", null " + Literal(o.Null)
	}
	if o.QuoteAll {
		options += ", force_quote *"
	}
	return options, true
}
