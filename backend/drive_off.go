//go:build !testhook

package backend

// Drive lets a test drive the window; only builds with the tag testhook do.
func (a *AppState) Drive(func(js string)) {}

func driven() []any { return nil }
