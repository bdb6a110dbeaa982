package backend

import (
	"context"
	"fmt"
	"io"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/sqltext"
	"desktop.tusk/backend/suggest"
	"desktop.tusk/backend/transfer"
)

// tableOf takes the rows of an export straight from a table of a connection: no result holds them.
type tableOf struct {
	pool *conn.Pool
	name string // as SQL
	// what look makes
	session *session.Session
	sql     string
	// copied says that the server writes the format itself.
	copied bool
}

// table prepares an export of a whole table. Errors: usage.
func (j *export) table(a *AppState) error {
	a.mu.Lock()
	c := a.connections[j.req.ConnectionID]
	a.mu.Unlock()
	if c == nil || c.pool == nil {
		return apperr.E(apperr.Usage, "There is no such connection.", apperr.Hint("Connect first."))
	}
	if j.format.Name == "update" {
		return apperr.E(apperr.Usage, "A whole table is no list of changes.", apperr.Hint("Choose SQL INSERT, or open its rows and export those."))
	}
	name := suggest.Quote(j.req.Schema) + "." + suggest.Quote(j.req.Relation)
	if j.options.Table == "" {
		j.options.Table = name
	}
	t := &tableOf{pool: c.pool, name: name}
	_, t.copied = transfer.ServerCopy(j.format.Name, j.options)
	j.from = t
	j.whole = func() bool { return true }
	return nil
}

// look makes the session, and finds out how the table is read for a format. Errors: lost, cancelled, and those of
// connecting.
func (t *tableOf) look(ctx context.Context, format string, o *transfer.Options) (err error) {
	t.session = session.New("export", "export", t.pool, nil)
	t.sql, err = readTable(ctx, t.session, t.name, format, o)
	return err
}

// readTable gives the SQL that reads a whole table, named as SQL. What is to be put back, by COPY or INSERT, is without
// the columns that the server computes, and o says when INSERT has to override an identity. Errors: usage, lost,
// cancelled.
func readTable(ctx context.Context, s *session.Session, name, format string, o *transfer.Options) (string, error) {
	if !staysBehindFrom(name) {
		return "", apperr.E(apperr.Usage, fmt.Sprintf("%q is no name of a table.", name), apperr.Hint("Write table, or schema.table; names with capitals need double quotes, as in SQL."))
	}
	columns := "*"
	if format == "copy" || format == "insert" {
		all, err := columnsOf(ctx, s, name)
		if err != nil {
			return "", err
		}
		var filled []string
		for _, c := range all {
			if !c.generated {
				filled = append(filled, c.name)
			}
			o.Overriding = o.Overriding || c.identity
		}
		if len(filled) < len(all) {
			columns = strings.Join(filled, ", ")
		}
	}
	sql := "select " + columns + " from " + name
	if how, ok := transfer.ServerCopy(format, *o); ok {
		sql = "copy (" + sql + ") to stdout with (" + how + ")"
	}
	return sql, nil
}

// staysBehindFrom tells that a text ends neither the statement it is put in nor the parentheses around it: a name that
// comes from elsewhere is never run.
func staysBehindFrom(name string) bool {
	depth := 0
	for lex := sqltext.NewLexer(name); ; {
		t, ok := lex.Next()
		switch {
		case !ok:
			return depth == 0
		case t.Unterminated, t.Kind == sqltext.Semicolon, t.Kind == sqltext.Comment:
			return false
		case t.Kind == sqltext.Open:
			depth++
		case t.Kind == sqltext.Close:
			if depth--; depth < 0 {
				return false
			}
		}
	}
}

// filledColumn is a column, named as SQL, with whether the server computes it, and whether it insists on giving it itself.
type filledColumn struct {
	name                string
	generated, identity bool
}

// columnsOf asks for the columns of what may be a table; there are none when it is something else that has rows, or
// nothing, which the query for its rows says.
func columnsOf(ctx context.Context, s *session.Session, name string) (list []filledColumn, err error) {
	// As JSON, for neither is there in all versions.
	sql := `select pg_catalog.quote_ident(a.attname), coalesce(pg_catalog.to_jsonb(a) operator(pg_catalog.->>) 'attgenerated', '') operator(pg_catalog.<>) '',
 coalesce(pg_catalog.to_jsonb(a) operator(pg_catalog.->>) 'attidentity', '') operator(pg_catalog.=) 'a'
 from pg_catalog.pg_attribute a where a.attrelid operator(pg_catalog.=) pg_catalog.to_regclass(` + transfer.Literal(name) + `) and a.attnum operator(pg_catalog.>) 0 and not a.attisdropped order by a.attnum`
	run, err := s.Run(session.Request{RunID: "columns", Text: sql, Cursor: -1, Sink: func([]spool.Column, bool) (spool.Sink, error) {
		return spool.NewStream(func(cells [][]byte) error {
			list = append(list, filledColumn{string(cells[0]), string(cells[1]) == "t", string(cells[2]) == "t"})
			return nil
		}), nil
	}})
	if err != nil {
		return nil, err
	}
	defer context.AfterFunc(ctx, run.Cancel)()
	<-run.Done()
	if ctx.Err() != nil {
		return nil, apperr.E(apperr.Cancelled, "Stopped.", apperr.Cause(ctx.Err()))
	}
	failed := failure(run.Snapshot())
	if failed == nil {
		return list, nil
	}
	switch failed.Code[:min(2, len(failed.Code))] {
	case "0A", "22", "3F", "42": // it is no table's name, or the server is another one
		return nil, nil
	}
	return nil, failed
}

// failure is why a run did not finish; nil when it did.
func failure(snap session.Snapshot) *apperr.Error {
	switch {
	case snap.Outcome == session.Finished:
		return nil
	case snap.Error != nil:
		return snap.Error
	}
	for _, st := range snap.Statements {
		if st.Error != nil {
			return st.Error
		}
	}
	return apperr.E(apperr.Lost, "The rows ended before their end.")
}

// stream runs the query and hands its rows over as they come. begin is told the columns; lines takes what the server has
// written itself. When ctx ends the query is cancelled on the server.
func (t *tableOf) stream(ctx context.Context, id string, begin func([]spool.Column) error, row func([][]byte) error, lines io.Writer) error {
	var failed error
	keep := func(err error) error {
		if failed == nil {
			failed = err
		}
		return err
	}
	run, err := t.session.Run(session.Request{RunID: id, Text: t.sql, Cursor: -1, Sink: func(columns []spool.Column, copied bool) (spool.Sink, error) {
		if copied {
			return spool.NewStream(func(cells [][]byte) error {
				_, err := lines.Write(append(cells[0][:len(cells[0]):len(cells[0])], '\n'))
				return keep(err)
			}), nil
		}
		if err := begin(columns); err != nil {
			return nil, keep(err)
		}
		return spool.NewStream(func(cells [][]byte) error { return keep(row(cells)) }), nil
	}})
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, run.Cancel)()
	<-run.Done()
	if failed != nil {
		return failed
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if e := failure(run.Snapshot()); e != nil {
		return e
	}
	return nil
}

// lineCounter counts the lines that go through it.
type lineCounter struct {
	w    io.Writer
	line func()
}

func (l *lineCounter) Write(p []byte) (int, error) {
	l.line()
	return l.w.Write(p)
}
