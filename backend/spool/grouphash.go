package spool

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// groupHash collects groups by key in as much memory as it is given. What does not fit goes to runs on disk, sorted by
// key, in which groups of the same key are put together at the end.
type groupHash struct {
	dir    *Dir
	groups int // that one worker holds at most
	bytes  int // that they take, about
	merge  func(into, from *group) error

	mu   sync.Mutex // guards runs
	runs []groupRun
}

// groupRun is sorted: on disk, or in memory.
type groupRun struct {
	name string
	held []keyedGroup
}

type keyedGroup struct {
	key string
	*group
}

// hashPart is what one worker collects.
type hashPart struct {
	h     *groupHash
	held  map[string]*group
	bytes int
}

// groupCost is what a group takes beside its texts: itself, its place in the map.
const groupCost = 160

func (h *groupHash) part() *hashPart { return &hashPart{h: h, held: map[string]*group{}} }

// full tells whether the worker has to flush before it takes another group.
func (p *hashPart) full() bool { return len(p.held) >= p.h.groups || p.bytes >= p.h.bytes }

// take gives the sorted groups and forgets them.
func (p *hashPart) take() []keyedGroup {
	list := make([]keyedGroup, 0, len(p.held))
	for key, g := range p.held {
		list = append(list, keyedGroup{key, g})
	}
	slices.SortFunc(list, func(a, b keyedGroup) int { return cmp.Compare(a.key, b.key) })
	clear(p.held)
	p.bytes = 0
	return list
}

// flush writes a run.
func (p *hashPart) flush() error {
	w, err := p.h.create()
	if err != nil {
		return err
	}
	for _, g := range p.take() {
		if err = w.put([]byte(g.key), g.group); err != nil {
			break
		}
	}
	return w.close(err)
}

// done gives what is left as a run in memory.
func (p *hashPart) done() {
	p.h.mu.Lock()
	defer p.h.mu.Unlock()
	if len(p.held) > 0 {
		p.h.runs = append(p.h.runs, groupRun{held: p.take()})
	}
	p.held = nil
}

// discard removes the runs on disk.
func (h *groupHash) discard() {
	for _, r := range h.runs {
		if r.name != "" {
			_ = os.Remove(r.name)
		}
	}
	h.runs = nil
}

// groupWriter writes a run: for each group the lengths of key and state, key, state.
type groupWriter struct {
	h     *groupHash
	f     *os.File
	w     *bufio.Writer
	state []byte
	head  [2 * binary.MaxVarintLen64]byte
}

func (h *groupHash) create() (*groupWriter, error) {
	f, err := h.dir.create("run")
	if err != nil {
		return nil, fmt.Errorf("create a run of groups: %w", err)
	}
	return &groupWriter{h: h, f: f, w: bufio.NewWriterSize(f, runBuffer)}, nil
}

func (w *groupWriter) put(key []byte, g *group) error {
	w.state = g.encode(w.state[:0])
	n := binary.PutUvarint(w.head[:], uint64(len(key)))
	n += binary.PutUvarint(w.head[n:], uint64(len(w.state)))
	for _, b := range [][]byte{w.head[:n], key, w.state} {
		if _, err := w.w.Write(b); err != nil {
			return fmt.Errorf("write a run of groups: %w", err)
		}
	}
	return nil
}

// close keeps the run, after an error too, so that it is removed with the others.
func (w *groupWriter) close(err error) error {
	flushed := w.w.Flush()
	closed := w.f.Close()
	w.h.mu.Lock()
	w.h.runs = append(w.h.runs, groupRun{name: w.f.Name()})
	w.h.mu.Unlock()
	if err = errors.Join(err, flushed, closed); err != nil {
		return fmt.Errorf("write a run of groups: %w", err)
	}
	return nil
}

// groupFan is how many runs are merged at once.
const groupFan = 64

