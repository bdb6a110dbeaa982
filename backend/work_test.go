package backend_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
)

func (a *app) restore() backend.Kept {
	a.t.Helper()
	k, err := a.Work().Restore()
	if err != nil {
		a.t.Fatal(err)
	}
	return k
}

func (a *app) keep(req backend.SaveWorkRequest) {
	a.t.Helper()
	if err := a.Work().Save(req); err != nil {
		a.t.Fatal(err)
	}
}

func openTab(id, text string) backend.OpenTab {
	return backend.OpenTab{ID: id, Title: "Query " + id, Text: text, Selection: []backend.SelectedRange{{Anchor: 1, Head: 3}}, Top: 7}
}

func texts(list []backend.OpenTab) string {
	var all []string
	for _, t := range list {
		all = append(all, t.Text)
	}
	return strings.Join(all, "|")
}

func TestWorkIsKept(t *testing.T) {
	t.Parallel()
	a := start(t)
	if k := a.restore(); k.Tabs == nil || len(k.Tabs) != 0 || k.Layout != nil {
		t.Errorf("first start: %+v", k)
	}
	one, two, three := openTab("one", "select 1 -- é𝒳\r\n\x00"), openTab("two", "select 2"), openTab("three", "gone")
	one.Origin = &backend.Origin{ProfileID: "p", Profile: conn.Profile{Name: "prod", Settings: map[string]string{"host": "db", "password": canary}}}
	one.ManualCommit, one.ContinueOnError = true, true
	layout := &backend.Layout{Order: []string{"two", "one", "three"}, Active: "one", Split: 400, Sidebar: 300, SidebarHidden: true}
	a.keep(backend.SaveWorkRequest{Tabs: []backend.OpenTab{one, two, three}, Layout: layout})
	closed := openTab("closed", "closed early")
	closed.ClosedAt = 5
	later := openTab("later", "closed late")
	later.ClosedAt = 9
	two.Text = "select 22"
	a.keep(backend.SaveWorkRequest{Tabs: []backend.OpenTab{later, closed, two}, Gone: []string{"three", "never"}})
	if got := texts(a.restore().Tabs); got != "select 22|"+one.Text+"|closed early|closed late" { // a page that is loaded again
		t.Errorf("kept %q", got)
	}
	a = a.again()
	k := a.restore()
	if got := texts(k.Tabs); got != "select 22|"+one.Text+"|closed early|closed late" || !reflect.DeepEqual(k.Layout, layout) {
		t.Errorf("restored %q, %+v", got, k.Layout)
	}
	delete(one.Origin.Profile.Settings, "password")
	if !reflect.DeepEqual(k.Tabs[1], one) {
		t.Errorf("restored %+v, not %+v", k.Tabs[1], one)
	}
	must(t, filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), canary) {
			t.Errorf("%s has the password", path)
		}
		return err
	}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Two windows on one directory never see each other's tabs; the next start has those of both.
func TestWorkOfTwoWindows(t *testing.T) {
	t.Parallel()
	a := start(t)
	b := &app{desk: &desk{}, t: t, dir: a.dir}
	b.AppState = backend.New(backend.Config{Version: "test", DataDir: a.dir, Desktop: b.desk})
	b.Open()
	t.Cleanup(b.Close)
	a.keep(backend.SaveWorkRequest{Tabs: []backend.OpenTab{openTab("a", "first")}})
	b.keep(backend.SaveWorkRequest{Tabs: []backend.OpenTab{openTab("b", "second")}})
	if a, b := texts(a.restore().Tabs), texts(b.restore().Tabs); a != "first" || b != "second" {
		t.Errorf("%q and %q", a, b)
	}
	b.Close()
	if got := texts(a.again().restore().Tabs); len(got) != len("first|second") {
		t.Errorf("restored %q", got)
	}
}

