package spool

import (
	"errors"
	"time"
)

// budgetEvery is how often a result that waits for room looks again: another may have been closed meanwhile.
const budgetEvery = 100 * time.Millisecond

// ErrGivenUp is what writing gives to a result whose remaining rows are not waited for any more.
var ErrGivenUp = errors.New("the rest of the rows was given up")

// SetBudget sets how many bytes the rows of all results may take on disk; 0 is no limit. A result that would go beyond
// waits, and so does the server that sends it, until there is room, Unlimit or GiveUp.
func (d *Dir) SetBudget(bytes int64) { d.budget.Store(bytes) }

// Budget is what SetBudget set.
func (d *Dir) Budget() int64 { return d.budget.Load() }

// OnPause has f told when the result begins to wait for room, and when it goes on. It is called from within Write, and set
// before the first.
func (r *Result) OnPause(f func(paused bool)) { r.onPause = f }

// Unlimit lets the result go beyond the budget.
func (r *Result) Unlimit() { r.unlimited.Store(true) }

// GiveUp ends waiting for room: Write gives ErrGivenUp.
func (r *Result) GiveUp() { r.giveUpOnce.Do(func() { close(r.givenUp) }) }

// room waits until n more bytes are within the budget.
func (r *Result) room(n int64) error {
	over := func() bool {
		budget := r.dir.budget.Load()
		return budget > 0 && !r.unlimited.Load() && r.dir.used.Load()+n > budget
	}
	if !over() {
		return nil
	}
	if r.onPause != nil {
		r.onPause(true)
		defer r.onPause(false)
	}
	tick := time.NewTicker(budgetEvery)
	defer tick.Stop()
	for over() {
		select {
		case <-r.givenUp:
			return ErrGivenUp
		case <-tick.C:
		}
	}
	return nil
}
