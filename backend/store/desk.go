package store

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
)

// Desk keeps what lies open in one window: sheets of JSON under a key, each in a file of its own that is replaced whole.
// Its directory is its own while it is open, so two windows never write the same file.
type Desk struct {
	root string // of all desks
	dir  string // of this one
	lock *os.File
	disk disk

	mu         sync.Mutex // one change at a time; guards what follows
	generation uint64     // of the last sheet written
	fresh      []string   // directories whose names may not last yet: a crash would take them away
	aside      []Aside    // of desks taken over, until they are told
}

// Sheet is a value on a desk.
type Sheet struct {
	Key   string
	Value json.RawMessage
}

// Aside is a sheet that could not be read.
type Aside struct {
	Key string
	// Path is where its file is now: it is kept when it is damaged, and left where it was when it cannot be read.
	Path    string
	Damaged bool
}

const (
	sheetBucket = "desk"
	sheetExt    = ".tab"
	sheetSchema = 1
	deskLock    = "lock"
	asideDir    = "damaged" // in root
)

// OpenDesk opens a desk below root. It takes over those of windows that are gone, the one used last first, and never
// that of a living one. Errors: storage, and then nothing can be kept.
func OpenDesk(root string, o Options) (*Desk, error) {
	d := &Desk{root: root, disk: o.disk}
	if d.disk == nil {
		d.disk = system{}
	}
	if err := d.open(); err != nil {
		d.release()
		return nil, unusable("Open tabs cannot be saved.", err)
	}
	return d, nil
}

func (d *Desk) open() error {
	if err := d.disk.Mkdir(d.root); err != nil {
		return err
	}
	gone, err := d.abandoned()
	if err != nil {
		return err
	}
	if len(gone) == 0 {
		return d.begin()
	}
	d.dir, d.lock = gone[0].dir, gone[0].lock
	if others := gone[1:]; len(others) > 0 {
		_, _, err = d.read(d.dir) // for the generation
		for _, g := range others {
			if err == nil {
				d.takeOver(g)
			}
			_ = g.lock.Close()
		}
	}
	return nil
}

