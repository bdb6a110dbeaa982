package catalog

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
)

// Definition writes the SQL that makes an object, with its indexes, triggers, comments, owner and privileges. kind is
// "relation", "function", "type", "schema" or "extension". Errors: missing; unsupported, for other kinds; and those of
// Querier.Ask.
func (c *Catalog) Definition(ctx context.Context, q Querier, kind string, oid uint32) (Definition, error) {
	w := &writer{}
	var err error
	class := classes[kind]
	switch kind {
	case "relation":
		err = c.defineRelation(ctx, q, oid, w)
	case "function":
		err = c.defineFunction(ctx, q, oid, w)
	case "type":
		err = c.defineType(ctx, q, oid, w)
	case "schema":
		err = c.defineSchema(ctx, q, oid, w)
	case "extension":
		err = c.defineExtension(ctx, q, oid, w)
	default:
		err = apperr.E(apperr.Unsupported, "There is no definition for this kind of object.", apperr.Op("catalog.definition"))
	}
	if err != nil {
		return Definition{}, err
	}
	rows, err := q.Query(ctx, question("in_extension", c.major()), class, decimal(oid))
	if err != nil {
		return Definition{}, err
	}
	for _, r := range rows {
		w.miss("It belongs to the extension " + row(r).text(0) + ", which makes it.")
	}
	return Definition{SQL: w.sql.String(), Missing: strings.Join(w.missing, " ")}, nil
}

// classes are the system catalogs in which the kinds of objects are.
var classes = map[string]string{
	"relation": "pg_catalog.pg_class", "function": "pg_catalog.pg_proc", "type": "pg_catalog.pg_type",
	"schema": "pg_catalog.pg_namespace", "extension": "pg_catalog.pg_extension",
}

// writer collects statements.
type writer struct {
	sql     strings.Builder
	missing []string
}

// say adds a statement; "" is none.
func (w *writer) say(statement string) {
	if statement == "" {
		return
	}
	if w.sql.Len() > 0 {
		w.sql.WriteString("\n")
	}
	w.sql.WriteString(statement)
	w.sql.WriteString(";\n")
}

func (w *writer) miss(sentence string) {
	if !slices.Contains(w.missing, sentence) {
		w.missing = append(w.missing, sentence)
	}
}

// comment says COMMENT ON.
func (w *writer) comment(word, name, text string) {
	if text != "" {
		w.say("COMMENT ON " + word + " " + name + " IS " + literal(text))
	}
}

