package intake

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// Format is a row of the table of formats.
type Format struct {
	Name  string
	Label string
	// Endings are those of its files, without the dot.
	Endings []string
	// Text says that its files are text, which has an encoding.
	Text bool
	// begins tells from the first bytes of a file, as UTF-8 when it is text, that it is of the format; nil for one that
	// cannot be told.
	begins func(head []byte) bool
	// complete fills in what the options leave open.
	complete func(o *Options, h head) error
	open     func(in source, o Options) (Rows, error)
}

// source is what a reader reads: a text as UTF-8 from its beginning, or any part of a file.
type source struct {
	r     io.Reader
	at    io.ReaderAt
	size  int64
	path  string // for what is told
	limit int    // how many bytes a row may have
}

// head is the beginning of a source: of a text, as UTF-8.
type head struct {
	source
	text  []byte
	whole bool
}

// Formats lists what can be read; the last is what a text is that nothing tells of.
func Formats() []Format {
	return []Format{
		{Name: "xlsx", Label: "Excel workbook", Endings: []string{"xlsx", "xlsm"}, begins: beginsZip, complete: completeXLSX, open: openXLSX},
		{Name: "parquet", Label: "Parquet", Endings: []string{"parquet"}, begins: beginsParquet, open: openParquet},
		{Name: "json", Label: "JSON", Endings: []string{"json"}, Text: true, begins: starts('['), open: openJSON},
		{Name: "ndjson", Label: "JSON, an object a line", Endings: []string{"ndjson", "jsonl"}, Text: true, begins: starts('{'), open: openJSON},
		{Name: "copy", Label: "COPY text", Endings: []string{"copy"}, Text: true, complete: completeCopy, open: openCSV},
		{Name: "tsv", Label: "TSV", Endings: []string{"tsv", "tab"}, Text: true, complete: completeCSV, open: openCSV},
		{Name: "csv", Label: "CSV", Endings: []string{"csv", "txt"}, Text: true, complete: completeCSV, open: openCSV},
	}
}

func starts(with byte) func([]byte) bool {
	return func(head []byte) bool {
		head = bytes.TrimLeft(head, " \t\r\n")
		return len(head) > 0 && head[0] == with
	}
}

// Names lists the formats' names.
func Names() (names []string) {
	for _, f := range Formats() {
		names = append(names, f.Name)
	}
	return names
}

func byEnding(path string) (Format, bool) {
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	for _, f := range Formats() {
		if slices.Contains(f.Endings, ending) {
			return f, true
		}
	}
	return Format{}, false
}

func byName(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// guess tells a format from the first bytes, and where they say nothing, from the ending.
func guess(path string, head []byte) Format {
	all := Formats()
	named, known := byEnding(path)
	for _, f := range all {
		// A CSV file may begin with a bracket; a file that is called JSON and begins with a brace has an object a line.
		if f.begins != nil && f.begins(head) && (!known || !f.Text || named.begins != nil) {
			return f
		}
	}
	if known {
		return named
	}
	return all[len(all)-1]
}
