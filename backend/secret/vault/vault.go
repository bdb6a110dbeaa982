package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/busguard"
	"desktop.tusk/backend/secret"
	"github.com/99designs/keyring"
)

// The keyring library is imported here, so its init has run by now.
func init() { busguard.Restore() }

// Kind is a state in one word.
type Kind string

// The states.
const (
	Unasked      Kind = "unasked"      // nobody has needed the store yet
	Available    Kind = "available"    // it answers and is open
	Locked       Kind = "locked"       // it answers, and wants the person's password first
	Unavailable  Kind = "unavailable"  // there is none, or it cannot be used
	Unresponsive Kind = "unresponsive" // it is there and does not answer
)

// State tells whether the store can be used.
type State struct {
	Kind  Kind   `json:"kind"`
	Store string `json:"store"` // its name, as in "kept in the keyring": "the keyring", "the Keychain", "the Credential Manager"
	// Reason says why it cannot be used and Remedy what to do; "" when it can.
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
}

// MaxSecret is the longest secret that is kept, in bytes: the Credential Manager takes little more, and what one system
// keeps all should.
const MaxSecret = 2000

// Limits of time.
const (
	probeLimit = 1500 * time.Millisecond
	// answerLimit is how long a store may take that asks nobody. Then it is probed again: one that still answers may be
	// asking the person, and is waited for.
	answerLimit = 5 * time.Second
	// personLimit is how long the person is waited for.
	personLimit = time.Minute
	// maxLeft is how many operations may hang in the store before no other is begun.
	maxLeft = 3
)

// ErrMissing says that the store works and has no such secret.
var ErrMissing = errors.New("no such secret in the store")

var errHangs = errors.New("the store does not answer")

// Vault is the credential store. Use New.
type Vault struct {
	turn    chan struct{} // one token: an operation is under way
	limits  limits
	changed func(State)

	mu    sync.Mutex // guards what follows
	state State
	left  int // operations that hang in the store
}

type limits struct{ probe, answer, person time.Duration }

// New makes a vault; nothing is asked or opened before it is used. changed, if not nil, is told of every new state; it
// may not call the vault.
func New(changed func(State)) *Vault {
	if changed == nil {
		changed = func(State) {}
	}
	return &Vault{
		turn: make(chan struct{}, 1), limits: limits{probeLimit, answerLimit, personLimit}, changed: changed,
		state: State{Kind: Unasked, Store: storeName()},
	}
}

func storeName() string {
	switch runtime.GOOS {
	case "darwin":
		return "the Keychain"
	case "windows":
		return "the Credential Manager"
	}
	return "the keyring"
}

// State gives what was found last. It asks nothing.
func (v *Vault) State() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.state
}

// Probe asks the store how it is, within a second and a half, and never the person.
func (v *Vault) Probe(ctx context.Context) State {
	if err := v.take(ctx); err != nil {
		return v.State() // an operation is under way, and will tell
	}
	defer v.give()
	s, _ := v.probe(ctx)
	return s
}

// Get reads a secret. Errors: ErrMissing; secret, with reason and remedy; cancelled.
func (v *Vault) Get(ctx context.Context, key string) (s secret.Secret, err error) {
	err = v.do(ctx, key, func(k keyring.Keyring) error {
		item, err := k.Get(key)
		if err == nil {
			s = secret.New(string(item.Data))
		}
		return err
	})
	return s, err
}

// Set keeps a secret, in place of the one under that key, and reads it back. Errors: usage, for one that is too long or
// holds a zero byte; secret, with reason and remedy; cancelled.
func (v *Vault) Set(ctx context.Context, key string, s secret.Secret) error {
	text := s.Reveal()
	switch {
	case text == "":
		return apperr.E(apperr.Usage, "There is no password to keep.", apperr.Hint("Type it first."))
	case len(text) > MaxSecret:
		return apperr.E(apperr.Usage, fmt.Sprintf("The password is %d bytes long; at most %d are kept.", len(text), MaxSecret),
			apperr.Hint("It can be typed each time."), apperr.Field("setting", "password"))
	case strings.ContainsRune(text, 0):
		return apperr.E(apperr.Usage, "The password contains a zero byte, which no server takes.", apperr.Hint("Type it again."), apperr.Field("setting", "password"))
	}
	return v.do(ctx, key, func(k keyring.Keyring) error {
		if err := k.Set(keyring.Item{Key: key, Data: []byte(text), Label: "Tusk", Description: "a password of a database connection"}); err != nil {
			return err
		}
		back, err := k.Get(key)
		if err != nil {
			return fmt.Errorf("read back: %w", err)
		}
		if string(back.Data) != text {
			return errors.New("it gave back something else than it was given")
		}
		return nil
	})
}

// Delete removes a secret; one that is not there is no error. Errors: secret, with reason and remedy; cancelled.
func (v *Vault) Delete(ctx context.Context, key string) error {
	err := v.do(ctx, key, func(k keyring.Keyring) error { return k.Remove(key) })
	if errors.Is(err, ErrMissing) {
		return nil
	}
	return err
}

var (
	plainID = regexp.MustCompile(`^[A-Z2-7]{26}$`)
	goodKey = regexp.MustCompile(`^[a-z0-9/_-]{1,120}$`)
)

