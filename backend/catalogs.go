package backend

import (
	"context"
	"math"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/conn"
)

// fillLimit is how long reading all columns may take, over a slow network and from a huge database.
const fillLimit = 2 * time.Minute

// shelf holds what is known of a connection's database. Its fields are guarded by AppState.mu.
type shelf struct {
	current *catalog.Catalog
	names   *names // current, as suggest wants it
	err     error  // why the latest reading failed
	asked   int    // how many times it was asked for
	read    int    // which of these the latest reading that is over answers
	running bool
	changed chan struct{} // closed and made anew with each reading that is over
}

// reachable finds a connection that has its pool. Errors: lost.
func (a *AppState) reachable(connectionID string) (*connection, *conn.Pool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.connections[connectionID]
	if a.closed || c == nil || c.pool == nil {
		return nil, nil, apperr.E(apperr.Lost, "This connection is closed.", apperr.Hint("Connect again to see what is in the database."))
	}
	return c, c.pool, nil
}

// catalog gives the catalog of a connection, read before or now. Errors: lost, and those of reading it.
func (a *AppState) catalog(connectionID string) (*catalog.Catalog, *conn.Pool, error) {
	c, pool, err := a.reachable(connectionID)
	if err != nil {
		return nil, nil, err
	}
	a.mu.Lock()
	have := c.shelf.current
	a.mu.Unlock()
	if have == nil {
		if have, err = a.await(c, false); err != nil {
			return nil, nil, err
		}
	}
	return have, pool, nil
}

// catalogOf is the catalog of a connection as far as it is known; nil before it was read, which this starts.
func (a *AppState) catalogOf(connectionID string) *catalog.Catalog {
	c, _ := a.known(connectionID)
	return c
}

// namesOf is catalogOf for package suggest; nil when nothing is known yet.
func (a *AppState) namesOf(connectionID string) *names {
	_, n := a.known(connectionID)
	return n
}

func (a *AppState) known(connectionID string) (*catalog.Catalog, *names) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := a.connections[connectionID]
	if c == nil || c.pool == nil {
		return nil, nil
	}
	if c.shelf.current == nil && !c.shelf.running {
		a.ask(c)
	}
	return c.shelf.current, c.shelf.names
}

// readAgain reads the catalog of a connection again in the background, if it was read before.
func (a *AppState) readAgain(connectionID string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.connections[connectionID]; c != nil && c.pool != nil && c.shelf.asked > 0 {
		a.ask(c)
	}
}

// ask has the catalog read, once for all who ask before the reading begins. It gives the number of the question. The
// caller holds a.mu.
func (a *AppState) ask(c *connection) int {
	s := &c.shelf
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	s.asked++
	if !s.running && !a.closed {
		s.running = true
		a.start(func() { a.readCatalog(c) })
	}
	return s.asked
}

// await asks for the catalog and waits for it. Without again a reading that is under way will do.
func (a *AppState) await(c *connection, again bool) (*catalog.Catalog, error) {
	a.mu.Lock()
	s := &c.shelf
	number := s.asked
	if again || !s.running {
		number = a.ask(c)
	}
	for s.read < number {
		changed := s.changed
		a.mu.Unlock()
		select {
		case <-changed:
		case <-c.ctx.Done():
			return nil, apperr.E(apperr.Lost, "This connection is closed.")
		}
		a.mu.Lock()
	}
	defer a.mu.Unlock()
	if s.err != nil {
		return nil, s.err
	}
	return s.current, nil
}

// readCatalog reads a connection's catalog until nobody asks any more: first schemas and relations, which are told at
// once, then all the rest.
func (a *AppState) readCatalog(c *connection) {
	defer func() {
		if p := recover(); p != nil { // whoever waits must not wait for ever
			a.mu.Lock()
			asked := c.shelf.asked
			a.mu.Unlock()
			a.shelve(c, asked, nil, apperr.E(apperr.Internal, "", apperr.Op("catalog.read")))
			a.rest(c, math.MaxInt)
			panic(p)
		}
	}()
	for {
		a.mu.Lock()
		number, before, pool := c.shelf.asked, c.shelf.current, c.pool
		a.mu.Unlock()
		begin := time.Now()
		next, err := catalog.Load(c.ctx, pool, before)
		a.shelve(c, number, next, err)
		took := time.Since(begin)
		if err == nil && !a.askedSince(c, number) { // whoever goes on changing things is waited for
			var full *catalog.Catalog
			ctx, stop := context.WithTimeout(c.ctx, fillLimit)
			if full, err = next.Fill(ctx, pool); err == nil {
				full.Index()
				a.shelve(c, number, full, nil)
			}
			stop()
		}
		a.log.Debug().Str("connection", c.public.ID).Dur("tree", took).Dur("all", time.Since(begin)).Err(err).Msg("catalog read")
		if a.rest(c, number) {
			return
		}
	}
}

// shelve puts a catalog, or why there is none, in its place, lets go who waits, and tells the window.
func (a *AppState) shelve(c *connection, number int, next *catalog.Catalog, err error) {
	var known *names
	if next != nil {
		known = newNames(next)
	}
	a.mu.Lock()
	s := &c.shelf
	s.read, s.err = number, err
	if next != nil {
		s.current, s.names = next, known
	}
	close(s.changed)
	s.changed = make(chan struct{})
	a.mu.Unlock()
	if next != nil {
		a.config.Desktop.Emit(EventCatalog, CatalogEvent{ConnectionID: c.public.ID, Version: next.Version(), Complete: next.Complete()})
	}
}

func (a *AppState) askedSince(c *connection, number int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return c.shelf.asked > number
}

// rest ends the reading if nobody asked since, or the connection is over.
func (a *AppState) rest(c *connection, number int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	c.shelf.running = c.shelf.asked > number && c.ctx.Err() == nil
	return !c.shelf.running
}
