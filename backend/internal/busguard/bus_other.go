//go:build !linux

package busguard

// Restore does nothing: no session bus is used here.
func Restore() {}
