package localpg

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/secret"
)

// Config says which shared server to use.
type Config struct {
	// Dir holds everything of the server; all who name the same directory share it.
	Dir string
	// Binaries to start it with when nobody uses it yet; Find's when empty.
	Binaries Binaries
	// TCP asks for loopback TCP beside the socket.
	TCP bool
	// Settings of postgresql.conf for the one who starts it.
	Settings map[string]string
	// Stage, if set, hears what takes its time, such as "Making a private PostgreSQL 18".
	Stage func(string)
}

// Server is one use of a shared server. It lasts until Release, or until the process ends in any way.
type Server struct {
	places   places
	control  *control
	settings map[string]string
	status   Status
	once     sync.Once
}

// Open makes this process a user of the server in the directory, and starts the server if it is the first.
func Open(ctx context.Context, cfg Config) (*Server, error) {
	p, err := placesIn(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if err := p.make(); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		c, err := dialKeeper(ctx, p.control)
		if errors.Is(err, errGone) {
			c, err = startKeeper(ctx, p, cfg)
		}
		if err != nil {
			return nil, err
		}
		r, err := c.ask(ctx, request{Op: "use", TCP: cfg.TCP}, cfg.Stage)
		switch {
		case errors.Is(err, errGone) && ctx.Err() == nil && try < 10:
			continue // it was just ending, its last user gone
		case errors.Is(err, errGone):
			return nil, apperr.E(apperr.NoServer, "The private server keeps ending.", apperr.Field("log", p.log),
				apperr.Hint("Its log says why. If its data is damaged, reset the sample: tusk sample reset."))
		case err != nil:
			return nil, err
		}
		return &Server{places: p, control: c, settings: r.Settings, status: *r.Status}, nil
	}
}

// startKeeper starts a keeper, unless somebody else is just doing so, and connects to it.
func startKeeper(ctx context.Context, p places, cfg Config) (*control, error) {
	lock, err := waitLock(ctx, p.starting)
	if err != nil {
		return nil, err
	}
	defer func() { _ = lock.Close() }()
	if c, err := dialKeeper(ctx, p.control); !errors.Is(err, errGone) {
		return c, err
	}
	if cfg.Binaries.Dir == "" {
		if cfg.Binaries, err = Find(ctx); err != nil {
			return nil, err
		}
	}
	if err := spawn(ctx, p, keeperConfig{Binaries: cfg.Binaries, TCP: cfg.TCP, Config: cfg.Settings}); err != nil {
		return nil, err
	}
	return dialKeeper(ctx, p.control)
}

// spawn runs this program again as a keeper and returns when it listens.
func spawn(ctx context.Context, p places, cfg keeperConfig) error {
	broken := func(err error) error {
		return apperr.E(apperr.Internal, "The private server's keeper could not be started.",
			apperr.Message(err.Error()), apperr.Cause(err), apperr.Field("log", p.log))
	}
	exe, err := os.Executable()
	if err != nil {
		return broken(err)
	}
	if runtime.GOOS == "linux" {
		exe = "/proc/self/exe" // still there when the file was replaced by a newer one
	}
	log, err := openLog(p.log)
	if err != nil {
		return storage("The private server's log cannot be written.", p.log, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(exe, keeperVerb, p.dir)
	cmd.Args[0], cmd.Dir = os.Args[0], p.dir
	cmd.Stderr = log
	detach(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return broken(err)
	}
	out, outW, err := os.Pipe()
	if err != nil {
		return broken(err)
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout = outW
	err = cmd.Start()
	_ = outW.Close()
	if err != nil {
		return broken(err)
	}
	go func() { _ = cmd.Wait() }() // reaps it whenever it ends; how is in its log
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	if err := errors.Join(json.NewEncoder(in).Encode(cfg), in.Close()); err != nil {
		return broken(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	switch line = strings.TrimSpace(line); {
	case ctx.Err() != nil:
		return fmt.Errorf("start the sample's keeper: %w", ctx.Err())
	case err != nil:
		return broken(err)
	case line != "":
		var e apperr.Error
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return broken(fmt.Errorf("it says %q", line))
		}
		return &e
	}
	return nil
}

// Settings are libpq's keywords for a connection to the database. There is no password among them.
func (s *Server) Settings(database string) map[string]string {
	m := maps.Clone(s.settings)
	m["dbname"] = database
	return m
}

// URL is Settings as a connection URL.
func (s *Server) URL(database string) string {
	return (&url.URL{
		Scheme: "postgresql", User: url.User(s.settings["user"]), Path: "/" + database,
		RawQuery: url.Values{"host": {s.settings["host"]}, "port": {s.settings["port"]}}.Encode(),
	}).String()
}

// Password is what TCP on 127.0.0.1 asks for; the socket asks for none.
func (s *Server) Password() (secret.Secret, error) { return s.places.secret() }

// Version is the server's, such as 18.4.
func (s *Server) Version() string { return s.status.Version }

// LogPath is the server's log.
func (s *Server) LogPath() string { return s.places.log }

// Tail gives the last n lines of the server's log.
func (s *Server) Tail(n int) ([]string, error) { return Tail(s.places.log, n) }

// Pin keeps the server up without users until Stop.
func (s *Server) Pin(ctx context.Context) error {
	_, err := tell(ctx, s.places, request{Op: "pin"})
	return err
}

// Gone tells that the keeper ended, by force or by mishap, and the server with it. Open again to have it back; what
// Settings said stays true.
func (s *Server) Gone() bool {
	// A moment and not none: a deadline that has passed hides the end of the stream.
	if s.control.con.SetReadDeadline(time.Now().Add(20*time.Millisecond)) != nil {
		return true // released
	}
	_, err := s.control.in.ReadByte() // a keeper says nothing more
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// Release ends this use. The server stops if it was the last; that is not waited for.
func (s *Server) Release() { s.once.Do(func() { _ = s.control.con.Close() }) }