func TestDamagedTabCostsItself(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.keep(backend.SaveWorkRequest{Tabs: []backend.OpenTab{openTab("a", "well"), openTab("b", "spoilt")}})
	files, err := filepath.Glob(filepath.Join(a.dir, "tabs", "*", "b.tab"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	must(t, os.WriteFile(files[0], []byte("ruin"), 0o600))
	a = a.again()
	if got := texts(a.restore().Tabs); got != "well" {
		t.Errorf("restored %q", got)
	}
	if w := a.bootstrap().Warnings; len(w) != 1 || !strings.Contains(w[0], "damaged") || !strings.Contains(w[0], a.dir) {
		t.Errorf("warnings %q", w)
	}
}

// Where tabs cannot be kept, the person is told at once, and the rest works.
func TestWorkCannotBeKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "tabs"), nil, 0o600)) // a file where the directory has to be
	a := &app{desk: &desk{}, t: t, dir: dir}
	a.AppState = backend.New(backend.Config{Version: "test", DataDir: dir, Desktop: a.desk})
	a.Open()
	t.Cleanup(a.Close)
	if k := a.restore(); len(k.Tabs) != 0 {
		t.Errorf("restored %+v", k)
	}
	if err := a.Work().Save(backend.SaveWorkRequest{Tabs: []backend.OpenTab{openTab("a", "x")}}); apperr.KindOf(err) != apperr.Storage {
		t.Errorf("save: %v", err)
	}
	if w := a.bootstrap().Warnings; len(w) != 1 || !strings.Contains(w[0], "this run only") {
		t.Errorf("warnings %q", w)
	}
}

// placed is a window that is somewhere.
type placed struct {
	desk
	at backend.Geometry
}

func (p *placed) Geometry() (backend.Geometry, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at, true
}

func TestGeometryIsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := &placed{at: backend.Geometry{X: 10, Y: 20, Width: 900, Height: 700}}
	a := backend.New(backend.Config{Version: "test", DataDir: dir, Desktop: p})
	if g, ok := backend.LastGeometry(dir); ok {
		t.Errorf("first start: %+v", g)
	}
	a.Open()
	move := func(g backend.Geometry, want backend.Geometry) {
		t.Helper()
		p.mu.Lock()
		p.at = g
		p.mu.Unlock()
		must(t, a.Work().Save(backend.SaveWorkRequest{Layout: &backend.Layout{}}))
		eventually(t, "the place is kept", func() bool { got, ok := backend.LastGeometry(dir); return ok && got == want })
	}
	move(p.at, p.at)
	move(backend.Geometry{Width: 1920, Height: 1080, Maximised: true}, backend.Geometry{X: 10, Y: 20, Width: 900, Height: 700, Maximised: true})
	move(backend.Geometry{X: 1, Y: 2, Width: 800, Height: 600}, backend.Geometry{X: 1, Y: 2, Width: 800, Height: 600})
	a.Close()
}

// typistVar makes the test binary a Tusk without a window: it prints what Restore gives, then takes keystrokes as lines
// of standard input and keeps them as the page does.
const typistVar = "TUSK_TYPIST"

// When the page saves: this long after the last change, and this long after the first one that is not saved.
const (
	saveAfter  = 200 * time.Millisecond
	saveWithin = 500 * time.Millisecond
)

// keystroke is the text of a tab after a key was pressed.
type keystroke struct{ Tab, Text string }

func typist(dir string) {
	a := backend.New(backend.Config{Version: "test", DataDir: dir})
	a.Open()
	k, err := a.Work().Restore()
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(k)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	keys := make(chan keystroke)
	go func() {
		defer close(keys)
		for in := json.NewDecoder(os.Stdin); ; {
			var k keystroke
			if in.Decode(&k) != nil {
				return
			}
			keys <- k
		}
	}()
	changed := map[string]string{}
	var first time.Time
	timer := time.NewTimer(time.Hour)
	for {
		select {
		case k, ok := <-keys:
			if !ok {
				return
			}
			if len(changed) == 0 {
				first = time.Now()
			}
			changed[k.Tab] = k.Text
			timer.Reset(min(saveAfter, time.Until(first.Add(saveWithin))))
		case <-timer.C:
			var req backend.SaveWorkRequest
			for id, text := range changed {
				req.Tabs = append(req.Tabs, openTab(id, text))
			}
			if err := a.Work().Save(req); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			clear(changed)
		}
	}
}

// typing is what was typed into a Tusk so far, and when it was killed.
type typing struct {
	dir    string
	tabs   map[string]*typed
	killed time.Time
}

