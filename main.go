// Tusk is a workbench for PostgreSQL. Without a verb it opens its window; with one it runs headless.
package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/cli"
	"desktop.tusk/backend/instance"
	"desktop.tusk/backend/localpg"
	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
)

//go:embed all:frontend/dist
var dist embed.FS

// version is set by the build.
var version = "dev"

// Exit codes are those of cli; this one is for a window that cannot open.
const exitNoDisplay = 6

func main() {
	localpg.KeeperMain() // does not return in the process that keeps the sample server
	start, code, done := cli.Main(version, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	if done {
		os.Exit(code)
	}
	if err := window(start); err != nil {
		fmt.Fprintln(os.Stderr, "tusk: error:", err)
		os.Exit(70)
	}
}

// window opens the window and returns when it has closed. Nothing may be opened before wails.Run: generating bindings
// runs this too.
func window(start cli.Window) error {
	if !builtWith("bindings") && !hasDisplay() {
		fmt.Fprintln(os.Stderr, "tusk: error: There is no display to open a window on.")
		fmt.Fprintln(os.Stderr, "tusk: hint: Set DISPLAY or WAYLAND_DISPLAY, or use a verb such as tusk query. tusk --help lists them.")
		os.Exit(exitNoDisplay)
	}
	assets, err := fs.Sub(dist, "frontend/dist")
	if err != nil {
		return fmt.Errorf("find the page: %w", err)
	}
	if _, err := fs.Stat(assets, "index.html"); err != nil && !builtWith("bindings") {
		return fmt.Errorf("this build has no page: run make build")
	}
	app := &App{ended: make(chan struct{})}
	if !start.NewWindow && !builtWith("bindings") && !builtWith("dev") { // what is being developed has a window of its own
		handed, err := app.claim(start)
		if handed {
			return nil
		}
		if err != nil && start.Prefill.Note == "" {
			start.Prefill.Note = "This window stands beside the one that is open: " + err.Error() + "."
		}
	}
	if start.LogLevel == "" && builtWith("dev") {
		start.LogLevel = "debug"
	}
	app.state = backend.New(backend.Config{
		Version: version, DataDir: start.DataDir, LogLevel: start.LogLevel, Desktop: app, Prefill: start.Prefill, Console: console(),
	})
	size, state := backend.DefaultGeometry, options.Normal
	if last, ok := backend.LastGeometry(start.DataDir); ok && !builtWith("bindings") {
		size, app.last = last, &last
		if last.Maximised {
			state = options.Maximised
		}
	}
	return wails.Run(&options.App{
		Title: "Tusk", Width: size.Width, Height: size.Height, MinWidth: 720, MinHeight: 480, WindowStartState: state,
		BackgroundColour:         &options.RGBA{R: 0xee, G: 0xee, B: 0xeb, A: 255},
		AssetServer:              &assetserver.Options{Assets: assets, Middleware: backend.Secure},
		Bind:                     app.state.Bound(),
		OnStartup:                app.startup,
		OnDomReady:               app.ready,
		OnBeforeClose:            app.beforeClose,
		OnShutdown:               app.shutdown,
		ErrorFormatter:           func(err error) any { return apperr.JSON(err) },
		LogLevel:                 logger.WARNING,
		LogLevelProduction:       logger.ERROR,
		EnableDefaultContextMenu: false,
		DisablePanicRecovery:     false,
		// The zero value of the policy is "always": without a GPU that costs 72 MB and scrolls at 10 frames a second.
		Linux: &linux.Options{ProgramName: "tusk", WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Mac:   &mac.Options{TitleBar: mac.TitleBarHiddenInset()},
	})
}

// claim makes this process the window of the data directory, or hands over to the one that is. A directory that cannot
// be made is told of when the state opens.
func (a *App) claim(start cli.Window) (handed bool, err error) {
	if backend.MakeDataDir(start.DataDir) != nil {
		return false, nil
	}
	message, err := json.Marshal(start.Prefill)
	if err != nil {
		return false, err
	}
	a.holder, err = instance.Claim(start.DataDir, message)
	return a.holder == nil && err == nil, err
}

// hasDisplay tells whether a window can open. Only on Linux can it be known before trying.
func hasDisplay() bool {
	return runtime.GOOS != "linux" || os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
}

// builtWith tells whether the program was built with a tag: bindings makes the one that generates the page's types, dev
// the one of wails dev.
func builtWith(tag string) bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-tags" && slices.Contains(strings.Split(s.Value, ","), tag) {
			return true
		}
	}
	return false
}

// console is where log lines go besides the file: while developing, to standard error.
func console() io.Writer {
	if builtWith("dev") {
		return os.Stderr
	}
	return nil
}
