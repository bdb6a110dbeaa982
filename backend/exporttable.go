package backend

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/load"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/suggest"
	"desktop.tusk/backend/transfer"
)

// tableOf takes the rows of an export straight from a table of a connection: no result holds them.
type tableOf struct {
	pool *conn.Pool
	name string // as SQL
	sql  string
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

// look finds out how the table is read for a format. Errors: those of the server, and of connecting.
func (t *tableOf) look(ctx context.Context, format string, o *transfer.Options) (err error) {
	t.sql, err = readTable(ctx, t.pool, t.name, format, o)
	return err
}

// readTable gives the SQL that reads a whole table, named as SQL. What is to be put back, by COPY or INSERT, is without
// the columns that the server computes, and o says when INSERT has to override an identity.
func readTable(ctx context.Context, pool *conn.Pool, name, format string, o *transfer.Options) (string, error) {
	columns := "*"
	if format == "copy" || format == "insert" {
		c, err := pool.Connect(ctx, "export", nil)
		if err != nil {
			return "", err
		}
		defer c.Retire()
		t, err := load.FindNamed(ctx, c, name)
		if err != nil && apperr.KindOf(err) != apperr.Missing { // the query says it, if it is nothing else that has rows
			return "", err
		}
		if names := t.Names(); len(names) < len(t.Columns) {
			for i := range names {
				names[i] = suggest.Quote(names[i])
			}
			columns = strings.Join(names, ", ")
		}
		o.Overriding = slices.ContainsFunc(t.Columns, func(c load.TableColumn) bool { return c.Identity })
	}
	sql := "select " + columns + " from " + name
	if how, ok := transfer.ServerCopy(format, *o); ok {
		sql = "copy (" + sql + ") to stdout with (" + how + ")"
	}
	return sql, nil
}

// stream runs the query and hands its rows over as they come. begin is told the columns; lines takes what the server has
// written itself. When ctx ends the query is cancelled on the server.
func (t *tableOf) stream(ctx context.Context, id string, begin func([]spool.Column) error, row func([][]byte) error, lines io.Writer) error {
	s := session.New("export", "export", t.pool, nil)
	defer s.Close()
	var failed error
	keep := func(err error) error {
		if failed == nil {
			failed = err
		}
		return err
	}
	run, err := s.Run(session.Request{RunID: id, Text: t.sql, Cursor: -1, Sink: func(columns []spool.Column, copied bool) (spool.Sink, error) {
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
	snap := run.Snapshot()
	switch {
	case failed != nil:
		return failed
	case ctx.Err() != nil:
		return ctx.Err()
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
	return errors.New("the rows ended before their end")
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
