package spool

import (
	"fmt"
	"io"
)

// Value gives one cell in place, however long it is; nil for NULL. Reading it gives an error once the result is gone.
func (r *Result) Value(row int64, column int) (*io.SectionReader, error) {
	var value *io.SectionReader
	found := false
	err := r.walk(row, 1, func(w *walker, _ int64) error {
		for c := range w.columns {
			length, err := w.cell()
			if err != nil {
				return err
			}
			if c != column {
				continue
			}
			if found = true; length >= 0 {
				value = io.NewSectionReader(bytesOf{r}, w.at, int64(length))
			}
			break
		}
		return nil
	})
	if err == nil && !found {
		err = fmt.Errorf("cell %d of row %d: %w", column, row, io.EOF)
	}
	return value, err
}

// Value gives one cell in place; nil for NULL.
func (v *View) Value(row int64, column int) (*io.SectionReader, error) {
	list, err := v.rowsAt(row, 1)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("row %d of a view: %w", row, io.EOF)
	}
	return v.of.Value(list[0], column)
}

// bytesOf reads a result's bytes wherever they are at the moment.
type bytesOf struct{ r *Result }

func (b bytesOf) ReadAt(p []byte, off int64) (int, error) {
	b.r.mu.RLock()
	defer b.r.mu.RUnlock()
	source, done, err := b.r.reader()
	if err != nil {
		return 0, err
	}
	defer done()
	return source.ReadAt(p, off)
}
