package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/sqltext"
	"github.com/jackc/pgx/v5/pgconn"
)

// background is what statements run on: cancelling their context would close the connection.
var background = context.Background()

const queryCanceled = "57014"

// errMiscounted says that rows are missing, or were not sent by who counts them.
var errMiscounted = errors.New("the number of rows is not the server's")

// explain says in words why a statement failed.
func (r *Run) explain(c *conn.Conn, st *statement, text string, err error) *apperr.Error {
	r.s.mu.Lock()
	stopped, cause, noData := r.stopped, r.stopCause, r.noData
	first := r.s.tx.first
	r.s.mu.Unlock()
	took := time.Since(st.begun)
	var pg *pgconn.PgError
	isServer := errors.As(err, &pg)
	var lost refused
	switch {
	case stopped && cause != nil:
		return noRoom(cause)
	case errors.Is(err, spool.ErrGivenUp):
		return apperr.E(apperr.Cancelled, fmt.Sprintf("Stopped after %s. The session goes on.", clock(took)), apperr.Op("session.run"), apperr.Cause(err),
			apperr.Detail("The server had finished the statement before the cancel reached it; the rows that were not read yet are gone."),
			apperr.Hint("Rows that had arrived are kept. Run it again when you like."))
	case errors.As(err, &lost):
		return noRoom(lost.error)
	case errors.Is(err, errStopped):
		return apperr.E(apperr.Cancelled, "Stopped before it was sent.", apperr.Op("session.run"))
	case isServer && pg.Code == queryCanceled && stopped:
		e := apperr.Server(pg)
		e.Title = fmt.Sprintf("Stopped after %s. The session goes on.", clock(took))
		e.Hint = "Rows that had arrived are kept. Run it again when you like."
		return e
	case isServer && pg.Code == queryCanceled && noData:
		return apperr.E(apperr.Usage, "COPY … FROM stdin was sent without data.", apperr.Position(st.From), apperr.Op("session.run"),
			apperr.Hint(`Put the lines below it and end them with a line that holds \. alone. The session goes on.`), apperr.Message(pg.Message))
	case isServer && pg.Code == queryCanceled:
		return timedOut(c, pg, took)
	case stopped && c.IsClosed():
		return apperr.E(apperr.Cancelled, fmt.Sprintf("Stopped after %s, by giving up the session.", clock(took)), apperr.Op("session.run"), apperr.Cause(err),
			apperr.Hint("The server did not honour the cancel. Its open transaction, temporary tables and settings are gone; the next run starts a new session."))
	}
	e := r.plain(err, text)
	if isServer {
		if p := place(pg, text, r.req.Params, st); p != nil {
			e.Position = p
		}
		if pg.Code == "25P02" && first != nil {
			apperr.Field("firstError", first.Error())(e)
		}
		if pg.Code == "55P03" {
			lockTimedOut(c, e, text, took)
		}
	}
	return e
}

// plain says what went wrong with the link or the server, wherever it happened.
func (r *Run) plain(err error, sql string) *apperr.Error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		e := apperr.Server(pg)
		e.Op = "session.run"
		return e
	}
	var e *apperr.Error
	if errors.As(err, &e) {
		return e
	}
	if r.unbelievable(err) {
		return apperr.E(apperr.Protocol, "", apperr.Message(err.Error()), apperr.Op("session.run"), apperr.Cause(err))
	}
	title, hint := "The link to the server was lost while this ran.", "Look whether it took effect before running it again: that is not known. Nothing is run again by itself."
	switch {
	case sqltext.IsCommit(sql):
		title = "The link was lost while COMMIT was on its way."
		hint = "Whether it was committed is not known. Look at the data before doing it again. Nothing is run again by itself."
	case pgconn.SafeToRetry(err) && !errors.Is(err, pgconn.ErrConnClosed): // which comes as well when the answer was cut
		hint = "It had not been sent yet, so it can be run again safely. Nothing is run again by itself."
	case sqltext.Reads(sql):
		hint = "Rows that had arrived are kept. Run it again when the server can be reached. Nothing is run again by itself."
	}
	return apperr.E(apperr.Lost, title, apperr.Hint(hint), apperr.Message(deepest(err)), apperr.Op("session.run"), apperr.Cause(err))
}

