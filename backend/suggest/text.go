package suggest

import (
	"strings"

	"desktop.tusk/backend/sqltext"
)

// caret is the kind of the token that stands for the name being typed.
const caret sqltext.TokenKind = 255

// tok is a token that means something. Offsets are bytes of the whole text.
type tok struct {
	kind     sqltext.TokenKind
	from, to int
	word     string // of a Word what the server makes of it, of a Name what is in the quotes
}

func (t tok) isName() bool { return t.kind == sqltext.Word || t.kind == sqltext.Name }

// reading is the statement around a place of a text.
type reading struct {
	text string
	toks []tok
	mark int // the token at the place: the caret, or what is pointed at
	// from and to bound what a candidate replaces, typed is what stands before the caret in it.
	from, to int
	typed    string
	quoted   bool // a quote is open
}

// maxBodies bounds function bodies in function bodies.
const maxBodies = 4

// statementAt lexes the statement that holds byte pos of text[lo:hi], going into the bodies of functions. ok is false
// where no SQL stands: lines of psql's, data, strings.
func statementAt(text string, lo, hi, pos, bodies int) (raw []sqltext.Token, body, ok bool) {
	piece, ok := pieceAt(text[lo:hi], pos-lo)
	if !ok {
		return nil, false, false
	}
	lo, hi = lo+piece.From, lo+piece.To
	if piece.DataFrom > 0 {
		hi = lo + max(piece.End-piece.From, 0)
	}
	if pos > hi {
		return nil, false, false // in the data
	}
	raw = lex(text, lo, hi, pos)
	for _, t := range raw {
		if t.From >= pos {
			break
		}
		if t.Kind != sqltext.String || pos >= t.To && !t.Unterminated || text[t.From] != '$' {
			continue
		}
		if bodies == 0 || !holdsSQL(text, raw) {
			return nil, false, false
		}
		tag := t.From + 2 + strings.IndexByte(text[t.From+1:], '$')
		end := t.To
		if !t.Unterminated {
			end -= tag - t.From
		}
		if pos < tag || pos > end {
			return nil, false, false
		}
		raw, _, ok = statementAt(text, tag, end, pos, bodies-1)
		return raw, true, ok
	}
	return raw, false, true
}

// pieceAt finds the part of a script that is written at pos: behind a semicolon, the next one. ok is false for a line of
// psql's.
func pieceAt(src string, pos int) (sqltext.Piece, bool) {
	pieces := sqltext.Split(src, sqltext.Options{})
	for i, p := range pieces {
		if pos > p.To || pos == p.To && i+1 < len(pieces) && (p.Kind == sqltext.Empty || closed(src, p)) {
			continue
		}
		if pos == p.To && closed(src, p) { // behind the last semicolon
			return sqltext.Piece{From: pos, To: pos}, true
		}
		return p, p.Kind != sqltext.Meta
	}
	return sqltext.Piece{From: len(src), To: len(src)}, true
}

func closed(src string, p sqltext.Piece) bool {
	return p.To > p.From && (src[p.To-1] == ';' || p.DataFrom > 0)
}

// A statement of a megabyte, such as an INSERT of many rows, is read only where it matters: its beginning, and what
// stands around the place.
const (
	headTokens  = 20_000
	aroundPlace = 32 << 10 // bytes
)

// lex gives the tokens of text[lo:hi], of a long one without those far from pos.
func lex(text string, lo, hi, pos int) []sqltext.Token {
	hi = min(hi, max(pos, lo)+aroundPlace)
	raw := make([]sqltext.Token, 0, min((hi-lo)/4+8, headTokens))
	l := sqltext.NewLexer(text[lo:hi])
	for {
		t, ok := l.Next()
		if !ok {
			return raw
		}
		t.From, t.To = t.From+lo, t.To+lo
		if len(raw) < headTokens || t.To > pos-aroundPlace {
			raw = append(raw, t)
		}
	}
}

// holdsSQL tells whether the strings in dollar quotes of a statement are function bodies in a language that is SQL.
func holdsSQL(text string, raw []sqltext.Token) bool {
	if len(raw) == 0 {
		return false
	}
	switch w := sqltext.Words(text[raw[0].From:], 4); {
	case len(w) > 0 && w[0] == "do":
	case len(w) > 1 && w[0] == "create" && (routine(w[1]) || len(w) == 4 && w[1] == "or" && routine(w[3])):
	default:
		return false
	}
	language := false
	for _, t := range raw {
		switch t.Kind {
		case sqltext.Word, sqltext.Name, sqltext.String:
			w := strings.ToLower(text[t.From:t.To])
			if language {
				w = strings.Trim(w, `"'`)
				return w == "sql" || w == "plpgsql"
			}
			language = w == "language" && t.Kind == sqltext.Word
		}
	}
	return true
}

func routine(w string) bool { return w == "function" || w == "procedure" }

// meaning keeps the tokens that mean something.
func meaning(text string, raw []sqltext.Token, toks []tok) []tok {
	for _, t := range raw {
		if t.Kind != sqltext.Blank && t.Kind != sqltext.Comment {
			toks = append(toks, token(text, t))
		}
	}
	return toks
}

