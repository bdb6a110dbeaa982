//go:build linux && walks

package window_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
)

// A start on a directory that has a window hands over what it was asked to open, raises that window, and ends.
func TestStartedAgain(t *testing.T) {
	t.Parallel()
	w := filled(t, pgtest.Sample(t))
	w.connect()
	file := filepath.Join(t.TempDir(), "later.sql")
	if err := os.WriteFile(file, []byte("select 'from the second start'"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Run("xdotool", "windowminimize", w.ID); err != nil {
		t.Fatal(err)
	}
	if out, err := w.Again(file); err != nil || out != "" {
		t.Fatalf("%v: %s", err, out)
	}
	w.wait("the tab is open", `document.querySelector('.cm-content')?.textContent.includes('from the second start')`)
	w.wait("it has the file's name", `[...document.querySelectorAll('[role=tab]')].some(t => t.textContent.includes('later.sql'))`)
	if active, err := w.Run("xdotool", "getactivewindow"); err != nil || strings.TrimSpace(active) != w.ID {
		t.Errorf("the window in front is %q, %v, not %s", active, err, w.ID)
	}
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if out, err := w.Again(); err != nil || out != "" {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	if out, err := w.Run("xdotool", "search", "--name", "^Tusk$"); err != nil || len(strings.Fields(out)) != 1 {
		t.Errorf("windows: %q, %v", out, err)
	}
}

// SIGTERM with a run and a transaction under way: Tusk ends in time and leaves nothing behind.
func TestEndedBySignal(t *testing.T) {
	t.Parallel()
	url := pgtest.DB(t)
	w := open(t, url)
	w.typed("begin; create table t (a int); select generate_series(1, 100000); select pg_sleep(600)")
	w.keys("ctrl+shift+Return")
	w.wait("it runs", `document.querySelector('.btn-cancel')`)
	watch := pgtest.Connect(t, url)
	sessions := func() (n int) {
		t.Helper()
		const others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
		if err := watch.QueryRow(t.Context(), others).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if sessions() == 0 {
		t.Fatal("nothing is connected")
	}
	processes := started(t, w.DataDir())
	if len(processes) < 2 {
		t.Fatalf("the web view's processes are not found: %q", processes)
	}
	begin := time.Now()
	if err := syscall.Kill(w.PID(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-w.Ended():
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
	if took := time.Since(begin); took > 3500*time.Millisecond {
		t.Errorf("ending took %s", took)
	}
	deadline := time.Now().Add(5 * time.Second)
	for (sessions() != 0 || len(started(t, w.DataDir())) > 0) && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if n := sessions(); n != 0 {
		t.Errorf("%d sessions are left on the server", n)
	}
	if left := started(t, w.DataDir()); len(left) > 0 {
		t.Errorf("processes are left: %q", left)
	}
	if left, err := os.ReadDir(filepath.Join(w.DataDir(), "spool")); err != nil || len(left) > 0 {
		t.Errorf("results are left: %v, %v", left, err)
	}
}

// The web view's process is killed (I4): the page is loaded again, with its tabs, and its session goes on.
func TestWebProcessIsKilled(t *testing.T) {
	t.Parallel()
	w := open(t, pgtest.DB(t))
	w.typed("create temp table kept as select 41 as x")
	w.keys("ctrl+shift+Return")
	w.wait("it has run", `document.body.textContent.includes('SELECT 1')`)
	w.replace("select x + 1 as answer from kept")
	w.wait("it is typed", `document.querySelector('.cm-content')?.textContent.includes('from kept')`)
	time.Sleep(time.Second) // which is what may be lost
	var killed bool
	for _, p := range started(t, w.DataDir()) {
		pid, name, _ := strings.Cut(p, " ")
		if n, err := strconv.Atoi(pid); err == nil && strings.HasPrefix(name, "WebKitWebProces") {
			if err := syscall.Kill(n, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			killed = true
		}
	}
	if !killed {
		t.Fatalf("the web view's process is not found: %q", started(t, w.DataDir()))
	}
	time.Sleep(3 * time.Second) // a question asked now would be lost
	w.wait("the page is there again", `document.querySelector('.cm-content')?.textContent.includes('from kept')`)
	w.keys("ctrl+1")
	w.keys("ctrl+Return")
	w.wait("its session goes on", cell+`.some(c => c === '42')`)
	w.picture("walk-web-process-killed")
}

// started lists the processes that have the data directory in their environment.
func started(t *testing.T, dataDir string) (list []string) {
	t.Helper()
	all, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		env, err := os.ReadFile(filepath.Join("/proc", p.Name(), "environ"))
		if err != nil || !bytes.Contains(env, []byte("TUSK_DATA_DIR="+dataDir+"\x00")) {
			continue
		}
		name, _ := os.ReadFile(filepath.Join("/proc", p.Name(), "comm"))
		list = append(list, p.Name()+" "+strings.TrimSpace(string(name)))
	}
	return list
}

// SC-007 in the real program: a hundred connections opened, used and closed through the page's bindings, twice over; its
// memory has grown by less than a twentieth since the twentieth. TUSK_CYCLES asks for another number.
func TestSC007_CleanUp(t *testing.T) {
	t.Parallel()
	url := pgtest.DB(t)
	w := filled(t, url)
	cycles := func(from, n int) {
		t.Helper()
		w.eval(fmt.Sprintf(`const { Connections, Queries } = window.go.backend;
const { profile } = await Connections.Parse({ text: %q });
for (let i = %d; i < %d; i++) {
	const connectionId = 'cycle' + i;
	await Connections.Connect({ connectionId, profile, password: '' });
	const run = await Queries.Execute({ connectionId, sessionId: 't' + i, runId: 'r' + i, text: 'select * from generate_series(1, 2000)', cursor: -1 });
	if (run.error || run.statements[0].error) throw new Error(JSON.stringify(run));
	await Connections.Disconnect({ connectionId });
}`, url, from, from+n), nil)
	}
	memory := func() int { return status(t, w.PID(), "VmRSS:") << 10 }
	cycles(0, 20)
	base, files := memory(), descriptors(t, w.PID())
	rounds := 2
	if n, err := strconv.Atoi(os.Getenv("TUSK_CYCLES")); err == nil {
		rounds = n / 100
	}
	for round := range rounds {
		cycles(20+round*100, 100)
		t.Logf("%d cycles: %d MB, %+.1f %%, %d descriptors", 100*(round+1), memory()>>20, 100*(float64(memory())/float64(base)-1), len(descriptors(t, w.PID())))
	}
	deadline := time.Now().Add(10 * time.Second)
	for float64(memory()) >= 1.05*float64(base) && time.Now().Before(deadline) {
		time.Sleep(100 * time.Millisecond)
	}
	if now := memory(); float64(now) >= 1.05*float64(base) {
		t.Errorf("memory has grown from %d to %d MB", base>>20, now>>20)
	}
	if now := descriptors(t, w.PID()); len(now) > len(files)+2 {
		t.Errorf("descriptors are left open:\n%q\n%q", now, files)
	}
}

// status reads a number of /proc/PID/status.
func status(t *testing.T, pid int, field string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); f[0] == field {
			n, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no %s", field)
	return 0
}

// descriptors lists what a process has open, but for what the web view looks at now and then to learn of scarce memory.
func descriptors(t *testing.T, pid int) (names []string) {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		if name, err := os.Readlink(filepath.Join(dir, one.Name())); err == nil && !strings.HasPrefix(name, "/proc/") && !strings.HasPrefix(name, "/sys/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
