package conn_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"runtime"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgfake"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5/pgproto3"
)

// soonEnough are the settings of a fake server, with a short limit.
func soonEnough(s *pgfake.Server) map[string]string { return with(s.Settings(), "connect_timeout=2") }

// raw gives a script that answers every start-up with these bytes.
func raw(b []byte) pgfake.Script {
	return pgfake.Script{Enter: func(c *pgfake.Conn) bool { c.Raw(b); return c.Wait() }}
}

// TestFault_C5 is sent messages of absurd lengths. It runs alone, to see what memory they take.
func TestFault_C5(t *testing.T) {
	for name, length := range map[string]uint32{"two gigabytes": 1<<31 - 1, "below zero": 1<<32 - 1, "zero": 0, "three": 3, "half a gigabyte": 1 << 29} {
		for _, kind := range "RENZSv" {
			s := pgfake.New(t, raw(append(binary.BigEndian.AppendUint32([]byte{byte(kind)}, length), make([]byte, 64)...)))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := attempt(t, soonEnough(s), canary)
			runtime.ReadMemStats(&after)
			want := apperr.Protocol
			if k := apperr.KindOf(err); k == apperr.NotPostgres {
				want = k // its first bytes are nothing PostgreSQL begins with
			}
			fault(t, "C5", err, failure{kind: want})
			if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
				t.Errorf("%c, %s: it took %d bytes", kind, name, n)
			}
		}
	}
}

// TestFault_C7 is refused in words that would do harm where they are more than text.
func TestFault_C7(t *testing.T) {
	t.Parallel()
	const words = "<script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31mred\x1b[0m \u202egpj.exe\u2066 \r\n%s{{.}}"
	s := pgfake.New(t, raw(pgfake.Error("SFATAL", "VFATAL", "C28000", "M"+words, "H"+strings.Repeat("hint ", 1<<20/5), "P999999999999", "D"+words)))
	_, err := attempt(t, soonEnough(s), canary)
	e := fault(t, "C7", err, failure{kind: apperr.AuthRule, title: "does not let tusk in", message: words, code: "28000", setting: "user"})
	if e.Message != words || e.Detail != words || len(e.ServerHint) < 60<<10 || len(e.ServerHint) > 70<<10 || e.Position != nil {
		t.Errorf("message %q, detail %q, %d bytes of hint, position %v", e.Message, e.Detail, len(e.ServerHint), e.Position)
	}
	if d := diagnose(t, soonEnough(s), canary); d.Error == nil || d.Error.Message != words {
		t.Errorf("the doctor says %v", d.Error)
	}
}

// TestFault_C8 is asked to hash a password millions of times, which nothing interrupts.
func TestFault_C8(t *testing.T) {
	t.Parallel()
	s := pgfake.New(t, pgfake.Script{Enter: func(c *pgfake.Conn) bool { return c.Hash(2_000_000_000) && c.Wait() }})
	_, err := attempt(t, soonEnough(s), canary)
	fault(t, "C8", err, failure{kind: apperr.AuthMethod})

	s = pgfake.New(t, pgfake.Script{Enter: func(c *pgfake.Conn) bool { return c.Hash(9_999_999) && c.Wait() }})
	stopped(t, "C8", s.Settings())
	for deadline := time.Now().Add(4 * time.Minute); s.Open.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the hashing that was given up never ends")
		}
	}
}

// TestFault_C9 hears notices for ever.
func TestFault_C9(t *testing.T) {
	t.Parallel()
	s := pgfake.New(t, pgfake.Script{Enter: func(c *pgfake.Conn) bool {
		for ok := c.Say(&pgproto3.AuthenticationOk{}); ok; {
			ok = c.Say(&pgproto3.NoticeResponse{Severity: "NOTICE", Message: "and another thing"})
		}
		return false
	}})
	_, err := attempt(t, soonEnough(s), canary)
	fault(t, "C9", err, failure{kind: apperr.Timeout})
}

// answers gives a script that answers questions of Tusk's own so, once it has let us in.
func answers(f func(c *pgfake.Conn) bool) pgfake.Script {
	return pgfake.Script{Ask: func(c *pgfake.Conn) bool { return c.Bound() && f(c) }}
}

