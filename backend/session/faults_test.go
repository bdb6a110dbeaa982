package session_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgfake"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"github.com/jackc/pgx/v5/pgproto3"
)

// openFake makes a session on a server whose first session answers statements as hostile does; those after it are well.
func openFake(t *testing.T, hostile func(c *pgfake.Conn, sql string) bool) (*bed, *pgfake.Server) {
	t.Helper()
	fake := pgfake.New(t, pgfake.Script{Query: func(c *pgfake.Conn, sql string) bool {
		if c.Number == 2 { // the first one opened the pool
			return hostile(c, sql)
		}
		return c.Say(pgfake.Columns("?column?"), pgfake.Row("still works"), pgfake.Done(1), pgfake.Ready)
	}})
	pool, err := conn.Open(context.Background(), conn.Profile{Settings: fake.Settings()}, secretNone)
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
	return b, fake
}

// whole tells what is wrong when a result that is shown does not hold together: each of its rows has its columns.
func whole(r *session.Run, s session.Snapshot) error {
	for _, st := range s.Statements {
		for _, res := range st.Results {
			from := 0
			for from < res.Rows {
				p, err := r.Result(res.ID).Page(from, spool.MaxPageRows)
				if err != nil || len(p.Rows) == 0 {
					return fmt.Errorf("row %d of %d: %w", from, res.Rows, err)
				}
				for i, row := range p.Rows {
					if len(row) != len(res.Columns) {
						return fmt.Errorf("row %d has %d cells for %d columns", from+i, len(row), len(res.Columns))
					}
				}
				from += len(p.Rows)
			}
		}
	}
	return nil
}

const hostileWords = "<script>alert(1)</script> \x1b[31mred\x1b[0m \u202egpj.exe\u2066 \r\n%s{{.}}"

