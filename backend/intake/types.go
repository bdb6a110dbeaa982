package intake

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// typeGuess finds the narrowest type that holds all values seen.
type typeGuess struct {
	left  []kind
	seen  bool
	empty bool // a value was there, and empty or NULL
}

// kind is a type of PostgreSQL's with a test for its values. ofText says that a text of JSON may be one.
type kind struct {
	name   string
	ofText bool
	holds  func(string) bool
}

func newTypeGuess(o Options) *typeGuess {
	number := func(holds func(string) bool) func(string) bool { return holds }
	if o.Decimal == "," {
		number = func(holds func(string) bool) func(string) bool {
			return func(s string) bool { n, ok := Pointed(s); return ok && holds(n) }
		}
	}
	day := func(s string) string { return s }
	if o.Dates == "DMY" || o.Dates == "MDY" {
		day = func(s string) string { return isoDate(s, o.Dates) }
	}
	return &typeGuess{left: []kind{
		{"boolean", false, isBoolean},
		{"integer", false, number(func(s string) bool { return isInteger(s, 32) })},
		{"bigint", false, number(func(s string) bool { return isInteger(s, 64) })},
		{"numeric", false, number(isNumeric)},
		{"uuid", true, isUUID},
		{"date", true, func(s string) bool { return isTime(day(s), dayOnly) }},
		{"timestamp", true, func(s string) bool { s = day(s); return isTime(s, "") || isTime(s, dayOnly) }},
		{"timestamptz", true, func(s string) bool {
			s = day(s)
			return isTime(s, "Z07:00") || isTime(s, "Z07") || isTime(s, "Z0700") || isTime(s, "") || isTime(s, dayOnly)
		}},
		{"jsonb", true, func(s string) bool {
			return strings.IndexByte("{[", s[0]) >= 0 && json.Valid([]byte(s)) && !strings.Contains(s, `\u0000`)
		}},
	}}
}

// see takes a value into account. An empty one says nothing.
func (t *typeGuess) see(v []byte) {
	if len(v) == 0 {
		t.empty = true
		return
	}
	t.seen = true
	if len(t.left) == 0 {
		return
	}
	s := string(v)
	kept := t.left[:0]
	for _, k := range t.left {
		if k.holds(s) {
			kept = append(kept, k)
		}
	}
	t.left = kept
}

// name is the type's. text says that the file has the values as texts.
func (t *typeGuess) name(text bool) string {
	if t.seen {
		for _, k := range t.left {
			if k.ofText || !text {
				return k.name
			}
		}
	}
	return "text"
}

func isBoolean(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "t", "f", "yes", "no":
		return true
	}
	return false
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// leading tells that a number begins with a zero that it does not need: a postcode, an article's number.
func leading(s string) bool { return len(s) > 1 && s[0] == '0' && s[1] != '.' }

func isInteger(s string, bits int) bool {
	body := strings.TrimPrefix(s, "-")
	if !digits(body) || leading(body) {
		return false
	}
	_, err := strconv.ParseInt(s, 10, bits)
	return err == nil
}

func isNumeric(s string) bool {
	body := strings.TrimPrefix(s, "-")
	body, exponent, e := strings.Cut(strings.ToLower(body), "e")
	whole, part, dot := strings.Cut(body, ".")
	power := exponent
	if power != "" && strings.IndexByte("+-", power[0]) >= 0 {
		power = power[1:]
	}
	if e && !digits(power) || leading(body) || len(exponent) > 4 {
		return false
	}
	return digits(whole) && (!dot || digits(part)) || whole == "" && dot && digits(part)
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if hyphen := i == 8 || i == 13 || i == 18 || i == 23; hyphen != (s[i] == '-') || !hyphen && strings.IndexByte("0123456789abcdefABCDEF", s[i]) < 0 {
			return false
		}
	}
	return true
}

// dayOnly asks isTime for a day alone.
const dayOnly = "day"

// isTime tells whether s is a day and a time, as ISO 8601 and PostgreSQL write them, with the zone.
func isTime(s, zone string) bool {
	is := func(layout string) bool {
		t, err := time.Parse(layout, s)
		return err == nil && t.Year() > 0 // which is none of PostgreSQL's
	}
	if zone == dayOnly {
		return is(time.DateOnly)
	}
	if len(s) < len("2006-01-02 15:04") || s[10] != ' ' && s[10] != 'T' || strings.IndexByte(s, ',') >= 0 { // before a fraction, for Go alone
		return false
	}
	for _, clock := range []string{"15:04:05", "15:04"} { // a fraction is read wherever seconds are
		if is("2006-01-02" + s[10:11] + clock + zone) {
			return true
		}
	}
	return false
}
