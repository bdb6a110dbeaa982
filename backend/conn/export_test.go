package conn

import (
	"time"

	"desktop.tusk/backend/secret"
)

// SetWait changes how long a session waits for a place in the pool.
func (p *Pool) SetWait(d time.Duration) { p.wait = d }

// Check builds what Open would connect with.
func Check(p Profile) error {
	_, err := build(p, secret.Secret{})
	return err
}
