package conn

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// trace watches a connection being made: it changes nothing of it, so that what is diagnosed is what connecting does.
type trace struct {
	began time.Time

	mu         sync.Mutex // guards what follows: a connect that was given up may still be under way
	resolved   time.Time  // when the last name was
	names      []string   // "db.example is 203.0.113.24"
	refusedTLS bool       // a server answered that it has none
	attempts   []*attempt
}

// attempt is one try to reach one address. Times are zero for what was not reached.
type attempt struct {
	address  string
	network  string
	dialled  time.Time // begun
	accepted time.Time
	secured  time.Time // TLS stands
	tls      *tls.ConnectionState
	answered time.Time // the server's first message
	admitted time.Time // AuthenticationOk
	asks     []uint32  // authentication requests, as the protocol numbers them
	tlsAsked bool
	first    []byte // what the server said first, outside TLS
}

// attach puts the watching into a configuration.
func (t *trace) attach(c *pgconn.Config) {
	look := c.LookupFunc
	c.LookupFunc = func(ctx context.Context, host string) ([]string, error) {
		list, err := look(ctx, host)
		t.mu.Lock()
		defer t.mu.Unlock()
		if err == nil && net.ParseIP(host) == nil {
			t.resolved = time.Now()
			t.names = append(t.names, host+" is "+strings.Join(list, ", "))
		}
		return list, err
	}
	dial := c.DialFunc
	c.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		a := &attempt{network: network, address: address, dialled: time.Now()}
		t.mu.Lock()
		t.attempts = append(t.attempts, a)
		t.mu.Unlock()
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		t.mu.Lock()
		a.accepted = time.Now()
		t.mu.Unlock()
		return &watched{Conn: conn, t: t, a: a}, nil
	}
	c.TLSConfig = t.watchTLS(c.TLSConfig)
	for _, f := range c.Fallbacks {
		f.TLSConfig = t.watchTLS(f.TLSConfig)
	}
	front := c.BuildFrontend
	c.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		t.mu.Lock()
		a := t.attempts[len(t.attempts)-1] // attempts come one after the other
		t.mu.Unlock()
		return front(&messages{r: r, t: t, a: a}, w)
	}
}

func (t *trace) watchTLS(c *tls.Config) *tls.Config {
	if c == nil {
		return nil
	}
	c = c.Clone()
	verify := c.VerifyConnection
	c.VerifyConnection = func(cs tls.ConnectionState) error {
		if verify != nil {
			if err := verify(cs); err != nil {
				return err
			}
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		a := t.attempts[len(t.attempts)-1]
		a.secured, a.tls = time.Now(), &cs
		return nil
	}
	return c
}

// furthest is the attempt that got furthest, the latest of equals; an empty one when none was made.
func (t *trace) furthest() *attempt {
	best := &attempt{}
	for _, a := range t.attempts {
		if a.reached() >= best.reached() {
			best = a
		}
	}
	return best
}

func (a *attempt) reached() int {
	n := 0
	for _, at := range []time.Time{a.dialled, a.accepted, a.secured, a.answered, a.admitted} {
		if !at.IsZero() {
			n++
		}
	}
	return n
}

// under is the stage that was under way at the end.
func (t *trace) under(a *attempt) string {
	switch {
	case !a.admitted.IsZero():
		return "database"
	case !a.answered.IsZero():
		return "auth"
	case !a.secured.IsZero():
		return "startup"
	case !a.accepted.IsZero() && a.wantsTLS():
		return "tls"
	case !a.accepted.IsZero():
		return "startup"
	case !a.dialled.IsZero():
		return "tcp"
	}
	return "dns"
}

// wantsTLS tells whether the server has not yet answered the request for TLS, or has agreed to it.
func (a *attempt) wantsTLS() bool {
	return a.first == nil && a.tlsAsked || len(a.first) > 0 && a.first[0] == 'S'
}

// target is the host an attempt was for.
func (a *attempt) target(sp *spec) target {
	if a.network == "unix" {
		for _, t := range sp.targets {
			if t.String() == a.address {
				return t
			}
		}
	}
	_, port, _ := net.SplitHostPort(a.address)
	for _, t := range sp.targets {
		if fmt.Sprint(t.port) == port {
			return t
		}
	}
	return sp.targets[0]
}

// authMethods are what an authentication request asks for.
var authMethods = map[uint32]string{
	2: "with Kerberos", 3: "with the password in clear text", 5: "with a password (md5)", 7: "with GSSAPI", 9: "with SSPI", 10: "with a password (SCRAM-SHA-256)",
}

// method says how the server had the role sign in.
func (a *attempt) method() string {
	for _, n := range a.asks {
		if m, ok := authMethods[n]; ok {
			return m
		}
	}
	if !a.admitted.IsZero() {
		return "without a password"
	}
	return ""
}

// said is the beginning of what the server said, as text.
func (a *attempt) said() string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '·'
	}, strings.ToValidUTF8(string(a.first), "·"))
	if s == "" {
		return ""
	}
	return fmt.Sprintf("“%s”", s)
}

// watched sees the bytes outside of TLS: the request for it, the answer, and what a foreign server says.
type watched struct {
	net.Conn
	t *trace
	a *attempt
}

const (
	watchLen   = 60
	sslRequest = 80877103 // PostgreSQL's SSLRequest code
)

func (w *watched) Write(p []byte) (int, error) {
	w.t.mu.Lock()
	if len(p) == 8 && binary.BigEndian.Uint32(p[4:]) == sslRequest || len(p) > 0 && p[0] == 0x16 {
		w.a.tlsAsked = true
	}
	w.t.mu.Unlock()
	return w.Conn.Write(p)
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	if len(w.a.first) < watchLen && n > 0 {
		w.a.first = append(w.a.first, p[:min(n, watchLen-len(w.a.first))]...)
		if w.a.tlsAsked && w.a.first[0] == 'N' {
			w.t.refusedTLS = true
		}
	}
	return n, err
}

// messages reads the headers of the server's first messages as they pass.
type messages struct {
	r    io.Reader
	t    *trace
	a    *attempt
	head []byte // type, length, and four bytes more, of the message at hand
	skip int    // bytes of it still to come
	done bool
}

func (m *messages) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if !m.done {
		m.see(p[:n])
	}
	return n, err
}

func (m *messages) see(b []byte) {
	m.t.mu.Lock()
	defer m.t.mu.Unlock()
	for len(b) > 0 && !m.done {
		if m.skip > 0 {
			n := min(m.skip, len(b))
			m.skip -= n
			b = b[n:]
			continue
		}
		m.head = append(m.head, b[0])
		b = b[1:]
		if m.a.answered.IsZero() {
			m.a.answered = time.Now()
		}
		if len(m.head) < 5 {
			continue
		}
		length := int(int32(binary.BigEndian.Uint32(m.head[1:5])))
		switch {
		case m.head[0] != 'R' || length < 8 || length > 1<<16: // only authentication is of interest
			m.done = m.head[0] != 'v' && m.head[0] != 'N' || length < 4
			m.skip, m.head = max(0, length-4), nil
		case len(m.head) == 9:
			code := binary.BigEndian.Uint32(m.head[5:9])
			if code == 0 {
				m.a.admitted, m.done = time.Now(), true
			} else {
				m.a.asks = append(m.a.asks, code)
			}
			m.skip, m.head = length-8, nil
		}
	}
}
