//go:build linux && walks

package window_test

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

// TestG3_DeadBusWindow opens the window in a session whose bus accepts and never answers: GTK and the keyring library
// would both wait for ever.
func TestG3_DeadBusWindow(t *testing.T) {
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer func() { _ = c.Close() }()
		}
	}()
	dead := *display
	dead.Bus = "unix:path=" + l.Addr().String()
	app, err := dead.Start(filepath.Join(repository(t), "build/bin/tusk-driven"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	if took := time.Since(app.Started); took > 5*time.Second {
		t.Errorf("the window was there after %s", took)
	}
	var state string
	if err := app.Eval(`return (await window.go.backend.System.CheckSecrets()).state`, &state); err != nil || state != "unresponsive" {
		t.Errorf("the keyring is %q, %v", state, err)
	}
}
