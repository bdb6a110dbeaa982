//go:build bench && linux

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/internal/window"
	"github.com/jezek/xgb/xproto"
)

// growthLimit is how many MB the main process may grow by, whatever is done with ten million rows.
const growthLimit = 80

// tenMillion is a window that is worked in.
type tenMillion struct {
	*window.App
	d *window.Display
	t *testing.T
}

func (w *tenMillion) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// until waits for what takes its time, and tells how long it took, in ms.
func (w *tenMillion) until(what, js string) float64 {
	w.t.Helper()
	begin := time.Now()
	for ; ; time.Sleep(5 * time.Millisecond) {
		var done bool
		w.must(w.Eval("return !!("+js+")", &done))
		if done {
			return float64(time.Since(begin).Microseconds()) / 1000
		}
		if time.Since(begin) > time.Minute {
			_ = w.Picture(filepath.Join(repository(w.t), "build/shots/failed-ten-million.png"))
			w.t.Fatal(what)
		}
	}
}

// do presses keys and waits for what they bring.
func (w *tenMillion) do(keys, what, js string) float64 {
	w.t.Helper()
	w.must(w.Keys(strings.Fields(keys)...))
	return w.until(what, js)
}

// connect makes the connection of the form that the window begins with, and waits until nothing is under way.
func (w *tenMillion) connect() {
	w.t.Helper()
	w.until("the form", `document.querySelector('[role=dialog]')`)
	w.do("ctrl+Return", "it connects", `document.querySelector('.cm-content') && !document.querySelector('[role=dialog]')`)
	w.must(w.Click(".cm-content"))
	time.Sleep(3 * time.Second)
}

// firstRows runs what is in the editor and gives how long it takes, in ms, from the key until rows are seen.
func (w *tenMillion) firstRows(e *eye) float64 {
	w.t.Helper()
	// below the names of the columns and left of what an empty panel says
	return e.untilWritten(w.area(e, "#result-panel", area{60, 80, 200, 150, 150}), keyControl, keyReturn)
}

// area is one within the element that the selector finds, on the display.
func (w *tenMillion) area(e *eye, selector string, within area) area {
	w.t.Helper()
	var at struct{ X, Y int }
	w.must(w.Eval(fmt.Sprintf(`const b = document.querySelector(%q).getBoundingClientRect(); return { X: Math.round(b.x), Y: Math.round(b.y) }`, selector), &at))
	id, err := strconv.ParseUint(w.ID, 10, 32)
	w.must(err)
	origin, err := xproto.TranslateCoordinates(e.x, xproto.Window(id), e.root, 0, 0).Reply()
	w.must(err)
	within.X += at.X + int(origin.DstX)
	within.Y += at.Y + int(origin.DstY)
	return within
}

const (
	bar = `(document.querySelector('[aria-label="Order and filter"]')?.textContent ?? '')`
	// frames scrolls for four seconds, at each frame to another place of the whole, and gives the times between frames.
	frames = `return await new Promise(done => {
  const v = [...document.querySelectorAll('[role=grid] *, [role=grid]')].find(e => e.scrollHeight > e.clientHeight + 1000000)
  const took = []
  let last = 0, n = 0
  const step = now => {
    if (last) took.push(now - last)
    last = now
    v.scrollTop = (n++ * 0.618034 % 1) * (v.scrollHeight - v.clientHeight)
    if (now - begin < 4000) requestAnimationFrame(step); else done(took)
  }
  const begin = performance.now()
  requestAnimationFrame(step)
})`
)

