package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"desktop.tusk/backend/apperr"
)

const (
	// headSize is how much of a file is looked at to find out what it is.
	headSize = 256 << 10
	// MaxRow is how many bytes a row may have. PostgreSQL itself takes values of up to 1 GB.
	MaxRow = 256 << 20
)

// Options say what a file is. What is left empty is found out.
type Options struct {
	Format   string `json:"format"`   // a name of Formats
	Encoding string `json:"encoding"` // a name of Encodings
	// Delimiter and Quote are for csv and tsv, one character of ASCII each; Quote is "none" when no value is quoted.
	Delimiter string `json:"delimiter"`
	Quote     string `json:"quote"`
	// Header is "yes" when the first row names the columns, "no" when it is data.
	Header string `json:"header"`
	// Null is the text that stands for NULL when it is not quoted; an empty one unless it is given, or \N was found
	// while anything else was left to be found out.
	Null string `json:"null"`
	// Decimal, for csv and tsv, is "," where numbers are written as 1.234,50, else ".".
	Decimal string `json:"decimal"`
	// Dates, for csv and tsv, is "DMY" where they begin with the day, "MDY" with the month; "server" leaves it to the server's
	// DateStyle. 2026-11-30 is read with each.
	Dates string `json:"dates"`
	// Sheet is the name of a workbook's sheet; the first when "".
	Sheet string `json:"sheet"`
	// emptyNull says that Null is "" on purpose.
	emptyNull bool
}

// WithNull gives the options with what stands for NULL; where that is nothing, \N is a text.
func (o Options) WithNull(text string) Options {
	o.Null, o.emptyNull = text, text == ""
	return o
}

// Column is one of a file's.
type Column struct {
	Name string
	Type string // that holds all of its values among the first rows
}

// Row is one row of a file. Its cells are good until the next one is asked for; nil is NULL.
type Row struct {
	Line  int64 // of the file, from 1, where it begins; in a workbook, its number
	Cells [][]byte
}

// RowError tells of a row that cannot be read.
type RowError struct {
	Line   int64
	Column string // "" when it is about the whole row
	Reason string // a sentence, or several
	Hint   string
	Cells  [][]byte // what could be read of it
	last   bool     // nothing can be read behind it
}

func (e *RowError) Error() string {
	where := fmt.Sprintf("Line %d", e.Line)
	if e.Column != "" {
		where += ", column " + e.Column
	}
	return where + ": " + e.Reason
}

// Rows gives the rows of a file.
type Rows interface {
	// Names are those of the columns.
	Names() []string
	// Next gives io.EOF behind the last row, a *RowError for a row that cannot be read (the next one may be, unless it is
	// Last), and any other error when the file cannot be read on.
	Next() (Row, error)
	Close() error
}

// noter is Rows that have something to tell a person.
type noter interface{ Notes() []string }

// textual is Rows that know of a column that its values are texts, whatever they look like.
type textual interface{ IsText(column int) bool }

// typed is Rows that know the type of each column.
type typed interface{ TypeOf(column int) string }

// Last tells that nothing can be read behind the row.
func (e *RowError) Last() bool { return e.last }

// File is one that is open. It is not safe for use by several goroutines, but for Read.
type File struct {
	Rows
	Options Options // with what was found out
	Columns []Column
	Sample  []Row    // the first rows
	Size    int64    // in bytes, as it is on the disk
	Packing string   // gzip or zstd, when it is compressed
	Whole   bool     // Sample is all there is
	Notes   []string // what was read otherwise than it is written, and what of the head cannot be read
	Sheets  []string // of a workbook
	Unread  []string // of these, those whose rows are not among the Rows
	read    atomic.Int64
	file    *os.File
	empty   bool      // a column of texts has values that are empty, or NULL
	packed  io.Reader // what is unpacked of it, when it is compressed
}

// sampleRows is how many rows File has as a Sample; all of the head count for the types.
const sampleRows = 50

// Open opens a file and finds out what it is. Errors: file, data, usage.
func Open(path string, o Options) (*File, error) { return open(path, o, MaxRow) }

