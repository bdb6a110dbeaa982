package session_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"go.uber.org/goleak"
)

// secretNone is no password.
var secretNone = secret.New("")

// major is the server's major version that the tests run on; they run on the oldest, then on the newest.
var major int

func database(t testing.TB) string {
	t.Helper()
	return pgtest.Shared(t, major).DB(t)
}

func TestMain(m *testing.M) {
	code := 0
	for _, major = range []int{pgtest.Oldest, pgtest.Newest} {
		fmt.Println("on PostgreSQL", major)
		if code = m.Run(); code != 0 {
			break
		}
	}
	if err := pgtest.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if code == 0 {
		if err := goleak.Find(goleak.IgnoreAnyFunction("os/signal.loop"), goleak.IgnoreAnyFunction("os/signal.signal_recv")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// bed is a session and what it stands on.
type bed struct {
	*session.Session
	t    testing.TB
	pool *conn.Pool
	dir  *spool.Dir
	n    int
}

func open(t testing.TB, url string) *bed {
	t.Helper()
	return openWith(t, url, nil)
}

// openWith has settings beside those of the URL.
func openWith(t testing.TB, url string, more map[string]string) *bed {
	t.Helper()
	p, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(p.Profile.Settings, more)
	pool, err := conn.Open(context.Background(), p.Profile, secret.New(p.Password))
	if err != nil {
		t.Fatal(err)
	}
	dir, err := spool.OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := &bed{Session: session.New("tab", "connection", pool, dir), t: t, pool: pool, dir: dir}
	t.Cleanup(func() {
		b.Close()
		pool.Close()
		if err := dir.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// start runs a text and returns at once.
func (b *bed) start(req session.Request) *session.Run {
	b.t.Helper()
	b.n++
	req.RunID = fmt.Sprintf("run%d", b.n)
	if req.Cursor == 0 {
		req.Cursor = -1
	}
	r, err := b.Run(req)
	if err != nil {
		b.t.Fatal(err)
	}
	return r
}

// run runs a text to its end.
func (b *bed) run(sql string) session.Snapshot {
	b.t.Helper()
	return b.finish(b.start(session.Request{Text: sql}))
}

func (b *bed) finish(r *session.Run) session.Snapshot {
	b.t.Helper()
	select {
	case <-r.Done():
	case <-time.After(60 * time.Second):
		b.t.Fatal("the run does not end")
	}
	return r.Snapshot()
}

// value runs a query and gives its first cell.
func (b *bed) value(sql string) string {
	b.t.Helper()
	r := b.start(session.Request{Text: sql})
	s := b.finish(r)
	if s.Outcome != session.Finished {
		b.t.Fatalf("%s: %s %v", sql, s.Outcome, firstError(s))
	}
	p, err := r.Result(r.FirstResult()).Page(0, 1)
	if err != nil {
		b.t.Fatal(err)
	}
	if p.Rows[0][0] == nil {
		return "NULL"
	}
	return *p.Rows[0][0]
}

func firstError(s session.Snapshot) *apperr.Error {
	if s.Error != nil {
		return s.Error
	}
	for _, st := range s.Statements {
		if st.Error != nil {
			return st.Error
		}
	}
	return nil
}

// stillWorks is the last line of every test of a failure.
func (b *bed) stillWorks() {
	b.t.Helper()
	if got := b.value("select 'still ' || 'works'"); got != "still works" {
		b.t.Errorf("the session answers %q", got)
	}
}

// eventually waits until ok, and fails the test after 20 s.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for begin := time.Now(); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("waited for: %s", what)
		}
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	s := b.run("create table t (id int8, n numeric(12,2));\ninsert into t select g, g / 4.0 from generate_series(1, 3) g;\n\n-- 🐘\nselect * from t order by id;select 1 where false; ")
	if s.Outcome != session.Finished || len(s.Statements) != 4 || s.DoneCount != 4 {
		t.Fatalf("%s, %d statements, %v", s.Outcome, len(s.Statements), firstError(s))
	}
	for i, tag := range []string{"CREATE TABLE", "INSERT 0 3", "SELECT 3", "SELECT 0"} {
		if s.Statements[i].Tag != tag {
			t.Errorf("tag %d: %q, want %q", i, s.Statements[i].Tag, tag)
		}
	}
	if n := s.Statements[1].Rows; n != 3 {
		t.Errorf("rows inserted: %d", n)
	}
	cols := s.Statements[2].Results[0].Columns
	if cols[0].Type != "int8" || cols[1].Type != "numeric(12,2)" || cols[1].Class != "number" || cols[0].TableOID == 0 {
		t.Errorf("columns: %+v", cols)
	}
	if got := s.Statements[2].Line; got != 5 {
		t.Errorf("line of the third statement: %d", got)
	}
	if r := s.Statements[3].Results; len(r) != 1 || r[0].Rows != 0 || !r[0].Complete {
		t.Errorf("empty result: %+v", r)
	}
}

func TestStatementAtCursor(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	text := "select 'é🐘';\nselect 2;\nselect 3"
	for _, c := range []struct {
		cursor int
		want   string
	}{{1, "é🐘"}, {13, "é🐘"}, {14, "2"}, {20, "2"}, {31, "3"}} {
		r := b.start(session.Request{Text: text, Cursor: c.cursor})
		s := b.finish(r)
		if len(s.Statements) != 1 {
			t.Fatalf("cursor %d runs %d statements", c.cursor, len(s.Statements))
		}
		p, err := r.Result(r.FirstResult()).Page(0, 1)
		if err != nil || *p.Rows[0][0] != c.want {
			t.Errorf("cursor %d: %v %v", c.cursor, p.Rows, err)
		}
	}
}

func TestFR003_ErrorPositionInTheDocument(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	for name, c := range map[string]struct {
		text   string
		offset int
		token  string
	}{
		"plain":        {"select nope", 0, "nope"},
		"emoji":        {"select '🐘🐘', nope", 0, "nope"},
		"crlf":         {"select 1,\r\n  nope", 0, "nope"},
		"second":       {"select 'é';\nselect '漢', nope from pg_class;", 0, "nope"},
		"hint comment": {"select 1; /* é🐘 */ select nope", 0, "nope"},
		"offset":       {"select nope", 1000, "nope"},
		"syntax":       {"selct 1", 0, "selct"},
	} {
		s := b.run2(session.Request{Text: c.text, Offset: c.offset})
		e := firstError(s)
		if e == nil || e.Position == nil {
			t.Errorf("%s: no position: %v", name, e)
			continue
		}
		units := []rune{}
		for _, r := range c.text { // UTF-16 units
			units = append(units, r)
			if r > 0xffff {
				units = append(units, 0)
			}
		}
		at := *e.Position - c.offset
		if got := string(units[at:min(len(units), at+len(c.token))]); got != c.token {
			t.Errorf("%s: position %d is at %q, want %q", name, *e.Position, got, c.token)
		}
	}
	s := b.run("do $$ begin perform nope from pg_class; end $$")
	if e := firstError(s); e == nil || !strings.Contains(e.Fields["internalQuery"], "nope") || e.Where == "" {
		t.Errorf("error inside a block: %+v", e)
	}
	b.stillWorks()
}

func (b *bed) run2(req session.Request) session.Snapshot {
	b.t.Helper()
	return b.finish(b.start(req))
}

func TestStopOrContinueOnError(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	text := "select 1; select nope; select 3"
	s := b.run(text)
	if s.Outcome != session.Failed || s.Statements[2].State != session.NotRun || s.Statements[0].State != session.Finished {
		t.Errorf("stop: %s %s", s.Outcome, s.Statements[2].State)
	}
	s = b.run2(session.Request{Text: text, Continue: true})
	if s.Outcome != session.Failed || s.Statements[2].State != session.Finished || s.FailedCount != 1 {
		t.Errorf("continue: %s %s", s.Outcome, s.Statements[2].State)
	}
}

func TestOneTransaction(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("create table t (id int)")
	s := b.run2(session.Request{Text: "insert into t values (1); insert into t values ('x'); insert into t values (3)", OneTransaction: true})
	if s.Outcome != session.Failed || s.TxStatus != "I" {
		t.Errorf("failed script: %s, transaction %s", s.Outcome, s.TxStatus)
	}
	if n := b.value("select count(*) from t"); n != "0" {
		t.Errorf("%s rows stayed", n)
	}
	s = b.run2(session.Request{Text: "insert into t values (1); insert into t values (2)", OneTransaction: true})
	if s.Outcome != session.Finished || s.TxStatus != "I" {
		t.Errorf("good script: %s %s %v", s.Outcome, s.TxStatus, firstError(s))
	}
	if n := b.value("select count(*) from t"); n != "2" {
		t.Errorf("%s rows", n)
	}
}

func TestManualCommit(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("create table t (id int)")
	s := b.run2(session.Request{Text: "insert into t values (1)", ManualCommit: true})
	if s.TxStatus != "T" || s.TxSince == 0 {
		t.Errorf("after an insert: %s %d", s.TxStatus, s.TxSince)
	}
	s = b.run2(session.Request{Text: "select 1; select 2", ManualCommit: true})
	if s.TxStatements != 3 {
		t.Errorf("statements in the transaction: %d", s.TxStatements)
	}
	s = b.run2(session.Request{Text: "rollback", ManualCommit: true})
	if s.TxStatus != "I" || s.TxSince != 0 {
		t.Errorf("after rollback: %s", s.TxStatus)
	}
	s = b.run2(session.Request{Text: "vacuum t", ManualCommit: true})
	if s.Outcome != session.Finished {
		t.Errorf("vacuum: %v", firstError(s))
	}
	if n := b.value("select count(*) from t"); n != "0" {
		t.Errorf("%s rows", n)
	}
}

func TestFailedTransactionNamesTheFirstError(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("begin")
	b.run("select 1/0")
	s := b.run("select 2")
	e := firstError(s)
	if e.Kind != apperr.TxFailed || !strings.Contains(e.Fields["firstError"], "22012") || s.TxStatus != "E" {
		t.Errorf("%s %+v", s.TxStatus, e)
	}
	b.run("rollback")
	b.stillWorks()
}

func TestCopy(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	s := b.run("create table t (id int, name text);\ncopy t from stdin;\n1\tone\n2\t\\N\n\\.\nselect count(*) from t;")
	if s.Outcome != session.Finished || s.Statements[1].Tag != "COPY 2" {
		t.Fatalf("inline data: %s %v", s.Outcome, firstError(s))
	}
	r := b.start(session.Request{Text: "copy t to stdout"})
	s = b.finish(r)
	if s.Outcome != session.Finished || s.Statements[0].Tag != "COPY 2" || len(s.Statements[0].Results) != 1 {
		t.Fatalf("to stdout: %+v %v", s.Statements[0], firstError(s))
	}
	p, err := r.Result(r.FirstResult()).Page(0, 5)
	if err != nil || len(p.Rows) != 2 || *p.Rows[1][0] != "2\t\\N" {
		t.Errorf("lines: %v %v", p.Rows, err)
	}
	begin := time.Now()
	s = b.run("begin; copy t from stdin")
	if e := firstError(s); e == nil || e.Kind != apperr.Usage || s.TxStatus != "E" || time.Since(begin) > 2*time.Second {
		t.Errorf("typed alone: %v, transaction %s, %s", e, s.TxStatus, time.Since(begin))
	}
	b.run("rollback")
	s = b.run("copy t from stdin;\n1\tone\nbad line\n\\.\n")
	if e := firstError(s); e == nil || e.Code != "22P02" && e.Code != "22P04" {
		t.Errorf("bad data: %+v", e)
	}
	b.stillWorks()
}

func TestMetaCommandsAreExplained(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	s := b.run("select 1;\n\\dt\nselect 2;")
	e := firstError(s)
	if e == nil || e.Kind != apperr.Usage || !strings.Contains(e.Title, `\dt`) || *e.Position != 10 {
		t.Errorf("%+v", e)
	}
	if s.Statements[0].State != session.Finished || s.Statements[2].State != session.NotRun {
		t.Errorf("states: %s %s", s.Statements[0].State, s.Statements[2].State)
	}
	b.stillWorks()
}

func TestTextThatCannotBeSent(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	for name, text := range map[string]string{"zero byte": "select 'é\x00'", "bytes": "select 'é\xff'"} {
		s := b.run(text)
		if s.Error == nil || s.Error.Kind != apperr.Syntax || *s.Error.Position != 9 {
			t.Errorf("%s: %+v", name, s.Error)
		}
	}
	for _, text := range []string{"", "  ", "-- nothing", ";;"} {
		if s := b.run(text); s.Error == nil || s.Error.Kind != apperr.Usage {
			t.Errorf("%q: %+v", text, s.Error)
		}
	}
	b.stillWorks()
}

func TestSessionStateIsKept(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	pid := b.value("select pg_backend_pid()")
	b.run("create temp table mine (id int); set datestyle = 'SQL, DMY'; set timezone = 'Asia/Tokyo'; set search_path = pg_temp")
	if got := b.value("select pg_backend_pid()"); got != pid {
		t.Error("another backend answers")
	}
	s := b.run("select '2026-11-24 09:41:07+00'::timestamptz, * from (select count(*) from mine) x")
	r := s.Statements[0].Results[0]
	if r.DateStyle != "SQL, DMY" || r.TimeZone != "Asia/Tokyo" {
		t.Errorf("the result remembers %q %q", r.DateStyle, r.TimeZone)
	}
}

func TestSearchPathIsFollowed(t *testing.T) {
	t.Parallel()
	url := database(t)
	b := open(t, url)
	b.run("create schema one; create schema two")
	for _, c := range []struct{ text, want string }{
		{"set search_path = one, public", "one, public"},
		{"select 1", "one, public"},
		{"begin; set local search_path to two", "two"},
		{"rollback", "one, public"},
		{"select set_config('search_path', 'two', false)", "two"},
		{"select 1/0", "two"},
		{"begin; select 1/0", "two"},
		{"rollback; reset search_path", `"$user", public`},
		{"set search_path = one; discard all", `"$user", public`},
	} {
		b.finish(b.start(session.Request{Text: c.text}))
		if path, told := b.SearchPath(); path != c.want || !told {
			t.Errorf("after %q it is %q, told %v; want %q", c.text, path, told, c.want)
		}
	}
	b.run("set search_path = one")
	pid := b.value("select pg_backend_pid()")
	open(t, url).value("select pg_terminate_backend(" + pid + ")")
	b.finish(b.start(session.Request{Text: "select 1"}))
	b.run("select 1")
	if path, _ := b.SearchPath(); strings.Contains(path, "one") {
		t.Errorf("a new connection has the path of the one before: %q", path)
	}
}

func TestNotices(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	r := b.start(session.Request{Text: "do $$ begin for i in 1..100000 loop raise notice '  line %', i; end loop; raise warning 'last'; end $$"})
	s := b.finish(r)
	if s.NoticeCount != 100_001 || len(s.Notices) != 100 || s.Statements[0].Notices != 100_001 {
		t.Errorf("count %d, told %d", s.NoticeCount, len(s.Notices))
	}
	last := s.Notices[99]
	if last.Severity != "WARNING" || last.Message != "last" || last.Index != 100_000 {
		t.Errorf("last: %+v", last)
	}
	list, n := r.Notices(0)
	if len(list) != 1000 || n != 100_001 || list[0].Message != "  line 99002" {
		t.Errorf("kept %d of %d from %q", len(list), n, list[0].Message)
	}
	if s := b.run("select 1"); s.NoticeCount != 0 {
		t.Error("notices show up in the next run")
	}
}

func TestUserTypesAreNamed(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("create type mood as enum ('sad', 'ok'); create domain price as numeric(8,2); create type pair as (a int, b text)")
	r := b.start(session.Request{Text: "select 'ok'::mood, array['sad']::mood[], 1::price, row(1,'x')::pair, '{1,2}'::int4[]"})
	<-r.Ready()
	cols := r.Snapshot().Statements[0].Results[0].Columns
	b.finish(r)
	var got []string
	for _, c := range cols {
		got = append(got, c.Type)
	}
	if strings.Join(got, " ") != "mood mood[] numeric(8,2) pair int4[]" {
		t.Errorf("types: %v", got)
	}
}

func TestReadyWithTheFirstPage(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	r := b.start(session.Request{Text: "select generate_series(1, 5000000)"})
	<-r.Ready()
	s := r.Snapshot()
	if s.State == session.StateDone {
		t.Error("Ready waited for the end")
	}
	if n := s.Statements[0].Results[0].Rows; n < 200 {
		t.Errorf("%d rows on the first page", n)
	}
	r.Cancel()
	b.finish(r)
	r = b.start(session.Request{Text: "select 1; select pg_sleep(30)"})
	<-r.Ready()
	if s := r.Snapshot(); s.Statements[0].State != session.Finished || s.State == session.StateDone {
		t.Errorf("the first result of two: %s", s.Statements[0].State)
	}
	r.Cancel()
	b.finish(r)
	b.stillWorks()
}

func TestBusy(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	r := b.start(session.Request{Text: "select pg_sleep(30)"})
	if _, err := b.Run(session.Request{RunID: "other", Text: "select 1", Cursor: -1}); apperr.KindOf(err) != apperr.Busy {
		t.Errorf("second run: %v", err)
	}
	r.Cancel()
	b.finish(r)
	b.stillWorks()
}

func TestLongScript(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("create table t (id int)")
	s := b.run(strings.Repeat("insert into t values (1);\n", 5000) + "select nope;")
	if s.StatementCount != 5001 || s.DoneCount != 5000 || s.FailedCount != 1 || len(s.Statements) > 600 {
		t.Errorf("%d statements, %d done, %d failed, %d told", s.StatementCount, s.DoneCount, s.FailedCount, len(s.Statements))
	}
	if e := firstError(s); e == nil || *e.Position != 5000*26+7 {
		t.Errorf("the error: %+v", e)
	}
}

func TestDisconnectedWhileIdle(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	other := open(t, database(t))
	kill := func() {
		pid := b.value("select pg_backend_pid()")
		if got := other.value("select pg_terminate_backend(" + pid + ")"); got != "t" {
			t.Fatalf("terminate: %s", got)
		}
		eventually(t, "the backend is gone", func() bool {
			return other.value("select count(*) from pg_stat_activity where pid = "+pid) == "0"
		})
		time.Sleep(1100 * time.Millisecond) // a session idle for less is not looked at
	}
	kill()
	s := b.run("select 1")
	if s.Outcome != session.Finished || !strings.Contains(s.Reset, "terminating connection") {
		t.Errorf("without a transaction: %s %q %v", s.Outcome, s.Reset, firstError(s))
	}
	b.run("begin")
	kill()
	s = b.run("select 1")
	if e := firstError(s); s.Outcome != session.Lost || e == nil || e.Kind != apperr.Lost || e.Code != "57P01" {
		t.Errorf("with a transaction: %s %+v", s.Outcome, e)
	}
	b.stillWorks()
}

func TestSessionTerminatedMidway(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	other := open(t, database(t))
	pid := b.value("select pg_backend_pid()")
	r := b.start(session.Request{Text: "select g from generate_series(1, 1000) g; select pg_sleep(30)"})
	eventually(t, "the first statement ends", func() bool {
		s := r.Snapshot()
		return len(s.Statements) == 2 && s.Statements[1].State == session.Running
	})
	other.value("select pg_terminate_backend(" + pid + ")")
	s := b.finish(r)
	if e := firstError(s); s.Outcome != session.Lost || e.Code != "57P01" {
		t.Errorf("%s %+v", s.Outcome, e)
	}
	if p, err := r.Result(r.FirstResult()).Page(0, 1000); err != nil || len(p.Rows) != 1000 {
		t.Errorf("rows kept: %d %v", len(p.Rows), err)
	}
	b.stillWorks()
	if s := b.run("select 1"); s.Reset != "" {
		t.Errorf("told twice: %q", s.Reset)
	}
}

func TestStatementTimeoutAndStrangersCancel(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("set statement_timeout = 300")
	s := b.run("select pg_sleep(30)")
	e := firstError(s)
	if e.Kind != apperr.StmtTimeout || e.Fields["limit"] != "300ms" || !strings.Contains(e.Fields["source"], "SET") || !e.Retryable || s.Outcome != session.Failed {
		t.Errorf("%s %+v", s.Outcome, e)
	}
	b.run("begin")
	if e := firstError(b.run("select pg_sleep(30)")); e.Kind != apperr.StmtTimeout {
		t.Errorf("in a transaction: %+v", e)
	}
	b.run("rollback; set statement_timeout = 0")
	pid := b.value("select pg_backend_pid()")
	other := open(t, database(t))
	r := b.start(session.Request{Text: "select 1; select pg_sleep(30)"})
	for len(r.Snapshot().Statements) < 2 || r.Snapshot().Statements[1].State != session.Running {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond) // until the server has it
	other.value("select pg_cancel_backend(" + pid + ")")
	s = b.finish(r)
	if e := firstError(s); e == nil || e.Kind != apperr.Cancelled || !strings.Contains(e.Title, "Somebody else") || s.Outcome != session.Failed {
		t.Errorf("%s %+v", s.Outcome, e)
	}
	b.stillWorks()
}

func TestLockTimeout(t *testing.T) {
	t.Parallel()
	url := database(t)
	b, other := open(t, url), open(t, url)
	b.run("create table t (id int)")
	other.run("begin; lock t")
	e := firstError(b.run("set lock_timeout = '200ms'; select * from t"))
	if e == nil || e.Kind != apperr.LockTimeout || e.Fields["limit"] != "200ms" {
		t.Errorf("%+v", e)
	}
	b.stillWorks()
}

func TestIdleInTransactionTimeout(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("set idle_in_transaction_session_timeout = 100; begin; create temp table x (id int)")
	time.Sleep(1300 * time.Millisecond) // the server's own clock
	s := b.run("select 1")
	if e := firstError(s); s.Outcome != session.Lost || e == nil || e.Code != "25P03" {
		t.Errorf("%s %+v", s.Outcome, e)
	}
	b.stillWorks()
}

func TestReleaseOfResults(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	for range 5 {
		b.run("select g, repeat('x', 100) from generate_series(1, 10000) g")
	}
	if n, bytes := b.dir.Usage(); n != 1 || bytes == 0 {
		t.Errorf("%d results, %d bytes on disk", n, bytes)
	}
	b.Close()
	if n, _ := b.dir.Usage(); n != 0 {
		t.Errorf("%d results after closing", n)
	}
}

func TestKeptResults(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("begin")
	r := b.start(session.Request{Text: "select 'kept'"})
	b.finish(r)
	last := b.start(session.Request{Text: "commit", KeepResults: true})
	b.finish(last)
	if p, err := r.Result(r.FirstResult()).Page(0, 1); err != nil || *p.Rows[0][0] != "kept" {
		t.Errorf("after a commit that keeps results: %v", err)
	}
	if ids := last.Kept(); len(ids) != 2 {
		t.Errorf("kept together: %v", ids)
	}
	b.run("select 1")
	if _, err := r.Result(r.FirstResult()).Page(0, 1); err == nil {
		t.Error("kept for ever")
	}
}
