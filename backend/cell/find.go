package cell

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Find tells where a text stands in a value: the byte at which it begins and the one behind it, by turns. More says that
// there are others behind the last of limit places. Without exact, capitals and small letters are the same.
func Find(src *io.SectionReader, text string, exact bool, limit int) (places []int, more bool, err error) {
	places = []int{}
	if text == "" {
		return places, false, nil
	}
	next, longest := finder(text, exact)
	buf := make([]byte, scanBuffer+longest)
	kept, base := 0, 0 // bytes of buf that were there before, and where buf starts in the value
	from := 0          // where to look on, in the value
	for {
		n, readErr := src.ReadAt(buf[kept:], int64(base+kept))
		if readErr != nil && readErr != io.EOF {
			return nil, false, readErr
		}
		have := buf[:kept+n]
		last := readErr == io.EOF || n == 0
		for {
			at, end := next(have[max(0, min(from-base, len(have))):])
			if at < 0 {
				break
			}
			at, end = at+from, end+from
			if len(places) == 2*limit {
				return places, true, nil
			}
			places = append(places, at, end)
			from = end
		}
		if last {
			return places, false, nil
		}
		keep := min(len(have), longest)
		from = max(from, base+len(have)-keep)
		base += len(have) - keep
		kept = copy(buf, have[len(have)-keep:])
	}
}

// finder gives what looks for a text in bytes, and the longest that what it finds can be.
func finder(text string, exact bool) (next func([]byte) (from, to int), longest int) {
	needle := []byte(text)
	switch {
	case exact || !hasCase(text):
		return func(b []byte) (int, int) {
			i := bytes.Index(b, needle)
			return i, i + len(needle)
		}, len(needle)
	case len(needle) == utf8.RuneCountInString(text):
		return asciiFinder(bytes.ToLower(needle)), len(needle)
	}
	re := regexp.MustCompile("(?i)" + regexp.QuoteMeta(text)) // of any quoted text
	return func(b []byte) (int, int) {
		at := re.FindIndex(b)
		if at == nil {
			return -1, -1
		}
		return at[0], at[1]
	}, utf8.UTFMax * utf8.RuneCountInString(text)
}

// asciiFinder looks for ASCII letters without a regard to their case: by the two forms of the first byte.
func asciiFinder(needle []byte) func([]byte) (int, int) {
	upper := bytes.ToUpper(needle[:1])[0]
	return func(b []byte) (int, int) {
		low, up := -1, -1 // the next places of either form
		for at := 0; ; at++ {
			if low < at {
				low = index(b, needle[0], at)
			}
			if up < at {
				up = index(b, upper, at)
			}
			at = min(low, up)
			if at+len(needle) > len(b) {
				return -1, -1
			}
			if bytes.EqualFold(b[at:at+len(needle)], needle) {
				return at, at + len(needle)
			}
		}
	}
}

// index is where a byte stands from a place on, or the length where it does not.
func index(b []byte, c byte, from int) int {
	if i := bytes.IndexByte(b[from:], c); i >= 0 {
		return from + i
	}
	return len(b)
}

func hasCase(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.ToLower(r) != r || unicode.ToUpper(r) != r })
}
