package backend

import (
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
)

// eventEvery is the shortest time between two events of one run; the last one goes out at once.
const eventEvery = 100 * time.Millisecond

// Execute runs SQL in a tab's session. It answers when the first result has its first page or the run is over; the rest
// comes by event and Page. It resolves when the server refuses a statement: the error is the statement's. Errors: busy,
// cancelled (Cancel came first), lost (no such connection), storage.
func (q *Queries) Execute(req ExecuteRequest) (snap session.Snapshot, err error) {
	defer q.state.guard("queries.execute", &err)()
	a := q.state
	if req.FirstRows <= 0 {
		req.FirstRows = int(a.firstRows.Load())
	}
	s, err := a.session(req.ConnectionID, req.SessionID)
	if err != nil {
		return session.Snapshot{}, err
	}
	run, err := a.startRun(s, req)
	if err != nil {
		return session.Snapshot{}, err
	}
	select {
	case <-run.Ready():
	case <-a.ctx.Done():
		return session.Snapshot{}, apperr.E(apperr.Lost, "Tusk is closing.")
	}
	snap = run.Snapshot()
	if id := run.FirstResult(); id != "" {
		if page, err := page(run, id, 0, req.FirstRows); err == nil {
			snap.FirstPage = &page
		}
	}
	return snap, nil
}

// startRun registers a run under its id and starts it, unless Cancel was first.
func (a *AppState) startRun(s *session.Session, req ExecuteRequest) (*session.Run, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, cancelled := a.tombstones[req.RunID]; cancelled {
		delete(a.tombstones, req.RunID)
		return nil, apperr.E(apperr.Cancelled, "Stopped before it was sent.")
	}
	if req.RunID == "" || a.runs[req.RunID] != nil {
		return nil, apperr.E(apperr.Usage, "A run needs an id of its own.")
	}
	var released []string
	if last := s.Last(); last != nil && !req.KeepResults {
		released = last.Kept()
	}
	run, err := s.Run(session.Request{
		RunID: req.RunID, Text: req.Text, Offset: req.Offset, Line: req.Line, Cursor: req.Cursor, Continue: req.OnError == "continue",
		OneTransaction: req.OneTransaction, ManualCommit: req.ManualCommit, KeepResults: req.KeepResults, Access: req.Access, FirstRows: req.FirstRows, Params: paramsOf(req.Params),
		OnDDL:  func() { a.readAgain(s.ConnectionID()) },
		Advise: func(f session.Failure) { a.advise(f, s) },
	})
	if err != nil {
		return nil, err
	}
	for _, id := range released {
		delete(a.runs, id)
	}
	a.runs[req.RunID] = run
	a.clearDesk()
	a.start(func() {
		a.report(run)
		a.note(req, run.Snapshot())
	})
	return run, nil
}

func paramsOf(list []ParameterValue) map[string]*string {
	params := make(map[string]*string, len(list))
	for _, p := range list {
		if params[p.Name] = &p.Value; p.Null {
			params[p.Name] = nil
		}
	}
	return params
}

// report sends a run's events until it is over and its types have their names, which a short run does not wait for.
func (a *AppState) report(run *session.Run) {
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	begin := time.Now()
	seen := int64(-1)
	for {
		select {
		case <-run.Done():
			seen = run.Changed()
			snap := run.Snapshot()
			a.config.Desktop.Emit(EventRun, snap)
			a.noteRun(run, snap, time.Since(begin))
			<-run.Named()
			if run.Changed() != seen {
				a.config.Desktop.Emit(EventRun, run.Snapshot())
			}
			return
		case <-tick.C:
			if n := run.Changed(); n != seen {
				seen = n
				a.config.Desktop.Emit(EventRun, run.Snapshot())
			}
		}
	}
}

// noteRun logs the end of a run and tells when its connection seems gone, or is back.
func (a *AppState) noteRun(_ *session.Run, snap session.Snapshot, took time.Duration) {
	a.log.Debug().Str("run", snap.RunID).Str("outcome", snap.Outcome).Int("statements", snap.StatementCount).Dur("took", took).Msg("run")
	state := "connected"
	if snap.Outcome == session.Lost {
		state = "lost"
	}
	a.mu.Lock()
	c := a.connections[snap.ConnectionID]
	changed := c != nil && c.pool != nil && c.public.State != state
	var public Connection
	if changed {
		c.public.State = state
		public = c.public
	}
	a.mu.Unlock()
	if changed {
		a.config.Desktop.Emit(EventConnection, public)
	}
}

// Continue lets a run that waits because its results have used up their room go beyond it. One that is over is no error.
func (q *Queries) Continue(req RunRef) (err error) {
	defer q.state.guard("queries.continue", &err)()
	q.state.mu.Lock()
	run := q.state.runs[req.RunID]
	q.state.mu.Unlock()
	if run != nil {
		run.Continue()
	}
	return nil
}

// Cancel asks for the end of a run and returns at once. One that is not known yet is stopped when it comes; one that is
// over is left alone.
func (q *Queries) Cancel(req RunRef) (err error) {
	defer q.state.guard("queries.cancel", &err)()
	a := q.state
	a.mu.Lock()
	run := a.runs[req.RunID]
	if run == nil && req.RunID != "" {
		a.bury(req.RunID)
	}
	a.mu.Unlock()
	if run != nil {
		run.Cancel()
	}
	return nil
}

var errResultClosed = apperr.E(apperr.Usage, "This result is closed.", apperr.Hint("Run the statement again to see its rows."))

// findResult finds a result by its id, and the run it is of. Errors: usage, when it is gone.
func (a *AppState) findResult(id string) (*session.Run, *spool.Result, error) {
	a.mu.Lock()
	run := a.runs[runOf(id)]
	pinned := a.workbench.pins[id]
	a.mu.Unlock()
	if run != nil {
		if r := run.Result(id); r != nil {
			return run, r, nil
		}
	}
	if pinned != nil {
		return pinned.run, pinned.rows, nil
	}
	return nil, nil, errResultClosed
}

// runOf is the id of the run that a result is of.
func runOf(result string) string {
	if i := strings.LastIndexByte(result, '/'); i >= 0 {
		return result[:i]
	}
	return result
}

func page(run *session.Run, id string, from, count int) (spool.Page, error) {
	if count <= 0 {
		count = 200
	}
	r := run.Result(id)
	p, err := r.Page(from, count)
	p.ResultID = id
	return p, err
}

// CloseSession ends a tab's session: what runs is stopped, an open transaction rolled back, results removed.
func (q *Queries) CloseSession(req SessionRef) (err error) {
	defer q.state.guard("queries.closeSession", &err)()
	a := q.state
	a.mu.Lock()
	var s *session.Session
	if c := a.connections[req.ConnectionID]; c != nil {
		s = c.sessions[req.SessionID]
		delete(c.sessions, req.SessionID)
	}
	a.mu.Unlock()
	if s == nil {
		return nil
	}
	last := s.Last()
	s.Close()
	if last != nil {
		a.mu.Lock()
		for _, id := range last.Kept() {
			delete(a.runs, id)
		}
		a.clearDesk()
		a.mu.Unlock()
	}
	return nil
}
