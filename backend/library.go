package backend

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/secret/vault"
	"desktop.tusk/backend/store"
)

// StoredProfile is a connection that is saved: how to reach it, and where it stands in the list. It holds no secret.
type StoredProfile struct {
	ID        string       `json:"id"` // made by SaveProfile when it is ""
	Profile   conn.Profile `json:"profile"`
	Group     string       `json:"group"`     // the heading it stands under; "" for none
	Order     int          `json:"order"`     // among those of its group; equal ones stand by name
	Favourite bool         `json:"favourite"` // stands first
	Notes     string       `json:"notes"`
	// HasPassword says that the credential store has its password. What a request says of it is not heard.
	HasPassword bool `json:"hasPassword"`
}

// SaveProfileRequest is a connection to save.
type SaveProfileRequest struct {
	Profile StoredProfile `json:"profile"`
	// Base is the connection as it was when it was read to be changed; nil for one that is saved anew. What another window
	// has changed since is kept, but for what is changed here too.
	Base *StoredProfile `json:"base"`
	// Password, if one was typed, is kept for this run, and with Remember in the credential store. Without Remember the
	// credential store forgets the one it has.
	Password secret.Typed `json:"password"`
	Remember bool         `json:"remember"`
}

// SavedProfile is a connection as it is saved now.
type SavedProfile struct {
	Profile StoredProfile `json:"profile"`
	Notes   []string      `json:"notes"` // sentences about what another window has changed meanwhile
}

// ProfileRef names a saved connection.
type ProfileRef struct {
	ID string `json:"id"`
}

func (a *AppState) profiles() store.Collection[StoredProfile] {
	return store.NewCollection[StoredProfile](a.store, "profiles")
}

// Profiles lists the saved connections in the order they are shown. Errors: storage.
func (c *Connections) Profiles() (list []StoredProfile, err error) {
	defer c.state.guard("connections.profiles", &err)()
	return c.state.savedProfiles()
}

func (a *AppState) savedProfiles() ([]StoredProfile, error) {
	all, err := a.profiles().List()
	if err != nil {
		return []StoredProfile{}, err
	}
	list := slices.Collect(maps.Values(all))
	slices.SortFunc(list, func(x, y StoredProfile) int {
		switch {
		case x.Favourite != y.Favourite && x.Favourite:
			return -1
		case x.Favourite != y.Favourite:
			return 1
		}
		return cmp.Or(strings.Compare(x.Group, y.Group), cmp.Compare(x.Order, y.Order), strings.Compare(x.Profile.Name, y.Profile.Name), strings.Compare(x.ID, y.ID))
	})
	return append([]StoredProfile{}, list...), nil
}

// SaveProfile saves a connection, anew or in place of the one with its id, and gives it as it was saved: a password among
// the settings is left out. It waits two seconds at most for the credential store; what that says later, or that it
// cannot be used, comes in events. Errors: storage, and then nothing is changed.
func (c *Connections) SaveProfile(req SaveProfileRequest) (saved SavedProfile, err error) {
	defer c.state.guard("connections.saveProfile", &err)()
	saved = SavedProfile{Profile: req.Profile, Notes: []string{}}
	p := &saved.Profile
	if p.ID == "" {
		p.ID = rand.Text()
	}
	p.Profile.Settings = withoutSecrets(p.Profile.Settings)
	err = c.state.profiles().Update(p.ID, func(now StoredProfile, ok bool) (StoredProfile, error) {
		p.HasPassword = now.HasPassword
		switch {
		case req.Base != nil && !ok:
			saved.Notes = append(saved.Notes, "Another window has deleted this connection; it is saved anew.")
		case req.Base != nil:
			saved.Notes = append(saved.Notes, reconcile(p, *req.Base, now)...)
		}
		return *p, nil
	})
	if err != nil {
		return saved, err
	}
	switch {
	case req.Remember && req.Password != "":
		c.state.keep(p.ID, req.Password.Secret())
	case !req.Remember && p.HasPassword:
		if err := c.state.forgetPassword(p.ID); err != nil {
			return saved, err
		}
		fallthrough
	case req.Password != "":
		c.state.hold(p.ID, req.Password.Secret())
	}
	if now, ok, err := c.state.profiles().Get(p.ID); ok && err == nil {
		*p = now
	}
	return saved, nil
}

// withoutSecrets copies settings, but for those that may not be written to disk.
func withoutSecrets(settings map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range settings {
		if !secretSetting(k) {
			out[k] = v
		}
	}
	return out
}

// secretSetting tells whether a setting's value may not be written to disk.
func secretSetting(key string) bool {
	key = strings.ToLower(key)
	return strings.Contains(key, "password") || strings.Contains(key, "passphrase") || key == "pwd" || key == "passwd" || key == "scram_client_key" || key == "oauth_client_secret"
}

// DeleteProfile forgets a saved connection, and its password, the latter as soon as the credential store can be used. An
// unknown one is no error: it is gone already. Errors: storage.
func (c *Connections) DeleteProfile(req ProfileRef) (err error) {
	defer c.state.guard("connections.deleteProfile", &err)()
	a := c.state
	p, ok, err := a.profiles().Get(req.ID)
	if err != nil || !ok {
		return err
	}
	if err := a.profiles().Delete(req.ID); err != nil {
		return err
	}
	a.hold(req.ID, secret.Secret{})
	if !p.HasPassword && a.vault.State().Kind == vault.Unasked {
		return nil
	}
	return a.forgetPassword(req.ID)
}

// ForgetPassword deletes the password of a saved connection from memory and from the credential store, from the latter as
// soon as it can be used. Errors: storage.
func (c *Connections) ForgetPassword(req ProfileRef) (err error) {
	defer c.state.guard("connections.forgetPassword", &err)()
	return c.state.forgetPassword(req.ID)
}
