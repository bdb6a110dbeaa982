package backend_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

func (d *desk) Raise() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.raised++
}

// What another start was asked to open waits until the page takes it, and is taken once.
func TestHandedOver(t *testing.T) {
	t.Parallel()
	a := start(t)
	for _, m := range []string{`{"url":"postgres://h/d"}`, `{"name":"a.sql","text":"select 1"}`, `{}`, `nonsense`, `null`} {
		a.HandOver([]byte(m))
	}
	if n := len(a.of(backend.EventHandedOver)); n != 2 || a.raised != 5 {
		t.Errorf("%d events, raised %d times", n, a.raised)
	}
	h, err := a.System().HandedOver()
	if want := []backend.Prefill{{URL: "postgres://h/d"}, {Name: "a.sql", Text: "select 1"}}; err != nil || !slices.Equal(h.Prefills, want) {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err = a.System().HandedOver(); err != nil || h.Prefills == nil || len(h.Prefills) > 0 {
		t.Errorf("taken again: %+v, %v", h, err)
	}
}

// Who closes while it is being closed waits too: a signal comes both to Wails and to us.
func TestCloseTwiceAtOnce(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "begin")
	go func() { _, _ = a.execute("c", "t", "select pg_sleep(60)") }()
	eventually(t, "it runs", func() bool {
		a.MayClose()
		asked := a.of(backend.EventClosing)
		return asked[len(asked)-1].payload.(backend.Closing).Running == 1
	})
	first := make(chan struct{})
	go func() { a.Close(); close(first) }()
	eventually(t, "it is closing", func() bool { _, err := a.execute("c", "other", "select 1"); return err != nil })
	a.Close()
	if left, err := os.ReadDir(a.dir + "/spool"); err != nil || len(left) > 0 {
		t.Errorf("the second Close came back while %v is there, %v", left, err)
	}
	<-first
}

const cleanUpURL = "TUSK_TEST_CLEANUP_URL"

// SC-007: a hundred connections opened, used and closed, twice over, in a process of their own: nothing of them is
// kept. The memory of the whole program is held to its twentieth in the window, where it is what a person has.
func TestSC007_CleanUp(t *testing.T) {
	if url := os.Getenv(cleanUpURL); url != "" {
		cleanUp(t, url)
		return
	}
	t.Parallel()
	url := pgtest.Sample(t)
	cmd := exec.Command(os.Args[0], "-test.run=^TestSC007_CleanUp$", "-test.v")
	cmd.Env = append(os.Environ(), cleanUpURL+"="+url)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "cycles") {
			t.Log(strings.TrimSpace(line))
		}
	}
	var left int
	const others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"
	con := pgtest.Connect(t, url)
	eventually(t, "no backend is left", func() bool {
		if err := con.QueryRow(t.Context(), others).Scan(&left); err != nil {
			t.Fatal(err)
		}
		return left == 0
	})
}

// heapSlack is what the heap may grow by, in 200 cycles or a thousand.
const heapSlack = 128_000

// resources are what a process holds: bytes of live heap, goroutines, descriptors.
type resources struct{ heap, goroutines, descriptors int }

func held(t *testing.T) (r resources) {
	t.Helper()
	for range 2 { // what the first frees can need another
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	r.heap, r.goroutines, r.descriptors = int(m.HeapAlloc), runtime.NumGoroutine(), len(fds)
	return r
}

func cleanUp(t *testing.T, url string) {
	a := start(t)
	n := 0
	cycle := func() {
		n++
		id := fmt.Sprintf("c%d", n)
		a.connect(id, url)
		a.tree(id)
		for _, sql := range []string{"select * from orders limit 2000", "select 1/0", "begin; create temp table x (a int)"} {
			if s := a.run(id, "t", sql); s.Outcome != session.Finished && sql != "select 1/0" {
				t.Fatalf("%+v", s.Statements)
			}
		}
		if err := a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: id}); err != nil {
			t.Fatal(err)
		}
		a.mu.Lock()
		a.events = nil // the test's own
		a.mu.Unlock()
	}
	for range 20 {
		cycle()
	}
	rounds := 2
	if n, err := strconv.Atoi(os.Getenv("TUSK_CYCLES")); err == nil {
		rounds = n / 100
	}
	base := held(t)
	for round := range rounds {
		for range 100 {
			cycle()
		}
		var now resources
		eventually(t, "all is given back", func() bool { // some of it a moment later; what leaks stays
			now = held(t)
			return now.goroutines <= base.goroutines && now.descriptors <= base.descriptors && now.heap < base.heap+heapSlack
		})
		t.Logf("%d cycles: heap %+d bytes, %d goroutines, %d descriptors", (round+1)*100, now.heap-base.heap, now.goroutines, now.descriptors)
	}
	if h, err := a.System().Health(); err != nil || len(h.Connections) > 0 || h.Spool.Results > 0 || h.Spool.Bytes > 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

const exhaustedURL = "TUSK_TEST_EXHAUSTED_URL"

// I1: with no descriptor left what is open goes on, a run can be cancelled, a new connection says what is short, and all
// is well when there are some again. In a process of its own, for the limit is the process's.
func TestI1_NoDescriptorIsLeft(t *testing.T) {
	if url := os.Getenv(exhaustedURL); url != "" {
		exhausted(t, url)
		return
	}
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestI1_NoDescriptorIsLeft$", "-test.v")
	cmd.Env = append(os.Environ(), exhaustedURL+"="+pgtest.DB(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func exhausted(t *testing.T, url string) {
	a := start(t)
	a.connect("c", url)
	a.run("c", "quick", "select 1")
	a.tree("c")
	runs := func(id string) {
		t.Helper()
		go func() {
			_, _ = a.Queries().Execute(backend.ExecuteRequest{ConnectionID: "c", SessionID: "slow", RunID: id, Text: "select pg_sleep(60)", Cursor: -1})
		}()
		eventually(t, id+" runs", func() bool {
			list, _ := a.snapshots(id)
			return len(list) > 0 && len(list[len(list)-1].Statements) > 0 && list[len(list)-1].Statements[0].State == session.Running
		})
	}
	runs("slow")
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 128, Max: 1024}); err != nil {
		t.Fatal(err)
	}
	var taken []*os.File
	for {
		f, err := os.Open(os.DevNull)
		if errors.Is(err, syscall.EMFILE) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		taken = append(taken, f)
	}
	if s := a.run("c", "quick", "select generate_series(1, 1000)"); s.Outcome != session.Finished {
		t.Errorf("an open session: %+v", s.Statements)
	}
	_, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "d", Profile: profile(t, url)})
	if e := kind(t, err, apperr.ResClient); !strings.Contains(e.Title, "open files") {
		t.Errorf("%q", e.Title)
	}
	for _, id := range []string{"slow", "again"} { // the spare comes back after the first
		soon(t, 2*time.Second, func() {
			if err := a.Queries().Cancel(backend.RunRef{RunID: id}); err != nil {
				t.Error(err)
			}
			if s := a.final(id); s.Outcome != session.Stopped {
				t.Errorf("%s: %s, %+v", id, s.Outcome, s.Statements)
			}
		})
		if id == "slow" {
			runs("again")
		}
	}
	for _, f := range taken {
		_ = f.Close()
	}
	a.connect("d", url)
}
