package session_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

// refused checks that the server, and nobody else, has refused a write.
func refused(t *testing.T, s session.Snapshot, what string) {
	t.Helper()
	if e := firstError(s); e == nil || e.Code != "25006" || e.Kind != apperr.ReadOnly || !s.ReadOnly {
		t.Errorf("%s: %v, read-only %v", what, e, s.ReadOnly)
	}
}

// TestReadOnly has the server refuse all writes of a profile's sessions until one is unlocked, and lock it again.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	url := database(t)
	open(t, url).run("create table t (a int)")
	b := openWith(t, url, map[string]string{"read_only": "1"})
	if s := b.run("select 1"); s.Outcome != session.Finished || !s.ReadOnly {
		t.Errorf("reading: %s, %v", s.Outcome, s.ReadOnly)
	}
	for _, sql := range []string{
		"insert into t values (1)", "create table u ()", "do $$ begin insert into t values (1); end $$", "with x as (insert into t values (1) returning a) select * from x",
		"begin; insert into t values (1)", "rollback; truncate t", "explain analyze insert into t values (1)",
	} {
		refused(t, b.run(sql), sql)
	}
	b.run("rollback")
	// Who says so in SQL has it for that script, and not for what comes after.
	if s := b.run("set default_transaction_read_only to off; insert into t values (1)"); s.Outcome != session.Finished {
		t.Errorf("set in the script: %v", firstError(s))
	}
	if major >= 14 { // before, the server does not say
		refused(t, b.run("insert into t values (2)"), "after a SET by hand")
	}
	run := func(access, sql string) session.Snapshot {
		return b.finish(b.start(session.Request{Text: sql, Access: access}))
	}
	if s := run("write", "insert into t values (3)"); s.Outcome != session.Finished || s.ReadOnly {
		t.Errorf("unlocked: %v, %v", firstError(s), s.ReadOnly)
	}
	refused(t, run("read", "insert into t values (4)"), "locked again")
	if s := run("write", "insert into t values (5)"); s.Outcome != session.Finished {
		t.Errorf("unlocked again: %v", firstError(s))
	}
	// A failed transaction is let be.
	run("write", "begin; select 1/0")
	if s := run("read", "rollback"); s.Outcome != session.Finished {
		t.Errorf("rollback: %v", firstError(s))
	}
	refused(t, run("read", "insert into t values (6)"), "after it")
	// The new session of a tab whose server side was ended is locked too.
	b.run("select pg_terminate_backend(pg_backend_pid())")
	s := b.run("insert into t values (7)")
	if refused(t, s, "in a new session"); !strings.Contains(firstError(s).Hint, "The lock beside") {
		t.Errorf("hint %q", firstError(s).Hint)
	}
	if n := open(t, url).value("select string_agg(a::text, ' ' order by a) from t"); n != "1 3 5" {
		t.Errorf("written: %s", n)
	}
}

// TestLockedByHand is a tab of a profile that may write.
func TestLockedByHand(t *testing.T) {
	t.Parallel()
	b := open(t, database(t))
	b.run("create table t (a int)")
	s := b.finish(b.start(session.Request{Text: "insert into t values (1)", Access: "read"}))
	refused(t, s, "locked")
	if s := b.finish(b.start(session.Request{Text: "insert into t values (1)", Access: "write"})); s.Outcome != session.Finished || s.ReadOnly {
		t.Errorf("unlocked: %v", firstError(s))
	}
	// What the person sets is theirs where nothing was chosen.
	b.run("set default_transaction_read_only to on")
	s = b.run("insert into t values (2)")
	if e := firstError(s); e == nil || e.Kind != apperr.ReadOnly {
		t.Errorf("set by hand: %v", e)
	}
}

func TestReadOnlyBehindAPooler(t *testing.T) {
	t.Parallel()
	srv := pgtest.Shared(t, major)
	url := srv.DB(t)
	pooled, _ := bouncer(t, srv, url)
	p, err := conn.Parse(pooled)
	if err != nil {
		t.Fatal(err)
	}
	p.Profile.Settings["read_only"] = "1"
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	pool, err := conn.Open(ctx, p.Profile, secretNone)
	if e := apperr.From(err); e.Kind != apperr.Config || !strings.Contains(e.Title, "pooler") || e.Fields["setting"] != "read_only" {
		t.Errorf("%v", err)
	}
	if pool != nil {
		pool.Close()
	}
	b := open(t, pooled)
	if s := b.finish(b.start(session.Request{Text: "select 1", Access: "read"})); firstError(s) == nil || firstError(s).Kind != apperr.Unsupported {
		t.Errorf("locked by hand: %v", firstError(s))
	}
}

// TestStartupSQL runs before anything else in each new session; what fails is told and holds nobody up.
func TestStartupSQL(t *testing.T) {
	t.Parallel()
	url := database(t)
	for sql, want := range map[string]string{
		"set search_path to here; create temp table mine as select 1 as a": "",
		"set search_path to here; select nosuch":                           "column \"nosuch\" does not exist (42703)",
		"selec 1":                                                          "syntax error",
		"set search_path to here; begin":                                   "left a transaction open",
		"select pg_terminate_backend(pg_backend_pid())":                    "failed: terminating connection",
		"create temp table x (a int); copy x from stdin":                   "did not end within",
		"select repeat('x', 1000) from generate_series(1, 200000)":         "",
		"  ": "",
	} {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			b := openWith(t, url, map[string]string{"startup_sql": sql})
			s := b.run("show search_path")
			said := ""
			for _, n := range s.Notices {
				said += n.Severity + " " + n.Message
			}
			if s.Outcome != session.Finished || (want == "") != (said == "") || !strings.Contains(said, want) || want != "" && !strings.HasPrefix(said, "WARNING") {
				t.Errorf("%s: %s %v, told %q", sql, s.Outcome, firstError(s), said)
			}
			if strings.HasPrefix(sql, "set") {
				if got := b.value("show search_path"); (got == "here") != (want == "") { // it is one transaction
					t.Errorf("%s: search_path is %s", sql, got)
				}
			}
			if s := b.run("select 1"); len(s.Notices) != 0 || s.TxStatus != "I" {
				t.Errorf("%s: told again %v, %s", sql, s.Notices, s.TxStatus)
			}
			if got := b.Altered(); got != (strings.TrimSpace(sql) != "") {
				t.Errorf("%s: altered %v", sql, got)
			}
			b.stillWorks()
		})
	}
}

// TestStartupSQLInEachSession has another session of the tab begin with it too.
func TestStartupSQLInEachSession(t *testing.T) {
	t.Parallel()
	b := openWith(t, database(t), map[string]string{"startup_sql": "set application_name to 'begun'"})
	for range 2 {
		if got := b.value("show application_name"); got != "begun" {
			t.Errorf("application_name is %s", got)
		}
		b.run("select pg_terminate_backend(pg_backend_pid())")
	}
}
