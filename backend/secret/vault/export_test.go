package vault

import "time"

// Limit shortens how long the store and the person are waited for.
func (v *Vault) Limit(answer, person time.Duration) {
	v.limits.answer, v.limits.person = answer, person
}
