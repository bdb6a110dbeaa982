package backend

import (
	"cmp"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"desktop.tusk/backend/conn"
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
// the settings is left out. Errors: storage, and then nothing is changed.
func (c *Connections) SaveProfile(req StoredProfile) (saved StoredProfile, err error) {
	defer c.state.guard("connections.saveProfile", &err)()
	if req.ID == "" {
		req.ID = rand.Text()
	}
	settings := map[string]string{}
	for k, v := range req.Profile.Settings {
		if !secretSetting(k) {
			settings[k] = v
		}
	}
	req.Profile.Settings = settings
	return req, c.state.profiles().Put(req.ID, req)
}

// secretSetting tells whether a setting's value may not be written to disk.
func secretSetting(key string) bool {
	key = strings.ToLower(key)
	return strings.Contains(key, "password") || key == "pwd" || key == "passwd" || key == "scram_client_key" || key == "oauth_client_secret"
}

// DeleteProfile forgets a saved connection. An unknown one is no error: it is gone already. Errors: storage.
func (c *Connections) DeleteProfile(req ProfileRef) (err error) {
	defer c.state.guard("connections.deleteProfile", &err)()
	return c.state.profiles().Delete(req.ID)
}
