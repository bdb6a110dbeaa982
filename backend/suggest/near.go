package suggest

import (
	"cmp"
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

type guess struct {
	score    int
	from, to int // tokens
	text     string
	detail   string
}

// unresolved finds the one relation of a statement that is not known, when the server does not say where it is.
func (n *nearest) unresolved(names Names, code string) bool {
	r, ok := readAt(n.text, firstWord(n.text))
	if !ok || code != "42P01" && code != "3F000" {
		return false
	}
	p, pl := parse(r)
	n.resolver, n.place = &resolver{names: names, p: p}, pl
	var missing *item
	for _, it := range p.items {
		if len(it.name) == 0 || it.call || len(it.name) == 1 && n.cte(it.scope, it.name[0]) != nil {
			continue
		}
		if _, ok := n.relation(it.name); ok || code == "3F000" && len(it.name) < 2 {
			continue
		}
		if missing != nil {
			return false
		}
		missing = it
	}
	if missing == nil {
		return false
	}
	n.place.clause = inFrom
	n.chain = chainAt{from: missing.at.from, to: missing.at.from + 2*len(missing.name) - 1, parts: missing.name}
	n.chain.at = n.chain.from
	return n.chain.to <= len(p.toks)
}

func firstWord(text string) int {
	for l := sqltext.NewLexer(text); ; {
		t, ok := l.Next()
		if !ok || t.Kind != sqltext.Blank && t.Kind != sqltext.Comment && t.Kind != sqltext.Semicolon {
			return t.From
		}
	}
}

// near tells how near a name is to what was written; less is nearer. ok is false when it is not.
func near(written, name string) (score int, ok bool) {
	if written == name {
		return 0, true
	}
	if d := len(written) - len(name); d > 8 || d < -8 {
		return 0, false // most of thousands, at no cost
	}
	w, m := strings.ToLower(written), strings.ToLower(name)
	bare := func(s string) string { return strings.ReplaceAll(s, "_", "") }
	switch {
	case w == m:
		return 1, true
	case bare(w) == bare(m), plural(w) == m, plural(m) == w:
		return 2, true
	}
	limit := 0
	switch n := len([]rune(w)); {
	case n > 8:
		limit = 3
	case n > 4:
		limit = 2
	case n > 2:
		limit = 1
	}
	if d := distance([]rune(w), []rune(m), limit); d <= limit {
		return d + 2, true
	}
	return 0, false
}

func plural(s string) string {
	if strings.HasSuffix(s, "y") {
		return s[:len(s)-1] + "ies"
	}
	return s + "s"
}

// distance counts the letters to change, add, leave out, or exchange with their neighbour; limit+1 for any more than
// limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	two, one, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(one[j]+1, row[j-1]+1, one[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one, row = one, row, two
	}
	return one[len(b)]
}

// guess takes a candidate for tokens [from, to) when its name is near to what was written.
func (n *nearest) guess(penalty int, written, name string, from, to int, text, detail string) {
	score, ok := near(written, name)
	if !ok || n.text[n.p.toks[from].from:n.p.toks[to-1].to] == text {
		return
	}
	n.found = append(n.found, guess{score + penalty, from, to, text, detail})
}

// result keeps the best: at most three, and none much farther than the first.
func (n *nearest) result() Mistake {
	m := Mistake{Name: sqltext.Head(n.name, 140), Why: n.why, Known: n.known, Qualifier: n.qualifier}
	slices.SortStableFunc(n.found, func(a, b guess) int { return cmp.Compare(a.score, b.score) })
	units := sqltext.NewCursor(n.text)
	for _, g := range n.found {
		if len(m.Near) == 3 || g.score > n.found[0].score+1 {
			break
		}
		if slices.ContainsFunc(m.Near, func(x Near) bool { return x.Text == g.text }) {
			continue
		}
		f := Near{Text: g.text, Detail: g.detail}
		f.From, _ = units.To(n.p.toks[g.from].from)
		f.To, _ = units.To(n.p.toks[g.to-1].to)
		m.Near = append(m.Near, f)
	}
	return m
}

func columnDetail(c column) string {
	if c.NotNull {
		return strings.TrimSpace(c.Type + " not null")
	}
	return c.Type
}
