package load

import (
	"context"
	"slices"

	"desktop.tusk/backend/intake"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// heldBytes is how much is kept of rows that are to be tried again.
	heldBytes = 16 << 20
	// againMost is how often they are.
	againMost = 10
)

// held has the rows that refer to rows of their table which are not there yet: they may come behind, in another batch or
// as one of these.
type held struct {
	able  bool // the table has a key that refers to itself
	rows  []Reject
	bytes int
}

// refersToItself finds out whether rows of the table may refer to others of it.
func (l *loader) refersToItself() error {
	const sql = `select from pg_catalog.pg_constraint where contype operator(pg_catalog.=) 'f' and conrelid operator(pg_catalog.=) confrelid
 and conrelid operator(pg_catalog.=) pg_catalog.to_regclass($1)::pg_catalog.oid`
	r := l.c.ExecParams(context.Background(), sql, [][]byte{[]byte(l.plan.name())}, nil, nil, nil).Read()
	l.held.able = len(r.Rows) > 0
	return r.Err
}

// hold keeps a row that was refused to be tried again, if that may help and there is room.
func (l *loader) hold(pg *pgconn.PgError, r Reject) bool {
	const foreignKey = "23503"
	if !l.held.able || pg.Code != foreignKey {
		return false
	}
	const around = 128 // bytes that a row and each of its cells take beside their text, at most
	size := around + len(r.Reason)
	for _, c := range r.Cells {
		size += around/4 + len(c)
	}
	if l.held.bytes+size > heldBytes {
		return false
	}
	r.Cells = clone(r.Cells)
	l.held.rows, l.held.bytes = append(l.held.rows, r), l.held.bytes+size
	return true
}

// again tries the rows held, as long as some of them get in, and rejects the others. What they refer to stands behind
// them as a rule, so that they are tried from the last to the first, then the other way.
func (l *loader) again(put try, width int) error {
	for n := 0; len(l.held.rows) > 0 && n < againMost; n++ {
		rows := l.held.rows
		slices.SortStableFunc(rows, func(a, b Reject) int { return int(a.Line - b.Line) })
		if n%2 == 0 {
			slices.Reverse(rows)
		}
		var b batch
		b.reset(width)
		for _, r := range rows {
			b.add(intake.Row{Line: r.Line, Cells: r.Cells})
		}
		l.held.rows, l.held.bytes = nil, 0
		l.step, l.lenient = len(rows), false
		if err := l.batch(put, &b, 0, len(rows)); err != nil {
			return err
		}
		if len(l.held.rows) == len(rows) {
			break
		}
	}
	slices.SortStableFunc(l.held.rows, func(a, b Reject) int { return int(a.Line - b.Line) })
	for _, r := range l.held.rows {
		if err := l.tell(r); err != nil {
			return err
		}
	}
	return nil
}
