package backend

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/localpg"
	"desktop.tusk/backend/logging"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/secret/vault"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/store"
)

// Config is what main knows before the state is opened.
type Config struct {
	Version  string
	DataDir  string // as DataDir gave it
	LogLevel string
	Console  io.Writer // log lines go there too; nil for none
	Desktop  Desktop
	Prefill  Prefill
}

// AppState maps connection ids to pools, tab ids to sessions and run ids to runs. The zero value is not ready: use New.
type AppState struct {
	config  Config
	began   time.Time
	open    chan struct{} // closed by Open
	log     *logging.Log
	spool   *spool.Dir // nil when it could not be made; runs then fail with why
	spoolNo error
	// spoolAside says that the data directory could not hold results, and the system's temporary one does.
	spoolAside atomic.Bool
	store      *store.DB // usable from Open on, in memory at worst
	dataDir    atomic.Pointer[string]
	moving     sync.Mutex // to another data directory
	vault      *vault.Vault
	history    atomic.Pointer[store.Journal[HistoryEntry]]

	ctx  context.Context // ends with the state
	stop context.CancelFunc
	work sync.WaitGroup // every goroutine of the state

	closing     sync.Once
	prefilled   sync.Once
	leaving     sync.Once
	leftOnce    sync.Once
	historyOnce sync.Once     // the person is told once that it cannot be written
	gone        chan struct{} // closed when the page has kept all before the window goes
	firstRows   atomic.Int64  // as preferred

	keepingWork sync.Mutex // a page that is loaded again reads what the one before it was saving

	mu          sync.Mutex // guards what follows
	warnings    []string
	secrets     secrets
	handed      []Prefill   // by later starts, until the page takes them
	placeNo     string      // why nothing can be kept in the data directory; "" when it can
	deskNow     *store.Desk // nil when it could not be made; tabs then last for this run
	deskNo      error
	kept        store.State // as the store told last
	geometry    Geometry    // as it was kept last
	connections map[string]*connection
	runs        map[string]*session.Run
	exports     map[string]*export
	imports     map[string]*importJob
	workbench   workbench
	tombstones  map[string]time.Time // runs cancelled before they were asked for
	closed      bool
	quitting    bool // the person has answered: do not ask again
}

// connection is a profile that is connected, or on its way.
type connection struct {
	public   Connection
	pool     *conn.Pool         // nil while connecting
	ctx      context.Context    // ends with the connection
	stop     context.CancelFunc // ends connecting, and ctx
	shelf    shelf
	orders   orders
	sample   *localpg.Server
	sessions map[string]*session.Session
	ahead    *session.Session // connected for the first tab that runs something; nil once that has it
}

// New makes the state, empty: nothing is opened or read.
func New(config Config) *AppState {
	if config.Desktop == nil {
		config.Desktop = NoDesktop{}
	}
	a := &AppState{
		config: config, began: time.Now(), open: make(chan struct{}), gone: make(chan struct{}),
		connections: map[string]*connection{}, runs: map[string]*session.Run{}, exports: map[string]*export{}, imports: map[string]*importJob{}, workbench: newWorkbench(), tombstones: map[string]time.Time{},
	}
	a.dataDir.Store(&config.DataDir)
	a.secrets.held = map[string]secret.Secret{}
	a.vault = vault.New(a.vaultChanged)
	a.ctx, a.stop = context.WithCancel(context.Background())
	return a
}

// Bound gives the structs to bind to the page.
func (a *AppState) Bound() []any {
	return append([]any{&Connections{a}, &Queries{a}, &Schema{a}, &System{a}, &Work{a}, &Library{a}, &Imports{a}}, driven()...)
}

// Connections, Queries and System, for callers in Go.
func (a *AppState) Connections() *Connections { return &Connections{a} }

// Queries is the bound struct of that name.
func (a *AppState) Queries() *Queries { return &Queries{a} }

// Schema is the bound struct of that name.
func (a *AppState) Schema() *Schema { return &Schema{a} }

// System is the bound struct of that name.
func (a *AppState) System() *System { return &System{a} }

