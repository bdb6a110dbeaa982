package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// Recovery tells about the last repair, for the person to read.
type Recovery struct {
	// What is "" when there was nothing to do, "created" at a first start, "repaired", or "rescued": read from what is
	// left into memory, for nothing can be written.
	What   string
	Reason string         // what was wrong with the file that was repaired, in few words
	Counts map[string]int // records that are there now, by collection
	// AtLeast says that there may have been more: no snapshot was whole, or changes after it could not all be found.
	AtLeast bool
	// AsOf is the time of the snapshot it was made from; zero when there was none.
	AsOf time.Time
	// Backup is where the damaged file was copied to; "" when there was no file.
	Backup string
	At     time.Time
}

// evidence is what a repair has to go by.
type evidence struct {
	content *content
	highest uint64 // generation seen anywhere, also in what is damaged
	atLeast bool
	asOf    time.Time
}

// gather reads all snapshots and takes the newest good one of the highest generation; what the damaged file, or a
// damaged snapshot, has of later changes goes on top. Errors: a snapshot cannot be read, so nothing may be decided.
func (d *DB) gather(damaged []byte) (evidence, error) {
	list, err := d.snapshots()
	if err != nil {
		return evidence{}, err
	}
	e := evidence{content: &content{records: map[id]record{}}, atLeast: true}
	ruins := [][]byte{damaged}
	for _, s := range list {
		e.highest = max(e.highest, s.generation)
		b, err := d.disk.Read(s.path)
		if err != nil {
			return evidence{}, err
		}
		c, err := decode(b)
		if err == nil && c.head.Generation == s.generation {
			e.content, e.asOf, e.atLeast = c, s.at, false
			break
		}
		ruins = append(ruins, b)
	}
	base, newest, later := e.content.head.Generation, e.content.head, false
	for _, b := range ruins {
		carve(b, func(r record) {
			e.highest = max(e.highest, r.generation)
			switch old := e.content.records[r.id]; {
			case r.generation <= base:
			case r.id == headID:
				if h := (head{}); json.Unmarshal(r.payload, &h) == nil && h.Generation > newest.Generation {
					newest, later = h, true
				}
			case r.generation > old.generation && json.Valid(r.payload):
				r.payload = bytes.Clone(r.payload)
				e.content.records[r.id], later = r, true
			}
		})
	}
	e.highest = max(e.highest, base)
	if later {
		e.atLeast = !e.content.vouchedBy(newest)
	}
	return e, nil
}

// repair makes the store anew. b is the damaged file; nil when there was none. The steps are in the order that loses
// nothing wherever they stop.
func (d *DB) repair(b []byte, why error) (*content, error) {
	found, err := d.gather(b)
	if err != nil {
		return nil, fmt.Errorf("%w; it cannot be repaired now: %w", why, err)
	}
	r := Recovery{What: "repaired", Reason: reason(why), AtLeast: found.atLeast, AsOf: found.asOf, At: time.Now()}
	if b != nil {
		if r.Backup, err = d.keep(b); err != nil {
			return nil, fmt.Errorf("%w; it cannot be repaired, for no copy of it can be made: %w", why, err)
		}
	}
	found.content.head.Generation = found.highest
	c, err := d.rebuild(found.content)
	if err != nil {
		return nil, fmt.Errorf("%w; it cannot be repaired: %w", why, err)
	}
	r.Counts = c.counts()
	d.note(func(s *State) { s.Recovery = r })
	d.shoot(c)
	return c, nil
}

// keep copies a damaged file to tusk.db.corrupt, or the next name that is free. The same bytes are kept once.
func (d *DB) keep(b []byte) (string, error) {
	for n := 0; ; n++ {
		path := d.path + ".corrupt"
		if n > 0 {
			path = fmt.Sprintf("%s.%d", path, n)
		}
		old, err := readRegular(d.disk, path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, replace(d.disk, path, b)
		}
		if err == nil && bytes.Equal(old, b) {
			return path, nil
		}
		if n > 999 {
			return "", errors.New("there are a thousand copies already")
		}
	}
}

// rebuild writes all of c to a new file, reads it back, and puts it in the place of tusk.db.
func (d *DB) rebuild(c *content) (*content, error) {
	part := d.path + ".new"
	made, err := d.build(part, c)
	if err == nil {
		err = d.disk.Rename(part, d.path)
	}
	if err != nil {
		_ = os.Remove(part)
		return nil, err
	}
	return made, syncDir(d.disk, filepath.Dir(d.path))
}

// build writes a store with all of c in it, of the next generation, and reads it back.
func (d *DB) build(path string, c *content) (*content, error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	next := &content{records: maps.Clone(c.records)}
	next.head.Generation = c.head.Generation + 1
	next.vouch()
	if err := d.change(path, nil, next.head, maps.Values(next.records), nil); err != nil {
		return nil, err
	}
	return d.readBack(path, next.head)
}

// counts tells how many records each collection has.
func (c *content) counts() map[string]int {
	n := map[string]int{}
	for i := range c.records {
		n[i.bucket]++
	}
	return n
}