func token(text string, t sqltext.Token) tok {
	k := tok{kind: t.Kind, from: t.From, to: t.To}
	switch t.Kind {
	case sqltext.Word:
		k.word = fold(text[t.From:t.To])
	case sqltext.Name:
		k.word = unquote(text[t.From:t.To])
	}
	return k
}

// readCaret reads the statement around a caret. ok is false where nothing can be completed; with values, the caret may
// also stand in a value that is written, which it then takes the place of.
func readCaret(text string, pos int, values bool) (r reading, ok bool) {
	raw, body, ok := statementAt(text, 0, len(text), pos, maxBodies)
	if !ok {
		return r, false
	}
	r = reading{text: text, from: pos, to: pos}
	// i is the first token that reaches the caret.
	i := 0
	for i < len(raw) && raw[i].To < pos {
		i++
	}
	rest := i
	if i < len(raw) && raw[i].From < pos {
		t := raw[i]
		inside := pos < t.To || t.Unterminated
		switch t.Kind {
		case sqltext.Comment:
			if inside || text[t.From] == '-' {
				return r, false
			}
			rest++
		case sqltext.String, sqltext.Number, sqltext.Param:
			if !values && (inside || t.Kind != sqltext.String) {
				return r, false
			}
			if values {
				r.from = t.From
			}
			rest++
		case sqltext.Word:
			r.from, r.to, r.typed = t.From, t.To, text[t.From:pos]
			rest++
		case sqltext.Name:
			r.openName(raw, i, pos)
			r.inBody(body)
			return r, true
		default:
			if !inside {
				rest++
			}
		}
		if rest > i && r.from == pos {
			i++ // the token stays, before the caret
		}
	}
	r.toks = meaning(text, raw[:i], make([]tok, 0, len(raw)-rest+i+1))
	r.mark = len(r.toks)
	r.toks = append(r.toks, tok{kind: caret, from: r.from, to: r.to})
	r.toks = meaning(text, raw[rest:], r.toks)
	r.inBody(body)
	return r, true
}

// openName reads on behind a name in quotes that the caret stands in. When the quotes of the statement do not add up, it
// is this one that is not closed yet, and what the lexer made of the rest is wrong.
func (r *reading) openName(raw []sqltext.Token, i, pos int) {
	t := raw[i]
	hi := raw[len(raw)-1].To
	r.from, r.to, r.quoted = t.From, t.To, true
	r.typed = unquote(r.text[t.From:pos])
	r.toks = meaning(r.text, raw[:i], nil)
	r.mark = len(r.toks)
	rest := raw[i+1:]
	if last := raw[len(raw)-1]; last.Unterminated && last.Kind == sqltext.Name {
		r.to = pos
		for r.to < hi && (r.text[r.to] == '_' || r.text[r.to] >= 'a' && r.text[r.to] <= 'z' || r.text[r.to] >= 'A' && r.text[r.to] <= 'Z' || r.text[r.to] >= 0x80) {
			r.to++
		}
		rest = lex(r.text, r.to, hi, r.to)
	}
	r.toks = append(r.toks, tok{kind: caret, from: r.from, to: r.to})
	r.toks = meaning(r.text, rest, r.toks)
}

// readAt reads the statement around a place and marks the token there: the one that begins at it, or holds it, or ends
// at it. ok is false where there is none.
func readAt(text string, pos int) (r reading, ok bool) {
	raw, body, ok := statementAt(text, 0, len(text), pos, maxBodies)
	if !ok {
		return r, false
	}
	r = reading{text: text, from: pos, to: pos, mark: -1, toks: meaning(text, raw, make([]tok, 0, len(raw)))}
	for i, t := range r.toks {
		if t.from <= pos && pos < t.to || pos == t.to && r.mark < 0 && t.isName() {
			r.mark = i
		}
		if t.from > pos {
			break
		}
	}
	if r.mark < 0 {
		return r, false
	}
	r.inBody(body)
	return r, true
}

// inBody skips what PL/pgSQL writes before a statement, so that the statement is what is read.
func (r *reading) inBody(body bool) {
	if !body {
		return
	}
	cases, from := 0, 0
	for i, t := range r.toks[:r.mark] {
		if t.kind != sqltext.Word {
			continue
		}
		switch t.word {
		case "case":
			cases++
		case "end":
			cases = max(0, cases-1)
		case "begin", "then", "else", "loop", "declare":
			if cases == 0 {
				from = i + 1
			}
		}
	}
	if from > 0 && (r.toks[from-1].word != "begin" || from >= len(r.toks) || r.toks[from].word != "atomic") {
		r.toks, r.mark = r.toks[from:], r.mark-from
	}
	switch {
	case len(r.toks) > 2 && r.mark > 1 && r.toks[0].word == "return" && r.toks[1].word == "query":
		r.toks, r.mark = r.toks[2:], r.mark-2
	case r.mark > 0 && (r.toks[0].word == "perform" || r.toks[0].word == "return" || r.toks[0].word == "if" || r.toks[0].word == "elsif" || r.toks[0].word == "while"):
		r.toks[0].word = "select"
	case r.mark > 2 && r.toks[0].word == "for" && r.toks[2].word == "in":
		r.toks, r.mark = r.toks[3:], r.mark-3
	}
}
