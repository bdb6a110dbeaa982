package spool

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
)

// group is what is known of the rows with a key.
type group struct {
	row   uint32 // the first of them
	at    int    // how many bytes of the key stand for the rows of a pivot; the rest is the column
	shown []byte // what the key's values are written as; see texts
	tally []tally
}

// tally is one aggregate on its way.
type tally struct {
	n   int64 // rows, or values that are not NULL
	sum *total

	// of the smallest or greatest value so far
	best  []byte // its key; nil when there was none
	cut   bool   // which is only the beginning of one; the value is not held then
	value []byte
	row   uint32
}

// tallyCost is what one takes in memory, without its texts.
const tallyCost = 96

// Values of keys are held as they are written: 0 is NULL, 1 one that is so long that it is left in the row, and n+2
// stands before n bytes.
func appendText(dst, v []byte, long bool) []byte {
	switch {
	case v == nil:
		return append(dst, 0)
	case long:
		return append(dst, 1)
	}
	return append(binary.AppendUvarint(dst, uint64(len(v))+2), v...)
}

// texts gives what the values of a group's key are written as; long those that the row has.
func (g *group) texts(long func(key int) ([]byte, error)) (list [][]byte, err error) {
	for rest := g.shown; len(rest) > 0; {
		n, size := binary.Uvarint(rest)
		rest = rest[size:]
		var v []byte
		switch n {
		case 0:
		case 1:
			if v, err = long(len(list)); err != nil {
				return nil, err
			}
		default:
			v, rest = rest[:n-2:n-2], rest[n-2:]
		}
		list = append(list, v)
	}
	return list, nil
}

func (g *group) encode(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(g.row))
	dst = binary.AppendUvarint(dst, uint64(g.at))
	dst = appendBytes(dst, g.shown)
	dst = binary.AppendUvarint(dst, uint64(len(g.tally)))
	for i := range g.tally {
		t := &g.tally[i]
		dst = binary.AppendVarint(dst, t.n)
		flags := byte(0)
		for bit, set := range []bool{t.sum != nil, t.best != nil, t.cut} {
			if set {
				flags |= 1 << bit
			}
		}
		dst = append(dst, flags)
		if t.sum != nil {
			dst = t.sum.encode(dst)
		}
		if t.best != nil {
			dst = appendBytes(appendBytes(dst, t.best), t.value)
			dst = binary.AppendUvarint(dst, uint64(t.row))
		}
	}
	return dst
}

func decodeGroup(b []byte) (*group, error) {
	d := decoder{rest: b}
	g := &group{row: uint32(d.uvarint()), at: int(d.uvarint()), shown: d.bytes()}
	g.tally = make([]tally, d.count())
	for i := range g.tally {
		t := &g.tally[i]
		t.n = d.varint()
		flags := d.byte()
		if flags&1 != 0 {
			t.sum = d.total()
		}
		if flags&2 != 0 {
			t.best, t.value, t.row, t.cut = d.bytes(), d.bytes(), uint32(d.uvarint()), flags&4 != 0
		}
	}
	if d.short || len(d.rest) > 0 {
		return nil, errDamagedGroup
	}
	return g, nil
}

var errDamagedGroup = errors.New("a group does not fit its own length")

func (t *total) encode(dst []byte) []byte {
	flags := byte(0)
	for bit, set := range []bool{t.nan, t.inf[0], t.inf[1]} {
		if set {
			flags |= 1 << bit
		}
	}
	dst = append(dst, flags)
	dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(t.float))
	dst = binary.BigEndian.AppendUint64(dst, math.Float64bits(t.lost))
	dst = binary.AppendUvarint(dst, uint64(len(t.scales)))
	for i := range t.scales {
		s := &t.scales[i]
		if s.big == nil { // the usual
			dst = binary.AppendVarint(append(dst, 0), s.small)
			continue
		}
		s.spill()
		dst = appendBytes(append(dst, byte(2+s.big.Sign())), s.big.Bytes())
	}
	return dst
}

// decoder reads what encode has written. After an end that came too early it gives zeros.
type decoder struct {
	rest  []byte
	short bool
}

func (d *decoder) total() *total {
	flags := d.byte()
	t := &total{nan: flags&1 != 0, inf: [2]bool{flags&2 != 0, flags&4 != 0}}
	t.float, t.lost = math.Float64frombits(d.uint64()), math.Float64frombits(d.uint64())
	t.scales = make([]scaled, d.count())
	for i := range t.scales {
		s := &t.scales[i]
		switch sign := d.byte(); sign {
		case 0:
			s.small = d.varint()
		default:
			if s.big = new(big.Int).SetBytes(d.bytes()); sign == 1 {
				s.big.Neg(s.big)
			}
		}
	}
	return t
}

func appendBytes(dst, v []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(v))), v...)
}

func (d *decoder) take(n int) []byte {
	if n < 0 || n > len(d.rest) {
		d.short, d.rest = true, nil
		return make([]byte, max(0, min(n, 8)))
	}
	v := d.rest[:n]
	d.rest = d.rest[n:]
	return v
}

func (d *decoder) byte() byte     { return d.take(1)[0] }
func (d *decoder) uint64() uint64 { return binary.BigEndian.Uint64(d.take(8)) }

// bytes are in memory of their own.
func (d *decoder) bytes() []byte { return append([]byte{}, d.take(d.count())...) }

// count reads a number of things that are still to come, each at least a byte.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.rest)) {
		d.short, d.rest = true, nil
		return 0
	}
	return int(n)
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		d.short, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *decoder) varint() int64 {
	n, size := binary.Varint(d.rest)
	if size <= 0 {
		d.short, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[size:]
	return n
}