// typed is all that was typed into a tab, and when.
type typed struct {
	texts []string
	at    []time.Time
}

// TestNoKeystrokeIsLost kills a Tusk at random moments while it is typed into, and looks at what the next start has. 20
// more are killed in the real window, see the walks. TUSK_KILLS asks for another number.
func TestNoKeystrokeIsLost(t *testing.T) {
	t.Parallel()
	kills := 80
	if n, err := strconv.Atoi(os.Getenv("TUSK_KILLS")); err == nil {
		kills = n
	}
	const lanes = 8
	var mu sync.Mutex // guards worst
	var worst time.Duration
	var all sync.WaitGroup
	for range lanes {
		one := &typing{dir: t.TempDir(), tabs: map[string]*typed{}}
		all.Go(func() {
			for range kills/lanes + 1 {
				lost, err := one.round()
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				worst = max(worst, lost)
				mu.Unlock()
			}
			if damaged, _ := filepath.Glob(filepath.Join(one.dir, "tabs", "damaged", "*")); len(damaged) > 0 {
				t.Errorf("damaged: %q", damaged)
			}
		})
	}
	all.Wait()
	t.Logf("%d kills: at most %s of typing was lost", kills, worst)
}

// round starts a typist, holds what it restored against what was typed before, types on, and kills it. It tells how long
// before the last kill the oldest lost key was pressed.
func (ty *typing) round() (lost time.Duration, err error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), typistVar+"="+ty.dir)
	cmd.Stderr = os.Stderr
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
		return 0, err
	}
	defer func() {
		err = errors.Join(err, cmd.Process.Kill())
		_ = cmd.Wait() // it says that it was killed
	}()
	if rand.IntN(10) == 0 { // while it starts
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		return 0, nil
	}
	var k backend.Kept
	if err := json.NewDecoder(out).Decode(&k); err != nil {
		return 0, fmt.Errorf("restore: %w", err)
	}
	if lost, err = ty.compare(k); err != nil {
		return lost, err
	}
	write := json.NewEncoder(in)
	for end := time.Now().Add(time.Duration(rand.IntN(2000)) * time.Millisecond); time.Now().Before(end); time.Sleep(time.Duration(5+rand.IntN(30)) * time.Millisecond) {
		if err := write.Encode(ty.key()); err != nil {
			return lost, err
		}
	}
	ty.killed = time.Now()
	return lost, nil
}

// compare holds what was restored against what was typed, and goes on from there.
func (ty *typing) compare(k backend.Kept) (lost time.Duration, err error) {
	restored := map[string]string{}
	for _, tab := range k.Tabs {
		restored[tab.ID] = tab.Text
	}
	for id, h := range ty.tabs {
		text, there := restored[id]
		at := -1
		if there {
			at = slices.Index(h.texts, text)
		}
		var missing time.Duration
		if at+1 < len(h.at) {
			missing = ty.killed.Sub(h.at[at+1])
		}
		if there && at < 0 || missing > time.Second {
			last := h.texts[len(h.texts)-1]
			return missing, fmt.Errorf("%s: %s of typing is lost; restored …%q of …%q", id, missing, text[max(0, len(text)-40):], last[max(0, len(last)-60):])
		}
		if lost = max(lost, missing); !there {
			delete(ty.tabs, id) // made in the last second
			continue
		}
		h.texts, h.at = h.texts[at:at+1], h.at[at:at+1]
	}
	return lost, nil
}

// key presses one in a tab, mostly one of three.
func (ty *typing) key() keystroke {
	id := fmt.Sprintf("tab-%d", rand.IntN(3))
	if rand.IntN(60) == 0 {
		id = fmt.Sprintf("tab-%d", 3+rand.IntN(20))
	}
	h := ty.tabs[id]
	if h == nil {
		h = &typed{}
		ty.tabs[id] = h
	}
	text := ""
	if n := len(h.texts); n > 0 {
		text = h.texts[n-1]
	}
	text += fmt.Sprintf("%d ", len(text))
	h.texts, h.at = append(h.texts, text), append(h.at, time.Now())
	return keystroke{id, text}
}