// each gives all groups in the order of their keys, which are good until fn returns. It is for once.
func (h *groupHash) each(ctx context.Context, fn func(key []byte, g *group) error) error {
	for len(h.runs) > groupFan {
		w, err := h.create()
		if err != nil {
			return err
		}
		some := h.runs[:groupFan:groupFan]
		err = h.mergeRuns(ctx, some, w.put)
		for _, r := range some {
			if r.name != "" {
				_ = os.Remove(r.name)
			}
		}
		h.runs = slices.Clone(h.runs[groupFan:])
		if err := w.close(err); err != nil {
			return err
		}
	}
	return h.mergeRuns(ctx, h.runs, fn)
}

func (h *groupHash) mergeRuns(ctx context.Context, runs []groupRun, fn func(key []byte, g *group) error) (err error) {
	var open groupHeap
	defer func() {
		for _, s := range open {
			s.close()
		}
	}()
	for _, r := range runs {
		s := &groupSource{held: r.held}
		if r.name != "" {
			if s.f, err = os.Open(r.name); err != nil {
				return fmt.Errorf("open a run of groups: %w", err)
			}
			s.r = bufio.NewReaderSize(s.f, runBuffer/2)
		}
		open = append(open, s)
		if ok, err := s.next(); err != nil {
			return err
		} else if !ok {
			s.close()
			open = open[:len(open)-1]
		}
	}
	heap.Init(&open)
	var key []byte
	for n := 1; len(open) > 0; n++ {
		if n%stopEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key = append(key[:0], open[0].key...)
		g, err := open.pop()
		if err != nil {
			return err
		}
		for len(open) > 0 && bytes.Equal(open[0].key, key) {
			other, err := open.pop()
			if err != nil {
				return err
			}
			if err := h.merge(g, other); err != nil {
				return err
			}
		}
		if err := fn(key, g); err != nil {
			return err
		}
	}
	return nil
}

// groupSource gives the groups of a run one after the other.
type groupSource struct {
	key   []byte
	g     *group
	held  []keyedGroup
	f     *os.File
	r     *bufio.Reader
	state []byte
}

func (s *groupSource) next() (bool, error) {
	if s.r == nil {
		if len(s.held) == 0 {
			return false, nil
		}
		s.key, s.g, s.held = append(s.key[:0], s.held[0].key...), s.held[0].group, s.held[1:]
		return true, nil
	}
	keyLength, err := binary.ReadUvarint(s.r)
	if err == io.EOF {
		return false, nil
	}
	stateLength, err2 := binary.ReadUvarint(s.r)
	if err = errors.Join(err, err2); err == nil {
		s.key = append(s.key[:0], make([]byte, keyLength)...)
		s.state = append(s.state[:0], make([]byte, stateLength)...)
		_, err = io.ReadFull(s.r, s.key)
	}
	if err == nil {
		_, err = io.ReadFull(s.r, s.state)
	}
	if err == nil {
		s.g, err = decodeGroup(s.state)
	}
	if err != nil {
		return false, fmt.Errorf("read a run of groups: %w", err)
	}
	return true, nil
}

func (s *groupSource) close() {
	if s.f != nil {
		_ = s.f.Close()
		s.f = nil
	}
}

// groupHeap has the source of the smallest key first, and of equal ones that of the earlier row.
type groupHeap []*groupSource

func (h groupHeap) Len() int { return len(h) }
func (h groupHeap) Less(i, j int) bool {
	return cmp.Or(bytes.Compare(h[i].key, h[j].key), cmp.Compare(h[i].g.row, h[j].g.row)) < 0
}
func (h groupHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *groupHeap) Push(x any)   { *h = append(*h, x.(*groupSource)) }
func (h *groupHeap) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	*h = (*h)[:last]
	return s
}

// pop takes the first group.
func (h *groupHeap) pop() (*group, error) {
	s := (*h)[0]
	g := s.g
	ok, err := s.next()
	if err != nil {
		return nil, err
	}
	if ok {
		heap.Fix(h, 0)
	} else {
		s.close()
		heap.Pop(h)
	}
	return g, nil
}