// TestTenMillion works with ten million rows in the real window: it is asked for once, and then scrolled, sorted, filtered,
// searched and written to files without asking the server again.
func TestTenMillion(t *testing.T) {
	srv := pgtest.New(t, pgtest.Options{Config: map[string]string{"shared_buffers": "2GB", "max_parallel_workers_per_gather": "0", "synchronize_seqscans": "off", "jit": "off"}})
	b := &bed{t: t, url: srv.DB(t)}
	rows := 10_000_000
	if n, err := strconv.Atoi(os.Getenv("TUSK_ROWS")); err == nil {
		rows = n
	}
	all := fmt.Sprintf("%s rows", commas(rows))
	b.psql("-c", strings.ReplaceAll(bigSQL, "1000000)", fmt.Sprintf("%d)", rows)), "-c", "vacuum (freeze, analyze) big", "-c", "create sequence asked")
	chunks := terminal(t, b.url, "select b.* from big b", "-v", "FETCH_COUNT=200")
	whole := terminal(t, b.url, "select b.* from big b")
	d, err := window.StartDisplay(1440, 900)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	data, err := os.MkdirTemp("", "tuskten")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(data) }()
	app, err := d.Start(filepath.Join(repository(t), "build/bin/tusk-driven"), data, b.url)
	if err != nil {
		t.Fatal(err)
	}
	defer app.Close()
	w := &tenMillion{app, d, t}
	w.connect()
	before, _ := rollup(w.PID())
	var most atomic.Int64 // MB beyond before
	watch, done := time.NewTicker(100*time.Millisecond), make(chan struct{})
	defer close(done)
	go func() {
		for {
			m, _ := rollup(w.PID())
			most.Store(max(most.Load(), int64(m.pss-before.pss)))
			select {
			case <-watch.C:
			case <-done:
				return
			}
		}
	}()

	fmt.Println("| ten million rows of 8 columns in the real window | | main process grown by (PSS) at most so far | target |")
	fmt.Println("|---|---|---|---|")
	say := func(what, figure, target string) {
		fmt.Printf("| %s | %s | %d MB | %s |\n", what, figure, most.Load(), target)
	}
	const sql = "select b.* from (select nextval('asked') offset 0) once, big b"
	w.must(w.Type(sql))
	time.Sleep(time.Second) // what typing brings is over
	say("first rows on the screen, from the key on", ms(w.firstRows(newEye(t, d))), fmt.Sprintf("psql in xterm: %s, with FETCH_COUNT=200 %s", seconds(whole), ms(chunks)))
	say("all rows received", seconds(w.until("all rows", `!document.querySelector('.btn-cancel')`)), "")
	w.must(w.Keys("ctrl+2"))
	w.scroll("scrolled anywhere, as they came", say)

	head := func(n int) string { return fmt.Sprintf(`.g-hc[aria-colindex="%d"]`, n+1) }
	w.must(w.Click(head(5))) // flag
	w.until("a sorted result", bar+`.includes('`+all+`') && `+firstCell(5)+` === 'f'`)
	_, err = d.Run("xdotool", "keydown", "shift")
	w.must(err)
	w.must(w.Click(head(3))) // hash
	_, err = d.Run("xdotool", "keyup", "shift")
	w.must(err)
	time.Sleep(500 * time.Millisecond) // until it is told that it takes a while
	say("sorted by two columns, the second added", seconds(500+w.until("sorted by two", `document.querySelectorAll('[aria-sort]').length === 2 && `+bar+`.includes('`+all+`') && !document.querySelector('[aria-label="Order and filter"] .spin')`)), "")
	w.scroll("scrolled anywhere, sorted", say)

	w.must(w.Keys("ctrl+f"))
	w.must(w.Type("abcd"))
	say("found in all columns", seconds(w.until("hits", `/^([1-9][0-9,]* of )?[1-9][0-9,]*$/.test((document.querySelector('.findbar .count')?.textContent ?? '').trim())`)), "")
	w.must(w.Keys("Escape"))

	for _, format := range []string{"csv", "parquet"} {
		path := filepath.Join(data, "out."+format)
		w.must(w.Keys("ctrl+shift+s"))
		w.until("the dialog", `document.querySelector('#export-file')`)
		w.must(w.Eval(fmt.Sprintf(`const set = (e, v, type) => { Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, v); e.dispatchEvent(new Event(type, { bubbles: true })) }
set(document.querySelector('#export-format'), %q, 'change')
await new Promise(r => setTimeout(r, 50))
set(document.querySelector('#export-file'), %q, 'input')`, format, path), nil))
		begin := time.Now()
		w.must(w.Keys("Return"))
		for {
			if fi, err := os.Stat(path); err == nil && fi.Size() > 0 {
				say("exported to "+format+", sorted", fmt.Sprintf("%s, %d MB", seconds(float64(time.Since(begin).Milliseconds())), fi.Size()>>20), "")
				break
			}
			if time.Since(begin) > 5*time.Minute {
				t.Fatal("no file")
			}
			time.Sleep(50 * time.Millisecond)
		}
		_ = os.Remove(path)
	}
	say("all of it", "", fmt.Sprintf("grown by < %d MB", growthLimit))
	if most.Load() >= growthLimit {
		t.Errorf("it has grown by %d MB", most.Load())
	}
	b.psql("-c", "do $$ begin assert (select last_value = 1 from asked), 'the query was run again'; end $$")
	_ = w.Picture(filepath.Join(repository(t), "build/shots/walk-ten-million.png"))
}

// commas writes a number as the window does.
func commas(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

func seconds(ms float64) string { return fmt.Sprintf("%.1f s", ms/1000) }

func firstCell(column int) string {
	return fmt.Sprintf(`document.querySelector('.g-row[aria-rowindex="2"] .g-cell[aria-colindex="%d"]')?.textContent`, column+1)
}

// scroll records the times between frames while the whole result is scrolled through.
func (w *tenMillion) scroll(what string, say func(what, figure, target string)) {
	w.t.Helper()
	var took []float64
	w.must(w.Eval(frames, &took))
	slices.Sort(took)
	if len(took) < 50 {
		w.t.Fatalf("only %d frames", len(took))
	}
	say(fmt.Sprintf("%s: frames in 4 s, p50 / p95 / longest", what), fmt.Sprintf("%d, %.1f / %.1f / %.0f ms", len(took), took[len(took)/2], took[len(took)*95/100], took[len(took)-1]), "60 a second: 16.7 ms")
}
