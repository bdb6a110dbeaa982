package sortkey

import (
	"fmt"
	"strings"
)

// Units that dates and timestamps can be brought down to.
const (
	Day   = "day"
	Week  = "week" // from Monday on
	Month = "month"
	Year  = "year"
)

// IsUnit tells whether Truncate knows the unit.
func IsUnit(unit string) bool { return unit == Day || unit == Week || unit == Month || unit == Year }

// HasDate tells whether values of the type have a date: date, timestamp and timestamptz.
func HasDate(oid uint32) bool { return oid == 1082 || oid == 1114 || oid == 1184 }

// Truncate gives the first day of the unit that a value with a date is in, as date_trunc has it and as the server writes
// dates. It answers false when the value does not begin with a date in the form of ISO.
func Truncate(unit string, v []byte) ([]byte, bool) {
	if string(v) == "infinity" || string(v) == "-infinity" {
		return v, true
	}
	s, bc := strings.CutSuffix(string(v), " BC")
	days, _, ok := readDate(s, bc)
	if !ok {
		return nil, false
	}
	if unit == Week {
		days -= mod(days+5, 7) // 1999-12-27 was a Monday, five days before day 0
	}
	y, m, d := civil(days)
	switch unit {
	case Month:
		d = 1
	case Year:
		m, d = 1, 1
	}
	if y <= 0 {
		return fmt.Appendf(nil, "%04d-%02d-%02d BC", 1-y, m, d), true
	}
	return fmt.Appendf(nil, "%04d-%02d-%02d", y, m, d), true
}

// civil is readDate the other way round. Year 0 is 1 BC.
func civil(days int64) (y, m, d int64) {
	days += 730_425
	inEra := mod(days, 146_097)
	era := (days - inEra) / 146_097
	year := (inEra - inEra/1460 + inEra/36_524 - inEra/146_096) / 365
	dayOfYear := inEra - (365*year + year/4 - year/100)
	month := (5*dayOfYear + 2) / 153 // from March on
	d = dayOfYear - (153*month+2)/5 + 1
	if m = month + 3; m > 12 {
		m -= 12
	}
	if y = era*400 + year; m <= 2 {
		y++
	}
	return y, m, d
}

// mod is never negative.
func mod(n, by int64) int64 { return (n%by + by) % by }
