package conn

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Pool holds the server connections of one profile: one for each session that is in use, and up to sideLimit for
// short questions of our own. Together they stay within the profile's limit.
type Pool struct {
	spec   *spec
	report Report
	words  firstWords
	types  sync.Map // oid → Type
	sides  *pgxpool.Pool

	ctx  context.Context // ends with the pool: whoever waits or connects is let go
	stop context.CancelFunc
	slot chan struct{} // one token for each session's connection
	wait time.Duration // waitLimit, but for tests
	dial chan struct{} // one token for each connection being made

	mu      sync.Mutex // guards holders
	holders map[*Conn]string
}

const (
	// sideLimit is how many connections ask our own questions.
	sideLimit = 2
	// waitLimit is how long a session waits for a connection of the pool.
	waitLimit = 30 * time.Second
	// sideTimeout bounds each question of our own whose context has no deadline.
	sideTimeout = 10 * time.Second
	// dialLimit is how many connections are made at once: a host that does not answer is not knocked at by all tabs.
	dialLimit = 8
)

// Conn is a server connection that belongs to one session.
type Conn struct {
	*pgconn.PgConn
	// Started is the backend's backend_start, as text: with the pid it names the process. "" behind a pooler, where
	// the pid is an invention.
	Started string
	// Startup says in words what became of the profile's start-up SQL when it failed; "" when it did not.
	Startup string
	// OnNotice, when it is set, is told what the server says while a statement runs, unless customize took that over.
	OnNotice func(*pgconn.Notice)

	pool    *Pool
	release sync.Once
}

