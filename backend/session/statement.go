package session

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/sqltext"
	"github.com/jackc/pgx/v5/pgconn"
)

// step runs one statement and records how it went.
func (r *Run) step(c *conn.Conn, i int, st *statement) error {
	s := r.s
	text := st.piece.Text(r.req.Text)
	if st.piece.Kind == sqltext.Meta {
		err := explainMeta(r.req.Text[st.piece.Start:st.piece.End])
		apperr.Position(st.From)(err)
		s.mu.Lock()
		r.current, st.State, st.Error = i, Failed, err
		r.version++
		s.mu.Unlock()
		if r.req.OnStatement != nil {
			r.req.OnStatement(st.Statement)
		}
		return err
	}
	if r.req.ManualCommit && c.TxStatus() == 'I' && !sqltext.NeedsNoBegin(text) {
		if err := r.command(c, "begin"); err != nil {
			return err
		}
	}
	s.mu.Lock()
	r.current, st.State, st.begun = i, Running, time.Now()
	r.version++
	s.mu.Unlock()

	encoding := c.ParameterStatus("client_encoding")
	tag, err := r.transmit(c, st, text)
	if now := c.ParameterStatus("client_encoding"); now != encoding && now != "UTF8" {
		s.noticed(&pgconn.Notice{
			SeverityUnlocalized: "WARNING", Message: fmt.Sprintf("client_encoding of this session is now %s; Tusk reads and sends UTF8.", apperr.Plain(now)),
			Hint: `Bytes that are no UTF-8 are shown as \xFF. To go back: reset client_encoding.`,
		})
	}

	var shown *apperr.Error
	if err != nil {
		shown = r.explain(c, st, text, err)
		s.mu.Lock()
		if shown.Kind == apperr.ReadOnly && s.locked {
			shown.Hint = "This tab is read-only, kept so by the server. The lock beside the connection's name allows writes."
		}
		s.mu.Unlock()
		if shown.Kind == apperr.Protocol {
			s.mu.Lock()
			r.unsure = true // it is not to be believed any further
			s.mu.Unlock()
		}
		if shown.Code != "" && r.req.Advise != nil {
			r.req.Advise(Failure{Text: text, At: st.sendUnit, PID: c.PID(), User: c.ParameterStatus("session_authorization"), Error: shown})
		}
	}
	if r.req.OnStatement != nil {
		defer func() { r.req.OnStatement(st.Statement) }()
	}
	elapsed := int(time.Since(st.begun).Microseconds())
	path := r.searchPath(c, tag.String(), text, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	st.ElapsedUs = elapsed
	st.Tag, st.Error = tag.String(), shown
	if n := tag.RowsAffected(); n > 0 || len(st.results) == 0 {
		st.Rows = int(n)
	}
	switch {
	case err == nil:
		st.State = Finished
	case r.stopped && r.stopCause == nil:
		st.State = Stopped
	default:
		st.State = Failed
	}
	if err != nil {
		st.Tag = "" // beside an error it is worth nothing
	}
	if !c.IsClosed() {
		s.noteTx(c.TxStatus(), shown)
		s.path = path
	}
	if err == nil && changesNames(tag.String(), len(st.results) > 0 || r.req.Sink != nil) {
		r.ddl, s.tx.ddl = r.ddl || s.tx.status == 'I', s.tx.status != 'I'
	}
	s.altered = s.altered || err == nil && alters(tag.String(), text)
	r.version++
	if err != nil {
		return shown
	}
	return nil
}

// searchPath gives the session's search_path after a statement, "" when it is not known. Servers before PostgreSQL 18 do
// not tell it by themselves: they are asked where it may have become another, so that completion follows.
func (r *Run) searchPath(c *conn.Conn, tag, text string, err error) string {
	if told := c.ParameterStatus("search_path"); told != "" {
		return told
	}
	known := r.s.path // written by this goroutine alone
	mentioned := strings.Contains(strings.ToLower(text), "search_path")
	undone := known != "" && slices.Contains([]string{"RESET", "DISCARD ALL", "COMMIT", "ROLLBACK"}, tag)
	if err != nil || !mentioned && !undone || c.TxStatus() == 'E' {
		return known
	}
	path := ""
	if r.call(func() error {
		results, err := c.Exec(background, "show search_path").ReadAll()
		if err == nil && len(results) == 1 && len(results[0].Rows) == 1 {
			path = string(results[0].Rows[0][0])
		}
		return err
	}) != nil {
		return ""
	}
	return path
}

// alters tells whether, after a statement, names may mean something else in this session than beside it.
func alters(tag, text string) bool {
	words := sqltext.Words(text, 4)
	return tag == "SET" || slices.Contains(words, "temp") || slices.Contains(words, "temporary")
}

// changesNames tells from a command tag whether a statement may have changed what is in the database. A SELECT without a
// result made a table; what a DO or CALL does nobody knows.
func changesNames(tag string, results bool) bool {
	word, _, _ := strings.Cut(tag, " ")
	switch word {
	case "CREATE", "ALTER", "DROP", "COMMENT", "REFRESH", "GRANT", "REVOKE", "IMPORT", "REASSIGN", "SECURITY", "DISCARD", "DO", "CALL":
		return true
	case "SELECT":
		return !results
	}
	return false
}

// transmit sends a statement and takes in what comes back.
func (r *Run) transmit(c *conn.Conn, st *statement, text string) (tag pgconn.CommandTag, err error) {
	tap := r.s.tap
	tap.Watch(spool.Hooks{
		CopyIn: r.sawCopyIn,
		CopyOut: func(binary bool) {
			col := spool.Column{Name: "COPY", Type: "text", Class: "text"}
			if binary {
				col.Type, col.Class = "bytea", "bytes"
			}
			r.begin(c, st, []spool.Column{col}, nil, true)
		},
		SinkFailed: r.sinkFailed,
	})
	defer tap.Watch(spool.Hooks{})
	bound, args := sqltext.BindNamed(text, r.req.Params)
	err = r.call(func() error {
		switch {
		case st.piece.DataFrom > 0: // an empty table's dump has no lines, and still its end
			src := &source{run: r, r: strings.NewReader(r.req.Text[st.piece.DataFrom:st.piece.DataTo]), end: make(chan struct{})}
			r.s.mu.Lock()
			r.source, r.sourceEnd = src, false
			r.s.mu.Unlock()
			tag, err = c.CopyFrom(background, src, text)
			r.s.mu.Lock()
			r.source = nil
			r.s.mu.Unlock()
			return err
		case len(args) > 0:
			values := make([][]byte, len(args))
			for i, a := range args {
				if a != nil {
					values[i] = []byte(*a)
				}
			}
			rr := c.ExecParams(background, bound, values, nil, nil, nil)
			tag, err = r.receive(c, st, rr)
			return err
		}
		m := c.Exec(background, bound)
		for m.NextResult() {
			if tag, err = r.receive(c, st, m.ResultReader()); err != nil {
				break
			}
		}
		if end := m.Close(); err == nil {
			err = end
		}
		return err
	})
	return r.finishResults(st, tag, err)
}

// receive takes in the rows of one result, which the tap diverts; pgconn sees only what is around them.
func (r *Run) receive(c *conn.Conn, st *statement, rr *pgconn.ResultReader) (pgconn.CommandTag, error) {
	fields := rr.FieldDescriptions()
	if r.s.tap.Described() {
		columns := make([]spool.Column, len(fields))
		var unknown []uint32
		for i, f := range fields {
			t, ok := r.s.pool.TypeOf(f)
			if !ok && !slices.Contains(unknown, f.DataTypeOID) {
				unknown = append(unknown, f.DataTypeOID)
			}
			columns[i] = spool.Column{Name: f.Name, Type: t.Name, Class: t.Class, TableOID: f.TableOID, Attribute: int(f.TableAttributeNumber), TypeOID: f.DataTypeOID}
		}
		r.begin(c, st, columns, unknown, false)
	}
	for rr.NextRow() {
		// Only rows that nobody diverts come here: there are none.
		continue
	}
	tag, err := rr.Close()
	if r.s.tap.Diverting() {
		rows, lost := r.s.tap.End()
		switch {
		case err != nil:
		case lost != nil:
			err = refused{lost}
		case tag.RowsAffected() != rows && tag.Select():
			err = fmt.Errorf("%w: %d came, the server counts %d", errMiscounted, rows, tag.RowsAffected())
		}
	}
	return tag, err
}

// refused is an error of who takes the rows: the server may have sent them all and still some are missing.
type refused struct{ error }

func (e refused) Unwrap() error { return e.error }

// begin opens a result and diverts the rows that follow to it.
func (r *Run) begin(c *conn.Conn, st *statement, columns []spool.Column, unknown []uint32, copyOut bool) {
	s := r.s
	if r.req.Sink != nil {
		sink, err := r.req.Sink(columns, copyOut)
		if err != nil {
			r.sinkFailed(err)
			return
		}
		if sink != nil {
			s.tap.Begin(sink, len(columns))
		}
		return
	}
	res := &result{
		rows: s.dir.NewResult(columns), columns: columns,
		dateStyle: c.ParameterStatus("DateStyle"), timeZone: c.ParameterStatus("TimeZone"),
	}
	s.mu.Lock()
	if r.unlimited {
		res.rows.Unlimit()
	}
	first := !r.anyResult
	r.anyResult = true
	res.id = fmt.Sprintf("%s/%d.%d", r.req.RunID, st.Index, len(st.results))
	st.results = append(st.results, res)
	r.version++
	s.mu.Unlock()
	res.rows.OnPause(func(paused bool) { r.pause(res.rows, paused) })
	s.tap.Begin(res.rows, len(columns))
	if first {
		go r.watchFirst(res.rows)
	}
	if len(unknown) > 0 {
		r.types.Add(1)
		go r.nameTypes(res, unknown)
	}
}

// watchFirst marks the run ready when the first page is there, or some rows are and more keep not coming.
func (r *Run) watchFirst(res *spool.Result) {
	var late <-chan time.Time
	for {
		grown := res.Grown()
		if res.Rows() >= int64(r.req.FirstRows) {
			r.markReady()
			return
		}
		if late == nil && res.Rows() > 0 {
			t := time.NewTimer(firstWait)
			defer t.Stop()
			late = t.C
		}
		select {
		case <-grown:
		case <-late:
			r.markReady()
			return
		case <-r.ready:
			return
		}
	}
}

// nameTypes asks what unknown types are called and puts the names in.
func (r *Run) nameTypes(res *result, unknown []uint32) {
	defer r.types.Done()
	if err := r.s.pool.LearnTypes(background, unknown); err != nil {
		return // they keep their numbers
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	columns := slices.Clone(res.columns)
	for i, c := range columns {
		if slices.Contains(unknown, c.TypeOID) {
			t, _ := r.s.pool.TypeOf(pgconn.FieldDescription{DataTypeOID: c.TypeOID, TypeModifier: -1})
			columns[i].Type, columns[i].Class = t.Name, t.Class
		}
	}
	res.columns = columns
	r.version++
}

// pause notes that rows wait for room, or go on. Who waits for the first page waits no longer.
func (r *Run) pause(rows *spool.Result, paused bool) {
	r.s.mu.Lock()
	r.version++
	if r.paused = nil; paused {
		r.paused = rows
		if r.stopped {
			rows.GiveUp()
		}
	}
	r.s.mu.Unlock()
	if paused {
		r.markReady()
	}
}

// Continue lets the results of this run go beyond the budget.
func (r *Run) Continue() {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	r.unlimited = true
	if r.paused != nil {
		r.paused.Unlimit()
	}
}

// sinkFailed stops the run when rows can be kept no longer: a full disk. What is there stays.
func (r *Run) sinkFailed(err error) { r.cancelFor(err) }

// finishResults closes what a statement has opened. A statement whose rows nobody took did not end well, whatever the
// server says of it.
func (r *Run) finishResults(st *statement, tag pgconn.CommandTag, err error) (pgconn.CommandTag, error) {
	if r.s.tap.Diverting() { // rows of a result that did not come to its end
		if _, lost := r.s.tap.End(); err == nil && lost != nil {
			err = refused{lost}
		}
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if err == nil && r.stopCause != nil {
		err = refused{r.stopCause}
	}
	if n := len(st.results); err != nil && n > 0 && st.results[n-1].rows != nil && st.results[n-1].rows.Rows() == 0 {
		st.results[n-1].rows.Release() // no row came before the error: there is nothing to look at
		st.results = st.results[:n-1]
	}
	for i, res := range st.results {
		res.partial = err != nil && i == len(st.results)-1
		if res.rows != nil {
			res.rows.Finish()
		}
	}
	return tag, err
}

// call makes a pgconn call during which the run can be stopped.
func (r *Run) call(f func() error) error {
	s := r.s
	s.mu.Lock()
	if r.stopped {
		s.mu.Unlock()
		return errStopped
	}
	r.live, r.copies, r.copyIn, r.noData = true, 0, false, false
	s.mu.Unlock()
	err := f()
	s.mu.Lock()
	r.live, r.copyIn = false, false
	s.mu.Unlock()
	return err
}

// command sends a statement of ours: BEGIN, COMMIT.
func (r *Run) command(c *conn.Conn, sql string) error {
	err := r.call(func() error { return c.Exec(background, sql).Close() })
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if !c.IsClosed() {
		r.s.noteTx(c.TxStatus(), nil)
	}
	if err == nil || errors.Is(err, errStopped) {
		return err
	}
	e := r.plain(err, sql)
	e.Detail = strings.TrimSpace(fmt.Sprintf("It happened at the %s that Tusk sent. %s", strings.ToUpper(sql), e.Detail))
	return e
}
