//go:build linux && walks

package window_test

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/internal/window"
)

// displays are what walks happen on, two at once: most of their time they wait.
var displays = make(chan *window.Display, 2)

func TestMain(m *testing.M) {
	for range cap(displays) {
		d, err := window.StartDisplay(1440, 900)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		displays <- d
	}
	code := pgtest.Main(m)
	for range cap(displays) {
		(<-displays).Close()
	}
	os.Exit(code)
}

var taken sync.Map // *testing.T to the display it has

// display is the walk's own until it ends, for all the windows it opens.
func display(t *testing.T) *window.Display {
	if d, ok := taken.Load(t); ok {
		return d.(*window.Display)
	}
	d := <-displays
	taken.Store(t, d)
	t.Cleanup(func() {
		taken.Delete(t)
		displays <- d
	})
	return d
}

func repository(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// walker is a person at the window; every step that fails ends the walk.
type walker struct {
	*window.App
	t *testing.T
}

// open starts the window with a server of the walk's own named in the form, and connects to it.
func open(t *testing.T, url string) *walker {
	t.Helper()
	w := filled(t, url)
	w.connect()
	return w
}

// directory is a data directory, short enough for a socket in it.
func directory(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tuskwalk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// filled starts the window with a server named in the form.
func filled(t *testing.T, url string) *walker {
	t.Helper()
	data := directory(t)
	app, err := display(t).Start(filepath.Join(repository(t), "build/bin/tusk-driven"), data, url)
	if err != nil {
		t.Fatal(err)
	}
	w := &walker{app, t}
	t.Cleanup(func() {
		if t.Failed() {
			_ = app.Picture(filepath.Join(repository(t), "build/shots", "failed-"+strings.ReplaceAll(t.Name(), "/", "-")+".png"))
		}
		app.Close()
	})
	w.wait("the form is filled in", `document.querySelector('[role=dialog]')`)
	return w
}

// connect connects to what the form says.
func (w *walker) connect() {
	w.t.Helper()
	w.keys("ctrl+Return")
	w.wait("it is connected", `document.querySelector('.cm-content') && !document.querySelector('[role=dialog]')`)
	w.click(".cm-content")
}

func (w *walker) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}
func (w *walker) wait(what, js string)    { w.t.Helper(); w.must(w.Wait(what, js)) }
func (w *walker) keys(keys ...string)     { w.t.Helper(); w.must(w.Keys(keys...)) }
func (w *walker) click(selector string)   { w.t.Helper(); w.must(w.Click(selector)) }
func (w *walker) typed(text string)       { w.t.Helper(); w.must(w.Type(text)) }
func (w *walker) eval(js string, out any) { w.t.Helper(); w.must(w.Eval(js, out)) }
func (w *walker) picture(name string) {
	w.t.Helper()
	w.must(w.Picture(filepath.Join(repository(w.t), "build/shots", name+".png")))
}

// replace types sql in place of what the editor holds.
func (w *walker) replace(sql string) {
	w.t.Helper()
	w.keys("ctrl+1", "ctrl+a", "Delete")
	w.typed(sql)
}

// cell is the text of a cell that is in view.
const cell = `[...document.querySelectorAll('#tab-panel [role=gridcell]')].map(c => c.textContent)`

const idle = `!document.querySelector('.results[aria-busy]')`

func TestTypeAndRun(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.Sample(t))
	w.typed("select count(*), 'é' as s from customers")
	w.keys("ctrl+Return")
	w.wait("the result is shown", cell+`.some(c => c === 'é')`)
	w.picture("walk-run")
	w.keys("ctrl+2", "ctrl+a", "ctrl+shift+c")
	text := ""
	for begin := time.Now(); !strings.Contains(text, "é") && time.Since(begin) < 10*time.Second; time.Sleep(20 * time.Millisecond) {
		text, _ = w.Clipboard()
	}
	if !strings.HasPrefix(text, "count\ts\n") || !strings.Contains(text, "é") {
		t.Errorf("the clipboard holds %q", text)
	}
}

