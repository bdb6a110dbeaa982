package store

import (
	"encoding/json"
	"fmt"
	"os"
)

// Disk is the interface of that name.
type Disk = disk

// System is the real Disk.
type System = system

// On puts a store on a disk.
func (o Options) On(d Disk) Options {
	o.disk = d
	return o
}

// Update makes many changes at once; a nil value deletes.
func (d *DB) Update(collection string, values map[string]any) error {
	return d.locked(func() error {
		c, err := d.load()
		if err != nil {
			return err
		}
		var puts []record
		var deletes []id
		for k, v := range values {
			if v == nil {
				deletes = append(deletes, id{collection, k})
				continue
			}
			b, err := json.Marshal(v)
			if err != nil {
				return err
			}
			puts = append(puts, record{id: id{collection, k}, payload: b})
		}
		_, err = d.commit(c, puts, deletes)
		return err
	})
}

// HighWater tells how much of a file bbolt uses.
func HighWater(b []byte) int {
	m := newestMeta(b)
	return int(m.pages * m.pageSize)
}

// NewestMeta tells which meta page is the newest one.
func NewestMeta(b []byte) int {
	first, _ := readMeta(b)
	if newestMeta(b).txid == first.txid {
		return 0
	}
	return 1
}

// Parse says what is wrong with a file.
func Parse(b []byte) error { _, err := parse(b); return err }

// LockFile takes the lock of a file, as another process would.
func LockFile(f *os.File) (bool, error) { return tryLock(f) }

// Fill writes a journal's segments at one go.
func Fill[T any](j *Journal[T], n int, entry func(i int) (text string, tags []string, value T)) {
	var b []byte
	segment := 1
	for i := range n {
		text, tags, value := entry(i)
		rest, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		r := record{id: id{journalBucket, fmt.Sprintf("%012d", i)}, schema: journalSchema, payload: packEntry(text, tags, rest)}
		if b = append(b, r.seal()...); len(b) >= segmentSize || i == n-1 {
			if err := os.WriteFile(j.path(segment), b, 0o600); err != nil {
				panic(err)
			}
			segment, b = segment+1, nil
		}
	}
}
