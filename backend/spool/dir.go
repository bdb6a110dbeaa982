package spool

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// Dir is where the results of one process are kept. Everything in it goes with the process.
type Dir struct {
	path string
	lock *os.File
	next atomic.Int64

	limits limits

	inMemory atomic.Int64 // bytes of results that have no file yet

	mu      sync.Mutex // guards what follows
	results map[*Result]struct{}
	views   map[*View]struct{}
}

// OpenDir makes a directory of this process's own below root, for its owner alone, and removes those that dead
// processes left there.
func OpenDir(root string) (*Dir, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("make spool directory: %w", err)
	}
	sweep(root)
	var id [6]byte
	if _, err := rand.Read(id[:]); err != nil {
		return nil, fmt.Errorf("name spool directory: %w", err)
	}
	path := filepath.Join(root, hex.EncodeToString(id[:]))
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, fmt.Errorf("make spool directory: %w", err)
	}
	lock, err := lockDir(path)
	if err != nil {
		_ = os.RemoveAll(path)
		return nil, fmt.Errorf("lock spool directory: %w", err)
	}
	return &Dir{path: path, lock: lock, limits: sortLimits, results: map[*Result]struct{}{}, views: map[*View]struct{}{}}, nil
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

// Path is the directory.
func (d *Dir) Path() string { return d.path }

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
	err := os.RemoveAll(d.path)
	_ = d.lock.Close()
	return err
}

// NewResult makes an empty result. The caller releases it.
func (d *Dir) NewResult(columns []Column) *Result {
	r := &Result{dir: d, columns: columns, grown: make(chan struct{})}
	d.mu.Lock()
	d.results[r] = struct{}{}
	d.mu.Unlock()
	return r
}

// create makes a file of a kind of its own: rows, an order of them, a run of sorted ones.
func (d *Dir) create(kind string) (*os.File, error) {
	name := filepath.Join(d.path, fmt.Sprintf("%d.%s", d.next.Add(1), kind))
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}
