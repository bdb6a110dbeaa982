package cli

import (
	"io"

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
	w.encoder = nil
}

func (w *rowWriter) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

// output is standard output, or a file that replaces the old one when all is written.
type output struct {
	io.Writer
	file *transfer.File // nil for standard output
}

func openOutput(path string, stdout io.Writer) (*output, error) {
	if path == "" {
		return &output{Writer: stdout}, nil
	}
	f, err := transfer.Create(path)
	if err != nil {
		return nil, err
	}
	return &output{Writer: f, file: f}, nil
}

// keep puts the file in its place.
func (o *output) keep() error {
	if o.file == nil {
		return nil
	}
	return o.file.Keep()
}

// discard leaves the old file as it was.
func (o *output) discard() {
	if o.file != nil {
		o.file.Discard()
	}
}
