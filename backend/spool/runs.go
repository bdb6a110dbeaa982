package spool

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// entry is a row with its key: the first eight bytes here, those beyond in an arena. Keys are never the beginnings of
// one another, so zeros behind a short one change nothing.
type entry struct {
	prefix uint64
	row    uint32
	rest   uint32 // place in the arena plus one; 0 when there is no rest
}

// keyed is a row with its key, as it comes out of a run.
type keyed struct {
	prefix uint64
	row    uint32
	cut    bool // the key is only the beginning of one
	rest   []byte
}

func (a *keyed) compareKeys(b *keyed) int {
	if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
		return c
	}
	return bytes.Compare(a.rest, b.rest)
}

// sorter puts rows in the order of their keys, with as much memory as it is given; what does not fit goes to sorted runs
// on disk, which are merged at the end. Rows of equal keys stay in the order of their numbers.
type sorter struct {
	dir    *Dir
	limits limits
	tie    func(a, b uint32) (int, error) // decides between keys that were cut

	mu   sync.Mutex // guards what follows
	runs []run
	err  error
}

// A run is sorted: on disk, or still in a buffer.
type run struct {
	name string
	buf  *buffer
}

// buffer is where one worker collects.
type buffer struct {
	s       *sorter
	entries []entry
	scratch []entry
	arena   []byte
}

// limits bound the memory of sorting.
type limits struct {
	entries int // of one worker's buffer
	arena   int // bytes of keys beyond their first eight, of one worker
	fan     int // how many runs are merged at once
	groups  int // that one worker holds; 0 for groupsHeld
}

// sortLimits come to 9 MB a worker, and 8 MB for merging.
var sortLimits = limits{entries: 160 << 10, arena: 4 << 20, fan: 128}

// keyMax bounds the key of a text; what is beyond decides between those that are equal up to there.
const keyMax = 4 << 10

// buffer makes one for a worker; rows is how many there may be. It has its room from the beginning, for what grows leaves
// much behind.
func (s *sorter) buffer(rows int64) *buffer {
	n := int(min(rows, int64(s.limits.entries)))
	return &buffer{s: s, entries: make([]entry, 0, n), scratch: make([]entry, 0, n), arena: make([]byte, 0, min(n*24, s.limits.arena))}
}

// add takes a row. cut says that the key is only the beginning of one.
func (b *buffer) add(key []byte, row uint32, cut bool) error {
	if len(b.entries) >= b.s.limits.entries || len(b.arena) > 0 && len(b.arena)+len(key) > b.s.limits.arena {
		if err := b.flush(); err != nil {
			return err
		}
	}
	e := entry{row: row}
	var head [8]byte
	n := copy(head[:], key)
	e.prefix = binary.BigEndian.Uint64(head[:])
	if rest := key[n:]; len(rest) > 0 {
		e.rest = uint32(len(b.arena)) + 1
		size := uint32(len(rest)) << 1
		if cut {
			size |= 1
		}
		b.arena = append(binary.LittleEndian.AppendUint32(b.arena, size), rest...)
	}
	b.entries = append(b.entries, e)
	return nil
}

func (b *buffer) keyed(e entry) keyed {
	k := keyed{prefix: e.prefix, row: e.row}
	if e.rest > 0 {
		size := binary.LittleEndian.Uint32(b.arena[e.rest-1:])
		k.cut, k.rest = size&1 == 1, b.arena[e.rest+3:e.rest+3+size>>1]
	}
	return k
}