// TestHostileServer runs statements on servers that answer as PostgreSQL never would. Whatever they say, the run ends,
// when nothing else helps within two seconds of Cancel; what is shown holds together; the next run has a session that
// is well, and so have the others.
func TestHostileServer(t *testing.T) {
	t.Parallel()
	others := open(t, database(t))
	row := pgfake.Row("a", "b")
	two := pgfake.Columns("a", "b")
	cells := func(n int) *pgproto3.DataRow { return &pgproto3.DataRow{Values: make([][]byte, n)} }
	many := &pgproto3.RowDescription{Fields: make([]pgproto3.FieldDescription, 65535)}
	odd := &pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{{Name: []byte(strings.Repeat("n", 1<<20)), DataTypeOID: 25}, {Name: []byte("x")}, {Name: []byte("x"), DataTypeOID: 1<<32 - 1}}}
	data := func(body ...byte) []byte { return pgfake.Message('D', body) }
	for _, c := range []struct {
		row, name string
		answer    func(c *pgfake.Conn, sql string) bool
		stop      bool // it ends only when it is cancelled
		outcome   string
		kind      apperr.Kind // "" for none
		rows      int         // of the result that stays; -1 for no result
	}{
		{"C5", "a row of two gigabytes", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row) && c.Raw(binary.BigEndian.AppendUint32([]byte{'D'}, 1<<31-1)) && c.Raw([]byte{0, 2, 0, 0}) && c.Wait()
		}, false, session.Lost, apperr.Protocol, 1},
		{"C5", "a row of a length of three", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row) && c.Raw([]byte{'D', 0, 0, 0, 3, 0, 0, 0, 0, 0}) && c.Wait()
		}, false, session.Lost, apperr.Protocol, 1},
		{"C5", "a message of a length below zero", func(c *pgfake.Conn, _ string) bool { return c.Raw([]byte{'T', 0xff, 0, 0, 0, 0}) && c.Wait() }, false, session.Lost, apperr.Protocol, -1},
		{"C7", "hostile words", func(c *pgfake.Conn, _ string) bool {
			return c.Raw(pgfake.Error("SERROR", "VERROR", "C42601", "M"+hostileWords, "H"+strings.Repeat("hint ", 1<<20/5), "P999999999999")) && c.Say(pgfake.Ready)
		}, false, session.Failed, apperr.Syntax, -1},
		{"C9", "notices without end", func(c *pgfake.Conn, _ string) bool {
			for c.Say(&pgproto3.NoticeResponse{Severity: "NOTICE", Message: hostileWords}) {
				continue
			}
			return false
		}, true, session.Killed, apperr.Cancelled, -1},
		{"C10", "65,535 columns", func(c *pgfake.Conn, _ string) bool { return c.Say(many, cells(65535), pgfake.Done(1), pgfake.Ready) }, false, session.Finished, "", 1},
		{"C10", "a name of a megabyte, twice the same, no type", func(c *pgfake.Conn, _ string) bool {
			return c.Say(odd, pgfake.Row("a", "b", "c"), pgfake.Done(1), pgfake.Ready)
		}, false, session.Finished, "", 1},
		{"C11", "too few cells", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row, pgfake.Row("a"), pgfake.Done(2), pgfake.Ready) && c.Wait()
		}, false, session.Lost, apperr.Protocol, 1},
		{"C11", "too many cells", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row, pgfake.Row("a", "b", "c"), pgfake.Done(2), pgfake.Ready) && c.Wait()
		}, false, session.Lost, apperr.Protocol, 1},
		{"C11", "a cell of a length below zero", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row) && c.Raw(data(0, 2, 0xff, 0xff, 0xff, 0xf0, 0, 0, 0, 0)) && c.Say(pgfake.Done(2), pgfake.Ready) && c.Wait()
		}, false, session.Lost, apperr.Protocol, 1},
		{"C11", "COPY data among the rows", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row, &pgproto3.CopyData{Data: []byte("line\n")}, pgfake.Done(2), pgfake.Ready) && c.Wait()
		}, false, session.Lost, apperr.Protocol, 1},
		{"C11", "rows that are not counted", func(c *pgfake.Conn, _ string) bool {
			return c.Say(two, row, row, row, pgfake.Done(5), pgfake.Ready)
		}, false, session.Lost, apperr.Protocol, 3},
		{"C11", "a description nobody knows how to read", func(c *pgfake.Conn, _ string) bool {
			return c.Raw(pgfake.Message('T', []byte{0, 9, 'x', 0, 1})) && c.Wait()
		}, false, session.Lost, apperr.Protocol, -1},
		{"C12", "COPY nobody asked for", func(c *pgfake.Conn, _ string) bool {
			if !c.Say(&pgproto3.CopyInResponse{}) {
				return false
			}
			switch m, err := c.Receive(); m.(type) {
			case *pgproto3.CopyFail:
				return c.Say(&pgproto3.ErrorResponse{Severity: "ERROR", SeverityUnlocalized: "ERROR", Code: "57014", Message: "COPY from stdin failed"}, pgfake.Ready)
			default:
				t.Errorf("it was sent %T, %v", m, err)
				return false
			}
		}, false, session.Failed, apperr.Usage, -1},
		{"C12", "COPY nobody asked for, and no end of it", func(c *pgfake.Conn, _ string) bool { return c.Say(&pgproto3.CopyInResponse{}) && c.Wait() }, true, session.Killed, apperr.Cancelled, -1},
		{"C13", "a flood of settings", func(c *pgfake.Conn, _ string) bool {
			for c.Say(&pgproto3.ParameterStatus{Name: "work_mem", Value: "4MB"}) {
				continue
			}
			return false
		}, true, session.Killed, apperr.Cancelled, -1},
		{"C14", "rows, and never ready", func(c *pgfake.Conn, _ string) bool { return c.Say(two, row, row, pgfake.Done(2)) && c.Wait() }, true, session.Killed, apperr.Cancelled, 2},
	} {
		t.Run(c.row+" "+c.name, func(t *testing.T) {
			t.Parallel()
			b, fake := openFake(t, c.answer)
			r := b.start(session.Request{Text: "select 1, 2"})
			if c.stop {
				eventually(t, "the server answers", func() bool { return fake.Open.Load() == 1 && r.Snapshot().State == session.StateRunning })
				time.Sleep(100 * time.Millisecond) // it does not end by itself
				select {
				case <-r.Done():
					t.Fatal("it ended by itself")
				default:
				}
				begin := time.Now()
				r.Cancel()
				b.finish(r)
				if took := time.Since(begin); took > 2*limit { // 2 s, and what a busy machine adds
					t.Errorf("it took %v to stop", took)
				}
			}
			s := b.finish(r)
			e := firstError(s)
			if s.Outcome != c.outcome || (c.kind == "") != (e == nil) || e != nil && e.Kind != c.kind {
				t.Fatalf("%s, %v; want %s, %s", s.Outcome, e, c.outcome, c.kind)
			}
			if e != nil && (e.Title == "" || e.Hint == "" || e.Kind == apperr.Internal) {
				t.Errorf("%+v", e)
			}
			if e != nil && c.row == "C7" && (e.Message != hostileWords || e.Position != nil || len(e.ServerHint) > 70<<10) {
				t.Errorf("message %q, position %v, %d bytes of hint", e.Message, e.Position, len(e.ServerHint))
			}
			if err := whole(r, s); err != nil {
				t.Error(err)
			}
			rows := -1
			if results := s.Statements[0].Results; len(results) > 0 {
				rows = results[0].Rows
				if results[0].Partial != (e != nil) {
					t.Errorf("partial: %v", results[0].Partial)
				}
			}
			if rows != c.rows {
				t.Errorf("%d rows are shown, want %d", rows, c.rows)
			}
			if len(s.Notices) > 100 || (c.row == "C9") != (s.NoticeCount > 0) {
				t.Errorf("%d of %d notices", len(s.Notices), s.NoticeCount)
			}
			if gone := c.outcome == session.Lost || c.outcome == session.Killed; gone {
				eventually(t, "the connection is given up", func() bool { return fake.Open.Load() == 0 })
				b.stillWorks()
			}
			others.stillRuns(t)
		})
	}
}

