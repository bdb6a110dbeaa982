package load

import (
	"context"
	"errors"
	"io"
	"math"
	"strings"

	"desktop.tusk/backend/intake"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	batchBytes = 4 << 20
	batchRows  = 20000
	unreadRows = 1000
	// shortest is how few rows are tried at once where many are bad.
	shortest = 16
)

// try puts rows somewhere: all of them but those it tells, or an error. It runs between savepoints.
type try func(b *batch, from, to int) (stored int64, left []Reject, err error)

// put is the try of a Run.
func (l *loader) put(t Table) try {
	return func(b *batch, from, to int) (int64, []Reject, error) {
		n, left, err := l.pour(b, from, to)
		if err != nil || l.plan.Conflict == Stop {
			return n, left, err
		}
		stored, err := l.insert(t)
		if err == nil {
			_, err = exec(context.Background(), l.c, "truncate "+l.into)
		}
		l.report.Skipped += n - stored
		return stored, left, err
	}
}

// keepGoing loads in batches and rejects the rows that do not fit.
func (l *loader) keepGoing(put try) error {
	if err := l.lenience(); err != nil {
		return err
	}
	if _, err := exec(context.Background(), l.c, "savepoint batch"); err != nil {
		return err
	}
	l.step = batchRows
	var b batch
	width := len(l.source.Names())
	for more := true; more; {
		b.reset(width)
		l.lenient = l.doubts < doubtsMost
		for len(b.lines) < batchRows && len(b.arena) < batchBytes && len(l.unread) < unreadRows {
			if err := l.ctx.Err(); err != nil {
				return err
			}
			row, err := l.source.Next()
			var bad *intake.RowError
			switch {
			case err == nil:
				b.add(row)
				continue
			case errors.As(err, &bad):
				r := Reject{Line: bad.Line, Column: bad.Column, Reason: bad.Reason, Cells: clone(bad.Cells), unread: true}
				if bad.Last() {
					r.Reason += " Nothing behind it was read."
				}
				l.unread = append(l.unread, r)
				if !bad.Last() {
					continue
				}
			case !errors.Is(err, io.EOF):
				return err
			}
			more = false
			break
		}
		if err := l.batch(put, &b, 0, len(b.lines)); err != nil {
			return err
		}
		if err := l.tellUnread(math.MaxInt64); err != nil {
			return err
		}
	}
	return l.again(put, width)
}

// batch puts what can be put of a batch's rows.
func (l *loader) batch(put try, b *batch, from, to int) error {
	for from < to {
		if err := l.ctx.Err(); err != nil {
			return err
		}
		end := min(from+l.step, to)
		skipped := l.report.Skipped
		n, left, err := put(b, from, end)
		if err == nil {
			if err := l.simple("release savepoint batch; savepoint batch"); err != nil {
				return err
			}
			for _, r := range left {
				if err := l.reject(r); err != nil {
					return err
				}
			}
			l.report.Rows += n
			l.progress.Rows.Add(int64(end - from - len(left)))
			l.step = min(2*l.step, batchRows)
			from = end
			continue
		}
		l.report.Skipped = skipped
		if errors.Is(err, errUnclear) {
			l.lenient = false // for the rest of the batch
			l.doubts++
			if err := l.simple("rollback to savepoint batch"); err != nil {
				return err
			}
			continue
		}
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || !aboutRow(pg) && !l.aboutValue(pg) {
			return err
		}
		if err := l.simple("rollback to savepoint batch"); err != nil {
			return err
		}
		row, column, known := l.place(pg)
		if end-from == 1 {
			r := b.row(from)
			bad := Reject{Line: r.Line, Column: column, Reason: reasonOf(pg), Cells: r.Cells}
			if from = end; l.hold(pg, bad) {
				continue
			}
			if err := l.reject(bad); err != nil {
				return err
			}
			continue
		}
		if from, err = l.around(put, b, from, end, row, known); err != nil {
			return err
		}
	}
	return nil
}

// around puts the rows before the one that the server refused, and then that one alone, for the server may have meant
// another. Where it named none, the rows are halved.
func (l *loader) around(put try, b *batch, from, end, row int, known bool) (int, error) {
	if !known || row > end-from {
		l.step = max(1, (end-from)/2)
		middle := from + (end-from)/2
		return middle, l.batch(put, b, from, middle)
	}
	at := from + row - 1
	l.step = max(shortest, row)
	if err := l.batch(put, b, from, at); err != nil {
		return at, err
	}
	step := l.step
	err := l.batch(put, b, at, at+1)
	l.step = min(max(shortest, 2*row), step)
	return at + 1, err
}

func (l *loader) simple(sql string) error {
	return l.c.Exec(context.Background(), sql).Close()
}

// tellUnread rejects the rows before a line that could not be read, so that all are told of in their order.
func (l *loader) tellUnread(before int64) error {
	for len(l.unread) > 0 && l.unread[0].Line < before {
		r := l.unread[0]
		l.unread = l.unread[1:]
		if err := l.tell(r); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) reject(r Reject) error {
	if err := l.tellUnread(r.Line); err != nil {
		return err
	}
	return l.tell(r)
}

func (l *loader) tell(r Reject) error {
	l.report.Rejected++
	l.progress.Rejected.Add(1)
	return l.hooks.Rejected(r)
}

// reasonOf says in the server's words why a row was refused.
func reasonOf(pg *pgconn.PgError) string {
	reason := pg.Message
	if pg.Detail != "" && !strings.HasPrefix(pg.Code, "23502") && !strings.HasPrefix(pg.Code, "23514") { // those show the whole row
		reason += ". " + pg.Detail
	}
	return reason
}
