package conn_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5"
)

// rules lets each role in, or not, by a way of its own.
var rules = []string{
	"local all tusk trust",
	"local all peer_user peer",
	"host all ident_user all ident",
	"host all md5_user all md5",
	"host all clear_user all password",
	"host all rejected all reject",
	"host all tusk,plain,no_password,too_late all scram-sha-256",
	"host all directory_user all radius radiusservers=127.0.0.1 radiusports=9 radiussecrets=none",
	"host all nobody_there,no_login,counted all trust",
}

const roles = `set password_encryption = md5;
create role md5_user login password 'md5 ` + canary + `';
set password_encryption = 'scram-sha-256';
create role plain login password '` + canary + `';
create role clear_user login password '` + canary + `';
create role no_password login; create role too_late login password '` + canary + `' valid until '2001-01-01'; create role directory_user login;
create role peer_user login; create role ident_user login; create role rejected login;
create role no_login; create role counted login connection limit 1;
create database locked; revoke connect on database locked from public;
create database closed allow_connections false;`

func TestSC004_Refusals(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true, Config: map[string]string{"max_connections": "20"}})
	for _, sql := range strings.Split(roles, ";") {
		s.Exec(t, "postgres", sql)
	}
	t.Cleanup(func() { leftBehind(t, s) })
	s.HBA(t, rules...)
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row, name, password string
		m                   map[string]string
		want                failure
	}{
		{"A6", "wrong password, scram", canary, settings(s), failure{apperr.AuthFailed, "refused the password for tusk.", "Type the password again", "", "28P01", "password"}},
		{"A6", "wrong password, md5", canary, settings(s, "user=md5_user"), failure{apperr.AuthFailed, "refused the password for md5_user.", "", "", "28P01", "password"}},
		{"A7", "no password, scram", "", settings(s), failure{apperr.AuthFailed, "none was given", "Type the password.", "", "28P01", "password"}},
		{"A7", "no password, md5", "", settings(s, "user=md5_user"), failure{apperr.AuthFailed, "none was given", "", "", "28P01", "password"}},
		{"A8", "a role without a password", canary, settings(s, "user=no_password"), failure{apperr.AuthFailed, "no_password", "expired", "", "28P01", "password"}},
		{"A8", "an expired password", canary, settings(s, "user=too_late"), failure{apperr.AuthFailed, "too_late", "without a password, or with an expired one", "", "28P01", "password"}},
		{"A9", "no such role", "", settings(s, "user=nobody_there"), failure{apperr.RoleMissing, "There is no role nobody_there", "", "", "28000", "user"}},
		{"A10", "no login", "", settings(s, "user=no_login"), failure{apperr.AuthRule, "no_login may not log in", "LOGIN", "", "28000", "user"}},
		{"A11", "rejected", canary, settings(s, "user=rejected"), failure{apperr.AuthRule, "rejected into postgres", "", "pg_hba.conf", "28000", "sslmode"}},
		{"A11", "no line in pg_hba.conf", canary, settings(s, "user=stranger"), failure{apperr.AuthRule, "stranger into postgres from here without encryption", "TLS mode require", "no pg_hba.conf entry", "28000", "sslmode"}},
		{"A13", "peer", "", map[string]string{"host": s.Host, "port": fmt.Sprint(s.Port), "user": "peer_user", "dbname": "postgres"},
			failure{apperr.AuthMethod, "You are " + me.Username, "over TCP with a password: host localhost", "Peer", "28000", "user"}},
		{"A14", "ident", "", settings(s, "user=ident_user"), failure{apperr.AuthMethod, "asked another service", "", "Ident", "28000", ""}},
		{"A15", "a directory that is down", canary, settings(s, "user=directory_user"), failure{apperr.AuthMethod, "asked another service", "not Tusk", "RADIUS", "28000", ""}},
		{"A19", "no such database", pgtest.Password(), settings(s, "dbname=nowhere"), failure{apperr.DBMissing, "no database nowhere", "Connecting to the database postgres shows which ones there are", "", "3D000", "dbname"}},
		{"A20", "no CONNECT", canary, settings(s, "user=plain", "dbname=locked"), failure{apperr.Permission, "plain may not connect to the database locked", "grant connect on database locked to plain", "", "42501", "dbname"}},
		{"A21", "closed database", pgtest.Password(), settings(s, "dbname=closed"), failure{apperr.DBMissing, "closed accepts no connections", "", "", "55000", "dbname"}},
		{"A25", "unknown option", pgtest.Password(), settings(s, "options=-c nosuch=1"), failure{apperr.Config, "refused a setting", "Server options", "nosuch", "42704", "options"}},
		{"A25", "bad option", pgtest.Password(), settings(s, "options=-c work_mem=tiny"), failure{apperr.Config, "refused a setting", "", "work_mem", "22023", "options"}},
		{"A25", "no such encoding", pgtest.Password(), settings(s, "options=-c client_encoding=BOGUS"), failure{apperr.Config, "refused a setting", "", "client_encoding", "22023", "options"}},
		{"A25", "bad switch", pgtest.Password(), settings(s, "options=--nosuch"), failure{apperr.Config, "refused a", "", "", "42601", "options"}},
		{"A17", "clear text, when only scram is wanted", canary, settings(s, "user=clear_user", "require_auth=scram-sha-256"),
			failure{apperr.AuthMethod, "clear text", "verify-full", "", "", "require_auth"}},
		{"B1", "no TLS", pgtest.Password(), settings(s, "sslmode=require"), failure{apperr.TLSRefused, "does not offer encryption", "prefer", "", "", "sslmode"}},
		{"B1", "no TLS to verify", pgtest.Password(), settings(s, "sslmode=verify-full"), failure{apperr.TLSRefused, "", "", "", "", "sslmode"}},
		{"A18", "no channel", pgtest.Password(), settings(s, "channel_binding=require"), failure{apperr.AuthMethod, "", "", "", "", ""}},
		{"A24", "read-only asked of a primary", pgtest.Password(), settings(s, "target_session_attrs=standby"), failure{apperr.ReadOnly, "No host is of the kind", "Advanced", "", "", "target_session_attrs"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := attempt(t, c.m, c.password)
			fault(t, c.row, err, c.want)
			if d := diagnose(t, c.m, c.password); d.Error == nil || d.Error.Kind != c.want.kind {
				t.Errorf("the doctor says %v", d.Error)
			}
		})
	}
	t.Run("connection limit of a role", func(t *testing.T) {
		t.Parallel()
		url := fmt.Sprintf("postgres://counted@127.0.0.1:%d/postgres?sslmode=disable", s.Port)
		pgtest.Connect(t, url)
		_, err := attempt(t, settings(s, "user=counted"), "")
		fault(t, "A22", err, failure{apperr.TooMany, "no connection left", "", "counted", "53300", ""})
	})
	t.Run("clear text here", func(t *testing.T) { // nobody listens on this machine's own wire
		t.Parallel()
		for _, m := range []map[string]string{settings(s, "user=clear_user"), settings(s, "user=clear_user", "require_auth=password")} {
			if _, err := attempt(t, m, canary); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("clear text elsewhere", func(t *testing.T) {
		t.Parallel()
		_, port := listener(t, "127.0.0.1:0", relay(s))
		m := settings(s, "user=clear_user", "host="+elsewhere, "port="+port)
		for _, mode := range []string{"disable", "prefer", "allow"} {
			_, err := attempt(t, with(m, "sslmode="+mode), canary)
			fault(t, "A17", err, failure{apperr.AuthMethod, "Nothing was sent", "Ways to sign in", "", "", "require_auth"})
		}
		r, err := attempt(t, with(m, "require_auth=password"), canary)
		if err != nil {
			t.Fatal(err)
		}
		if r.TLS != "none" {
			t.Errorf("a password in clear text over the network is %q", r.TLS)
		}
	})
	t.Run("prefer without TLS", func(t *testing.T) {
		t.Parallel()
		r, err := attempt(t, settings(s, "sslmode=prefer"), pgtest.Password())
		if err != nil || r.TLS != "local" || r.TLSVersion != "" {
			t.Errorf("%+v, %v", r, err)
		}
		_, port := listener(t, "127.0.0.1:0", relay(s))
		r, err = attempt(t, settings(s, "host="+elsewhere, "port="+port, "sslmode=prefer"), pgtest.Password())
		if err != nil || r.TLS != "none" {
			t.Errorf("from elsewhere: %+v, %v", r, err)
		}
		// Without a mode a server elsewhere has to prove its name.
		_, err = attempt(t, settings(s, "host="+elsewhere, "port="+port, "sslmode="), pgtest.Password())
		fault(t, "B1", err, failure{kind: apperr.TLSRefused, setting: "sslmode"})
	})
}

func TestUnreached(t *testing.T) {
	t.Parallel()
	free := func() string { // a port nobody listens on
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
	}()
	dir := t.TempDir()
	stale := filepath.Join(dir, ".s.PGSQL.5433")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, c := range []struct {
		row, name string
		m         map[string]string
		want      failure
	}{
		{"A1", "unknown host", map[string]string{"host": "no-such-host.invalid", "connect_timeout": "5"}, failure{kind: apperr.DNS, title: "no-such-host.invalid is not known", hint: "spelling", setting: "host"}},
		{"A2", "refused port", map[string]string{"host": "127.0.0.1", "port": free}, failure{kind: apperr.Refused, title: "port " + free + " of 127.0.0.1", hint: "listen_addresses", setting: "port"}},
		{"A2", "refused, TLS demanded", map[string]string{"host": "127.0.0.1", "port": free, "sslmode": "verify-full"}, failure{kind: apperr.Refused, title: free, setting: "port"}},
		{"A3", "no socket", map[string]string{"host": dir}, failure{kind: apperr.Refused, title: dir + "/.s.PGSQL.5432", hint: "directory", setting: "host"}},
		{"A3", "no directory", map[string]string{"host": dir + "/no"}, failure{kind: apperr.Refused, title: dir + "/no/.s.PGSQL.5432", setting: "host"}},
		{"A3", "a socket left behind", map[string]string{"host": dir, "port": "5433"}, failure{kind: apperr.Refused, title: stale, setting: "host"}},
		{"A2", "the second is nearer", map[string]string{"host": "no-such-host.invalid,127.0.0.1", "port": "5432," + free}, failure{kind: apperr.Refused, title: "port " + free + " of 127.0.0.1", setting: "port"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := attempt(t, c.m, canary)
			e := fault(t, c.row, err, c.want)
			if strings.Contains(c.m["host"], ",") && !strings.Contains(e.Detail, "no-such-host.invalid") {
				t.Errorf("the detail leaves the other host out: %q", e.Detail)
			}
		})
	}
}

func TestSilentHost(t *testing.T) {
	t.Parallel()
	_, port := listener(t, "127.0.0.1:0", silent)
	for _, mode := range []string{"disable", "prefer"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			m := map[string]string{"host": "127.0.0.1", "port": port, "connect_timeout": "2", "sslmode": mode}
			soon(t, 2500*time.Millisecond, func() {
				_, err := attempt(t, m, canary)
				e := fault(t, "C1", err, failure{kind: apperr.Timeout, title: "No answer from 127.0.0.1:" + port + " after 2.", hint: "firewall"})
				if !strings.HasPrefix(e.Fields["limit"], "2 s") || !e.Retryable {
					t.Errorf("the limit is %q, retryable %v", e.Fields["limit"], e.Retryable)
				}
			})
		})
	}
	t.Run("stopped", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(context.Background())
		reached := make(chan struct{}, 2)
		_, port := listener(t, "127.0.0.1:0", func(c net.Conn) { reached <- struct{}{}; silent(c) })
		done := make(chan error, 1)
		go func() {
			_, err := conn.Open(ctx, conn.Profile{Settings: map[string]string{"host": "127.0.0.1", "port": port}}, secret.New(canary))
			done <- err
		}()
		<-reached
		soon(t, 100*time.Millisecond, func() {
			cancel()
			fault(t, "C1", <-done, failure{kind: apperr.Cancelled, title: "stopped"})
		})
	})
	t.Run("a byte a moment", func(t *testing.T) { // each read is short, the whole is not
		t.Parallel()
		_, port := listener(t, "127.0.0.1:0", func(c net.Conn) {
			tick := time.NewTicker(500 * time.Millisecond)
			defer tick.Stop()
			for _, b := range append([]byte{'S', 0, 0, 0xff, 0xff}, make([]byte, 1000)...) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				<-tick.C
			}
		})
		soon(t, 2500*time.Millisecond, func() {
			_, err := attempt(t, map[string]string{"host": "127.0.0.1", "port": port, "sslmode": "disable", "connect_timeout": "2"}, canary)
			fault(t, "C6", err, failure{kind: apperr.Timeout})
		})
	})
}