// stillRuns is stillWorks for who shares the session with other tests.
func (b *bed) stillRuns(t *testing.T) {
	t.Helper()
	for {
		r, err := b.Run(session.Request{RunID: t.Name(), Text: "select 1", Cursor: -1})
		if apperr.KindOf(err) == apperr.Busy {
			time.Sleep(time.Millisecond)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if s := b.finish(r); s.Outcome != session.Finished {
			t.Errorf("another session: %s, %v", s.Outcome, firstError(s))
		}
		return
	}
}

// TestSettingsNobodyAskedFor has a server change how it reads and writes text: the person is told, and text is split as
// the server reads it.
func TestSettingsNobodyAskedFor(t *testing.T) {
	t.Parallel()
	var heard atomic.Int64
	b, _ := openFake(t, func(c *pgfake.Conn, sql string) bool {
		heard.Add(1)
		return c.Say(&pgproto3.ParameterStatus{Name: "client_encoding", Value: "LATIN1"}, &pgproto3.ParameterStatus{Name: "standard_conforming_strings", Value: "off"},
			&pgproto3.CommandComplete{CommandTag: []byte("SET")}, pgfake.Ready)
	})
	s := b.run("select 1")
	if s.Outcome != session.Finished || len(s.Notices) != 1 || s.Notices[0].Severity != "WARNING" || !strings.Contains(s.Notices[0].Message, "LATIN1") {
		t.Errorf("%s, %+v", s.Outcome, s.Notices)
	}
	if s := b.run("select 2"); s.NoticeCount != 0 {
		t.Errorf("told again: %+v", s.Notices)
	}
	heard.Store(0)
	if b.run(`select 'it\'s; one'; select 2`); heard.Load() != 2 {
		t.Errorf("%d statements were sent", heard.Load())
	}
}

// TestCutBeforeTheAnswer has the link end when a statement has been sent and nothing has come back: whether it took
// effect is not known, and nobody is told otherwise.
func TestCutBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	for text, hint := range map[string]string{"update t set a = 1": "that is not known", "select 1": "Run it again", "commit": "Whether it was committed is not known"} {
		b, _ := openFake(t, func(*pgfake.Conn, string) bool { return false })
		s := b.run(text)
		if e := firstError(s); s.Outcome != session.Lost || e == nil || e.Kind != apperr.Lost || !strings.Contains(e.Hint, hint) {
			t.Errorf("%s: %s, %v, hint %q", text, s.Outcome, e, e.Hint)
		}
		b.stillWorks()
	}
}
