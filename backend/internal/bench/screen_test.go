//go:build bench && linux

package bench

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/internal/window"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// eye looks at a display as a person does, at its pixels, and presses keys at the X server, so that whoever has the
// focus is measured alike.
type eye struct {
	t    *testing.T
	x    *xgb.Conn
	root xproto.Window
	keys map[xproto.Keysym]byte
}

const (
	keyReturn  xproto.Keysym = 0xff0d
	keyControl xproto.Keysym = 0xffe3
	keyX       xproto.Keysym = 'x'
)

// area is a part of the display, in pixels. There is text in it when more than Less of them have another colour than most.
type area struct{ X, Y, Width, Height, Less int }

func newEye(t *testing.T, d *window.Display) *eye {
	t.Helper()
	xgb.Logger.SetOutput(io.Discard) // it tells of displays that need no password, and of those that have ended
	x, err := xgb.NewConnDisplay(d.Name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	if err := xtest.Init(x); err != nil {
		t.Fatal(err)
	}
	setup := xproto.Setup(x)
	e := &eye{t: t, x: x, root: setup.DefaultScreen(x).Root, keys: map[xproto.Keysym]byte{}}
	count := byte(setup.MaxKeycode - setup.MinKeycode + 1)
	m, err := xproto.GetKeyboardMapping(x, setup.MinKeycode, count).Reply()
	if err != nil {
		t.Fatal(err)
	}
	for i := range int(count) {
		e.keys[m.Keysyms[i*int(m.KeysymsPerKeycode)]] = byte(setup.MinKeycode) + byte(i)
	}
	return e
}

// press presses the keys together, the last one last, lets go of them, and gives when the last one went down.
func (e *eye) press(keys ...xproto.Keysym) time.Time {
	e.t.Helper()
	var at time.Time
	send := func(kind byte, k xproto.Keysym) {
		if err := xtest.FakeInputChecked(e.x, kind, e.keys[k], 0, e.root, 0, 0, 0).Check(); err != nil {
			e.t.Fatal(err)
		}
	}
	for _, k := range keys {
		at = time.Now()
		send(xproto.KeyPress, k)
	}
	for i := range keys {
		send(xproto.KeyRelease, keys[len(keys)-1-i])
	}
	return at
}

// written says whether there is text in an area.
func (e *eye) written(a area) bool {
	e.t.Helper()
	img, err := xproto.GetImage(e.x, xproto.ImageFormatZPixmap, xproto.Drawable(e.root), int16(a.X), int16(a.Y), uint16(a.Width), uint16(a.Height), 0xffffffff).Reply()
	if err != nil {
		e.t.Fatal(err)
	}
	colours := map[[3]byte]int{}
	most := 0
	for i := 0; i+3 < len(img.Data); i += 4 {
		c := [3]byte(img.Data[i : i+3])
		colours[c]++
		most = max(most, colours[c])
	}
	return a.Width*a.Height-most > a.Less
}

// untilWritten presses keys and gives how long it takes, in ms, until text is in an area that had none.
func (e *eye) untilWritten(a area, keys ...xproto.Keysym) float64 {
	e.t.Helper()
	if e.written(a) {
		e.t.Fatalf("there is text already in %+v", a)
	}
	begin := e.press(keys...)
	for !e.written(a) {
		if time.Since(begin) > 2*time.Minute {
			e.t.Fatal("no rows are seen")
		}
		time.Sleep(time.Millisecond)
	}
	return float64(time.Since(begin).Microseconds()) / 1000
}

// terminal starts psql in a terminal on a display of its own, types the query and gives how long it takes from Return
// until rows are seen.
func terminal(t *testing.T, url, sql string, args ...string) float64 {
	t.Helper()
	d, err := window.StartDisplay(1440, 900)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	until := func(what string, ok func() bool) {
		for begin := time.Now(); !ok(); time.Sleep(20 * time.Millisecond) {
			if time.Since(begin) > time.Minute {
				t.Fatal("waited until " + what)
			}
		}
	}
	// A window that comes while the window manager starts is never shown.
	until("the window manager is there", func() bool { _, err := d.Run("wmctrl", "-m"); return err == nil })
	rc := filepath.Join(t.TempDir(), "psqlrc")
	if err := os.WriteFile(rc, []byte("\\pset pager off\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("xterm", append([]string{"-geometry", "180x60+0+0", "-e", "psql", url}, args...)...)
	cmd.Env = append(os.Environ(), "DISPLAY="+d.Name, "PSQLRC="+rc, "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); _ = cmd.Wait() }()
	e := newEye(t, d)
	until("psql starts", func() bool { return e.written(area{10, 30, 300, 120, 150}) })
	time.Sleep(time.Second)
	if _, err := d.Run("xdotool", "search", "--class", "xterm", "windowfocus", "--sync"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Run("xdotool", "type", "--delay", "8", "--", sql+";"); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	took := e.untilWritten(area{10, 300, 300, 300, 150}, keyReturn)
	_, _ = d.Run("import", "-window", "root", filepath.Join(repository(t), "build/shots/bench-psql.png"))
	return took
}

// TestFirstRows looks at the screens of Tusk and of psql in a terminal, both with an open session: when are the first of
// a million rows seen? What a typed letter takes is the floor: as long takes the window for anything.
func TestFirstRows(t *testing.T) {
	srv := pgtest.New(t, pgtest.Options{Config: map[string]string{"shared_buffers": "1GB", "max_parallel_workers_per_gather": "0", "jit": "off"}})
	b := &bed{t: t, url: srv.DB(t)}
	b.psql("-c", bigSQL, "-c", "vacuum (freeze, analyze) big")
	const sql = "select * from big"
	var first, again, letter, chunks, whole []float64
	for range 5 {
		f, a, l := tuskRows(t, b.url, sql)
		first, again, letter = append(first, f), append(again, a), append(letter, l)
		chunks = append(chunks, terminal(t, b.url, sql, "-v", "FETCH_COUNT=200"))
		whole = append(whole, terminal(t, b.url, sql))
	}
	fmt.Println("| from the key to text on the screen, 1,000,000 rows, open sessions (medians of 5 starts) | |")
	fmt.Println("|---|---|")
	for _, l := range []struct {
		what    string
		figures []float64
	}{
		{"Tusk, first run of the window", first},
		{"Tusk, first run of a second tab", again},
		{"Tusk, a letter in the editor", letter},
		{"psql in xterm, FETCH_COUNT=200", chunks},
		{"psql in xterm", whole},
	} {
		fmt.Printf("| %s | %s |\n", l.what, ms(median(l.figures)))
	}
}

// tuskRows opens a window, runs the query in two tabs and types a letter into a third, and gives how long it took each
// time, in ms, until the screen had it.
func tuskRows(t *testing.T, url, sql string) (first, again, letter float64) {
	t.Helper()
	d, err := window.StartDisplay(1440, 900)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	app, err := d.Start(filepath.Join(repository(t), "build/bin/tusk-driven"), t.TempDir(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	w := &tenMillion{app, d, t}
	e := newEye(t, d)
	tab := func(n int) {
		w.until("all rows", `!document.querySelector('.btn-cancel')`)
		w.do("ctrl+t", "another tab", fmt.Sprintf(`document.querySelectorAll('[role=tab][id^=tab-]').length === %d`, n))
		time.Sleep(time.Second)
	}
	run := func() float64 {
		w.must(w.Type(sql))
		time.Sleep(time.Second)
		return w.firstRows(e)
	}
	w.connect()
	first = run()
	tab(2)
	again = run()
	tab(3)
	w.must(w.Type("-- "))
	time.Sleep(time.Second)
	letter = e.untilWritten(w.area(e, ".cm-cursor", area{3, 0, 60, 14, 8}), keyX)
	return first, again, letter
}
