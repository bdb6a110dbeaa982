package conn

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgpassfile"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DefaultTimeout is for the whole of connecting, every stage under it.
const DefaultTimeout = 15 * time.Second

// ReadOnlySetting is what the server goes by when it refuses writes.
const ReadOnlySetting = "default_transaction_read_only"

const (
	// maxGreeting is the longest message, in bytes, that is taken from a server that has not yet let us in; afterwards
	// it is what PostgreSQL can build.
	maxGreeting = 2 << 20
	maxMessage  = 1 << 30

	defaultPort  = "5432"
	defaultLimit = 20
	minTimeout   = 2 * time.Second
)

// Configurations that only pgx can make, and that know nothing of the environment: the PG* variables are away while
// they are made, which is before main runs and so alone.
var base, basePool = func() (*pgconn.Config, *pgxpool.Config) {
	saved := map[string]string{}
	for _, kv := range os.Environ() {
		if k, v, _ := strings.Cut(kv, "="); strings.HasPrefix(k, "PG") {
			saved[k] = v
			_ = os.Unsetenv(k)
		}
	}
	p, err := pgxpool.ParseConfig("host=localhost port=5432 user=nobody password=none dbname=none sslmode=disable passfile='' sslrootcert=''")
	for k, v := range saved {
		_ = os.Setenv(k, v)
	}
	if err != nil {
		panic("conn: pgx refuses its own defaults: " + err.Error())
	}
	return &p.ConnConfig.Config, p
}()

// target is one host of a profile.
type target struct {
	host string
	port uint16
}

func (t target) local() bool {
	if strings.HasPrefix(t.host, "/") || strings.HasPrefix(t.host, "@") || t.host == "localhost" {
		return true
	}
	ip := net.ParseIP(t.host)
	return ip != nil && ip.IsLoopback()
}

func (t target) socket() bool { return filepath.IsAbs(t.host) || strings.HasPrefix(t.host, "@") }

// String names the target as a person would.
func (t target) String() string {
	if t.socket() {
		return fmt.Sprintf("%s/.s.PGSQL.%d", t.host, t.port)
	}
	return net.JoinHostPort(t.host, strconv.Itoa(int(t.port)))
}

// targets reads host and port, which may be lists.
func targets(settings map[string]string) ([]target, error) {
	hosts := strings.Split(or(settings["host"], "localhost"), ",")
	ports := strings.Split(or(settings["port"], defaultPort), ",")
	if len(ports) > 1 && len(ports) != len(hosts) {
		return nil, settingError("port", fmt.Sprintf("There are %d ports for %s.", len(ports), apperr.Plural(len(hosts), "host")), "Give one port for all hosts, or one for each.")
	}
	var list []target
	for i, h := range hosts {
		text := ports[0]
		if len(ports) > 1 {
			text = ports[i]
		}
		text = or(strings.TrimSpace(text), defaultPort)
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil || n == 0 {
			return nil, settingError("port", "A port is a number from 1 to 65535.", "PostgreSQL's own is 5432.")
		}
		host := or(strings.TrimSpace(h), "localhost")
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
		list = append(list, target{host, uint16(n)})
	}
	return list, nil
}

// spec is a profile made ready: what every connection of it is built from.
type spec struct {
	config  *pgconn.Config
	targets []target
	timeout time.Duration
	limit   int
	// verified tells whether the settings ask for a verified server.
	verified bool
	// readOnly has the server refuse writes, startup is run in each new session.
	readOnly bool
	startup  string
	// supplied says that a password was given.
	supplied bool
}

// tunnelPort is the one proposed for this end of a tunnel.
const tunnelPort = "15432"