// Open connects, so that a profile that cannot work is told at once, and returns the pool.
func Open(ctx context.Context, p Profile, password secret.Secret) (*Pool, error) {
	sp, err := build(p, password)
	if err != nil {
		return nil, err
	}
	pool := newPool(sp)
	if err := pool.first(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func newPool(sp *spec) *Pool {
	keepSpare()
	pool := &Pool{spec: sp, wait: waitLimit, slot: make(chan struct{}, max(1, sp.limit-sideLimit)), dial: make(chan struct{}, dialLimit), holders: map[*Conn]string{}}
	sp.config.DialFunc = pool.words.wrap(sp.config.DialFunc)
	pool.ctx, pool.stop = context.WithCancel(context.Background())
	return pool
}

// first makes the first connection of the side pool and reads the report from it.
func (p *Pool) first(ctx context.Context) error {
	begin := time.Now()
	ctx, stop := context.WithTimeout(ctx, p.spec.timeout)
	defer stop()
	c, err := dial(ctx, p.spec.config)
	if err != nil {
		return p.spec.explain(ctx, err, &p.words, time.Since(begin))
	}
	t := p.targetOf(c)
	p.report = Report{ServerVersion: c.ParameterStatus("server_version"), Host: t.host, Port: int(t.port), User: p.spec.config.User, Database: p.spec.config.Database}
	p.report.TLS, p.report.TLSVersion = tlsState(c, t)
	if err := p.look(ctx, c); err != nil {
		closeNow(c)
		return p.spec.explain(ctx, err, &p.words, time.Since(begin))
	}
	p.report.ElapsedUs = int(time.Since(begin).Microseconds())
	return p.openSides(c)
}

// look asks what kind of server it is. A server of another make may not know: then the answers stay empty.
func (p *Pool) look(ctx context.Context, c *pgconn.PgConn) error {
	r := c.ExecParams(ctx, `select pg_catalog.pg_is_in_recovery()::pg_catalog.text, pg_catalog.current_database(), session_user::pg_catalog.text,
  exists (select from pg_catalog.pg_stat_activity where pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and pid::pg_catalog.text operator(pg_catalog.=) $1)::pg_catalog.text`,
		[][]byte{pidText(c)}, nil, nil, nil).Read()
	var pg *pgconn.PgError
	switch {
	case r.Err == nil && len(r.Rows) == 1 && len(r.Rows[0]) == 4:
		row := r.Rows[0]
		p.report.Standby = string(row[0]) == "true"
		p.report.Database, p.report.User = string(row[1]), string(row[2])
		p.report.Pooler = string(row[3]) != "true"
	case r.Err != nil && (!errors.As(r.Err, &pg) || c.IsClosed()):
		return r.Err
	}
	return nil
}

// targetOf tells which of several hosts answered: by its address, else by its port.
func (p *Pool) targetOf(c *pgconn.PgConn) target {
	addr := c.Conn().RemoteAddr().String()
	_, port, _ := net.SplitHostPort(addr)
	var same *target
	for i, t := range p.spec.targets {
		if t.String() == addr {
			return t
		}
		if same == nil && port == strconv.Itoa(int(t.port)) {
			same = &p.spec.targets[i]
		}
	}
	if same != nil {
		return *same
	}
	return p.spec.targets[0]
}

// openSides makes the small pool for our own questions; the connection at hand becomes its first.
func (p *Pool) openSides(have *pgconn.PgConn) error {
	c := basePool.Copy()
	c.ConnConfig.Config = *p.spec.config.Copy()
	c.ConnConfig.RuntimeParams["application_name"] = p.spec.config.RuntimeParams["application_name"] + " catalog"
	c.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec // no prepared names: a pooler would lose them
	c.MaxConns, c.MinConns, c.MaxConnIdleTime = sideLimit, 0, time.Minute
	var err error
	if p.sides, err = pgxpool.NewWithConfig(p.ctx, c); err != nil {
		closeNow(have)
		return fmt.Errorf("open catalog pool: %w", err)
	}
	closeNow(have)
	return nil
}

// Report tells what was found when the pool was opened.
func (p *Pool) Report() Report { return p.report }

// Connect makes a connection for the session that holder names, waiting for a place if the pool's limit is reached.
// customize may change the configuration of this one connection. Errors: limit, cancelled, and all of connecting.
func (p *Pool) Connect(ctx context.Context, holder string, customize func(*pgconn.Config)) (*Conn, error) {
	if err := p.place(ctx); err != nil {
		return nil, err
	}
	begin := time.Now()
	ctx, stop := context.WithTimeout(ctx, p.spec.timeout)
	defer stop()
	defer context.AfterFunc(p.ctx, stop)()
	c := &Conn{pool: p}
	config := p.spec.config.Copy()
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if c.OnNotice != nil {
			c.OnNotice(n)
		}
	}
	if customize != nil {
		customize(config)
	}
	pc, err := p.knock(ctx, config)
	if err != nil {
		<-p.slot
		return nil, p.spec.explain(ctx, err, &p.words, time.Since(begin))
	}
	c.PgConn = pc
	err = c.introduce(ctx)
	if err == nil && p.spec.startup != "" {
		if c.startup(ctx, p.spec.startup); c.IsClosed() { // what it did to the session is not done to another
			if pc, err = p.knock(ctx, config); err == nil {
				c.PgConn = pc
				err = c.introduce(ctx)
			}
		}
	}
	if err != nil {
		<-p.slot
		if pc != nil {
			closeNow(pc)
		}
		return nil, p.spec.explain(ctx, err, &p.words, time.Since(begin))
	}
	p.mu.Lock()
	p.holders[c] = holder
	p.mu.Unlock()
	return c, nil
}

// knock connects, when it is its turn.
func (p *Pool) knock(ctx context.Context, config *pgconn.Config) (*pgconn.PgConn, error) {
	select {
	case p.dial <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-p.dial }()
	return dial(ctx, config)
}

// place takes one of the pool's places.
func (p *Pool) place(ctx context.Context) error {
	select {
	case p.slot <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case p.slot <- struct{}{}:
		return nil
	case <-ctx.Done():
		return apperr.E(apperr.Cancelled, "Waiting for a connection was stopped.", apperr.Hint("Nothing was sent to the database."), apperr.Op("conn.connect"))
	case <-p.ctx.Done():
		return apperr.E(apperr.Lost, "The connection was closed.", apperr.Op("conn.connect"))
	case <-timer.C:
		s := p.Stat()
		return apperr.E(apperr.Limit, fmt.Sprintf("All connections of this profile, which may have %d, are in use; %.0f s were waited.", cap(p.slot), p.wait.Seconds()),
			apperr.Detail(fmt.Sprintf("They belong to: %v.", s.Holders)), apperr.Hint("Close a tab that is not needed, or raise “Connections at most” under Advanced."), apperr.Op("conn.connect"))
	}
}

// introduce learns which backend answers, and asks it to notice when this end goes away.
func (c *Conn) introduce(ctx context.Context) error {
	// Compared as text: PgBouncer's pid is 32 random bits and does not fit an int4. Without the row nothing is set, so
	// that behind a pooler no setting is left for others.
	const sql = `select a.backend_start::pg_catalog.text,
  case when pg_catalog.current_setting('server_version_num')::pg_catalog.int4 operator(pg_catalog.>=) 140000
       then pg_catalog.set_config('client_connection_check_interval', '1s', false) end
  from pg_catalog.pg_stat_activity a
 where a.pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and a.pid::pg_catalog.text operator(pg_catalog.=) $1`
	r := c.ExecParams(ctx, sql, [][]byte{pidText(c.PgConn)}, nil, nil, nil).Read()
	var pg *pgconn.PgError
	if errors.As(r.Err, &pg) && !c.IsClosed() { // a server on a system without the setting
		r = c.ExecParams(ctx, `select backend_start::pg_catalog.text from pg_catalog.pg_stat_activity where pid operator(pg_catalog.=) pg_catalog.pg_backend_pid() and pid::pg_catalog.text operator(pg_catalog.=) $1`,
			[][]byte{pidText(c.PgConn)}, nil, nil, nil).Read()
	}
	if r.Err == nil && len(r.Rows) == 1 && len(r.Rows[0]) > 0 {
		c.Started = string(r.Rows[0][0])
	}
	if c.IsClosed() {
		return r.Err
	}
	return nil
}

// startupLimit is how long start-up SQL may take.
const startupLimit = 10 * time.Second

// startup runs the profile's start-up SQL and keeps what came of it. Its rows are let go. What does not end in time, or
// waits for data, costs the connection.
func (c *Conn) startup(ctx context.Context, sql string) {
	ctx, stop := context.WithTimeout(ctx, startupLimit)
	defer stop()
	rows := c.Exec(ctx, sql)
	for rows.NextResult() {
		r := rows.ResultReader()
		for r.NextRow() {
		}
		_, _ = r.Close() // Close of all says it too
	}
	err := rows.Close()
	var pg *pgconn.PgError
	switch {
	case errors.As(err, &pg):
		c.Startup = fmt.Sprintf("The start-up SQL of this connection failed: %s (%s).", apperr.Plain(pg.Message), pg.Code)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		c.Startup = fmt.Sprintf("The start-up SQL of this connection did not end within %.0f s and was given up.", startupLimit.Seconds())
	case err != nil:
		c.Startup = "The start-up SQL of this connection ended its session, which goes on without it."
	}
	if !c.IsClosed() && c.TxStatus() != 'I' {
		_ = c.Exec(ctx, "rollback").Close() // a broken link shows with the next statement
		if c.Startup == "" {
			c.Startup = "The start-up SQL of this connection left a transaction open, which was rolled back."
		}
	}
}

// ReadOnly tells whether the profile has the server refuse writes.
func (p *Pool) ReadOnly() bool { return p.spec.readOnly }

// Startup tells whether each session begins with statements of the profile's.
func (p *Pool) Startup() bool { return p.spec.startup != "" }

// Hold names who has the connection now, for Stat.
func (c *Conn) Hold(holder string) {
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	if _, there := c.pool.holders[c]; there {
		c.pool.holders[c] = holder
	}
}

// Retire ends the connection and gives its place back. A used connection is never handed to somebody else.
func (c *Conn) Retire() {
	c.release.Do(func() {
		closeNow(c.PgConn)
		c.pool.mu.Lock()
		delete(c.pool.holders, c)
		c.pool.mu.Unlock()
		<-c.pool.slot
	})
}

// Terminate ends the backend of c from another connection, and never by its pid alone: behind a pooler that may be
// somebody else's. It does nothing when the backend cannot be named. still is asked just before, when connected.
func (p *Pool) Terminate(ctx context.Context, c *Conn, still func() bool) error {
	if c.Started == "" {
		return nil
	}
	side, err := dial(ctx, p.spec.config)
	if err != nil {
		return fmt.Errorf("connect to terminate: %w", err)
	}
	defer closeNow(side)
	if !still() {
		return nil
	}
	const sql = `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
 where pid::pg_catalog.text operator(pg_catalog.=) $1 and backend_start::pg_catalog.text operator(pg_catalog.=) $2`
	return side.ExecParams(ctx, sql, [][]byte{pidText(c.PgConn), []byte(c.Started)}, nil, nil, nil).Read().Err
}

// Ping tells how long an empty statement takes.
func (p *Pool) Ping(ctx context.Context) (time.Duration, error) {
	c, err := p.sides.Acquire(ctx)
	if err != nil {
		return 0, err
	}
	defer c.Release()
	begin := time.Now()
	err = c.Conn().PgConn().Ping(ctx)
	return time.Since(begin), err
}

// Stat tells how the pool is used.
type Stat struct {
	Open     int // server connections, our own questions' included
	Limit    int
	Sessions int
	Holders  []string
}

// Stat tells how the pool is used now.
func (p *Pool) Stat() Stat {
	s := Stat{Limit: p.spec.limit, Holders: []string{}}
	p.mu.Lock()
	for _, h := range p.holders {
		s.Holders = append(s.Holders, h)
	}
	p.mu.Unlock()
	slices.Sort(s.Holders)
	s.Sessions = len(s.Holders)
	s.Open = s.Sessions
	if p.sides != nil {
		s.Open += int(p.sides.Stat().TotalConns())
	}
	return s
}

// Close ends everything of the pool. Sessions close their own connections first; what is left is closed hard.
func (p *Pool) Close() {
	p.stop()
	p.mu.Lock()
	left := make([]*Conn, 0, len(p.holders))
	for c := range p.holders {
		left = append(left, c)
	}
	p.mu.Unlock()
	for _, c := range left {
		c.Retire()
	}
	if p.sides != nil {
		p.sides.Close()
	}
}

func pidText(c *pgconn.PgConn) []byte { return strconv.AppendUint(nil, uint64(c.PID()), 10) }
