// Package instance lets a data directory have one window: who comes later hands over what it was started with, and ends.
//
// The first one holds a lock that goes with its process, listens on a port of the loopback, and leaves the port and a
// token in a file that only its user can read. That needs no D-Bus, works alike on all systems, and knows no limit of
// a path's length, as Unix sockets do. A window that hangs does not keep the next one from opening.
package instance

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// ErrSilent is Claim's when the one who holds the directory does not take the message.
var ErrSilent = errors.New("the window that is open does not answer")

const (
	patience   = 3 * time.Second       // how long Claim tries: a window takes half a second to listen
	between    = 20 * time.Millisecond // two tries
	maxMessage = 64 << 20
)

// Holder is the process that has the directory.
type Holder struct {
	lock     *flock.Flock
	listener net.Listener
	token    string
	work     sync.WaitGroup
}

// address is what the holder leaves in its file.
type address struct {
	Port  int    `json:"port"`
	Token string `json:"token"`
}

// The conversation: the token, "ready", the message, "taken", each a line of JSON. A message is sent only to one who
// listens now: a window that hung for a while would otherwise open what another has opened since.
const ready, taken = "ready", "taken"

func lockFile(dir string) string    { return filepath.Join(dir, "window.lock") }
func addressFile(dir string) string { return filepath.Join(dir, "window.json") }

// Claim makes this process the holder of a directory that exists, or hands the message, which is JSON, to the one that
// is; then it answers nil without an error. Errors: ErrSilent after three seconds, and those of the directory.
func Claim(dir string, message []byte) (*Holder, error) {
	var last error
	for begin := time.Now(); ; time.Sleep(between) {
		lock := flock.New(lockFile(dir), flock.SetPermissions(0o600))
		got, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock: %w", err)
		}
		if got {
			return hold(dir, lock)
		}
		if last = deliver(dir, message, begin.Add(patience)); last == nil {
			return nil, nil
		}
		if time.Since(begin) > patience {
			return nil, fmt.Errorf("%w: %w", ErrSilent, last)
		}
	}
}

// hold listens, and tells where.
func hold(dir string, lock *flock.Flock) (*Holder, error) {
	h := &Holder{lock: lock, token: rand.Text()}
	err := func() (err error) {
		if h.listener, err = new(net.ListenConfig).Listen(context.Background(), "tcp4", "127.0.0.1:0"); err != nil {
			return err
		}
		text, err := json.Marshal(address{h.listener.Addr().(*net.TCPAddr).Port, h.token})
		if err != nil {
			return err
		}
		unfinished := addressFile(dir) + ".new"
		if err := os.WriteFile(unfinished, text, 0o600); err != nil {
			return err
		}
		return os.Rename(unfinished, addressFile(dir))
	}()
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// deliver gives the message to the holder.
func deliver(dir string, message []byte, deadline time.Time) error {
	text, err := os.ReadFile(addressFile(dir))
	if err != nil {
		return err
	}
	var to address
	if err := json.Unmarshal(text, &to); err != nil {
		return err
	}
	c, err := net.DialTimeout("tcp4", fmt.Sprintf("127.0.0.1:%d", to.Port), time.Until(deadline))
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.SetDeadline(deadline); err != nil {
		return err
	}
	said, heard := json.NewEncoder(c), json.NewDecoder(c)
	for _, step := range []struct {
		say  any
		hear string
	}{{to.Token, ready}, {json.RawMessage(message), taken}} {
		var answer string
		if err := errors.Join(said.Encode(step.say), heard.Decode(&answer)); err != nil {
			return err
		}
		if answer != step.hear {
			return errors.New("another conversation")
		}
	}
	return nil
}

// Serve takes what others hand over, until Close. receive is called for one after the other.
func (h *Holder) Serve(receive func(message []byte)) {
	var one sync.Mutex
	for {
		c, err := h.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // no descriptor is left, say
			time.Sleep(between)
			continue
		}
		h.work.Go(func() {
			defer func() { _ = c.Close() }()
			if c.SetDeadline(time.Now().Add(patience)) != nil {
				return
			}
			said, heard := json.NewEncoder(c), json.NewDecoder(io.LimitReader(c, maxMessage))
			var token string
			if heard.Decode(&token) != nil || subtle.ConstantTimeCompare([]byte(token), []byte(h.token)) != 1 {
				return
			}
			var message json.RawMessage
			if said.Encode(ready) != nil || heard.Decode(&message) != nil {
				return
			}
			one.Lock()
			defer one.Unlock()
			receive(message)
			_ = said.Encode(taken) // who does not wait for it has lost nothing
		})
	}
}

// Close lets the next one have the directory, and waits for what is being taken.
func (h *Holder) Close() error {
	var err error
	if h.listener != nil {
		err = h.listener.Close()
	}
	h.work.Wait()
	return errors.Join(err, h.lock.Unlock())
}