// unbelievable tells whether the server said what none of PostgreSQL's would.
func (r *Run) unbelievable(err error) bool {
	if conn.BrokeProtocol(err) || errors.Is(err, spool.ErrBroken) || errors.Is(err, errMiscounted) {
		return true
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	// pgconn closes the connection on what it cannot read, and does not always say that this is why.
	return r.s.conn != nil && r.s.conn.IsClosed() && r.s.tap.Cut() == nil && !r.closed && errors.Is(err, pgconn.ErrConnClosed)
}

// place turns the server's position into one of the document. It counts characters from 1 in the text it was sent. A
// hostile server's place may be anywhere: outside the text there is none.
func place(pg *pgconn.PgError, text string, params map[string]*string, st *statement) *int {
	bound, _ := sqltext.BindNamed(text, params)
	if pg.Position <= 0 || int(pg.Position) > utf8.RuneCountInString(bound)+1 {
		return nil
	}
	at := sqltext.ByteOfBound(text, params, int(pg.Position))
	units, _ := sqltext.NewCursor(text).To(at)
	units += st.sendUnit
	return &units
}

// noRoom says that rows could be kept no longer.
func noRoom(cause error) *apperr.Error {
	var e *apperr.Error
	if errors.As(cause, &e) {
		return e
	}
	switch {
	case errors.Is(cause, syscall.ENOSPC), errors.Is(cause, syscall.EDQUOT):
		return apperr.E(apperr.ResClient, "The disk that keeps results is full, so the run was stopped.", apperr.Message(deepest(cause)), apperr.Cause(cause),
			apperr.Hint("The rows that fitted are kept. Make room, close other results, or choose another data directory; then run it again."), apperr.Op("session.run"))
	case errors.Is(cause, syscall.EPIPE), errors.Is(cause, os.ErrClosed):
		return apperr.E(apperr.Cancelled, "Stopped because nobody reads the rows any more.", apperr.Cause(cause), apperr.Op("session.run"))
	}
	return apperr.E(apperr.File, "The rows could be written no further, so the run was stopped.", apperr.Message(deepest(cause)), apperr.Cause(cause),
		apperr.Hint("Look at the place they are written to, then run it again."), apperr.Op("session.run"))
}

// timedOut tells statement_timeout from somebody else's cancel: both have the same SQLSTATE. The setting decides where
// it can be asked; in a failed transaction it cannot, and the server's own words have to do.
func timedOut(c *conn.Conn, pg *pgconn.PgError, took time.Duration) *apperr.Error {
	e := apperr.Server(pg)
	e.Op = "session.run"
	limit, source, known := setting(c, "statement_timeout")
	timeout := strings.Contains(pg.Message, "statement timeout")
	if known && !timeout {
		// A translated message; or somebody's cancel, which comes before the time is up.
		timeout = limit > 0 && took >= limit
	}
	if !timeout {
		e.Title = fmt.Sprintf("Somebody else stopped this statement after %s.", clock(took))
		e.Hint = "An administrator or another program sent the server a cancel; Tusk did not. The session goes on; run it again when you like."
		return e
	}
	row := apperr.E(apperr.StmtTimeout, "")
	e.Kind, e.Group, e.Retryable = row.Kind, row.Group, row.Retryable
	e.Title = fmt.Sprintf("The server stopped it after %s: statement_timeout.", clock(took))
	e.Hint = row.Hint
	if known && limit > 0 {
		e.Title = fmt.Sprintf("The server stopped it after %s: statement_timeout is %s.", clock(took), limit)
		e.Hint = fmt.Sprintf("The limit comes from %s. Run it again with a longer one: set statement_timeout = '10min'. Nothing in Tusk sets one.", source)
		apperr.Field("limit", limit.String())(e)
		apperr.Field("source", source)(e)
	}
	apperr.Field("ran", clock(took))(e)
	return e
}

func lockTimedOut(c *conn.Conn, e *apperr.Error, text string, took time.Duration) {
	apperr.Field("ran", clock(took))(e)
	if slices.Contains(strings.Fields(strings.ToLower(text)), "nowait") {
		e.Title = "The lock is taken, and the statement does not wait for it."
		e.Hint = "Try again when whoever holds it is done, or leave nowait out."
		return
	}
	if limit, source, ok := setting(c, "lock_timeout"); ok && limit > 0 {
		e.Title = fmt.Sprintf("A lock could not be had within %s: lock_timeout.", limit)
		e.Hint = fmt.Sprintf("The limit comes from %s. Somebody else holds the lock; try again when they are done, or set lock_timeout higher.", source)
		apperr.Field("limit", limit.String())(e)
		apperr.Field("source", source)(e)
	}
}

// sources say who set a setting, in words for "comes from".
var sources = map[string]string{
	"default": "PostgreSQL's default", "configuration file": "the server's configuration file", "database": "the database's settings",
	"user": "the role's settings", "database user": "the role's settings in this database", "client": "the start-up options of this connection",
	"session": "a SET in this session", "command line": "the server's command line", "environment variable": "the server's environment", "override": "the server",
}

// setting asks for a time limit of the session and who set it. In a failed transaction it cannot be asked.
func setting(c *conn.Conn, name string) (limit time.Duration, source string, ok bool) {
	if c.IsClosed() || c.TxStatus() == 'E' {
		return 0, "", false
	}
	ctx, stop := context.WithTimeout(background, 2*time.Second)
	defer stop()
	res := c.ExecParams(ctx, "select setting, source from pg_catalog.pg_settings where name operator(pg_catalog.=) $1", [][]byte{[]byte(name)}, nil, nil, nil).Read()
	if res.Err != nil || len(res.Rows) != 1 || len(res.Rows[0]) != 2 {
		return 0, "", false
	}
	var ms int64
	if _, err := fmt.Sscan(string(res.Rows[0][0]), &ms); err != nil {
		return 0, "", false
	}
	source = string(res.Rows[0][1])
	if words, known := sources[source]; known {
		source = words
	}
	return time.Duration(ms) * time.Millisecond, source, true
}

// internal sends a statement of ours outside of a run's statements.
func internal(c *conn.Conn, sql string) error {
	ctx, stop := context.WithTimeout(background, 2*time.Second)
	defer stop()
	return c.Exec(ctx, sql).Close()
}

// clock writes a duration as look.md §9 says.
func clock(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", max(1, d.Milliseconds()))
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	s := int(d.Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}

// deepest is what the system said, without the words of the layers above it.
func deepest(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

// metas explain psql's commands: what they do there, and what to do here.
var metas = []struct{ prefix, says string }{
	{`\copy`, `It loads or saves a file on psql's side. Here: COPY … FROM stdin with the lines below it, or copy the result.`},
	{`\connect`, "It connects to another database. Here: the connection switcher at the top left."},
	{`\c`, "It connects to another database. Here: the connection switcher at the top left."},
	{`\dt`, "It lists tables. Here: select * from pg_catalog.pg_tables."},
	{`\d`, "It describes objects. Here: look in pg_catalog or information_schema."},
	{`\gx`, "It runs the statement and turns rows on their side. Here: Run; a cell opens with Enter."},
	{`\g`, "It runs the statement. Here: Run."},
	{`\set`, "It sets a variable of psql's, which exists only there."},
	{`\timing`, "It shows times. Here they are always shown."},
	{`\x`, "It turns rows on their side. Here a cell opens with Enter."},
	{`\q`, "It ends psql."},
	{`\restrict`, "A dump of pg_dump holds it for psql; it can be left out."},
	{`\unrestrict`, "A dump of pg_dump holds it for psql; it can be left out."},
	{`\i`, "It runs a file. Here: paste the file's text."},
	{`\.`, "It ends the data of a COPY … FROM stdin, which is missing above it."},
}

// explainMeta says what a psql command is. It is never sent: the server does not know it.
func explainMeta(line string) *apperr.Error {
	word := line
	if i := strings.IndexAny(line, " \t"); i > 0 {
		word = line[:i]
	}
	hint := "Remove the line, or run it in psql."
	best := ""
	for _, m := range metas {
		if strings.HasPrefix(word, m.prefix) && len(m.prefix) > len(best) {
			best, hint = m.prefix, m.says
		}
	}
	return apperr.E(apperr.Usage, fmt.Sprintf("%s is a command of psql's, not SQL. It was not sent.", sqltext.Head(word, 40)), apperr.Hint(hint), apperr.Op("session.run"))
}
