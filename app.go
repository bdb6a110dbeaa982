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
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// closeLimit is how long the program may take to end: a run that honours no cancel takes two seconds.
const closeLimit = 3 * time.Second

// App ties the state to the window: Wails' lifecycle on one side, backend.Desktop on the other. It is not bound, so the
// page cannot call it.
type App struct {
	state  *backend.AppState
	ending sync.Once
	ended  chan struct{}                   // closed when all is closed
	holder *instance.Holder                // of the data directory; nil for a window beside others
	ctx    atomic.Pointer[context.Context] // Wails' own; set when the window starts

	notifying atomic.Bool // the desktop's notifications are connected
}

// startup opens the state while the page loads; bound calls wait for it.
func (a *App) startup(ctx context.Context) {
	a.ctx.Store(&ctx)
	a.state.Open()
	a.state.Drive(func(js string) { runtime.WindowExecJS(ctx, js) })
	a.onSignal()
	if a.holder != nil {
		go a.holder.Serve(a.state.HandOver)
	}
}

// beforeClose is asked when the window is about to close; true keeps it.
func (a *App) beforeClose(context.Context) bool { return !a.state.MayClose() }

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

// Quit closes the window.
func (a *App) Quit() {
	if ctx, ok := a.window(); ok {
		runtime.Quit(ctx)
	}
}