// TestFault_A4 connects to an address that swallows what it is sent: a full queue of connections that nobody accepts.
func TestFault_A4(t *testing.T) {
	t.Parallel()
	port := blackHole(t)
	m := map[string]string{"host": "127.0.0.1", "port": port, "sslmode": "disable", "connect_timeout": "2"}
	begin := time.Now()
	_, err := attempt(t, m, canary)
	fault(t, "A4", err, failure{kind: apperr.Timeout, title: "No answer from 127.0.0.1:" + port + " after 2.", hint: "firewall"})
	if took := time.Since(begin); took < 2*time.Second || took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
	if d := diagnose(t, m, canary); failing(d).Name != "tcp" || d.Error.Kind != apperr.Timeout {
		t.Errorf("the doctor says %v at %s", d.Error, failing(d).Name)
	}
	if conn.DefaultTimeout != 15*time.Second {
		t.Errorf("the limit is %v by default", conn.DefaultTimeout)
	}
	stopped(t, "A4", with(m, "connect_timeout="))
}

// TestFault_A5 asks for a name that the name service says nothing about.
func TestFault_A5(t *testing.T) {
	t.Parallel()
	m := map[string]string{"host": "slow.test", "connect_timeout": "2"}
	_, err := attempt(t, m, canary)
	fault(t, "A5", err, failure{kind: apperr.Timeout, title: "slow.test"})
	if d := diagnose(t, m, canary); failing(d).Name != "dns" || d.Error.Kind != apperr.Timeout {
		t.Errorf("the doctor says %v at %s", d.Error, failing(d).Name)
	}
	stopped(t, "A5", with(m, "connect_timeout="))
}

