package suggest

import (
	"slices"
	"strings"

	"desktop.tusk/backend/sqltext"
)

// SignaturesAt tells the argument lists of the call the cursor stands in, those that have the argument first.
func SignaturesAt(names Names, text string, cursor int) Signatures {
	g := Signatures{Choices: []Signature{}}
	r, ok := readCaret(text, sqltext.ByteOfUnit(text, cursor), true)
	if !ok {
		return g
	}
	p, pl := parse(r)
	res := &resolver{names: names, p: p}
	for i := len(pl.calls) - 1; i >= 0; i-- {
		c := pl.calls[i]
		if c.name.to == c.name.from {
			continue
		}
		var parts []string
		for j := c.name.from; j < c.name.to; j += 2 {
			parts = append(parts, p.toks[j].word)
		}
		return res.signatures(parts, c.commas)
	}
	return g
}

func (r *resolver) signatures(name []string, argument int) Signatures {
	g := Signatures{Argument: argument, Choices: []Signature{}}
	list := r.functions(name)
	takes := func(f Function) bool {
		n := len(f.Arguments)
		return argument < n || argument == 0 || n > 0 && strings.HasPrefix(f.Arguments[n-1], "VARIADIC ")
	}
	if slices.ContainsFunc(list, takes) {
		list = slices.DeleteFunc(slices.Clone(list), func(f Function) bool { return !takes(f) })
	}
	for _, f := range list {
		args := f.Arguments
		if args == nil {
			args = []string{}
		}
		g.Name = Quote(f.Schema) + "." + quoteFunction(f.Name)
		g.Choices = append(g.Choices, Signature{Arguments: args, Result: f.Result, Comment: f.Comment})
	}
	if s, ok := special[name[0]]; ok && len(name) == 1 && len(list) == 0 {
		g.Name = name[0]
		g.Choices = append(g.Choices, Signature{Arguments: strings.Split(s.arguments, ", "), Result: s.result})
	}
	if g.Name == "" {
		return Signatures{Choices: []Signature{}}
	}
	return g
}
