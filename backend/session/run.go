package session

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/sqltext"
)

// errStopped is what a call gets that was not made because the run was cancelled.
var errStopped = errors.New("stopped by the user")

const (
	defaultFirstRows = 200
	// firstWait is how long the first rows may keep Ready waiting for more of them.
	firstWait = 100 * time.Millisecond
	// typesWait is how long Ready waits for the names of types.
	typesWait = 150 * time.Millisecond
	headChars = 120
)

// Run is one Execute. It is its own generation: nothing meant to stop it can reach a later one.
type Run struct {
	s   *Session
	req Request

	before *Run // whose results are kept too; set before the run starts

	ready chan struct{} // the first page is there, or the run is over
	ended chan struct{} // nothing more is sent
	done  chan struct{} // the session is free; the snapshot is final
	waits sync.WaitGroup
	types sync.WaitGroup
	begun time.Time
	once  sync.Once // for ready

	// Guarded by s.mu:
	state, outcome string
	version, seq   int
	statements     []*statement
	current        int // index of the statement under way
	err            *apperr.Error
	reset          string
	notices        []Notice
	noticeCount    int
	took           time.Duration
	abort          func() // ends connecting
	live, over     bool   // live while a pgconn call is under way: only then may something be sent to stop it
	stopped, sent  bool
	stopAt         time.Time
	stopCause      error // why, when it was not the person's wish
	source         *source
	sourceEnd      bool
	copies         int  // CopyInResponses of this call
	copyIn, noData bool // the server waits for COPY data that nobody will send; it was told so
	unsure, closed bool // something sent may still arrive; the ladder closed the socket
	restarted      bool // the connection was given up
	anyResult      bool
	ddl            bool          // for OnDDL
	paused         *spool.Result // that waits for room
	unlimited      bool          // results go beyond the budget
}

type statement struct {
	Statement
	piece    sqltext.Piece
	sendUnit int // where its text begins in the document, in UTF-16 units
	begun    time.Time
	results  []*result
}

type result struct {
	id                  string
	rows                *spool.Result // nil with a sink of the caller's
	columns             []spool.Column
	partial             bool
	dateStyle, timeZone string
}

func newRun(s *Session, req Request) *Run {
	if req.FirstRows <= 0 {
		req.FirstRows = defaultFirstRows
	}
	return &Run{
		s: s, req: req, ready: make(chan struct{}), ended: make(chan struct{}), done: make(chan struct{}),
		state: StateRunning, begun: time.Now(), current: -1,
	}
}

// ID is the run's, made by the caller.
func (r *Run) ID() string { return r.req.RunID }

// ConnectionID is that of the connection it runs on.
func (r *Run) ConnectionID() string { return r.s.connectionID }

// Ready is closed when the first page of the first result is there, or the run is over.
func (r *Run) Ready() <-chan struct{} { return r.ready }

// Done is closed when the session is free and the snapshot is final.
func (r *Run) Done() <-chan struct{} { return r.done }

// Named is closed when the types of all results so far have their names, or will not get them.
func (r *Run) Named() <-chan struct{} {
	named := make(chan struct{})
	go func() { r.types.Wait(); close(named) }()
	return named
}

func (r *Run) markReady() {
	r.once.Do(func() {
		go func() {
			t := time.NewTimer(typesWait)
			defer t.Stop()
			select {
			case <-r.Named():
			case <-t.C:
			}
			close(r.ready)
		}()
	})
}

// main is the run's goroutine.
func (r *Run) main() {
	err := r.guarded()
	r.settle()
	r.tidy()
	r.conclude(err)
	r.markReady()
	<-r.ready
	r.s.mu.Lock()
	ddl := r.ddl
	r.s.mu.Unlock()
	if ddl && r.req.OnDDL != nil {
		r.req.OnDDL()
	}
	close(r.done)
}

// guarded turns a panic, a hostile server's work or a mistake of ours, into the loss of this one session.
func (r *Run) guarded() (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.s.mu.Lock()
			r.unsure = true // the connection's state is unknown
			r.s.mu.Unlock()
			err = apperr.E(apperr.Internal, "", apperr.Op("session.run"), apperr.Cause(fmt.Errorf("panic: %v\n%s", p, debug.Stack())))
		}
	}()
	return r.exec()
}

// lock has the server refuse writes, or take them, as the request says, or else the profile; what a SET of an earlier run
// said does not hold against them. In a transaction that failed it waits for the next run.
func (r *Run) lock(c *conn.Conn) error {
	want := r.req.Access == "read" || r.req.Access == "" && r.s.pool.ReadOnly()
	r.s.mu.Lock()
	asks := r.req.Access != "" || r.s.pool.ReadOnly()
	same := r.s.locked == want
	r.s.mu.Unlock()
	if !asks || same || c.TxStatus() == 'E' {
		return nil
	}
	if r.s.pool.Report().Pooler {
		return apperr.E(apperr.Unsupported, "A pooler answers here, which would make others' sessions read-only too.", apperr.Hint("Begin a transaction with: begin read only"), apperr.Op("session.run"))
	}
	value := "off"
	if want {
		value = "on"
	}
	if err := r.command(c, "set "+conn.ReadOnlySetting+" to "+value); err != nil {
		return err
	}
	r.s.mu.Lock()
	r.s.locked = want
	r.s.mu.Unlock()
	return nil
}

// noteLock learns whether the server refuses writes, which it says by itself since PostgreSQL 14. The caller holds s.mu
// and is the one that uses the connection.
func (s *Session) noteLock(c *conn.Conn) {
	if told := c.ParameterStatus(conn.ReadOnlySetting); told != "" {
		s.locked = told == "on"
	}
}

