package backend

import "desktop.tusk/backend/apperr"

// Desktop is what the program needs from the window it runs in. main implements it with Wails; the browser host and
// the command line have their own.
type Desktop interface {
	// Emit sends an event to the page. It must not block.
	Emit(event string, payload any)
	// SetClipboard replaces the clipboard's text.
	SetClipboard(text string) error
	// ChooseFile asks for an existing file; "" when the person cancels.
	ChooseFile(title string) (string, error)
	// ChooseFolder asks for a directory; "" when the person cancels.
	ChooseFolder(title string) (string, error)
	// ChooseSave asks for a file to write, and whether one of that name is to be replaced; "" when the person cancels.
	ChooseSave(ask SaveRequest) (string, error)
	// OpenURL shows an address in the person's browser.
	OpenURL(url string) error
	// OpenFolder shows a directory in the person's file manager.
	OpenFolder(dir string) error
	// Notify has the desktop tell something.
	Notify(title, text string) error
	// Raise brings the window before the person.
	Raise()
	// Geometry tells where the window is; false when it is nowhere, or it cannot be told.
	Geometry() (Geometry, bool)
	// Quit ends the program after what OnBeforeClose would do.
	Quit()
}

// NoDesktop is that of the command line and of tests: events go nowhere, and nobody can be asked.
type NoDesktop struct{}

// Emit drops the event.
func (NoDesktop) Emit(string, any) {}

// SetClipboard has none to set.
func (NoDesktop) SetClipboard(string) error { return errNoDesktop }

// ChooseFile has nobody to ask.
func (NoDesktop) ChooseFile(string) (string, error) { return "", errNoDesktop }

// ChooseFolder has nobody to ask.
func (NoDesktop) ChooseFolder(string) (string, error) { return "", errNoDesktop }

// ChooseSave has nobody to ask.
func (NoDesktop) ChooseSave(SaveRequest) (string, error) { return "", errNoDesktop }

// OpenURL has no browser.
func (NoDesktop) OpenURL(string) error { return errNoDesktop }

// OpenFolder has none to show it in.
func (NoDesktop) OpenFolder(string) error { return errNoDesktop }

// Notify has nobody to tell.
func (NoDesktop) Notify(string, string) error { return errNoDesktop }

// Raise has nothing to raise.
func (NoDesktop) Raise() {}

// Geometry has no place to tell.
func (NoDesktop) Geometry() (Geometry, bool) { return Geometry{}, false }

// Quit does nothing.
func (NoDesktop) Quit() {}

var errNoDesktop = apperr.E(apperr.Unsupported, "There is no window here.")
