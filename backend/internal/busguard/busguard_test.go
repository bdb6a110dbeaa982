//go:build linux

package busguard

import (
	"net"
	"path/filepath"
	"testing"
	"time"
)

// TestAsk meets addresses of every kind, and what can stand behind one. That its init comes before the keyring's is
// tested where the two meet: secret/vault, TestG1 and TestG3.
func TestAsk(t *testing.T) {
	t.Parallel()
	listen := func(answer string) string {
		path := filepath.Join(t.TempDir(), "bus")
		l, err := net.Listen("unix", path)
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
				if answer != "" {
					_, _ = c.Read(make([]byte, 64))
					_, _ = c.Write([]byte(answer))
				}
			}
		}()
		return path
	}
	alive, silent := listen("OK 1234\r\n"), listen("")
	for address, want := range map[string]Verdict{
		"":                                   None,
		"autolaunch:":                        None,
		"tcp:host=127.0.0.1,port=1":          None,
		"unix:path=/nonexistent":             None,
		"unix:abstract=tusk-nobody-is-there": None,
		"unix:path=%zz":                      None,
		"unix:path=" + alive + ",guid=abc":   Alive,
		"unix:path=/nonexistent;unix:path=" + alive: Alive,
		"unix:guid=abc,path=" + silent:              Dead,
	} {
		begin := time.Now()
		if got := ask(address); got != want {
			t.Errorf("%q: %d, not %d", address, got, want)
		}
		if took := time.Since(begin); took > dialLimit+answerLimit {
			t.Errorf("%q took %s", address, took)
		}
	}
	if got := socket("unix:abstract=/tmp/dbus-x%2cy,guid=1"); got != "@/tmp/dbus-x,y" {
		t.Errorf("an abstract address is %q", got)
	}
}