// begin makes a directory for a desk with nothing on it. A window that starts at the same moment may see it before it is
// locked, and take it.
func (d *Desk) begin() error {
	for range 100 {
		dir := filepath.Join(d.root, strings.ToLower(rand.Text()))
		if err := d.disk.Mkdir(dir); err != nil {
			return err
		}
		lock, held, err := d.tryDir(dir)
		if held {
			d.dir, d.lock, d.fresh = dir, lock, []string{d.root, filepath.Dir(d.root)}
			return nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return errBusy
}

// abandonedDesk is the directory of a window that is gone. Its lock is ours.
type abandonedDesk struct {
	dir  string
	lock *os.File
	used time.Time // when a sheet was written last
}

// abandoned takes the locks of all desks whose window is gone, and gives them, the one used last first.
func (d *Desk) abandoned() (list []abandonedDesk, err error) {
	entries, err := d.disk.List(d.root)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !e.IsDir() || e.Name() == asideDir {
			continue
		}
		g := abandonedDesk{dir: filepath.Join(d.root, e.Name())}
		var held bool
		if g.lock, held, err = d.tryDir(g.dir); err != nil || !held {
			continue // of a living window, or unreadable: left alone
		}
		files, err := d.disk.List(g.dir)
		if err != nil {
			_ = g.lock.Close()
			continue
		}
		for _, f := range files {
			if fi, err := f.Info(); err == nil && filepath.Ext(f.Name()) == sheetExt && fi.ModTime().After(g.used) {
				g.used = fi.ModTime()
			}
		}
		list = append(list, g)
	}
	slices.SortStableFunc(list, func(x, y abandonedDesk) int { return y.used.Compare(x.used) })
	return list, nil
}

// tryDir takes a directory's lock unless a living window has it. The lock goes with the process, however that ends.
func (d *Desk) tryDir(dir string) (lock *os.File, held bool, err error) {
	path := filepath.Join(dir, deskLock)
	f, err := d.disk.Open(path, os.O_RDWR|os.O_CREATE)
	if err != nil {
		return nil, false, err
	}
	if held, err = tryLock(f); err == nil && held {
		// Another window may have taken the desk over and removed it since the file was opened.
		opened, openErr := f.Stat()
		named, namedErr := os.Stat(path)
		if openErr == nil && namedErr == nil && os.SameFile(opened, named) {
			return f, true, nil
		}
	}
	return nil, false, errors.Join(err, f.Close())
}

// takeOver moves the sheets of a desk that is gone to this one. Where both have a key, this one's stays: a window that
// ended in the middle of this left it in both. What cannot be moved stays where it is, for the next start.
func (d *Desk) takeOver(g abandonedDesk) {
	list, aside, err := d.read(g.dir)
	if err != nil {
		return
	}
	for _, s := range list {
		path := filepath.Join(g.dir, s.Key+sheetExt)
		if _, err := os.Lstat(d.file(s.Key)); errors.Is(err, fs.ErrNotExist) {
			if d.Put(s.Key, s.Value) != nil {
				return
			}
		}
		if d.disk.Remove(path) != nil {
			return
		}
	}
	d.aside = append(d.aside, d.putAside(aside)...)
	if d.disk.Remove(filepath.Join(g.dir, deskLock)) == nil {
		_ = d.disk.Remove(g.dir) // fails while something is left in it
	}
}

// putAside moves the files of damaged sheets to where no start reads them.
func (d *Desk) putAside(list []Aside) []Aside {
	for i, a := range list {
		to := filepath.Join(d.root, asideDir, fmt.Sprintf("%s-%d%s", a.Key, time.Now().UnixMilli(), sheetExt))
		if a.Damaged && d.disk.Mkdir(filepath.Dir(to)) == nil && d.disk.Rename(a.Path, to) == nil {
			list[i].Path = to
		}
	}
	return list
}

func (d *Desk) file(key string) string { return filepath.Join(d.dir, key+sheetExt) }

// Sheets reads all that is on the desk, oldest change first. What is damaged costs only itself: it is put aside, and told
// of once. Errors: storage.
func (d *Desk) Sheets() (list []Sheet, aside []Aside, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if list, aside, err = d.read(d.dir); err != nil {
		return nil, nil, unusable("The tabs that were open cannot be read.", err)
	}
	aside = append(d.putAside(aside), d.aside...)
	d.aside = nil
	return list, aside, nil
}

// read reads the sheets in a directory. Errors: the directory cannot be listed.
func (d *Desk) read(dir string) (list []Sheet, aside []Aside, err error) {
	entries, err := d.disk.List(dir)
	if err != nil {
		return nil, nil, err
	}
	type aged struct {
		Sheet
		generation uint64
	}
	var all []aged
	for _, e := range entries {
		key, ok := strings.CutSuffix(e.Name(), sheetExt)
		path := filepath.Join(dir, e.Name())
		if !ok {
			if filepath.Ext(e.Name()) == ".part" {
				_ = os.Remove(path) // of a write that was cut short
			}
			continue
		}
		b, err := readRegular(d.disk, path)
		if err != nil {
			aside = append(aside, Aside{Key: key, Path: path})
			continue
		}
		r, size := unseal(b)
		if size != len(b) || size == 0 || r.id != (id{sheetBucket, key}) {
			aside = append(aside, Aside{Key: key, Path: path, Damaged: true})
			continue
		}
		d.generation = max(d.generation, r.generation)
		all = append(all, aged{Sheet{key, r.payload}, r.generation})
	}
	slices.SortStableFunc(all, func(x, y aged) int { return cmp.Compare(x.generation, y.generation) })
	for _, s := range all {
		list = append(list, s.Sheet)
	}
	return list, aside, nil
}

// Put writes a sheet, in place of the one with its key. Keys are of letters, digits and dashes. Errors: storage, and
// then the one that was there is unchanged.
func (d *Desk) Put(key string, value any) error {
	if !validKey(key) {
		return apperr.E(apperr.Internal, "", apperr.Message(fmt.Sprintf("key %q of a desk", key)))
	}
	payload, err := json.Marshal(value)
	if err != nil {
		return apperr.E(apperr.Internal, "", apperr.Cause(err))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.lock == nil { // another window may have it by now
		return unusable("Open tabs cannot be saved.", errors.New("this window has closed"))
	}
	d.generation++
	b := record{id: id{sheetBucket, key}, generation: d.generation, schema: sheetSchema, payload: payload}.seal()
	err = replace(d.disk, d.file(key), b)
	if errors.Is(err, fs.ErrNotExist) { // somebody has removed the directory
		if err = d.restore(); err == nil {
			err = replace(d.disk, d.file(key), b)
		}
	}
	if err == nil {
		err = d.settleNames()
	}
	return told("Open tabs cannot be saved.", err)
}

// restore makes the directory again, with a lock that others see.
func (d *Desk) restore() error {
	if err := d.disk.Mkdir(d.dir); err != nil {
		return err
	}
	lock, held, err := d.tryDir(d.dir)
	if err != nil || !held {
		return cmp.Or(err, errBusy)
	}
	d.release()
	d.lock, d.fresh = lock, []string{d.root, filepath.Dir(d.root)}
	return nil
}

// settleNames makes the names of directories that were made last.
func (d *Desk) settleNames() error {
	for len(d.fresh) > 0 {
		if err := syncDir(d.disk, d.fresh[0]); err != nil {
			return err
		}
		d.fresh = d.fresh[1:]
	}
	return nil
}

// Delete removes a sheet; that there is none is no error. Errors: storage.
func (d *Desk) Delete(key string) error {
	if !validKey(key) {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	err := d.disk.Remove(d.file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return told("A closed tab cannot be removed.", err)
}

// Close leaves the desk as it is, for the next window.
func (d *Desk) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.release()
}

func (d *Desk) release() {
	if d.lock != nil {
		_ = d.lock.Close()
		d.lock = nil
	}
}

func validKey(key string) bool {
	return key != "" && len(key) <= 64 && strings.Trim(key, "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

// LastSheet reads one sheet of the desk below root that was used last, without taking it; false when there is none.
func LastSheet(root, key string, to any) bool {
	files, _ := filepath.Glob(filepath.Join(root, "*", key+sheetExt))
	var newest time.Time
	var path string
	for _, f := range files {
		if fi, err := os.Stat(f); err == nil && fi.ModTime().After(newest) && filepath.Base(filepath.Dir(f)) != asideDir {
			newest, path = fi.ModTime(), f
		}
	}
	if path == "" {
		return false
	}
	b, err := readRegular(system{}, path)
	if err != nil {
		return false
	}
	r, size := unseal(b)
	return size == len(b) && size > 0 && json.Unmarshal(r.payload, to) == nil
}
