package suggest

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// functionsHere adds functions where a value is expected. What is in pg_catalog needs a letter first: there are
// thousands.
func (l *list) functionsHere() {
	l.routines("faw", rankFunction, false)
	if l.quoted {
		return
	}
	if l.typed != "" {
		for _, name := range slices.Sorted(maps.Keys(special)) {
			s := special[name]
			if name != "cast" && name != "exists" && name != "extract" {
				l.add(rankSystem, name, l.call(name, "("+s.arguments+") → "+s.result, true, ""))
			}
		}
		if len(l.names.Functions("pg_catalog")) == 0 {
			for _, name := range common {
				l.add(rankSystem, name, l.call(name, "", true, ""))
			}
		}
	}
}

// call is the suggestion of a function, with its parentheses unless they follow already.
func (l *list) call(name, detail string, arguments bool, comment string) Suggestion {
	s := Suggestion{Label: name, Apply: name + "()", Kind: "function", Detail: detail, Info: comment}
	switch {
	case l.to < len(l.text) && l.text[l.to] == '(':
		s.Apply = name
	case arguments:
		s.Apply = name + "(${})"
	}
	return s
}

// routines adds those of the kinds, one for each name. bare is for DDL: without parentheses, trigger functions too.
func (l *list) routines(kinds string, rank int, bare bool) {
	q := l.qualifier()
	if q != nil {
		l.routinesOf(q[len(q)-1], kinds, rank, bare, false)
		return
	}
	path := l.names.SearchPath()
	for _, s := range path {
		at := rank
		if isSystem(s) {
			if l.typed == "" {
				continue
			}
			at++
		}
		l.routinesOf(s, kinds, at, bare, false)
	}
	if l.typed == "" {
		return
	}
	for _, s := range l.names.Schemas() {
		if !s.System && !slices.Contains(path, s.Name) {
			l.routinesOf(s.Name, kinds, rank+2, bare, true)
		}
	}
}

func (l *list) routinesOf(schema, kinds string, rank int, bare, qualified bool) {
	all := l.names.Functions(schema)
	for i := 0; i < len(all); {
		f := all[i]
		forms, hidden := 1, inner(f)
		for i++; i < len(all) && all[i].Name == f.Name; i++ {
			forms++
			if hidden && !inner(all[i]) {
				f, hidden = all[i], false
			}
			if all[i].Comment != f.Comment {
				f.Comment = "" // each form does something else
			}
		}
		if strings.IndexByte(kinds, f.Kind) < 0 || hidden || l.farSystem(f.Schema, f.Name) {
			continue
		}
		if !bare && f.Result == "trigger" || f.Result == "event_trigger" && !bare {
			continue
		}
		l.routine(rank, f, forms, bare, qualified)
	}
}

// farSystem tells that a name does not fit what was typed, or, of the thousands of the system, not well enough for so few
// letters.
func (l *list) farSystem(schema, name string) bool {
	f := fit(l.typed, name)
	return f == fitsNot || f > fitsStart && isSystem(schema) && len(l.typed) < 3 && l.qualifier() == nil
}

func (l *list) routine(rank int, f Function, forms int, bare, qualified bool) {
	name := l.quote(f.Name)
	if functionWords[f.Name] && !l.quoted {
		name = f.Name
	}
	if qualified {
		name = Quote(f.Schema) + "." + name
	}
	detail := signature(f)
	if forms > 1 {
		detail = strconv.Itoa(forms) + " forms"
	}
	s := l.call(name, detail, forms > 1 || len(f.Arguments) > 0, f.Comment)
	if bare && f.Result != "trigger" && l.trail != nil && l.trail[0] != "call" {
		s.Apply = name
	}
	l.add(rank, f.Name, s)
}

// signature is "(amount numeric) → numeric".
func signature(f Function) string {
	s := "(" + strings.Join(f.Arguments, ", ") + ")"
	if f.Result != "" {
		s += " → " + f.Result
	}
	return s
}

