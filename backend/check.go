package backend

import (
	"context"
	"regexp"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/sqltext"
)

// CheckRequest asks what the server would say to a statement. Text, Offset and Cursor are as in ExecuteRequest.
type CheckRequest struct {
	ConnectionID string `json:"connectionId"`
	SessionID    string `json:"sessionId"`
	Text         string `json:"text"`
	Offset       int    `json:"offset"`
	Cursor       int    `json:"cursor"`
}

// Checked is what the server would say.
type Checked struct {
	// From and To bound the statement in the document, in UTF-16 units; both 0 when none was looked at.
	From int `json:"from"`
	To   int `json:"to"`
	// Error is why it would be refused; its position is one of the document. nil when nothing is known to be wrong.
	Error *apperr.Error `json:"error,omitempty"`
}

// Parameter is a parameter of a statement: :name, or $1 by its number.
type Parameter struct {
	Name string `json:"name"`
	Type string `json:"type"` // "" when it could not be told
}

// ParametersResult lists the parameters of what would run, in the order they are met.
type ParametersResult struct {
	Parameters []Parameter `json:"parameters"`
}

// checkFor bounds what a person does not wait for.
const checkFor = 3 * time.Second

// Check has the server analyse the statement at the cursor, beside the session, without running it. It answers nothing
// where it could only guess: through a pooler, while the session has a transaction open, for names the session alone
// may know.
func (q *Queries) Check(req CheckRequest) (c Checked, err error) {
	defer q.state.guard("queries.check", &err)()
	pool, s := q.state.beside(req.ConnectionID, req.SessionID)
	if pool == nil || pool.Report().Pooler || s != nil && s.TxStatus() != 0 && s.TxStatus() != 'I' {
		return Checked{}, nil
	}
	text, start := statementOf(req.Text, req.Cursor)
	if words := sqltext.Words(text, 1); len(words) == 0 || !prepares[words[0]] {
		return Checked{}, nil
	}
	ctx, stop := context.WithTimeout(q.state.ctx, checkFor)
	defer stop()
	bound, values := bindAll(text)
	p, err := pool.Prepare(ctx, bound)
	if err != nil {
		return Checked{}, nil //nolint:nilerr // a check that cannot be made says nothing: nobody asked for it
	}
	cursor := sqltext.NewCursor(req.Text)
	from, _ := cursor.To(start)
	to, _ := cursor.To(start + len(text))
	c = Checked{From: from + req.Offset, To: to + req.Offset}
	if p.Err == nil || !certain(p.Err.Code, req.Text[:start], s) {
		return c, nil
	}
	c.Error = apperr.Server(p.Err)
	c.Error.Op = "queries.check"
	if p.Err.Position > 0 {
		at, _ := cursor.To(start + sqltext.ByteOfBound(text, values, int(p.Err.Position)))
		at += req.Offset
		c.Error.Position = &at
	}
	advise(session.Failure{Text: text, At: c.From, User: pool.Report().User, Error: c.Error}, q.state.names(req.ConnectionID, req.SessionID))
	return c, nil
}

// Parameters lists the parameters of the statement at the cursor, or of all of the text when the cursor is -1, with their
// types where the server can tell.
func (q *Queries) Parameters(req CheckRequest) (r ParametersResult, err error) {
	defer q.state.guard("queries.parameters", &err)()
	r.Parameters = []Parameter{}
	pool, _ := q.state.beside(req.ConnectionID, req.SessionID)
	known := map[string]int{}
	for _, text := range statementsOf(req.Text, req.Cursor) {
		names := sqltext.Parameters(text)
		if len(names) == 0 {
			continue
		}
		var types []string
		if pool != nil {
			ctx, stop := context.WithTimeout(q.state.ctx, checkFor)
			bound, _ := bindAll(text)
			if p, err := pool.Prepare(ctx, bound); err == nil {
				types = p.Parameters
			}
			stop()
		}
		for i, name := range names {
			at, seen := known[name]
			if !seen {
				at, known[name] = len(r.Parameters), len(r.Parameters)
				r.Parameters = append(r.Parameters, Parameter{Name: name})
			}
			if i < len(types) && types[i] != "unknown" && r.Parameters[at].Type == "" {
				r.Parameters[at].Type = types[i]
			}
		}
	}
	return r, nil
}

// prepares are the statements a server analyses when it prepares them.
var prepares = map[string]bool{"select": true, "with": true, "insert": true, "update": true, "delete": true, "merge": true, "values": true, "table": true}

// private are words of statements after which a session may know names, or look them up, as nobody else does.
var private = regexp.MustCompile(`(?i)\b(create|temp|temporary|search_path|role|authorization|into)\b`)

// certain tells whether an error that was found beside the session holds in it: missing things may be things that an
// earlier statement makes, of the script or of the session.
func certain(code, before string, s *session.Session) bool {
	switch code {
	case "42P01", "42703", "42883", "42704", "3F000", "42P02":
		return !private.MatchString(before) && (s == nil || !s.Altered())
	case "57014", "55P03", "25006", "53200", "53300", "57P01", "57P03": // of the moment, not of the statement
		return false
	}
	return true
}

// bindAll numbers the parameters of a statement.
func bindAll(text string) (string, map[string]*string) {
	values := map[string]*string{}
	for _, name := range sqltext.Parameters(text) {
		values[name] = nil
	}
	bound, _ := sqltext.BindNamed(text, values)
	return bound, values
}

// statementOf finds the statement at a cursor, in UTF-16 units, and the byte where it starts.
func statementOf(text string, cursor int) (string, int) {
	pieces := sqltext.Split(text, sqltext.Options{})
	i := sqltext.At(text, pieces, sqltext.ByteOfUnit(text, max(0, cursor)))
	if i < 0 || pieces[i].Kind != sqltext.Statement {
		return "", 0
	}
	return text[pieces[i].Start:pieces[i].End], pieces[i].Start
}

func statementsOf(text string, cursor int) []string {
	if cursor >= 0 {
		one, _ := statementOf(text, cursor)
		return []string{one}
	}
	var list []string
	for _, p := range sqltext.Split(text, sqltext.Options{}) {
		if p.Kind == sqltext.Statement {
			list = append(list, text[p.Start:p.End])
		}
	}
	return list
}

// beside gives the pool of a connection, and the session of the tab if there is one. Both may be nil.
func (a *AppState) beside(connectionID, sessionID string) (*conn.Pool, *session.Session) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.connections[connectionID]
	if c == nil {
		return nil, nil
	}
	return c.pool, c.sessions[sessionID]
}
