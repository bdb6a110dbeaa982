package backend_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(typistVar); dir != "" {
		typist(dir)
		return
	}
	code := pgtest.Main(m)
	if code == 0 {
		if err := goleak.Find(goleak.IgnoreAnyFunction("os/signal.loop"),
			// The keyring library's link to the session bus, which lasts as long as the process.
			goleak.IgnoreAnyFunction("github.com/godbus/dbus.(*Conn).inWorker"), goleak.IgnoreAnyFunction("github.com/godbus/dbus.newConn.func1")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// canary is a password that must turn up nowhere.
const canary = "kanarienvogel-7Q"

// desk is a window that remembers what it was told.
type desk struct {
	backend.NoDesktop
	mu        sync.Mutex // guards the rest
	events    []event
	clipboard string
	raised    int
}

type event struct {
	name    string
	payload any
	at      time.Time
}

func (d *desk) Emit(name string, payload any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.events = append(d.events, event{name, payload, time.Now()})
}

func (d *desk) SetClipboard(text string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clipboard = text
	return nil
}

// of gives the events of a name.
func (d *desk) of(name string) []event {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(d.events), func(e event) bool { return e.name != name })
}

// snapshots gives what the window was told about a run.
func (d *desk) snapshots(run string) (list []session.Snapshot, at []time.Time) {
	for _, e := range d.of(backend.EventRun) {
		if s := e.payload.(session.Snapshot); s.RunID == run {
			list, at = append(list, s), append(at, e.at)
		}
	}
	return list, at
}

// app is a state with what it stands on.
type app struct {
	*backend.AppState
	*desk
	t   testing.TB
	dir string
	n   int
}

func start(t testing.TB) *app {
	t.Helper()
	a := &app{desk: &desk{}, t: t, dir: t.TempDir()}
	a.AppState = backend.New(backend.Config{Version: "test", DataDir: a.dir, LogLevel: "trace", Desktop: a.desk})
	a.Open()
	t.Cleanup(a.Close)
	return a
}

func profile(t testing.TB, url string) conn.Profile {
	t.Helper()
	p, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return p.Profile
}

func (a *app) connect(id, url string) backend.Connection {
	a.t.Helper()
	c, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: id, Profile: profile(a.t, url)})
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// execute runs a text in a tab; done waits for its end.
func (a *app) execute(connection, tab, sql string) (session.Snapshot, error) {
	a.n++
	return a.Queries().Execute(backend.ExecuteRequest{ConnectionID: connection, SessionID: tab, RunID: fmt.Sprintf("%s-%s-%d", connection, tab, a.n), Text: sql, Cursor: -1})
}

func (a *app) run(connection, tab, sql string) session.Snapshot {
	a.t.Helper()
	s, err := a.execute(connection, tab, sql)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.final(s.RunID)
}

// final waits for the last snapshot of a run, as the window gets it.
func (a *app) final(run string) (s session.Snapshot) {
	a.t.Helper()
	eventually(a.t, "run "+run+" ends", func() bool {
		list, _ := a.snapshots(run)
		if len(list) > 0 {
			s = list[len(list)-1]
		}
		return s.State == session.StateDone
	})
	return s
}

// eventually asks again until the answer is yes.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(60 * time.Second); !f(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to pass that %s", what)
		}
	}
}

func soon(t testing.TB, limit time.Duration, f func()) {
	t.Helper()
	begin := time.Now()
	f()
	if took := time.Since(begin); took > limit {
		t.Errorf("it took %v, not %v", took, limit)
	}
}

func kind(t testing.TB, err error, want apperr.Kind) *apperr.Error {
	t.Helper()
	var e *apperr.Error
	if !errors.As(err, &e) || e.Kind != want {
		t.Fatalf("%v, want %s", err, want)
	}
	if e.Title == "" || e.Hint == "" {
		t.Errorf("%s says %q and hints %q", e.Kind, e.Title, e.Hint)
	}
	return e
}