// sort puts the buffer in order: by radix where the first eight bytes differ, by comparing where they do not.
func (b *buffer) sort() error {
	if cap(b.scratch) < len(b.entries) {
		b.scratch = make([]entry, len(b.entries), cap(b.entries))
	}
	from, to := b.entries, b.scratch[:len(b.entries)]
	var all, any uint64 = ^uint64(0), 0
	for _, e := range from {
		all &= e.prefix
		any |= e.prefix
	}
	for shift := 0; shift < 64; shift += 8 {
		if (all^any)>>shift&0xff == 0 {
			continue // all have the same byte here
		}
		var place [257]int
		for _, e := range from {
			place[e.prefix>>shift&0xff+1]++
		}
		for i := 1; i < len(place); i++ {
			place[i] += place[i-1]
		}
		for _, e := range from {
			d := e.prefix >> shift & 0xff
			to[place[d]] = e
			place[d]++
		}
		from, to = to, from
	}
	b.entries, b.scratch = from, to
	for i := 0; i < len(from); {
		j := i + 1
		for j < len(from) && from[j].prefix == from[i].prefix {
			j++
		}
		if j-i > 1 && from[i].rest > 0 {
			slices.SortFunc(from[i:j], func(x, y entry) int {
				k, l := b.keyed(x), b.keyed(y)
				return b.s.order(&k, &l)
			})
		}
		i = j
	}
	return b.s.failed()
}

// flush writes the buffer as a run.
func (b *buffer) flush() (err error) {
	if err := b.sort(); err != nil {
		return err
	}
	w, err := b.s.create()
	if err != nil {
		return err
	}
	for _, e := range b.entries {
		k := b.keyed(e)
		if err := w.put(&k); err != nil {
			break // close tells it again
		}
	}
	b.entries, b.arena = b.entries[:0], b.arena[:0]
	name, err := w.close()
	b.s.add(run{name: name})
	return err
}

// done gives what is left in the buffer as a run.
func (b *buffer) done() error {
	if len(b.entries) == 0 {
		return nil
	}
	err := b.sort()
	b.scratch = nil
	b.s.add(run{buf: b})
	return err
}

func (s *sorter) add(r run) {
	s.mu.Lock()
	s.runs = append(s.runs, r)
	s.mu.Unlock()
}

// discard removes the runs on disk.
func (s *sorter) discard() {
	for _, r := range s.runs {
		if r.name != "" {
			_ = os.Remove(r.name)
		}
	}
	s.runs = nil
}

// runWriter writes a run: for each row the first eight bytes of the key, its number, the length of the rest, the rest.
type runWriter struct {
	f    *os.File
	w    *bufio.Writer
	head [12 + binary.MaxVarintLen32]byte
}

const runBuffer = 64 << 10

func (s *sorter) create() (*runWriter, error) {
	f, err := s.dir.create("run")
	if err != nil {
		return nil, fmt.Errorf("create a run of sorted rows: %w", err)
	}
	return &runWriter{f: f, w: bufio.NewWriterSize(f, runBuffer)}, nil
}

func (w *runWriter) put(k *keyed) error {
	head := w.head[:]
	binary.BigEndian.PutUint64(head, k.prefix)
	binary.BigEndian.PutUint32(head[8:], k.row)
	size := uint64(len(k.rest)) << 1
	if k.cut {
		size |= 1
	}
	n := 12 + binary.PutUvarint(head[12:], size)
	_, err := w.w.Write(head[:n])
	if len(k.rest) > 0 {
		_, err = w.w.Write(k.rest)
	}
	return err // a bufio.Writer keeps its first
}

func (w *runWriter) close() (string, error) {
	err := w.w.Flush()
	if e := w.f.Close(); err == nil {
		err = e
	}
	if err != nil {
		err = fmt.Errorf("write a run of sorted rows: %w", err)
	}
	return w.f.Name(), err
}

// source gives the rows of a run one after the other.
type source struct {
	keyed
	buf  *buffer
	at   int
	f    *os.File
	r    *bufio.Reader
	held []byte
}

