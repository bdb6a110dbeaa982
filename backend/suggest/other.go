package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// noise are words that change nothing about what may follow the ones around them.
var noise = set("if exists or replace temp temporary unlogged unique only concurrently recursive local")

// verbs are the first words of the statements that other reads.
var verbs = set(`create alter drop comment grant revoke truncate vacuum analyze analyse lock copy refresh cluster reindex set show
reset call do begin start commit rollback abort end savepoint release prepare execute deallocate declare fetch move close
listen notify unlisten discard checkpoint load reassign security import explain`)

// grammarWords are the words of those statements; every other word is taken for a name, "·" in the trail.
var grammarWords = set(`access action add admin after aggregate all alter always analyze and any array as attach authorization
before begin by cascade check cluster column columns comment commit concurrently conflict constraint constraints copy create cross
current database declare default deferrable deferred definer delete depends detach disable do domain drop each enable
event exclude execute extension external for force foreign format from function functions generated global grant granted group header
identity immediate immutable in increment index inherit inherits initially inout insert instead instance into is key language
large level like lock logged match materialized maxvalue method minvalue mode move name names no not nothing null object of off on only
option options or out over owned owner parallel parameter partition password policy prepare preserve primary privileges procedural
procedure public publication range reassign recursive references refresh reindex rename replace replica reset restrict returning
returns revoke role roles routine routines row rule schema schemas security select sequence sequences server session set setof
show sql stable start statement statistics storage stored strict subscription system table tables tablespace temp temporary then to
transaction trigger truncate trusted type types unique unlogged update usage user using vacuum valid validate values variadic
verbose view volatile when where with without work write zone atomic called input security invoker cost rows support
include nulls distinct first last asc desc matched connect temporary maintain inherit login superuser createdb createrole`)

// maxTrail bounds a trail.
const maxTrail = 32

// other reads every statement that is no query and changes no rows: the trail of its words tells what may follow.
func (p *parser) other() {
	b := &block{kind: p.word(), clauses: map[string]bool{}}
	b.scope = &scope{block: b, limit: -1}
	p.block, p.scope = b, b.scope
	p.clause = inOther
	if !verbs[p.word()] {
		p.clause = inStart
		p.next() // a word that begins nothing; what follows may
		if p.kind() == caret {
			p.clause = inNothing
		}
		return
	}
	p.run(nil, b)
}

// run reads words, names and parentheses until the statement, the parenthesis or, in a list, the element ends.
func (p *parser) run(trail []string, b *block) {
	base := len(trail)
	p.trail = trail
	for !p.done() {
		if len(trail) > maxTrail { // what a long one may go on with shows at its ends
			trail = slices.Concat(trail[:maxTrail/2], trail[len(trail)-maxTrail/4:])
		}
		p.trail, p.clause = trail, inOther
		t := p.toks[p.i]
		switch {
		case t.kind == sqltext.Operator && p.isOp(0, ','):
			if base > 0 && p.open > 0 {
				return
			}
			trail = afterComma(trail)
			p.trail = trail
			p.next()
		case t.kind == sqltext.Operator && p.isOp(0, '='):
			trail = append(trail, "=")
			p.next()
		case p.kind() == sqltext.Open:
			p.trail = append(trail, "(")
			p.inside(trail, b)
			trail = append(trail, "()")
		case p.queryHere(trail):
			p.query(&scope{limit: -1, outer: p.scope})
		case p.isExpr(trail):
			p.clause = inOtherValue
			from := p.i
			p.expr(base > 0)
			if p.i == from {
				p.next()
			}
			trail = append(trail, "·")
		case t.kind == sqltext.Word && (grammarWords[t.word] || noise[t.word] || len(trail) == 0) && !(p.kindAt(1) == sqltext.Operator && p.isOp(1, '.')) && !wantsName(trail, t.word):
			p.next()
			if !noise[t.word] || t.word == "or" && len(trail) > 0 && trail[0] != "create" {
				trail = append(trail, t.word)
			}
			if t.word == "atomic" {
				return
			}
		case t.isName():
			trail = p.nameIn(trail, b)
		case t.kind == sqltext.String || t.kind == sqltext.Number:
			trail = append(trail, "·")
			p.next()
		default:
			p.next()
		}
	}
	p.trail, p.clause = trail, inOther
}

// wantsName tells that a word is a name whatever it looks like: a setting's.
func wantsName(trail []string, word string) bool {
	if len(trail) != 1 || trail[0] != "set" && trail[0] != "show" && trail[0] != "reset" {
		return false
	}
	switch word {
	case "local", "session", "role", "transaction", "constraints", "all":
		return false
	}
	return true
}

// afterComma is the trail in front of a further element of a list.
func afterComma(trail []string) []string {
	if len(trail) > 3 && trail[0] == "alter" && trail[2] == "·" {
		return trail[:3:3]
	}
	n := len(trail)
	for n > 0 && (trail[n-1] == "·" || trail[n-1] == "()") {
		n--
	}
	return trail[:n:n]
}

// nameIn reads a name and remembers what relation it is.
func (p *parser) nameIn(trail []string, b *block) []string {
	w := expect(trail)
	parts, at, whole := p.chain()
	if p.i == at.from { // a reserved word where a name belongs
		p.next()
		return append(trail, "·")
	}
	if whole && w.clause == "relation" {
		it := &item{name: parts, at: at, end: p.i, scope: &scope{limit: -1}}
		p.items = append(p.items, it)
		if w.target {
			b.items, b.target = append(b.items[:0:0], it), it
		}
		p.item = it
	}
	if !whole {
		return trail
	}
	return append(trail, "·")
}

