package session

import (
	"errors"
	"time"

	"desktop.tusk/backend/apperr"
)

// conclude decides how the run went. The session is settled: whatever was lost is known.
func (r *Run) conclude(err error) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.took = time.Since(r.begun)
	if s.conn != nil {
		s.noteLock(s.conn)
	}
	r.state = StateDone
	s.run, s.used = nil, time.Now() // who sees that it is done may run the next
	r.version++
	var e *apperr.Error
	if err != nil && !errors.Is(err, errStopped) {
		e = apperr.From(err)
	}
	blamed := false // a statement tells it already
	for _, st := range r.statements {
		blamed = blamed || st.Error != nil
		if st.State == Waiting || st.State == Running {
			st.State = NotRun
		}
	}
	if e != nil && !blamed {
		r.err = e
	}
	person := r.stopped && r.stopCause == nil
	switch {
	case e == nil && !r.stopped:
		r.outcome = Finished
		for _, st := range r.statements { // some may have failed, and the run went on
			if st.Error != nil {
				r.outcome = Failed
			}
		}
	case e == nil: // stopped between statements, or just after the last
		r.outcome = Stopped
		if r.allFinished() {
			r.outcome = Finished
		}
	case person && r.restarted:
		r.outcome = Killed
	case person && e.Kind == apperr.Cancelled:
		r.outcome = Stopped
	case r.restarted || e.Kind == apperr.Lost || e.Kind == apperr.Shutdown:
		r.outcome = Lost
	default:
		r.outcome = Failed
	}
	if r.restarted && r.outcome == Finished {
		// The statement ended well, but a cancel meant for it may still arrive: the connection was given up.
		s.reset = "The session was started again because the server did not answer a cancel in time. Temporary tables and settings of the old one are gone."
	}
	if r.outcome == Killed || r.outcome == Lost {
		s.reset = "Temporary tables, settings and the open transaction of the old one are gone."
	}
}

// allFinished needs s.mu.
func (r *Run) allFinished() bool {
	for _, st := range r.statements {
		if st.State != Finished {
			return false
		}
	}
	return len(r.statements) > 0
}

// A long script's snapshot tells of the newest shownTail statements, and of others that have an error or a result, at
// most shownOther.
const (
	shownTail  = 300
	shownOther = 200
)

// Snapshot is everything a screen shows about the run now.
func (r *Run) Snapshot() Snapshot {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	r.seq++
	snap := Snapshot{
		RunID: r.req.RunID, SessionID: s.id, ConnectionID: s.connectionID, Seq: r.seq, State: r.state, Outcome: r.outcome,
		StartedAt: int(r.begun.UnixMilli()), ElapsedUs: int(r.took.Microseconds()), NoticeCount: r.noticeCount,
		Error: r.err, Reset: r.reset, Statements: []Statement{}, StatementCount: len(r.statements),
	}
	if r.state == StateRunning && r.paused != nil {
		snap.State = StatePaused
	}
	if r.state != StateDone {
		snap.ElapsedUs = int(time.Since(r.begun).Microseconds())
	}
	if s.tx.status != 0 {
		snap.TxStatus = string(rune(s.tx.status))
	}
	if !s.tx.since.IsZero() {
		snap.TxSince, snap.TxStatements = int(s.tx.since.UnixMilli()), s.tx.statements
	}
	snap.ReadOnly = s.locked
	snap.Notices = r.noticesFrom(r.noticeCount - toldNotices)
	tail := max(r.current, 0) + shownTail/10 - shownTail
	others := 0
	for i, st := range r.statements {
		switch st.State {
		case Finished:
			snap.DoneCount++
		case Failed, Stopped:
			snap.FailedCount++
		}
		if i < tail || i >= tail+shownTail && len(r.statements) > shownTail {
			if st.Error == nil && len(st.results) == 0 || others >= shownOther {
				continue
			}
			others++
		}
		snap.Statements = append(snap.Statements, st.report())
	}
	return snap
}

// report needs s.mu.
func (st *statement) report() Statement {
	out := st.Statement
	if out.State == Running {
		out.ElapsedUs = int(time.Since(st.begun).Microseconds())
	}
	out.Results = make([]Result, 0, len(st.results))
	for _, res := range st.results {
		one := Result{ID: res.id, Columns: res.columns, Partial: res.partial, DateStyle: res.dateStyle, TimeZone: res.timeZone}
		if res.rows != nil {
			one.Rows, one.Bytes, one.Complete = int(res.rows.Rows()), int(res.rows.Bytes()), res.rows.Complete()
		}
		if out.State == Running && one.Rows > out.Rows {
			out.Rows = one.Rows
		}
		out.Results = append(out.Results, one)
	}
	if out.State == Stopped || out.State == Failed {
		for _, res := range out.Results {
			out.Rows = max(out.Rows, res.Rows)
		}
	}
	return out
}

// Changed tells a number that grows with every change a screen shows, rows that arrived included.
func (r *Run) Changed() int64 {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	n := int64(r.version)
	if r.current >= 0 && r.current < len(r.statements) {
		for _, res := range r.statements[r.current].results {
			if res.rows != nil {
				n += res.rows.Rows()
			}
		}
	}
	return n
}

// FirstResult is the id of the first result; "" when there is none (yet).
func (r *Run) FirstResult() string {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	for _, st := range r.statements {
		for _, res := range st.results {
			return res.id
		}
	}
	return ""
}