// next goes to the next row; false at the end.
func (c *source) next() (bool, error) {
	if c.buf != nil {
		if c.at == len(c.buf.entries) {
			return false, nil
		}
		c.keyed = c.buf.keyed(c.buf.entries[c.at])
		c.at++
		return true, nil
	}
	head, err := c.r.Peek(12)
	if len(head) == 0 && err == io.EOF {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("read a run of sorted rows: %w", err)
	}
	c.prefix, c.row = binary.BigEndian.Uint64(head), binary.BigEndian.Uint32(head[8:])
	_, _ = c.r.Discard(12)
	first, err := c.r.ReadByte()
	size := uint64(first)
	if err == nil && first >= 0x80 {
		_ = c.r.UnreadByte()
		size, err = binary.ReadUvarint(c.r)
	}
	if err != nil {
		return false, fmt.Errorf("read a run of sorted rows: %w", err)
	}
	c.cut = size&1 == 1
	n := int(size >> 1)
	if cap(c.held) < n {
		c.held = make([]byte, n)
	}
	if c.rest = c.held[:n]; n == 0 {
		return true, nil
	}
	if _, err := io.ReadFull(c.r, c.rest); err != nil {
		return false, fmt.Errorf("read a run of sorted rows: %w", err)
	}
	return true, nil
}

// merge gives all rows in order. The key is good until fn returns.
func (s *sorter) merge(ctx context.Context, p *Progress, fn func(k *keyed) error) error {
	for len(s.runs) > s.limits.fan {
		some := s.runs[:s.limits.fan]
		w, err := s.create()
		if err != nil {
			return err
		}
		err = s.mergeRuns(ctx, nil, some, w.put)
		name, closed := w.close()
		for _, r := range some {
			if r.name != "" {
				_ = os.Remove(r.name)
			}
		}
		s.runs = append(slices.Clone(s.runs[s.limits.fan:]), run{name: name})
		if err := errors.Join(err, closed); err != nil {
			return err
		}
	}
	return s.mergeRuns(ctx, p, s.runs, fn)
}

// mergeRuns merges with a heap of the runs' first rows.
func (s *sorter) mergeRuns(ctx context.Context, p *Progress, runs []run, fn func(k *keyed) error) error {
	var heap []*source
	defer func() {
		for _, c := range heap {
			if c.f != nil {
				_ = c.f.Close()
			}
		}
	}()
	for _, r := range runs {
		c := &source{buf: r.buf}
		if r.name != "" {
			f, err := os.Open(r.name)
			if err != nil {
				return fmt.Errorf("open a run of sorted rows: %w", err)
			}
			c.f, c.r = f, bufio.NewReaderSize(f, runBuffer)
		}
		heap = append(heap, c)
		if ok, err := c.next(); err != nil {
			return err
		} else if !ok {
			heap = heap[:len(heap)-1]
			c.shut()
		}
	}
	for i := len(heap)/2 - 1; i >= 0; i-- {
		s.sink(heap, i)
	}
	for n := int64(1); len(heap) > 0; n++ {
		if n%progressEvery == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			if p != nil {
				p.add(progressEvery)
			}
		}
		top := heap[0]
		if err := fn(&top.keyed); err != nil {
			return err
		}
		ok, err := top.next()
		if err != nil {
			return err
		}
		if !ok {
			top.shut()
			last := len(heap) - 1
			heap[0] = heap[last]
			heap = heap[:last]
		}
		s.sink(heap, 0)
	}
	return s.failed()
}

func (s *sorter) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

const progressEvery = 4096

func (c *source) shut() {
	if c.f != nil {
		_ = c.f.Close()
		c.f = nil
	}
}

// sink moves a row down the heap to its place.
func (s *sorter) sink(heap []*source, i int) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if right := child + 1; right < len(heap) && s.less(&heap[right].keyed, &heap[child].keyed) {
			child = right
		}
		if !s.less(&heap[child].keyed, &heap[i].keyed) {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}

func (s *sorter) less(a, b *keyed) bool { return s.order(a, b) < 0 }

// order compares keys, what is beyond them where they were cut, and the numbers of the rows.
func (s *sorter) order(a, b *keyed) int {
	if c := a.compareKeys(b); c != 0 {
		return c
	}
	if a.cut && b.cut {
		c, err := s.tie(a.row, b.row)
		if err != nil {
			s.mu.Lock()
			s.err = errors.Join(s.err, err)
			s.mu.Unlock()
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.row, b.row)
}
