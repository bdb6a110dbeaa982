package store

import (
	"errors"
	"os"
	"path/filepath"

	"desktop.tusk/backend/apperr"
)

// Backup writes a store of its own with all that is in this one. Errors: file, when there is something by that name or
// it cannot be written; storage.
func (d *DB) Backup(path string) error {
	err := d.locked(func() error {
		c, err := d.load()
		if err != nil {
			return unusable("The store cannot be read.", err)
		}
		if _, err := os.Lstat(path); err == nil {
			return apperr.E(apperr.File, "There is a file "+path+" already.", apperr.Hint("Choose another name; nothing is overwritten."))
		}
		part := path + ".part"
		if _, err = d.build(part, c); err == nil {
			err = d.disk.Rename(part, path)
		}
		if err != nil {
			_ = os.Remove(part)
			return apperr.E(apperr.File, "The backup "+path+" cannot be written.", apperr.Message(sentence(err)), apperr.Cause(err))
		}
		return syncDir(d.disk, filepath.Dir(path))
	})
	return told("The store cannot be backed up.", err)
}

// Repair looks at the store again, repairs it if it is damaged, and renews its snapshot. What was changed in memory,
// because nothing could be saved, is saved if that is possible now. The Recovery is empty when there was nothing to
// repair. Errors: storage.
func (d *DB) Repair() (Recovery, error) {
	before := d.State().Recovery
	d.turn <- struct{}{}
	kept, unsaved := d.memory, d.unsaved
	d.memory = nil
	<-d.turn
	err := d.settle()
	if err == nil && kept != nil {
		err = d.locked(func() error { return d.saveLate(unsaved) })
	}
	if err != nil {
		if kept != nil {
			d.turn <- struct{}{}
			d.memory, d.unsaved = kept, unsaved
			<-d.turn
		}
		return Recovery{}, unusable("The store cannot be repaired.", err)
	}
	if kept != nil {
		d.note(func(s *State) { s.Memory, s.Why = false, "" })
	}
	if now := d.State().Recovery; now.At != before.At {
		return now, nil
	}
	return Recovery{}, nil
}

// MoveTo keeps a store that is in memory in another directory from now on: what is there is read, and what was changed
// in memory is written. After an error it is in memory as before. Errors: storage, usage for a store that has its file.
func (d *DB) MoveTo(dir string) error {
	d.turn <- struct{}{}
	before, inMemory := d.path, d.memory != nil
	if inMemory {
		d.path = fileIn(dir)
	}
	<-d.turn
	if !inMemory {
		return apperr.E(apperr.Usage, "The store is kept in "+before+" already.")
	}
	_, err := d.Repair()
	if err != nil {
		d.turn <- struct{}{}
		d.path = before
		<-d.turn
		return err
	}
	d.note(func(s *State) { s.Path = d.path })
	return nil
}

// saveLate writes what was changed in memory.
func (d *DB) saveLate(unsaved map[id]record) error {
	c, err := d.load()
	if err != nil || len(unsaved) == 0 {
		return err
	}
	if d.State().ReadOnly {
		return errors.New(d.State().Why)
	}
	var puts []record
	var deletes []id
	for i, r := range unsaved {
		if r.payload != nil {
			puts = append(puts, r)
		} else if _, there := c.records[i]; there {
			deletes = append(deletes, i)
		}
	}
	_, err = d.commit(c, puts, deletes)
	return err
}
