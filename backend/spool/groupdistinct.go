package spool

import (
	"bytes"
	"context"
	"errors"
	"iter"
)

// counter goes through the different values of each Distinct beside the groups: both are in the order of the keys.
type counter struct {
	list []counted
}

// counted is one of them. held is a group's key and a value's behind it; nil at the end.
type counted struct {
	aggregate int
	held      []byte
	next      func() ([]byte, error, bool)
	stop      func()
}

var errEnough = errors.New("no more is asked for")

func (w *grouper) counts(ctx context.Context) *counter {
	c := &counter{}
	for i, h := range w.different {
		if h == nil {
			continue
		}
		next, stop := iter.Pull2(func(yield func([]byte, error) bool) {
			err := h.each(ctx, func(key []byte, _ *group) error {
				if !yield(key, nil) {
					return errEnough
				}
				return nil
			})
			if err != nil && !errors.Is(err, errEnough) {
				yield(nil, err)
			}
		})
		c.list = append(c.list, counted{aggregate: i, next: next, stop: stop, held: []byte{}})
	}
	return c
}

// into counts the values of a group.
func (c *counter) into(key []byte, g *group) error {
	for i := range c.list {
		d := &c.list[i]
		for d.held != nil {
			if len(d.held) > 0 {
				if !bytes.HasPrefix(d.held, key) {
					break
				}
				g.tally[d.aggregate].n++
			}
			more, err, ok := d.next()
			if err != nil {
				return err
			}
			if d.held = nil; ok {
				d.held = append([]byte{}, more...)
			}
		}
	}
	return nil
}

func (c *counter) close() {
	for _, d := range c.list {
		d.stop()
	}
}
