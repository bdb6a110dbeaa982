package store

import (
	"errors"
	"io/fs"
)

// Report is what Check finds.
type Report struct {
	Path string `json:"path"`
	// Sound says that the file is whole; Reason else what is wrong with it.
	Sound      bool           `json:"sound"`
	Reason     string         `json:"reason"`
	Generation uint64         `json:"generation"`
	Counts     map[string]int `json:"counts"` // records by collection
	// Snapshots counts those that are whole, Damaged those that are not.
	Snapshots int `json:"snapshots"`
	Damaged   int `json:"damaged"`
}

// Check looks at a directory's store and changes nothing. Errors: storage, when it cannot be looked at.
func Check(dir string) (Report, error) {
	d := newDB(dir, Options{})
	r := Report{Path: d.path}
	if _, err := d.disk.List(d.snapDir()); errors.Is(err, fs.ErrNotExist) {
		if _, err := readRegular(d.disk, d.path); errors.Is(err, fs.ErrNotExist) {
			r.Sound = true // a first start has yet to come
			return r, nil
		}
	}
	err := d.locked(func() error { return d.look(&r) })
	return r, told("The store cannot be checked.", err)
}

// Check looks at the store and changes nothing. Errors: storage.
func (d *DB) Check() (Report, error) {
	r := Report{Path: d.path}
	return r, told("The store cannot be checked.", d.locked(func() error { return d.look(&r) }))
}

func (d *DB) look(r *Report) error {
	list, err := d.snapshots()
	if err != nil {
		return err
	}
	newest := uint64(0)
	for _, s := range list {
		b, err := d.disk.Read(s.path)
		if err != nil {
			return err
		}
		if c, err := decode(b); err != nil {
			r.Damaged++
		} else {
			r.Snapshots++
			newest = max(newest, c.head.Generation)
		}
	}
	b, err := readRegular(d.disk, d.path)
	if errors.Is(err, fs.ErrNotExist) {
		r.Reason = "it is missing"
		return nil
	} else if err != nil {
		return err
	}
	c, err := parse(b)
	if err != nil {
		r.Reason = reason(err)
		return nil
	}
	r.Generation, r.Counts, r.Sound = c.head.Generation, c.counts(), c.head.Generation >= newest
	if !r.Sound {
		r.Reason = "it is older than its snapshot"
	}
	return nil
}