// literal quotes a text so that every server reads the same, whatever standard_conforming_strings says.
func literal(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if strings.Contains(text, `\`) {
		quoted = "E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}

// privilege is a row of the grants questions.
type privilege struct {
	column, role, name string
	grantable          bool
}

// grants collects privileges as they are and as they would be by themselves.
type grants struct {
	is, usual []privilege
	foreign   bool // somebody but the owner granted one
}

func (g *grants) add(r row) {
	p := privilege{column: r.text(1), role: r.text(2), name: r.text(3), grantable: r.yes(4)}
	if r.yes(5) {
		p.role = "PUBLIC"
	}
	g.foreign = g.foreign || r.yes(6)
	if r.text(0) == "is" {
		g.is = append(g.is, p)
	} else {
		g.usual = append(g.usual, p)
	}
}

// write says what makes the one of the other.
func (g *grants) write(w *writer, word, name string) {
	on := " ON " + word + " " + name
	for _, p := range together(g.usual, g.is) {
		w.say("REVOKE " + p.name + on + " FROM " + p.role)
	}
	for _, p := range together(g.is, g.usual) {
		option := ""
		if p.grantable {
			option = " WITH GRANT OPTION"
		}
		w.say("GRANT " + p.name + on + " TO " + p.role + option)
	}
	if g.foreign {
		w.miss("Some privileges were granted by others than the owner; here the owner grants them.")
	}
}

// together gives the privileges of a that are not in b, those of one role in one.
func together(a, b []privilege) []privilege {
	var list []privilege
	for _, p := range a {
		if slices.Contains(b, p) {
			continue
		}
		if p.column != "" {
			p.name += " (" + p.column + ")"
		}
		i := slices.IndexFunc(list, func(o privilege) bool { return o.role == p.role && o.grantable == p.grantable })
		if i < 0 {
			list = append(list, p)
		} else {
			list[i].name += ", " + p.name
		}
	}
	slices.SortStableFunc(list, func(a, b privilege) int { return cmp.Compare(a.role, b.role) })
	return list
}

func statements(to *[]string) func(row) {
	return func(r row) { *to = append(*to, r.text(0)) }
}

// askWhole is askAll for what is worth nothing without all of its parts.
func (c *Catalog) askWhole(ctx context.Context, q Querier, parts []part, oid uint32) error {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = question(p.question, c.major())
	}
	return q.Ask(ctx, texts, func(i int, values [][]byte) { parts[i].row(values) }, decimal(oid))
}

func (c *Catalog) defineSchema(ctx context.Context, q Querier, oid uint32, w *writer) error {
	var head row
	var g grants
	err := c.askWhole(ctx, q, []part{{"schema", "definition_schema", func(r row) { head = r.clone() }}, {"grants", "grants_schema", g.add}}, oid)
	if err != nil {
		return err
	}
	if head == nil {
		return gone("schema", "catalog.definition")
	}
	name := head.text(0)
	w.say("CREATE SCHEMA " + name)
	w.comment("SCHEMA", name, head.text(2))
	w.say("ALTER SCHEMA " + name + " OWNER TO " + head.text(1))
	g.write(w, "SCHEMA", name)
	if head.yes(3) {
		w.miss("Default privileges for what is made in it later are not part of it.")
	}
	return nil
}

func (c *Catalog) defineExtension(ctx context.Context, q Querier, oid uint32, w *writer) error {
	var head row
	if err := c.askWhole(ctx, q, []part{{"extension", "definition_extension", func(r row) { head = r.clone() }}}, oid); err != nil {
		return err
	}
	if head == nil {
		return gone("extension", "catalog.definition")
	}
	w.say(head.text(0))
	w.comment("EXTENSION", head.text(1), head.text(2))
	return nil
}

func (c *Catalog) defineFunction(ctx context.Context, q Querier, oid uint32, w *writer) error {
	var head row
	var options string
	var g grants
	err := c.askWhole(ctx, q, []part{
		{"function", "definition_function", func(r row) { head = r.clone() }},
		{"aggregate", "definition_aggregate", func(r row) { options = r.text(0) }},
		{"grants", "grants_function", g.add},
	}, oid)
	if err != nil {
		return err
	}
	if head == nil {
		return gone("function", "catalog.definition")
	}
	word, name := head.text(0), head.text(1)
	if options != "" {
		w.say("CREATE AGGREGATE " + name + " (\n    " + options + "\n)")
	} else {
		w.say(strings.TrimRight(head.text(2), "\n"))
	}
	w.comment(word, name, head.text(4))
	w.say("ALTER " + word + " " + name + " OWNER TO " + head.text(3))
	if word == "AGGREGATE" {
		word = "FUNCTION" // as GRANT calls it
		name = strings.Replace(name, "(*)", "()", 1)
	}
	g.write(w, word, name)
	if head.yes(5) {
		w.miss("Security labels are not part of it.")
	}
	return nil
}

func (c *Catalog) defineType(ctx context.Context, q Querier, oid uint32, w *writer) error {
	var head row
	var attributes, inline, later, comments []string
	var g grants
	err := c.askWhole(ctx, q, []part{
		{"type", "definition_type", func(r row) { head = r.clone() }},
		{"attributes", "definition_attributes", func(r row) {
			attributes = append(attributes, r.text(0))
			if r.yes(2) {
				comments = append(comments, r.text(1))
			}
		}},
		{"constraints", "definition_domain", func(r row) {
			if r.yes(1) {
				inline = append(inline, r.text(0))
			} else {
				later = append(later, r.text(0))
			}
			if r.yes(3) {
				comments = append(comments, r.text(2))
			}
		}},
		{"grants", "grants_type", g.add},
	}, oid)
	if err != nil {
		return err
	}
	if head == nil {
		return gone("type", "catalog.definition")
	}
	word, name, body := "TYPE", head.text(1), head.text(5)
	switch head.char(0) {
	case 'e':
		w.say("CREATE TYPE " + name + " AS ENUM (\n    " + body + "\n)")
	case 'c':
		w.say("CREATE TYPE " + name + " AS (\n    " + strings.Join(attributes, ",\n    ") + "\n)")
	case 'd':
		word = "DOMAIN"
		w.say("CREATE DOMAIN " + strings.Join(append([]string{name + " AS " + body}, inline...), "\n    "))
		for _, k := range later {
			w.say("ALTER DOMAIN " + name + " ADD " + k)
		}
	case 'r':
		if head.yes(6) {
			w.say("CREATE TYPE " + name)
			w.miss("Its canonical function has to be made after the first statement and before the second.")
		}
		w.say("CREATE TYPE " + name + " AS RANGE (\n    " + body + "\n)")
	case 'b':
		w.say("CREATE TYPE " + name)
		w.miss("Its input and output functions have to be made after the first statement and before the second.")
		w.say("CREATE TYPE " + name + " (\n    " + body + "\n)")
	default:
		return apperr.E(apperr.Unsupported, "PostgreSQL makes this type by itself.", apperr.Hint("There is no statement that makes it alone."), apperr.Op("catalog.definition"))
	}
	w.comment(word, name, head.text(3))
	for _, s := range comments {
		w.say(s)
	}
	w.say("ALTER " + word + " " + name + " OWNER TO " + head.text(2))
	g.write(w, "TYPE", name)
	if head.yes(7) {
		w.miss("Security labels are not part of it.")
	}
	return nil
}
