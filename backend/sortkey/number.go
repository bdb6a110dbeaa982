package sortkey

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"net/netip"
	"strconv"
	"strings"
)

func integer(dst, v []byte) ([]byte, bool) {
	digits, negative := v, false
	if len(v) > 0 && (v[0] == '-' || v[0] == '+') {
		negative, digits = v[0] == '-', v[1:]
	}
	if len(digits) == 0 {
		return dst, false
	}
	if len(digits) > 18 { // near the ends, and what a person may ask a column of integers for
		return wideInteger(dst, v)
	}
	n := int64(0)
	for _, c := range digits {
		if c < '0' || c > '9' {
			return wideInteger(dst, v)
		}
		n = n*10 + int64(c-'0')
	}
	if negative {
		n = -n
	}
	return appendInt(dst, n), true
}

// wideInteger takes what is no ordinary integer: 1.5 is between 1 and 2, 1e30 behind all.
func wideInteger(dst, v []byte) ([]byte, bool) {
	s := string(v)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return appendInt(dst, n), true
	}
	if n, err := strconv.ParseUint(s, 10, 64); err == nil {
		return appendUint(dst, n), true
	}
	d, ok := parseDecimal(v)
	switch {
	case !ok:
		return dst, false
	case d.nan || d.infinite:
		if d.negative {
			return append(dst, lowest), true
		}
		return append(dst, highest), true
	case d.point > 20:
		if d.negative {
			return append(dst, lowest), true
		}
		return append(dst, highest), true
	}
	whole, fraction := "0", false
	if d.point > 0 {
		digits := string(d.digits)
		for len(digits) < d.point {
			digits += "0"
		}
		whole, fraction = digits[:d.point], len(strings.Trim(digits[d.point:], "0")) > 0
	} else {
		fraction = len(d.digits) > 0
	}
	if d.negative {
		whole = "-" + whole
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		u, err := strconv.ParseUint(whole, 10, 64)
		switch {
		case err == nil:
			return append(appendUint(dst, u), 1), true
		case d.negative:
			return append(dst, lowest), true
		}
		return append(dst, highest), true
	}
	if d.negative && fraction && n > math.MinInt64 {
		n-- // -1.5 is above -2
	}
	if dst = appendInt(dst, n); fraction {
		dst = append(dst, 1) // no column of integers has such a key, but it has a place among theirs
	}
	return dst, true
}

func float(dst, v []byte) ([]byte, bool) {
	f, err := strconv.ParseFloat(string(v), 64)
	if err != nil && !math.IsInf(f, 0) {
		return dst, false
	}
	return appendFloat(dst, f), true
}

// single is float of float4: what is typed counts as the server would keep it. What it could not keep, 1e39 or 1e-50, stays
// between its values.
func single(dst, v []byte) ([]byte, bool) {
	f, err := strconv.ParseFloat(string(v), 32)
	if err != nil || f == 0 {
		return float(dst, v)
	}
	return appendFloat(dst, f), true
}

func appendFloat(dst []byte, f float64) []byte {
	b := math.Float64bits(f)
	switch {
	case math.IsNaN(f):
		b = math.MaxUint64
	case f == 0: // -0 too
		b = 1 << 63
	case f < 0:
		b = ^b
	default:
		b |= 1 << 63
	}
	return binary.BigEndian.AppendUint64(append(dst, 0x80), b)
}

// decimal is 0.digits times ten to the power of point. It has no zeros at either end.
type decimal struct {
	negative, nan, infinite bool
	digits                  []byte
	point                   int
}

func parseDecimal(v []byte) (decimal, bool) {
	var d decimal
	if len(v) > 0 && (v[0] == '-' || v[0] == '+') {
		d.negative, v = v[0] == '-', v[1:]
	}
	if len(v) == 0 {
		return d, false
	}
	if v[0] > '9' {
		switch strings.ToLower(string(v)) {
		case "nan":
			d.nan, d.negative = true, false
			return d, true
		case "infinity", "inf":
			d.infinite = true
			return d, true
		}
		return d, false
	}
	exponent := 0
	if i := bytes.IndexAny(v, "eE"); i >= 0 {
		n, err := strconv.Atoi(string(v[i+1:]))
		if err != nil || n > 200_000 || n < -200_000 {
			return d, false
		}
		exponent, v = n, v[:i]
	}
	whole, fraction := v, []byte(nil)
	if i := bytes.IndexByte(v, '.'); i >= 0 {
		whole, fraction = v[:i], v[i+1:]
	}
	if len(whole)+len(fraction) == 0 {
		return d, false
	}
	digits := whole
	if len(fraction) > 0 {
		digits = append(append(make([]byte, 0, len(whole)+len(fraction)), whole...), fraction...)
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return d, false
		}
	}
	d.point = len(whole) + exponent
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
		d.point--
	}
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	if d.digits = digits; len(digits) == 0 {
		d.negative, d.point = false, 0
	}
	return d, true
}

