package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// errUnclear is that of a COPY that left out rows, and nobody knows for sure which.
var errUnclear = errors.New("it is not clear which rows were left out")

// doubtsMost is how many batches may be unclear before the server is not asked to leave out rows any more.
const doubtsMost = 3

// lenience finds out whether the server can leave out rows itself, and has it say which.
func (l *loader) lenience() error {
	const ignoring = 17 // COPY has on_error and log_verbosity, and pg_input_error_info is there
	if l.doubts = doubtsMost; major(l.c) < ignoring {
		return nil
	}
	l.doubts = 0
	return l.simple("set local client_min_messages to notice")
}

// pour has the server take rows of a batch. Where it can, it leaves out those with a text that is no value of its column.
func (l *loader) pour(b *batch, from, to int) (int64, []Reject, error) {
	f := &feed{next: b.rows(from, to)}
	if !l.lenient {
		n, err := l.copy(f, "")
		return n, nil, err
	}
	var told []int
	l.c.OnNotice = func(n *pgconn.Notice) {
		last := 0
		if len(told) > 0 {
			last = told[len(told)-1]
		}
		// Those of a trigger have more lines about where they come from.
		if row := rowIn(n.Message, last, to-from); row > 0 && strings.Contains(n.Where, "COPY") && !strings.Contains(n.Where, "\n") {
			told = append(told, row)
		}
	}
	n, err := l.copy(f, " with (on_error ignore, log_verbosity verbose)")
	l.c.OnNotice = nil
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (strings.HasPrefix(pg.Code, "42") || strings.HasPrefix(pg.Code, "0A")) {
		return 0, nil, fmt.Errorf("%w: %w", errUnclear, err) // the options may be at fault
	}
	if err != nil || n == int64(to-from) {
		return n, nil, err
	}
	var left []Reject
	for some := range slices.Chunk(told, askedRows) {
		if err := l.ctx.Err(); err != nil {
			return 0, nil, err
		}
		more, err := l.noValues(b, from, some)
		if err != nil {
			return 0, nil, err
		}
		left = append(left, more...)
	}
	// Each has a text that is no value, so that none of them is in the table; and no more are missing.
	if int64(len(left)) != int64(to-from)-n {
		return 0, nil, errUnclear
	}
	return n, left, nil
}

// rowIn finds in a notice the number of a row that comes after the last. The words around it are in the server's language.
func rowIn(message string, last, rows int) int {
	for digits := range strings.FieldsFuncSeq(message, func(r rune) bool { return r < '0' || r > '9' }) {
		if n, err := strconv.Atoi(digits); err == nil && n > last && n <= rows {
			return n
		}
	}
	return 0
}

// askedRows is how many rows are asked about at once.
const askedRows = 1000

// noValues asks the server which of the rows, numbered from 1, have a text that is no value of its column, and why.
func (l *loader) noValues(b *batch, from int, rows []int) (left []Reject, err error) {
	texts, types := []byte{'{'}, []byte{'{'}
	for i := range l.types {
		types = appendElement(types, []byte(l.types[i].name), false)
	}
	for _, r := range rows {
		cells := b.row(from + r - 1).Cells
		for i := range l.shape.from {
			v, null := l.shape.value(cells, i)
			texts = appendElement(texts, v, null)
		}
	}
	// With all names and operators qualified, nothing on the search path is run.
	const sql = `select e.n, i.message, i.detail from pg_catalog.unnest($1::pg_catalog.text[]) with ordinality e(v, n),
 lateral pg_catalog.pg_input_error_info(e.v, ($2::pg_catalog.text[])[(1 operator(pg_catalog.+) ((e.n operator(pg_catalog.-) 1) operator(pg_catalog.%) $3::pg_catalog.int8))::pg_catalog.int4]) i
 where i.message is not null order by e.n`
	r := l.c.ExecParams(context.Background(), sql, [][]byte{append(texts, '}'), append(types, '}'), fmt.Append(nil, len(l.types))}, nil, nil, nil).Read()
	var pg *pgconn.PgError
	if errors.As(r.Err, &pg) {
		return nil, fmt.Errorf("%w: %w", errUnclear, r.Err)
	}
	if r.Err != nil {
		return nil, r.Err
	}
	seen := -1
	for _, found := range r.Rows {
		n, err := strconv.Atoi(string(found[0]))
		if err != nil {
			return nil, err
		}
		at, column := rows[(n-1)/len(l.columns)], (n-1)%len(l.columns)
		if at == seen { // the first column is the one that COPY stops at
			continue
		}
		seen = at
		row := b.row(from + at - 1)
		if l.domainBefore(row.Cells, column) {
			return nil, errUnclear
		}
		left = append(left, Reject{Line: row.Line, Column: l.columns[column].Name,
			Reason: reasonOf(&pgconn.PgError{Message: string(found[1]), Detail: string(found[2])}), Cells: row.Cells})
	}
	return left, nil
}

// domainBefore tells whether a row has a NULL for a domain in a column before another. The domain may refuse it, which
// pg_input_error_info does not tell.
func (l *loader) domainBefore(cells [][]byte, column int) bool {
	for i := range column {
		if _, null := l.shape.value(cells, i); null && l.types[i].domain {
			return true
		}
	}
	return false
}

// appendElement adds an element to the text of an array that has been begun.
func appendElement(out, v []byte, null bool) []byte {
	if len(out) > 1 {
		out = append(out, ',')
	}
	if null {
		return append(out, "NULL"...)
	}
	out = append(out, '"')
	for _, c := range v {
		if c == '"' || c == '\\' {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return append(out, '"')
}
