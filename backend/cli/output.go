package cli

import (
	"errors"
	"io"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// rowWriter writes the results of a script one after the other.
type rowWriter struct {
	format  transfer.Format
	options transfer.Options
	out     io.Writer
	encoder transfer.Encoder
	flush   func() error
	wrote   bool
	begun   bool  // a result was
	err     error // the first failure to write
}

func (w *rowWriter) begin(columns []spool.Column, copyOut bool) (spool.Sink, error) {
	w.end()
	w.wrote = true
	if copyOut {
		end := []byte("\n")
		if columns[0].Class == "bytes" {
			end = nil
		}
		return spool.NewStream(func(cells [][]byte) error {
			if _, err := w.out.Write(append(cells[0][:len(cells[0]):len(cells[0])], end...)); err != nil {
				w.fail(err)
				return err
			}
			return nil
		}), nil
	}
	if w.begun && w.format.Binary {
		err := apperr.E(apperr.Usage, "A file of "+w.format.Name+" holds one result, and here is a second one.", apperr.Hint("Run one query, or choose another format."))
		w.fail(err)
		return nil, err
	}
	w.begun = true
	w.encoder, w.flush = w.format.NewEncoder(w.out, w.options)
	if err := w.encoder.Begin(columns); err != nil {
		w.fail(err)
		return nil, err
	}
	return spool.NewStream(func(cells [][]byte) error {
		if err := w.encoder.Row(cells); err != nil {
			w.fail(err)
			return err
		}
		return nil
	}), nil
}

// end finishes the result under way.
func (w *rowWriter) end() {
	if w.encoder == nil {
		return
	}
	if w.err == nil {
		w.fail(w.encoder.End())
	}
	if w.err == nil {
		w.fail(w.flush())
	}
	w.drop()
}

// drop forgets the result under way.
func (w *rowWriter) drop() {
	if d, ok := w.encoder.(transfer.Discarder); ok {
		d.Discard()
	}
	w.encoder = nil
}

// caused tells that a statement did not end well because its rows could not be written, which is told at the end.
func (w *rowWriter) caused(err error) bool { return w.err != nil && errors.Is(err, w.err) }

func (w *rowWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// output is standard output, or a file that replaces the old one when all is written.
type output struct {
	io.Writer
	file   *transfer.File // nil for standard output
	finish func() error   // ends the compression
}

func openOutput(path, compress string, stdout io.Writer) (*output, error) {
	if path == "" {
		return &output{Writer: stdout}, nil
	}
	f, err := transfer.Create(path)
	if err != nil {
		return nil, err
	}
	w, finish, err := transfer.Compress(f, compress)
	if err != nil {
		f.Discard()
		return nil, err
	}
	return &output{Writer: w, file: f, finish: finish}, nil
}

// keep puts the file in its place.
func (o *output) keep() error {
	if o.file == nil {
		return nil
	}
	if err := o.finish(); err != nil {
		o.file.Discard()
		return err
	}
	return o.file.Keep()
}

// discard leaves the old file as it was.
func (o *output) discard() {
	if o.file != nil {
		o.file.Discard()
	}
}