// stopped stops a connect that is under way; it must end long before its time is up.
func stopped(t testing.TB, row string, m map[string]string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, stop)
	begin := time.Now()
	_, err := conn.Open(ctx, conn.Profile{Settings: m}, secret.New(canary))
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("%s: it took %v to stop", row, took)
	}
	expect(t, err, failure{kind: apperr.Cancelled, title: "stopped"})
}

// blackHole is a port where connecting is neither accepted nor refused.
func blackHole(t testing.TB) (port string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	if err := errors.Join(syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}), syscall.Listen(fd, 0)); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	port = fmt.Sprint(name.(*syscall.SockaddrInet4).Port)
	for range 16 {
		c, err := net.DialTimeout("tcp", "127.0.0.1:"+port, 300*time.Millisecond)
		if err != nil {
			return port // the queue is full
		}
		t.Cleanup(func() { _ = c.Close() })
	}
	t.Fatal("the queue of connections does not fill")
	return ""
}

// TestNotPostgres meets servers of other protocols, which speak first or answer to what they do not understand.
func TestNotPostgres(t *testing.T) {
	t.Parallel()
	says := func(text string, waits bool) func(net.Conn) {
		return func(c net.Conn) {
			if waits {
				_, _ = c.Read(make([]byte, 1))
			}
			_, _ = c.Write([]byte(text))
			silent(c)
		}
	}
	reset := func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1))
		_ = c.(*net.TCPConn).SetLinger(0)
	}
	for _, c := range []struct {
		row, name string
		serve     func(net.Conn)
		want      failure
	}{
		{"C3", "HTTP", says("HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n<html>", true), failure{kind: apperr.NotPostgres, title: "a web server (HTTP)", hint: "5432", setting: "port"}},
		{"C3", "SSH", says("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", false), failure{kind: apperr.NotPostgres, title: "an SSH server", setting: "port"}},
		{"C3", "MySQL", says("J\x00\x00\x00\n8.0.36\x00\x08\x00\x00\x00abcdefgh", false), failure{kind: apperr.NotPostgres, title: "MySQL or MariaDB", setting: "port"}},
		{"C3", "MySQL with a greeting of 83 bytes", says("S\x00\x00\x00\n8.0.36\x00\x08\x00\x00\x00abcdefgh", false), failure{kind: apperr.NotPostgres, title: "MySQL or MariaDB", setting: "port"}},
		{"C3", "Redis", says("-ERR unknown command\r\n", true), failure{kind: apperr.NotPostgres, title: "Redis", setting: "port"}},
		{"C3", "mail", says("220 mx.example ESMTP\r\n", false), failure{kind: apperr.NotPostgres, title: "a mail or FTP server", setting: "port"}},
		{"C4", "random bytes", says("\x8f\x02\xd1\x77\x00\xfe\x13\x37\xde\xad\xbe\xef\x01\x02\x03\x04", true), failure{kind: apperr.NotPostgres, title: "does not speak its protocol", setting: "port"}},
		{"C2", "accepts and closes", func(net.Conn) {}, failure{kind: apperr.Lost, title: "closed the connection before it spoke PostgreSQL", hint: "port"}},
		{"C2", "resets", reset, failure{kind: apperr.Lost, title: "closed the connection before it spoke PostgreSQL"}},
		{"C5", "a length below zero", says("R\xff\xff\xff\xff\x00\x00\x00\x00", true), failure{kind: apperr.NotPostgres, setting: "port"}},
		{"C5", "a length of three", says("R\x00\x00\x00\x03\x00\x00\x00\x00", true), failure{kind: apperr.Protocol}},
	} {
		for _, mode := range []string{"disable", "prefer", "require"} {
			if c.want.kind == apperr.Protocol && mode != "disable" {
				continue // with TLS it is no answer to the question for it
			}
			t.Run(c.name+" "+mode, func(t *testing.T) {
				t.Parallel()
				_, port := listener(t, "127.0.0.1:0", c.serve)
				soon(t, 3*time.Second, func() {
					_, err := attempt(t, map[string]string{"host": "127.0.0.1", "port": port, "connect_timeout": "2", "sslmode": mode}, canary)
					fault(t, c.row, err, c.want)
				})
				soon(t, 3*time.Second, func() {
					d := diagnose(t, map[string]string{"host": "127.0.0.1", "port": port, "connect_timeout": "2", "sslmode": mode}, canary)
					if d.Error == nil || d.Error.Kind != c.want.kind {
						t.Errorf("the doctor says %v", d.Error)
					}
				})
			})
		}
	}
}