// silent listens and never answers; each caller is announced.
func silent(t testing.TB) (port string, reached chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	reached = make(chan struct{}, 16)
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			reached <- struct{}{}
			wg.Go(func() {
				defer c.Close()
				_, _ = io.Copy(io.Discard, c) // until the other end goes
			})
		}
	})
	t.Cleanup(func() { l.Close(); wg.Wait() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, reached
}

// TestFR005_Isolation kills one connection's server under a query. The other answers, and what runs there goes on.
func TestFR005_Isolation(t *testing.T) {
	t.Parallel()
	a := start(t)
	victim := pgtest.New(t, pgtest.Options{})
	a.connect("dies", victim.URL("postgres"))
	a.connect("lives", pgtest.DB(t))
	ran := make(chan session.Snapshot, 2)
	go func() {
		s, _ := a.Queries().Execute(backend.ExecuteRequest{ConnectionID: "dies", SessionID: "t", RunID: "dying", Text: "select pg_sleep(60)", Cursor: -1})
		ran <- s
	}()
	go func() {
		s, _ := a.Queries().Execute(backend.ExecuteRequest{ConnectionID: "lives", SessionID: "slow", RunID: "living", Text: "select pg_sleep(60)", Cursor: -1})
		ran <- s
	}()
	for _, id := range []string{"dying", "living"} {
		eventually(t, id+" runs", func() bool {
			list, _ := a.snapshots(id)
			return len(list) > 0 && list[len(list)-1].State == session.StateRunning && len(list[len(list)-1].Statements) > 0 && list[len(list)-1].Statements[0].State == session.Running
		})
	}
	a.run("lives", "quick", "select 1") // its session is there
	victim.Kill(t)
	soon(t, 200*time.Millisecond, func() {
		s, err := a.execute("lives", "quick", "select 2")
		if err != nil || s.FirstPage == nil || *s.FirstPage.Rows[0][0] != "2" {
			t.Errorf("%+v, %v", s, err)
		}
	})
	if s := a.final("dying"); s.Outcome != session.Lost {
		t.Errorf("the dying one: %s", s.Outcome)
	}
	if list, _ := a.snapshots("living"); list[len(list)-1].State != session.StateRunning {
		t.Errorf("the living one: %+v", list[len(list)-1])
	}
	eventually(t, "the loss is told", func() bool {
		list := a.of(backend.EventConnection)
		return len(list) > 0 && list[0].payload.(backend.Connection).State == "lost" && list[0].payload.(backend.Connection).ID == "dies"
	})
	soon(t, 2*time.Second, func() {
		if err := a.Queries().Cancel(backend.RunRef{RunID: "living"}); err != nil {
			t.Error(err)
		}
		if s := a.final("living"); s.Outcome != session.Stopped {
			t.Errorf("cancelled: %s", s.Outcome)
		}
	})
	if h, err := a.System().Health(); err != nil || len(h.Connections) != 2 {
		t.Errorf("%+v, %v", h.Connections, err)
	}
	<-ran
	<-ran
}

func TestCancelFirst(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	if err := a.Queries().Cancel(backend.RunRef{RunID: "early"}); err != nil {
		t.Fatal(err)
	}
	req := backend.ExecuteRequest{ConnectionID: "c", SessionID: "t", RunID: "early", Text: "create table t ()", Cursor: -1}
	_, err := a.Queries().Execute(req)
	kind(t, err, apperr.Cancelled)
	s := a.run("c", "t", "select to_regclass('t') is null")
	if s.Outcome != session.Finished || s.Statements[0].Error != nil {
		t.Errorf("%+v", s)
	}
	// Only that one is meant, and an id is used once.
	if _, err := a.Queries().Execute(req); err != nil {
		t.Errorf("again: %v", err)
	}
	a.final("early")
	_, err = a.Queries().Execute(req)
	kind(t, err, apperr.Usage)
	// One that is over is left alone.
	if err := a.Queries().Cancel(backend.RunRef{RunID: "early"}); err != nil {
		t.Error(err)
	}
	if s := a.run("c", "t", "select 1"); s.Outcome != session.Finished {
		t.Errorf("after it: %s", s.Outcome)
	}
}

func TestDisconnectWhileConnecting(t *testing.T) {
	t.Parallel()
	a := start(t)
	port, reached := silent(t)
	p := conn.Profile{Settings: map[string]string{"host": "127.0.0.1", "port": port, "sslmode": "disable"}}
	for _, test := range []bool{false, true} {
		done := make(chan error, 1)
		go func() {
			req := backend.ConnectRequest{ConnectionID: "c", Profile: p, Password: canary}
			var err error
			if test {
				_, err = a.Connections().Test(req)
			} else {
				_, err = a.Connections().Connect(req)
			}
			done <- err
		}()
		<-reached
		_, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "c", Profile: p})
		kind(t, err, apperr.Busy)
		_, err = a.execute("c", "t", "select 1")
		kind(t, err, apperr.Lost)
		if list, err := a.Connections().List(); err != nil || len(list) != 0 {
			t.Errorf("%v, %v", list, err)
		}
		soon(t, 100*time.Millisecond, func() {
			if err := a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: "c"}); err != nil {
				t.Error(err)
			}
			kind(t, <-done, apperr.Cancelled)
		})
	}
	// The stop may also come first.
	if err := a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: "d"}); err != nil {
		t.Error(err)
	}
	_, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "d", Profile: p})
	kind(t, err, apperr.Cancelled)
	a.connect("d", pgtest.DB(t))
}

