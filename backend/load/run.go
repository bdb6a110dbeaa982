package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
	"github.com/jackc/pgx/v5/pgconn"
)

// Source gives rows, as intake.Rows does.
type Source interface {
	Names() []string
	Next() (intake.Row, error)
}

// Reject is a row that did not fit. Its cells are good until the function that is told of it returns.
type Reject struct {
	Line   int64
	Column string // of the table, or of the file when the file is at fault; "" when it is not known
	Reason string
	Cells  [][]byte
	unread bool // the file is at fault
}

// Progress is how far a Run is; it may be read at any time.
type Progress struct{ Rows, Rejected atomic.Int64 }

// Hooks are called by Run, from its goroutine.
type Hooks struct {
	Rejected     func(Reject) error // needed to keep going
	BeforeCommit func() error
}

// Report tells what came of a Run.
type Report struct {
	Rows     int64 // that are in the table now
	Rejected int64
	Skipped  int64 // their key was there
	// Unsure says that the link broke at the COMMIT, so that the rows may be in the table or not.
	Unsure bool
}

// columnType is that of a column, as the server calls it.
type columnType struct {
	name   string
	domain bool
}

// importTable is where rows wait for their keys to be looked up, and where they are checked.
const importTable = "tusk_import"

// loader is a Run, or a Check, under way.
type loader struct {
	ctx      context.Context // ends when it is to be stopped
	c        *conn.Conn
	plan     Plan
	source   Source
	shape    shape
	columns  []Column
	types    []columnType
	hooks    Hooks
	progress *Progress
	report   Report
	into     string // what COPY fills, and its name without the schema
	relation string
	lenient  bool     // the server's COPY leaves out rows with texts that are no values, and tells which
	doubts   int      // how often that was unclear
	step     int      // how many rows are tried at once
	unread   []Reject // rows of the batch that are not in it: the file has them wrong
	held     held
}

// Run loads all rows. It takes the connection for itself; who ends ctx stops it, and the transaction is rolled back.
// Errors: those of the server, data (a row, with its line in Fields), cancelled, file, usage.
func Run(ctx context.Context, c *conn.Conn, source Source, p Plan, h Hooks, progress *Progress) (Report, error) {
	l := &loader{ctx: ctx, c: c, plan: p, source: source, hooks: h, progress: progress}
	err := l.within(func() error {
		table, err := l.target()
		if err != nil {
			return err
		}
		if p.Conflict != Stop {
			if err := l.aside(table); err != nil {
				return err
			}
		}
		if p.KeepGoing {
			if err = l.refersToItself(); err == nil {
				err = l.keepGoing(l.put(table))
			}
		} else {
			err = l.all(table)
		}
		if err != nil {
			return err
		}
		if h.BeforeCommit != nil {
			if err := h.BeforeCommit(); err != nil {
				return err
			}
		}
		_, err = exec(context.Background(), c, "commit")
		var pg *pgconn.PgError
		if errors.As(err, &pg) {
			return l.refusedAtEnd(pg)
		}
		l.report.Unsure = err != nil
		return err
	})
	return l.report, err
}

// within runs f in a transaction, which is rolled back unless f ends it. Nobody waits longer than two seconds for it to
// be stopped.
func (l *loader) within(f func() error) error {
	if err := l.plan.check(); err != nil {
		return err
	}
	over := make(chan struct{})
	stop := context.AfterFunc(l.ctx, func() {
		ctx, end := context.WithTimeout(context.Background(), 2*time.Second)
		defer end()
		_ = l.c.CancelRequest(ctx) // when it fails the socket is closed
		select {
		case <-over:
		case <-ctx.Done():
			_ = l.c.Conn().Close()
		}
	})
	defer func() { stop(); close(over) }()
	_, err := exec(context.Background(), l.c, "begin")
	if err == nil && l.plan.Dates != "" {
		err = l.simple("set local datestyle to 'ISO, " + l.plan.Dates + "'")
	}
	if err == nil {
		err = f()
	}
	if err != nil && !l.c.IsClosed() && l.c.TxStatus() != 'I' {
		ctx, end := context.WithTimeout(context.Background(), 2*time.Second)
		defer end()
		_, _ = exec(ctx, l.c, "rollback") // the connection is closed next, which does the same
	}
	if err != nil && l.ctx.Err() != nil && !l.report.Unsure {
		return apperr.E(apperr.Cancelled, "The import was stopped.", apperr.Hint("Nothing was imported."), apperr.Cause(err))
	}
	return server(err)
}

// target makes the table, or looks whether the one there will do.
func (l *loader) target() (t Table, err error) {
	l.into, l.relation = l.plan.name(), l.plan.Table
	l.columns, l.shape.from = l.plan.used()
	if l.plan.Create {
		if _, err := exec(context.Background(), l.c, "create table "+l.into+" "+definition(l.columns)); err != nil {
			return t, err
		}
	}
	if t, err = find(context.Background(), l.c, l.into); err != nil {
		return t, err
	}
	l.mould(t)
	l.keepJSON()
	if slices.Contains(l.shape.comma, true) {
		l.source = &commaNumbers{l.source, l.shape}
	}
	return t, t.fits(l.plan)
}

