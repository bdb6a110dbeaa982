package spool

import (
	"context"
	"encoding/binary"
	"errors"
	"runtime/debug"
	"slices"
	"sync"
)

// Rows that are wanted in another order than they lie in the file are read in the file's order, as many as can be held,
// and given from memory. Otherwise a block is read for each.
const (
	gatherBytes = 8 << 20
	gatherRows  = 1 << 18
	gatherFrame = 64 << 10 // longer rows are not held
)

// gatherer holds rows between their being read and their being given.
type gatherer struct {
	of     *Result
	rows   int64 // held at once, about
	arena  []byte
	at     []int32  // where in the arena a row begins, by its place in the order; -1 when it is not held
	sorted []uint64 // a row's number, and in the lower half its place
	held   held
}

// gatherer gives one for n rows when that is worth it: nil for few rows, for long ones, and while another has the memory.
func (r *Result) gatherer(n int64, most int, fn func(row int64, cells [][]byte) error) *gatherer {
	of := r.rows.Load()
	if of == 0 {
		return nil
	}
	each := r.bytes.Load()/of + 1
	rows := min(n, gatherRows, gatherBytes*7/8/each) // some parts have longer rows than others
	if rows < 4*eachBatch || !r.dir.gathers.TryLock() {
		return nil
	}
	return &gatherer{of: r, rows: rows, arena: make([]byte, rows*each*8/7+gatherFrame), held: held{rec: record{r: r}, most: most, fn: fn}}
}

func (g *gatherer) done() {
	long := len(g.arena) > gatherBytes/2
	g.arena, g.held = nil, held{} // which has parts of it
	if long {
		debug.FreeOSMemory() // it is not kept until the collector comes by
	}
	g.of.dir.gathers.Unlock()
}

// read holds the rows of a list.
func (g *gatherer) read(ctx context.Context, list []int64) error {
	g.sorted, g.at = g.sorted[:0], slices.Grow(g.at[:0], len(list))[:len(list)]
	for i, row := range list {
		g.sorted = append(g.sorted, uint64(row)<<32|uint64(i))
	}
	slices.Sort(g.sorted)
	n := scanWorkers()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for worker := range n {
		part := func(all int) (from, to int) { return all * worker / n, all * (worker + 1) / n }
		wg.Go(func() {
			from, to := part(len(g.sorted))
			start, end := part(len(g.arena))
			errs[worker] = g.readPart(ctx, g.sorted[from:to], start, end)
		})
	}
	wg.Wait()
	held := 0
	for _, at := range g.at {
		if at >= 0 {
			held++
		}
	}
	if held < len(list)/2 { // these rows are longer than the others of the result
		g.rows = max(4*eachBatch, int64(held))
	}
	return errors.Join(errs...)
}

// readPart holds rows between two places of the arena.
func (g *gatherer) readPart(ctx context.Context, sorted []uint64, start, end int) error {
	list := make([]int64, 0, eachBatch)
	// In batches, so that whoever receives rows meanwhile does not wait for all of them.
	for batch := range slices.Chunk(sorted, eachBatch) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		list = list[:0]
		for _, s := range batch {
			list = append(list, int64(s>>32))
		}
		err := g.of.walkList(0, list, func(w *walker, i int64) error {
			place := uint32(batch[i])
			size := int(w.next - w.at)
			if size > gatherFrame || start+7+size > end {
				g.at[place] = -1
				return nil
			}
			g.at[place] = int32(start)
			frame := append(g.arena[start:start:end], 'D')
			frame = binary.BigEndian.AppendUint32(frame, uint32(6+size))
			frame = binary.BigEndian.AppendUint16(frame, uint16(w.columns))
			frame, err := w.appendTo(frame, size)
			start += len(frame)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each gives the rows of the list that was read; those that are not held to direct.
func (g *gatherer) each(first int64, list []int64, direct func(*walker, int64) error) error {
	arena := chunk{end: int64(len(g.arena)), data: g.arena}
	for i := 0; i < len(list); i++ {
		row := list[i]
		if g.at[i] < 0 {
			end := i + 1
			for end < len(list) && g.at[end] < 0 && end-i < eachBatch {
				end++
			}
			if err := g.of.walkList(first+int64(i), list[i:end], direct); err != nil {
				return err
			}
			i = end - 1
			continue
		}
		if err := g.held.rec.begin(arena, row, int64(g.at[i])); err != nil {
			return err
		}
		if err := g.held.give(first + int64(i)); err != nil {
			return err
		}
	}
	return nil
}