// TestFR009_DisconnectWhileExecuting takes connections away from under tabs that begin to run.
func TestFR009_DisconnectWhileExecuting(t *testing.T) {
	t.Parallel()
	a := start(t)
	url := pgtest.DB(t)
	for i := range 10 {
		id := fmt.Sprint("c", i)
		a.connect(id, url)
		var wg sync.WaitGroup
		for n := range 8 {
			wg.Go(func() {
				_, err := a.Queries().Execute(backend.ExecuteRequest{ConnectionID: id, SessionID: fmt.Sprint("t", n), RunID: fmt.Sprint(id, "-", n), Text: "select 1", Cursor: -1})
				if k := apperr.KindOf(err); err != nil && k != apperr.Lost && k != apperr.Cancelled {
					t.Errorf("%s: %v", k, err)
				}
			})
		}
		wg.Go(func() { _ = a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: id}) })
		wg.Wait()
	}
	if list, _ := a.Connections().List(); len(list) != 0 {
		t.Errorf("%v", list)
	}
}

func TestUnknown(t *testing.T) {
	t.Parallel()
	a := start(t)
	_, err := a.execute("nowhere", "t", "select 1")
	kind(t, err, apperr.Lost)
	_, err = a.Queries().Page(backend.PageRequest{ResultID: "r/0.0", Count: 1})
	kind(t, err, apperr.Usage)
	_, err = a.Queries().Cell(backend.CellRequest{ResultID: ""})
	kind(t, err, apperr.Usage)
	_, err = a.Queries().Copy(backend.CopyRequest{ResultID: "/", Format: "csv", Ranges: []backend.CellRange{{}}})
	kind(t, err, apperr.Usage)
	_, err = a.Connections().Connect(backend.ConnectRequest{})
	kind(t, err, apperr.Usage)
	for _, err := range []error{a.Connections().Disconnect(backend.ConnectionRef{}), a.Queries().CloseSession(backend.SessionRef{}), a.Queries().Cancel(backend.RunRef{})} {
		if err != nil {
			t.Error(err)
		}
	}
	for _, u := range []string{"http://", "ftp://x", "https://me:secret@x", "file:///etc/passwd", "javascript:alert(1)", "https://", "", "https:x"} {
		kind(t, a.System().OpenURL(backend.TextRequest{Text: u}), apperr.Usage)
	}
	if n, err := a.Queries().Notices(backend.NoticesRequest{RunID: "none"}); err != nil || n.Notices == nil {
		t.Errorf("%+v, %v", n, err)
	}
}

