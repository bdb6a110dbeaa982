package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"desktop.tusk/backend/apperr"
)

// Journal is a list that only grows at its end: segments of sealed records in a directory. Several processes append to
// it, and a damaged record costs itself alone. It is read newest first, from the files: nothing of it stays in memory.
type Journal[T any] struct {
	dir  string
	disk disk

	mu sync.Mutex // one change at a time in this process; other processes are kept out by a lock
}

// Entry is one of a journal's.
type Entry[T any] struct {
	ID    string
	Text  string // what words are looked for in
	Value T
}

// Find says which entries are meant.
type Find struct {
	// Words have all to be in the text, in whatever order; capitals of A to Z do not matter.
	Words []string
	Tags  []string // and these among the entry's tags
	// Before is the id of the entry after which to go on, towards older ones; "" begins with the newest.
	Before string
	Limit  int
}

const (
	journalBucket  = "history"
	journalSchema  = 1
	segmentExt     = ".seg"
	segmentSize    = 4 << 20 // from which on a new one is begun
	journalIDBytes = 12
)

// NewJournal gives the journal in a directory, which need not exist.
func NewJournal[T any](dir string, o Options) *Journal[T] {
	j := &Journal[T]{dir: dir, disk: o.disk}
	if j.disk == nil {
		j.disk = system{}
	}
	return j
}

func (j *Journal[T]) path(n int) string {
	return filepath.Join(j.dir, fmt.Sprintf("%08d%s", n, segmentExt))
}

// segments are the numbers of those that are there, in order. That there is no directory is no error.
func (j *Journal[T]) segments() (list []int, err error) {
	entries, err := j.disk.List(j.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		var n int
		if _, scan := fmt.Sscanf(e.Name(), "%d"+segmentExt, &n); scan == nil && j.path(n) == filepath.Join(j.dir, e.Name()) {
			list = append(list, n)
		}
	}
	slices.Sort(list)
	return list, err
}

// locked runs f while no other process changes the journal.
func (j *Journal[T]) locked(title string, f func() error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	err := j.disk.Mkdir(j.dir)
	if err == nil {
		var unlock func()
		if unlock, err = lock(j.disk, filepath.Join(j.dir, "lock")); err == nil {
			err = f()
			unlock()
		}
	}
	return told(title, err)
}

// Append adds an entry as the newest, and gives its id. The record is at most 2 GB. Errors: storage, and then nothing is
// added.
func (j *Journal[T]) Append(text string, tags []string, value T) (id string, err error) {
	rest, err := json.Marshal(value)
	if err != nil {
		return "", apperr.E(apperr.Internal, "", apperr.Cause(err))
	}
	var key [journalIDBytes]byte
	_, _ = rand.Read(key[:]) // it never fails
	r := record{schema: journalSchema, payload: packEntry(text, tags, rest)}
	r.bucket, r.key = journalBucket, string(key[:])
	b := r.seal()
	return hex.EncodeToString(key[:]), j.locked("The history cannot be written.", func() error {
		list, err := j.segments()
		if err != nil {
			return err
		}
		n := 1
		if len(list) > 0 {
			n = list[len(list)-1]
		}
		f, err := j.disk.Open(j.path(n), os.O_RDWR|os.O_CREATE|os.O_APPEND)
		if err != nil {
			return err
		}
		size, err := f.Seek(0, io.SeekEnd)
		if err == nil && size >= segmentSize {
			if err = f.Close(); err == nil {
				f, err = j.disk.Open(j.path(n+1), os.O_RDWR|os.O_CREATE|os.O_APPEND)
			}
			size = 0
		}
		if err != nil {
			return err
		}
		if err = j.disk.Write(f, b); err == nil {
			err = j.disk.Sync(f)
		}
		if err != nil {
			_ = f.Truncate(size) // half a record would do no harm but be room lost
		}
		return errors.Join(err, f.Close())
	})
}

// packEntry makes the payload: the text and the tags as they are, so that they can be searched without reading JSON.
func packEntry(text string, tags []string, rest []byte) []byte {
	b := make([]byte, 0, len(text)+len(rest)+128)
	b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	t := joinTags(tags)
	b = append(binary.AppendUvarint(b, uint64(len(t))), t...)
	return append(b, rest...)
}

// joinTags puts a zero byte on both sides of each tag.
func joinTags(tags []string) string {
	if len(tags) == 0 {
		return ""
	}
	return "\x00" + strings.Join(tags, "\x00") + "\x00"
}

// unpackEntry takes a payload apart; false when it is none.
func unpackEntry(b []byte) (text, tags, rest []byte, ok bool) {
	part := func() []byte {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return nil
		}
		p := b[size : size+int(n) : size+int(n)]
		b = b[size+int(n):]
		return p
	}
	if text = part(); text == nil {
		return nil, nil, nil, false
	}
	tags = part()
	return text, tags, b, tags != nil
}

// frame is where a record and its key and payload are in a segment.
type frame struct{ start, key, payload, end int }

