package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/secret"
)

// Role is the superuser of every private cluster.
const Role = "tusk"

// ClusterOptions say where a cluster lives and how its server runs.
type ClusterOptions struct {
	Binaries Binaries
	Data     string // the data directory; Init makes it
	Run      string // the directory of the socket; made and closed to everybody but the server's user
	Log      string // the file the server writes to
	Port     int    // names the socket, and is the TCP port when TCP is set
	TCP      bool   // listen on 127.0.0.1 too, for Role with Password
	Password secret.Secret
	Config   map[string]string // further settings of postgresql.conf
	InitArgs []string          // further arguments of initdb
}

// Cluster is one data directory and the server over it, which is a child of this process.
type Cluster struct {
	opts ClusterOptions
	who  owner

	op   sync.Mutex // one start or stop at a time
	mu   sync.Mutex // guards proc
	proc *process
}

// NewCluster looks at nothing yet but the user to run the server as.
func NewCluster(opts ClusterOptions) (*Cluster, error) {
	who, err := findOwner()
	if err != nil {
		return nil, err
	}
	if runtime.GOOS == "windows" {
		opts.TCP = true
	}
	return &Cluster{opts: opts, who: who}, nil
}

// Init makes the data directory with initdb unless there is one. It appears only when it is complete.
func (c *Cluster) Init(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.opts.Data, "PG_VERSION")); err == nil {
		return nil
	}
	if dir := c.who.reach(filepath.Dir(c.opts.Data)); dir != "" {
		return unreachable(dir, c.who.name)
	}
	unfinished := c.opts.Data + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return storage("The private server's directory cannot be emptied.", unfinished, err)
	}
	if err := c.ownDir(unfinished); err != nil {
		return err
	}
	args := []string{
		"-D", unfinished, "-U", Role, "-E", "UTF8", "--locale=" + locale(), "--no-sync",
		"--auth-local=trust", "--auth-host=scram-sha-256",
	}
	if !c.opts.Password.IsZero() {
		file := unfinished + ".pw"
		defer func() { _ = os.Remove(file) }()
		if err := c.writeOwned(file, c.opts.Password.Reveal()+"\n"); err != nil {
			return err
		}
		args = append(args, "--pwfile="+file)
	}
	cmd := exec.CommandContext(ctx, c.opts.Binaries.Path("initdb"), append(args, c.opts.InitArgs...)...)
	cmd.Dir, cmd.Env, cmd.WaitDelay = unfinished, environment(), time.Second
	c.who.as(cmd)
	out, err := c.runLocked(cmd)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("make the private server's data directory: %w", ctx.Err())
		}
		return apperr.E(apperr.Storage, "The private server's data directory could not be made.",
			apperr.Message(lastLine(out)), apperr.Detail(string(out)), apperr.Field("path", c.opts.Data),
			apperr.Cause(err), apperr.Op("localpg.init"))
	}
	if err := os.Rename(unfinished, c.opts.Data); err != nil {
		return storage("The private server's data directory could not be put in place.", c.opts.Data, err)
	}
	return nil
}

// runLocked runs cmd to its end on a thread that lives as long, and gives what it printed.
func (c *Cluster) runLocked(cmd *exec.Cmd) (out []byte, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		out, err = cmd.CombinedOutput()
	}()
	<-done
	return out, err
}

// locale is one that sorts by code point and knows letters beyond ASCII, where the system has it.
func locale() string {
	if runtime.GOOS == "linux" {
		return "C.UTF-8"
	}
	return "C"
}

// Start starts the server and waits until it lets clients in.
func (c *Cluster) Start(ctx context.Context) error {
	c.op.Lock()
	defer c.op.Unlock()
	if c.PID() != 0 {
		return nil
	}
	if dir := c.who.reach(c.opts.Data); dir != "" {
		return unreachable(dir, c.who.name)
	}
	if err := c.ownDir(c.opts.Run); err != nil {
		return err
	}
	c.clearPID()
	// A server that was killed leaves children and shared memory behind that take a moment to go; until then a new one
	// ends at once.
	var err error
	for deadline := time.Now().Add(10 * time.Second); ; {
		var early bool
		if early, err = c.launch(ctx); err == nil || !early || ctx.Err() != nil || time.Now().After(deadline) {
			return err
		}
		if _, statErr := os.Stat(c.pidFile()); statErr != nil {
			return err // nothing left behind: trying again will not help
		}
		if pause(ctx, 100*time.Millisecond) != nil {
			return err
		}
	}
}