func TestCloseSession(t *testing.T) {
	t.Parallel()
	a := start(t)
	url := pgtest.DB(t)
	a.connect("c", url)
	if !a.MayClose() {
		t.Error("nothing is open, and it asks")
	}
	a.run("c", "t", "create table t (); begin; insert into t default values")
	if a.MayClose() {
		t.Error("a transaction is open, and it does not ask")
	}
	if asked := a.of(backend.EventClosing); len(asked) != 1 || asked[0].payload != (backend.Closing{Transactions: 1}) {
		t.Errorf("%+v", asked)
	}
	s := a.run("c", "t", "select 42 as n")
	id := s.Statements[0].Results[0].ID
	if p, err := a.Queries().Page(backend.PageRequest{ResultID: id, Count: 10}); err != nil || len(p.Rows) != 1 || p.ResultID != id {
		t.Errorf("%+v, %v", p, err)
	}
	if err := a.Queries().CloseSession(backend.SessionRef{ConnectionID: "c", SessionID: "t"}); err != nil {
		t.Fatal(err)
	}
	_, err := a.Queries().Page(backend.PageRequest{ResultID: id, Count: 10})
	kind(t, err, apperr.Usage)
	_, err = a.Queries().Cell(backend.CellRequest{ResultID: id})
	kind(t, err, apperr.Usage)
	if !a.MayClose() {
		t.Error("it is closed, and it asks")
	}
	con := pgtest.Connect(t, url)
	eventually(t, "the transaction is gone", func() bool {
		var n int
		if err := con.QueryRow(context.Background(), "select count(*) from pg_stat_activity where xact_start is not null and pid <> pg_backend_pid() and datname = current_database()").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
	var rows int
	if err := con.QueryRow(context.Background(), "select count(*) from t").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows, %v", rows, err)
	}
	// A result goes with the next run of its tab.
	first := a.run("c", "t", "select 1").Statements[0].Results[0].ID
	a.run("c", "t", "select 2")
	_, err = a.Queries().Page(backend.PageRequest{ResultID: first, Count: 1})
	kind(t, err, apperr.Usage)
}

func TestCopy(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	s := a.run("c", "t", `select * from (values (1, 'one', E'a\tb'), (2, null, ''), (3, 'three', E'line\nline'), (4, '"', 'end')) v(n, "the name", t)`)
	id := s.Statements[0].Results[0].ID
	all := backend.CellRange{Bottom: 1 << 30, Right: 1 << 30}
	cell := func(row, col int) backend.CellRange { return backend.CellRange{row, col, row, col} }
	for _, c := range []struct {
		name, format string
		header       bool
		ranges       []backend.CellRange
		want         string
		cells        int
	}{
		{"all as tsv", "tsv", false, []backend.CellRange{all}, "1\tone\t\"a\tb\"\n2\t\t\n3\tthree\t\"line\nline\"\n4\t\"\"\"\"\tend\n", 12},
		{"all as csv", "csv", true, []backend.CellRange{all}, "n,the name,t\n1,one,a\tb\n2,,\"\"\n3,three,\"line\nline\"\n4,\"\"\"\",end\n", 12},
		{"all as json", "json", true, []backend.CellRange{{1, 0, 1, 2}}, "[\n{\"n\":2,\"the name\":null,\"t\":\"\"}\n]\n", 3},
		{"one cell is raw", "tsv", false, []backend.CellRange{cell(2, 2)}, "line\nline", 1},
		{"one cell with a quote", "tsv", false, []backend.CellRange{cell(3, 1)}, `"`, 1},
		{"one cell that ends a line", "tsv", false, []backend.CellRange{cell(1, 2)}, "", 1},
		{"one NULL", "tsv", false, []backend.CellRange{cell(1, 1)}, "", 1},
		{"one cell with its header", "tsv", true, []backend.CellRange{cell(0, 1)}, "the name\none\n", 1},
		{"a column", "tsv", false, []backend.CellRange{{0, 0, 1 << 30, 0}}, "1\n2\n3\n4\n", 4},
		{"two columns apart", "tsv", false, []backend.CellRange{{0, 2, 1, 2}, {0, 0, 1, 0}}, "1\t\"a\tb\"\n2\t\n", 4},
		{"two cells of a diagonal", "csv", false, []backend.CellRange{cell(3, 1), cell(0, 0)}, "1,\"\"\n\"\",\"\"\"\"\n", 2},
		{"overlapping ranges", "tsv", false, []backend.CellRange{{0, 0, 1, 1}, {1, 0, 2, 1}}, "1\tone\n2\t\n3\tthree\n", 6},
		{"as Markdown", "markdown", false, []backend.CellRange{{0, 0, 1, 1}}, "| n | the name |\n| ---: | --- |\n| 1 | one |\n| 2 | NULL |\n", 4},
		{"as INSERT", "insert", false, []backend.CellRange{{1, 0, 1, 2}}, "insert into other.t (n, \"the name\", t) values\n  (2, NULL, '');\n", 3},
		{"as INSERT, a diagonal", "insert", false, []backend.CellRange{cell(0, 0), cell(3, 1)}, "insert into other.t (n, \"the name\") values\n  (1, NULL),\n  (NULL, '\"');\n", 2},
		{"as a list", "in", false, []backend.CellRange{{0, 1, 3, 1}}, "('one', 'three', '\"')", 4},
		{"as values", "values", false, []backend.CellRange{{0, 0, 1, 0}}, "values\n  (1),\n  (2)\n", 2},
		{"beyond the end", "tsv", true, []backend.CellRange{{90, 0, 99, 0}}, "n\n", 0},
	} {
		got, err := a.Queries().Copy(backend.CopyRequest{ResultID: id, Ranges: c.ranges, Format: c.format, Header: c.header, Table: "other.t"})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if a.clipboard != c.want || got.Cells != c.cells || got.Bytes != len(c.want) {
			t.Errorf("%s: %q, %+v; want %q, %d cells", c.name, a.clipboard, got, c.want, c.cells)
		}
	}
	for _, req := range []backend.CopyRequest{{ResultID: id, Format: "csv"}, {ResultID: id, Format: "xml", Ranges: []backend.CellRange{all}}, {ResultID: id, Format: "table", Ranges: []backend.CellRange{all}}} {
		_, err := a.Queries().Copy(req)
		kind(t, err, apperr.Usage)
	}
	// Bytes that are no text are shown, and too much is refused.
	s = a.run("c", "t", `select repeat('x', 1000000) from generate_series(1, 70)`)
	_, err := a.Queries().Copy(backend.CopyRequest{ResultID: s.Statements[0].Results[0].ID, Format: "csv", Ranges: []backend.CellRange{all}})
	kind(t, err, apperr.Limit)
}

func TestEvents(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	// One that is over at once still tells its end, and tells it last.
	s := a.run("c", "t", "select 1")
	if s.Outcome != session.Finished || s.FirstPage != nil {
		t.Errorf("%+v", s)
	}
	// One that changes all the time tells at most ten times a second.
	s = a.run("c", "t", "do $$ begin for i in 1..400 loop raise notice '%', i; perform pg_sleep(0.002); end loop; end $$; select generate_series(1, 2000000)")
	list, at := a.snapshots(s.RunID)
	took := at[len(at)-1].Sub(at[0])
	if limit := int(took/(100*time.Millisecond)) + 3; len(list) > limit {
		t.Errorf("%d events in %v", len(list), took)
	}
	if len(list) < 4 {
		t.Errorf("only %d events in %v", len(list), took)
	}
	for i := 1; i < len(list); i++ {
		if list[i].Seq <= list[i-1].Seq || list[i].StatementCount != 2 || list[i].NoticeCount < list[i-1].NoticeCount {
			t.Errorf("event %d goes back: %d after %d", i, list[i].Seq, list[i-1].Seq)
		}
	}
	if s.NoticeCount != 400 || s.Statements[1].Rows != 2_000_000 || len(s.Notices) != 100 || s.DoneCount != 2 {
		t.Errorf("%d notices, %d rows, %d shown, %d done", s.NoticeCount, s.Statements[1].Rows, len(s.Notices), s.DoneCount)
	}
	n, err := a.Queries().Notices(backend.NoticesRequest{RunID: s.RunID, From: 10})
	if err != nil || n.Count != 400 || n.Notices[0].Index != 10 || n.Notices[len(n.Notices)-1].Message != "400" {
		t.Errorf("%d notices, %v", len(n.Notices), err)
	}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	a := start(t)
	var nothing *backend.Cell
	e := kind(t, a.Guarded(func() error { _ = nothing.Text; return nil }), apperr.Internal)
	if strings.Contains(e.Title+e.Message+e.Hint+apperr.JSON(e), "nil pointer") {
		t.Errorf("the panic shows: %s", apperr.JSON(e))
	}
	kind(t, a.Guarded(func() error { return fs.ErrNotExist }), apperr.Internal)
	if err := a.Guarded(func() error { return nil }); err != nil {
		t.Error(err)
	}
	log, err := a.System().Log()
	if err != nil || !strings.Contains(strings.Join(log.Lines, "\n"), "nil pointer") {
		t.Errorf("the log does not tell: %v", err)
	}
}

// TestClose ends everything under a query that runs and a transaction that is open, once with a backend that honours no
// cancel.
func TestClose(t *testing.T) {
	t.Parallel()
	for _, frozen := range []bool{false, true} {
		t.Run(fmt.Sprint("frozen ", frozen), func(t *testing.T) {
			t.Parallel()
			s := pgtest.New(t, pgtest.Options{})
			a := start(t)
			a.connect("c", s.URL("postgres"))
			a.run("c", "open", "create table t (); begin; insert into t default values")
			done := make(chan error, 1)
			go func() {
				_, err := a.Queries().Execute(backend.ExecuteRequest{ConnectionID: "c", SessionID: "busy", RunID: "busy", Text: "select pg_sleep(60)", Cursor: -1})
				done <- err
			}()
			con := pgtest.Connect(t, s.URL("postgres"))
			var pid int
			eventually(t, "it runs", func() bool {
				return con.QueryRow(context.Background(), "select pid from pg_stat_activity where wait_event = 'PgSleep'").Scan(&pid) == nil
			})
			if a.MayClose() {
				t.Error("it does not ask")
			}
			if ask := a.of(backend.EventClosing)[0].payload.(backend.Closing); ask.Running != 1 || ask.Transactions < 1 {
				t.Errorf("%+v", ask)
			}
			if frozen {
				if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
			}
			soon(t, 3*time.Second, a.Close)
			select {
			case <-done:
			case <-time.After(time.Second):
				t.Error("Execute does not answer")
			}
			a.Close() // once more is no harm
			if _, err := os.Stat(filepath.Join(a.dir, "spool")); err == nil {
				if left, _ := filepath.Glob(filepath.Join(a.dir, "spool", "*", "*")); len(left) > 0 {
					t.Errorf("results are left: %v", left)
				}
			}
			_, err := a.execute("c", "t", "select 1")
			kind(t, err, apperr.Lost)
			_, err = a.Connections().Connect(backend.ConnectRequest{ConnectionID: "new", Profile: profile(t, s.URL("postgres"))})
			kind(t, err, apperr.Lost)
			if !a.MayClose() {
				t.Error("it is closed, and it asks")
			}
			if frozen {
				_ = syscall.Kill(pid, syscall.SIGCONT)
			}
			eventually(t, "the server is left alone", func() bool {
				var n int
				err := con.QueryRow(context.Background(), "select count(*) from pg_stat_activity where application_name like 'Tusk%'").Scan(&n)
				return err == nil && n == 0
			})
		})
	}
}

// TestCanary connects, and fails to, with a password that must turn up in no file, no event and no error.
func TestCanary(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true})
	s.Exec(t, "postgres", "create role ada login password '"+canary+"'")
	a := start(t)
	port, _ := silent(t)
	good := map[string]string{"host": "127.0.0.1", "port": fmt.Sprint(s.Port), "user": "ada", "dbname": "postgres", "sslmode": "disable"}
	with := func(k, v string) map[string]string {
		m := map[string]string{}
		for key, value := range good {
			m[key] = value
		}
		m[k] = v
		return m
	}
	var told strings.Builder
	for i, m := range []map[string]string{
		good, with("user", "tusk"), with("user", "nobody"), with("dbname", "nowhere"), with("sslmode", "require"), with("port", "1"), with("host", "no-such-host.invalid"),
		with("options", "-c nosuch=1"), with("require_auth", "md5"), with("sslmode", "bogus"), with("nosuch", "x"), with("channel_binding", "require"),
		{"host": "127.0.0.1", "port": port, "connect_timeout": "2"}, with("target_session_attrs", "standby"), with("sslrootcert", "/nowhere"), with("passfile", "/nowhere"),
	} {
		id := fmt.Sprint("c", i)
		c, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: id, Profile: conn.Profile{Name: "n", Settings: m}, Password: canary})
		fmt.Fprintf(&told, "%v %+v %s\n", c, err, apperr.JSON(err))
		if (err == nil) != (i == 0) {
			t.Errorf("%v: %v", m, err)
		}
		r, err := a.Connections().Test(backend.ConnectRequest{ConnectionID: "t" + id, Profile: conn.Profile{Settings: m}, Password: canary})
		fmt.Fprintf(&told, "%v %+v %s\n", r, err, apperr.JSON(err))
	}
	for _, text := range []string{"postgres://ada:" + canary + "@db:x/", "host=db password='" + canary, "mysql://" + canary} {
		_, err := a.Connections().Parse(backend.ParseRequest{Text: text})
		fmt.Fprintf(&told, "%+v %s\n", err, apperr.JSON(err))
	}
	a.run("c0", "t", "select 1; select nosuch")
	h, err := a.System().Health()
	list, _ := a.Connections().List()
	fmt.Fprintf(&told, "%+v %+v %+v %+v", h, err, list, a.events)
	a.Close()
	if strings.Contains(told.String(), canary) {
		t.Errorf("the password is told: %s", told.String())
	}
	files := 0
	err = filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), canary) {
			t.Errorf("the password is in %s", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files were looked at: %v", files, err)
	}
}
