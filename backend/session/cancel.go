package session

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"time"

	"desktop.tusk/backend/conn"
	"github.com/jackc/pgx/v5/pgproto3"
)

// The rungs of Cancel, counted from the call. The server ignores a request while it still reads the query, so it is
// asked again; a backend that traps cancels is terminated; one that honours nothing loses its socket.
var asks = []time.Duration{0, 150 * time.Millisecond, 700 * time.Millisecond}

const (
	terminateAt = 1500 * time.Millisecond
	closeAt     = 1900 * time.Millisecond
	// cancelWait is for the end of one request's socket. Cutting a request short brings PgBouncer 1.18 down.
	cancelWait = 15 * time.Second
)

// cancelConn notes that waiting for a cancel's answer ended otherwise than by the server closing the connection:
// CancelRequest answers nil after a reset or its own deadline too. cutKey marks the dial of a cancel.
type cancelConn struct {
	net.Conn
	cut *atomic.Bool
}

type cutKey struct{}

func (c cancelConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil && err != io.EOF {
		c.cut.Store(true)
	}
	return n, err
}

// Cancel asks for the end of this run. It never blocks, and does nothing when the run is over.
func (r *Run) Cancel() { r.cancelFor(nil) }

// cancelFor stops the run because of err; nil is the person's wish.
func (r *Run) cancelFor(err error) {
	s := r.s
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.stopped || r.over {
		return
	}
	r.stopped, r.stopAt, r.stopCause, r.state = true, time.Now(), err, StateStopping
	r.version++
	if r.abort != nil {
		r.abort()
	}
	if r.paused != nil {
		r.paused.GiveUp()
	}
	if r.live {
		go r.climb()
	}
}

// climb goes up the rungs. Each looks, under the lock, whether the run still goes on.
func (r *Run) climb() {
	r.s.closeSource()
	for _, d := range asks {
		if r.overBy(d) {
			return
		}
		if !r.failCopy() {
			go r.send(r.request)
		}
	}
	if r.overBy(terminateAt) {
		return
	}
	go r.send(r.terminate)
	if r.overBy(closeAt) {
		return
	}
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	if r.live {
		r.closed = true
		c := r.s.conn.Conn()
		if t, ok := c.(*tls.Conn); ok {
			c = t.NetConn() // closing the TLS layer would first write an alert, for up to 5 s
		}
		_ = c.Close()
	}
}

// overBy waits until d after Cancel, or less if the run ends before, and tells whether it has.
func (r *Run) overBy(d time.Duration) bool {
	t := time.NewTimer(time.Until(r.stopAt.Add(d)))
	defer t.Stop()
	select {
	case <-r.ended:
		return true
	case <-t.C:
		return false
	}
}

// send lets f send something to stop the run, unless it is over. No other run starts before f has returned.
func (r *Run) send(f func(*conn.Conn)) {
	s := r.s
	s.mu.Lock()
	c := s.conn
	ok := r.live && c != nil
	if ok {
		r.sent = true
		r.waits.Add(1)
	}
	s.mu.Unlock()
	if ok {
		defer r.waits.Done()
		f(c)
	}
}

func (r *Run) request(c *conn.Conn) {
	cut := new(atomic.Bool)
	ctx, stop := context.WithTimeout(context.WithValue(context.Background(), cutKey{}, cut), cancelWait)
	defer stop()
	// An error means that dialling or writing failed: nothing was delivered.
	if err := c.CancelRequest(ctx); err == nil && cut.Load() {
		r.s.mu.Lock()
		r.unsure = true
		r.s.mu.Unlock()
	}
}

func (r *Run) terminate(c *conn.Conn) {
	ctx, stop := context.WithDeadline(context.Background(), r.stopAt.Add(closeAt))
	defer stop()
	// When it fails the next rung closes the socket: there is nothing else to do about it.
	_ = r.s.pool.Terminate(ctx, c, func() bool { return !r.overBy(0) })
}

// sawCopyIn runs inside the read that met a CopyInResponse. CopyFrom answers the first one of a planned COPY; pgconn
// ignores all others, and both sides would wait for ever.
func (r *Run) sawCopyIn() {
	s := r.s
	s.mu.Lock()
	r.copies++
	r.copyIn = r.source == nil || r.copies > 1
	s.mu.Unlock()
	r.failCopy()
}

// failCopy frees a backend that waits for COPY data nobody will send, which a cancel cannot. In the simple protocol
// alone: the extended one needs a Sync after it, and COPY takes no parameters.
func (r *Run) failCopy() bool {
	s := r.s
	s.mu.Lock()
	ok := r.copyIn && r.live
	if ok {
		r.copyIn, r.noData = false, true
	}
	c := s.conn
	s.mu.Unlock()
	if !ok {
		return false
	}
	msg, err := (&pgproto3.CopyFail{Message: "no data was given"}).Encode(nil)
	if err != nil {
		return false
	}
	_, err = c.Conn().Write(msg)
	return err == nil
}

// source hands data to CopyFrom. Once the run is stopped it fails: an end of file would be sent as the end of the data,
// and half of it would be kept.
type source struct {
	run *Run
	r   io.Reader
	end chan struct{} // closed to free a Read of ours
}

func (c *source) Read(p []byte) (int, error) {
	select {
	case <-c.end:
		return 0, errStopped
	default:
	}
	n, err := c.r.Read(p)
	select {
	case <-c.end:
		return 0, errStopped
	default:
		return n, err
	}
}

// closeSource ends a planned COPY's data: after Cancel, and after the server's error, for which CopyFrom does not wait.
func (s *Session) closeSource() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != nil && s.run.source != nil && !s.run.sourceEnd {
		s.run.sourceEnd = true
		close(s.run.source.end)
	}
}

// settle ends the sending. The session is not free before every cancel was answered, or the connection is given up.
func (r *Run) settle() {
	s := r.s
	s.mu.Lock()
	c, late := s.conn, r.sent && !r.closed
	r.live, r.over = false, true
	close(r.ended)
	s.mu.Unlock()
	if late && c != nil {
		quiet := make(chan struct{})
		go func() { r.waits.Wait(); close(quiet) }()
		limit := time.NewTimer(time.Until(r.stopAt.Add(closeAt)))
		defer limit.Stop()
		select {
		case <-quiet:
			drain(c)
		case <-limit.C:
			s.mu.Lock()
			r.unsure = true
			s.mu.Unlock()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c == nil {
		return
	}
	if r.unsure || r.closed || c.IsClosed() {
		r.restarted = true
		s.conn, s.tx = nil, txState{}
		go c.Retire()
	}
}

// drain makes an empty round trip: a pooler that forwards a cancel late hits this instead of the next statement.
func drain(c *conn.Conn) {
	for range 3 {
		ctx, stop := context.WithTimeout(context.Background(), 500*time.Millisecond)
		err := c.Exec(ctx, "").Close()
		stop()
		if err == nil || c.IsClosed() {
			return
		}
	}
}
