package spool

import "encoding/binary"

// rowWriter writes rows to a result as the server would send them.
type rowWriter struct {
	out   *Result
	buf   []byte
	marks []Mark
	rows  int64
	bytes int64
	block int64 // rows since the last mark
}

// put writes a row; nil is NULL.
func (w *rowWriter) put(cells [][]byte) error {
	if w.block == 0 || w.block == blockRows || len(w.buf) > blockBytes {
		w.marks = append(w.marks, Mark{Row: w.rows, Offset: w.bytes + int64(len(w.buf))})
		w.block = 0
	}
	w.block++
	from := len(w.buf)
	w.buf = append(w.buf, 'D', 0, 0, 0, 0)
	w.buf = binary.BigEndian.AppendUint16(w.buf, uint16(len(cells)))
	for _, v := range cells {
		if v == nil {
			w.buf = binary.BigEndian.AppendUint32(w.buf, 0xffffffff)
			continue
		}
		w.buf = append(binary.BigEndian.AppendUint32(w.buf, uint32(len(v))), v...)
	}
	binary.BigEndian.PutUint32(w.buf[from+1:], uint32(len(w.buf)-from-1))
	w.rows++
	if len(w.buf) > blockBytes {
		return w.flush()
	}
	return nil
}

func (w *rowWriter) flush() error {
	if err := w.out.Write(w.buf, w.marks); err != nil {
		return err
	}
	w.bytes += int64(len(w.buf))
	w.out.Commit(w.rows, w.bytes)
	w.buf, w.marks, w.block = w.buf[:0], w.marks[:0], 0
	return nil
}
