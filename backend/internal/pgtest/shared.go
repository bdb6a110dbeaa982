package pgtest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/localpg"
)

// Newest and Oldest are the major versions tests run on.
const (
	Newest = 18
	Oldest = 13
)

// Watcher is the function of the one goroutine a running server has, for goleak.IgnoreAnyFunction.
const Watcher = "desktop.tusk/backend/localpg.(*process).watch"

// process is what all tests of this process share.
var process struct {
	mu      sync.Mutex // guards the rest; held while a server starts, so that there is one of each major
	root    string     // everything of this process is below it
	janitor *exec.Cmd
	pipe    io.Closer // the janitor waits for its other end to close
	servers map[int]*Server
	own     map[*Server]struct{} // servers of single tests
	count   int
}

// Main runs a package's tests and then stops every server they started. Its result is for os.Exit.
func Main(m *testing.M) int {
	code := m.Run()
	if err := Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "pgtest:", err)
		return max(code, 1)
	}
	return code
}

// Stop ends every server of this process and removes their directory. For a TestMain that does more than Main.
func Stop() error {
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.root == "" {
		return nil
	}
	var errs []error
	for s := range process.own {
		errs = append(errs, s.Cluster.Stop())
	}
	for _, s := range process.servers {
		errs = append(errs, s.Cluster.Stop())
	}
	errs = append(errs, os.RemoveAll(process.root), process.pipe.Close(), process.janitor.Wait())
	process.root, process.servers, process.own = "", nil, nil
	return errors.Join(errs...)
}

// begin makes the process's directory and its janitor. The caller holds process.mu.
func begin() error {
	if process.root != "" {
		return nil
	}
	root, err := os.MkdirTemp(cmp.Or(inMemory(), shortTemp()), "tuskpg")
	if err != nil {
		return err
	}
	if err := os.Chmod(root, 0o711); err != nil { // the unprivileged user passes through
		return err
	}
	process.janitor = exec.Command("sh", "-c", janitor, "janitor", root)
	detach(process.janitor)
	pipe, err := process.janitor.StdinPipe()
	if err != nil {
		return err
	}
	if err := process.janitor.Start(); err != nil {
		return err
	}
	process.pipe, process.root = pipe, root
	process.servers, process.own = map[int]*Server{}, map[*Server]struct{}{}
	return nil
}

// janitor waits until the test process is gone, then ends its servers, frozen ones too, and removes the directory.
const janitor = `
cat >/dev/null
for f in "$1"/*/data/postmaster.pid; do
	[ -f "$f" ] || continue
	pid=$(head -n 1 "$f")
	children=$(ps -A -o pid=,ppid= | awk -v p="$pid" '$2 == p { print $1 }')
	kill -KILL "$pid" $children 2>/dev/null
done
n=0
while [ -e "$1" ] && [ "$n" -lt 50 ]; do
	rm -rf "$1" 2>/dev/null && break
	n=$((n + 1))
	sleep 0.1
done
`

// shortTemp is the directory for temporary files, or /tmp when a socket's path below it would be too long.
func shortTemp() string {
	if dir := os.TempDir(); len(dir) < 50 {
		return dir
	}
	return "/tmp"
}

// shared is this process's server of the major version.
func shared(t testing.TB, major int) *Server {
	t.Helper()
	process.mu.Lock()
	defer process.mu.Unlock()
	if err := begin(); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	if s := process.servers[major]; s != nil {
		return s
	}
	s := create(t, Options{Major: major})
	process.servers[major] = s
	return s
}

// binaries finds the programs that build/scripts/postgres.sh fetched.
func binaries(ctx context.Context, major int) (localpg.Binaries, error) {
	top, err := repository()
	if err != nil {
		return localpg.Binaries{}, err
	}
	dir := filepath.Join(top, "build", "cache", "pg"+strconv.Itoa(major), "native", "bin")
	b, err := localpg.Ask(ctx, dir)
	if err != nil && b.Major == 0 { // localpg has no use for those before 13; the tests of the catalog do
		return b, fmt.Errorf("PostgreSQL %d for tests is missing; run: build/scripts/postgres.sh (%w)", major, err)
	}
	return localpg.Bring(ctx, b, filepath.Join(shortTemp(), "tuskpg-programs"))
}

// repository is the directory of go.mod above the test's.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the test's directory")
		}
		dir = up
	}
}

// prepare puts a fresh data directory at data: a copy of one that initdb made once and that is kept in build/cache.
func prepare(ctx context.Context, b localpg.Binaries, data string) error {
	top, err := repository()
	if err != nil {
		return err
	}
	cache := filepath.Join(top, "build", "cache", "pgtest")
	kept := filepath.Join(cache, fmt.Sprintf("%s-%d-%d", b.Version, os.Getuid(), layout))
	if _, err := os.Stat(kept); err == nil {
		return localpg.CopyData(ctx, kept, data)
	}
	args := []string{"--wal-segsize=1"}
	if b.Major < 11 {
		args = nil
	}
	c, err := localpg.NewCluster(localpg.ClusterOptions{
		Binaries: b, Data: data, Password: password, InitArgs: args,
	})
	if err != nil {
		return err
	}
	if err := c.Init(ctx); err != nil {
		return err
	}
	// Two processes may do this at once; the first rename wins and the other's copy goes.
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return err
	}
	unfinished, err := os.MkdirTemp(cache, ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(unfinished) }()
	if err := localpg.CopyData(ctx, data, unfinished); err != nil {
		return err
	}
	if err := os.Rename(unfinished, kept); err != nil {
		if _, statErr := os.Stat(kept); statErr != nil {
			return err
		}
	}
	return nil
}

// layout changes when the prepared data directory has to be made anew.
const layout = 1

// limit is for anything that should take a second.
const limit = 60 * time.Second

func tail(path string) string {
	lines, err := localpg.Tail(path, 20)
	if err != nil {
		return err.Error()
	}
	var b bytes.Buffer
	for _, l := range lines {
		b.WriteString("\n    " + l)
	}
	return b.String()
}