// queryHere tells whether what is ahead is the query of CREATE … AS, DECLARE … FOR, PREPARE … AS, COPY.
func (p *parser) queryHere(trail []string) bool {
	if len(trail) == 0 || !p.queryAhead(0) {
		return false
	}
	switch trail[len(trail)-1] {
	case "as", "for", "()":
		return trail[0] != "grant" && trail[0] != "revoke" && (trail[0] != "create" || len(trail) < 2 || trail[1] != "policy")
	}
	return false
}

// isExpr tells that an expression follows the trail, not in a parenthesis.
func (p *parser) isExpr(trail []string) bool {
	if len(trail) < 2 {
		return false
	}
	last := trail[len(trail)-1]
	switch {
	case last == "default" && trail[0] != "alter" || last == "default" && len(trail) > 3:
		return trail[len(trail)-2] != "drop"
	case last == "where":
		return true
	case last == "using" && len(trail) > 4 && trail[0] == "alter":
		return true
	case last == "call" && len(trail) == 1:
		return true
	}
	return false
}

// inside reads a parenthesis of such a statement.
func (p *parser) inside(trail []string, b *block) {
	if p.open >= maxDepth || p.text[p.toks[p.i].from] != '(' {
		p.next()
		return
	}
	if p.queryAhead(1) {
		p.group(func() { p.query(&scope{limit: -1, outer: p.scope}) })
		return
	}
	switch kind := within(trail); kind {
	case "definitions", "arguments", "returned":
		base := []string{map[string]string{"definitions": "column", "arguments": "argument", "returned": "column"}[kind]}
		p.group(func() {
			for !p.done() {
				p.definition(base, b, kind == "definitions")
			}
		})
	case "columns":
		was := p.block
		p.group(func() {
			p.clause, p.block = inColumns, &block{kind: "columns", target: p.columnsOf(trail, b), clauses: b.clauses}
			for !p.done() {
				if p.toks[p.i].isName() {
					p.block.listed = append(p.block.listed, p.toks[p.i].word)
				}
				p.next()
			}
		})
		p.block = was
	case "expression":
		p.clause = inOtherValue
		p.parenthesis()
		p.clause = inOther
	default:
		p.group(func() { p.run(append(trail[:len(trail):len(trail)], "("), b) })
		for p.isOp(0, ',') {
			p.next()
		}
	}
}

// definition reads one column, constraint or argument.
func (p *parser) definition(base []string, b *block, table bool) {
	p.trail, p.clause = base, inOther
	t := p.toks[p.i]
	if p.isOp(0, ',') {
		p.next()
		return
	}
	if !t.isName() || t.kind == sqltext.Word && (t.word == "constraint" || t.word == "primary" || t.word == "foreign" || t.word == "unique" || t.word == "check" || t.word == "exclude" || t.word == "like") && base[0] == "column" {
		from := p.i
		p.run(append(base[:1:1], "constraint·"), b)
		if p.i == from {
			p.next()
		}
		return
	}
	if w := t.word; base[0] == "argument" && (w == "in" || w == "out" || w == "inout" || w == "variadic") && t.kind == sqltext.Word {
		p.next()
		return
	}
	p.clause = inAlias
	p.next()
	if table {
		if b.target == nil {
			b.target = &item{alias: "new table", query: nil, scope: &scope{limit: -1}}
			b.items = []*item{b.target}
		}
		if b.target.query == nil && len(b.target.name) <= 2 {
			b.target.columns = append(b.target.columns, t.word)
			from := p.i
			p.run(append(base[:1:1], "·"), b)
			end := from
			for end < p.i && p.toks[end].kind == sqltext.Word && !set("not null default primary references check unique generated constraint collate")[p.toks[end].word] {
				end++
			}
			b.target.types = append(b.target.types, p.words(from, end))
			return
		}
	}
	p.run(append(base[:1:1], "·"), b)
}

// columnsOf is the relation whose columns a parenthesis lists.
func (p *parser) columnsOf(trail []string, b *block) *item {
	if n := len(trail); n > 1 && trail[n-1] == "·" && trail[n-2] == "references" {
		return p.item
	}
	return b.target
}

// within tells what a parenthesis behind the trail holds.
func within(trail []string) string {
	s := strings.Join(trail, " ")
	last := ""
	if n := len(trail); n > 0 {
		last = trail[n-1]
	}
	switch {
	case strings.HasPrefix(s, "create table ·") && strings.Count(s, " ") == 2, strings.HasPrefix(s, "create foreign table ·") && strings.Count(s, " ") == 3, s == "create type · as":
		return "definitions"
	case s == "create function ·" || s == "create procedure ·":
		return "arguments"
	case strings.HasSuffix(s, "returns table"):
		return "returned"
	case strings.HasSuffix(s, "references ·"), strings.HasSuffix(s, "primary key"), strings.HasSuffix(s, "foreign key"), last == "unique", s == "copy ·",
		strings.HasSuffix(s, "of") && strings.Contains(s, "create trigger"), last == "include", strings.HasPrefix(s, "analyze ·"), strings.HasPrefix(s, "vacuum ·"),
		strings.HasPrefix(s, "grant ") && !strings.Contains(s, " on ") || strings.HasPrefix(s, "revoke ") && !strings.Contains(s, " on "), strings.HasPrefix(s, "create publication"):
		return "columns"
	case strings.HasPrefix(s, "create index") || strings.HasPrefix(s, "alter index"), last == "check", last == "using", last == "when", last == "default", last == "values", last == "range", last == "list", last == "exclude",
		strings.HasSuffix(s, "always as"), strings.HasPrefix(s, "call"), strings.HasPrefix(s, "execute"), strings.HasPrefix(s, "create table") && strings.Contains(s, "partition by"):
		return "expression"
	}
	return ""
}