// launch starts the process once. early says that it ended by itself before it was ready.
func (c *Cluster) launch(ctx context.Context) (early bool, err error) {
	log, err := openLog(c.opts.Log)
	if err != nil {
		return false, storage("The private server's log cannot be written.", c.opts.Log, err)
	}
	defer func() { _ = log.Close() }()
	cmd := exec.Command(c.opts.Binaries.Path("postgres"), c.arguments()...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = c.opts.Data, environment(), log, log
	c.who.as(cmd)
	mark, _ := log.Seek(0, 2)
	p, err := startProcess(cmd)
	if err != nil {
		return false, apperr.E(apperr.NoServer, "The private server could not be started.",
			apperr.Message(err.Error()), apperr.Cause(err), apperr.Field("path", cmd.Path))
	}
	err = c.await(ctx, p)
	if err == nil {
		c.mu.Lock()
		c.proc = p
		c.mu.Unlock()
		return false, nil
	}
	if p.ended() {
		words := since(c.opts.Log, mark)
		return true, apperr.E(apperr.NoServer, "The private server ended while it was starting.",
			apperr.Message(reason(words)), apperr.Detail(words), apperr.Cause(p.err), apperr.Field("log", c.opts.Log),
			apperr.Hint("Its log says why. If its data is damaged, reset the sample: tusk sample reset."))
	}
	p.stop(stopNow)
	<-p.done
	return false, err
}

func (c *Cluster) arguments() []string {
	listen := ""
	if c.opts.TCP {
		listen = "127.0.0.1"
	}
	args := []string{
		"-D", c.opts.Data, "-p", strconv.Itoa(c.opts.Port),
		"-c", "listen_addresses=" + listen, "-c", "unix_socket_directories=" + c.socketDirectories(),
		"-c", "logging_collector=off", "-c", "log_destination=stderr",
	}
	keys := make([]string, 0, len(c.opts.Config))
	for k := range c.opts.Config {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		args = append(args, "-c", k+"="+c.opts.Config[k])
	}
	return args
}

func (c *Cluster) socketDirectories() string {
	if runtime.GOOS == "windows" {
		return ""
	}
	return `"` + strings.ReplaceAll(c.opts.Run, `"`, `""`) + `"`
}

// Stop ends the server: fast, at once when that takes longer than 10 s, and by force after 5 s more.
func (c *Cluster) Stop() error {
	c.op.Lock()
	defer c.op.Unlock()
	c.mu.Lock()
	p := c.proc
	c.proc = nil
	c.mu.Unlock()
	if p == nil || p.ended() {
		return nil
	}
	if runtime.GOOS == "windows" {
		_ = exec.Command(c.opts.Binaries.Path("pg_ctl"), "stop", "-D", c.opts.Data, "-m", "fast", "-w", "-t", "10").Run()
	}
	for _, step := range []struct {
		sig  os.Signal
		wait time.Duration
	}{{stopFast, 10 * time.Second}, {stopNow, 5 * time.Second}, {os.Kill, 5 * time.Second}} {
		p.stop(step.sig)
		select {
		case <-p.done:
			return nil
		case <-time.After(step.wait):
		}
	}
	return fmt.Errorf("stop the private server: process %d does not end", p.cmd.Process.Pid)
}

// Signal sends sig to the server's main process.
func (c *Cluster) Signal(sig os.Signal) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		return errors.New("signal the private server: it does not run")
	}
	return c.proc.cmd.Process.Signal(sig)
}

// Ended is closed when the server that was started last is gone.
func (c *Cluster) Ended() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil {
		gone := make(chan struct{})
		close(gone)
		return gone
	}
	return c.proc.done
}

// PID is the server's main process; 0 when none runs.
func (c *Cluster) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.proc == nil || c.proc.ended() {
		return 0
	}
	return c.proc.cmd.Process.Pid
}

// Settings are libpq's keywords for a connection to the database: through the socket, where there are sockets.
func (c *Cluster) Settings(database string) map[string]string {
	host := c.opts.Run
	if runtime.GOOS == "windows" {
		host = "127.0.0.1"
	}
	return map[string]string{"host": host, "port": strconv.Itoa(c.opts.Port), "user": Role, "dbname": database}
}
