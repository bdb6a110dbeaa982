//go:build !linux

package vault

import (
	"context"
	"slices"

	"github.com/99designs/keyring"
)

// place says where in the store secrets are.
type place struct{}

var backends = []keyring.BackendType{keyring.KeychainBackend, keyring.WinCredBackend}

func (place) config() keyring.Config {
	return keyring.Config{ServiceName: "Tusk", AllowedBackends: backends, KeychainSynchronizable: false, WinCredPrefix: "Tusk"}
}

// look tells whether this build has the system's store. How that is shows when it is used.
func look(context.Context) (State, place) {
	if !slices.ContainsFunc(keyring.AvailableBackends(), func(b keyring.BackendType) bool { return slices.Contains(backends, b) }) {
		return unavailable("This build of Tusk cannot use "+storeName()+".", "Use a build that was made with cgo."), place{}
	}
	return State{Kind: Available}, place{}
}

// unlock does nothing: these stores ask by themselves.
func unlock(context.Context, place) error { return nil }
