package backend

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/localpg"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
)

// Connections is bound to the window: reaching servers.
type Connections struct{ state *AppState }

// ConnectRequest names a connection before it exists, so that Disconnect can never miss it.
type ConnectRequest struct {
	ConnectionID string       `json:"connectionId"`
	Profile      conn.Profile `json:"profile"`
	// ProfileID is that of a saved connection; "" for one that is not saved. Without a Password it connects with the one
	// that is kept for it.
	ProfileID string       `json:"profileId"`
	Password  secret.Typed `json:"password"`
	// Remember puts Password into the credential store, once the server has taken it.
	Remember bool `json:"remember"`
}

// Connection is a profile that is connected.
type Connection struct {
	ID        string       `json:"id"`
	Profile   conn.Profile `json:"profile"`
	ProfileID string       `json:"profileId"` // of the saved connection; "" for one that is not saved
	Report    conn.Report  `json:"report"`
	// State is "connected" or "lost": nothing of it answers. A lost one is tried again by its next run.
	State  string `json:"state"`
	Sample bool   `json:"sample"` // it is the sample database
}

// ConnectionRef names a connection.
type ConnectionRef struct {
	ConnectionID string `json:"connectionId"`
}

// ParseRequest is a pasted text.
type ParseRequest struct {
	Text string `json:"text"`
}

// SampleRequest asks for the sample database under a connection id of the caller's.
type SampleRequest struct {
	ConnectionID string `json:"connectionId"`
}

// Connect reaches a server and keeps the connection under the caller's id. Errors: every kind of failing to connect;
// cancelled, when Disconnect came first; busy, when the id is in use.
func (c *Connections) Connect(req ConnectRequest) (con Connection, err error) {
	defer c.state.guard("connections.connect", &err)()
	return c.state.connect(req, nil)
}

// OpenSample starts the private server if need be, fills the sample database if need be, and connects to it.
func (c *Connections) OpenSample(req SampleRequest) (con Connection, err error) {
	defer c.state.guard("connections.openSample", &err)()
	return c.state.openSample(req.ConnectionID)
}

// Test reaches a server, looks around, leaves, and tells of every stage. Disconnect with the same id stops it. Errors:
// cancelled, busy; that the server cannot be reached is in the answer.
func (c *Connections) Test(req ConnectRequest) (d conn.Diagnosis, err error) {
	defer c.state.guard("connections.test", &err)()
	ctx, entry, err := c.state.reserve(req.ConnectionID)
	if err != nil {
		return conn.Diagnosis{}, err
	}
	defer c.state.forget(req.ConnectionID, entry)
	password, err := c.state.password(ctx, req)
	if err != nil {
		return conn.Diagnosis{}, err
	}
	return conn.Diagnose(ctx, req.Profile, password)
}

// Disconnect ends a connection, or one that is being made, and releases all it holds. Unknown ids are no error: it is
// gone already.
func (c *Connections) Disconnect(req ConnectionRef) (err error) {
	defer c.state.guard("connections.disconnect", &err)()
	c.state.disconnect(req.ConnectionID)
	return nil
}

// List tells what is connected.
func (c *Connections) List() (list []Connection, err error) {
	defer c.state.guard("connections.list", &err)()
	return c.state.list(), nil
}

// Parse reads a pasted text. Nothing connects.
func (c *Connections) Parse(req ParseRequest) (p conn.Parsed, err error) {
	defer c.state.guard("connections.parse", &err)()
	return conn.Parse(req.Text)
}

// FromEnvironment reads the PG* variables into a profile, because the person asked for it.
func (c *Connections) FromEnvironment() (p conn.Parsed, err error) {
	defer c.state.guard("connections.fromEnvironment", &err)()
	return conn.FromEnvironment(os.LookupEnv), nil
}

var errConnectStopped = apperr.E(apperr.Cancelled, "Connecting was stopped.", apperr.Hint("Nothing was sent to the database."))

