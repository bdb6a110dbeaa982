package session

import (
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
)

// States of a run.
const (
	StateConnecting = "connecting" // the session's connection is being made
	StateRunning    = "running"
	StatePaused     = "paused"   // the results' budget is used up: rows wait at the server for Continue or Cancel
	StateStopping   = "stopping" // Cancel was asked for, the server has not answered yet
	StateDone       = "done"
)

// Outcomes of a run that is done, and of each of its statements.
const (
	Finished = "finished"
	Failed   = "failed"  // the server refused a statement
	Stopped  = "stopped" // cancelled, the session goes on
	Killed   = "killed"  // cancelled, and the session had to be given up for it
	Lost     = "lost"    // the link broke
)

// States of a statement. The outcomes above follow when it is over.
const (
	Waiting = "waiting" // not sent yet
	Running = "running"
	NotRun  = "notrun" // never sent, because an earlier one ended the run
)

// Snapshot is everything a screen shows about a run. Seq grows with every change; an older one is to be dropped.
type Snapshot struct {
	RunID        string `json:"runId"`
	SessionID    string `json:"sessionId"`
	ConnectionID string `json:"connectionId"`
	Seq          int    `json:"seq"`
	State        string `json:"state"`
	Outcome      string `json:"outcome"`  // "" until done
	TxStatus     string `json:"txStatus"` // "I", "T" or "E" as the protocol says; "" without a connection
	// TxSince is when the open transaction began, in ms since 1970; 0 without one. TxStatements counts what ran in it.
	TxSince      int `json:"txSince"`
	TxStatements int `json:"txStatements"`
	// ReadOnly says that the server refuses writes in this session.
	ReadOnly  bool `json:"readOnly"`
	StartedAt int  `json:"startedAt"` // ms since 1970
	ElapsedUs int  `json:"elapsedUs"`
	// Statements are all of a script of up to 300; of a longer one those around the current one, and those with an error
	// or a result. The counts are of all.
	Statements     []Statement `json:"statements"`
	StatementCount int         `json:"statementCount"`
	DoneCount      int         `json:"doneCount"`
	FailedCount    int         `json:"failedCount"`
	// Notices are the newest of this run, at most 100; NoticeCount how many there were. Queries.Notices has the others.
	Notices     []Notice `json:"notices"`
	NoticeCount int      `json:"noticeCount"`
	// Error is why the run itself ended, when no statement is to blame: no connection, link lost.
	Error *apperr.Error `json:"error,omitempty"`
	// Reset says in words what was lost with an earlier connection of this session; "" as a rule.
	Reset string `json:"reset"`
	// FirstPage are the first rows of the first result; only in what Execute answers.
	FirstPage *spool.Page `json:"firstPage,omitempty"`
}

// Statement is one statement of a run.
type Statement struct {
	Index int `json:"index"`
	// From and To bound it in the document, in UTF-16 units; Line counts from 1.
	From int `json:"from"`
	To   int `json:"to"`
	Line int `json:"line"`
	// Head is its beginning on one line, for lists.
	Head  string `json:"head"`
	State string `json:"state"`
	Tag   string `json:"tag"` // the server's command tag: SELECT 3, UPDATE 1, CREATE TABLE
	// Rows counts the rows affected, or received so far.
	Rows      int           `json:"rows"`
	ElapsedUs int           `json:"elapsedUs"`
	Notices   int           `json:"notices"`
	Error     *apperr.Error `json:"error,omitempty"`
	// Results of the statement: one as a rule, none for most commands, several when the text was run as one.
	Results []Result `json:"results"`
}

// Result is one set of rows a statement gave. Its rows are read with Queries.Page.
type Result struct {
	ID       string         `json:"id"`
	Columns  []spool.Column `json:"columns"`
	Rows     int            `json:"rows"`
	Bytes    int            `json:"bytes"`
	Complete bool           `json:"complete"` // no more will come
	// Partial says that the end is missing: stopped, lost or failed while rows came.
	Partial bool `json:"partial"`
	// DateStyle and TimeZone are the session's while it ran: what the text of the values depends on.
	DateStyle string `json:"dateStyle"`
	TimeZone  string `json:"timeZone"`
}

// Notice is a message the server sent beside a statement's answer.
type Notice struct {
	Index     int    `json:"index"`     // from 0, in the run
	Statement int    `json:"statement"` // index of the statement it came with
	At        int    `json:"at"`        // ms since 1970
	Severity  string `json:"severity"`  // NOTICE, WARNING, INFO, LOG, DEBUG; never translated
	Code      string `json:"code"`
	Message   string `json:"message"`
	Detail    string `json:"detail"`
	Hint      string `json:"hint"`
	Where     string `json:"where"`
}
