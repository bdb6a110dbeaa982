package pgtest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"desktop.tusk/backend/localpg"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5"
)

// Options of a test's own server.
type Options struct {
	Major  int               // Newest when 0
	TCP    bool              // listen on 127.0.0.1 too
	TLS    *TLS              // serve TLS on it; implies TCP
	Config map[string]string // settings of postgresql.conf
}

// Server is a running PostgreSQL. Its superuser is localpg.Role; the socket asks for no password, TCP for Password.
type Server struct {
	*localpg.Cluster
	Major int
	Host  string // the socket's directory
	Port  int
	Data  string // the data directory
	Log   string // the server's log
	CA    string // the file of the certificate authority, when it serves TLS

	load    sync.Once
	loadErr error
}

var (
	password  = secret.New("pgtest, the password")
	databases atomic.Int64
)

// Password is Role's on every server, for connections over TCP.
func Password() string { return password.Reveal() }

// New starts a server of the test's own. It is stopped and removed when the test ends.
func New(t testing.TB, opts Options) *Server {
	t.Helper()
	process.mu.Lock()
	defer process.mu.Unlock()
	if err := begin(); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s := create(t, opts)
	process.own[s] = struct{}{}
	t.Cleanup(func() {
		if err := s.Cluster.Stop(); err != nil {
			t.Errorf("pgtest: %v", err)
		}
		if t.Failed() {
			t.Logf("the server's log ends:%s", tail(s.Log))
		}
		process.mu.Lock()
		defer process.mu.Unlock()
		delete(process.own, s)
		_ = os.RemoveAll(filepath.Dir(s.Data)) // Stop removes what is left
	})
	return s
}

// create makes and starts a server. The caller holds process.mu.
func create(t testing.TB, opts Options) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if opts.Major == 0 {
		opts.Major = Newest
	}
	b, err := binaries(ctx, opts.Major)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	process.count++
	dir := filepath.Join(process.root, strconv.Itoa(process.count))
	if err := os.Mkdir(dir, 0o711); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	s := &Server{
		Major: opts.Major, Host: filepath.Join(dir, "run"), Port: 5432,
		Data: filepath.Join(dir, "data"), Log: filepath.Join(dir, "log"),
	}
	if err := prepare(ctx, b, s.Data); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	config := map[string]string{
		"fsync": "off", "full_page_writes": "off", "wal_level": "minimal",
		"max_wal_senders": "0", "min_wal_size": "2MB", "shared_buffers": "16MB", "max_connections": "200",
		"timezone": "UTC", "jit": "off",
		"dynamic_shared_memory_type": "mmap", // in the data directory: what a killed server leaves goes with it
	}
	if b.Major < 11 { // both are wrong there
		delete(config, "jit")
		delete(config, "min_wal_size")
	}
	if opts.TLS != nil {
		opts.TCP = true
		s.CA = filepath.Join(dir, "ca.crt")
		if err := opts.TLS.write(s, config); err != nil {
			t.Fatalf("pgtest: %v", err)
		}
	}
	for k, v := range opts.Config {
		config[k] = v
	}
	// Another process may take the free port between our looking and the server's binding.
	for try := 1; ; try++ {
		if opts.TCP {
			s.Port = freePort(t)
		}
		s.Cluster, err = localpg.NewCluster(localpg.ClusterOptions{
			Binaries: b, Data: s.Data, Run: s.Host, Log: s.Log, Port: s.Port, TCP: opts.TCP, Password: password, Config: config,
		})
		if err == nil {
			err = s.Start(ctx)
		}
		if err == nil {
			return s
		}
		if !opts.TCP || try == 3 {
			t.Fatalf("pgtest: %v%s", err, tail(s.Log))
		}
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// URL connects to the database over the socket.
func (s *Server) URL(database string) string {
	return (&url.URL{
		Scheme: "postgresql", User: url.User(localpg.Role), Path: "/" + database,
		RawQuery: url.Values{"host": {s.Host}, "port": {strconv.Itoa(s.Port)}}.Encode(),
	}).String()
}

// TCPURL connects to the database over TCP, with the password. params are key=value pairs such as sslmode=require.
func (s *Server) TCPURL(database string, params ...string) string {
	query := url.Values{}
	for _, p := range params {
		k, v, _ := strings.Cut(p, "=")
		query.Set(k, v)
	}
	return (&url.URL{
		Scheme: "postgresql", User: url.UserPassword(localpg.Role, password.Reveal()),
		Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.Port)), Path: "/" + database, RawQuery: query.Encode(),
	}).String()
}

// DB makes a fresh, empty database for the test and gives its URL over the socket.
func (s *Server) DB(t testing.TB) string {
	t.Helper()
	return s.URL(s.Database(t, "template1"))
}

// Database makes a database for the test as a copy of the template and gives its name. It goes when the test ends.
func (s *Server) Database(t testing.TB, template string) string {
	t.Helper()
	name := fmt.Sprintf("t%d", databases.Add(1))
	s.Exec(t, "postgres", "create database "+name+" template "+template)
	t.Cleanup(func() {
		if s.PID() != 0 && s.Major >= 13 { // FORCE came with 13; on older ones it goes with the server
			s.Exec(t, "postgres", "drop database if exists "+name+" with (force)")
		}
	})
	return name
}

// Connect opens a connection for the test and closes it when the test ends.
func Connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	con, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		_ = con.Close(ctx) // the test may have cut it
	})
	return con
}

// Exec runs SQL as the superuser over a connection of its own.
func (s *Server) Exec(t testing.TB, database, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	con, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		t.Fatalf("pgtest: %v%s", err, tail(s.Log))
	}
	defer func() { _ = con.Close(ctx) }()
	if _, err := con.PgConn().Exec(ctx, sql).ReadAll(); err != nil {
		t.Fatalf("pgtest: %s: %v", sql, err)
	}
}
