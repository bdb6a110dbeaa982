package intake

import (
	"strings"
	"unicode/utf8"
)

// Plain writes a number as PostgreSQL reads it. decimal is what stands before its fraction, as Options have it; "" says that
// nothing is known of numbers. ok is false where that is a comma and s is no such number.
func Plain(s, decimal string) (number string, ok bool) {
	if decimal == "" {
		return s, true
	}
	if number, _ = together(s, decimal); decimal == "," {
		return pointed(number)
	}
	return number, true
}

// betweenThousands may stand there: a space, also one that does not break or is thin, or an apostrophe.
const betweenThousands = " \u00a0\u202f\u2009\u2007'\u2019"

// together takes out what stands between the thousands of a number: 1 234,50 or 1'234.50. A text that is none, strictly,
// comes back as it is, with no separator.
func together(s, decimal string) (number string, separator rune) {
	body, minus := strings.CutPrefix(strings.TrimSpace(s), "-")
	whole, fraction, broken := strings.Cut(body, decimal)
	at := strings.IndexFunc(whole, func(r rune) bool { return r < '0' || r > '9' })
	if at < 1 || at > 3 || whole[0] == '0' || broken && !digits(fraction) {
		return s, 0
	}
	separator, _ = utf8.DecodeRuneInString(whole[at:])
	if !strings.ContainsRune(betweenThousands, separator) {
		return s, 0
	}
	groups := strings.Split(whole, string(separator))
	for _, g := range groups[1:] {
		if len(g) != 3 || !digits(g) {
			return s, 0
		}
	}
	number = strings.Join(groups, "")
	if minus {
		number = "-" + number
	}
	if broken {
		number += decimal + fraction
	}
	return number, separator
}

// pointed writes a number with a decimal comma, such as -1.234,50, as PostgreSQL reads it. ok is false when it is none: its
// points are not where thousands are. A text without comma and point comes back as it is.
func pointed(s string) (number string, ok bool) {
	whole, fraction, comma := strings.Cut(strings.TrimSpace(s), ",")
	groups := strings.Split(strings.TrimPrefix(whole, "-"), ".")
	for i, g := range groups {
		if len(groups) > 1 && (!digits(g) || i > 0 && len(g) != 3 || i == 0 && len(g) > 3) {
			return s, false
		}
	}
	if comma && (!digits(fraction) || !digits(groups[0])) {
		return s, false
	}
	number = strings.ReplaceAll(whole, ".", "")
	if comma {
		number += "." + fraction
	}
	return number, true
}

// localDate takes what is written as a date that begins with day or month, such as 30.11.2026, apart; rest is what is
// behind it. Whether there is such a day it does not ask.
func localDate(s string) (first, second int, year, rest string, sep byte, ok bool) {
	number := func() (n int, ok bool) {
		i := 0
		for ; i < 2 && i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			n = 10*n + int(s[i]-'0')
		}
		s = s[i:]
		return n, i > 0
	}
	if first, ok = number(); !ok || s == "" || strings.IndexByte("./-", s[0]) < 0 {
		return 0, 0, "", "", 0, false
	}
	sep, s = s[0], s[1:]
	if second, ok = number(); !ok || len(s) < 5 || s[0] != sep || !digits(s[1:5]) {
		return 0, 0, "", "", 0, false
	}
	year, rest = s[1:5], s[5:]
	return first, second, year, rest, sep, rest == "" || rest[0] == ' '
}

// impossible tells that s is written as a date, with a time or without, and that there is no such day, whatever the order:
// 31.11.2026. rest is what is behind the day.
func impossible(s string) (rest string, ok bool) {
	is := func(s string) bool { return isTime(s, dayOnly) || isMoment(s) }
	switch _, _, _, behind, _, ok := localDate(s); {
	case ok:
		rest = behind
	case len(s) >= 10 && digits(s[:4]+s[5:7]+s[8:10]) && s[4] == '-' && s[7] == '-':
		rest = s[10:]
	default:
		return "", false
	}
	return rest, is("2000-01-01"+rest) && !is(isoDate(s, "DMY")) && !is(isoDate(s, "MDY"))
}

// isoDate writes a date that begins as order says with the year first; anything else comes back as it is.
func isoDate(s, order string) string {
	day, month, year, rest, _, ok := localDate(s)
	if !ok {
		return s
	}
	if order == "MDY" {
		day, month = month, day
	}
	two := func(n int) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
	return year + "-" + two(month) + "-" + two(day) + rest
}
