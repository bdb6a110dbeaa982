package conn_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
	"desktop.tusk/backend/secret"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	stop, err := nameService()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fds := descriptors()
	code := m.Run()
	if err := wholeTable(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if err := pgtest.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	stop()
	// A connect that was given up may still be hashing, and holds its socket until then: it takes as long as the machine
	// is slow.
	begin := time.Now()
	for code == 0 && descriptors() > fds+2 {
		if time.Since(begin) > time.Minute {
			fmt.Fprintf(os.Stderr, "%d descriptors are left open: %s\n", descriptors()-fds, strings.Join(openFiles(), ", "))
			code = 1
		}
		time.Sleep(10 * time.Millisecond)
	}
	if took := time.Since(begin); took > 2*time.Second {
		fmt.Fprintf(os.Stderr, "descriptors were open for %s more\n", took)
	}
	if code == 0 {
		if err := goleak.Find(goleak.IgnoreAnyFunction("os/signal.loop")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// canary is a password that must turn up nowhere.
const canary = "kanarienvogel-7Q"

// settings are those of the server over TCP, changed by key=value pairs.
func settings(s *pgtest.Server, pairs ...string) map[string]string {
	m := map[string]string{"host": "127.0.0.1", "port": fmt.Sprint(s.Port), "dbname": "postgres", "user": localpg.Role, "sslmode": "disable"}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	return m
}

// attempt opens and closes, and gives what Open said.
func attempt(t testing.TB, m map[string]string, password string) (conn.Report, error) {
	t.Helper()
	p, err := conn.Open(context.Background(), conn.Profile{Settings: m}, secret.New(password))
	if err != nil {
		return conn.Report{}, err
	}
	defer p.Close()
	return p.Report(), nil
}

// failure is what an error has to say.
type failure struct {
	kind                 apperr.Kind
	title, hint, message string // parts of them
	code, setting        string
}

// expect holds an error against what it has to say, and against what holds for all of them.
func expect(t testing.TB, err error, want failure) *apperr.Error {
	t.Helper()
	var e *apperr.Error
	if !errors.As(err, &e) {
		t.Fatalf("no error of ours: %v", err)
	}
	if e.Kind != want.kind || e.Code != want.code || want.setting != "" && e.Fields["setting"] != want.setting {
		t.Errorf("%s %s, setting %s; want %s %s %s\n%s", e.Kind, e.Code, e.Fields["setting"], want.kind, want.code, want.setting, e)
	}
	if e.Group != want.kind.Group() {
		t.Errorf("group %s of kind %s", e.Group, e.Kind)
	}
	for what, have := range map[string][2]string{"title": {e.Title, want.title}, "hint": {e.Hint, want.hint}, "message": {e.Message, want.message}} {
		if !strings.Contains(have[0], have[1]) {
			t.Errorf("the %s is %q, want %q in it", what, have[0], have[1])
		}
	}
	for what, s := range map[string]string{"title": e.Title, "hint": e.Hint} {
		if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
			t.Errorf("the %s is no sentence: %q", what, s)
		}
		for _, raw := range []string{"dial", "tcp ", "EOF", "%!", "failed to", "x509", "tls:", "<nil>"} {
			if strings.Contains(s, raw) {
				t.Errorf("the %s has %q: %q", what, raw, s)
			}
		}
	}
	if e.Op == "" {
		t.Error("it names no operation")
	}
	quiet(t, err)
	return e
}

// quiet fails the test if an error, or anything it is made of, shows the password.
func quiet(t testing.TB, err error) {
	t.Helper()
	texts := []string{apperr.JSON(err)}
	for todo := []error{err}; len(todo) > 0; todo = todo[1:] {
		texts = append(texts, todo[0].Error(), fmt.Sprintf("%v %+v %#v", todo[0], todo[0], todo[0]))
		switch u := todo[0].(type) {
		case interface{ Unwrap() []error }:
			todo = append(todo, u.Unwrap()...)
		case interface{ Unwrap() error }:
			if next := u.Unwrap(); next != nil {
				todo = append(todo, next)
			}
		}
	}
	for _, s := range texts {
		if strings.Contains(s, canary) || strings.Contains(s, pgtest.Password()) {
			t.Errorf("the password shows: %s", s)
		}
	}
	if b, err := json.Marshal(err); err == nil && strings.Contains(string(b), canary) {
		t.Errorf("the password shows: %s", b)
	}
}

// listener answers every connection with serve, until the test ends.
func listener(t testing.TB, address string, serve func(net.Conn)) (host string, port string) {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[c] = true
			mu.Unlock()
			wg.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	host, port, _ = net.SplitHostPort(l.Addr().String())
	return host, port
}

// silent never answers.
func silent(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// relay passes everything on to the server, so that it can be reached at another address.
func relay(s *pgtest.Server) func(net.Conn) {
	return func(c net.Conn) {
		up, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", s.Port))
		if err != nil {
			return
		}
		defer up.Close()
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = io.Copy(up, c); _ = up.(*net.TCPConn).CloseWrite() })
		_, _ = io.Copy(c, up)
		c.Close()
		wg.Wait()
	}
}

// elsewhere is a name of this machine that does not look like one: nobody can tell that the wire is its own.
const elsewhere = "elsewhere.example"

// nameService answers for the names the tests use: *.example is this machine, *.test is never answered, nothing else is
// there. The machine's own service is not asked.
func nameService() (stop func(), err error) {
	l, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := l.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := resolve(buf[:n]); reply != nil {
				_, _ = l.WriteTo(reply, from)
			}
		}
	})
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", l.LocalAddr().String())
	}}
	return func() { l.Close(); wg.Wait() }, nil
}

// resolve answers one question of the domain name system.
func resolve(q []byte) []byte {
	const head = 12
	var labels []string
	at := head
	for at < len(q) && q[at] != 0 {
		next := at + 1 + int(q[at])
		if next >= len(q) {
			return nil
		}
		labels = append(labels, string(q[at+1:next]))
		at = next
	}
	if at+5 > len(q) || len(labels) == 0 {
		return nil
	}
	at += 5 // the end of the name, type and class
	reply := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[head:at]...)
	switch labels[len(labels)-1] {
	case "test":
		return nil
	case "example":
		if q[at-3] == 1 { // an address of version 4
			reply[7] = 1
			reply = append(reply, 0xc0, head, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1)
		}
	default:
		reply[3] |= 3
	}
	return reply
}

func with(m map[string]string, pairs ...string) map[string]string {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]string{}
	}
	for _, p := range pairs {
		k, v, _ := strings.Cut(p, "=")
		m[k] = v
	}
	return m
}

// soon fails the test when f takes longer.
func soon(t testing.TB, limit time.Duration, f func()) {
	t.Helper()
	begin := time.Now()
	f()
	if took := time.Since(begin); took > limit {
		t.Errorf("it took %v, not %v", took, limit)
	}
}
