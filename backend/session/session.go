package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/spool"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// Session is one tab's conversation. All methods are safe from any goroutine.
type Session struct {
	connectionID string
	pool         *conn.Pool
	dir          *spool.Dir
	ahead        chan struct{} // closed when what Ahead began has ended; nil without it

	// tap belongs to the goroutine of the run under way.
	tap *spool.Tap

	mu      sync.Mutex // guards the fields below, and the fields of run and last that say so
	id      string
	conn    *conn.Conn       // nil: the next run makes one
	unused  bool             // the connection has served nobody yet
	early   []*pgconn.Notice // what the server said before there was a run
	run     *Run             // under way, or nil
	last    *Run             // the latest, whose results are kept
	closed  bool
	used    time.Time // when the connection was last used, wall clock
	tx      txState
	altered bool   // it has SET something or made something temporary
	locked  bool   // the server refuses writes in this connection
	reset   string // what was lost with an earlier connection; told with the next run
	path    string // the search_path, as Run.searchPath learns it
}

// txState is what the protocol says about the transaction.
type txState struct {
	status     byte // 'I', 'T', 'E', or 0 without a connection
	since      time.Time
	statements int
	first      *apperr.Error // what failed it
	ddl        bool          // a statement of it may have changed what is in the database
}

// New makes a session; nothing is sent before its first run. name is what the pool's list of holders shows.
func New(id, connectionID string, pool *conn.Pool, dir *spool.Dir) *Session {
	return &Session{id: id, connectionID: connectionID, pool: pool, dir: dir}
}

// ID is the tab's.
func (s *Session) ID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id
}

// Ahead makes a session for the tab that will be the first to ask for one, and connects it in the background until ctx
// ends: its first run need not wait for that. Who takes it calls Assign. Nothing is told of a failure, for the run tries
// again, and start-up SQL is left to the run, which tells what came of it. So are a pooler's server connections: they are
// few, and near.
func Ahead(ctx context.Context, connectionID string, pool *conn.Pool, dir *spool.Dir) *Session {
	s := New("the next tab", connectionID, pool, dir)
	if pool.Startup() || pool.Report().Pooler {
		return s
	}
	s.ahead = make(chan struct{})
	go func() {
		defer close(s.ahead)
		c, tap, err := s.dial(ctx, s.ID())
		if err != nil {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.closed {
			c.Retire()
			return
		}
		s.adopt(c, tap)
		c.Hold(s.id)
		s.unused, s.used = true, time.Now()
	}()
	return s
}

// Assign gives the session to a tab.
func (s *Session) Assign(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id = id
	if s.conn != nil {
		s.conn.Hold(id)
	}
}

// ConnectionID is that of the connection the session belongs to.
func (s *Session) ConnectionID() string { return s.connectionID }

// Request is what Run runs.
type Request struct {
	RunID string
	// Text, its place in the document, and the statement to pick from it; as in backend.ExecuteRequest.
	Text                 string
	Offset, Line, Cursor int
	Continue             bool // go on after a statement that failed
	OneTransaction       bool
	ManualCommit         bool
	KeepResults          bool // of the session's runs so far
	// Access is "read" to have the server refuse writes in this session, "write" to have it take them, "" as the profile
	// says.
	Access    string
	FirstRows int
	Params    map[string]*string // for :name and $1 in the text; nil is NULL
	// Sink takes the rows of each result instead of the spool; copyOut says that they are lines of COPY … TO stdout. For
	// the command line.
	Sink func(columns []spool.Column, copyOut bool) (spool.Sink, error)
	// OnNotice is told each notice, besides its being kept. For the command line.
	OnNotice func(Notice)
	// OnStatement is told each statement that is over. For the command line.
	OnStatement func(Statement)
	// Advise is given each statement that the server refused, before anybody sees it, to say more about it. The result
	// waits for it.
	Advise func(Failure)
	// OnDDL is told at the end of the run that what is in the database may be another now: the run had CREATE, DROP or the
	// like, or ended a transaction that had. It may not wait.
	OnDDL func()
}

// Failure is a statement that the server refused.
type Failure struct {
	Text  string        // the statement
	At    int           // where it begins in the document, in UTF-16 units
	PID   uint32        // of the session's backend
	User  string        // the session's
	Error *apperr.Error // to be filled in; nobody else has it yet
}

// Run starts a run and returns at once. Errors: busy, lost when the session is closed.
func (s *Session) Run(req Request) (*Run, error) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil, apperr.E(apperr.Lost, "This tab's session is closed.", apperr.Op("session.run"))
	}
	if s.run != nil {
		s.mu.Unlock()
		return nil, apperr.E(apperr.Busy, "", apperr.Op("session.run"))
	}
	r := newRun(s, req)
	old := s.last
	s.run, s.last = r, r
	r.reset, s.reset = s.reset, ""
	if req.KeepResults {
		r.before, old = old, nil
	}
	early := s.early
	s.early = nil
	s.mu.Unlock()
	for _, n := range early {
		s.noticed(n)
	}
	if old != nil {
		old.releaseResults()
	}
	go r.main()
	return r, nil
}

