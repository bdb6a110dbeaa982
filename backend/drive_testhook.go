//go:build testhook

package backend

import "desktop.tusk/backend/internal/testhook"

var drive testhook.Hook

// Drive lets a test drive the window; run executes JavaScript in the page.
func (a *AppState) Drive(run func(js string)) {
	if err := drive.Listen(run); err != nil {
		a.log.Error().Err(err).Msg("test hook")
	}
}

func driven() []any { return []any{&drive} }