func TestScrollToRowNineMillion(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.DB(t))
	before := pss(t, w.PID())
	w.typed("select g as n, md5(g::text) as hash from generate_series(1, 10000000) g")
	w.keys("ctrl+Return")
	w.wait("rows are shown while more arrive", cell+`.some(c => c === '1')`)
	begin := time.Now()
	for { // the fetch takes longer than one wait
		var done bool
		w.eval("return "+idle, &done)
		if done {
			break
		}
		if time.Since(begin) > 3*time.Minute {
			t.Fatal("ten million rows do not arrive")
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Logf("ten million rows in %s", time.Since(begin))
	if grown := pss(t, w.PID()) - before; grown > 80<<20 {
		t.Errorf("the main process has grown by %d MB", grown>>20)
	} else {
		t.Logf("the main process has grown by %d MB", grown>>20)
	}
	w.keys("ctrl+2", "ctrl+End")
	w.wait("the last row is shown", cell+`.some(c => c === '10000000')`)
	// The scroll bar to nine tenths, then keys: every row in between has to come, to the pixel.
	w.eval(`const v = [...document.querySelectorAll('[role=grid] *, [role=grid]')].find(e => e.scrollHeight > e.clientHeight + 1000000); v.scrollTop = 0.9 * (v.scrollHeight - v.clientHeight)`, nil)
	var rows []int
	w.wait("rows near 9,000,000 are shown", cell+`.filter(c => /^[0-9]+$/.test(c)).some(c => +c > 8900000 && +c < 9100000)`)
	w.eval(`return `+cell+`.filter(c => /^[0-9]+$/.test(c)).map(Number)`, &rows)
	if len(rows) < 5 {
		t.Errorf("only %d rows in view", len(rows))
	}
	w.picture("walk-nine-million")
}

func TestFR006_CancelKeepsTheSession(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.DB(t))
	w.typed("select pg_sleep(600)")
	w.keys("ctrl+Return")
	w.wait("Cancel is shown", `document.querySelector('.btn-cancel')`)
	begin := time.Now()
	w.keys("ctrl+period")
	w.wait("it is stopped", idle)
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("cancelling took %s", took)
	}
	w.wait("that is said", `document.body.textContent.includes('Stopped after')`)
	w.picture("walk-cancelled")
	w.replace("select 'goes ' || 'on'")
	w.keys("ctrl+Return")
	w.wait("the session goes on", cell+`.some(c => c === 'goes on')`)
}

func TestReadAnError(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.Sample(t))
	w.typed("select id, nmae from customers")
	w.keys("ctrl+Return")
	w.wait("the error is shown", `document.body.textContent.includes('There is no column nmae')`)
	for _, part := range []string{"42703", "nmae"} {
		var there bool
		w.eval(fmt.Sprintf(`return document.body.textContent.includes(%q)`, part), &there)
		if !there {
			t.Errorf("nothing says %q", part)
		}
	}
	w.picture("walk-error")
}

// listed is what the list of what can be written shows.
const listed = `[...document.querySelectorAll('.cm-complete [role=option]')].map(o => o.textContent)`

// TestWriteAJoin writes a join of four tables from the foreign keys that the list offers.
func TestWriteAJoin(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.Sample(t))
	w.wait("the catalog is there", `document.querySelectorAll('[role=treeitem]').length > 3`)
	w.typed("select count(*) from orders o")
	for _, other := range []string{"customers", "order_items", "products"} {
		w.keys("Escape", "Return")
		w.typed("join ")
		want := fmt.Sprintf(`%s.findIndex(o => /^%s \w+ on /.test(o))`, listed, other)
		w.wait(other+" is offered", want+" >= 0")
		var at int
		w.eval("return "+want, &at)
		if other == "customers" {
			w.picture("walk-join")
		}
		time.Sleep(150 * time.Millisecond) // keys count a moment after the list opened
		for range at {
			w.keys("Down")
		}
		w.keys("Tab")
		w.wait("it is taken", `!document.querySelector('.cm-complete')`)
	}
	w.keys("ctrl+Return")
	w.wait("it runs", cell+`.some(c => /^\d{4,}$/.test(c))`)
}

// TestPutAMistakeRight takes what was meant with one key.
func TestPutAMistakeRight(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.Sample(t))
	w.wait("the catalog is there", `document.querySelectorAll('[role=treeitem]').length > 3`)
	w.typed("select c.nmae from customers c order by id limit 1")
	w.keys("Escape", "ctrl+Return")
	w.wait("it says what was meant", `document.querySelector('.meant')?.textContent.includes('c.name')`)
	w.picture("walk-meant")
	w.keys("ctrl+1", "alt+Return", "ctrl+Return")
	w.wait("it runs", `!document.querySelector('.meant') && `+cell+`.length > 0 && `+idle)
	var text string
	w.eval(`return document.querySelector('.cm-line').textContent`, &text)
	if !strings.HasPrefix(text, "select c.name from") {
		t.Errorf("the editor holds %q", text)
	}
}

