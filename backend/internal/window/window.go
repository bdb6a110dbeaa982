//go:build linux

// Package window drives the real window, as a person at a keyboard would: for the walks of the tests, and for `make
// run` on a machine without a display.
//
// What: a virtual display with a window manager, Tusk built with the tag testhook on it, keys and mouse by xdotool,
// pictures, and JavaScript in the page for looking.
//
// Not: a way to test the page's logic; that is faster in a browser.
package window

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Display is a virtual display of its own.
type Display struct {
	Bus     string // address of the session bus for what is started; "" for none
	Name    string // such as :99
	server  *exec.Cmd
	manager *exec.Cmd
}

// startLimit is for each program's start on a slow machine.
const startLimit = 30 * time.Second

// StartDisplay starts a display of the size and a window manager on it.
func StartDisplay(width, height int) (*Display, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("start display: %w", err)
	}
	defer func() { _ = r.Close() }()
	d := &Display{}
	// The server picks a free number and writes it to the pipe when it is ready. Without -noreset it begins anew whenever
	// its last client goes, and who comes at that moment is thrown out.
	d.server = exec.Command("Xvfb", "-noreset", "-displayfd", "3", "-screen", "0", fmt.Sprintf("%dx%dx24", width, height), "-nolisten", "tcp")
	d.server.ExtraFiles = []*os.File{w}
	d.server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err = d.server.Start()
	_ = w.Close()
	if err != nil {
		return nil, fmt.Errorf("start Xvfb: %w", err)
	}
	_ = r.SetReadDeadline(time.Now().Add(startLimit))
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("wait for Xvfb: %w", err)
	}
	d.Name = ":" + strings.TrimSpace(number)
	d.manager = exec.Command("openbox")
	d.manager.Env = d.env()
	d.manager.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := d.manager.Start(); err != nil {
		d.manager = nil
		d.Close()
		return nil, fmt.Errorf("start openbox: %w", err)
	}
	return d, nil
}

func (d *Display) env(extra ...string) []string {
	// xdotool types characters beyond ASCII only in a UTF-8 locale.
	env := []string{"DISPLAY=" + d.Name, "LC_ALL=C.UTF-8", "NO_AT_BRIDGE=1", "DBUS_SESSION_BUS_ADDRESS=" + cmp.Or(d.Bus, "unix:path=/nonexistent")}
	for _, kv := range os.Environ() {
		if k, _, _ := strings.Cut(kv, "="); k != "DISPLAY" && k != "WAYLAND_DISPLAY" && k != "LC_ALL" && k != "DBUS_SESSION_BUS_ADDRESS" {
			env = append(env, kv)
		}
	}
	return append(env, extra...)
}

// Run runs a program on the display and gives what it prints.
func (d *Display) Run(name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = d.env()
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(errOut.String()))
	}
	return out.String(), nil
}

