package cli

import (
	"io"
	"os"
	"path/filepath"

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
	file *os.File
	path string // "" when file is the target itself
}

func openOutput(path string, stdout io.Writer) (*output, error) {
	if path == "" {
		return &output{Writer: stdout}, nil
	}
	unusable := func(err error) error {
		return apperr.E(apperr.File, "The file "+path+" cannot be written.", apperr.Message(err.Error()), apperr.Cause(err))
	}
	if fi, err := os.Stat(path); err == nil && !fi.Mode().IsRegular() { // a pipe, a device
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return nil, unusable(err)
		}
		return &output{Writer: f, file: f}, nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.partial")
	if err != nil {
		return nil, unusable(err)
	}
	return &output{Writer: f, file: f, path: path}, nil
}

// keep puts the file in its place.
func (o *output) keep() error {
	if o.file == nil {
		return nil
	}
	fail := func(err error) error {
		o.discard()
		return apperr.E(apperr.File, "The file "+o.path+" could not be finished.", apperr.Message(err.Error()), apperr.Cause(err))
	}
	if o.path != "" {
		mode := os.FileMode(0o644)
		if fi, err := os.Stat(o.path); err == nil {
			mode = fi.Mode().Perm()
		}
		if err := o.file.Chmod(mode); err != nil {
			return fail(err)
		}
		if err := o.file.Sync(); err != nil {
			return fail(err)
		}
	}
	if err := o.file.Close(); err != nil {
		return fail(err)
	}
	if o.path == "" {
		return nil
	}
	if err := os.Rename(o.file.Name(), o.path); err != nil {
		return fail(err)
	}
	return nil
}

// discard leaves the old file as it was.
func (o *output) discard() {
	if o.file == nil {
		return
	}
	_ = o.file.Close()
	if o.path != "" {
		_ = os.Remove(o.file.Name())
	}
}