// TestFullServer fills a server, for a superuser and for others.
func TestFullServer(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true, Config: map[string]string{"max_connections": "4", "superuser_reserved_connections": "2", "autovacuum": "off"}})
	s.Exec(t, "postgres", "create role plain login password '"+canary+"'")
	hold := func(n int) {
		for range n {
			pgtest.Connect(t, s.URL("postgres"))
		}
	}
	old := open(t, s.URL("postgres"))
	held := connect(t, old, "a tab")
	hold(1)
	_, err := attempt(t, settings(s, "user=plain"), canary)
	fault(t, "A22", err, failure{apperr.TooMany, "no connection left", "Close connections", "reserved", "53300", ""})
	// The fixture's own connection takes a moment to go.
	for deadline := time.Now().Add(10 * time.Second); ; {
		c, err := pgx.Connect(context.Background(), s.URL("postgres"))
		if err != nil {
			break
		}
		t.Cleanup(func() { _ = c.Close(context.Background()) })
		if time.Now().After(deadline) {
			t.Fatal("the server does not fill up")
		}
	}
	_, err = attempt(t, settings(s), pgtest.Password())
	fault(t, "A22", err, failure{apperr.TooMany, "no connection left", "", "too many", "53300", ""})
	if err := held.Exec(context.Background(), "select 1").Close(); err != nil {
		t.Errorf("a tab that was there is touched: %v", err)
	}
}

