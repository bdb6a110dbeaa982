package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync/atomic"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// fromResult writes the rows of a result.
func (j *export) fromResult(ctx context.Context, encoder transfer.Encoder) error {
	shown := make([]spool.Column, len(j.columns))
	for i, c := range j.columns {
		shown[i] = j.rows.Columns()[c]
		shown[i].Name = j.names[i]
	}
	if err := encoder.Begin(shown); err != nil {
		return err
	}
	return j.each(ctx, encoder.Row)
}

// each gives the rows that were asked for, and waits for those that are still to come.
func (j *export) each(ctx context.Context, row func([][]byte) error) error {
	cells := make([][]byte, len(j.columns))
	blank := blankOf(j.format.Name)
	one := func(n int64, all [][]byte) error {
		if j.written.Add(1)%cancelEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i, c := range j.columns {
			if cells[i] = all[c]; j.places != nil && !inRanges(j.req.Ranges, int(n), j.places[i]) {
				cells[i] = blank
			}
		}
		defer clear(cells) // a long cell is given back before the next one is read
		return row(cells)
	}
	if len(j.req.Ranges) > 0 {
		spans := rowSpans(j.req.Ranges, int(j.rows.Rows()))
		total := int64(0)
		for _, s := range spans {
			total += int64(s[1] - s[0] + 1)
		}
		j.total.Store(total + 1)
		for _, s := range spans {
			if err := j.some(ctx, int64(s[0]), int64(s[1])+1, one); err != nil {
				return err
			}
		}
		return nil
	}
	limit := int64(j.req.Rows)
	for at := int64(0); ; {
		grown := j.rows.Grown()
		complete := j.rows.Complete() // before the count, or its last rows could be missed
		to := j.rows.Rows()
		if limit > 0 && to >= limit {
			to, complete = limit, true
		}
		if complete {
			j.total.Store(to + 1)
		}
		if err := j.some(ctx, at, to, one); err != nil {
			return err
		}
		if at = to; complete {
			j.partial.Store(limit == 0 && !j.whole())
			return ctx.Err()
		}
		select {
		case <-grown:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// some reads rows for the format.
func (j *export) some(ctx context.Context, from, to int64, one func(int64, [][]byte) error) error {
	most := j.format.MostRow
	if most == 0 {
		most = math.MaxInt
	}
	err := j.rows.EachWithin(ctx, most, from, to, one)
	if long := (spool.LongRow{}); errors.As(err, &long) {
		return apperr.E(apperr.Limit, fmt.Sprintf("Row %d is too long for a file of %s: it has more than %d MB.", long.Row+1, j.format.Name, most>>20), apperr.Hint("Leave out its long column, or choose CSV."))
	}
	if err != nil {
		return ours(err)
	}
	return nil
}

// counter counts what goes into the file, until ctx ends: a workbook is written when all of its rows are there, and that
// may take longer than somebody waits who has cancelled.
type counter struct {
	ctx context.Context
	w   io.Writer
	n   *atomic.Int64
}

func (c *counter) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.w.Write(p)
	c.n.Add(int64(n))
	return n, err
}
