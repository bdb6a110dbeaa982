package sortkey

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

const (
	second = 1_000_000 // in microseconds
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// number reads digits at the beginning of s.
func number(s string) (n int64, rest string, ok bool) {
	i := 0
	for i < len(s) && i < 18 && s[i] >= '0' && s[i] <= '9' {
		n = n*10 + int64(s[i]-'0')
		i++
	}
	return n, s[i:], i > 0
}

func skip(s string, c byte) (string, bool) {
	if len(s) > 0 && s[0] == c {
		return s[1:], true
	}
	return s, false
}

// infinite are the words for the ends of time.
func infinite(dst, v []byte) ([]byte, bool) {
	switch string(v) {
	case "infinity":
		return append(dst, highest), true
	case "-infinity":
		return append(dst, lowest), true
	}
	return dst, false
}

// readDate reads year-month-day as DateStyle ISO writes it, and gives the days since 2000-01-01, where the
// server counts from and its range fits. The BC that may stand at
// the end of the text is for the caller to take off.
func readDate(s string, bc bool) (days int64, rest string, ok bool) {
	y, s, ok1 := number(s)
	s, dash1 := skip(s, '-')
	m, s, ok2 := number(s)
	s, dash2 := skip(s, '-')
	d, s, ok3 := number(s)
	if !ok1 || !ok2 || !ok3 || !dash1 || !dash2 || y > 6_000_000 || m < 1 || m > 12 || d < 1 || d > 31 {
		return 0, s, false
	}
	if bc {
		y = 1 - y
	}
	// Days of the proleptic Gregorian calendar, in eras of 400 years that begin in March.
	if m <= 2 {
		y--
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	inEra := y - era*400
	dayOfYear := (153*((m+9)%12)+2)/5 + d - 1
	return era*146_097 + inEra*365 + inEra/4 - inEra/100 + dayOfYear - 730_425, s, true
}

// readClock reads hours:minutes, with seconds and parts of them if there are any, in microseconds.
func readClock(s string) (micros int64, rest string, ok bool) {
	h, s, ok1 := number(s)
	s, colon := skip(s, ':')
	m, s, ok2 := number(s)
	if !ok1 || !ok2 || !colon || m > 59 {
		return 0, s, false
	}
	micros = h*hour + m*minute
	s, colon = skip(s, ':')
	if !colon {
		return micros, s, true
	}
	sec, s, ok3 := number(s)
	if !ok3 || sec > 60 {
		return 0, s, false
	}
	part, s, ok := readFraction(s)
	return micros + sec*second + part, s, ok
}

// readFraction reads what may stand behind a point, in millionths.
func readFraction(s string) (micros int64, rest string, ok bool) {
	s, point := skip(s, '.')
	if !point {
		return 0, s, true
	}
	n, rest, ok := number(s)
	for i := len(s) - len(rest); i < 6; i++ {
		n *= 10
	}
	for i := len(s) - len(rest); i > 6; i-- {
		n /= 10
	}
	return n, rest, ok
}

// readOffset reads a zone's offset from UTC, in microseconds to the east.
func readOffset(s string) (micros int64, rest string, ok bool) {
	if len(s) == 0 || s[0] != '+' && s[0] != '-' {
		return 0, s, false
	}
	sign := int64(1)
	if s[0] == '-' {
		sign = -1
	}
	h, s, ok := number(s[1:])
	micros = h * hour
	for _, unit := range []int64{minute, second} {
		var colon bool
		if s, colon = skip(s, ':'); !colon {
			break
		}
		n, r, ok2 := number(s)
		micros, s, ok = micros+n*unit, r, ok && ok2
	}
	return sign * micros, s, ok
}

func date(dst, v []byte) ([]byte, bool) {
	if dst, ok := infinite(dst, v); ok {
		return dst, true
	}
	s, bc := strings.CutSuffix(string(v), " BC")
	days, rest, ok := readDate(s, bc)
	return appendInt(dst, days), ok && rest == ""
}

// timestamp reads timestamps; with a zone, those that have an offset, or are meant to be in that zone.
func timestamp(zone *time.Location) encode {
	return func(dst, v []byte) ([]byte, bool) {
		if dst, ok := infinite(dst, v); ok {
			return dst, true
		}
		s, bc := strings.CutSuffix(string(v), " BC")
		days, s, ok := readDate(s, bc)
		if !ok {
			return dst, false
		}
		micros := int64(0)
		if len(s) > 0 && (s[0] == ' ' || s[0] == 'T') {
			if micros, s, ok = readClock(s[1:]); !ok {
				return dst, false
			}
		}
		at := days*day + micros
		if zone != nil {
			if s == "" || s == "Z" {
				if s == "" {
					at -= offsetAt(zone, at)
				}
				return appendInt(dst, at), true
			}
			var offset int64
			if offset, s, ok = readOffset(s); !ok {
				return dst, false
			}
			at -= offset
		}
		return appendInt(dst, at), s == ""
	}
}

// offsetAt is how far east of UTC the clocks of a zone stand when they show so many microseconds since 2000.
func offsetAt(zone *time.Location, local int64) int64 {
	const epoch = 10_957 * day / second // of 2000, in seconds since 1970
	at := local/second + epoch
	_, offset := time.Unix(at, 0).In(zone).Zone()
	_, offset = time.Unix(at-int64(offset), 0).In(zone).Zone()
	return int64(offset) * second
}

func clock(dst, v []byte) ([]byte, bool) {
	micros, rest, ok := readClock(string(v))
	return appendInt(dst, micros), ok && rest == ""
}

// clockZone orders by the moment in UTC, then by zone from east to west, as the server does.
func clockZone(dst, v []byte) ([]byte, bool) {
	micros, s, ok := readClock(string(v))
	if !ok {
		return dst, false
	}
	offset, rest, ok := readOffset(s)
	return appendInt(appendInt(dst, micros-offset), -offset), ok && rest == ""
}

// interval orders by length, with a month of 30 days and a day of 24 hours, as the server does. It reads the styles
// postgres, postgres_verbose and iso_8601.
func interval(dst, v []byte) ([]byte, bool) {
	if dst, ok := infinite(dst, v); ok {
		return dst, true
	}
	months, days, micros, ok := readInterval(string(v))
	if !ok {
		return dst, false
	}
	// 128 bits: two thousand million months are more microseconds than 64 bits hold.
	total := int128(months*30 + days).times(day).plus(micros)
	return binary.BigEndian.AppendUint64(appendInt(dst, total.high), total.low), true
}

type wide struct {
	high int64
	low  uint64
}

func int128(n int64) wide { return wide{n >> 63, uint64(n)} }

func (w wide) plus(n int64) wide {
	low, carry := bits.Add64(w.low, uint64(n), 0)
	return wide{w.high + n>>63 + int64(carry), low}
}

// times multiplies a number that fits 64 bits.
func (w wide) times(n uint64) wide {
	high, low := bits.Mul64(w.low, n)
	return wide{int64(high) + w.high*int64(n), low}
}

func readInterval(s string) (months, days, micros int64, ok bool) {
	if strings.HasPrefix(s, "P") {
		return readISO(s[1:])
	}
	s = strings.TrimPrefix(s, "@ ")
	s, ago := strings.CutSuffix(s, " ago")
	words := strings.Fields(s)
	for len(words) > 0 {
		w := words[0]
		if strings.Contains(w, ":") {
			sign := int64(1)
			if w[0] == '-' || w[0] == '+' {
				if w[0] == '-' {
					sign = -1
				}
				w = w[1:]
			}
			n, rest, ok := readClock(w)
			if !ok || rest != "" {
				return 0, 0, 0, false
			}
			micros += sign * n
			words = words[1:]
			continue
		}
		if len(words) == 1 {
			return 0, 0, 0, w == "0" && months == 0 && days == 0 && micros == 0
		}
		n, ok := readMicros(w)
		if !ok {
			return 0, 0, 0, false
		}
		unit := strings.TrimSuffix(words[1], "s")
		switch unit {
		case "year":
			months += 12 * (n / second)
		case "mon", "month":
			months += n / second
		case "week":
			days += 7 * (n / second)
		case "day":
			days += n / second
		case "hour":
			micros += n / second * hour
		case "min", "minute":
			micros += n / second * minute
		case "sec", "second":
			micros += n
		default:
			return 0, 0, 0, false
		}
		words = words[2:]
	}
	if ago {
		months, days, micros = -months, -days, -micros
	}
	return months, days, micros, s != ""
}

// readMicros reads a number with a sign and parts, times a million.
func readMicros(s string) (int64, bool) {
	sign := int64(1)
	if s != "" && (s[0] == '-' || s[0] == '+') {
		if s[0] == '-' {
			sign = -1
		}
		s = s[1:]
	}
	n, rest, ok := number(s)
	part, rest, ok2 := readFraction(rest)
	return sign * (n*second + part), ok && ok2 && rest == "" && n < 1<<43
}

func readISO(s string) (months, days, micros int64, ok bool) {
	units, clock := map[byte]int{'Y': 0, 'M': 1, 'W': 2, 'D': 3}, false
	ok = s != ""
	for len(s) > 0 && ok {
		if s[0] == 'T' && !clock {
			s, clock, units = s[1:], true, map[byte]int{'H': 4, 'M': 5, 'S': 6}
			continue
		}
		i := bytes.IndexFunc([]byte(s), func(r rune) bool { return r >= 'A' && r <= 'Z' })
		if i < 0 {
			return 0, 0, 0, false
		}
		unit, known := units[s[i]]
		n, ok2 := readMicros(s[:i])
		if !known || !ok2 {
			return 0, 0, 0, false
		}
		switch unit {
		case 0:
			months += 12 * (n / second)
		case 1:
			months += n / second
		case 2:
			days += 7 * (n / second)
		case 3:
			days += n / second
		case 4:
			micros += n / second * hour
		case 5:
			micros += n / second * minute
		case 6:
			micros += n
		}
		s = s[i+1:]
	}
	return months, days, micros, ok
}

// Moment gives a time value as seconds, for drawing how values lie; false for the infinite.
func Moment(oid uint32, v []byte) (float64, bool) {
	s := string(v)
	switch oid {
	case 1082, 1114, 1184:
		s, bc := strings.CutSuffix(s, " BC")
		days, s, ok := readDate(s, bc)
		if !ok {
			return 0, false
		}
		micros := int64(0)
		if len(s) > 0 {
			micros, s, _ = readClock(s[1:])
		}
		offset, _, _ := readOffset(s)
		return float64(days)*86_400 + float64(micros-offset)/second, true
	case 1083:
		micros, _, ok := readClock(s)
		return float64(micros) / second, ok
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