// inner tells that a function is there for the server: support for types, operators and indexes.
func inner(f Function) bool {
	if !isSystem(f.Schema) {
		return false
	}
	switch f.Comment {
	case "I/O", "hash", "less-equal-greater", "for use by pg_upgrade", "sort support", "selectivity", "join selectivity":
		return true
	}
	if reserved[f.Name] && !functionWords[f.Name] || strings.HasPrefix(f.Comment, "implementation of ") || strings.HasPrefix(f.Comment, "for use by pg_upgrade") || f.Result == "internal" || f.Result == "cstring" || strings.HasSuffix(f.Result, "_handler") {
		return true
	}
	for _, a := range f.Arguments {
		if strings.HasSuffix(a, "internal") || strings.HasSuffix(a, "cstring") {
			return true
		}
	}
	return false
}

// setReturning adds functions that FROM can read from.
func (l *list) setReturning() {
	q := l.qualifier()
	add := func(schema string, rank int, qualified bool) {
		all := l.names.Functions(schema)
		for i := 0; i < len(all); i++ {
			f := all[i]
			if !f.Set || l.farSystem(f.Schema, f.Name) || inner(f) {
				continue
			}
			forms := 0
			for _, g := range all[max(0, i-20):min(len(all), i+20)] {
				if g.Name == f.Name {
					forms++
				}
			}
			l.routine(rank, f, forms, false, qualified)
		}
	}
	if q != nil {
		add(q[len(q)-1], 2, false)
		return
	}
	path := l.names.SearchPath()
	for _, s := range path {
		if !isSystem(s) {
			add(s, 6, false)
		} else if l.typed != "" {
			add(s, 7, false)
		}
	}
	for _, s := range l.names.Schemas() {
		if l.typed != "" && !s.System && !slices.Contains(path, s.Name) {
			add(s.Name, 7, true)
		}
	}
}

// typeNamed finds a type by its written name.
func (r *resolver) typeNamed(name []string) (Type, bool) {
	if len(name) == 0 {
		return Type{}, false
	}
	schemas := r.names.SearchPath()
	if len(name) > 1 {
		schemas = []string{name[len(name)-2]}
	}
	for _, s := range schemas {
		for _, t := range r.names.Types(s) {
			if t.Name == name[len(name)-1] {
				return t, true
			}
		}
	}
	return Type{}, false
}

var typeKinds = map[byte]string{'e': "enum", 'd': "domain", 'c': "composite", 'r': "range", 'm': "multirange", 'b': "base", 'p': "pseudo"}

// typeNames adds types.
func (l *list) typeNames() {
	add := func(rank int, t Type, qualified bool) {
		name := l.quote(t.Name)
		if qualified {
			name = Quote(t.Schema) + "." + name
		}
		detail := typeKinds[t.Kind]
		if n := len(t.Labels); n > 0 {
			detail += ", " + plurals(n, "value")
		}
		l.add(rank, t.Name, Suggestion{Label: name, Apply: name, Kind: "type", Detail: detail, Info: t.Comment})
	}
	if q := l.qualifier(); q != nil {
		for _, t := range l.names.Types(q[len(q)-1]) {
			add(0, t, false)
		}
		return
	}
	if !l.quoted {
		for _, t := range commonTypes {
			l.add(0, t.name, Suggestion{Label: t.name, Apply: t.name, Kind: "type", Detail: t.detail})
		}
	}
	path := l.names.SearchPath()
	for _, s := range path {
		if isSystem(s) && l.typed == "" {
			continue
		}
		rank := 0
		if isSystem(s) {
			rank = 3
		}
		for _, t := range l.names.Types(s) {
			if t.Kind != 'p' || !isSystem(s) {
				add(rank, t, false)
			}
		}
	}
	for _, s := range l.names.Schemas() {
		if s.System || slices.Contains(path, s.Name) {
			continue
		}
		for _, t := range l.names.Types(s.Name) {
			add(2, t, true)
		}
	}
	l.schemas(2)
}
