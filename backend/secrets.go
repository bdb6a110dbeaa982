package backend

import (
	"context"
	"errors"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/secret/vault"
	"desktop.tusk/backend/store"
)

// SecretHealth tells about the credential store of the system, and what is kept beside it.
type SecretHealth struct {
	// State is "unasked", before anything needed the store, "available", "locked", "unavailable" or "unresponsive".
	State string `json:"state"`
	Store string `json:"store"` // its name in a sentence: "the keyring"
	// Reason says why it cannot be used, Remedy what to do; "" when it can.
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`
	// Waiting says that it has not answered for a while; it may be asking the person for its password.
	Waiting bool `json:"waiting"`
	Held    int  `json:"held"` // passwords that are in memory for this run only
	// Queued counts secrets that are to be deleted as soon as the store can be used.
	Queued int `json:"queued"`
	// Warning is what the person is told once in a run, when a password could not be kept or read; "" before, and when
	// the store works again.
	Warning string `json:"warning"`
}

// secrets is what AppState knows of passwords. a.mu guards it.
type secrets struct {
	held    map[string]secret.Secret // by profile: for this run only
	waiting int                      // operations that take long
	queued  int
	warning string
	warned  bool // in this run
}

const (
	// waitingAfter is how long the store may take before it is said that it is waited for.
	waitingAfter = time.Second
	// patience is how long a call of the window waits for the store, which goes on by itself after it.
	patience = 2 * time.Second
)

// forgotten is a secret that is to be deleted from the credential store.
type forgotten struct {
	Since time.Time `json:"since"`
}

func (a *AppState) forgotten() store.Collection[forgotten] {
	return store.NewCollection[forgotten](a.store, "forgotten")
}

func passwordKey(profileID string) string { return vault.Key(profileID, "password") }

// Secrets tells about the credential store what is known of it. It asks nothing.
func (s *System) Secrets() (h SecretHealth, err error) {
	defer s.state.guard("system.secrets", &err)()
	return s.state.secretHealth(), nil
}

// CheckSecrets asks the credential store how it is. It takes two seconds at most and never asks the person.
func (s *System) CheckSecrets() (h SecretHealth, err error) {
	defer s.state.guard("system.checkSecrets", &err)()
	ctx, stop := context.WithTimeout(s.state.ctx, patience)
	defer stop()
	s.state.vault.Probe(ctx)
	return s.state.secretHealth(), nil
}

func (a *AppState) secretHealth() SecretHealth {
	s := a.vault.State()
	a.mu.Lock()
	defer a.mu.Unlock()
	return SecretHealth{
		State: string(s.Kind), Store: s.Store, Reason: s.Reason, Remedy: s.Remedy,
		Waiting: a.secrets.waiting > 0, Held: len(a.secrets.held), Queued: a.secrets.queued, Warning: a.secrets.warning,
	}
}

// warnings gives the sentence for Health and the next start of the page.
func (h SecretHealth) warnings() []string {
	if h.Warning == "" {
		return nil
	}
	return []string{h.Warning}
}

func (a *AppState) tellSecrets() { a.config.Desktop.Emit(EventSecrets, a.secretHealth()) }

// vaultChanged is called by the vault in the middle of an operation.
func (a *AppState) vaultChanged(s vault.State) {
	a.log.Info().Str("state", string(s.Kind)).Msg("credential store")
	if s.Kind == vault.Available {
		a.mu.Lock()
		a.secrets.warning = ""
		a.mu.Unlock()
		a.start(a.deleteForgotten)
	}
	a.start(a.tellSecrets)
}

// warnSecrets tells once in a run that a password cannot be kept or read.
func (a *AppState) warnSecrets(err error) {
	e := apperr.From(err)
	if e.Kind == apperr.Cancelled {
		return
	}
	a.mu.Lock()
	news := !a.secrets.warned
	if news {
		a.secrets.warned, a.secrets.warning = true, e.Title+" "+e.Hint
	}
	a.mu.Unlock()
	if news {
		a.log.Warn().Str("kind", string(e.Kind)).Msg("credential store cannot be used")
	}
	a.tellSecrets()
}

// withVault runs an operation on the credential store, and tells the window when it takes long.
func (a *AppState) withVault(op func() error) error {
	waiting := time.AfterFunc(waitingAfter, func() {
		a.mu.Lock()
		a.secrets.waiting++
		a.mu.Unlock()
		a.tellSecrets()
	})
	err := op()
	if !waiting.Stop() {
		a.mu.Lock()
		a.secrets.waiting--
		a.mu.Unlock()
		a.tellSecrets()
	}
	return err
}

// aside does what may wait for the credential store in the background, and waits for it no longer than patience.
func (a *AppState) aside(f func(ctx context.Context)) {
	done := make(chan struct{})
	a.start(func() { defer close(done); f(a.ctx) })
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}

// hold keeps a password in memory for this run.
func (a *AppState) hold(profileID string, password secret.Secret) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if password.IsZero() {
		delete(a.secrets.held, profileID)
	} else {
		a.secrets.held[profileID] = password
	}
}

func (a *AppState) heldFor(profileID string) secret.Secret {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.secrets.held[profileID]
}

// keep puts the password of a saved connection into the credential store. It is in memory until it is there, and stays
// there if it cannot be.
func (a *AppState) keep(profileID string, password secret.Secret) {
	a.hold(profileID, password)
	a.aside(func(ctx context.Context) {
		key := passwordKey(profileID)
		err := a.withVault(func() error { return a.vault.Set(ctx, key, password) })
		if err == nil {
			err = a.markPassword(profileID, true)
		}
		switch {
		case err != nil:
			a.warnSecrets(err)
		case a.heldFor(profileID) == password:
			a.hold(profileID, secret.Secret{})
			fallthrough
		default:
			_ = a.forgotten().Delete(key) // it is wanted again; else the next write of the store tells
			a.countForgotten()
		}
	})
}

// forgetPassword takes a saved connection's password out of memory and out of the credential store, now or as soon as
// that can be used. It is not used any more from here on.
func (a *AppState) forgetPassword(profileID string) error {
	a.hold(profileID, secret.Secret{})
	key := passwordKey(profileID)
	if err := a.forgotten().Put(key, forgotten{time.Now().UTC()}); err != nil {
		return err
	}
	if err := a.markPassword(profileID, false); err != nil {
		return err
	}
	a.countForgotten()
	a.aside(func(ctx context.Context) {
		if err := a.deleteSecret(ctx, key); err != nil {
			a.warnSecrets(err)
		}
	})
	return nil
}

func (a *AppState) deleteSecret(ctx context.Context, key string) error {
	if err := a.withVault(func() error { return a.vault.Delete(ctx, key) }); err != nil {
		return err
	}
	defer a.countForgotten()
	return a.forgotten().Delete(key)
}

// deleteForgotten deletes what could not be deleted when it should have been. The store has just been found available.
func (a *AppState) deleteForgotten() {
	list, err := a.forgotten().List()
	if err != nil {
		return
	}
	for key := range list {
		if a.deleteSecret(a.ctx, key) != nil {
			return
		}
	}
}

// countForgotten learns how many secrets are to be deleted, and tells the window when that has changed.
func (a *AppState) countForgotten() {
	list, err := a.forgotten().List()
	if err != nil {
		return
	}
	a.mu.Lock()
	news := a.secrets.queued != len(list)
	a.secrets.queued = len(list)
	a.mu.Unlock()
	if news {
		a.tellSecrets()
	}
}

// markPassword notes whether the credential store has a saved connection's password, and tells the window.
func (a *AppState) markPassword(profileID string, has bool) error {
	p, ok, err := a.profiles().Get(profileID)
	if err != nil || !ok || p.HasPassword == has {
		return err
	}
	p.HasPassword = has
	if err := a.profiles().Put(profileID, p); err != nil {
		return err
	}
	a.config.Desktop.Emit(EventProfile, p)
	return nil
}

// password finds what to connect a saved connection with: what was typed, else what is in memory, else what the
// credential store has, which may ask the person.
func (a *AppState) password(ctx context.Context, req ConnectRequest) (secret.Secret, error) {
	if req.Password != "" || req.ProfileID == "" {
		return req.Password.Secret(), nil
	}
	if held := a.heldFor(req.ProfileID); !held.IsZero() {
		return held, nil
	}
	p, ok, err := a.profiles().Get(req.ProfileID)
	if err != nil || !ok || !p.HasPassword {
		return secret.Secret{}, err
	}
	var found secret.Secret
	err = a.withVault(func() (err error) {
		found, err = a.vault.Get(ctx, passwordKey(req.ProfileID))
		return err
	})
	switch {
	case errors.Is(err, vault.ErrMissing):
		if err := a.markPassword(req.ProfileID, false); err != nil {
			return found, err
		}
		return found, apperr.E(apperr.Secret, "The password is not in "+a.vault.State().Store+" any more.",
			apperr.Hint("Type it. It is kept again if you have it remembered."), apperr.Field("setting", "password"))
	case ctx.Err() != nil:
		return found, errConnectStopped
	case err != nil:
		a.warnSecrets(err)
	}
	return found, err
}

// remember keeps what a saved connection was connected with: in the credential store if the person wants that, else in
// memory. It is called when the server has taken it.
func (a *AppState) remember(req ConnectRequest) {
	switch {
	case req.ProfileID == "" || req.Password == "":
	case req.Remember:
		a.start(func() { a.keep(req.ProfileID, req.Password.Secret()) })
	default:
		a.hold(req.ProfileID, req.Password.Secret())
	}
}