// numeric: the sign, where the point is, and the digits in pairs.
func numeric(dst, v []byte) ([]byte, bool) {
	d, ok := parseDecimal(v)
	switch {
	case !ok:
		return dst, false
	case d.nan:
		return append(dst, 0x60), true
	case d.infinite && d.negative:
		return append(dst, 0x10), true
	case d.infinite:
		return append(dst, 0x50), true
	case len(d.digits) == 0:
		return append(dst, 0x30), true
	case d.negative:
		dst = append(dst, 0x20)
	default:
		dst = append(dst, 0x40)
	}
	from := len(dst)
	dst = appendInt(dst, int64(d.point))
	for i := 0; i < len(d.digits); i += 2 {
		pair := (d.digits[i] - '0') * 10
		if i+1 < len(d.digits) {
			pair += d.digits[i+1] - '0'
		}
		dst = append(dst, pair+1)
	}
	dst = append(dst, 0)
	if d.negative {
		Invert(dst[from:])
	}
	return dst, true
}

// Invert turns the order of keys round.
func Invert(key []byte) {
	for i, b := range key {
		key[i] = ^b
	}
}

// money is written in the server's language; all values of a column have as many digits behind the point, so the digits
// alone have its order.
func money(dst, v []byte) ([]byte, bool) {
	n, any, negative := int64(0), false, bytes.ContainsAny(v, "-(")
	for _, c := range v {
		if c >= '0' && c <= '9' {
			n, any = n*10+int64(c-'0'), true
		}
	}
	if negative {
		n = -n
	}
	return appendInt(dst, n), any
}

func lsn(dst, v []byte) ([]byte, bool) {
	high, low, ok := strings.Cut(string(v), "/")
	if !ok {
		return dst, false
	}
	h, err1 := strconv.ParseUint(high, 16, 32)
	l, err2 := strconv.ParseUint(low, 16, 32)
	return appendUint(dst, h<<32|l), err1 == nil && err2 == nil
}

// octets takes both forms a server may write bytea in.
func octets(v []byte) ([]byte, bool) {
	if rest, ok := bytes.CutPrefix(v, []byte(`\x`)); ok {
		out := make([]byte, len(rest)/2) // a value that was cut may end within a byte
		_, err := hex.Decode(out, rest[:len(rest)/2*2])
		return out, err == nil
	}
	if bytes.IndexByte(v, '\\') < 0 {
		return v, true
	}
	out := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		if v[i] != '\\' {
			out = append(out, v[i])
			continue
		}
		if i+1 < len(v) && v[i+1] == '\\' {
			out = append(out, '\\')
			i++
			continue
		}
		if i+3 >= len(v) {
			return out, true
		}
		n, err := strconv.ParseUint(string(v[i+1:i+4]), 8, 8)
		if err != nil {
			return nil, false
		}
		out = append(out, byte(n))
		i += 3
	}
	return out, true
}

func bytea(dst, v []byte) ([]byte, bool) {
	b, ok := octets(v)
	return escaped(append(dst, 0x01), b), ok
}

// address orders as inet does: the family, the bits of the network one by one with the shorter first, the rest.
func address(dst, v []byte) ([]byte, bool) {
	s := string(v)
	p, err := netip.ParsePrefix(s)
	if err != nil {
		a, err := netip.ParseAddr(s)
		if err != nil || a.Zone() != "" {
			return dst, false
		}
		p = netip.PrefixFrom(a, a.BitLen())
	}
	all := p.Addr().AsSlice()
	dst = append(dst, byte(len(all)))
	for i := range p.Bits() {
		dst = append(dst, 1+all[i/8]>>(7-i%8)&1)
	}
	return append(append(dst, 0), all...), true
}
