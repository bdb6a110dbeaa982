//go:build linux && walks

package window_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestDbg(t *testing.T) {
	data := t.TempDir()
	file := filepath.Join(t.TempDir(), "first.sql")
	_ = os.WriteFile(file, []byte("select 1;"), 0o600)
	w := begin(t, data, file)
	w.keys("ctrl+1", "ctrl+End")
	w.typed("abc def ")
	time.Sleep(time.Second)
	_ = syscall.Kill(w.PID(), syscall.SIGKILL)
	<-w.Ended()
	w.App.Close()
	w = begin(t, data)
	look := func(what string) {
		var s string
		w.eval(`const s = getSelection(); return JSON.stringify([s.anchorNode?.nodeName, s.anchorNode?.textContent, s.anchorOffset, document.querySelector('footer').textContent, document.querySelector('.cm-line').innerHTML, document.querySelector('.cm-cursor')?.getBoundingClientRect().x])`, &s)
		t.Log(what, s)
	}
	time.Sleep(time.Second)
	look("restored")
	w.keys("ctrl+1", "Home", "End")
	w.typed("X")
	time.Sleep(300 * time.Millisecond)
	look("typed")
	w.keys("ctrl+t")
	time.Sleep(300 * time.Millisecond)
	w.typed("tail ")
	w.keys("ctrl+shift+Tab")
	time.Sleep(300 * time.Millisecond)
	w.typed("Z ")
	w.keys("ctrl+Tab")
	time.Sleep(300 * time.Millisecond)
	w.typed("V")
	time.Sleep(300 * time.Millisecond)
	look("typed in other")
	w.keys("ctrl+Tab")
	time.Sleep(300 * time.Millisecond)
	w.typed("W")
	time.Sleep(300 * time.Millisecond)
	look("typed in first")
	w.picture("dbg")
}
