package sortkey

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Kinds of rules, as they are told to the page.
const (
	Number  = "number"  // by value; NaN is greater than all others
	Time    = "time"    // dates, times, timestamps, intervals: by what they stand for
	Bool    = "bool"    // false before true
	Enum    = "enum"    // as the labels were declared
	Address = "address" // inet and cidr: by family, network, length
	Bytes   = "bytes"   // text and others byte by byte, as under COLLATE "C"
	Unicode = "unicode" // text by Unicode's rules for a language
)

// Column is what a Rule is made from.
type Column struct {
	OID uint32
	// Labels are those of an enum, in their order.
	Labels []string
	// Collation is the server's for text: "C" or "POSIX" mean bytes, "und" or a language such as "de-DE" Unicode's rules.
	Collation string
	// Zone is where a time without an offset is meant when somebody asks for one; nil is UTC.
	Zone *time.Location
}

// Rule is how the values of a column are ordered.
type Rule struct {
	// Kind is one of the constants above.
	Kind string
	// Language is that of a Unicode rule.
	Language string
	// AsText says that the type has an order of its own on the server, or none, and that bytes are compared here instead.
	AsText bool
	make   func() encode
	exact  func() encode       // of a Unicode rule: by bytes
	loose  func(string) string // of what a person typed: the form the server writes
}

// encode appends the key of a value. It answers false when the value does not read as its type.
type encode func(dst, value []byte) ([]byte, bool)

// Encoder makes keys. It belongs to one goroutine.
type Encoder struct {
	rule   Rule
	encode encode
}

// For gives the rule of a column.
func For(c Column) Rule {
	fixed := func(kind string, e encode, loose func(string) string) Rule {
		return Rule{Kind: kind, make: func() encode { return e }, loose: loose}
	}
	if len(c.Labels) > 0 {
		places := make(map[string]int64, len(c.Labels))
		for i, l := range c.Labels {
			places[l] = int64(i)
		}
		return fixed(Enum, func(dst, v []byte) ([]byte, bool) {
			n, ok := places[string(v)]
			return appendInt(dst, n), ok
		}, nil)
	}
	switch c.OID {
	case 20, 21, 23, 26, 28, 29, 5069:
		return fixed(Number, integer, nil)
	case 700:
		return fixed(Number, single, nil)
	case 701:
		return fixed(Number, float, nil)
	case 1700:
		return fixed(Number, numeric, nil)
	case 790:
		return fixed(Number, money, nil)
	case 16:
		return fixed(Bool, boolean, looseBool)
	case 1082:
		return fixed(Time, date, nil)
	case 1114:
		return fixed(Time, timestamp(nil), nil)
	case 1184:
		zone := c.Zone
		if zone == nil {
			zone = time.UTC
		}
		return fixed(Time, timestamp(zone), nil)
	case 1083:
		return fixed(Time, clock, nil)
	case 1266:
		return fixed(Time, clockZone, nil)
	case 1186:
		return fixed(Time, interval, nil)
	case 869, 650:
		return fixed(Address, address, nil)
	case 2950:
		return fixed(Bytes, text, looseUUID)
	case 3220:
		return fixed(Number, lsn, nil)
	case 17:
		return fixed(Bytes, bytea, nil)
	case 829, 774, 1560, 1562, 18, 19: // what they are written as has their order
		return fixed(Bytes, text, nil)
	case 25, 1043, 1042:
		return textRule(c)
	}
	return Rule{Kind: Bytes, AsText: true, make: func() encode { return text }}
}

// ByBytes is the rule for values that do not read as their type.
func ByBytes() Rule { return Rule{Kind: Bytes, AsText: true, make: func() encode { return text }} }

func textRule(c Column) Rule {
	padded := func(e encode) encode {
		if c.OID != 1042 {
			return e
		}
		return func(dst, v []byte) ([]byte, bool) { return e(dst, bytes.TrimRight(v, " ")) }
	}
	if c.Collation == "C" || c.Collation == "POSIX" {
		return Rule{Kind: Bytes, make: func() encode { return padded(text) }}
	}
	tag, err := language.Parse(c.Collation)
	if err != nil {
		tag = language.Und
	}
	return Rule{Kind: Unicode, Language: tag.String(), make: func() encode { return padded(unicodeText(tag)) }, exact: func() encode { return padded(text) }}
}

// Cuttable says that the beginning of a value has the beginning of its key: text. All others have to be given whole.
func (r Rule) Cuttable() bool { return r.Kind == Bytes || r.Kind == Unicode }

