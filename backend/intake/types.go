package intake

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// typeGuess finds the narrowest type that holds all values seen.
type typeGuess struct {
	decimal string
	left    []kind
	seen    int
	empty   bool // a value was there, and empty or NULL
	slips   int  // dates that there are not
	slip    string
	line    int64  // of the first slip
	apart   string // the first number with its thousands apart
	width   int    // of the first value, as a number
	number  bool   // something shows that these are numbers, and not, say, those of telephones
}

// kind is a type of PostgreSQL's with a test for its values. ofText says that a text of JSON may be one.
type kind struct {
	name   string
	ofText bool
	holds  func(string) bool
}

func newTypeGuess(o Options) *typeGuess {
	number := func(holds func(string) bool) func(string) bool {
		return func(s string) bool { n, ok := Plain(s, o.Decimal); return ok && holds(n) }
	}
	day := func(s string) string { return s }
	if o.Dates == "DMY" || o.Dates == "MDY" {
		day = func(s string) string { return isoDate(s, o.Dates) }
	}
	return &typeGuess{decimal: o.Decimal, left: []kind{
		{"boolean", false, isBoolean},
		{"integer", false, number(func(s string) bool { return isInteger(s, 32) })},
		{"bigint", false, number(func(s string) bool { return isInteger(s, 64) })},
		{"numeric", false, number(isNumeric)},
		{"uuid", true, isUUID},
		{"date", true, func(s string) bool { return isTime(day(s), dayOnly) }},
		{"timestamp", true, func(s string) bool { s = day(s); return isTime(s, "") || isTime(s, dayOnly) }},
		{"timestamptz", true, func(s string) bool { s = day(s); return isMoment(s) || isTime(s, dayOnly) }},
		{"jsonb", true, func(s string) bool {
			return strings.IndexByte("{[", s[0]) >= 0 && json.Valid([]byte(s)) && !strings.Contains(s, `\u0000`)
		}},
	}}
}

func (k kind) isNumber() bool {
	return k.name == "integer" || k.name == "bigint" || k.name == "numeric"
}

func (k kind) isDate() bool { return k.name == "date" || strings.HasPrefix(k.name, "timestamp") }

// see takes a value into account, which is in a line of the file. An empty one says nothing.
func (t *typeGuess) see(v []byte, line int64) {
	if len(v) == 0 {
		t.empty = true
		return
	}
	t.seen++
	if len(t.left) == 0 {
		return
	}
	s := string(v)
	clock, slip := impossible(s)
	if slip {
		if t.slips++; t.slips == 1 {
			t.slip, t.line = s, line
		}
	}
	t.seeApart(s)
	kept := t.left[:0]
	for _, k := range t.left {
		if slip && k.isDate() && (clock == "" || k.name != "date") || k.holds(s) {
			kept = append(kept, k)
		}
	}
	t.left = kept
}

// seeApart looks whether a number has its thousands apart. A space may stand between digits in threes that are no number,
// 603 123 456; a fraction, a sign or numbers of several lengths say that it is one.
func (t *typeGuess) seeApart(s string) {
	if t.decimal == "" {
		return
	}
	n, separator := together(s, t.decimal)
	if separator != 0 && t.apart == "" {
		t.apart = s
	}
	if t.width == 0 {
		t.width = len(n)
	}
	t.number = t.number || separator != 0 && separator != ' ' || len(n) != t.width || s[0] == '-' || strings.Contains(s, t.decimal)
}

// name is the type's. text says that the file has the values as texts.
func (t *typeGuess) name(text bool) string {
	if t.seen == 0 {
		return "text"
	}
	for _, k := range t.left {
		switch {
		case text && !k.ofText, k.isNumber() && t.apart != "" && !t.number:
		case k.isDate() && 2*t.slips >= t.seen: // something else is written like dates
		default:
			return k.name
		}
	}
	return "text"
}

// guessed tells what of the columns' values, from which their types were guessed, is read otherwise than it is written, and
// what of them will not fit.
func (f *File) guessed(types []*typeGuess) (notes []string) {
	var names []string
	first := ""
	for i, t := range types[:min(len(types), len(f.Columns))] {
		c := f.Columns[i]
		k := kind{name: c.Type}
		if k.isNumber() && t.apart != "" {
			names, first = append(names, c.Name), cmp.Or(first, t.apart)
		}
		switch {
		case !k.isDate() || t.slips == 0:
		case t.slips == 1:
			notes = append(notes, fmt.Sprintf("There is no such day as %s, in line %d, column %s. It does not fit a column of dates.", t.slip, t.line, c.Name))
		default:
			notes = append(notes, fmt.Sprintf("There are no such days as %d values of column %s have, the first %s in line %d. They do not fit a column of dates.", t.slips, c.Name, t.slip, t.line))
		}
	}
	const most = 5
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	if len(names) > 0 {
		n, _ := Plain(first, types[0].decimal)
		notes = append(notes, fmt.Sprintf("Numbers have their thousands apart, in %s: %s is read as %s.", strings.Join(names, ", "), first, n))
	}
	return notes
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

// isMoment is isTime for a time with a zone or without.
func isMoment(s string) bool {
	return isTime(s, "Z07:00") || isTime(s, "Z07") || isTime(s, "Z0700") || isTime(s, "")
}
