package sqltext

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Words gives the first n words of a statement in lower case, without comments; names in quotes end the list.
func Words(stmt string, n int) []string {
	l := NewLexer(stmt)
	var words []string
	for len(words) < n {
		t, ok := l.Next()
		if !ok {
			break
		}
		switch t.Kind {
		case Blank, Comment:
			continue
		case Word:
			words = append(words, strings.ToLower(stmt[t.From:t.To]))
			continue
		}
		break
	}
	return words
}

// NeedsNoBegin tells, from its first words, that a statement controls transactions itself or may not run inside one:
// manual-commit mode sends no BEGIN before it. Like psql's AUTOCOMMIT off.
func NeedsNoBegin(stmt string) bool {
	w := Words(stmt, 4)
	is := func(i int, any ...string) bool {
		for _, a := range any {
			if i < len(w) && w[i] == a {
				return true
			}
		}
		return false
	}
	switch {
	case is(0, "begin", "start", "commit", "end", "rollback", "abort", "vacuum"):
		return true
	case is(0, "cluster"):
		return len(w) == 1 // a single table may be clustered inside
	case is(0, "prepare"):
		return is(1, "transaction")
	case is(0, "create"):
		return is(1, "database", "tablespace") || is(1, "index") && is(2, "concurrently") ||
			is(1, "unique") && is(2, "index") && is(3, "concurrently")
	case is(0, "drop"):
		return is(1, "database", "tablespace") || is(1, "index") && is(2, "concurrently")
	case is(0, "alter"):
		return is(1, "system")
	case is(0, "reindex"):
		return is(1, "database", "system") || is(2, "concurrently")
	case is(0, "discard"):
		return is(1, "all")
	}
	return false
}

// IsCommit tells that a statement ends a transaction by committing it.
func IsCommit(stmt string) bool {
	w := Words(stmt, 2)
	return len(w) > 0 && (w[0] == "commit" || w[0] == "end") && (len(w) < 2 || w[1] != "prepared")
}

// Reads tells, from its first word, that a statement is not expected to change data. A hint for words, not for safety.
func Reads(stmt string) bool {
	l := NewLexer(stmt)
	for {
		t, ok := l.Next()
		if !ok {
			return false
		}
		if t.Kind == Blank || t.Kind == Comment || t.Kind == Open {
			continue
		}
		switch strings.ToLower(stmt[t.From:t.To]) {
		case "select", "show", "explain", "values", "table", "fetch", "begin", "set":
			return true
		}
		return false
	}
}

// Head is the beginning of a statement on one line, for lists: blanks folded, comments left out, at most n characters.
func Head(stmt string, n int) string {
	var b strings.Builder
	l := NewLexer(stmt)
	count, blank := 0, false
	for {
		t, ok := l.Next()
		if !ok {
			return b.String()
		}
		if t.Kind == Blank || t.Kind == Comment {
			blank = b.Len() > 0
			continue
		}
		if blank {
			if count++; count > n {
				return b.String() + "…"
			}
			b.WriteByte(' ')
			blank = false
		}
		for _, r := range stmt[t.From:t.To] {
			if count++; count > n {
				return b.String() + "…"
			}
			if r < ' ' {
				r = ' '
			}
			b.WriteRune(r)
		}
	}
}

// BindNamed replaces the parameters that values has, :name by its name and $n by its number, by $1, $2 …, and returns
// the values in that order; nil stands for NULL. One without a value stays: a colon has other meanings too, as in array
// slices.
func BindNamed(stmt string, values map[string]*string) (string, []*string) {
	if len(values) == 0 {
		return stmt, nil
	}
	var b strings.Builder
	var args []*string
	bind(stmt, func(name string) bool { _, ok := values[name]; return ok }, func(_ Token, text, name string) bool {
		b.WriteString(text)
		if name != "" {
			args = append(args, values[name])
		}
		return true
	})
	return b.String(), args
}

// Parameters names the parameters of a statement, :name by its name and $n by its number, in the order they are met.
// Those of a statement that has $n for itself, such as PREPARE, are left out.
func Parameters(stmt string) []string {
	var names []string
	if w := Words(stmt, 1); len(w) == 1 && (w[0] == "prepare" || w[0] == "create" || w[0] == "do") {
		return nil
	}
	bind(stmt, func(string) bool { return true }, func(_ Token, _, name string) bool {
		if name != "" {
			names = append(names, name)
		}
		return true
	})
	return names
}

// ByteOfBound finds the byte offset in stmt of a character, from 1, of what BindNamed made of it.
func ByteOfBound(stmt string, values map[string]*string, char int) int {
	if len(values) == 0 {
		return ByteOfChar(stmt, char)
	}
	at, n := len(stmt), 1
	bind(stmt, func(name string) bool { _, ok := values[name]; return ok }, func(t Token, text, _ string) bool {
		length := utf8.RuneCountInString(text)
		if char >= n+length {
			n += length
			return true
		}
		at = t.From // of a parameter: its beginning
		if text == stmt[t.From:t.To] {
			at += ByteOfChar(text, char-n+1)
		}
		return false
	})
	return at
}

// bind calls f with each token and what is sent for it, and with the name of a parameter that is known and met first,
// until f has enough.
func bind(stmt string, known func(name string) bool, f func(t Token, text, name string) bool) {
	number := map[string]int{}
	l := NewLexer(stmt)
	for {
		t, ok := l.Next()
		if !ok {
			return
		}
		text, fresh := stmt[t.From:t.To], ""
		if t.Kind == Param {
			name := text[1:]
			if known(name) {
				if number[name] == 0 {
					number[name], fresh = len(number)+1, name
				}
				text = fmt.Sprintf("$%d", number[name])
			}
		}
		if !f(t, text, fresh) {
			return
		}
	}
}
