package conn

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"desktop.tusk/backend/apperr"
	"github.com/jackc/pgx/v5/pgconn"
)

// prelude is sent before questions of our own: nothing is written, no name is looked up where somebody may have put
// another, and a table that somebody has locked does not hold us up.
var prelude = []string{"begin read only", "set local search_path = ''", "set local lock_timeout = '1s'"}

// Query asks one question of our own: read-only, with nothing on the search path, on a connection no session uses, until
// the deadline of ctx, else for ten seconds. Values come as the server's text, nil for NULL. Errors: as Ask.
func (p *Pool) Query(ctx context.Context, sql string, args ...string) (rows [][][]byte, err error) {
	err = p.Ask(ctx, []string{sql}, func(_ int, values [][]byte) {
		row := make([][]byte, len(values))
		for i, v := range values {
			row[i] = slices.Clone(v)
		}
		rows = append(rows, row)
	}, args...)
	if err != nil {
		return nil, err
	}
	return rows, nil
}

// Ask asks several questions as Query does, in one message and one transaction, so that they cost one round
// trip. Each takes all args. row is given each row with the index of its question; the values are overwritten by the
// next. When one fails, those behind it are not asked. Errors: those of the server by their kind, timeout, lost,
// cancelled, and those of connecting.
func (p *Pool) Ask(ctx context.Context, questions []string, row func(question int, values [][]byte), args ...string) error {
	if _, ok := ctx.Deadline(); !ok {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, sideTimeout)
		defer stop()
	}
	begin := time.Now()
	c, err := p.sides.Acquire(ctx)
	if err != nil {
		if p.ctx.Err() != nil {
			return apperr.E(apperr.Lost, "The connection was closed.", apperr.Op("conn.ask"), apperr.Cause(err))
		}
		return p.spec.explain(ctx, err, &p.words, time.Since(begin))
	}
	defer c.Release()
	pc := c.Conn().PgConn()
	if name := pc.ParameterStatus("client_encoding"); name != "" && name != "UTF8" { // what every connection asks for
		return apperr.E(apperr.Protocol, fmt.Sprintf("The server sends its catalog as %s, where UTF8 was asked for.", apperr.Plain(name)), apperr.Op("conn.ask"))
	}
	// A pool that closes does not wait for an answer.
	defer context.AfterFunc(p.ctx, func() { _ = pc.Conn().Close() })()
	if err = ask(ctx, pc, questions, row, args); err == nil {
		return nil
	}
	if !pc.IsClosed() && pc.TxStatus() != 'I' {
		_ = pc.Exec(ctx, "rollback").Close() // the pool drops a connection that is not idle
	}
	return p.unanswered(ctx, err)
}

// ask sends all as one pipeline.
func ask(ctx context.Context, c *pgconn.PgConn, questions []string, row func(int, [][]byte), args []string) error {
	values := make([][]byte, len(args))
	for i, a := range args {
		values[i] = []byte(a)
	}
	pl := c.StartPipeline(ctx)
	for _, sql := range prelude {
		pl.SendQueryParams(sql, nil, nil, nil, nil)
	}
	for _, sql := range questions {
		pl.SendQueryParams(sql, values, nil, nil, nil)
	}
	pl.SendQueryParams("rollback", nil, nil, nil, nil)
	if err := pl.Sync(); err != nil {
		return errors.Join(err, pl.Close())
	}
	err := answers(pl, len(questions), row)
	return errors.Join(err, pl.Close())
}

// answers takes in what comes back, up to the first error.
func answers(pl *pgconn.Pipeline, questions int, row func(int, [][]byte)) error {
	for i := -len(prelude); i <= questions; i++ {
		got, err := pl.GetResults()
		if err != nil {
			return err
		}
		r, ok := got.(*pgconn.ResultReader)
		if !ok {
			return errors.New("an answer is missing")
		}
		for r.NextRow() {
			if len(r.Values()) != len(r.FieldDescriptions()) {
				return errOddRow
			}
			if i >= 0 && i < questions {
				row(i, r.Values())
			}
		}
		if _, err := r.Close(); err != nil {
			return err
		}
	}
	return nil
}

// errOddRow is for a row that does not fit its description.
var errOddRow = errors.New("invalid message: a row does not fit its description")

// unanswered says in words why a question of our own has no answer.
func (p *Pool) unanswered(ctx context.Context, err error) *apperr.Error {
	var pg *pgconn.PgError
	cause, op := apperr.Cause(err), apperr.Op("conn.ask")
	switch {
	case errors.As(err, &pg):
		e := apperr.Server(pg)
		e.Op = "conn.ask"
		return e
	case p.ctx.Err() != nil:
		return apperr.E(apperr.Lost, "The connection was closed.", cause, op)
	case errors.Is(context.Cause(ctx), context.Canceled):
		return apperr.E(apperr.Cancelled, "", cause, op)
	case ctx.Err() != nil:
		return apperr.E(apperr.Timeout, "The server did not answer in time when its catalog was read.",
			apperr.Hint("It may be busy, or the network slow. Try again."), cause, op)
	case BrokeProtocol(err):
		return apperr.E(apperr.Protocol, "", apperr.Message(text(err)), cause, op)
	}
	return apperr.E(apperr.Lost, "", cause, op)
}