// TestStartingAndStopping asks a server for entry that waits for an archive for ever, and one that waits for its last
// client to leave.
func TestStartingAndStopping(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true, Config: map[string]string{"wal_level": "replica", "hot_standby": "off", "restore_command": "sleep 600"}})
	last := pgtest.Connect(t, s.URL("postgres"))
	gone := s.Ended()
	if err := s.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until := func(kind apperr.Kind, code, title string) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); ; {
			r, err := attempt(t, settings(s), pgtest.Password())
			if apperr.KindOf(err) == kind {
				if e := fault(t, "A23", err, failure{kind: kind, code: code, title: title}); !e.Retryable {
					t.Error("it may be tried again")
				}
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("%+v, %v", r, err)
			}
		}
	}
	until(apperr.Shutdown, "57P03", "shutting down")
	_ = last.Close(context.Background())
	<-gone

	if err := os.WriteFile(filepath.Join(s.Data, "recovery.signal"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	started := make(chan error, 1)
	go func() { started <- s.Start(ctx) }()
	until(apperr.Starting, "57P03", "starting")
	cancel()
	if err := <-started; err == nil {
		t.Error("it was not to come up")
	}
}

func TestSeveralHosts(t *testing.T) {
	t.Parallel()
	writes := pgtest.New(t, pgtest.Options{TCP: true})
	reads := pgtest.New(t, pgtest.Options{TCP: true, Config: map[string]string{"default_transaction_read_only": "on"}})
	_, dead := listener(t, "127.0.0.1:0", silent)
	both := func(pairs ...string) map[string]string {
		return settings(writes, append([]string{"host=127.0.0.1,127.0.0.1", fmt.Sprintf("port=%d,%d", reads.Port, writes.Port)}, pairs...)...)
	}
	for attrs, want := range map[string]int{"": reads.Port, "read-write": writes.Port, "read-only": reads.Port, "primary": reads.Port, "prefer-standby": 0} {
		t.Run("attrs "+attrs, func(t *testing.T) {
			t.Parallel()
			r, err := attempt(t, both("target_session_attrs="+attrs), pgtest.Password())
			if err != nil || r.Port != want && want != 0 || r.Standby {
				t.Errorf("%+v, %v; want port %d", r, err, want)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		_, err := attempt(t, both("target_session_attrs=standby"), pgtest.Password())
		e := fault(t, "A24", err, failure{kind: apperr.ReadOnly, title: "No host is of the kind", setting: "target_session_attrs"})
		if strings.Count(e.Detail, "\n") != 1 {
			t.Errorf("the detail does not tell of both: %q", e.Detail)
		}
	})
	for _, mode := range []string{"disable", "prefer"} {
		t.Run("a dead one first, "+mode, func(t *testing.T) {
			t.Parallel()
			soon(t, 3500*time.Millisecond, func() {
				r, err := attempt(t, settings(writes, "host=127.0.0.1,127.0.0.1", fmt.Sprintf("port=%s,%d", dead, writes.Port), "connect_timeout=4", "sslmode="+mode), pgtest.Password())
				if err != nil || r.Port != writes.Port {
					t.Errorf("%+v, %v", r, err)
				}
			})
		})
	}
	t.Run("IPv6", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "[::1]:0")
		if err != nil { // a machine without it says so
			_, err := attempt(t, settings(writes, "host=::1", "sslmode=disable"), pgtest.Password())
			expect(t, err, failure{kind: apperr.Unreachable, title: "::1", setting: "host"})
			return
		}
		l.Close()
		_, port := listener(t, "[::1]:0", relay(writes))
		for _, host := range []string{"::1", "[::1]"} {
			r, err := attempt(t, settings(writes, "host="+host, "port="+port, "sslmode="), pgtest.Password())
			if err != nil || r.Host != "::1" || r.TLS != "local" {
				t.Errorf("%s: %+v, %v", host, r, err)
			}
		}
	})
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		r, err := attempt(t, map[string]string{"host": writes.Host, "port": fmt.Sprint(writes.Port), "user": "tusk", "dbname": "postgres"}, "")
		if err != nil || r.TLS != "local" || r.User != "tusk" || r.Database != "postgres" || !strings.HasPrefix(r.ServerVersion, "18") || r.Pooler {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// A connection that goes through SSH is not made directly: that would lead to another server.
func TestSSHIsNotLeftOut(t *testing.T) {
	t.Parallel()
	p := conn.Profile{Settings: map[string]string{"host": "db.internal", "port": "6432", "ssh_host": "bastion", "ssh_user": "ada", "ssh_port": "2222", "ssh_key": "main_test.go", "ssh_jump": "gate"}}
	_, err := conn.Open(t.Context(), p, secret.New("s3cret"))
	e := apperr.From(err)
	const command = "ssh -N -L 15432:db.internal:6432 -J gate -i main_test.go -p 2222 ada@bastion"
	if e.Kind != apperr.Config || e.Fields["setting"] != "ssh_host" || !strings.Contains(e.Hint, command) {
		t.Errorf("%+v", e)
	}
	d, err := conn.Diagnose(t.Context(), p, secret.New("s3cret"))
	if err != nil || d.Error == nil || d.Error.Hint != e.Hint {
		t.Errorf("%+v, %v", d, err)
	}
}

// What is proposed to be typed into a shell runs ssh and nothing else, whatever a pasted URL says.
func TestTunnelCommandIsOneCommand(t *testing.T) {
	t.Parallel()
	parsed, err := conn.Parse("postgresql+ssh://a%20b@$(touch%20x)/db;reboot/d")
	if err != nil {
		t.Fatal(err)
	}
	_, err = conn.Open(t.Context(), parsed.Profile, secret.New(""))
	const command = `with ssh -N -L '15432:db;reboot:5432' 'a b@$(touch x)', and`
	if e := apperr.From(err); !strings.Contains(e.Hint, command) {
		t.Errorf("%s", e.Hint)
	}
}
