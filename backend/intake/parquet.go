package intake

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetRows reads the rows of a Parquet file, whose columns have types of their own. Columns that are lists or have
// columns in them are left out, with a note.
type parquetRows struct {
	src    source
	file   *parquet.File
	names  []string
	kinds  []parquetKind
	notes  []string
	places []int // by leaf of the file: which of kinds it is; -1 for none
	groups []parquet.RowGroup
	rows   parquet.Rows // of a group; nil before it is begun
	buf    []parquet.Row
	ready  []parquet.Row // of buf, not given yet
	cells  [][]byte
	arena  []byte // never nil, of which an empty part would be NULL
	number int64
}

// parquetKind is a type of PostgreSQL's, and how a value is written as its text.
type parquetKind struct {
	name  string
	write func(out []byte, v parquet.Value) []byte
}

func beginsParquet(head []byte) bool { return bytes.HasPrefix(head, []byte("PAR1")) }

func openParquet(src source, _ Options) (_ Rows, err error) {
	defer func() {
		if p := recover(); p != nil { // the library's answer to some files
			err = notParquet(src, fmt.Errorf("%v", p))
		}
	}()
	file, err := parquet.OpenFile(src.at, src.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, notParquet(src, err)
	}
	p := &parquetRows{src: src, arena: []byte{}, file: file, groups: file.RowGroups(), buf: make([]parquet.Row, 64)}
	fields := map[string]parquet.Field{}
	for _, f := range file.Schema().Fields() {
		fields[f.Name()] = f
	}
	left := map[string]bool{}
	for _, path := range file.Schema().Columns() {
		f := fields[path[0]]
		if len(path) > 1 || f == nil || !f.Leaf() || f.Repeated() {
			if !left[path[0]] {
				p.notes = append(p.notes, fmt.Sprintf("The column %s is left out: it is a list, or has columns in it.", path[0]))
			}
			left[path[0]] = true
			p.places = append(p.places, -1)
			continue
		}
		p.places = append(p.places, len(p.names))
		p.names, p.kinds = append(p.names, path[0]), append(p.kinds, parquetKindOf(f.Type()))
	}
	return p, nil
}

func notParquet(src source, err error) error {
	return apperr.E(apperr.Data, filepath.Base(src.path)+" cannot be read as Parquet.", apperr.Message(err.Error()), apperr.Cause(err), apperr.Hint("Write it anew with the program that made it."))
}

func (p *parquetRows) Names() []string { return p.names }

// Notes tells of columns that are left out.
func (p *parquetRows) Notes() []string { return p.notes }

// TypeOf is the column's own type.
func (p *parquetRows) TypeOf(c int) string { return p.kinds[c].name }

func (p *parquetRows) Close() error {
	if p.rows == nil {
		return nil
	}
	return p.rows.Close()
}

func (p *parquetRows) Next() (r Row, err error) {
	defer func() {
		if v := recover(); v != nil {
			r, err = Row{}, p.broken(fmt.Errorf("%v", v))
		}
	}()
	for len(p.ready) == 0 {
		if err := p.fill(); err != nil {
			return Row{}, err
		}
	}
	row := p.ready[0]
	p.ready = p.ready[1:]
	p.number++
	p.cells, p.arena = p.cells[:0], p.arena[:0]
	for range p.names {
		p.cells = append(p.cells, nil)
	}
	for _, v := range row {
		c := p.places[v.Column()]
		if c < 0 || v.IsNull() {
			continue
		}
		from := len(p.arena)
		p.arena = p.kinds[c].write(p.arena, v)
		p.cells[c] = p.arena[from:len(p.arena):len(p.arena)]
		if reason := badText(p.cells[c]); reason != "" {
			return Row{}, &RowError{Line: p.number, Column: p.names[c], Reason: reason, Cells: p.cells}
		}
	}
	if len(p.arena) > p.src.limit {
		return Row{}, &RowError{Line: p.number, Reason: fmt.Sprintf("A row begins here that has more than %d MB, which is the limit.", p.src.limit>>20), last: true}
	}
	return Row{Line: p.number, Cells: p.cells}, nil
}

// fill reads the next rows, of the next group when one is over.
func (p *parquetRows) fill() error {
	if p.rows == nil {
		if len(p.groups) == 0 {
			if missing := p.file.NumRows() - p.number; missing > 0 {
				return p.broken(fmt.Errorf("it lacks %s", apperr.Plural(missing, "row")))
			}
			return io.EOF
		}
		p.rows = p.groups[0].Rows()
		p.groups = p.groups[1:]
	}
	n, err := p.rows.ReadRows(p.buf)
	p.ready = p.buf[:n]
	if errors.Is(err, io.EOF) {
		if n == 0 {
			err = p.rows.Close()
			p.rows = nil
			return err
		}
		return nil
	}
	if err != nil {
		return p.broken(err)
	}
	return nil
}

func (p *parquetRows) broken(err error) error {
	return &RowError{Line: p.number + 1, Reason: fmt.Sprintf("The file is damaged from this row on: %v.", err), Hint: "Write it anew with the program that made it.", last: true}
}

