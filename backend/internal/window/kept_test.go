//go:build linux && walks

package window_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The real window is killed 20 times while it is typed into, at random moments. What was there a second before is there
// again, in every tab, and nothing that was never typed.
func TestNoKeystrokeIsLost(t *testing.T) {
	t.Parallel()
	data, first := directory(t), script(t)
	sure := map[string]string{} // what each tab had a second before a kill, by its title
	all := map[string]string{}  // what it had at most
	args := []string{first}
	for n := range 21 {
		w := begin(t, data, args...)
		args = nil
		var restored []struct{ Title, Text string }
		w.eval(`const k = await window.go.backend.Work.Restore(); return k.tabs.map(t => ({ Title: t.title, Text: t.text }))`, &restored)
		got := map[string]string{}
		for _, tab := range restored {
			got[tab.Title] = tab.Text
		}
		for title, text := range sure {
			if !strings.HasPrefix(got[title], text) || !strings.HasPrefix(all[title], got[title]) {
				t.Fatalf("start %d: %s has %q; %q was there a second before, %q was typed", n, title, got[title], text, all[title])
			}
			sure[title], all[title] = got[title], got[title]
		}
		if n == 20 {
			w.picture("walk-restored")
			w.App.Close()
			break
		}
		if n%3 == 1 {
			w.keys("ctrl+t")
			w.wait("the tab is blank", `document.querySelector('.cm-content').textContent.trim() === '' || document.querySelector('.cm-placeholder')`)
		} else {
			w.wait("the text is shown", `document.querySelector('.cm-line')`)
		}
		w.keys("ctrl+1", "ctrl+End")
		w.wait("the editor has the focus", `document.activeElement.closest('.cm-editor')`)
		now := func() (title, text string) {
			var is struct{ Title, Text string }
			w.eval(`return { Title: document.querySelector('[role=tab][aria-selected=true] .cut').textContent,
	Text: document.querySelector('.cm-placeholder') ? '' : [...document.querySelectorAll('.cm-line')].map(l => l.textContent).join('\n') }`, &is)
			return is.Title, is.Text
		}
		_, before := now()
		var line strings.Builder
		for i := range 22 {
			fmt.Fprintf(&line, "%d ", 1000*n+i)
		}
		typing := exec.Command("xdotool", "type", "--delay", "20", "--", line.String())
		typing.Env = append(os.Environ(), "DISPLAY="+w.Name, "LC_ALL=C.UTF-8")
		if err := typing.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.IntN(1200)) * time.Millisecond)
		title, text := now()
		time.Sleep(time.Second) // what is promised
		if err := syscall.Kill(w.PID(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		<-w.Ended()
		if err := typing.Wait(); err != nil { // to its end: a key that is not let go repeats itself in the next window
			t.Fatal(err)
		}
		if strings.HasPrefix(text, before) {
			sure[title], all[title] = text, before+line.String()
		} else {
			t.Fatalf("round %d: %q before, %q now", n, before, text)
		}
		w.App.Close()
	}
	if len(sure) < 5 {
		t.Errorf("tabs %v", sure)
	}
	if damaged, _ := filepath.Glob(filepath.Join(data, "tabs", "damaged", "*")); len(damaged) > 0 {
		t.Errorf("damaged: %q", damaged)
	}
}

// script makes a file to open.
func script(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "first.sql")
	if err := os.WriteFile(file, []byte("select 1;"), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// begin starts the window on a directory and waits until it shows something.
func begin(t *testing.T, data string, args ...string) *walker {
	t.Helper()
	app, err := display(t).Start(filepath.Join(repository(t), "build/bin/tusk-driven"), data, args...)
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{app, t}
	t.Cleanup(func() {
		if t.Failed() {
			_ = app.Picture(filepath.Join(repository(t), "build/shots", "failed-"+t.Name()+".png"))
		}
		app.Close()
	})
	w.wait("the editor is there", `document.querySelector('.cm-content')`)
	return w
}

// The window comes back where it was, also after it was killed.
func TestGeometryIsRestored(t *testing.T) {
	t.Parallel()
	data, file := directory(t), script(t)
	w := begin(t, data, file)
	if _, err := w.Run("xdotool", "windowmove", "--sync", w.ID, "120", "90", "windowsize", "--sync", w.ID, "900", "640"); err != nil {
		t.Fatal(err)
	}
	w.wait("it has the size", `innerWidth === 900`)
	time.Sleep(time.Second) // what is promised
	place := func(w *walker) string {
		t.Helper()
		out, err := w.Run("xdotool", "getwindowgeometry", w.ID)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(out[strings.Index(out, "\n"):])
	}
	before := place(w)
	if err := syscall.Kill(w.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-w.Ended()
	w.App.Close()
	w = begin(t, data)
	w.wait("it has its size", `innerWidth === 900`)
	deadline := time.Now().Add(5 * time.Second)
	for place(w) != before && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if now := place(w); now != before {
		t.Errorf("it is at %s, and was at %s", now, before)
	}
}

// What was typed last is kept when the window is closed at once.
func TestClosedWhileTyping(t *testing.T) {
	t.Parallel()
	data, file := directory(t), script(t)
	w := begin(t, data, file)
	w.click(".cm-content")
	w.keys("ctrl+End")
	w.typed(" select 2")
	if _, err := w.Run("xdotool", "type", "--delay", "0", "--", "345"); err != nil {
		t.Fatal(err)
	}
	w.keys("alt+F4")
	select {
	case <-w.Ended():
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
	w.App.Close()
	w = begin(t, data)
	w.wait("all is there", `document.querySelector('.cm-content').textContent.includes('select 1; select 2345')`)
}