// TestFindAColumn connects to a database of 20,000 tables and opens the page of the one that has a column, by its name.
func TestFindAColumn(t *testing.T) {
	t.Parallel()
	srv := pgtest.New(t, pgtest.Options{})
	url := srv.DB(t)
	db := pgtest.Connect(t, url)
	for from := 0; from < 20000; from += 2000 { // a transaction may not lock them all
		if _, err := db.Exec(t.Context(), fmt.Sprintf(`do $$ begin for i in %d..%d loop
  execute format('create table t_%%s (id int8, name text, a int, b int, c text, d date, e text, f int, g text, %%s text)', i, case i when 13579 then 'needle_in_it' else 'h' end); end loop; end $$`, from, from+1999)); err != nil {
			t.Fatal(err)
		}
	}
	w := filled(t, url)
	begin := time.Now()
	w.connect()
	w.keys("ctrl+p")
	w.wait("the palette is there", `document.querySelector('#palette-list')`)
	w.typed("needle")
	w.wait("the column is found", `/needle_in_it.*t_13579/.test(document.querySelector('#palette-list').textContent)`)
	w.picture("walk-found")
	w.keys("Return")
	w.wait("the table's page is shown", `/t_13579/.test(document.querySelector('#tab-panel').textContent) && /needle_in_it/.test(document.querySelector('#tab-panel').textContent)`)
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("connecting and finding it took %s", took)
	} else {
		t.Logf("connecting and finding it took %s", took)
	}
}

// TestDoctor has six servers that cannot be reached, each for another reason; the screen names the stage and the cure.
func TestDoctor(t *testing.T) {
	t.Parallel()
	srv := pgtest.New(t, pgtest.Options{TCP: true})
	silent, err := net.Listen("tcp", "127.0.0.1:0") // it is never accepted from
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	web, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	go func() {
		for {
			c, err := web.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 8))
			_, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
			_ = c.Close()
		}
	}()
	at := func(address, rest string) string {
		return "postgres://tusk:wrong-word@" + address + "/postgres?connect_timeout=2&" + rest
	}
	here := fmt.Sprintf("127.0.0.1:%d", srv.Port)
	for i, c := range []struct{ url, stage, cure string }{
		{at("no-such-host.invalid", ""), "DNS", "Check the spelling of the host"},
		{at("127.0.0.1:1", "sslmode=disable"), "TCP", "listen_addresses"},
		{at(silent.Addr().String(), "sslmode=require"), "TLS", "firewall"},
		{at(web.Addr().String(), "sslmode=disable"), "Start-up", "5432"},
		{at(here, "sslmode=disable"), "Authentication", "Type the password again"},
		{strings.Replace(srv.TCPURL("nowhere"), "/nowhere", "/nowhere_here", 1), "Database", "postgres"},
	} {
		w := filled(t, c.url)
		w.eval(`[...document.querySelectorAll('.dfoot button')].find(b => b.textContent.includes('Test connection')).click()`, nil)
		w.wait("it stops at "+c.stage, fmt.Sprintf(`document.querySelector('.outcome')?.textContent.includes('stopped at %s')`, c.stage))
		var seen struct {
			Text string
			Cut  bool
		}
		w.eval(`const e = document.querySelector('.outcome [role=alert]'), b = e.getBoundingClientRect(), o = document.querySelector('.outcome').getBoundingClientRect();
return { Text: e.textContent, Cut: b.bottom > o.bottom + 1 || b.top < o.top - 1 }`, &seen)
		if !strings.Contains(seen.Text, c.cure) || seen.Cut {
			t.Errorf("%s: the screen says %q (cut off: %v), want %q", c.stage, seen.Text, seen.Cut, c.cure)
		}
		w.picture(fmt.Sprintf("walk-doctor-%d", i+1))
		w.Close()
	}
}

func TestServerRestartedUnderIt(t *testing.T) {
	t.Parallel()
	srv := pgtest.New(t, pgtest.Options{})
	w := open(t, srv.DB(t))
	w.typed("select g from generate_series(1, 300) g; select pg_sleep(600)")
	w.keys("ctrl+shift+Return")
	w.wait("the first result is shown", cell+`.some(c => c === '1')`)
	srv.Restart(t)
	w.wait("the loss is named", `/lost|ended|restart/i.test(document.body.textContent) && `+idle)
	w.picture("walk-restarted")
	var text string
	w.eval(`return document.querySelector('.cm-content').textContent`, &text)
	if !strings.Contains(text, "generate_series") {
		t.Errorf("the editor holds %q", text)
	}
	w.replace("select 'back ' || 'again'")
	w.keys("ctrl+Return")
	w.wait("a new session answers", cell+`.some(c => c === 'back again')`)
}

// pss is the process's own share of memory.
func pss(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "Pss:" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb << 10
		}
	}
	t.Fatal("the system tells no PSS")
	return 0
}
