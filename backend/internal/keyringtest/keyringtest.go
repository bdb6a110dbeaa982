//go:build linux

// Package keyringtest runs a test beside a real GNOME Keyring on a session bus of its own.
//
// What is registered with the keyring library is decided while packages are initialised, so each test runs in a process
// of its own: Run starts the bus and what belongs to it, runs the same test again in a copy of the test binary, and there
// Run calls the body with a handle to stop, lock or kill the keyring.
package keyringtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// Session says what the person's session has.
type Session int

// The sessions.
const (
	Unlocked  Session = iota // a keyring that is open, without a display: it cannot ask
	Display                  // the same with a display, where it asks
	NoBus                    // no session bus
	NoService                // a bus, and no keyring
	DeadBus                  // something that accepts and never answers
)

const (
	inside   = "TUSK_KEYRINGTEST"
	password = "open sesame"
	finished = "keyringtest: the body has run"
	notAsked = "waited in vain: the keyring asks"
	limit    = 2 * time.Minute
)

// Keyring is what a test does to the keyring of its session.
type Keyring struct {
	t   testing.TB
	dir string
}

// Run runs body in a process with that session. It fails the test when a program is missing.
func Run(t *testing.T, session Session, body func(k *Keyring)) {
	t.Helper()
	if dir := os.Getenv(inside); dir != "" {
		body(&Keyring{t: t, dir: dir})
		fmt.Println(finished)
		return
	}
	t.Parallel()
	out, err := run(t, session)
	if err != nil && bytes.Contains(out, []byte(notAsked)) {
		// gcr-prompter, which the bus starts, now and then ends before it shows anything; the keyring does not ask again.
		t.Logf("the keyring did not ask; once more in another session\n%s", out)
		out, err = run(t, session)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if testing.Verbose() {
		t.Logf("%s", out)
	}
}

// run starts the session and has the test run in it; what that printed is the answer.
func run(t *testing.T, session Session) ([]byte, error) {
	t.Helper()
	dir, err := os.MkdirTemp("", "kr") // short: a socket's path has 108 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	env := []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "XDG_DATA_HOME=" + filepath.Join(dir, "data"), inside + "=" + dir, "GSETTINGS_BACKEND=memory", "NO_AT_BRIDGE=1"}
	for _, kv := range os.Environ() {
		switch name, _, _ := strings.Cut(kv, "="); name {
		case "HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS":
		default:
			env = append(env, kv)
		}
	}
	if session == Display {
		env = append(env, "DISPLAY="+display(t, env))
	}
	switch session {
	case NoBus:
	case DeadBus:
		env = append(env, "DBUS_SESSION_BUS_ADDRESS="+silence(t, dir))
	default:
		env = append(env, "DBUS_SESSION_BUS_ADDRESS="+bus(t, dir, env, session != NoService))
	}
	if session == Unlocked || session == Display {
		daemon(t, dir, env)
	}
	ctx, stop := context.WithTimeout(t.Context(), limit)
	defer stop()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+strings.ReplaceAll(regexp.QuoteMeta(t.Name()), "/", "$/^")+"$", "-test.v", "-test.timeout="+limit.String())
	cmd.Env = env
	out, err := cmd.CombinedOutput()
	if err == nil && !bytes.Contains(out, []byte(finished)) {
		err = errors.New("the body has not run")
	}
	return out, err
}

