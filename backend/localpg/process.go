package localpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
)

// process is a running server; done is closed when it was reaped, and err may be read then.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// startProcess starts cmd on a thread of its own that waits for it: the kernel's "parent died" is about the thread.
func startProcess(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go p.watch(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) watch(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	p.err = p.cmd.Wait()
	close(p.done)
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) stop(sig os.Signal) {
	_ = signalProcess(p.cmd.Process, sig) // fails only when it has ended, which done tells
}

// await returns when the server lets clients in, or says why it does not.
func (c *Cluster) await(ctx context.Context, p *process) error {
	start := time.Now()
	for {
		err := c.probe(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return errors.New("start the private server: it ended")
		case <-ctx.Done():
			return apperr.E(apperr.Timeout, "The private server was still starting when the wait was given up.",
				apperr.Message(err.Error()), apperr.Cause(ctx.Err()), apperr.Field("log", c.opts.Log),
				apperr.Detail(fmt.Sprintf("Waited %s.", time.Since(start).Round(time.Millisecond))),
				apperr.Hint("Try again; its log tells what it is busy with."))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// clearPID deals with a pid file that a killed server left. A server that outlived its parent is ended; a file that
// names somebody else's process by now is removed. One that names no process is left: the server knows that case, and
// the shared memory the file names keeps it from starting over children that still live.
func (c *Cluster) clearPID() {
	pid := pidOf(c.opts.Data)
	switch {
	case pid <= 0 || !running(pid):
	case isPostgres(pid, c.opts.Data):
		endOrphan(pid, 10*time.Second)
	default:
		_ = os.Remove(c.pidFile()) // when it stays, the server says so
	}
}

func (c *Cluster) pidFile() string { return filepath.Join(c.opts.Data, "postmaster.pid") }

// pidOf reads the pid file; 0 when there is none.
func pidOf(data string) int {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(firstLine(b)))
	if err != nil {
		return 0
	}
	return pid
}

// ownDir makes the directory, of mode 0700 and the server's user's.
func (c *Cluster) ownDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return storage("A directory of the private server cannot be made.", dir, err)
	}
	if err := errors.Join(os.Chmod(dir, 0o700), c.who.give(dir)); err != nil {
		return storage("A directory of the private server cannot be made.", dir, err)
	}
	if blocked := c.who.reach(filepath.Dir(dir)); blocked != "" {
		return unreachable(blocked, c.who.name)
	}
	return nil
}

func (c *Cluster) writeOwned(file, text string) error {
	if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return storage("A file of the private server cannot be written.", file, err)
	}
	if err := errors.Join(os.WriteFile(file, []byte(text), 0o600), c.who.give(file)); err != nil {
		return storage("A file of the private server cannot be written.", file, err)
	}
	return nil
}

// environment is ours without what would change how the server behaves or speaks.
func environment() []string {
	var env []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "PG") || strings.HasPrefix(name, "LC_") || name == "LANG" || name == "LANGUAGE" {
			continue
		}
		env = append(env, kv)
	}
	return append(env, "LC_ALL=C")
}

func storage(title, path string, err error) error {
	return apperr.E(apperr.Storage, title, apperr.Message(err.Error()), apperr.Cause(err), apperr.Field("path", path))
}

func unreachable(dir, user string) error {
	return apperr.E(apperr.Storage, "The private server cannot get to its directory.",
		apperr.Detail(fmt.Sprintf("PostgreSQL refuses to run as root, so it runs as %s, who may not enter %s.", user, dir)),
		apperr.Field("path", dir))
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