// Open makes the directories, starts the log and opens the store. What fails becomes a warning, shown and kept in Health: the window
// opens whatever happens.
func (a *AppState) Open() {
	a.openPlace()
	a.log = logging.Open(filepath.Join(a.dir(), "logs"), a.config.LogLevel, a.config.Console)
	if n := a.log.Note(); n != "" && a.placeNo == "" {
		a.warn("The log is not written: " + n + ".")
	}
	a.openStore()
	a.openDesk()
	a.history.Store(a.journal())
	if a.spool, a.spoolNo = spool.OpenDir(filepath.Join(a.dir(), "spool")); a.spoolNo != nil {
		// Results have to go somewhere: the system's temporary directory is better than none.
		first := a.spoolNo
		if a.spool, a.spoolNo = spool.OpenDir(filepath.Join(os.TempDir(), fmt.Sprintf("tusk-spool-%d", os.Getuid()))); a.spoolNo == nil {
			a.spoolAside.Store(true)
			if a.placeNo == "" {
				a.warn(fmt.Sprintf("Results are kept in %s, because the data directory cannot be used: %v.", a.spool.Path(), first))
			}
		} else {
			a.warn(fmt.Sprintf("Results cannot be kept anywhere: %v.", first))
		}
	}
	a.openPreferences()
	a.log.Info().Str("version", a.config.Version).Msg("started")
	close(a.open)
}

func (a *AppState) warn(sentence string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.warnings = append(a.warnings, sentence)
}

// Close ends everything: runs are cancelled, sessions and pools closed, results removed. A run that does not honour its
// cancel takes up to two seconds. Who calls it meanwhile waits too.
func (a *AppState) Close() {
	select {
	case <-a.open:
	default:
		return // never opened
	}
	a.closing.Do(a.close)
}

func (a *AppState) close() {
	a.mu.Lock()
	a.closed = true
	var all []*connection
	for id, c := range a.connections {
		all = append(all, c)
		delete(a.connections, id)
	}
	a.mu.Unlock()
	a.stop()
	var wg sync.WaitGroup
	for _, c := range all {
		wg.Go(func() { a.release(c) })
	}
	wg.Wait()
	a.work.Wait()
	if desk, _ := a.desk(); desk != nil {
		desk.Close()
	}
	if err := a.store.Close(); err != nil {
		a.log.Warn().Err(err).Msg("store still busy")
	}
	if a.spool != nil {
		if err := a.spool.Close(); err != nil {
			a.log.Warn().Err(err).Msg("spool not removed")
		}
	}
	a.log.Info().Msg("ended")
	a.log.Close()
}

// release ends all a connection holds. It is out of the map, so nothing is added any more; once more is no harm.
func (a *AppState) release(c *connection) {
	a.mu.Lock()
	pool, sample, sessions := c.pool, c.sample, slices.Collect(maps.Values(c.sessions))
	if c.ahead != nil {
		sessions, c.ahead = append(sessions, c.ahead), nil
	}
	a.mu.Unlock()
	c.stop()
	var wg sync.WaitGroup
	for _, s := range sessions {
		wg.Go(s.Close)
	}
	wg.Wait()
	if pool != nil {
		pool.Close()
	}
	if sample != nil {
		sample.Release()
	}
}

// start runs f in a goroutine that Close waits for. A panic in it is logged, not fatal.
func (a *AppState) start(f func()) {
	a.work.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				a.log.Error().Str("stack", string(debug.Stack())).Msgf("panic: %v", p)
			}
		}()
		f()
	})
}

// session finds a tab's session, which it gets with its first statement: the one that was made ahead, or a new one. Errors: lost, when there is no such
// connection.
func (a *AppState) session(connectionID, sessionID string) (*session.Session, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.connections[connectionID]
	switch {
	case a.closed:
		return nil, apperr.E(apperr.Lost, "Tusk is closing.")
	case c == nil || c.pool == nil:
		return nil, apperr.E(apperr.Lost, "This connection is closed.", apperr.Hint("Connect again, then run it."))
	case a.spool == nil:
		return nil, apperr.E(apperr.Storage, "Results cannot be kept on this computer.", apperr.Cause(a.spoolNo), apperr.Message(a.spoolNo.Error()))
	}
	if s := c.sessions[sessionID]; s != nil {
		return s, nil
	}
	s := c.ahead
	if s != nil {
		c.ahead = nil
		s.Assign(sessionID)
	} else {
		s = session.New(sessionID, connectionID, c.pool, a.spool)
	}
	c.sessions[sessionID] = s
	return s, nil
}
