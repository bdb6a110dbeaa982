package sqltext

import "strings"

// TokenKind tells what a token is.
type TokenKind uint8

// The kinds of token. Blank and Comment carry no meaning for the server.
const (
	Blank     TokenKind = iota
	Comment             // -- to the end of the line, or /* nested /* */ */
	Word                // a keyword or a name without quotes
	Name                // "a name in quotes", U&"…" too
	String              // '…', E'…', U&'…', B'…', X'…', N'…', $tag$…$tag$
	Number              // 1, 1.5e3, 0x1F
	Param               // $1, or :name where the server never sees it
	Operator            // any other run of operator characters, one token each character
	Open                // ( or [
	Close               // ) or ]
	Semicolon           // ;
	Backslash           // \ outside of quotes: the start of a psql command
)

// Token is a piece of the source: bytes [From, To). Unterminated says that a string, name or comment has no end.
type Token struct {
	Kind         TokenKind
	From, To     int
	Unterminated bool
}

// Lexer cuts SQL into tokens. The zero value is not ready: use NewLexer.
type Lexer struct {
	src string
	pos int
	// backslash says that '…' knows \' too, as with standard_conforming_strings = off.
	backslash bool
}

// NewLexer reads src from its start.
func NewLexer(src string) *Lexer { return &Lexer{src: src} }

// Next gives the next token, and false at the end.
func (l *Lexer) Next() (Token, bool) {
	if l.pos >= len(l.src) {
		return Token{}, false
	}
	t := Token{From: l.pos}
	t.Kind, t.Unterminated = l.scan()
	t.To = l.pos
	return t, true
}

func (l *Lexer) scan() (kind TokenKind, unterminated bool) {
	s, c := l.src, l.src[l.pos]
	switch {
	case isBlank(c):
		for l.pos < len(s) && isBlank(s[l.pos]) {
			l.pos++
		}
		return Blank, false
	case c == '-' && l.at(1) == '-':
		l.pos = lineEnd(s, l.pos)
		return Comment, false
	case c == '/' && l.at(1) == '*':
		return Comment, l.blockComment()
	case c == '\'':
		l.pos++
		return String, l.quoted('\'', l.backslash)
	case c == '"':
		l.pos++
		return Name, l.quoted('"', false)
	case isWordStart(c):
		return l.word()
	case isDigit(c), c == '.' && isDigit(l.at(1)):
		l.number()
		return Number, false
	case c == '$':
		return l.dollar()
	case c == ':' && isWordStart(l.at(1)) && !l.after(':'):
		l.pos++
		for l.pos < len(s) && isWordPart(s[l.pos]) {
			l.pos++
		}
		return Param, false
	}
	l.pos++
	switch c {
	case '(', '[':
		return Open, false
	case ')', ']':
		return Close, false
	case ';':
		return Semicolon, false
	case '\\':
		return Backslash, false
	}
	return Operator, false
}

func (l *Lexer) at(ahead int) byte {
	if l.pos+ahead < len(l.src) {
		return l.src[l.pos+ahead]
	}
	return 0
}

func (l *Lexer) after(c byte) bool { return l.pos > 0 && l.src[l.pos-1] == c }

// word reads a name, or the string it is the prefix of.
func (l *Lexer) word() (TokenKind, bool) {
	s, from := l.src, l.pos
	for l.pos < len(s) && isWordPart(s[l.pos]) {
		l.pos++
	}
	if l.pos-from == 1 && l.pos < len(s) && s[l.pos] == '\'' {
		switch s[from] {
		case 'e', 'E':
			l.pos++
			return String, l.quoted('\'', true)
		case 'b', 'B', 'x', 'X', 'n', 'N':
			l.pos++
			return String, l.quoted('\'', l.backslash)
		}
	}
	if l.pos-from == 1 && (s[from] == 'u' || s[from] == 'U') && l.at(0) == '&' {
		switch l.at(1) {
		case '\'':
			l.pos += 2
			return String, l.quoted('\'', false)
		case '"':
			l.pos += 2
			return Name, l.quoted('"', false)
		}
	}
	return Word, false
}

// quoted reads up to the closing quote; a doubled one belongs to the text.
func (l *Lexer) quoted(q byte, backslash bool) (unterminated bool) {
	s := l.src
	for l.pos < len(s) {
		switch c := s[l.pos]; {
		case c == '\\' && backslash && l.pos+1 < len(s):
			l.pos += 2
		case c == q && l.at(1) == q:
			l.pos += 2
		case c == q:
			l.pos++
			return false
		default:
			l.pos++
		}
	}
	return true
}

func (l *Lexer) blockComment() (unterminated bool) {
	s, depth := l.src, 0
	for l.pos < len(s) {
		switch {
		case s[l.pos] == '/' && l.at(1) == '*':
			depth++
			l.pos += 2
		case s[l.pos] == '*' && l.at(1) == '/':
			l.pos += 2
			if depth--; depth == 0 {
				return false
			}
		default:
			l.pos++
		}
	}
	return true
}

func (l *Lexer) number() {
	s := l.src
	for l.pos < len(s) && (isWordPart(s[l.pos]) && s[l.pos] != '$' || s[l.pos] == '.' && l.at(1) != '.') {
		if (s[l.pos] == 'e' || s[l.pos] == 'E') && (l.at(1) == '-' || l.at(1) == '+') && isDigit(l.at(2)) {
			l.pos++
		}
		l.pos++
	}
}

// dollar reads $1, a string in dollar quotes, or a lonely $.
func (l *Lexer) dollar() (TokenKind, bool) {
	s, from := l.src, l.pos
	l.pos++
	if isDigit(l.at(0)) {
		for l.pos < len(s) && isDigit(s[l.pos]) {
			l.pos++
		}
		return Param, false
	}
	p := l.pos
	for p < len(s) && (isWordPart(s[p]) && s[p] != '$') && (p > l.pos || !isDigit(s[p])) {
		p++
	}
	if p >= len(s) || s[p] != '$' {
		return Operator, false
	}
	tag := s[from : p+1]
	l.pos = p + 1
	if i := strings.Index(s[l.pos:], tag); i >= 0 {
		l.pos += i + len(tag)
		return String, false
	}
	l.pos = len(s)
	return String, true
}

// lineEnd is where the line that holds p ends: at its line feed or carriage return, or at the end of s.
func lineEnd(s string, p int) int {
	if i := strings.IndexAny(s[p:], "\n\r"); i >= 0 {
		return p + i
	}
	return len(s)
}

func isBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'
}
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isWordStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}
func isWordPart(c byte) bool { return isWordStart(c) || isDigit(c) || c == '$' }
