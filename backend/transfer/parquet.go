package transfer

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
	"github.com/parquet-go/parquet-go"
)

// groupBytes is how many bytes of values are gathered before they are written as a row group: what the writer holds in
// memory.
const groupBytes = 16 << 20

// maxDecimal is how many digits a decimal of the format has at most that other readers take.
const maxDecimal = 38

// parquetFile writes Parquet. Integers, floats, numerics whose digits are declared, booleans, dates, times, timestamps,
// uuids, bytes and JSON have its types; everything else is text as the server sent it. A value its type has no room for,
// like a date of infinity, is an error: it could be kept by no other value of the type.
type parquetFile struct {
	w       *bufio.Writer
	file    *parquet.GenericWriter[any]
	columns []spool.Column
	kinds   []parquetKind
	row     parquet.Row
	held    int
	rows    int
}

// parquetKind is how values of a column are kept. read takes the server's text; false for what does not fit.
type parquetKind struct {
	node parquet.Node
	read func(v []byte) (parquet.Value, bool)
}

func (p *parquetFile) Begin(columns []spool.Column) error {
	p.columns = columns
	fields := make([]parquet.Field, len(columns))
	taken := map[string]bool{}
	for i, c := range columns {
		name := c.Name
		for n := 2; taken[name]; n++ {
			name = fmt.Sprintf("%s_%d", c.Name, n)
		}
		taken[name] = true
		kind := parquetKindOf(c)
		p.kinds = append(p.kinds, kind)
		fields[i] = parquetField{parquet.Optional(kind.node), name}
	}
	if len(columns) == 0 {
		return apperr.E(apperr.Limit, "A Parquet file has columns, and this result has none.", apperr.Hint("Choose another format."))
	}
	schema := parquet.NewSchema("result", parquetColumns{parquet.Group{}, fields})
	p.file = parquet.NewGenericWriter[any](p.w, schema, parquet.Compression(&parquet.Snappy), parquet.CreatedBy("Tusk", "", ""))
	p.row = make(parquet.Row, len(columns))
	return nil
}

func (p *parquetFile) Row(cells [][]byte) error {
	p.rows++
	for i, v := range cells {
		if v == nil {
			p.row[i] = parquet.NullValue().Level(0, 0, i)
			continue
		}
		value, ok := p.kinds[i].read(v)
		if !ok {
			return apperr.E(apperr.Limit, fmt.Sprintf("Parquet's type for %s cannot hold %.40s, which %s has in row %d.", p.columns[i].Type, spool.Visible(v), p.columns[i].Name, p.rows), apperr.Hint("Cast the column to text in the query, leave it out, or choose another format."))
		}
		p.row[i] = value.Level(0, 1, i)
		p.held += len(v) + 16
	}
	if _, err := p.file.WriteRows([]parquet.Row{p.row}); err != nil {
		return fmt.Errorf("write row: %w", err)
	}
	if p.held < groupBytes {
		return nil
	}
	p.held = 0
	if err := p.file.Flush(); err != nil {
		return fmt.Errorf("write row group: %w", err)
	}
	return nil
}

func (p *parquetFile) End() error {
	if err := p.file.Close(); err != nil {
		return fmt.Errorf("end file: %w", err)
	}
	return nil
}

// parquetColumns is a group that keeps the order of its fields; the library's own sorts them by name.
type parquetColumns struct {
	parquet.Group
	fields []parquet.Field
}

func (g parquetColumns) Fields() []parquet.Field { return g.fields }

// GoType is asked for when a schema is made; rows are never read from values of it.
func (g parquetColumns) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

type parquetField struct {
	parquet.Node
	name string
}

func (f parquetField) Name() string                           { return f.name }
func (f parquetField) Value(base reflect.Value) reflect.Value { return base }