// frames finds the whole records in a segment, whatever lies between.
func frames(b []byte) []frame {
	list := make([]frame, 0, len(b)/256)
	for at := 0; at < len(b); {
		size := sealed(b[at:])
		if size == 0 {
			next := bytes.Index(b[at+1:], mark)
			if next < 0 {
				break
			}
			at += 1 + next
			continue
		}
		key := at + sealSize + int(b[at+14])
		list = append(list, frame{at, key, key + int(b[at+15]), at + size})
		at += size
	}
	return list
}

// Search gives entries, newest first, and whether there are more. Errors: storage; the context's.
func (j *Journal[T]) Search(ctx context.Context, q Find) (list []Entry[T], more bool, err error) {
	var words [][]byte
	for _, w := range q.Words {
		words = append(words, fold(nil, []byte(w)))
	}
	var tags [][]byte
	for _, t := range q.Tags {
		tags = append(tags, []byte(joinTags([]string{t})))
	}
	before, err := hex.DecodeString(q.Before)
	if err != nil {
		return nil, false, apperr.E(apperr.Usage, "There is no such entry.")
	}
	begun := len(before) == 0
	var folded []byte
	err = j.each(ctx, func(key, payload []byte) (bool, error) {
		if !begun {
			begun = bytes.Equal(key, before)
			return true, nil
		}
		text, has, rest, ok := unpackEntry(payload)
		if !ok {
			return true, nil
		}
		for _, t := range tags {
			if !bytes.Contains(has, t) {
				return true, nil
			}
		}
		if len(words) > 0 {
			folded = fold(folded[:0], text)
			for _, w := range words {
				if !bytes.Contains(folded, w) {
					return true, nil
				}
			}
		}
		e := Entry[T]{ID: hex.EncodeToString(key), Text: string(text)}
		if json.Unmarshal(rest, &e.Value) != nil {
			return true, nil // of a form that is not ours
		}
		if more = len(list) == q.Limit; more {
			return false, nil
		}
		list = append(list, e)
		return true, nil
	})
	return list, more, err
}

// Tags gives every tag that begins with a prefix, in the order of the alphabet. Errors: storage; the context's.
func (j *Journal[T]) Tags(ctx context.Context, prefix string) ([]string, error) {
	found := map[string]bool{}
	err := j.each(ctx, func(_, payload []byte) (bool, error) {
		if _, tags, _, ok := unpackEntry(payload); ok {
			for t := range bytes.SplitSeq(tags, []byte{0}) {
				if len(t) > 0 && bytes.HasPrefix(t, []byte(prefix)) && !found[string(t)] {
					found[string(t)] = true
				}
			}
		}
		return true, nil
	})
	return slices.Sorted(maps.Keys(found)), err
}

// each goes through all entries, newest first, until f says no.
func (j *Journal[T]) each(ctx context.Context, f func(key, payload []byte) (bool, error)) error {
	const title = "The history cannot be read."
	segments, err := j.segments()
	if err != nil {
		return unusable(title, err)
	}
	for _, n := range slices.Backward(segments) {
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := readRegular(j.disk, j.path(n))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed by another window
		}
		if err != nil {
			return unusable(title, err)
		}
		for _, at := range slices.Backward(frames(b)) {
			on, err := f(b[at.key:at.payload], b[at.payload:at.end])
			if !on || err != nil {
				return err
			}
		}
	}
	return nil
}

// Delete removes entries from the files; unknown ids are no error. Errors: storage, and then some may be there still.
func (j *Journal[T]) Delete(ids ...string) error {
	gone := map[string]bool{}
	for _, id := range ids {
		if key, err := hex.DecodeString(id); err == nil {
			gone[string(key)] = true
		}
	}
	return j.locked("The history cannot be changed.", func() error {
		list, err := j.segments()
		for _, n := range slices.Backward(list) {
			if err != nil || len(gone) == 0 {
				break
			}
			err = j.without(n, gone)
		}
		return err
	})
}

// without rewrites a segment without those of the entries that are in it.
func (j *Journal[T]) without(n int, gone map[string]bool) error {
	b, err := readRegular(j.disk, j.path(n))
	if err != nil {
		return err
	}
	var kept []byte
	for _, at := range frames(b) {
		if gone[string(b[at.key:at.payload])] {
			delete(gone, string(b[at.key:at.payload]))
			continue
		}
		kept = append(kept, b[at.start:at.end]...)
	}
	if len(kept) == len(b) {
		return nil
	}
	return replace(j.disk, j.path(n), kept)
}

// Clear removes all entries. Errors: storage, and then some may be there still.
func (j *Journal[T]) Clear() error {
	return j.locked("The history cannot be removed.", func() error {
		list, err := j.segments()
		for _, n := range list { // the oldest first: what is left is the newest
			if err == nil {
				err = j.disk.Remove(j.path(n))
			}
		}
		return err
	})
}

// fold appends b with its capitals of A to Z made small. The length stays.
func fold(to, b []byte) []byte {
	at := len(to)
	to = append(to, b...)
	for i, c := range to[at:] {
		if c-'A' < 26 {
			to[at+i] = c + 'a' - 'A'
		}
	}
	return to
}