// reserve takes an id, so that Disconnect can stop what is about to be done under it.
func (a *AppState) reserve(id string) (context.Context, *connection, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case id == "":
		return nil, nil, apperr.E(apperr.Usage, "A connection needs an id of the caller's.")
	case a.closed:
		return nil, nil, apperr.E(apperr.Lost, "Tusk is closing.")
	case a.connections[id] != nil:
		return nil, nil, apperr.E(apperr.Busy, "This connection is in use already.")
	}
	if _, gone := a.tombstones[id]; gone {
		delete(a.tombstones, id)
		return nil, nil, errConnectStopped
	}
	ctx, stop := context.WithCancel(a.ctx)
	c := &connection{public: Connection{ID: id, State: "connecting"}, ctx: ctx, stop: stop, sessions: map[string]*session.Session{}}
	a.connections[id] = c
	return ctx, c, nil
}

// forget gives an id back, if it is still c's, and releases what c holds.
func (a *AppState) forget(id string, c *connection) {
	a.mu.Lock()
	if a.connections[id] == c {
		delete(a.connections, id)
	}
	a.mu.Unlock()
	a.release(c)
}

func (a *AppState) connect(req ConnectRequest, sample *localpg.Server) (Connection, error) {
	ctx, c, err := a.reserve(req.ConnectionID)
	if err != nil {
		if sample != nil {
			sample.Release()
		}
		return Connection{}, err
	}
	return a.dial(ctx, c, req, sample)
}

// dial connects what was reserved.
func (a *AppState) dial(ctx context.Context, c *connection, req ConnectRequest, sample *localpg.Server) (Connection, error) {
	a.mu.Lock()
	here := a.connections[req.ConnectionID] == c
	if here {
		c.sample = sample
	}
	a.mu.Unlock()
	if !here { // disconnected meanwhile
		if sample != nil {
			sample.Release()
		}
		return Connection{}, errConnectStopped
	}
	password, err := a.password(ctx, req)
	if err != nil {
		a.forget(req.ConnectionID, c)
		return Connection{}, err
	}
	pool, err := conn.Open(ctx, req.Profile, password)
	if err != nil {
		a.forget(req.ConnectionID, c)
		if apperr.KindOf(err) == apperr.AuthFailed && req.ProfileID != "" {
			a.hold(req.ProfileID, secret.Secret{}) // it is asked for again
		}
		return Connection{}, err
	}
	a.mu.Lock()
	if a.connections[req.ConnectionID] != c { // disconnected meanwhile
		a.mu.Unlock()
		pool.Close()
		return Connection{}, errConnectStopped
	}
	c.pool = pool
	c.public = Connection{ID: req.ConnectionID, Profile: req.Profile, ProfileID: req.ProfileID, Report: pool.Report(), State: "connected", Sample: sample != nil}
	public := c.public
	if a.spool != nil {
		c.ahead = session.Ahead(c.ctx, req.ConnectionID, pool, a.spool)
	}
	a.mu.Unlock()
	a.remember(req)
	a.log.Info().Str("connection", req.ConnectionID).Str("tls", public.Report.TLS).Str("server", public.Report.ServerVersion).Msg("connected")
	return public, nil
}

func (a *AppState) disconnect(id string) {
	a.mu.Lock()
	c := a.connections[id]
	delete(a.connections, id)
	if c == nil && id != "" {
		a.bury(id)
	}
	a.mu.Unlock()
	if c == nil {
		return
	}
	a.release(c)
	a.dropRuns(c)
	a.log.Info().Str("connection", id).Msg("disconnected")
}

// dropRuns forgets the runs of a connection that was closed.
func (a *AppState) dropRuns(c *connection) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, run := range a.runs {
		if run.ConnectionID() == c.public.ID {
			delete(a.runs, id)
		}
	}
	a.clearDesk()
}

func (a *AppState) list() []Connection {
	a.mu.Lock()
	defer a.mu.Unlock()
	list := []Connection{}
	for _, c := range a.connections {
		if c.pool != nil {
			list = append(list, c.public)
		}
	}
	slices.SortFunc(list, func(x, y Connection) int { return strings.Compare(x.Profile.Name+x.ID, y.Profile.Name+y.ID) })
	return list
}

// tombstoneFor is how long a cancel waits for what it names: calls run side by side, and it may come first.
const tombstoneFor = 30 * time.Second

// bury remembers that an id was cancelled before it was seen. The caller holds a.mu.
func (a *AppState) bury(id string) {
	now := time.Now()
	for k, t := range a.tombstones {
		if now.Sub(t) > tombstoneFor {
			delete(a.tombstones, k)
		}
	}
	a.tombstones[id] = now
}
