package sqltext

import "strings"

// PieceKind tells what a piece of a script is.
type PieceKind uint8

// The kinds of piece.
const (
	Statement PieceKind = iota
	Empty               // blanks, comments, a lonely semicolon: nothing to run
	Meta                // a line of psql's own, from its backslash on
)

// Piece is a part of a script. All offsets are bytes of the source.
type Piece struct {
	Kind PieceKind
	// From and To tile the source: a piece begins where the one before it ends.
	From, To int
	// Start and End bound what is to be run, from the first word to the last, without the semicolon.
	Start, End int
	// Send is where the text for the server begins: Start, or a comment before it, which may hold planner hints.
	Send int
	// DataFrom and DataTo bound the lines of data behind COPY … FROM stdin, without the line \. that ends them; the two
	// are equal when there are no lines. Both are 0 when no line \. follows.
	DataFrom, DataTo int
	// CopyIn says that the statement is a COPY … FROM stdin, with data or without.
	CopyIn bool
	// Unterminated says that a quote or comment in it has no end.
	Unterminated bool
}

// Text is what is sent to the server.
func (p Piece) Text(src string) string { return src[p.Send:p.End] }

// Options tell Split about the session the script is for.
type Options struct {
	// BackslashQuotes reads '…' as with standard_conforming_strings = off.
	BackslashQuotes bool
}

// Split cuts a script into statements. It never fails: what is no SQL comes out as one statement for the server to
// refuse.
func Split(src string, o Options) []Piece {
	sp := splitter{src: src, lex: Lexer{src: src, backslash: o.BackslashQuotes}}
	if strings.HasPrefix(src, "\ufeff") {
		sp.lex.pos = len("\ufeff")
	}
	return sp.run()
}

type splitter struct {
	src    string
	lex    Lexer
	pieces []Piece
	cur    Piece
	begun  bool // cur has a word
	depth  int  // open parentheses
	// words are the first words of the statement at depth 0, in lower case: what tells CREATE FUNCTION and COPY.
	words  []string
	last   string // the last word, in lower case
	body   int    // depth of BEGIN ATOMIC … END
	fromIn bool   // COPY … FROM stdin was seen
	noEnd  bool   // no line \. follows: it was looked for
}

func (s *splitter) run() []Piece {
	s.reset(0)
	for {
		t, ok := s.lex.Next()
		if !ok {
			break
		}
		s.token(t)
	}
	if len(s.src) > s.cur.From || len(s.pieces) == 0 {
		s.finish(len(s.src))
	}
	return s.pieces
}

func (s *splitter) reset(from int) {
	s.cur = Piece{Kind: Empty, From: from, Send: -1}
	s.begun, s.depth, s.words, s.last, s.body, s.fromIn = false, 0, s.words[:0], "", 0, false
}

func (s *splitter) token(t Token) {
	switch t.Kind {
	case Blank:
		return
	case Comment:
		if s.cur.Send < 0 && strings.HasPrefix(s.src[t.From:], "/*") {
			s.cur.Send = t.From
		}
		s.cur.Unterminated = s.cur.Unterminated || t.Unterminated
		return
	case Semicolon:
		if s.depth > 0 || s.body > 0 {
			break
		}
		s.semicolon(t)
		return
	case Backslash:
		s.meta(t)
		return
	case Open:
		s.depth++
	case Close:
		s.depth = max(0, s.depth-1)
	case Word:
		if s.depth == 0 {
			s.word(strings.ToLower(s.src[t.From:t.To]))
		}
	}
	if !s.begun {
		s.begun, s.cur.Kind, s.cur.Start = true, Statement, t.From
		if s.cur.Send < 0 {
			s.cur.Send = t.From
		}
	}
	s.cur.End = t.To
	s.cur.Unterminated = s.cur.Unterminated || t.Unterminated
}

// word follows the few statements in which a semicolon, or what comes behind one, means something else.
func (s *splitter) word(w string) {
	if len(s.words) < 4 {
		s.words = append(s.words, w)
	}
	switch {
	case s.body > 0 && w == "case":
		s.body++
	case s.body > 0 && w == "end":
		s.body--
	case s.body == 0 && w == "atomic" && s.last == "begin" && createsRoutine(s.words):
		s.body = 1
	case w == "stdin" && s.last == "from" && s.words[0] == "copy":
		s.fromIn = true
	}
	s.last = w
}

func createsRoutine(words []string) bool {
	if len(words) < 2 || words[0] != "create" {
		return false
	}
	w := words[1]
	if w == "or" && len(words) == 4 {
		w = words[3]
	}
	return w == "function" || w == "procedure"
}

func (s *splitter) semicolon(t Token) {
	if s.begun && s.fromIn {
		s.copyData(t.To)
		return
	}
	s.finish(t.To)
}

// copyData takes the lines behind COPY … FROM stdin; up to the line \. as data. Without that line there are none: the
// statement was typed alone, and what follows is SQL.
func (s *splitter) copyData(semi int) {
	s.cur.CopyIn = true
	eol := lineEnd(s.src, semi)
	if s.noEnd || strings.TrimLeft(s.src[semi:eol], " \t") != "" || eol == len(s.src) {
		s.finish(semi)
		return
	}
	from := nextLine(s.src, eol)
	for p := from; p < len(s.src); {
		end := lineEnd(s.src, p)
		if s.src[p:end] == `\.` {
			s.cur.DataFrom, s.cur.DataTo = from, p
			s.lex.pos = end
			s.finish(end)
			return
		}
		p = nextLine(s.src, end)
	}
	s.noEnd = true
	s.finish(semi)
}

// nextLine is where the line after the line end at eol begins.
func nextLine(src string, eol int) int {
	if eol+1 < len(src) && src[eol] == '\r' && src[eol+1] == '\n' {
		return eol + 2
	}
	return min(eol+1, len(src))
}

// meta takes a psql command: from its backslash to the end of the line. What stood before it is a statement of its own.
func (s *splitter) meta(t Token) {
	if s.begun || s.cur.From < t.From && strings.TrimSpace(s.src[s.cur.From:t.From]) != "" {
		s.finish(t.From)
	}
	end := lineEnd(s.src, t.From)
	s.cur.Kind, s.cur.Start, s.cur.Send, s.begun = Meta, t.From, t.From, true
	s.cur.End = t.From + len(strings.TrimRight(s.src[t.From:end], " \t"))
	s.lex.pos = end
	s.finish(end)
}

func (s *splitter) finish(to int) {
	s.cur.To = to
	if s.fromIn {
		s.cur.CopyIn = true
	}
	if s.cur.Kind == Empty {
		s.cur.Start, s.cur.End, s.cur.Send = to, to, to
	}
	s.pieces = append(s.pieces, s.cur)
	s.reset(to)
}

// At picks the piece to run for a cursor at byte offset pos: the statement that holds it, or touches it; between two
// statements the one before it on the same line, else the one after, else the one before. -1 when there is none.
func At(src string, pieces []Piece, pos int) int {
	before := -1
	for i, p := range pieces {
		if p.Kind == Empty {
			continue
		}
		end := max(p.End, p.DataTo)
		if pos >= p.Start && pos <= end {
			return i
		}
		if p.Start > pos {
			if before >= 0 && !strings.ContainsAny(src[min(pieces[before].End, pos):pos], "\n\r") {
				return before
			}
			return i
		}
		before = i
	}
	return before
}