// start runs a program until the test ends.
func start(t *testing.T, env []string, stdin string, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdin = env, strings.NewReader(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // a test that panics cleans nothing up
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: run build/scripts/setup.sh test", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGCONT) // it may be stopped, or gone
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

// bus starts a session bus. With services it starts the keyring itself when it is asked for, as a desktop does.
func bus(t *testing.T, dir string, env []string, services bool) string {
	t.Helper()
	path := filepath.Join(dir, "bus")
	list := ""
	if services {
		list = "<standard_session_servicedirs/>"
	}
	conf := filepath.Join(dir, "bus.conf")
	text := `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path=` + path + `</listen><auth>EXTERNAL</auth>` + list + `
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	address := "unix:path=" + path
	start(t, append(env, "DBUS_SESSION_BUS_ADDRESS="+address), "", "dbus-daemon", "--config-file="+conf, "--nofork")
	until(t, "the bus is there", func() bool { // its socket is, before it listens
		c, err := dial(dir)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	// What the bus has started ends with it, but for a keyring that is stopped.
	t.Cleanup(func() { signal(dir, syscall.SIGKILL) })
	return address
}

// daemon starts a keyring that is open.
func daemon(t *testing.T, dir string, env []string) {
	t.Helper()
	start(t, env, password, "gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets")
	seen := 0 // times in a row: its collection comes and goes while it starts
	until(t, "the keyring is there", func() bool {
		if !hasCollection(dir) {
			seen = 0
			return false
		}
		seen++
		return seen >= 3
	})
}

func hasCollection(dir string) bool {
	c, err := dial(dir)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	var path dbus.ObjectPath
	return owner(c) != 0 && c.Object(service, root).Call("org.freedesktop.Secret.Service.ReadAlias", 0, "default").Store(&path) == nil && path != "/"
}

// silence accepts and never answers.
func silence(t *testing.T, dir string) string {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(dir, "bus"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = c.Close() })
		}
	}()
	return "unix:path=" + filepath.Join(dir, "bus")
}

// display starts an X server.
func display(t *testing.T, env []string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp")
	cmd.Env, cmd.ExtraFiles = env, []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: run build/scripts/setup.sh test", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	_ = w.Close()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal("Xvfb: ", err)
	}
	return ":" + strings.TrimSpace(line)
}

func until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	within(t, time.Minute, what, ok)
}

func within(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

const (
	service = "org.freedesktop.secrets"
	root    = dbus.ObjectPath("/org/freedesktop/secrets")
)

func dial(dir string) (*dbus.Conn, error) {
	return dbus.Connect("unix:path=" + filepath.Join(dir, "bus"))
}

// owner is the process that is the keyring now; 0 when there is none.
func owner(c *dbus.Conn) int {
	var pid uint32
	if c.BusObject().Call("org.freedesktop.DBus.GetConnectionUnixProcessID", dbus.FlagNoAutoStart, service).Store(&pid) != nil {
		return 0
	}
	return int(pid)
}

func signal(dir string, s syscall.Signal) int {
	c, err := dial(dir)
	if err != nil {
		return 0
	}
	defer func() { _ = c.Close() }()
	pid := owner(c)
	if pid != 0 {
		_ = syscall.Kill(pid, s)
	}
	return pid
}

func (k *Keyring) bus() *dbus.Conn {
	k.t.Helper()
	c, err := dial(k.dir)
	if err != nil {
		k.t.Fatal(err)
	}
	k.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (k *Keyring) call(path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	k.t.Helper()
	call := k.bus().Object(service, path).Call("org.freedesktop.Secret."+method, 0, args...)
	if call.Err != nil {
		k.t.Fatal(call.Err)
	}
	return call
}

func (k *Keyring) collection() (path dbus.ObjectPath) {
	k.t.Helper()
	if err := k.call(root, "Service.ReadAlias", "default").Store(&path); err != nil {
		k.t.Fatal(err)
	}
	return path
}

// Lock locks the keyring.
func (k *Keyring) Lock() {
	k.t.Helper()
	k.call(root, "Service.Lock", []dbus.ObjectPath{k.collection()})
}

// Unlock opens the keyring with its password, as the person does elsewhere.
func (k *Keyring) Unlock() {
	k.t.Helper()
	c := k.bus()
	var output dbus.Variant
	var session dbus.ObjectPath
	if err := c.Object(service, root).Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&output, &session); err != nil {
		k.t.Fatal(err)
	}
	secret := struct {
		Session     dbus.ObjectPath
		Params      []byte
		Value       []byte
		ContentType string
	}{session, []byte{}, []byte(password), "text/plain"}
	if err := c.Object(service, root).Call("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface.UnlockWithMasterPassword", 0, k.collection(), secret).Err; err != nil {
		k.t.Fatal(err)
	}
}

// Stop stops the keyring's process, Continue lets it go on, Kill ends it.
func (k *Keyring) Stop() { k.signal(syscall.SIGSTOP) }

// Continue lets a stopped keyring go on.
func (k *Keyring) Continue() { k.signal(syscall.SIGCONT) }

// Kill ends the keyring; the bus starts another, which is locked, when it is asked for.
func (k *Keyring) Kill() {
	k.t.Helper()
	pid := k.signal(syscall.SIGKILL)
	c := k.bus()
	until(k.t, "the keyring is gone", func() bool { return owner(c) != pid })
}

func (k *Keyring) signal(s syscall.Signal) int {
	k.t.Helper()
	pid := signal(k.dir, s)
	if pid == 0 {
		k.t.Fatal("there is no keyring")
	}
	return pid
}

// Items gives the objects in the keyring.
func (k *Keyring) Items() []dbus.ObjectPath {
	k.t.Helper()
	v, err := k.bus().Object(service, k.collection()).GetProperty("org.freedesktop.Secret.Collection.Items")
	if err != nil {
		k.t.Fatal(err)
	}
	return v.Value().([]dbus.ObjectPath)
}

// Empty deletes all that is in the keyring.
func (k *Keyring) Empty() {
	k.t.Helper()
	for _, item := range k.Items() {
		k.call(item, "Item.Delete")
	}
}

// Asked waits until the keyring asks for its password, which needs a Display.
func (k *Keyring) Asked() {
	k.t.Helper()
	within(k.t, 30*time.Second, "the keyring asks", func() bool { return k.asks() })
	time.Sleep(300 * time.Millisecond) // until the window has the keyboard; nothing tells
}

// Silent waits until the keyring does not ask any more.
func (k *Keyring) Silent() {
	k.t.Helper()
	until(k.t, "the keyring has taken its question back", func() bool { return !k.asks() })
}

func (k *Keyring) asks() bool {
	out, _ := exec.Command("xdotool", "search", "--onlyvisible", "--class", "gcr-prompter").Output() // fails when there is none
	return len(bytes.TrimSpace(out)) > 0
}

// Answer types the keyring's password, Dismiss presses Escape.
func (k *Keyring) Answer() { k.xdotool("type", password); k.xdotool("key", "Return") }

// Dismiss presses Escape in the keyring's question.
func (k *Keyring) Dismiss() { k.xdotool("key", "Escape") }

func (k *Keyring) xdotool(args ...string) {
	k.t.Helper()
	if out, err := exec.Command("xdotool", args...).CombinedOutput(); err != nil {
		k.t.Fatalf("xdotool %s: %v %s", strconv.Quote(strings.Join(args, " ")), err, out)
	}
}
