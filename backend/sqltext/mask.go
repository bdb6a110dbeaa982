package sqltext

import (
	"strings"
	"unicode/utf8"
)

// Masked stands where a password was.
const Masked = "•••"

// maskDepth is how many texts within texts are looked into.
const maskDepth = 6

// Mask gives a text with its passwords replaced, to be kept where the text itself is not the person's draft: those of
// CREATE and ALTER ROLE, of options and columns that are called so, of connection strings and URLs, also in function bodies
// and other texts within. It masks a value too many rather than one too few, and leaves all else as it is.
func Mask(src string) string { return mask(src, maskDepth) }

func mask(src string, depth int) string {
	if depth == 0 || !mayHide(src) {
		return src
	}
	var out strings.Builder
	l := NewLexer(src)
	var recent [4]string // the significant tokens before, the last one first
	done := 0
	for {
		t, ok := l.Next()
		if !ok {
			break
		}
		text := src[t.From:t.To]
		switch t.Kind {
		case Blank, Comment:
			continue
		case String:
			out.WriteString(src[done:t.From])
			if namesPassword(recent) {
				out.WriteString(blotted(text))
			} else {
				out.WriteString(maskString(text, t.Unterminated, depth))
			}
			done = t.To
		}
		copy(recent[1:], recent[:])
		recent[0] = small(text)
	}
	out.WriteString(src[done:])
	return maskURLs(out.String())
}

// mayHide spares texts that cannot have a password.
func mayHide(src string) bool {
	if strings.Contains(src, "://") {
		return true
	}
	return secretWord(small(src))
}

// small makes capitals of A to Z small. The length stays, whatever the bytes are.
func small(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c-'A' < 26 {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// secretWord tells whether a name, or a text in small letters, is called after a secret.
func secretWord(s string) bool {
	for _, w := range [...]string{"passw", "pwd", "passphrase", "secret", "passfile"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// namesPassword tells that a value follows the name of a password: PASSWORD '…', password = '…', "pwd" => '…',
// SET x.password TO '…', 'password', '…'.
func namesPassword(recent [4]string) bool {
	name := recent[0]
	switch name {
	case "=", "to", ",":
		name = recent[1]
		if recent[0] == "," && !(strings.HasPrefix(name, "'") && strings.Trim(name, nameChars) == "") {
			return false
		}
		if name == ":" { // :=
			name = recent[2]
		}
	case ">":
		if recent[1] != "=" {
			return false
		}
		name = recent[2]
	}
	return secretWord(name) && len(name) < 64
}

// nameChars are those of 'app.password', a name in a string.
const nameChars = "'.-_abcdefghijklmnopqrstuvwxyz0123456789"

// blotted is a string whose content is masked, in the same quotes.
func blotted(text string) string {
	open, end, _ := quotes(text)
	return text[:open] + Masked + text[end:]
}

// quotes tells where the content of a string token begins and ends, and whether it is in dollar quotes.
func quotes(text string) (from, to int, dollar bool) {
	if strings.HasPrefix(text, "$") {
		tag := text[:strings.IndexByte(text[1:], '$')+2]
		to := len(text)
		if strings.HasSuffix(text, tag) && len(text) >= 2*len(tag) {
			to -= len(tag)
		}
		return len(tag), to, true
	}
	from, to = strings.IndexByte(text, '\'')+1, len(text)
	if to > from && text[to-1] == '\'' {
		to--
	}
	return from, to, false
}

// maskString masks within a string: it may be a connection string, JSON, or SQL.
func maskString(text string, unterminated bool, depth int) string {
	if !mayHide(text) {
		return text
	}
	from, to, dollar := quotes(text)
	if unterminated {
		to = len(text)
	}
	inner := text[from:to]
	plain := inner
	if !dollar {
		plain = strings.ReplaceAll(inner, "''", "'")
	}
	masked := maskSettings(mask(plain, depth-1))
	if masked == plain {
		return text
	}
	if !dollar {
		masked = strings.ReplaceAll(masked, "'", "''")
	}
	return text[:from] + masked + text[to:]
}

// maskSettings masks the values of a connection string, or of JSON: password=x, "password": "x".
func maskSettings(s string) string {
	var out strings.Builder
	lower := small(s)
	done := 0
	for at := 0; at < len(s); {
		i := nameAt(lower, at)
		if i < 0 {
			break
		}
		end := i // of the name
		for end < len(s) && (isWordPart(s[end]) || s[end] == '.') {
			end++
		}
		p := skip(s, end, `"' `)
		if p >= len(s) || s[p] != '=' && s[p] != ':' {
			at = end
			continue
		}
		p = skip(s, p+1, ": ")
		from, to := valueAt(s, p)
		if from < to && !strings.HasPrefix(s[from:to], Masked) {
			out.WriteString(s[done:from] + Masked)
			done = to
		}
		at = max(to, end)
	}
	return out.String() + s[done:]
}

// nameAt finds the next word that is called after a password; -1 when there is none. lower is in small letters.
func nameAt(lower string, from int) int {
	first := -1
	for _, w := range [...]string{"passw", "pwd", "passphrase", "secret"} {
		if i := strings.Index(lower[from:], w); i >= 0 && (first < 0 || from+i < first) {
			first = from + i
		}
	}
	return first
}

func skip(s string, p int, of string) int {
	for p < len(s) && strings.IndexByte(of, s[p]) >= 0 {
		p++
	}
	return p
}

// valueAt gives the bounds of a value without its quotes.
func valueAt(s string, p int) (from, to int) {
	if p >= len(s) {
		return p, p
	}
	if q := s[p]; q == '\'' || q == '"' {
		for to = p + 1; to < len(s) && s[to] != q; to++ {
			if s[to] == '\\' && to+1 < len(s) {
				to++
			}
		}
		return p + 1, min(to, len(s))
	}
	for to = p; to < len(s) && !isBlank(s[to]) && strings.IndexByte(`'",;&)}`, s[to]) < 0; to++ {
		if s[to] == '\\' && to+1 < len(s) {
			to++
		}
	}
	return p, min(to, len(s))
}

// maskURLs masks the password of every scheme://user:password@host, and of ?password=x.
func maskURLs(s string) string {
	var out strings.Builder
	for {
		i := strings.Index(s, "://")
		if i < 0 {
			break
		}
		i += len("://")
		end := i
		for end < len(s) && !isBlank(s[end]) && strings.IndexByte(`'"<>`, s[end]) < 0 {
			_, size := utf8.DecodeRuneInString(s[end:])
			end += size
		}
		url := s[i:end]
		// A password may have a slash in it that should have been escaped: the last @ before the query ends it.
		query := strings.IndexByte(url, '?')
		if query < 0 {
			query = len(url)
		}
		if at := strings.LastIndexByte(url[:query], '@'); at >= 0 {
			if colon := strings.IndexByte(url[:at], ':'); colon >= 0 && colon+1 < at {
				url, query = url[:colon+1]+Masked+url[at:], query-(at-colon-1)+len(Masked)
			}
		}
		out.WriteString(s[:i] + url[:query] + maskSettings(url[query:]))
		s = s[end:]
	}
	return out.String() + s
}
