package backend

import (
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/sqltext"
)

// Queries is bound to the window: running SQL and reading results.
type Queries struct{ state *AppState }

// ExecuteRequest asks for a run. Ids are made by the caller, so that Cancel can never miss a run.
type ExecuteRequest struct {
	ConnectionID string `json:"connectionId"`
	SessionID    string `json:"sessionId"` // the tab
	RunID        string `json:"runId"`
	// Text is what to run: the document, a selection, or one statement. Offset is where it starts in the document, in
	// UTF-16 units, Line the line there (from 1): positions that come back are positions in the document.
	Text   string `json:"text"`
	Offset int    `json:"offset"`
	Line   int    `json:"line"`
	// Cursor picks the statement of Text it stands in, in UTF-16 units from the start of Text; -1 runs all of Text.
	Cursor int `json:"cursor"`
	// OnError is "stop" (the default) or "continue".
	OnError string `json:"onError"`
	// OneTransaction wraps the statements in BEGIN and COMMIT, or rolls all of them back.
	OneTransaction bool `json:"oneTransaction"`
	// ManualCommit begins a transaction before the first statement that needs one, and leaves it open.
	ManualCommit bool `json:"manualCommit"`
	// Access is "read" to have the server refuse writes in this tab, "write" to have it take them, "" as the connection's
	// settings say.
	Access string `json:"access"`
	// KeepResults keeps the results of the tab's runs so far: a Commit should not take away what is on the screen.
	KeepResults bool `json:"keepResults"`
	// Params are values for :name and $1 in the text; one that is not there stays as it is written.
	Params []ParameterValue `json:"params"`
	// FirstRows is how many rows the answer carries; as preferred when 0.
	FirstRows int `json:"firstRows"`
}

// ParameterValue is the value of a parameter, as text.
type ParameterValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Null  bool   `json:"null"`
}

// RunRef names a run.
type RunRef struct {
	RunID string `json:"runId"`
}

// SessionRef names a tab's session.
type SessionRef struct {
	ConnectionID string `json:"connectionId"`
	SessionID    string `json:"sessionId"`
}

// PageRequest asks for rows [From, From+Count) of a result; at most 2000. ResultID names a result or a view, here and in
// the other requests.
type PageRequest struct {
	ResultID string `json:"resultId"`
	From     int    `json:"from"`
	Count    int    `json:"count"`
}

// CopyRequest asks for cells as text in the clipboard. Ranges are inclusive; a column or row range may name all.
type CopyRequest struct {
	ResultID string `json:"resultId"`
	// Columns are those that are shown, by number, in their order; all when empty. Ranges count them.
	Columns []int       `json:"columns"`
	Ranges  []CellRange `json:"ranges"`
	Format  string      `json:"format"` // "tsv", "csv", "json", "markdown", "insert", "update", "values" or "in"
	Header  bool        `json:"header"`
	Table   string      `json:"table"` // for insert, as SQL; "result" when ""
}

// CellRange is a rectangle of cells, all four ends inclusive, counted from 0.
type CellRange struct {
	Top    int `json:"top"`
	Left   int `json:"left"`
	Bottom int `json:"bottom"`
	Right  int `json:"right"`
}

// Copied tells what went into the clipboard.
type Copied struct {
	Cells int `json:"cells"`
	Bytes int `json:"bytes"`
}

// SplitRequest asks where the statements of a text are.
type SplitRequest struct {
	Text string `json:"text"`
}

// StatementRange is a statement of a text, in UTF-16 units, without the blanks and comments around it.
type StatementRange struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// SplitResult lists the statements of a text, in order.
type SplitResult struct {
	Statements []StatementRange `json:"statements"`
}

// NoticesRequest asks for the notices of a run from an index on.
type NoticesRequest struct {
	RunID string `json:"runId"`
	From  int    `json:"from"`
}

// NoticesResult has the notices that are still kept: the newest 1,000 of a run.
type NoticesResult struct {
	Notices []session.Notice `json:"notices"`
	Count   int              `json:"count"`
}

// Split tells where the statements of a text are.
func (q *Queries) Split(req SplitRequest) (r SplitResult, err error) {
	defer q.state.guard("queries.split", &err)()
	r.Statements = []StatementRange{}
	cursor := sqltext.NewCursor(req.Text)
	for _, p := range sqltext.Split(req.Text, sqltext.Options{}) {
		if p.Kind == sqltext.Empty {
			continue
		}
		from, _ := cursor.To(p.Start)
		to, _ := cursor.To(p.End)
		r.Statements = append(r.Statements, StatementRange{From: from, To: to})
	}
	return r, nil
}

// Page reads rows of a result. Errors: usage, when the result is gone; file, when the disk fails.
func (q *Queries) Page(req PageRequest) (p spool.Page, err error) {
	defer q.state.guard("queries.page", &err)()
	r, _, _, err := q.state.rows(req.ResultID)
	if err != nil {
		return spool.Page{}, err
	}
	if p, err = r.Page(req.From, req.Count); err != nil {
		return spool.Page{}, unreadable(err)
	}
	p.ResultID = req.ResultID
	return p, nil
}

func unreadable(err error) error {
	return apperr.E(apperr.File, "The result cannot be read.", apperr.Message(err.Error()), apperr.Cause(err), apperr.Hint("Run the statement again."))
}

// Notices reads the notices of a run.
func (q *Queries) Notices(req NoticesRequest) (n NoticesResult, err error) {
	defer q.state.guard("queries.notices", &err)()
	q.state.mu.Lock()
	run := q.state.runs[req.RunID]
	q.state.mu.Unlock()
	n.Notices = []session.Notice{}
	if run != nil {
		n.Notices, n.Count = run.Notices(req.From)
	}
	return n, nil
}
