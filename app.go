package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"os/signal"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/instance"
	"desktop.tusk/backend/webview"
	"github.com/pkg/browser"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// closeLimit is how long the program may take to end: a run that honours no cancel takes two seconds.
const closeLimit = 3 * time.Second

// App ties the state to the window: Wails' lifecycle on one side, backend.Desktop on the other. It is not bound, so the
// page cannot call it.
type App struct {
	state   *backend.AppState
	leaving atomic.Bool // the window closes as soon as the page has kept what is open
	ending  sync.Once
	ended   chan struct{}                   // closed when all is closed
	holder  *instance.Holder                // of the data directory; nil for a window beside others
	last    *backend.Geometry               // of the window when it closed last; nil when it is not known
	ctx     atomic.Pointer[context.Context] // Wails' own; set when the window starts

	notifying atomic.Bool // the desktop's notifications are connected
}

// startup opens the state while the page loads; bound calls wait for it.
func (a *App) startup(ctx context.Context) {
	a.ctx.Store(&ctx)
	if a.last != nil {
		a.place(*a.last)
	}
	a.state.Open()
	a.state.Drive(func(js string) { runtime.WindowExecJS(ctx, js) })
	webview.ReloadWhenGone()
	a.onSignal()
	if a.holder != nil {
		go a.holder.Serve(a.state.HandOver)
	}
}

// ready is called when the page is there.
func (a *App) ready(context.Context) { go webview.Trim() }

// leaveLimit is how long the page may take to keep what was typed last.
const leaveLimit = 800 * time.Millisecond

// beforeClose is asked when the window is about to close; true keeps it. The page keeps what is open before it goes,
// which it can only while this does not wait for it.
func (a *App) beforeClose(ctx context.Context) bool {
	switch {
	case !a.state.MayClose():
		return true
	case a.leaving.Swap(true):
		return false
	}
	go func() {
		a.state.Leave(leaveLimit)
		runtime.Quit(ctx)
	}()
	return true
}

// shutdown ends everything, or waits for its end: a signal comes both to Wails, which then calls this, and to onSignal.
func (a *App) shutdown(context.Context) {
	go a.ending.Do(func() {
		defer close(a.ended)
		var both sync.WaitGroup
		if a.holder != nil { // who starts from now on gets a window of its own
			both.Go(func() { _ = a.holder.Close() })
		}
		both.Go(a.state.Close)
		both.Wait()
	})
	select {
	case <-a.ended:
	case <-time.After(closeLimit):
	}
}

// onSignal ends the program when the system asks for it. Wails would ask OnBeforeClose, and after a "no" never listen
// again; at the end of a session nobody is there to answer.
func (a *App) onSignal() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-c
		a.state.Leave(leaveLimit)
		a.shutdown(context.Background())
		os.Exit(0)
	}()
}

// window gives Wails' context, and false before there is a window.
func (a *App) window() (context.Context, bool) {
	p := a.ctx.Load()
	if p == nil {
		return nil, false
	}
	return *p, true
}

// Emit sends an event to the page.
func (a *App) Emit(event string, payload any) {
	if ctx, ok := a.window(); ok {
		runtime.EventsEmit(ctx, event, payload)
	}
}

// SetClipboard replaces the clipboard's text.
func (a *App) SetClipboard(text string) error {
	ctx, ok := a.window()
	if !ok {
		return nil
	}
	return runtime.ClipboardSetText(ctx, text)
}

// ChooseFile shows the system's dialog.
func (a *App) ChooseFile(title string) (string, error) {
	ctx, ok := a.window()
	if !ok {
		return "", nil
	}
	return runtime.OpenFileDialog(ctx, runtime.OpenDialogOptions{Title: title, ShowHiddenFiles: true})
}

// ChooseFolder shows the system's dialog.
func (a *App) ChooseFolder(title string) (string, error) {
	ctx, ok := a.window()
	if !ok {
		return "", nil
	}
	return runtime.OpenDirectoryDialog(ctx, runtime.OpenDialogOptions{Title: title, ShowHiddenFiles: true, CanCreateDirectories: true})
}

