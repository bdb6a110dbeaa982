// Package pgfake is a server that speaks PostgreSQL's protocol as a script says: for what no PostgreSQL would say.
//
// Not: a stand-in for PostgreSQL. What a real server can be made to do is tested on a real one.
package pgfake

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// Script says how a server behaves. What is left nil goes well.
type Script struct {
	// Enter answers a start-up message; when it returns true, statements are awaited.
	Enter func(c *Conn) bool
	// Query answers a statement of the simple protocol; when it returns false, the connection is closed.
	Query func(c *Conn, sql string) bool
	// Ask answers what is sent in the extended protocol: Tusk's own questions; as Query. Left nil it knows nothing.
	Ask func(c *Conn) bool
}

// Server listens on 127.0.0.1 until the test ends.
type Server struct {
	Port    string
	Cancels atomic.Int64 // requests to cancel, which it ignores
	Open    atomic.Int64 // connections that stand now
}

// Conn is one connection, from the server's side.
type Conn struct {
	net.Conn
	*pgproto3.Backend
	// Number counts the connections that got as far as a start-up message, from 1.
	Number int64
}

// New starts a server.
func New(t testing.TB, script Script) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("pgfake: %v", err)
	}
	s := &Server{}
	_, s.Port, _ = net.SplitHostPort(l.Addr().String())
	var (
		mu     sync.Mutex
		open   = map[net.Conn]bool{}
		wg     sync.WaitGroup
		number atomic.Int64
	)
	wg.Go(func() {
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[nc] = true
			mu.Unlock()
			s.Open.Add(1)
			wg.Go(func() {
				defer s.Open.Add(-1)
				defer func() { _ = nc.Close() }()
				s.serve(&Conn{Conn: nc, Backend: pgproto3.NewBackend(nc, nc)}, script, &number)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		for nc := range open {
			_ = nc.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return s
}

// Settings lead to the server.
func (s *Server) Settings() map[string]string {
	return map[string]string{"host": "127.0.0.1", "port": s.Port, "user": "tusk", "dbname": "postgres", "sslmode": "disable"}
}

func (s *Server) serve(c *Conn, script Script, number *atomic.Int64) {
	for {
		m, err := c.ReceiveStartupMessage()
		if err != nil {
			return
		}
		switch m.(type) {
		case *pgproto3.SSLRequest, *pgproto3.GSSEncRequest:
			if !c.Raw([]byte{'N'}) {
				return
			}
			continue
		case *pgproto3.CancelRequest:
			s.Cancels.Add(1)
			return
		}
		break
	}
	c.Number = number.Add(1)
	enter := script.Enter
	if enter == nil {
		enter = (*Conn).Welcome
	}
	if !enter(c) {
		return
	}
	for {
		m, err := c.Receive()
		if err != nil {
			return
		}
		ok := true
		switch m := m.(type) {
		case *pgproto3.Terminate:
			return
		case *pgproto3.Query:
			if script.Query != nil && m.String != "" {
				ok = script.Query(c, m.String)
			} else {
				ok = c.Say(&pgproto3.EmptyQueryResponse{}, Ready)
			}
		case *pgproto3.Sync:
			if script.Ask != nil {
				ok = script.Ask(c)
				break
			}
			ok = c.Say(&pgproto3.ErrorResponse{Severity: "ERROR", SeverityUnlocalized: "ERROR", Code: "0A000", Message: "not here"}, Ready)
		}
		if !ok {
			return
		}
	}
}

// Ready is what a server says when it awaits the next statement.
var Ready = &pgproto3.ReadyForQuery{TxStatus: 'I'}

// Welcome lets a client in as PostgreSQL does.
func (c *Conn) Welcome() bool {
	return c.Say(
		&pgproto3.AuthenticationOk{},
		&pgproto3.ParameterStatus{Name: "server_version", Value: "18.0"},
		&pgproto3.ParameterStatus{Name: "client_encoding", Value: "UTF8"},
		&pgproto3.ParameterStatus{Name: "standard_conforming_strings", Value: "on"},
		&pgproto3.BackendKeyData{ProcessID: 42, SecretKey: []byte{1, 2, 3, 4}},
		Ready,
	)
}

// Say sends messages, and tells whether anybody is there.
func (c *Conn) Say(messages ...pgproto3.BackendMessage) bool {
	for _, m := range messages {
		c.Send(m)
	}
	return c.Flush() == nil
}

// Raw sends bytes as they are, and tells whether anybody is there.
func (c *Conn) Raw(b []byte) bool {
	_, err := c.Conn.Write(b)
	return err == nil
}

// Wait reads, and answers nothing, until the other side goes.
func (c *Conn) Wait() bool {
	_, _ = io.Copy(io.Discard, c.Conn)
	return false
}

// Columns describes columns of type text.
func Columns(names ...string) *pgproto3.RowDescription {
	d := &pgproto3.RowDescription{}
	for _, n := range names {
		d.Fields = append(d.Fields, pgproto3.FieldDescription{Name: []byte(n), DataTypeOID: 25, DataTypeSize: -1, TypeModifier: -1})
	}
	return d
}

// Row is a row of text.
func Row(values ...string) *pgproto3.DataRow {
	d := &pgproto3.DataRow{}
	for _, v := range values {
		d.Values = append(d.Values, []byte(v))
	}
	return d
}

// Bound is what a server says to a question in the extended protocol before its rows.
func (c *Conn) Bound() bool { return c.Say(&pgproto3.ParseComplete{}, &pgproto3.BindComplete{}) }

// Done ends a select of n rows.
func Done(n int) *pgproto3.CommandComplete {
	return &pgproto3.CommandComplete{CommandTag: []byte("SELECT " + strconv.Itoa(n))}
}

// Error is an error message with these fields, each a letter and its text; it may say what no encoder would.
func Error(fields ...string) []byte {
	var body []byte
	for _, f := range fields {
		body = append(append(body, f...), 0)
	}
	return Message('E', append(body, 0))
}

// Message frames a body.
func Message(kind byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, uint32(4+len(body))), body...)
}

// Hash asks for a password hashed so many times.
func (c *Conn) Hash(rounds int) bool {
	if !c.Say(&pgproto3.AuthenticationSASL{AuthMechanisms: []string{"SCRAM-SHA-256"}}) || c.SetAuthType(pgproto3.AuthTypeSASL) != nil {
		return false
	}
	m, err := c.Receive()
	if err != nil {
		return false
	}
	first, ok := m.(*pgproto3.SASLInitialResponse)
	if !ok {
		return false
	}
	_, nonce, _ := strings.Cut(string(first.Data), "r=")
	return c.Say(&pgproto3.AuthenticationSASLContinue{Data: fmt.Appendf(nil, "r=%smore,s=c2FsdHNhbHQ=,i=%d", nonce, rounds)})
}
