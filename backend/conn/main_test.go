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
	code := pgtest.Main(m)
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

// elsewhere is an address of this machine that does not look like one of this machine.
func elsewhere(t testing.TB) string {
	t.Helper()
	list, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && !n.IP.IsLoopback() {
			return n.IP.String()
		}
	}
	t.Skip("this machine has no address but loopback")
	return ""
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
