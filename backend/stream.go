package backend

import (
	"context"

	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/suggest"
	"desktop.tusk/backend/transfer"
)

// StreamRequest asks for a script to be run without a window: rows go to the caller as they come, nothing to the disk.
type StreamRequest struct {
	Profile  conn.Profile
	Password secret.Secret
	Text     string
	// Table, a name as SQL, has a whole table read for Format instead of Text; Options are changed as that needs.
	Table          string
	Format         string
	Options        *transfer.Options
	Continue       bool
	OneTransaction bool
	Params         map[string]string
	// Result is told the columns of each result and gives where its rows go; nil drops them. copyOut says that they are
	// lines of COPY … TO stdout.
	Result func(columns []spool.Column, copyOut bool) (spool.Sink, error)
	// Statement is told each statement that is over.
	Statement func(session.Statement)
	Notice    func(session.Notice)
}

// Stream connects, runs a script and disconnects. It answers the run's snapshot; when ctx ends the run is cancelled on
// the server first. Errors: those of connecting.
func (a *AppState) Stream(ctx context.Context, req StreamRequest) (session.Snapshot, error) {
	pool, err := conn.Open(ctx, req.Profile, req.Password)
	if err != nil {
		return session.Snapshot{}, err
	}
	defer pool.Close()
	s := session.New("tusk query", "", pool, nil)
	defer s.Close()
	if req.Table != "" {
		if req.Text, err = readTable(ctx, s, req.Table, req.Format, req.Options); err != nil {
			return session.Snapshot{}, err
		}
	}
	params := make(map[string]*string, len(req.Params))
	for name, value := range req.Params {
		params[name] = &value
	}
	run, err := s.Run(session.Request{
		RunID: "query", Text: req.Text, Line: 1, Cursor: -1, Continue: req.Continue, OneTransaction: req.OneTransaction,
		Params: params, Sink: req.Result, OnNotice: req.Notice, OnStatement: req.Statement,
		Advise: func(f session.Failure) { advise(f, suggest.Language{}) },
	})
	if err != nil {
		return session.Snapshot{}, err
	}
	defer context.AfterFunc(ctx, run.Cancel)()
	<-run.Done()
	return run.Snapshot(), nil
}