// jsonKeeper is a Source of a file of JSON.
type jsonKeeper interface{ KeepJSON(columns []int) }

// keepJSON has a text go into a column of JSON as the text it is: "1" is no number there.
func (l *loader) keepJSON() {
	var columns []int
	for i, from := range l.shape.from {
		if name := l.types[i].name; name == "json" || name == "jsonb" {
			columns = append(columns, from)
		}
	}
	if s, ok := l.source.(jsonKeeper); ok && len(columns) > 0 {
		s.KeepJSON(columns)
	}
}

// mould sets the type of each column, what an empty text is in it, and where numbers have a comma.
func (l *loader) mould(t Table) {
	l.types, l.shape.emptyIsNull, l.shape.comma = l.types[:0], l.shape.emptyIsNull[:0], l.shape.comma[:0]
	for _, c := range l.columns {
		col, _ := t.column(c.Name)
		l.types = append(l.types, columnType{col.Type, col.domain})
		l.shape.emptyIsNull = append(l.shape.emptyIsNull, col.emptyIsNull)
		l.shape.comma = append(l.shape.comma, l.plan.DecimalComma && col.number())
	}
}

// commaNumbers refuses rows whose numbers are none with a decimal comma, rather than have the server read 1.5 of them as
// something else. The cells stay as the file has them.
type commaNumbers struct {
	Source
	shape shape
}

func (s *commaNumbers) Next() (intake.Row, error) {
	row, err := s.Source.Next()
	if err != nil {
		return row, err
	}
	for i, from := range s.shape.from {
		if v := string(row.Cells[from]); s.shape.comma[i] {
			if _, ok := intake.Pointed(v); !ok {
				return row, &intake.RowError{Line: row.Line, Column: s.Names()[from], Reason: fmt.Sprintf("%q is no number with a decimal comma.", v),
					Hint: "Choose a point as the decimal sign, or put the value right.", Cells: row.Cells}
			}
		}
	}
	return row, nil
}

func definition(columns []Column) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, quote(c.Name)+" "+c.Type)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

func (l *loader) list() string {
	var names []string
	for _, c := range l.columns {
		names = append(names, quote(c.Name))
	}
	return strings.Join(names, ", ")
}

// aside has rows go into a temporary table first.
func (l *loader) aside(t Table) error {
	from := quote(t.Schema) + "." + quote(t.Name)
	l.into, l.relation = "pg_temp."+importTable, importTable
	_, err := exec(context.Background(), l.c, fmt.Sprintf("create temporary table %s on commit drop as select %s from %s with no data", importTable, l.list(), from))
	return err
}

// copy has the server take rows; n is how many it took.
func (l *loader) copy(f *feed, options string) (n int64, err error) {
	f.ctx, f.shape = l.ctx, l.shape
	tag, err := l.c.CopyFrom(context.Background(), f, fmt.Sprintf("copy %s (%s) from stdin%s", l.into, l.list(), options))
	var pg *pgconn.PgError
	if f.err != nil && (!errors.As(err, &pg) || pg.Code == "57014") {
		return 0, f.err // the server says only that it was told to stop
	}
	return tag.RowsAffected(), err
}

// insert moves what is aside into the table.
func (l *loader) insert(t Table) (int64, error) {
	action := "do nothing"
	if l.plan.Conflict == Update {
		var keys, set []string
		is := map[string]bool{}
		for _, k := range l.plan.key(t) {
			keys, is[k] = append(keys, quote(k)), true
		}
		for _, c := range l.columns {
			if !is[c.Name] {
				set = append(set, quote(c.Name)+" = excluded."+quote(c.Name))
			}
		}
		action = "(" + strings.Join(keys, ", ") + ") do update set " + strings.Join(set, ", ")
		if len(set) == 0 {
			action = "do nothing"
		}
	}
	tag, err := exec(context.Background(), l.c, fmt.Sprintf("insert into %s.%s (%s) overriding system value select %s from %s on conflict %s",
		quote(t.Schema), quote(t.Name), l.list(), l.list(), l.into, action))
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "21000" {
		e := apperr.Server(pg)
		e.Title, e.Hint = "Two rows of the file have the same key.", "Leave one of them out of the file, or choose to skip rows that exist."
		return 0, e
	}
	return tag.RowsAffected(), err
}

// all loads everything at once; the first row that does not fit ends it.
func (l *loader) all(t Table) error {
	f := &feed{next: l.source.Next, rows: &l.progress.Rows}
	n, err := l.copy(f, "")
	if err != nil {
		return l.refused(err, f)
	}
	l.report.Rows = n
	if l.plan.Conflict != Stop {
		if l.report.Rows, err = l.insert(t); err != nil {
			return err
		}
		l.report.Skipped = n - l.report.Rows
	}
	return nil
}

var _ io.Reader = (*feed)(nil)
