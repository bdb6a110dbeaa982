package backend

// Desktop is what the program needs from the window it runs in. main implements it with Wails; the browser host and
// the command line have their own.
type Desktop interface {
	// Emit sends an event to the page. It must not block.
	Emit(event string, payload any)
	// SetClipboard replaces the clipboard's text.
	SetClipboard(text string) error
	// ChooseFile asks for an existing file; "" when the person cancels.
	ChooseFile(title string) (string, error)
	// OpenURL shows an address in the person's browser.
	OpenURL(url string) error
	// Quit ends the program after what OnBeforeClose would do.
	Quit()
}
