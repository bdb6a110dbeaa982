package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tiers of a match, best first. costs within a tier are below tierWidth.
const (
	tierExact = iota
	tierPrefix
	tierWord   // begins a word of the name, or is made of beginnings
	tierInside // anywhere in one piece
	tierFuzzy  // its characters in order
	tierWidth  = 1 << 12
)

// noMatch is the cost of what does not match.
const noMatch = int32(-1)

// pattern is what is looked for in a name.
type pattern struct {
	text string // folded
	runs []rune
	mask uint64
}

func newPattern(text string) pattern {
	text = fold(text)
	return pattern{text: text, runs: []rune(text), mask: maskOf(text)}
}

// fold makes names that read alike equal: case does not count, and a space or a dash may stand for an underscore. It
// keeps the number of characters, so that places in it are places in the name.
func fold(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' || c == ' ' || c == '-' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return '_'
		}
		return unicode.ToLower(r)
	}, s)
}

// maskOf has a bit for each character that occurs; different characters may share one.
func maskOf(s string) uint64 {
	var m uint64
	for i := 0; i < len(s); i++ {
		m |= 1 << (s[i] & 63)
	}
	return m
}

// cost tells how badly p matches a folded name; starts tells where its words begin. noMatch when it does not.
func (p *pattern) cost(name string, mask uint64, starts uint64) int32 {
	if p.mask&^mask != 0 || len(p.text) > len(name) {
		return noMatch
	}
	rest := int32(min(len(name)-len(p.text), 255))
	if at := strings.Index(name, p.text); at >= 0 {
		if at == 0 && rest == 0 {
			return tierExact * tierWidth
		}
		if at == 0 {
			return tierPrefix*tierWidth + rest
		}
		for from := at; from >= 0; {
			if from < 64 && starts>>from&1 == 1 {
				return tierWord*tierWidth + rest
			}
			next := strings.Index(name[from+1:], p.text)
			if next < 0 {
				break
			}
			from += 1 + next
		}
		return tierInside*tierWidth + rest
	}
	if p.initials(name, starts, nil) {
		return tierWord*tierWidth + 256 + rest
	}
	if len(p.runs) < 2 {
		return noMatch
	}
	gaps, ok := p.scattered(name, nil)
	if !ok {
		return noMatch
	}
	return tierFuzzy*tierWidth + min(int32(gaps)*8, 2048) + rest
}

// initials tells whether p consists of beginnings of words of the name, in order, the first word's among them: oi, ordit
// of order_items. at is told the bytes.
func (p *pattern) initials(name string, starts uint64, at func(int)) bool {
	if len(p.text) > 64 || name == "" || p.text == "" || name[0] != p.text[0] {
		return false
	}
	var failed [64]uint64
	return p.from(name, starts, 0, 0, &failed, at)
}

// from matches p from its byte done on at word beginnings from the byte i on. failed has the pairs of both that are
// known to lead nowhere, without which some names would take for ever.
func (p *pattern) from(name string, starts uint64, done, i int, failed *[64]uint64, at func(int)) bool {
	if done == len(p.text) {
		return true
	}
	for ; i < len(name) && i < 64; i++ {
		if starts>>i&1 == 0 || name[i] != p.text[done] || failed[done]>>i&1 == 1 {
			continue
		}
		n := 1
		for done+n < len(p.text) && i+n < len(name) && name[i+n] == p.text[done+n] {
			n++
		}
		for ; n > 0; n-- { // as much of the word as possible, then less of it
			if p.from(name, starts, done+n, i+n, failed, at) {
				if at != nil {
					for k := range n {
						at(i + k)
					}
				}
				return true
			}
		}
		failed[done] |= 1 << i
	}
	return false
}

// scattered tells whether the characters of p occur in the name in order, and how many characters lie between them. at
// is told the bytes.
func (p *pattern) scattered(name string, at func(int)) (gaps int, ok bool) {
	from := 0
	for n, r := range p.runs {
		i := strings.IndexRune(name[from:], r)
		if i < 0 {
			return 0, false
		}
		if at != nil {
			at(from + i)
		}
		if n > 0 {
			gaps += i
		}
		from += i + utf8.RuneLen(r)
	}
	return gaps, true
}

// wordStarts tells which of the first 64 bytes of a folded name begin a word. A capital after a small letter does too.
func wordStarts(name, folded string) uint64 {
	starts := uint64(1)
	before := ' '
	original := []rune(name)
	n := 0
	for i, r := range folded {
		if i >= 64 {
			break
		}
		was := original[n]
		n++
		digit := unicode.IsDigit(r) && !unicode.IsDigit(before)
		if r != '_' && (!unicode.IsLetter(before) && !unicode.IsDigit(before) || unicode.IsUpper(was) && unicode.IsLower(before) || digit) {
			starts |= 1 << i
		}
		before = was
	}
	return starts
}

// marks lists the matched characters of a name, in UTF-16 units.
func (p *pattern) marks(name string) []int {
	folded := fold(name)
	starts := wordStarts(name, folded)
	hit := map[int]bool{}
	at := func(i int) { hit[i] = true }
	if i := p.best(folded, starts); i >= 0 {
		for k := range len(p.text) {
			at(i + k)
		}
	} else if !p.initials(folded, starts, at) {
		p.scattered(folded, at)
	}
	units := []int{}
	unit := 0
	original := []rune(name)
	n := 0
	for i := range folded {
		width := 1
		if original[n] > 0xffff {
			width = 2
		}
		if hit[i] {
			for k := range width {
				units = append(units, unit+k)
			}
		}
		unit += width
		n++
	}
	return units
}

// best is where p occurs in one piece: at the beginning of a word if it can be had; -1 for nowhere.
func (p *pattern) best(name string, starts uint64) int {
	first := strings.Index(name, p.text)
	for i := first; i >= 0; {
		if i < 64 && starts>>i&1 == 1 {
			return i
		}
		next := strings.Index(name[i+1:], p.text)
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return first
}