// Busy tells whether a run is under way.
func (s *Session) Busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run != nil
}

// TxStatus is 'I', 'T' or 'E' as the protocol says, 0 without a connection.
func (s *Session) TxStatus() byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tx.status
}

// Altered tells whether names may mean something else in this session than beside it: it has temporary objects, or has
// SET something.
func (s *Session) Altered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.altered
}

// SearchPath is the session's search_path as it was set. told is false when nothing ran that tells it: before PostgreSQL
// 18 it is known once a statement has named it.
func (s *Session) SearchPath() (path string, told bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.path, s.path != "" && s.tx.status != 0
}

// Last is the latest run; nil before the first.
func (s *Session) Last() *Run {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// Close stops what runs, waits for it, and ends the connection; an open transaction is rolled back by that. Results go
// too.
func (s *Session) Close() {
	s.mu.Lock()
	s.closed = true
	r := s.run
	s.mu.Unlock()
	if r != nil {
		r.Cancel()
		<-r.done
	}
	if s.ahead != nil {
		<-s.ahead
	}
	s.mu.Lock()
	c, last := s.conn, s.last
	s.conn, s.last, s.tx = nil, nil, txState{}
	s.mu.Unlock()
	if c != nil {
		c.Retire()
	}
	if last != nil {
		last.releaseResults()
	}
}

// A session that was idle is looked at before it is used: after quietAfter for what the server said meanwhile, after
// pingAfter with a question that has to be answered. The wall clock counts, for a computer that slept.
const (
	quietAfter = time.Second
	pingAfter  = 30 * time.Second
	pingLimit  = 2 * time.Second
)

// ready gives the session's connection, making one if there is none, or if the one there was has gone.
func (s *Session) ready(r *Run) (*conn.Conn, error) {
	s.mu.Lock()
	c, idle, tx, unused := s.conn, time.Since(s.used), s.tx, s.unused
	s.unused = false
	if wall := time.Now().Round(0).Sub(s.used.Round(0)); wall > idle {
		idle = wall
	}
	s.mu.Unlock()
	if c != nil && (idle > quietAfter || c.IsClosed()) {
		if err := look(c, idle); err != nil {
			if e := s.gone(c, err, tx, unused); e != nil {
				return nil, e
			}
			c = nil
		}
	}
	if c != nil {
		return c, nil
	}
	return s.connect(r)
}

// look finds out whether an idle connection still lives.
func look(c *conn.Conn, idle time.Duration) error {
	ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if idle > pingAfter {
		ctx, stop = context.WithTimeout(context.Background(), pingLimit)
		defer stop()
		return c.Ping(ctx)
	}
	// What the server sent unasked is waiting to be read: notices, settings, or why it ended the session.
	for {
		if _, err := c.ReceiveMessage(ctx); err != nil {
			if pgconn.Timeout(err) && !c.IsClosed() {
				return nil
			}
			return err
		}
	}
}

// gone gives up a connection that died while idle. With a transaction open the run must not go on as if nothing had
// happened; without one it may, in a new session, and of one that was not used nothing is missed.
func (s *Session) gone(c *conn.Conn, err error, tx txState, unused bool) error {
	var pg *pgconn.PgError
	why := "the link was cut"
	if errors.As(err, &pg) {
		why = pg.Message
	}
	s.mu.Lock()
	s.conn, s.tx = nil, txState{}
	s.mu.Unlock()
	go c.Retire()
	if tx.status == 'T' || tx.status == 'E' {
		e := apperr.E(apperr.Lost, "The session of this tab ended while its transaction was open.", apperr.Cause(err), apperr.Op("session.run"))
		if pg != nil {
			e = apperr.Server(pg)
			e.Kind, e.Group, e.Op = apperr.Lost, apperr.Lost.Group(), "session.run"
		}
		e.Hint = "Everything since its BEGIN was rolled back, and this run was not sent. Run it again to start a new session; temporary tables and settings of the old one are gone."
		return e
	}
	s.mu.Lock()
	if s.run != nil && !unused {
		s.run.reset = fmt.Sprintf("The session was started again because %s. Temporary tables and settings of the old one are gone.", why)
	}
	s.mu.Unlock()
	return nil
}

// connect makes the session's connection, on a context that Cancel ends; or takes the one that was made ahead.
func (s *Session) connect(r *Run) (*conn.Conn, error) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	s.mu.Lock()
	r.abort = stop
	if r.stopped {
		stop()
	}
	r.state = StateConnecting
	id, ahead := s.id, s.ahead
	s.mu.Unlock()
	c, err := s.fromAhead(ctx, ahead)
	var tap *spool.Tap
	if c == nil && err == nil {
		c, tap, err = s.dial(ctx, id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r.abort = nil
	if err != nil {
		return nil, err
	}
	if tap != nil {
		s.adopt(c, tap)
	}
	s.unused = false
	r.state = StateRunning
	if c.Startup != "" {
		s.mu.Unlock()
		s.noticed(&pgconn.Notice{SeverityUnlocalized: "WARNING", Message: c.Startup, Hint: "Correct it under Advanced in the connection's settings."})
		s.mu.Lock()
	}
	return c, nil
}

// fromAhead waits for the connection that is being made ahead; nil when there is none to come.
func (s *Session) fromAhead(ctx context.Context, ahead chan struct{}) (*conn.Conn, error) {
	if ahead == nil {
		return nil, nil
	}
	select {
	case <-ahead:
	case <-ctx.Done(): // the run that was stopped says so in the words of conn
		return nil, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conn, nil
}

// dial connects with what a session needs on its connection.
func (s *Session) dial(ctx context.Context, holder string) (*conn.Conn, *spool.Tap, error) {
	var tap *spool.Tap
	c, err := s.pool.Connect(ctx, holder, func(config *pgconn.Config) {
		config.BuildFrontend = func(rd io.Reader, w io.Writer) *pgproto3.Frontend {
			tap = spool.NewTap(rd) // of several attempts the last one built is the one that came up
			return pgproto3.NewFrontend(tap, w)
		}
		dial := config.DialFunc
		config.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
			cut, ok := ctx.Value(cutKey{}).(*atomic.Bool)
			if !ok {
				return dial(ctx, network, addr)
			}
			nc, err := conn.DialSparing(ctx, dial, network, addr)
			if err == nil {
				nc = cancelConn{nc, cut}
			}
			return nc, err
		}
		config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { s.noticed(n) }
		fatal := config.OnPgError
		config.OnPgError = func(pc *pgconn.PgConn, e *pgconn.PgError) bool {
			s.closeSource()
			return fatal(pc, e)
		}
	})
	return c, tap, err
}

// adopt makes a connection the session's. The caller holds s.mu.
func (s *Session) adopt(c *conn.Conn, tap *spool.Tap) {
	s.conn, s.tap, s.tx = c, tap, txState{status: c.TxStatus()}
	s.path, s.altered, s.locked = "", s.pool.Startup(), s.pool.ReadOnly() // those of the connection before are gone
	s.noteLock(c)
}

// noteTx takes over what the protocol says after a statement. The caller holds s.mu.
func (s *Session) noteTx(status byte, failed *apperr.Error) {
	before := s.tx.status
	switch {
	case status == 'I':
		if s.tx.ddl && s.run != nil {
			s.run.ddl = true
		}
		s.tx = txState{status: 'I'}
		return
	case before != 'T' && before != 'E':
		s.tx = txState{status: status, since: time.Now()}
	default:
		s.tx.status = status
		s.tx.statements++
	}
	if status == 'E' && s.tx.first == nil {
		s.tx.first = failed
	}
}
