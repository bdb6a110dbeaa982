package conn

import (
	"bytes"
	"context"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// sniffed remembers what a server said first, to tell what it is when it is not PostgreSQL.
type sniffed struct {
	net.Conn
	log   *firstWords
	done  atomic.Bool
	begin []byte
	heard atomic.Pointer[[]byte] // begin, for Close
}

// firstWords are those of the latest connection attempt that got any.
type firstWords struct{ last atomic.Pointer[[]byte] }

const sniffLen = 16

// wrap notes the first bytes of every connection that dial makes.
func (f *firstWords) wrap(dial func(ctx context.Context, network, addr string) (net.Conn, error)) func(ctx context.Context, network, addr string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &sniffed{Conn: c, log: f}, nil
	}
}

// Read is called by one goroutine at a time; pgconn sees to that.
func (s *sniffed) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if !s.done.Load() {
		s.begin = append(s.begin, p[:min(n, sniffLen-len(s.begin))]...)
		begin := s.begin
		if n > 0 {
			s.heard.Store(&begin)
			s.log.last.Store(&begin)
		}
		s.done.Store(len(s.begin) >= sniffLen)
	}
	return n, err
}

// Close first takes in the rest of a greeting, of which pgconn read one byte: the answer to its request for TLS.
func (s *sniffed) Close() error {
	if b := s.heard.Load(); b != nil && len(*b) == 1 && !bytes.ContainsAny(*b, "SNE") {
		rest := make([]byte, sniffLen-1)
		if s.SetReadDeadline(time.Now().Add(greetingWait)) == nil {
			n, _ := s.Conn.Read(rest)
			all := append([]byte{(*b)[0]}, rest[:n]...)
			s.log.last.Store(&all)
		}
	}
	return s.Conn.Close()
}

// greetingWait is for the rest of a greeting whose beginning is here.
const greetingWait = 20 * time.Millisecond

// foreign tells what answers when it is not PostgreSQL: "HTTP", "SSH" …, or "something else"; "" when it may well be
// PostgreSQL, or said nothing.
func (f *firstWords) foreign() string {
	p := f.last.Load()
	if p == nil || len(*p) == 0 {
		return ""
	}
	b := *p
	for _, known := range []struct{ prefix, name string }{
		{"HTTP/", "a web server (HTTP)"}, {"SSH-", "an SSH server"}, {"-ERR", "Redis"}, {"220", "a mail or FTP server"},
		{"* OK", "a mail server (IMAP)"}, {"+OK", "a mail server (POP3)"}, {"<", "a web server (HTTP)"},
	} {
		if strings.HasPrefix(string(b), known.prefix) {
			return known.name
		}
	}
	if len(b) > 5 && b[3] == 0 && b[4] == 10 {
		return "MySQL or MariaDB"
	}
	switch {
	case len(b) == 1 && bytes.ContainsAny(b, "SN"): // the answer to a request for TLS
		return ""
	case b[0] == 'S' || b[0] == 'N': // and what follows it
		return ""
	case len(b) > 1 && (b[0] == 0x15 || b[0] == 0x16) && b[1] == 3: // TLS that was begun without asking
		return ""
	case bytes.ContainsAny(b[:1], "REv") && (len(b) < 5 || b[1] == 0):
		return ""
	}
	return "something that does not speak its protocol"
}