// parquetKindOf finds the type of PostgreSQL's for one of Parquet's.
func parquetKindOf(t parquet.Type) parquetKind {
	var logical format.LogicalTypeValue
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	switch l := logical.(type) {
	case *format.StringType, *format.EnumType:
		return parquetKind{"text", writeBytes}
	case *format.JsonType:
		return parquetKind{"jsonb", writeBytes}
	case *format.UUIDType:
		return parquetKind{"uuid", func(out []byte, v parquet.Value) []byte { return hex.AppendEncode(out, v.ByteArray()) }}
	case *format.DateType:
		return parquetKind{"date", func(out []byte, v parquet.Value) []byte {
			return appendTime(out, time.Unix(int64(v.Int32())*86400, 0).UTC(), time.DateOnly)
		}}
	case *format.TimestampType:
		return parquetMoment(l)
	case *format.TimeType:
		unit := parquetUnit(l.Unit)
		return parquetKind{"time", func(out []byte, v parquet.Value) []byte {
			return time.Time{}.Add(time.Duration(parquetInt(v))*unit).AppendFormat(out, "15:04:05.999999999")
		}}
	case *format.DecimalType:
		return parquetKind{fmt.Sprintf("numeric(%d,%d)", l.Precision, l.Scale), func(out []byte, v parquet.Value) []byte { return appendDecimal(out, v, int(l.Scale)) }}
	case *format.IntType:
		if !l.IsSigned && l.BitWidth > 16 {
			return parquetUnsigned(l.BitWidth)
		}
	}
	switch t.Kind() {
	case parquet.Boolean:
		return parquetKind{"boolean", func(out []byte, v parquet.Value) []byte { return strconv.AppendBool(out, v.Boolean()) }}
	case parquet.Int32:
		return parquetKind{"integer", func(out []byte, v parquet.Value) []byte { return strconv.AppendInt(out, int64(v.Int32()), 10) }}
	case parquet.Int64:
		return parquetKind{"bigint", func(out []byte, v parquet.Value) []byte { return strconv.AppendInt(out, v.Int64(), 10) }}
	case parquet.Float:
		return parquetKind{"real", func(out []byte, v parquet.Value) []byte { return appendFloat(out, float64(v.Float()), 32) }}
	case parquet.Double:
		return parquetKind{"double precision", func(out []byte, v parquet.Value) []byte { return appendFloat(out, v.Double(), 64) }}
	case parquet.Int96: // timestamps of old: nanoseconds of the day, then the Julian day
		return parquetKind{"timestamp", func(out []byte, v parquet.Value) []byte {
			n := v.Int96()
			const epoch = 2440588 // the Julian day of 1970-01-01
			at := time.Unix((int64(n[2])-epoch)*86400, int64(uint64(n[1])<<32|uint64(n[0]))).UTC()
			return appendTime(out, at, "2006-01-02 15:04:05.999999999")
		}}
	}
	return parquetKind{"bytea", func(out []byte, v parquet.Value) []byte { return hex.AppendEncode(append(out, `\x`...), v.ByteArray()) }}
}

func writeBytes(out []byte, v parquet.Value) []byte { return append(out, v.ByteArray()...) }

func parquetInt(v parquet.Value) int64 {
	if v.Kind() == parquet.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
}

func parquetUnsigned(bits int8) parquetKind {
	if bits == 32 {
		return parquetKind{"bigint", func(out []byte, v parquet.Value) []byte { return strconv.AppendUint(out, uint64(v.Uint32()), 10) }}
	}
	return parquetKind{"numeric", func(out []byte, v parquet.Value) []byte { return strconv.AppendUint(out, v.Uint64(), 10) }}
}

func parquetUnit(u format.TimeUnit) time.Duration {
	switch u.Value.(type) {
	case *format.MilliSeconds:
		return time.Millisecond
	case *format.MicroSeconds:
		return time.Microsecond
	}
	return time.Nanosecond
}

func parquetMoment(l *format.TimestampType) parquetKind {
	unit := parquetUnit(l.Unit)
	name, layout := "timestamp", "2006-01-02 15:04:05.999999999"
	if l.IsAdjustedToUTC {
		name, layout = "timestamptz", layout+"+00"
	}
	return parquetKind{name, func(out []byte, v parquet.Value) []byte {
		per := int64(time.Second / unit)
		n := parquetInt(v)
		seconds := n / per
		if n%per < 0 {
			seconds--
		}
		return appendTime(out, time.Unix(seconds, (n-seconds*per)*int64(unit)).UTC(), layout)
	}}
}

// appendTime writes a time as PostgreSQL reads it, also one before the year 1.
func appendTime(out []byte, t time.Time, layout string) []byte {
	if y := t.Year(); y <= 0 {
		out = append(out, fmt.Sprintf("%04d", 1-y)...)
		out = t.AppendFormat(out, strings.TrimPrefix(layout, "2006"))
		return append(out, " BC"...)
	}
	return t.AppendFormat(out, layout)
}

func appendFloat(out []byte, f float64, bits int) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(out, "Infinity"...)
	case math.IsInf(f, -1):
		return append(out, "-Infinity"...)
	}
	return strconv.AppendFloat(out, f, 'g', -1, bits) // and NaN
}

// appendDecimal writes a number of which so many digits stand behind the point.
func appendDecimal(out []byte, v parquet.Value, scale int) []byte {
	n := new(big.Int)
	switch v.Kind() {
	case parquet.Int32, parquet.Int64:
		n.SetInt64(parquetInt(v))
	default: // two's complement, the highest byte first
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
	if n.Sign() < 0 {
		out = append(out, '-')
	}
	digits := n.Abs(n).String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	at := len(digits) - scale
	out = append(out, digits[:at]...)
	if scale > 0 {
		out = append(append(out, '.'), digits[at:]...)
	}
	return out
}
