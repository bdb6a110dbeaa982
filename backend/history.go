package backend

import (
	"cmp"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"desktop.tusk/backend/session"
	"desktop.tusk/backend/sqltext"
	"desktop.tusk/backend/store"
)

// Library is bound to the window: what was run, and what was saved to be run again.
type Library struct{ state *AppState }

// Library is the bound struct of that name.
func (a *AppState) Library() *Library { return &Library{a} }

// HistoryEntry is a run of the past. Passwords in its text are masked.
type HistoryEntry struct {
	ID         string `json:"id"`
	At         int    `json:"at"`         // ms since 1970
	Connection string `json:"connection"` // its name
	Color      string `json:"color"`
	Database   string `json:"database"`
	User       string `json:"user"`
	Text       string `json:"text"`
	Cut        bool   `json:"cut"` // the text was longer than is kept
	ElapsedUs  int    `json:"elapsedUs"`
	Statements int    `json:"statements"`
	Rows       int    `json:"rows"`    // of all statements
	Outcome    string `json:"outcome"` // as a run's: finished, failed, stopped, killed, lost
	Code       string `json:"code"`    // SQLSTATE of the first error
	Error      string `json:"error"`   // its title
}

// HistoryRequest asks for entries, newest first.
type HistoryRequest struct {
	Words      string `json:"words"`      // all have to be in the text
	Connection string `json:"connection"` // by name; "" for all
	Outcome    string `json:"outcome"`    // "ok", "failed" or "stopped"; "" for all
	Before     string `json:"before"`     // the id to go on after; "" begins with the newest
	Limit      int    `json:"limit"`
}

// HistoryPage are entries.
type HistoryPage struct {
	Entries []HistoryEntry `json:"entries"`
	More    bool           `json:"more"`
}

// HistoryRef names entries.
type HistoryRef struct {
	IDs []string `json:"ids"`
}

// HistoryConnections are the names that entries have.
type HistoryConnections struct {
	Names []string `json:"names"`
}

const (
	// keptText is how much of a text the history has, in bytes.
	keptText = 256 << 10
	// historyLimit is the most that is asked for at once.
	historyLimit = 1000

	connectionTag = "connection:"
	outcomeTag    = "outcome:"
)

// outcomes are those that one looks for, by those of a run.
var outcomes = map[string]string{
	session.Finished: "ok", session.Failed: "failed", session.Lost: "failed", session.Stopped: "stopped", session.Killed: "stopped",
}

func (a *AppState) journal() *store.Journal[HistoryEntry] {
	return store.NewJournal[HistoryEntry](filepath.Join(a.dir(), "history"), store.Options{})
}

// History gives runs of the past, newest first. Errors: storage.
func (l *Library) History(req HistoryRequest) (p HistoryPage, err error) {
	defer l.state.guard("library.history", &err)()
	p.Entries = []HistoryEntry{}
	q := store.Find{Words: strings.Fields(req.Words), Before: req.Before, Limit: historyLimit}
	if req.Limit > 0 {
		q.Limit = min(req.Limit, historyLimit)
	}
	if req.Connection != "" {
		q.Tags = append(q.Tags, connectionTag+req.Connection)
	}
	if req.Outcome != "" {
		q.Tags = append(q.Tags, outcomeTag+req.Outcome)
	}
	list, more, err := l.state.history.Load().Search(l.state.ctx, q)
	for _, e := range list {
		e.Value.ID, e.Value.Text = e.ID, e.Text
		p.Entries = append(p.Entries, e.Value)
	}
	p.More = more
	return p, err
}

// HistoryConnections gives the names of all connections that something was run on. Errors: storage.
func (l *Library) HistoryConnections() (c HistoryConnections, err error) {
	defer l.state.guard("library.historyConnections", &err)()
	c.Names = []string{}
	tags, err := l.state.history.Load().Tags(l.state.ctx, connectionTag)
	for _, t := range tags {
		c.Names = append(c.Names, strings.TrimPrefix(t, connectionTag))
	}
	return c, err
}

// DeleteHistory removes entries from disk. Errors: storage.
func (l *Library) DeleteHistory(req HistoryRef) (err error) {
	defer l.state.guard("library.deleteHistory", &err)()
	return l.state.history.Load().Delete(req.IDs...)
}

// ClearHistory removes all entries from disk. Errors: storage.
func (l *Library) ClearHistory() (err error) {
	defer l.state.guard("library.clearHistory", &err)()
	return l.state.history.Load().Clear()
}

// note writes a run that is over to the history. The run is not held up by it, and not failed: what is wrong is
// logged, and told once.
func (a *AppState) note(req ExecuteRequest, snap session.Snapshot) {
	text := ranText(req, snap)
	if strings.TrimSpace(text) == "" {
		return
	}
	e := HistoryEntry{At: snap.StartedAt, ElapsedUs: snap.ElapsedUs, Statements: snap.StatementCount, Outcome: snap.Outcome}
	text, e.Cut = cutText(sqltext.Mask(text), keptText)
	failure := snap.Error
	for _, st := range snap.Statements {
		e.Rows += st.Rows
		if failure == nil {
			failure = st.Error
		}
	}
	if failure != nil {
		e.Code, e.Error = failure.Code, sqltext.Mask(failure.Title)
	}
	a.mu.Lock()
	if c := a.connections[req.ConnectionID]; c != nil {
		e.Connection, e.Color, e.Database, e.User = shownName(c.public), c.public.Profile.Color, c.public.Report.Database, c.public.Report.User
	}
	a.mu.Unlock()
	tags := []string{outcomeTag + outcomes[snap.Outcome], connectionTag + strings.ReplaceAll(e.Connection, "\x00", "")}
	if _, err := a.history.Load().Append(text, tags, e); err != nil {
		a.log.Warn().Err(err).Msg("history not written")
		if a.place().Problem != "" {
			return // the person knows
		}
		a.historyOnce.Do(func() {
			a.warn("What is run cannot be written to the history: " + err.Error())
		})
	}
}

// shownName is the name a connection is shown under.
func shownName(c Connection) string {
	return cmp.Or(c.Profile.Name, c.Report.Database)
}

// ranText is the part of a request's text that was run: one statement, or all of it.
func ranText(req ExecuteRequest, snap session.Snapshot) string {
	if req.Cursor < 0 || len(snap.Statements) != 1 {
		return req.Text
	}
	st := snap.Statements[0]
	from, to := sqltext.ByteOfUnit(req.Text, st.From-req.Offset), sqltext.ByteOfUnit(req.Text, st.To-req.Offset)
	if st.From < req.Offset || from > to || to > len(req.Text) {
		return req.Text
	}
	return req.Text[from:to]
}

// cutText keeps at most n bytes, and no half character.
func cutText(s string, n int) (string, bool) {
	if len(s) <= n {
		return s, false
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n], true
}
