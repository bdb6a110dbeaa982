package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"time"
)

// Snapshots that are kept: the newest, and the newest of each of the last days that had a change. Days are told by the
// files' own times, never by the clock now, so that a clock that jumps costs nothing.
const (
	keepNewest = 3
	keepDays   = 7
)

// snapshot is a file in snap/: all records, the head behind them, and the SHA-256 of both.
type snapshot struct {
	path       string
	generation uint64 // as its name says
	at         time.Time
}

const snapshotName = "tusk-%016d.snap"

// encode gives a snapshot's bytes.
func (c *content) encode() []byte {
	ids := slices.SortedFunc(maps.Keys(c.records), func(x, y id) int {
		return cmp.Or(cmp.Compare(x.bucket, y.bucket), cmp.Compare(x.key, y.key))
	})
	var b []byte
	for _, i := range ids {
		b = append(b, c.records[i].seal()...)
	}
	b = append(b, c.head.record().seal()...)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

// decode reads a snapshot's bytes. Errors: errDamaged.
func decode(b []byte) (c *content, err error) {
	defer caught(&err)
	body := b[:len(b)-sha256.Size]
	sum := sha256.Sum256(body)
	ensure(bytes.Equal(sum[:], b[len(body):]), "sum of the snapshot")
	c = &content{records: map[id]record{}}
	for {
		r, size := unseal(body)
		ensure(size > 0, "a record")
		if body = body[size:]; r.id == headID {
			ensure(len(body) == 0 && json.Unmarshal(r.payload, &c.head) == nil, "head")
			ensure(c.vouchedBy(c.head), "the records are not those the head counted")
			return c, nil
		}
		c.records[r.id] = r
	}
}

// snapshots lists what is in snap/, highest generation first. That the directory is missing is no error.
func (d *DB) snapshots() ([]snapshot, error) {
	entries, err := d.disk.List(d.snapDir())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []snapshot
	for _, e := range entries {
		s := snapshot{path: filepath.Join(d.snapDir(), e.Name())}
		if n, err := fmt.Sscanf(e.Name(), snapshotName, &s.generation); n != 1 || err != nil || e.Name() != fmt.Sprintf(snapshotName, s.generation) {
			continue
		}
		fi, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // another process has just removed it
		}
		if err != nil {
			return nil, err
		}
		s.at = fi.ModTime()
		list = append(list, s)
	}
	slices.SortFunc(list, func(x, y snapshot) int { return cmp.Compare(y.generation, x.generation) })
	return list, nil
}

// shoot writes the snapshot of c and removes those that are not kept. Failing is no failure of the change it follows:
// the state has a warning.
func (d *DB) shoot(c *content) {
	err := d.disk.Mkdir(d.snapDir())
	if err == nil {
		err = replace(d.disk, filepath.Join(d.snapDir(), fmt.Sprintf(snapshotName, c.head.Generation)), c.encode())
	}
	if err != nil {
		d.note(func(s *State) { s.Warning = "The snapshot of the last change could not be written: " + sentence(err) })
		return
	}
	d.note(func(s *State) { s.Warning, s.Generation, s.Snapshot = "", c.head.Generation, time.Now() })
	list, err := d.snapshots()
	if err != nil {
		return // one too many is no harm
	}
	days := map[string]bool{}
	for i, s := range list {
		day := s.at.UTC().Format(time.DateOnly)
		if i >= keepNewest && (days[day] || len(days) >= keepDays) {
			_ = d.disk.Remove(s.path)
		}
		days[day] = true
	}
}