// Close ends the display and the window manager.
func (d *Display) Close() {
	for _, c := range []*exec.Cmd{d.manager, d.server} {
		if c != nil && c.Process != nil {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}
}

// App is a Tusk in its window.
type App struct {
	*Display
	ID      string // of the X window
	Started time.Time
	cmd     *exec.Cmd
	dataDir string
	hook    net.Conn
	answers *bufio.Reader
	dir     string
	ended   chan struct{}
	err     error // of the process; read after ended
}

// Start opens the window of the binary, built with the tag testhook, and waits until the page answers.
func (d *Display) Start(binary, dataDir string, args ...string) (*App, error) {
	dir, err := os.MkdirTemp("", "tuskwin")
	if err != nil {
		return nil, fmt.Errorf("start window: %w", err)
	}
	a := &App{Display: d, dir: dir, dataDir: dataDir, ended: make(chan struct{})}
	socket := filepath.Join(dir, "hook")
	a.cmd = exec.Command(binary, args...)
	a.cmd.Env = d.env("TUSK_TEST_SOCKET="+socket, "TUSK_DATA_DIR="+dataDir)
	a.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	a.cmd.Stderr = os.Stderr
	a.Started = time.Now()
	if err := a.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	go func() { a.err = a.cmd.Wait(); close(a.ended) }()
	err = a.wait("the page answers", func() (bool, error) {
		// What is sent before the page has loaded is never answered, so each try is a connection of its own.
		c, err := net.Dial("unix", socket)
		if err != nil {
			return false, nil
		}
		a.hook, a.answers = c, bufio.NewReaderSize(c, 1<<20)
		var ready bool
		if a.evalWithin(200*time.Millisecond, `return !!document.querySelector('.app')`, &ready) == nil && ready {
			return true, nil
		}
		a.hook = nil
		return false, c.Close()
	})
	if err == nil {
		err = a.wait("the window is mapped", func() (bool, error) {
			out, err := d.Run("xdotool", "search", "--onlyvisible", "--pid", fmt.Sprint(a.cmd.Process.Pid), "--name", "Tusk")
			a.ID = strings.TrimSpace(strings.SplitN(out, "\n", 2)[0])
			return err == nil && a.ID != "", nil
		})
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// Again starts the program once more on the same data directory and waits for its end, for ten seconds at most; what it
// wrote is the answer.
func (a *App) Again(args ...string) (string, error) {
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Second)
	defer stop()
	cmd := exec.CommandContext(ctx, a.cmd.Path, args...)
	cmd.Env = a.env("TUSK_DATA_DIR=" + a.dataDir)
	out, err := cmd.CombinedOutput()
	return string(out), errors.Join(err, ctx.Err())
}

// DataDir is the program's.
func (a *App) DataDir() string { return a.dataDir }

// PID is the main process's.
func (a *App) PID() int { return a.cmd.Process.Pid }

// Ended is closed when the process has ended.
func (a *App) Ended() <-chan struct{} { return a.ended }

// Close ends the program the polite way, then the other.
func (a *App) Close() {
	if a.hook != nil {
		_ = a.hook.Close()
	}
	_ = a.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-a.ended:
	case <-time.After(5 * time.Second):
		_ = a.cmd.Process.Kill()
		<-a.ended
	}
	_ = os.RemoveAll(a.dir)
}

// Eval runs the body of an async function in the page and decodes what it returns into out, which may be nil.
func (a *App) Eval(body string, out any) error { return a.evalWithin(70*time.Second, body, out) }

func (a *App) evalWithin(limit time.Duration, body string, out any) error {
	line, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("write script: %w", err)
	}
	_ = a.hook.SetDeadline(time.Now().Add(limit))
	if _, err := a.hook.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("send script: %w", err)
	}
	text, err := a.answers.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	var answer struct {
		OK  json.RawMessage `json:"ok"`
		Err string          `json:"err"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	if answer.Err != "" {
		return errors.New(answer.Err)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.OK, out)
}

// Keys presses keys one after the other, by xdotool's names: ctrl+Return, Escape.
func (a *App) Keys(keys ...string) error {
	_, err := a.Run("xdotool", append([]string{"key", "--clearmodifiers", "--delay", "20"}, keys...)...)
	return err
}

// Type types a text.
func (a *App) Type(text string) error {
	_, err := a.Run("xdotool", "type", "--delay", "8", "--", text)
	return err
}

// Click clicks in the middle of the first element that the selector finds.
func (a *App) Click(selector string) error {
	var at struct{ X, Y int }
	if err := a.Eval(fmt.Sprintf(`const e = document.querySelector(%q); if (!e) throw new Error('nothing is ' + %q);
const b = e.getBoundingClientRect(); return { X: Math.round(b.x + b.width / 2), Y: Math.round(b.y + b.height / 2) }`, selector, selector), &at); err != nil {
		return err
	}
	_, err := a.Run("xdotool", "mousemove", "--window", a.ID, fmt.Sprint(at.X), fmt.Sprint(at.Y), "click", "1")
	return err
}

// Text is the text of the first element that the selector finds; "" when there is none.
func (a *App) Text(selector string) (string, error) {
	var s string
	err := a.Eval(fmt.Sprintf(`return document.querySelector(%q)?.textContent ?? ''`, selector), &s)
	return s, err
}

// Wait waits until the JavaScript expression is true in the page.
func (a *App) Wait(what, expression string) error {
	return a.wait(what, func() (bool, error) {
		var ok bool
		err := a.Eval("return !!("+expression+")", &ok)
		return ok, err
	})
}

func (a *App) wait(what string, ok func() (bool, error)) error {
	for begin := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		done, err := ok()
		switch {
		case err != nil:
			return fmt.Errorf("wait until %s: %w", what, err)
		case done:
			return nil
		case time.Since(begin) > startLimit:
			return fmt.Errorf("waited %s until %s", startLimit, what)
		}
		select {
		case <-a.ended:
			return fmt.Errorf("wait until %s: the program has ended: %v", what, a.err)
		default:
		}
	}
}

// Picture writes a picture of the window.
func (a *App) Picture(file string) error {
	select {
	case <-a.ended: // of a window that is gone import would wait for a click
		return errors.New("take picture: the program has ended")
	default:
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("take picture: %w", err)
	}
	_, err := a.Run("import", "-window", a.ID, file)
	return err
}

// Clipboard is the clipboard's text.
func (a *App) Clipboard() (string, error) { return a.Run("xclip", "-selection", "clipboard", "-o") }