// Key names the secret of a kind, such as "password", that belongs to an id.
func Key(id, kind string) string {
	name := strings.ToLower(id)
	if !plainID.MatchString(id) { // one that Tusk did not make: a zero byte, for one, would end the link to the bus
		sum := sha256.Sum256([]byte(id))
		name = hex.EncodeToString(sum[:20])
	}
	return "tusk/v1/" + name + "/" + kind
}

// do runs one operation on the store, opening it first, with the person's help if it is locked.
func (v *Vault) do(ctx context.Context, key string, op func(keyring.Keyring) error) error {
	if !goodKey.MatchString(key) {
		return apperr.E(apperr.Internal, "", apperr.Cause(fmt.Errorf("bad key of a secret: %q", key)))
	}
	if err := v.take(ctx); err != nil {
		return stopped(err)
	}
	defer v.give()
	s, place := v.probe(ctx)
	if s.Kind == Locked {
		if err := v.unlock(ctx, place); err != nil {
			return err
		}
		s, place = v.probe(ctx)
	}
	if err := ctx.Err(); err != nil {
		return stopped(err)
	}
	if s.Kind != Available {
		return s.err()
	}
	switch err := v.watched(ctx, place, op); {
	case err == nil:
		return nil
	case errors.Is(err, keyring.ErrKeyNotFound):
		return ErrMissing
	case ctx.Err() != nil:
		return stopped(ctx.Err())
	case errors.Is(err, errHangs):
		return v.set(hangs()).err()
	default:
		if s, _ := v.probe(ctx); s.Kind != Available {
			return s.err()
		}
		return apperr.E(apperr.Secret, capital(storeName())+" refused: "+err.Error()+".", apperr.Cause(err))
	}
}

// unlock has the store ask the person.
func (v *Vault) unlock(ctx context.Context, place place) error {
	ctx, stop := context.WithTimeout(ctx, v.limits.person)
	defer stop()
	if err := unlock(ctx, place); err != nil && ctx.Err() == nil {
		return v.set(locked("It could not be unlocked: " + err.Error() + ".")).err()
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return v.set(locked("It asked for its password, and nobody answered.")).err()
	case ctx.Err() != nil:
		return stopped(ctx.Err())
	}
	return nil
}

// watched runs op in a goroutine that is left behind when it does not come back.
func (v *Vault) watched(ctx context.Context, place place, op func(keyring.Keyring) error) error {
	done, ended := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ended)
		defer func() {
			if p := recover(); p != nil { // the library takes answers apart without looking
				done <- fmt.Errorf("an answer that makes no sense (%v)", p)
			}
		}()
		k, err := keyring.Open(place.config())
		if err == nil {
			err = op(k)
		}
		done <- err
	}()
	answer, person := time.NewTimer(v.limits.answer), time.NewTimer(v.limits.person)
	defer answer.Stop()
	defer person.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-answer.C:
			if s, _ := v.probe(ctx); s.Kind != Unresponsive {
				continue // it may be asking the person
			}
		case <-ctx.Done():
		case <-person.C:
		}
		break
	}
	v.mu.Lock()
	v.left++
	v.mu.Unlock()
	go func() {
		<-ended
		v.mu.Lock()
		v.left--
		v.mu.Unlock()
	}()
	if err := ctx.Err(); err != nil {
		return err
	}
	return errHangs
}

// probe finds out how the store is and keeps that. The caller has the turn.
func (v *Vault) probe(ctx context.Context) (State, place) {
	v.mu.Lock()
	left := v.left
	v.mu.Unlock()
	if left >= maxLeft {
		return v.set(hangs()), place{}
	}
	ctx, stop := context.WithTimeout(ctx, v.limits.probe)
	defer stop()
	s, p := look(ctx)
	return v.set(s), p
}

func (v *Vault) set(s State) State {
	s.Store = storeName()
	v.mu.Lock()
	news := v.state != s
	v.state = s
	v.mu.Unlock()
	if news {
		v.changed(s)
	}
	return s
}

func (v *Vault) take(ctx context.Context) error {
	select {
	case v.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (v *Vault) give() { <-v.turn }

func stopped(err error) error {
	return apperr.E(apperr.Cancelled, "Waiting for "+storeName()+" was stopped.", apperr.Hint("Type the password instead."), apperr.Cause(err))
}

func locked(why string) State {
	return State{Kind: Locked, Reason: capital(storeName()) + " is locked. " + why, Remedy: "Unlock it, or type the password here: it is then kept until Tusk is closed."}
}

func unavailable(why, remedy string) State {
	return State{Kind: Unavailable, Reason: why, Remedy: remedy}
}

func hangs() State {
	return State{Kind: Unresponsive, Reason: capital(storeName()) + " does not answer.",
		Remedy: "Start it again, or log out and in. Until then type the password: it is kept until Tusk is closed."}
}

// err makes the error of a state that is not Available.
func (s State) err() error {
	return apperr.E(apperr.Secret, strings.TrimSpace(s.Reason), apperr.Hint(s.Remedy), apperr.Field("setting", "password"), apperr.Op("secret"))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