// Encoder makes an encoder for one goroutine.
func (r Rule) Encoder() *Encoder { return &Encoder{rule: r, encode: r.make()} }

// Append adds the key of a value that is not NULL. It answers false when the value does not read as its type.
func (e *Encoder) Append(dst, value []byte) ([]byte, bool) { return e.encode(dst, value) }

// AppendCut adds the beginning of the key of a value of which only the beginning is given. It is greater than the key of
// that beginning alone. For rules that are Cuttable.
func (e *Encoder) AppendCut(dst, beginning []byte) []byte {
	from := len(dst)
	dst, _ = e.encode(dst, beginning)
	for len(dst) > from && dst[len(dst)-1] == 0 {
		dst = dst[:len(dst)-1]
	}
	return append(dst, 0xff)
}

// Literal adds the key of what a person typed. It answers false when that is no value of the type.
func (e *Encoder) Literal(dst []byte, typed string) ([]byte, bool) {
	if e.rule.Kind != Unicode && e.rule.Kind != Enum && (e.rule.Kind != Bytes || e.rule.loose != nil) {
		typed = strings.TrimSpace(typed)
	}
	if e.rule.loose != nil {
		typed = e.rule.loose(typed)
	}
	return e.encode(dst, []byte(typed))
}

// appendInt adds a number so that small ones take few bytes: how many there are, then they.
func appendInt(dst []byte, n int64) []byte {
	if n >= 0 {
		return appendUint(dst, uint64(n))
	}
	size := (bits.Len64(^uint64(n)) + 7) / 8
	dst = append(dst, byte(0x7f-size))
	for i := size - 1; i >= 0; i-- {
		dst = append(dst, byte(n>>(8*i)))
	}
	return dst
}

func appendUint(dst []byte, n uint64) []byte {
	size := (bits.Len64(n) + 7) / 8
	dst = append(dst, byte(0x80+size))
	for i := size - 1; i >= 0; i-- {
		dst = append(dst, byte(n>>(8*i)))
	}
	return dst
}

// The places before and behind all that appendInt gives.
const (
	lowest  = 0x02
	highest = 0xfd
)

// text has no zero bytes: PostgreSQL knows none.
func text(dst, v []byte) ([]byte, bool) {
	dst = append(dst, 0x01)
	if bytes.IndexByte(v, 0) >= 0 {
		v = bytes.ReplaceAll(v, []byte{0}, []byte{1})
	}
	return append(append(dst, v...), 0), true
}

// escaped adds bytes that may be zero.
func escaped(dst, v []byte) []byte {
	for {
		i := bytes.IndexByte(v, 0)
		if i < 0 {
			break
		}
		dst = append(append(dst, v[:i]...), 0, 0xff)
		v = v[i+1:]
	}
	return append(append(dst, v...), 0, 0)
}

// unicodeText orders by the rules of a language, and values that those hold equal by their bytes, as the server does.
func unicodeText(tag language.Tag) encode {
	c := collate.New(tag)
	var buf collate.Buffer
	return func(dst, v []byte) ([]byte, bool) {
		buf.Reset()
		dst = escaped(append(dst, 0x01), c.Key(&buf, v))
		return append(append(dst, v...), 0), true
	}
}

func boolean(dst, v []byte) ([]byte, bool) {
	switch string(v) {
	case "f":
		return append(dst, 0x01), true
	case "t":
		return append(dst, 0x02), true
	}
	return dst, false
}

func looseBool(s string) string {
	switch s = strings.ToLower(s); {
	case s == "":
	case slices.Contains([]string{"1", "on", "yes", "y"}, s) || strings.HasPrefix("true", s):
		return "t"
	case slices.Contains([]string{"0", "off", "no", "n"}, s) || strings.HasPrefix("false", s):
		return "f"
	}
	return s
}

func looseUUID(s string) string {
	hex := strings.ToLower(strings.NewReplacer("-", "", "{", "", "}", "").Replace(s))
	if len(hex) != 32 {
		return strings.ToLower(s)
	}
	return hex[:8] + "-" + hex[8:12] + "-" + hex[12:16] + "-" + hex[16:20] + "-" + hex[20:]
}

// Exact is a rule by which the same values are equal, and which is cheaper where no order is asked for.
func (r Rule) Exact() Rule {
	if r.Kind != Unicode {
		return r
	}
	return Rule{Kind: Bytes, make: r.exact}
}
