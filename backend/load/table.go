package load

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"github.com/jackc/pgx/v5/pgconn"
)

// Table is one that rows can go into.
type Table struct {
	Schema, Name string
	Columns      []TableColumn
	Key          []string // the primary key's columns
}

// TableColumn is one of its columns.
type TableColumn struct {
	Name      string
	Type      string
	Required  bool // it is not null and has no default
	NotNull   bool
	Generated bool // the server computes it
	// emptyIsNull says that an empty text is no value of the type: it is read as NULL then.
	emptyIsNull bool
	domain      bool
}

// number tells whether its values are numbers in digits.
func (c TableColumn) number() bool {
	name, _, _ := strings.Cut(c.Type, "(")
	return slices.Contains([]string{"smallint", "integer", "bigint", "numeric", "real", "double precision"}, name)
}

// Find tells of a table. Errors: missing.
func Find(ctx context.Context, c *conn.Conn, schema, name string) (Table, error) {
	return find(ctx, c, Plan{Schema: schema, Table: name}.name())
}

func find(ctx context.Context, c *conn.Conn, qualified string) (t Table, err error) {
	generated := "''"
	if major(c) >= 12 {
		generated = "a.attgenerated"
	}
	// With all names and operators qualified, nothing on the search path is run.
	sql := `select n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef or a.attidentity operator(pg_catalog.<>) '', ` + generated + ` operator(pg_catalog.<>) '',
  t.typcategory operator(pg_catalog.=) any ('{N,D,T,B,I,A,R,G}'::pg_catalog."char"[]) or coalesce(nullif(t.typbasetype, 0::pg_catalog.oid), t.oid) operator(pg_catalog.=) any ('{2950,114,3802}'::pg_catalog.oid[]),
  coalesce(pg_catalog.array_position(i.indkey::pg_catalog.int2[], a.attnum), -1), t.typtype operator(pg_catalog.=) 'd'
 from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid operator(pg_catalog.=) c.relnamespace
 join pg_catalog.pg_attribute a on a.attrelid operator(pg_catalog.=) c.oid
 join pg_catalog.pg_type t on t.oid operator(pg_catalog.=) a.atttypid
 left join pg_catalog.pg_index i on i.indrelid operator(pg_catalog.=) c.oid and i.indisprimary
 where c.oid operator(pg_catalog.=) pg_catalog.to_regclass($1) and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped order by a.attnum`
	r := c.ExecParams(ctx, sql, [][]byte{[]byte(qualified)}, nil, nil, nil).Read()
	if r.Err != nil {
		return t, server(r.Err)
	}
	if len(r.Rows) == 0 {
		return t, apperr.E(apperr.Missing, "There is no table "+qualified+".", apperr.Hint("Check the spelling and the schema, or have it made."))
	}
	keys := map[int]string{}
	for _, row := range r.Rows {
		yes := func(i int) bool { return string(row[i]) == "t" }
		t.Schema, t.Name = string(row[0]), string(row[1])
		col := TableColumn{Name: string(row[2]), Type: string(row[3]), NotNull: yes(4), Generated: yes(6), emptyIsNull: yes(7), domain: yes(9)}
		col.Required = col.NotNull && !yes(5)
		t.Columns = append(t.Columns, col)
		if at, err := strconv.Atoi(string(row[8])); err == nil && at >= 0 {
			keys[at] = col.Name
		}
	}
	for at := range len(t.Columns) + 1 {
		if name, ok := keys[at]; ok {
			t.Key = append(t.Key, name)
		}
	}
	return t, nil
}

// Names are those of the columns that can be filled.
func (t Table) Names() (names []string) {
	for _, c := range t.Columns {
		if !c.Generated {
			names = append(names, c.Name)
		}
	}
	return names
}

// major is the server's version; 0 when it does not tell.
func major(c *conn.Conn) int {
	version := c.ParameterStatus("server_version")
	if end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		version = version[:end]
	}
	n, _ := strconv.Atoi(version)
	return n
}

func (t Table) column(name string) (TableColumn, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return TableColumn{}, false
}

// fits tells whether the plan can be carried out on the table that is there.
func (t Table) fits(p Plan) error {
	columns, _ := p.used()
	given := map[string]bool{}
	for _, c := range columns {
		given[c.Name] = true
		col, ok := t.column(c.Name)
		switch {
		case !ok:
			return apperr.E(apperr.Missing, "There is no column "+c.Name+" in "+t.Name+".", apperr.Hint("Choose another column, or leave it out."))
		case col.Generated:
			return apperr.E(apperr.Usage, "The server computes "+c.Name+" itself.", apperr.Hint("Leave the column out."))
		}
	}
	for _, c := range t.Columns {
		if c.Required && !c.Generated && !given[c.Name] {
			return apperr.E(apperr.Constraint, t.Name+"."+c.Name+" must have a value, and no column of the file goes there.", apperr.Hint("Choose one for it, or give the column a default."))
		}
	}
	if p.Conflict != Update {
		return nil
	}
	if len(p.Key) == 0 && len(t.Key) == 0 {
		return apperr.E(apperr.Usage, t.Name+" has no primary key to find rows by.", apperr.Hint("Name the columns of a unique key, or choose something else for rows that exist."))
	}
	for _, k := range p.key(t) {
		if !given[k] {
			return apperr.E(apperr.Usage, "The key "+k+" is not among the columns that are filled.", apperr.Hint("Choose a column of the file for it."))
		}
	}
	return nil
}

func (p Plan) key(t Table) []string {
	if len(p.Key) > 0 {
		return p.Key
	}
	return t.Key
}

// exec runs one statement.
func exec(ctx context.Context, c *conn.Conn, sql string) (pgconn.CommandTag, error) {
	r := c.ExecParams(ctx, sql, nil, nil, nil, nil).Read()
	return r.CommandTag, r.Err
}

// server says in words what the server, or the link to it, reports.
func server(err error) error {
	var pg *pgconn.PgError
	var known *apperr.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return known
	case errors.As(err, &pg):
		e := apperr.Server(pg)
		e.Op = "load"
		return e
	}
	return apperr.E(apperr.Lost, "", apperr.Message(err.Error()), apperr.Cause(err), apperr.Op("load"), apperr.Hint("Nothing was imported, unless the link broke just when the import was over. Look at the table, then import again."))
}