func parquetKindOf(c spool.Column) parquetKind {
	switch c.TypeOID {
	case oidBool:
		return parquetKind{parquet.Leaf(parquet.BooleanType), func(v []byte) (parquet.Value, bool) {
			return parquet.BooleanValue(string(v) == "t"), string(v) == "t" || string(v) == "f"
		}}
	case oidInt2, oidInt4:
		return parquetKind{parquet.Int(32), func(v []byte) (parquet.Value, bool) {
			n, err := strconv.ParseInt(string(v), 10, 32)
			return parquet.Int32Value(int32(n)), err == nil
		}}
	case oidInt8:
		return parquetKind{parquet.Int(64), func(v []byte) (parquet.Value, bool) {
			n, err := strconv.ParseInt(string(v), 10, 64)
			return parquet.Int64Value(n), err == nil
		}}
	case oidFloat4:
		return parquetKind{parquet.Leaf(parquet.FloatType), func(v []byte) (parquet.Value, bool) {
			n, err := strconv.ParseFloat(string(v), 32)
			return parquet.FloatValue(float32(n)), err == nil
		}}
	case oidFloat8:
		return parquetKind{parquet.Leaf(parquet.DoubleType), func(v []byte) (parquet.Value, bool) {
			n, err := strconv.ParseFloat(string(v), 64)
			return parquet.DoubleValue(n), err == nil
		}}
	case oidNumeric:
		if precision, scale, ok := declared(c.Type); ok {
			return decimal(precision, scale)
		}
	case oidDate:
		return parquetKind{parquet.Date(), func(v []byte) (parquet.Value, bool) {
			t, err := time.Parse(time.DateOnly, string(v))
			return parquet.Int32Value(int32(t.Unix() / 86400)), err == nil
		}}
	case oidTime:
		return parquetKind{parquet.TimeAdjusted(parquet.Microsecond, false), func(v []byte) (parquet.Value, bool) {
			t, err := time.Parse("15:04:05.999999", string(v))
			midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
			return parquet.Int64Value(t.Sub(midnight).Microseconds()), err == nil
		}}
	case oidTimestamp:
		return moment(false, "2006-01-02 15:04:05.999999")
	case oidTimestamptz:
		return moment(true, "2006-01-02 15:04:05.999999Z07", "2006-01-02 15:04:05.999999Z07:00", "2006-01-02 15:04:05.999999Z07:00:00")
	case oidUUID:
		return parquetKind{parquet.UUID(), func(v []byte) (parquet.Value, bool) {
			b, err := hex.DecodeString(strings.ReplaceAll(string(v), "-", ""))
			return parquet.FixedLenByteArrayValue(b), err == nil && len(b) == 16
		}}
	case oidBytea:
		return parquetKind{parquet.Leaf(parquet.ByteArrayType), func(v []byte) (parquet.Value, bool) {
			b, ok := unhex(v)
			return parquet.ByteArrayValue(b), ok
		}}
	case oidJSON, oidJSONB:
		return parquetKind{parquet.JSON(), asText}
	}
	return parquetKind{parquet.String(), asText}
}

func asText(v []byte) (parquet.Value, bool) {
	return parquet.ByteArrayValue([]byte(spool.Visible(v))), true
}

// unhex reads bytea as servers send it unless bytea_output says otherwise.
func unhex(v []byte) ([]byte, bool) {
	digits, ok := bytes.CutPrefix(v, []byte(`\x`))
	if !ok {
		return nil, false
	}
	b := make([]byte, hex.DecodedLen(len(digits)))
	_, err := hex.Decode(b, digits)
	return b, err == nil
}

// moment keeps timestamps as microseconds since 1970; utc says that they are points in time, whatever the zone.
func moment(utc bool, layouts ...string) parquetKind {
	return parquetKind{parquet.TimestampAdjusted(parquet.Microsecond, utc), func(v []byte) (parquet.Value, bool) {
		for _, layout := range layouts {
			if t, err := time.Parse(layout, string(v)); err == nil {
				return parquet.Int64Value(t.UnixMicro()), true
			}
		}
		return parquet.Value{}, false
	}}
}

// declared reads precision and scale of numeric(12,2).
func declared(typ string) (precision, scale int, ok bool) {
	if n, _ := fmt.Sscanf(typ, "numeric(%d,%d)", &precision, &scale); n == 0 {
		return 0, 0, false
	}
	return precision, scale, precision <= maxDecimal && scale >= 0 && scale <= precision
}

// decimal keeps numbers of so many digits, scale of them behind the point.
func decimal(precision, scale int) parquetKind {
	typ := parquet.FixedLenByteArrayType(16)
	switch {
	case precision <= 9:
		typ = parquet.Int32Type
	case precision <= 18:
		typ = parquet.Int64Type
	}
	return parquetKind{parquet.Decimal(scale, precision, typ), func(v []byte) (parquet.Value, bool) {
		digits, behind, _ := strings.Cut(string(v), ".")
		if len(behind) > scale {
			return parquet.Value{}, false
		}
		digits += behind + strings.Repeat("0", scale-len(behind))
		switch typ {
		case parquet.Int32Type:
			n, err := strconv.ParseInt(digits, 10, 32)
			return parquet.Int32Value(int32(n)), err == nil
		case parquet.Int64Type:
			n, err := strconv.ParseInt(digits, 10, 64)
			return parquet.Int64Value(n), err == nil
		}
		n, ok := new(big.Int).SetString(digits, 10)
		if !ok || n.BitLen() > 127 {
			return parquet.Value{}, false
		}
		if n.Sign() < 0 { // two's complement
			n.Add(n, new(big.Int).Lsh(big.NewInt(1), 128))
		}
		return parquet.FixedLenByteArrayValue(n.FillBytes(make([]byte, 16))), true
	}}
}