func open(path string, o Options, limit int) (*File, error) {
	fi, err := os.Stat(path)
	if err == nil && !fi.Mode().IsRegular() { // opening a pipe would wait for who writes to it
		err = &fs.PathError{Op: "read", Path: path, Err: errors.New("it is no ordinary file")}
	}
	if err != nil {
		return nil, unreadable(path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	for head := headSize; ; head = min(16*head, limit) {
		file := &File{file: f, Size: fi.Size()}
		err := file.begin(path, o, limit, head)
		if errors.Is(err, errShortHead) && head < limit {
			if _, err = f.Seek(0, io.SeekStart); err == nil {
				continue
			}
		}
		if err != nil {
			_ = f.Close()
			return nil, err
		}
		return file, nil
	}
}

// errShortHead is the cause of an error that there might not be if more of the file had been looked at.
var errShortHead = errors.New("no row ends in the head of the file")

// Read tells how many bytes of the file were read so far; of one that is compressed, of those on the disk.
func (f *File) Read() int64 { return f.read.Load() }

// Close closes the file.
func (f *File) Close() error {
	err := f.Rows.Close()
	if f.file != nil {
		err = errors.Join(err, f.file.Close())
	}
	return err
}

// begin reads the head and opens the reader behind it.
func (f *File) begin(path string, o Options, limit, size int) error {
	in, packing, err := unpacked(path, &counted{f.file, &f.read, path})
	if err != nil {
		return err
	}
	first := make([]byte, size)
	n, err := io.ReadFull(in, first)
	whole := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !whole {
		return err
	}
	first = first[:n]
	if n == 0 {
		return apperr.E(apperr.Data, filepath.Base(path)+" is empty.", apperr.Hint("Choose a file with rows in it."))
	}
	name := path
	if packing != nil {
		f.Packing, f.packed, name = packing.name, in, UnpackedName(path)
	}
	var format Format
	binary := guess(name, first)
	if o.Format != "" {
		known := false
		if format, known = byName(o.Format); !known {
			return apperr.E(apperr.Usage, "There is no format "+o.Format+" to read.", apperr.Hint("It is one of "+strings.Join(Names(), ", ")+"."))
		}
	} else {
		format = binary
	}
	if packing != nil {
		if err := packing.refused(path, format, first); err != nil {
			return err
		}
	}
	src := source{at: &countedAt{f.file, &f.read}, size: f.Size, path: path, limit: limit}
	text := first
	if format.Text {
		if err := completeEncoding(&o, first, whole); err != nil {
			return err
		}
		src.r = decode(io.MultiReader(bytes.NewReader(first), in), o.Encoding)
		if text, err = io.ReadAll(decode(bytes.NewReader(first), o.Encoding)); err != nil {
			return unreadable(path, err)
		}
		if o.Format == "" {
			format = guess(name, text) // again, as UTF-8
		}
	}
	if o.Format = format.Name; !format.Text {
		o.Encoding = ""
	}
	asked, h := o, head{src, text, whole}
	if format.complete != nil {
		if err := format.complete(&o, h); err != nil {
			return err
		}
	}
	if err := o.check(); err != nil {
		return err
	}
	sample := src
	sample.r = bytes.NewReader(text)
	if err := f.look(format, sample, o, whole || !format.Text); err != nil {
		return err
	}
	f.Notes = append(f.Notes, o.notes(asked, h, f.empty)...)
	if !format.Text {
		f.read.Store(0) // what was looked at is read again
	}
	f.Options = o
	if f.Rows, err = format.open(src, o); err != nil {
		return err
	}
	switch r := f.Rows.(type) {
	case *jsonRows:
		r.name(f.columnNames())
	case *sheetRows:
		f.Sheets = r.book.sheetNames()
		f.Unread = slices.DeleteFunc(slices.Clone(f.Sheets), func(s string) bool { return s == o.Sheet || slices.Contains(r.then, s) })
	}
	return nil
}

// KeepJSON has texts of JSON in these columns stay as they are written, quotes and all: where they go, they are JSON, and
// not what is written in it. It is called before Next; files that are not JSON take no notice.
func (f *File) KeepJSON(columns []int) {
	if j, ok := f.Rows.(*jsonRows); ok {
		j.kept = make([]bool, len(j.names))
		for _, c := range columns {
			j.kept[c] = true
		}
	}
}

func (f *File) columnNames() (names []string) {
	for _, c := range f.Columns {
		names = append(names, c.Name)
	}
	return names
}

// look reads the head for the sample and the types.
func (f *File) look(format Format, sample source, o Options, whole bool) error {
	rows, err := format.open(sample, o)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	types := []*typeGuess{}
	var last *Row        // is held back: the end of the head may cut it
	var unread *RowError // the first one, of so many
	unreadRows := 0
	take := func(r Row) {
		for len(types) < len(r.Cells) {
			types = append(types, newTypeGuess(o))
		}
		for i, c := range r.Cells {
			types[i].see(c)
		}
		if len(f.Sample) < sampleRows {
			f.Sample = append(f.Sample, r)
		}
	}
	f.Whole = whole
	const most = 5000
rows:
	for n := 0; ; n++ {
		r, err := rows.Next()
		var bad *RowError
		switch {
		case errors.As(err, &bad):
			if last != nil { // it is whole: there is something behind it
				take(*last)
				last = nil
			}
			if !bad.last || whole {
				if unread == nil {
					unread = bad
				}
				unreadRows++
			}
			if bad.last { // who reads all of the file is told
				break rows
			}
			continue
		case errors.Is(err, io.EOF):
			if last != nil && whole {
				take(*last)
			}
			break rows
		case err != nil:
			return err
		}
		if last != nil {
			take(*last)
		}
		kept := Row{Line: r.Line, Cells: clone(r.Cells)}
		if last = &kept; n >= most {
			take(kept)
			break
		}
	}
	f.Whole = f.Whole && len(f.Sample) < sampleRows
	for i, name := range rows.Names() {
		c := Column{Name: name, Type: "text"}
		if i < len(types) {
			t, ok := rows.(textual)
			c.Type = types[i].name(ok && t.IsText(i))
			f.empty = f.empty || types[i].empty && c.Type == "text"
		}
		if t, ok := rows.(typed); ok {
			c.Type = t.TypeOf(i)
		}
		f.Columns = append(f.Columns, c)
	}
	if len(f.Columns) == 0 {
		e := apperr.E(apperr.Data, filepath.Base(sample.path)+" has no columns.", apperr.Hint("Choose a file with rows in it, or another format."))
		if !whole {
			apperr.Cause(errShortHead)(e)
		}
		return e
	}
	for i, r := range f.Sample { // of JSON, rows read before a key was met first lack it
		if missing := len(f.Columns) - len(r.Cells); missing > 0 {
			f.Sample[i].Cells = append(r.Cells, make([][]byte, missing)...)
		}
	}
	if n, ok := rows.(noter); ok {
		f.Notes = slices.Clone(n.Notes())
	}
	if unreadRows == 1 {
		f.Notes = append(f.Notes, strings.TrimSpace(fmt.Sprintf("Line %d cannot be read. %s %s", unread.Line, unread.Reason, unread.Hint)))
	} else if unreadRows > 1 {
		f.Notes = append(f.Notes, strings.TrimSpace(fmt.Sprintf("%d lines cannot be read; the first is line %d. %s %s", unreadRows, unread.Line, unread.Reason, unread.Hint)))
	}
	return nil
}

func (o Options) check() error {
	for _, c := range []string{o.Delimiter, o.Quote} {
		if c != "" && c != noQuote && (len(c) != 1 || c[0] >= 0x80 || c == "\n" || c == "\r") {
			return apperr.E(apperr.Usage, fmt.Sprintf("%q cannot stand between values or around them.", c), apperr.Hint("It is one character of ASCII, and no line end."))
		}
	}
	if o.Delimiter != "" && o.Delimiter == o.Quote {
		return apperr.E(apperr.Usage, "The delimiter and the quote are the same.", apperr.Hint("Choose another one of them."))
	}
	if o.Decimal != "" && o.Decimal != "." && o.Decimal != "," {
		return apperr.E(apperr.Usage, fmt.Sprintf("%q is no decimal sign.", o.Decimal), apperr.Hint("It is a point or a comma."))
	}
	if o.Dates != "" && o.Dates != "DMY" && o.Dates != "MDY" && o.Dates != "server" {
		return apperr.E(apperr.Usage, fmt.Sprintf("%q is no order of dates.", o.Dates), apperr.Hint("It is DMY, MDY or server."))
	}
	if o.Header != "" && o.Header != "yes" && o.Header != "no" {
		return apperr.E(apperr.Usage, fmt.Sprintf("%q says not whether there is a header.", o.Header), apperr.Hint("It is yes or no."))
	}
	return nil
}

// counted counts what is read of a file, and says in words why it cannot be read.
type counted struct {
	r    io.Reader
	n    *atomic.Int64
	path string
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) {
		err = unreadable(c.path, err)
	}
	return n, err
}

// countedAt is counted for any part of a file.
type countedAt struct {
	r io.ReaderAt
	n *atomic.Int64
}

func (c *countedAt) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.r.ReadAt(p, off)
	c.n.Add(int64(n))
	return n, err
}

func unreadable(path string, err error) error {
	name := filepath.Base(path)
	system := err
	if at := new(fs.PathError); errors.As(err, &at) {
		system = at.Err
	}
	why := []apperr.Option{apperr.Message(system.Error()), apperr.Cause(err), apperr.Hint("Check the path and its permissions.")}
	if errors.Is(err, fs.ErrNotExist) {
		return apperr.E(apperr.File, "There is no file "+path+".", why...)
	}
	return apperr.E(apperr.File, name+" cannot be read.", why...)
}
