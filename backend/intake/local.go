package intake

import "strings"

// Pointed writes a number with a decimal comma, such as -1.234,50, as PostgreSQL reads it. ok is false when it is none: its
// points are not where thousands are. A text without comma and point comes back as it is.
func Pointed(s string) (number string, ok bool) {
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

// localDate takes a date that begins with day or month, such as 30.11.2026, apart; rest is what is behind it.
func localDate(s string) (first, second int, year, rest string, sep byte, ok bool) {
	number := func(most int) int {
		n, i := 0, 0
		for ; i < most && i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			n = 10*n + int(s[i]-'0')
		}
		s = s[i:]
		return n
	}
	if first = number(2); first == 0 || s == "" || strings.IndexByte("./-", s[0]) < 0 {
		return
	}
	sep, s = s[0], s[1:]
	if second = number(2); second == 0 || s == "" || s[0] != sep || len(s) < 5 || !digits(s[1:5]) {
		return
	}
	year, rest = s[1:5], s[5:]
	ok = first <= 31 && second <= 31 && (rest == "" || rest[0] == ' ')
	return first, second, year, rest, sep, ok
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
