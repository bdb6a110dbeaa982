package spool

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"
)

// Dir is where the results of one process are kept. Everything in it goes with the process.
type Dir struct {
	next atomic.Int64

	limits limits

	inMemory     atomic.Int64 // bytes of results that have no file yet
	budget, used atomic.Int64 // bytes of those that have one: as many as may be (0 for no limit), and as there are

	gathers sync.Mutex // held by the one gatherer that may have its memory

	mu      sync.Mutex // guards what follows
	places  []place    // the last is where new files go
	results map[*Result]struct{}
	views   map[*View]struct{}
}

// place is a directory of this process's own, locked while the process lives.
type place struct {
	path string
	lock *flock.Flock
}

// OpenDir makes a directory of this process's own below root, for its owner alone, and removes those that dead
// processes left there.
func OpenDir(root string) (*Dir, error) {
	p, err := takePlace(root)
	if err != nil {
		return nil, err
	}
	return &Dir{places: []place{p}, limits: sortLimits, results: map[*Result]struct{}{}, views: map[*View]struct{}{}}, nil
}

// MoveTo puts the files of results from now on below another root. Those that are there stay where they are. After an
// error nothing is changed.
func (d *Dir) MoveTo(root string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if filepath.Dir(d.places[len(d.places)-1].path) == filepath.Clean(root) {
		return nil
	}
	p, err := takePlace(root)
	if err == nil {
		d.places = append(d.places, p)
	}
	return err
}

func takePlace(root string) (p place, err error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return p, fmt.Errorf("make spool directory: %w", err)
	}
	sweep(root)
	var id [6]byte
	if _, err := rand.Read(id[:]); err != nil {
		return p, fmt.Errorf("name spool directory: %w", err)
	}
	path := filepath.Join(root, hex.EncodeToString(id[:]))
	if err := os.Mkdir(path, 0o700); err != nil {
		return p, fmt.Errorf("make spool directory: %w", err)
	}
	lock, err := lockDir(path)
	if err != nil {
		_ = os.RemoveAll(path)
		return p, fmt.Errorf("lock spool directory: %w", err)
	}
	return place{path, lock}, nil
}

// lockDir takes the lock that says a directory is in use; the system drops it when the process ends, however it ends.
func lockDir(path string) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(path, "lock"), flock.SetPermissions(0o600))
	got, err := lock.TryLock()
	if err == nil && !got {
		err = errors.New("somebody has it")
	}
	return lock, err
}

// sweep removes the directories whose lock nobody holds. What cannot be removed is left for the next start.
func sweep(root string) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return
	}
	for _, e := range entries {
		path := filepath.Join(root, e.Name())
		if !e.IsDir() {
			continue
		}
		if lock, err := lockDir(path); err == nil {
			_ = os.RemoveAll(path)
			_ = lock.Close()
		}
	}
}

// Path is the directory of new files.
func (d *Dir) Path() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.places[len(d.places)-1].path
}

// Usage tells how many results are kept and the bytes they take on disk.
func (d *Dir) Usage() (results int, bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for r := range d.results {
		bytes += r.onDisk.Load()
	}
	for v := range d.views {
		bytes += v.onDisk()
	}
	return len(d.results), bytes
}

// Close removes everything.
func (d *Dir) Close() error {
	d.mu.Lock()
	open := make([]*Result, 0, len(d.results))
	for r := range d.results {
		open = append(open, r)
	}
	views := make([]*View, 0, len(d.views))
	for v := range d.views {
		views = append(views, v)
	}
	d.mu.Unlock()
	for _, v := range views {
		v.Release()
	}
	for _, r := range open {
		r.Release()
	}
	var errs []error
	for _, p := range d.places {
		errs = append(errs, os.RemoveAll(p.path))
		_ = p.lock.Close()
	}
	return errors.Join(errs...)
}

// NewResult makes an empty result. The caller releases it.
func (d *Dir) NewResult(columns []Column) *Result {
	r := &Result{dir: d, columns: columns, grown: make(chan struct{}), givenUp: make(chan struct{})}
	d.mu.Lock()
	d.results[r] = struct{}{}
	d.mu.Unlock()
	return r
}

// create makes a file of a kind of its own: rows, an order of them, a run of sorted ones.
func (d *Dir) create(kind string) (*os.File, error) {
	name := filepath.Join(d.Path(), fmt.Sprintf("%d.%s", d.next.Add(1), kind))
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}
