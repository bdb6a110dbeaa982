package busguard

import (
	"encoding/hex"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	variable = "DBUS_SESSION_BUS_ADDRESS"
	nowhere  = "unix:path=/nonexistent/tusk-no-session-bus"

	dialLimit   = 500 * time.Millisecond
	answerLimit = 700 * time.Millisecond
)

var hidden *string // what the variable was, while a bus that is not there is shown; nil when nothing is hidden

func init() {
	was, set := os.LookupEnv(variable)
	address := was
	if address == "" {
		address = discover()
	}
	switch found = ask(address); found {
	case Alive:
		if was == "" {
			put(address)
		}
	case Dead:
		put(nowhere)
	case None:
		if !set {
			was = ""
		}
		hidden = &was
		put(nowhere)
	}
}

// Restore puts the environment back as it was where there is no bus: GTK may find one in ways of its own.
func Restore() {
	switch {
	case hidden == nil:
	case *hidden == "":
		_ = os.Unsetenv(variable)
	default:
		put(*hidden)
	}
	hidden = nil
}

// put sets the variable, for C code in this process too. It fails only for values that hold a zero byte.
func put(address string) { _ = os.Setenv(variable, address) }

// discover gives the address of the bus of the person's session, where systemd or the display manager put it.
func discover() string {
	for _, dir := range []string{os.Getenv("XDG_RUNTIME_DIR"), filepath.Join("/run/user", strconv.Itoa(os.Getuid()))} {
		path := filepath.Join(dir, "bus")
		if fi, err := os.Stat(path); dir != "" && err == nil && fi.Mode()&os.ModeSocket != 0 {
			return "unix:path=" + path
		}
	}
	return ""
}

// ask begins to sign in, and waits for any answer.
func ask(address string) Verdict {
	for _, one := range strings.Split(address, ";") {
		path := socket(one)
		if path == "" {
			continue
		}
		c, err := net.DialTimeout("unix", path, dialLimit)
		if err != nil {
			continue
		}
		verdict := greet(c)
		_ = c.Close()
		return verdict
	}
	return None
}

func greet(c net.Conn) Verdict {
	_ = c.SetDeadline(time.Now().Add(answerLimit))
	uid := hex.EncodeToString([]byte(strconv.Itoa(os.Getuid())))
	if _, err := c.Write([]byte("\x00AUTH EXTERNAL " + uid + "\r\n")); err != nil {
		return Dead
	}
	if n, _ := c.Read(make([]byte, 1)); n == 0 {
		return Dead
	}
	return Alive
}

// socket gives the path of a unix address, an abstract one with @ before it; "" for other addresses.
func socket(address string) string {
	rest, ok := strings.CutPrefix(address, "unix:")
	if !ok {
		return ""
	}
	for _, pair := range strings.Split(rest, ",") {
		key, value, _ := strings.Cut(pair, "=")
		value, err := url.PathUnescape(value)
		switch {
		case err != nil:
		case key == "path":
			return value
		case key == "abstract":
			return "@" + value
		}
	}
	return ""
}
