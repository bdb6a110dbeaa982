package suggest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"desktop.tusk/backend/sqltext"
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// reserved are the keywords that cannot be a name without quotes: PostgreSQL's reserved ones, and those that can only be
// the name of a type or function, such as left and join.
var reserved = set(`all analyse analyze and any array as asc asymmetric both case cast check collate column constraint
create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc
distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading
limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user
some symmetric system_user table then to trailing true union unique user using variadic when where window with
authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural
notnull outer overlaps right similar tablesample verbose`)

// functionWords are reserved words that are also written as functions.
var functionWords = set("left right overlaps collation binary current_schema like")

// constants are reserved words that are values.
var constants = set(`true false null current_date current_time current_timestamp current_user current_role current_catalog
current_schema session_user system_user user localtime localtimestamp default`)

// keywords are all words that people write in capitals when they write keywords in capitals.
var keywords = set(`select from where group by order having limit offset insert into values update set delete merge using
with as on join left right full inner outer cross natural union all intersect except distinct and or not in is null case
when then else end create alter drop table view index function returns returning exists between like ilike desc asc`)

// Quote writes a name so that PostgreSQL reads exactly it: in quotes only where it has to be.
func Quote(name string) string {
	if plain(name) {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

// quoteFunction is Quote for the name of a function, which some reserved words may be.
func quoteFunction(name string) string {
	if functionWords[name] {
		return name
	}
	return Quote(name)
}

// plain tells whether a name can be written without quotes. Letters that are no ASCII cannot: how the server folds them
// depends on its encoding and locale.
func plain(name string) bool {
	if name == "" || reserved[name] {
		return false
	}
	for i := range len(name) {
		c := name[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && (c >= '0' && c <= '9' || c == '$')) {
			return false
		}
	}
	return true
}

// fold is what PostgreSQL makes of a name without quotes.
func fold(word string) string {
	for i := range len(word) {
		if c := word[i]; c >= 'A' && c <= 'Z' {
			b := []byte(word)
			for j := i; j < len(b); j++ {
				if b[j] >= 'A' && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return word
}

// unquote gives the name inside of "…", with the closing quote or without; also of U&"…", whose escapes stay.
func unquote(text string) string {
	if i := strings.IndexByte(text, '"'); i >= 0 {
		text = text[i+1:]
	}
	return strings.ReplaceAll(strings.TrimSuffix(text, `"`), `""`, `"`)
}

// How well a candidate fits what was typed; less is better.
const (
	fitsWhole = iota
	fitsStart
	fitsWord  // the beginning of a later word of the name
	fitsFuzzy // the letters in their order, beginning at a word
	fitsNot
)

// fit compares what was typed, in lower case, with a name.
func fit(typed, name string) int {
	if typed == "" {
		return fitsStart
	}
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, typed) {
		if len(lower) == len(typed) {
			return fitsWhole
		}
		return fitsStart
	}
	for from := 1; ; {
		i := strings.Index(lower[min(from, len(lower)):], typed)
		if i < 0 {
			break
		}
		if at := from + i; wordStarts(lower, name, at) {
			return fitsWord
		}
		from += i + 1
	}
	if len(typed) >= 2 && fuzzy(typed, lower, name) {
		return fitsFuzzy
	}
	return fitsNot
}

// wordStarts tells whether a word of a name begins at a byte. lower is the name in lower case, which may be of another
// length for letters that are no ASCII; then capitals do not count.
func wordStarts(lower, name string, at int) bool {
	if at == 0 {
		return true
	}
	before, _ := utf8.DecodeLastRuneInString(lower[:at])
	here, _ := utf8.DecodeRuneInString(lower[at:])
	if !unicode.IsLetter(here) && !unicode.IsDigit(here) {
		return false
	}
	if !unicode.IsLetter(before) {
		return unicode.IsLetter(here) || !unicode.IsDigit(before)
	}
	return len(lower) == len(name) && name[at] >= 'A' && name[at] <= 'Z' && !(name[at-1] >= 'A' && name[at-1] <= 'Z')
}

// fuzzy tells whether the letters stand in the name in their order, the first at the beginning of a word, and each
// later one right behind the one before it or at the beginning of a word.
func fuzzy(typed, lower, name string) bool {
	at := -1
	for _, want := range typed {
		found := -1
		for i := at + 1; i < len(lower); i++ {
			r, _ := utf8.DecodeRuneInString(lower[i:])
			if r == want && (at >= 0 && i == at+1 || wordStarts(lower, name, i)) {
				found = i
				break
			}
		}
		if found < 0 {
			return at >= 0 && loose(typed, lower)
		}
		at = found
	}
	return true
}

// loose tells whether the letters stand in the name in their order at all, from its first; for three letters or more,
// as fewer would fit nearly everything.
func loose(typed, lower string) bool {
	if len(typed) < 3 || typed[0] != lower[0] {
		return false
	}
	for _, want := range typed {
		i := strings.IndexRune(lower, want)
		if i < 0 {
			return false
		}
		_, size := utf8.DecodeRuneInString(lower[i:])
		lower = lower[i+size:]
	}
	return true
}

// SplitNames reads names with commas between, as in a search_path.
func SplitNames(text string) (list []string) {
	for l := sqltext.NewLexer(text); ; {
		t, ok := l.Next()
		if !ok {
			return list
		}
		switch t.Kind {
		case sqltext.Word, sqltext.Name:
			list = append(list, token(text, t).word)
		case sqltext.String:
			list = append(list, strings.Trim(text[t.From:t.To], "'"))
		}
	}
}
