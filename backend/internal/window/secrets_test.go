//go:build linux && walks

package window_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
)

// TestG3_DeadBusWindow opens the window in a session whose bus accepts and never answers: GTK and the keyring library
// would both wait for ever.
func TestG3_DeadBusWindow(t *testing.T) {
	t.Parallel()
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
	dead := *display(t)
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

// TestSC008_KilledWindow kills the window at random moments while connections are saved and made with a password, and
// then searches its files, those of the web view, and what its processes showed of themselves.
func TestSC008_KilledWindow(t *testing.T) {
	const canary = "kanarienvogel-7Q"
	s := pgtest.New(t, pgtest.Options{TCP: true})
	s.Exec(t, "postgres", "create role ada login password '"+canary+"'")
	home, data := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", filepath.Join(home, "data"))
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, "cache"))
	search := func(dir string) (files int) {
		t.Helper()
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			files++
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte(canary)) {
				t.Errorf("the password is in %s", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		return files
	}
	for round := range 4 {
		app, err := display(t).Start(filepath.Join(repository(t), "build/bin/tusk-driven"), data)
		if err != nil {
			t.Fatal(err)
		}
		script := fmt.Sprintf(`
			const c = window.go.backend.Connections
			const profile = {name: 'ada', color: '', settings: {host: '127.0.0.1', port: '%d', user: 'ada', dbname: 'postgres', sslmode: 'disable'}}
			const stored = {id: '', profile, group: '', order: 0, favourite: false, notes: '', hasPassword: false}
			const made = await c.Connect({connectionId: 'first', profile, profileId: '', password: '%s', remember: true})
			const loop = async () => {
				for (let n = 0; ; n++) {
					const {profile: p} = await c.SaveProfile({profile: stored, base: null, password: '%[2]s', remember: true})
					const req = {connectionId: 'c' + n, profile, profileId: p.id, password: n %% 2 ? '%[2]s' : '%[2]s-wrong', remember: true}
					await c.Connect(req).catch(() => 0)
					await c.Disconnect(req)
				}
			}
			void loop()
			return made.state`, s.Port, canary)
		var state string
		if err := app.Eval(script, &state); err != nil || state != "connected" {
			t.Fatal(state, err)
		}
		time.Sleep(time.Duration(rand.IntN(400)) * time.Millisecond)
		for _, p := range started(t, data) {
			pid, _, _ := strings.Cut(p, " ")
			for _, part := range []string{"cmdline", "environ"} {
				if b, _ := os.ReadFile(filepath.Join("/proc", pid, part)); bytes.Contains(b, []byte(canary)) { // it may be gone
					t.Errorf("the password is in the %s of %s", part, p)
				}
			}
		}
		if err := syscall.Kill(app.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		<-app.Ended()
		app.Close()
		if n := search(data); n < 5 {
			t.Errorf("round %d: only %d files in the data directory", round, n)
		}
		search(home)
	}
}
