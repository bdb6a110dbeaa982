package catalog

import (
	"context"
	"fmt"
	"strings"

	"desktop.tusk/backend/apperr"
)

// Drop tells what dropping an object would run and take along; nothing is dropped. kind is as for Definition. Of many
// dependents the first 200 are named and the others counted. Errors: as Definition.
func (c *Catalog) Drop(ctx context.Context, q Querier, kind string, oid uint32) (DropPlan, error) {
	class, ok := classes[kind]
	if !ok {
		return DropPlan{}, apperr.E(apperr.Unsupported, "Objects of this kind are not dropped from here.", apperr.Op("catalog.drop"))
	}
	what, err := c.identify(ctx, q, kind, oid)
	if err != nil {
		return DropPlan{}, err
	}
	rows, err := q.Query(ctx, question("dependents", c.major()), class, decimal(oid))
	if err != nil {
		return DropPlan{}, err
	}
	p := DropPlan{SQL: "DROP " + what + ";", Cascade: "DROP " + what + " CASCADE;", Dependents: make([]string, len(rows))}
	for i, r := range rows {
		p.Dependents[i] = row(r).text(0)
	}
	if n := len(rows); n > 0 {
		if all := row(rows[0]).number(1); all > n {
			p.Dependents = append(p.Dependents, fmt.Sprintf("and %d more", all-n))
		}
	}
	return p, nil
}

// identify gives the word and the name that DROP wants: TABLE public.orders.
func (c *Catalog) identify(ctx context.Context, q Querier, kind string, oid uint32) (string, error) {
	if kind == "function" {
		rows, err := q.Query(ctx, question("definition_function", c.major()), decimal(oid))
		if err != nil {
			return "", err
		}
		if len(rows) == 0 {
			return "", gone(kind, "catalog.drop")
		}
		return row(rows[0]).text(0) + " " + row(rows[0]).text(1), nil
	}
	rows, err := q.Query(ctx, question("identify", c.major()), classes[kind], decimal(oid))
	if e := apperr.From(err); e != nil && e.Code == "XX000" { // before 14 an object that is gone is an error
		rows, err = nil, nil
	}
	if err != nil {
		return "", err
	}
	if len(rows) == 0 || row(rows[0]).text(1) == "" {
		return "", gone(kind, "catalog.drop")
	}
	word, name := strings.ToUpper(row(rows[0]).text(0)), row(rows[0]).text(1)
	switch {
	case row(rows[0]).yes(2):
		word = "DOMAIN"
	case word == "COMPOSITE TYPE":
		word = "TYPE"
	}
	return word + " " + name, nil
}
