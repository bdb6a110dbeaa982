package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Migration lifts one record from the schema of its place in the list to the next.
type Migration func(collection, key string, value json.RawMessage) (json.RawMessage, error)

// Options say how a store is opened.
type Options struct {
	// Migrations are all there ever were, in order; their number is the schema written now.
	Migrations []Migration
	// Changed is told of every change of the state, in the middle of an operation: it must not use the store. nil for nobody.
	Changed func(State)

	disk disk
}

// State tells how the store is doing.
type State struct {
	Path string
	// Memory says that nothing is saved. Why has the reason, as has ReadOnly's.
	Memory bool
	// ReadOnly says that a newer Tusk has written the store: it is read and never changed.
	ReadOnly bool
	Why      string
	// Warning says what went wrong beside: a snapshot that could not be written.
	Warning    string
	Generation uint64    // of the last change seen
	Snapshot   time.Time // when the newest one of this run was written
	Recovery   Recovery
}

// DB is the store. Its methods may be called at any time from anywhere.
type DB struct {
	path    string
	options Options
	disk    disk

	turn  chan struct{} // one operation at a time; guards what follows
	tried uint64        // the highest generation given out, also in vain
	// memory is the content when nothing can be saved; unsaved are its changes since, a nil payload for a deletion.
	memory  *content
	unsaved map[id]record

	mu    sync.Mutex // guards state
	state State
}

func (d *DB) snapDir() string { return filepath.Join(filepath.Dir(d.path), "snap") }

// Open opens the store in a directory, makes it at a first start and repairs it when it is damaged. It waits at most two
// seconds for another process. The DB can always be used: with an error it works in memory, as its State says.
// Errors: storage.
func Open(dir string, o Options) (*DB, Recovery, error) {
	d := newDB(dir, o)
	err := d.settle()
	if err != nil && !errors.Is(err, errBusy) {
		err = d.settle() // one call that fails must not cost a run its memory
	}
	if err != nil {
		d.inMemory(err)
		err = unusable("Connections and preferences cannot be saved.", err)
	}
	return d, d.State().Recovery, err
}

func newDB(dir string, o Options) *DB {
	d := &DB{options: o, disk: o.disk, turn: make(chan struct{}, 1), path: fileIn(dir)}
	if d.disk == nil {
		d.disk = system{}
	}
	d.state.Path = d.path
	return d
}

// fileIn is the store's file in a directory. A repair replaces the file, not the link to it.
func fileIn(dir string) string {
	path := filepath.Join(dir, "tusk.db")
	if to, err := filepath.EvalSymlinks(path); err == nil {
		return to
	}
	return path
}

// settle looks at the store as Open has to: whether it is there, sound, can be written and has its snapshot.
func (d *DB) settle() error {
	if err := d.disk.Mkdir(filepath.Dir(d.path)); err != nil {
		return err
	}
	return d.locked(func() error {
		c, err := d.load()
		if err != nil {
			return err
		}
		f, err := d.disk.Open(d.path, os.O_RDWR)
		if err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
		if !d.hasSnapshot(c) && !d.State().ReadOnly {
			d.shoot(c)
		}
		return nil
	})
}

// hasSnapshot tells whether the newest snapshot is whole and as new as c.
func (d *DB) hasSnapshot(c *content) bool {
	list, err := d.snapshots()
	if err != nil || len(list) == 0 {
		return false
	}
	b, err := d.disk.Read(list[0].path)
	if err != nil {
		return false
	}
	s, err := decode(b)
	return err == nil && s.head.Generation == c.head.Generation
}

// inMemory goes on without a file, with what can be read. The caller holds no lock: another process may have it.
func (d *DB) inMemory(why error) {
	c := &content{records: map[id]record{}}
	var found Recovery
	b, err := readRegular(d.disk, d.path)
	sound, parseErr := parse(b)
	if err == nil && parseErr == nil {
		c = sound
	} else if e, err := d.gather(b); err == nil {
		c, found = e.content, Recovery{What: "rescued", AtLeast: e.atLeast, AsOf: e.asOf, Counts: e.content.counts(), At: time.Now()}
	}
	d.turn <- struct{}{}
	defer func() { <-d.turn }()
	if lifted, _, err := d.lift(c); err == nil {
		c = lifted
	}
	d.memory, d.unsaved = c, map[id]record{}
	d.note(func(s *State) { s.Memory, s.Why, s.Recovery = true, sentence(why), found })
}

// State tells how the store is doing.
func (d *DB) State() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state
}

// note changes the state, and tells who asked to be told.
func (d *DB) note(change func(*State)) {
	d.mu.Lock()
	change(&d.state)
	s := d.state
	d.mu.Unlock()
	if d.options.Changed != nil {
		d.options.Changed(s)
	}
}

// locked runs f alone: in this process, and among processes unless all is in memory.
func (d *DB) locked(f func() error) error {
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-time.After(patience):
		return errBusy
	}
	if d.memory != nil {
		return f()
	}
	unlock, err := lock(d.disk, d.path+".lock")
	if err != nil {
		return err
	}
	defer unlock()
	for try := 0; ; try++ {
		// Damage met on the way, by bbolt or when reading back, calls for the check again.
		if err = f(); try == 2 || !errors.Is(err, errDamaged) {
			return err
		}
	}
}