func (r *Run) exec() error {
	if err := r.prepare(); err != nil {
		return err
	}
	c, err := r.s.ready(r)
	if err != nil {
		return err
	}
	if err := r.lock(c); err != nil {
		return err
	}
	if r.req.OneTransaction && c.TxStatus() == 'I' {
		if err := r.command(c, "begin"); err != nil {
			return err
		}
	}
	failed := false
	for i, st := range r.statements {
		if r.isStopped() {
			return errStopped
		}
		if err := r.step(c, i, st); err != nil {
			failed = true
			if c.IsClosed() || r.isStopped() || !r.req.Continue || r.req.OneTransaction {
				return err
			}
		}
		if i < len(r.statements)-1 && len(st.results) > 0 {
			r.markReady()
		}
	}
	if r.req.OneTransaction && !failed && c.TxStatus() != 'I' {
		return r.command(c, "commit")
	}
	return nil
}

// tidy leaves no transaction of ours open after a run as one transaction that did not get to its end.
func (r *Run) tidy() {
	s := r.s
	s.mu.Lock()
	c := s.conn
	s.mu.Unlock()
	if c == nil || !r.req.OneTransaction || c.TxStatus() == 'I' {
		return
	}
	if err := internal(c, "rollback"); err == nil {
		s.mu.Lock()
		s.noteTx(c.TxStatus(), nil)
		s.mu.Unlock()
	}
}

func (r *Run) isStopped() bool {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	return r.stopped
}

// prepare finds the statements and refuses what the server cannot read at all.
func (r *Run) prepare() error {
	text := r.req.Text
	if i := strings.IndexByte(text, 0); i >= 0 {
		return r.unsendable(i, "The text holds a zero byte, which no statement may.")
	}
	if !utf8.ValidString(text) {
		i := 0
		for i < len(text) {
			if c, size := utf8.DecodeRuneInString(text[i:]); c == utf8.RuneError && size == 1 {
				break
			} else {
				i += size
			}
		}
		return r.unsendable(i, "The text is no valid UTF-8 here.")
	}
	pieces := sqltext.Split(text, sqltext.Options{BackslashQuotes: r.backslashQuotes()})
	if r.req.Cursor >= 0 {
		at := sqltext.At(text, pieces, sqltext.ByteOfUnit(text, r.req.Cursor))
		if at < 0 {
			pieces = nil
		} else {
			pieces = pieces[at : at+1]
		}
	}
	var list []*statement
	cursor := sqltext.NewCursor(text)
	for _, p := range pieces {
		if p.Kind == sqltext.Empty {
			continue
		}
		st := &statement{piece: p}
		units, _ := cursor.To(p.Send)
		st.sendUnit = units + r.req.Offset
		from, line := cursor.To(p.Start)
		to, _ := cursor.To(p.End)
		st.Statement = Statement{
			Index: len(list), From: from + r.req.Offset, To: to + r.req.Offset, Line: line + max(r.req.Line, 1) - 1,
			Head: sqltext.Head(text[p.Start:min(p.End, p.Start+4096)], headChars), State: Waiting, Results: []Result{},
		}
		list = append(list, st)
	}
	if len(list) == 0 {
		return apperr.E(apperr.Usage, "There is nothing to run here.", apperr.Hint("Put the cursor in a statement, or select one."), apperr.Op("session.run"))
	}
	r.s.mu.Lock()
	r.statements = list
	r.version++
	r.s.mu.Unlock()
	return nil
}

func (r *Run) unsendable(at int, title string) error {
	units, line := sqltext.NewCursor(r.req.Text).To(at)
	return apperr.E(apperr.Syntax, title, apperr.Detail(fmt.Sprintf("Line %d.", line+max(r.req.Line, 1)-1)),
		apperr.Hint("Remove it and run again. Nothing was sent."), apperr.Position(units+r.req.Offset), apperr.Op("session.run"))
}

// backslashQuotes tells how the session reads '…'. Only the run's goroutine may ask.
func (r *Run) backslashQuotes() bool {
	r.s.mu.Lock()
	c := r.s.conn
	r.s.mu.Unlock()
	return c != nil && c.ParameterStatus("standard_conforming_strings") == "off"
}

// Kept lists the ids of the run and of those before it whose results are kept with its own.
func (r *Run) Kept() []string {
	var ids []string
	for ; r != nil; r = r.before {
		ids = append(ids, r.req.RunID)
	}
	return ids
}

// releaseResults removes the rows of this run, and of those kept with it.
func (r *Run) releaseResults() {
	if r.before != nil {
		r.before.releaseResults()
	}
	r.s.mu.Lock()
	var all []*result
	for _, st := range r.statements {
		all = append(all, st.results...)
	}
	r.s.mu.Unlock()
	for _, res := range all {
		if res.rows != nil {
			res.rows.Release()
		}
	}
}

// Whole tells whether a result that is complete has all its rows: nothing was stopped, lost or failed while they came.
func (r *Run) Whole(id string) bool {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	for _, st := range r.statements {
		for _, res := range st.results {
			if res.id == id {
				return !res.partial
			}
		}
	}
	return false
}

// Source gives the text of the statement that a result is of, as it was sent, and the session's time zone while it ran.
func (r *Run) Source(id string) (text, timeZone string) {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	for _, st := range r.statements {
		for _, res := range st.results {
			if res.id == id {
				return st.piece.Text(r.req.Text), res.timeZone
			}
		}
	}
	return "", ""
}

// Result finds a result by its id, for reading; nil when there is none.
func (r *Run) Result(id string) *spool.Result {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	for _, st := range r.statements {
		for _, res := range st.results {
			if res.id == id {
				return res.rows
			}
		}
	}
	return nil
}