// TestFaultyAnswers opens pools on servers that answer our own questions as none would, and asks one more.
func TestFaultyAnswers(t *testing.T) {
	t.Parallel()
	field := func(name string, oid uint32) pgproto3.FieldDescription {
		return pgproto3.FieldDescription{Name: []byte(name), DataTypeOID: oid}
	}
	many := &pgproto3.RowDescription{}
	for range 65535 {
		many.Fields = append(many.Fields, field("x", 25))
	}
	long := &pgproto3.RowDescription{Fields: []pgproto3.FieldDescription{field(strings.Repeat("n", 1<<20), 25), field("x", 0), field("x", 0)}}
	four := pgfake.Columns("a", "b", "c", "d")
	for _, c := range []struct {
		row, name string
		script    pgfake.Script
		opens     apperr.Kind // "": it does
		asks      apperr.Kind
	}{
		{"C10", "65,535 columns", answers(func(c *pgfake.Conn) bool { return c.Say(many, pgfake.Done(0), pgfake.Ready) }), "", apperr.Protocol},
		{"C10", "a name of a megabyte, twice the same, no type", answers(func(c *pgfake.Conn) bool { return c.Say(long, pgfake.Done(0), pgfake.Ready) }), "", apperr.Protocol},
		{"C11", "one cell for four columns", answers(func(c *pgfake.Conn) bool { return c.Say(four, pgfake.Row("x"), pgfake.Done(1), pgfake.Ready) }), "", apperr.Protocol},
		{"C11", "five cells for four columns", answers(func(c *pgfake.Conn) bool {
			return c.Say(four, pgfake.Row("1", "2", "3", "4", "5"), pgfake.Done(1), pgfake.Ready)
		}), "", apperr.Protocol},
		{"C11", "a cell of a length below zero", answers(func(c *pgfake.Conn) bool {
			return c.Say(four) && c.Raw(pgfake.Message('D', []byte{0, 4, 0xff, 0xff, 0xff, 0x9c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) && c.Say(pgfake.Done(1), pgfake.Ready)
		}), apperr.Protocol, ""},
		{"C11", "a cell longer than its row", answers(func(c *pgfake.Conn) bool {
			return c.Say(four) && c.Raw(pgfake.Message('D', []byte{0, 4, 0, 0, 0, 99, 0})) && c.Wait()
		}), apperr.Protocol, ""},
		{"C12", "COPY", answers(func(c *pgfake.Conn) bool { return c.Say(&pgproto3.CopyInResponse{}) && c.Wait() }), apperr.Timeout, ""},
		{"C13", "another encoding", pgfake.Script{Enter: func(c *pgfake.Conn) bool {
			return c.Say(&pgproto3.AuthenticationOk{}, &pgproto3.ParameterStatus{Name: "client_encoding", Value: "LATIN1"}, pgfake.Ready)
		}}, "", apperr.Protocol},
		{"C14", "never ready", answers(func(c *pgfake.Conn) bool { return c.Say(four, pgfake.Done(0)) && c.Wait() }), apperr.Timeout, ""},
	} {
		t.Run(c.row+" "+c.name, func(t *testing.T) {
			t.Parallel()
			s := pgfake.New(t, c.script)
			p, err := conn.Open(context.Background(), conn.Profile{Settings: soonEnough(s)}, secret.New(canary))
			if c.opens != "" {
				fault(t, c.row, err, failure{kind: c.opens})
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			ctx, stop := context.WithTimeout(context.Background(), 3*time.Second)
			defer stop()
			_, err = p.Query(ctx, "select 1, 2, 3, 4")
			fault(t, c.row, err, failure{kind: c.asks})
			if err := p.LearnTypes(ctx, []uint32{99999}); err == nil {
				t.Error("types were learnt")
			}
		})
	}
	t.Run("C13 a flood of settings", func(t *testing.T) {
		t.Parallel()
		s := pgfake.New(t, pgfake.Script{Enter: func(c *pgfake.Conn) bool {
			flood := bytes.Repeat(pgfake.Message('S', []byte("work_mem\x004MB\x00")), 1000)
			for ok := c.Say(&pgproto3.AuthenticationOk{}); ok; {
				ok = c.Raw(flood)
			}
			return false
		}})
		_, err := attempt(t, soonEnough(s), canary)
		fault(t, "C13", err, failure{kind: apperr.Timeout})
	})
}