// load gives what is in the store, checked; it makes, repairs and migrates the file where that is needed. The caller
// has the lock.
func (d *DB) load() (*content, error) {
	if d.memory != nil {
		return d.memory, nil
	}
	list, err := d.snapshots()
	if err != nil {
		return nil, err
	}
	b, err := readRegular(d.disk, d.path)
	var c *content
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(list) == 0:
		if c, err = d.rebuild(&content{}); err == nil {
			d.note(func(s *State) { s.Recovery = Recovery{What: "created", At: time.Now()} })
		}
	case errors.Is(err, fs.ErrNotExist):
		c, err = d.repair(nil, errors.New("it was missing"))
	case err == nil:
		if c, err = parse(b); err == nil && len(list) > 0 && list[0].generation > c.head.Generation {
			err = d.behind(list, c)
		}
		if errors.Is(err, errDamaged) {
			c, err = d.repair(b, err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Base(d.path), err)
	}
	if c.head.Generation != d.State().Generation {
		d.note(func(s *State) { s.Generation = c.head.Generation })
	}
	return d.migrate(c)
}

// behind tells whether a sound file is older than a good snapshot: changes were lost in silence.
func (d *DB) behind(list []snapshot, c *content) error {
	for _, s := range list {
		if s.generation <= c.head.Generation {
			return nil
		}
		b, err := d.disk.Read(s.path)
		if err != nil {
			return err
		}
		if _, err := decode(b); err == nil {
			return fmt.Errorf("%w: it is older than its snapshot", errDamaged)
		}
	}
	return nil
}

// commit changes the store: puts are written and deletes removed, all or nothing. The caller has the lock, and c is what
// load gave.
func (d *DB) commit(c *content, puts []record, deletes []id) (*content, error) {
	next := &content{records: maps.Clone(c.records), head: head{Generation: max(c.head.Generation, d.tried) + 1}}
	d.tried = next.head.Generation
	for i, r := range puts {
		puts[i].generation, puts[i].schema = d.tried, uint16(len(d.options.Migrations))
		next.records[r.id] = puts[i]
	}
	for _, i := range deletes {
		delete(next.records, i)
	}
	next.vouch()
	if d.memory != nil {
		d.memory = next
		for _, r := range puts {
			d.unsaved[r.id] = r
		}
		for _, i := range deletes {
			d.unsaved[i] = record{id: i}
		}
		return next, nil
	}
	if err := d.change(d.path, &c.head, next.head, slices.Values(puts), deletes); err != nil {
		return nil, err
	}
	made, err := d.readBack(d.path, next.head)
	if err != nil {
		return nil, err
	}
	d.shoot(made)
	return made, nil
}

// readBack checks what was written: bbolt's word for it is not enough.
func (d *DB) readBack(path string, h head) (*content, error) {
	b, err := readRegular(d.disk, path)
	if err != nil {
		return nil, err
	}
	c, err := parse(b)
	if err == nil && (c.head.Generation != h.Generation || c.head.Sum != h.Sum) {
		err = fmt.Errorf("%w: it was changed by somebody else", errDamaged)
	}
	return c, err
}

// change runs one transaction of bbolt. before is the head the file must have; nil makes a new file.
func (d *DB) change(path string, before *head, h head, puts iter.Seq[record], deletes []id) error {
	open := func(path string, flag int, _ os.FileMode) (*os.File, error) {
		if before != nil {
			flag &^= os.O_CREATE // bbolt would make an empty store of a file that has gone since it was read
		}
		return d.disk.Open(path, flag)
	}
	var db *bolt.DB
	err := guarded(func() (err error) {
		db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: patience, FreelistType: bolt.FreelistMapType, NoStatistics: true, OpenFile: open})
		if before != nil && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, bolterrors.ErrInvalid) || errors.Is(err, bolterrors.ErrChecksum)) {
			err = fmt.Errorf("%w: %w", errDamaged, err) // since it was read
		}
		return err
	})
	if err != nil {
		return err // after a panic the map and the lock of that file stay; a repair makes another file
	}
	err = guarded(func() error {
		return db.Update(func(tx *bolt.Tx) error {
			meta, err := tx.CreateBucketIfNotExists([]byte(headID.bucket))
			if err != nil {
				return err
			}
			if before != nil {
				var is head
				r, size := unseal(meta.Get([]byte(headID.key)))
				ensure(size > 0 && json.Unmarshal(r.payload, &is) == nil && is == *before, "it was changed by somebody else")
			}
			for r := range puts {
				b, err := tx.CreateBucketIfNotExists([]byte(r.bucket))
				if err == nil {
					err = b.Put([]byte(r.key), r.seal())
				}
				if err != nil {
					return err
				}
			}
			for _, i := range deletes {
				if err := tx.Bucket([]byte(i.bucket)).Delete([]byte(i.key)); err != nil {
					return err
				}
			}
			h.Txid = uint64(tx.ID())
			return meta.Put([]byte(headID.key), h.record().seal())
		})
	})
	// A panic inside of bbolt's rollback leaves a lock that Close would wait for, for ever.
	closed := make(chan error, 1)
	go func() { closed <- guarded(db.Close) }()
	select {
	case closeErr := <-closed:
		return errors.Join(err, closeErr)
	case <-time.After(time.Second):
		return errors.Join(err, fmt.Errorf("%w: it does not close", errDamaged))
	}
}

// guarded makes errors of panics, and of faults on mapped memory, which would end the process otherwise.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer caught(&err)
	return f()
}

// Close waits for an operation under way. Nothing is left to write: every change was, with its snapshot.
func (d *DB) Close() error {
	select {
	case d.turn <- struct{}{}:
		<-d.turn
		return nil
	case <-time.After(patience):
		return unusable("The store is still busy.", errBusy)
	}
}

// told makes the error of an operation one that a person is shown.
func told(title string, err error) error {
	if err == nil {
		return nil
	}
	return unusable(title, err)
}

// reason gives the rule a damaged file breaks, in few words.
func reason(err error) string {
	if err == nil {
		return ""
	}
	return strings.TrimPrefix(err.Error(), errDamaged.Error()+": ")
}
