package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
)

// Members lists the functions or types of a schema, or the extensions or roles of the server: kind is "function",
// "type", "extension" or "role". Errors: usage, and those of Querier.Query.
func (c *Catalog) Members(ctx context.Context, q Querier, kind string, schema uint32) (Members, error) {
	var rows [][][]byte
	var err error
	switch kind {
	case "function", "type":
		rows, err = q.Query(ctx, question("members_"+kind, c.major()), decimal(schema))
	case "extension":
		rows, err = q.Query(ctx, question("extensions", c.major()))
	case "role":
		rows, err = q.Query(ctx, question("members_role", c.major()))
	default:
		return Members{}, apperr.E(apperr.Usage, "There are no members of this kind.", apperr.Op("catalog.members"))
	}
	if err != nil {
		return Members{}, err
	}
	m := Members{Members: make([]Member, len(rows))}
	for i, values := range rows {
		r := row(values)
		m.Members[i] = Member{OID: r.oid(0), Name: r.text(1), Detail: r.text(2), Variant: variant(kind, r.char(3)), Comment: r.text(4)}
	}
	slices.SortFunc(m.Members, func(a, b Member) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Name, b.Name), strings.Compare(a.Detail, b.Detail))
	})
	return m, nil
}

// variant names a prokind or a typtype.
func variant(kind string, letter byte) string {
	words := map[byte]string{'f': "function", 'p': "procedure", 'a': "aggregate", 'w': "window"}
	if kind == "type" {
		words = map[byte]string{'b': "base", 'c': "composite", 'd': "domain", 'e': "enum", 'r': "range", 'm': "multirange", 'p': "pseudo"}
	}
	return words[letter]
}