// ChooseSave shows the system's dialog, which asks before a file is replaced.
func (a *App) ChooseSave(ask backend.SaveRequest) (string, error) {
	ctx, ok := a.window()
	if !ok {
		return "", nil
	}
	return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: ask.Title, DefaultDirectory: ask.Folder, DefaultFilename: ask.Name, CanCreateDirectories: true,
		Filters: []runtime.FileFilter{{DisplayName: ask.Kind + " (" + ask.Pattern + ")", Pattern: ask.Pattern}, {DisplayName: "All files", Pattern: "*"}},
	})
}

// OpenURL shows an address in the person's browser. backend has checked it.
func (a *App) OpenURL(url string) error {
	if ctx, ok := a.window(); ok {
		runtime.BrowserOpenURL(ctx, url)
	}
	return nil
}

// OpenFolder shows a directory in the person's file manager.
func (a *App) OpenFolder(dir string) error { return browser.OpenFile(dir) }

// Notify has the desktop tell something. The bus is asked for when there is something to tell, not at the start.
func (a *App) Notify(title, text string) error {
	ctx, ok := a.window()
	if !ok {
		return nil
	}
	if a.notifying.CompareAndSwap(false, true) {
		if goruntime.GOOS == "linux" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
			a.notifying.Store(false)
			return errors.New("there is no session bus") // asking for one would start it
		}
		if err := runtime.InitializeNotifications(ctx); err != nil {
			a.notifying.Store(false)
			return err
		}
		if ok, err := runtime.RequestNotificationAuthorization(ctx); err != nil || !ok {
			return err
		}
		runtime.OnNotificationResponse(ctx, func(runtime.NotificationResult) { a.Raise() })
	}
	return runtime.SendNotification(ctx, runtime.NotificationOptions{ID: rand.Text(), Title: title, Body: text})
}

// Raise brings the window before the person, from the task bar too.
func (a *App) Raise() {
	if ctx, ok := a.window(); ok {
		runtime.WindowUnminimise(ctx)
		runtime.WindowShow(ctx)
	}
}

// geometryLimit is how long the window is asked where it is: it never answers once its loop has ended.
const geometryLimit = 300 * time.Millisecond

// Geometry tells where the window is, unless it is hidden.
func (a *App) Geometry() (backend.Geometry, bool) {
	ctx, ok := a.window()
	if !ok {
		return backend.Geometry{}, false
	}
	is := make(chan backend.Geometry, 1)
	go func() {
		g := backend.Geometry{Maximised: runtime.WindowIsMaximised(ctx)}
		g.X, g.Y = runtime.WindowGetPosition(ctx)
		g.Width, g.Height = runtime.WindowGetSize(ctx)
		if !runtime.WindowIsMinimised(ctx) && !runtime.WindowIsFullscreen(ctx) {
			is <- g
		}
	}()
	select {
	case g := <-is:
		return g, true
	case <-time.After(geometryLimit):
		return backend.Geometry{}, false
	}
}

// place puts the window where it was, if the screens still reach there. Its size is set before it opens.
func (a *App) place(g backend.Geometry) {
	ctx, ok := a.window()
	screens, err := runtime.ScreenGetAll(ctx)
	if !ok || err != nil || g.Maximised {
		return
	}
	var width, height int // Wails tells no places of screens: the first row of them is what is known
	for _, s := range screens {
		width, height = width+s.Size.Width, max(height, s.Size.Height)
	}
	if g.X >= 0 && g.Y >= 0 && g.X+g.Width <= width && g.Y+g.Height <= height {
		runtime.WindowSetPosition(ctx, g.X, g.Y)
	}
}

// Quit closes the window.
func (a *App) Quit() {
	if ctx, ok := a.window(); ok {
		runtime.Quit(ctx)
	}
}