// tunnelCommand is the ssh that makes the tunnel a profile asks for, to be typed into a shell.
func tunnelCommand(s map[string]string, t target) string {
	words := []string{"ssh", "-N", "-L", tunnelPort + ":" + t.String()}
	for _, o := range []struct{ flag, key string }{{"-J", "ssh_jump"}, {"-i", "ssh_key"}, {"-p", "ssh_port"}} {
		if s[o.key] != "" {
			words = append(words, o.flag, s[o.key])
		}
	}
	words = append(words, sshPlace(s))
	for i, w := range words {
		if strings.ContainsFunc(w, func(r rune) bool { return r < '-' || r > 'z' || strings.ContainsRune(";<=>?[\\]^`", r) }) {
			words[i] = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
	}
	return strings.Join(words, " ")
}

// sshPlace names the SSH host and who goes there.
func sshPlace(s map[string]string) string {
	if s["ssh_user"] != "" {
		return s["ssh_user"] + "@" + s["ssh_host"]
	}
	return s["ssh_host"]
}

// build makes the one configuration all connections of a profile share.
func build(p Profile, password secret.Secret) (*spec, error) {
	s := p.Settings
	if err := check(s); err != nil {
		return nil, err
	}
	list, err := targets(s)
	if err != nil {
		return nil, err
	}
	if s["ssh_host"] != "" { // going there directly would reach another server, or show the password to one
		return nil, settingError("ssh_host", "This connection goes through SSH, and Tusk makes no tunnels yet.",
			fmt.Sprintf("Open one yourself with %s, and connect to localhost, port %s.", tunnelCommand(s, list[0]), tunnelPort))
	}
	c := base.Copy()
	sp := &spec{config: c, targets: list, timeout: DefaultTimeout, limit: defaultLimit}
	c.User = s["user"]
	if c.User == "" {
		if u, err := user.Current(); err == nil {
			c.User = u.Username
		}
	}
	c.Database = or(s["dbname"], c.User)
	c.Password = password.Reveal()
	if c.Password == "" && s["passfile"] != "" {
		if c.Password, err = fromPassfile(s["passfile"], list[0], c.Database, c.User); err != nil {
			return nil, err
		}
	}
	sp.supplied = c.Password != ""
	if v := s["connect_timeout"]; v != "" {
		n, _ := strconv.Atoi(v) // checked
		if sp.timeout = max(time.Duration(n)*time.Second, minTimeout); n == 0 {
			sp.timeout = DefaultTimeout
		}
	}
	if v := s["max_connections"]; v != "" {
		n, _ := strconv.Atoi(v) // checked
		sp.limit = max(n, 1)
	}
	c.RuntimeParams = map[string]string{"application_name": or(s["application_name"], "Tusk"), "client_encoding": "UTF8"}
	for _, k := range []string{"options", "search_path"} {
		if s[k] != "" {
			c.RuntimeParams[k] = s[k]
		}
	}
	sp.startup = strings.TrimSpace(s["startup_sql"])
	if sp.readOnly = s["read_only"] == "1"; sp.readOnly {
		c.RuntimeParams[ReadOnlySetting] = "on"
	}
	c.ChannelBinding = or(s["channel_binding"], "prefer")
	c.KerberosSrvName = s["krbsrvname"]
	c.SSLNegotiation = or(s["sslnegotiation"], "postgres")
	if err := setTLS(sp, s); err != nil {
		return nil, err
	}
	c.RequireAuth = s["require_auth"]
	if c.RequireAuth == "" && !sp.verified && !allLocal(list) {
		// A server may ask for the password in clear text; only one that proved its name gets it so.
		c.RequireAuth = "!password"
	}
	if len(list) > 1 {
		// A host that swallows packets must leave time for the others.
		c.ConnectTimeout = max(sp.timeout/time.Duration(len(list)), minTimeout)
	}
	c.MaxProtocolMessageBodyLen = maxGreeting
	c.DialFunc = dialer().DialContext
	c.LookupFunc = lookup
	switch s["target_session_attrs"] {
	case "read-write":
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadWrite
	case "read-only":
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsReadOnly
	case "primary":
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary
	case "standby":
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsStandby
	case "prefer-standby":
		c.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPreferStandby
	}
	fatal := c.OnPgError
	c.OnPgError = func(conn *pgconn.PgConn, e *pgconn.PgError) bool {
		// The default compares a word the server may have translated.
		return fatal(conn, e) && e.SeverityUnlocalized != "FATAL" && e.SeverityUnlocalized != "PANIC"
	}
	return sp, nil
}

func allLocal(list []target) bool {
	for _, t := range list {
		if !t.local() {
			return false
		}
	}
	return true
}

// lookup resolves names, and leaves addresses as they are.
func lookup(ctx context.Context, host string) ([]string, error) {
	if net.ParseIP(host) != nil {
		return []string{host}, nil
	}
	return net.DefaultResolver.LookupHost(ctx, host)
}

// dialer notices a dead peer: an idle connection within 25 s by keepalive, and one with unacknowledged data within 20 s
// where the system can (field-notes §5.5 has the measurements).
func dialer() *net.Dialer {
	return &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 10 * time.Second, Interval: 5 * time.Second, Count: 3},
		Control:         setUserTimeout,
	}
}

// fromPassfile looks the password up as libpq does: by the host's name, with localhost for sockets.
func fromPassfile(path string, t target, database, role string) (string, error) {
	fi, err := os.Stat(path)
	if err != nil {
		return "", settingError("passfile", "The password file "+path+" cannot be read.", "Choose another file, or leave it empty.")
	}
	if !private(fi) {
		return "", settingError("passfile", "The password file "+path+" can be read by others.", "Take their permission away, as chmod 600 does.")
	}
	f, err := pgpassfile.ReadPassfile(path)
	if err != nil {
		return "", settingError("passfile", "The password file "+path+" cannot be read.", "Its lines are host:port:database:role:password.")
	}
	host := t.host
	if t.socket() {
		host = "localhost"
	}
	return f.FindPassword(host, strconv.Itoa(int(t.port)), database, role), nil
}

// dial connects, and returns when ctx ends whatever the connecting is busy with: a name service that does not answer,
// or a hostile server's million rounds of hashing, cannot be interrupted.
func dial(ctx context.Context, c *pgconn.Config) (*pgconn.PgConn, error) {
	type outcome struct {
		conn *pgconn.PgConn
		err  error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if recover() != nil {
				o = outcome{nil, errPanic}
			}
			done <- o
		}()
		if o.conn, o.err = pgconn.ConnectConfig(ctx, c); o.err == nil {
			o.conn.Frontend().SetMaxBodyLen(maxMessage)
		}
	}()
	select {
	case o := <-done:
		return o.conn, o.err
	case <-ctx.Done():
	}
	// The deadline also ends most of connecting by itself, with an error that says where it was.
	select {
	case o := <-done:
		if o.err == nil {
			return o.conn, nil
		}
		return nil, errors.Join(o.err, ctx.Err())
	case <-time.After(50 * time.Millisecond):
	}
	go func() {
		if o := <-done; o.conn != nil {
			closeNow(o.conn)
		}
	}()
	return nil, ctx.Err()
}

// errPanic stands for a message of a hostile server's that pgconn falls over.
var errPanic = errors.New("a message that cannot be read")

// closeNow ends a connection politely, but not for long: one that broke pgconn would drain for a quarter of a minute.
func closeNow(c *pgconn.PgConn) {
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	_ = c.Close(ctx)
	select {
	case <-c.CleanupDone():
		return
	case <-ctx.Done():
	}
	nc := c.Conn()
	if t, ok := nc.(*tls.Conn); ok {
		nc = t.NetConn() // closing the TLS layer would first write an alert, for up to 5 s
	}
	_ = nc.Close()
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
