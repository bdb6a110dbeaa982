package spool

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sort"
	"sync"
	"sync/atomic"
)

// memLimit is what a result may take in memory before it moves to a file, memTotal what all of them may together: a
// script of a hundred thousand selects has as many results.
const (
	memLimit = 64 << 10
	memTotal = 16 << 20
)

// markChunk is how many marks are allocated at once: ten million rows then take 2.5 MB of them and copy none.
const markChunk = 4096

// Result is one set of rows. It is a Sink for one writer; reading is safe from any goroutine, also while rows come.
type Result struct {
	dir     *Dir
	columns []Column

	rows, bytes, onDisk atomic.Int64
	complete, unlimited atomic.Bool
	onPause             func(paused bool)
	givenUp             chan struct{} // closed by GiveUp
	giveUpOnce          sync.Once

	mu       sync.RWMutex // guards the fields below; held while reading bytes, so that Release cannot take them away
	mem      []byte       // all bytes, until there is a file
	file     *os.File     // while rows come
	name     string       // of the file, once there is one
	fileErr  error
	chunks   [][]Mark
	holds    int  // readers that need the rows to the end of their work
	unwanted bool // Release was called
	released bool
	grown    chan struct{} // closed and replaced when rows were committed, or none will come
}

// Columns describes the columns.
func (r *Result) Columns() []Column { return r.columns }

// Rows tells how many rows can be read now.
func (r *Result) Rows() int64 { return r.rows.Load() }

// Bytes tells how many bytes the rows take.
func (r *Result) Bytes() int64 { return r.bytes.Load() }

// Complete tells that no more rows will come.
func (r *Result) Complete() bool { return r.complete.Load() }

// Write appends to the rows; for the Tap.
func (r *Result) Write(p []byte, marks []Mark) error {
	r.mu.Lock()
	for _, m := range marks {
		if n := len(r.chunks); n == 0 || len(r.chunks[n-1]) == markChunk {
			size := markChunk
			if n == 0 {
				size = 16 // most results are small; append grows this one
			}
			r.chunks = append(r.chunks, make([]Mark, 0, size))
		}
		last := len(r.chunks) - 1
		r.chunks[last] = append(r.chunks[last], m)
	}
	file := r.file
	if r.released {
		r.mu.Unlock()
		return nil // nobody will read them
	}
	if file == nil && len(r.mem)+len(p) <= memLimit && r.dir.inMemory.Load()+int64(len(p)) <= memTotal {
		r.mem = append(r.mem, p...)
		r.dir.inMemory.Add(int64(len(p)))
		r.mu.Unlock()
		return nil
	}
	r.mu.Unlock()
	if err := r.room(int64(len(p))); err != nil {
		return err
	}
	r.mu.Lock()
	if r.released {
		r.mu.Unlock()
		return nil
	}
	if file == nil {
		if file, r.fileErr = r.dir.create("rows"); r.fileErr != nil {
			r.mu.Unlock()
			return fmt.Errorf("create result file: %w", r.fileErr)
		}
		if _, err := file.Write(r.mem); err != nil {
			_ = file.Close()
			r.mu.Unlock()
			return fmt.Errorf("write result file: %w", err)
		}
		r.onDisk.Store(int64(len(r.mem)))
		r.dir.used.Add(int64(len(r.mem)))
		r.dir.inMemory.Add(-int64(len(r.mem)))
		r.file, r.name, r.mem = file, file.Name(), nil
	}
	r.mu.Unlock()
	// Release may close the file meanwhile; the write then fails, and nobody minds.
	n, err := file.Write(p)
	r.mu.Lock()
	if !r.released { // which has given back what was counted
		r.onDisk.Add(int64(n))
		r.dir.used.Add(int64(n))
	}
	r.mu.Unlock()
	if err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("write result file: %w", err)
	}
	return nil
}

// Commit makes rows readable; for the Tap.
func (r *Result) Commit(rows, bytes int64) {
	if rows == r.rows.Load() {
		return
	}
	r.bytes.Store(bytes)
	r.rows.Store(rows)
	r.signal()
}

// Finish says that no more rows will come. The file is closed: from here on each reader opens it for itself, so that
// thousands of results take no descriptors.
func (r *Result) Finish() {
	r.mu.Lock()
	if r.file != nil {
		_ = r.file.Close() // every write has been looked at
		r.file = nil
	}
	r.mu.Unlock()
	r.complete.Store(true)
	r.signal()
}

func (r *Result) signal() {
	r.mu.Lock()
	close(r.grown)
	r.grown = make(chan struct{})
	r.mu.Unlock()
}

// Grown gives a channel that is closed when the next rows are committed or the result is complete.
func (r *Result) Grown() <-chan struct{} {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.grown
}

// Hold keeps the rows over a Release until the function it gives is called. It is false when they are gone already.
func (r *Result) Hold() (letGo func(), ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.released {
		return nil, false
	}
	r.holds++
	return func() {
		r.mu.Lock()
		r.holds--
		last := r.unwanted && r.holds == 0
		r.mu.Unlock()
		if last {
			r.Release()
		}
	}, true
}

// Release removes the rows, or has the last who holds them do it. Reading afterwards gives an error.
func (r *Result) Release() {
	r.mu.Lock()
	r.unwanted = true
	held := r.holds > 0
	r.mu.Unlock()
	if held {
		r.Finish() // whoever released it has nobody that writes
		return
	}
	r.dir.mu.Lock()
	delete(r.dir.results, r)
	r.dir.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.released {
		return
	}
	r.GiveUp()
	r.dir.used.Add(-r.onDisk.Load())
	r.dir.inMemory.Add(-int64(len(r.mem)))
	r.released, r.mem, r.chunks = true, nil, nil
	if r.file != nil {
		_ = r.file.Close()
		r.file = nil
	}
	if r.name != "" {
		_ = os.Remove(r.name)
	}
}

// errReleased is what reading a released result gives.
var errReleased = fmt.Errorf("the result is closed: %w", os.ErrClosed)

// reader gives what the bytes are read from, and how to be done with it. The caller holds r.mu for reading, until done.
func (r *Result) reader() (from io.ReaderAt, done func(), err error) {
	switch {
	case r.released:
		return nil, nil, errReleased
	case r.file != nil:
		return r.file, func() {}, nil
	case r.name == "":
		return bytes.NewReader(r.mem), func() {}, nil
	}
	f, err := os.Open(r.name)
	if err != nil {
		return nil, nil, fmt.Errorf("open result file: %w", err)
	}
	return f, func() { _ = f.Close() }, nil
}

// seek finds the last mark at or before row. The caller holds r.mu for reading.
func (r *Result) seek(row int64) Mark {
	m, _ := r.block(row)
	return m
}

// block is seek, with where the next mark is; 0 behind the last one.
func (r *Result) block(row int64) (from Mark, end int64) {
	i := r.markBefore(row)
	if i < 0 {
		return Mark{}, 0
	}
	from, _ = r.mark(i)
	if next, ok := r.mark(i + 1); ok {
		end = next.Offset
	}
	return from, end
}

// markBefore is the number of the last mark at or before row; -1 when there is none. The caller holds r.mu for reading.
func (r *Result) markBefore(row int64) int {
	c := sort.Search(len(r.chunks), func(i int) bool { return r.chunks[i][0].Row > row }) - 1
	if c < 0 {
		return -1
	}
	marks := r.chunks[c]
	return c*markChunk + sort.Search(len(marks), func(i int) bool { return marks[i].Row > row }) - 1
}
