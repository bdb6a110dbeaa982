//go:build unix

package store_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

// faulty fails the n-th call, and with on all that follow it.
type faulty struct {
	store.System
	n     int
	on    bool
	calls int
	last  string // the call that was failed
	// meddle is run before a file is opened.
	meddle func(path string, flag int)
	// stuck opens the store so that it cannot be written, which is how bbolt's own writes are failed.
	stuck bool
}

var errFault = errors.New("no space left on device")

func (d *faulty) fails(call, path string) error {
	d.calls++
	if d.n > 0 && (d.calls == d.n || d.on && d.calls > d.n) {
		d.last = call + " " + filepath.Base(path)
		return errFault
	}
	return nil
}

func (d *faulty) Open(path string, flag int) (*os.File, error) {
	if err := d.fails("open", path); err != nil {
		return nil, err
	}
	if d.meddle != nil {
		d.meddle(path, flag)
	}
	if d.stuck && strings.HasPrefix(filepath.Base(path), "tusk.db") && filepath.Ext(path) != ".lock" {
		flag &^= os.O_RDWR | os.O_WRONLY
	}
	return d.System.Open(path, flag)
}

func (d *faulty) Read(path string) ([]byte, error) {
	if err := d.fails("read", path); err != nil {
		return nil, err
	}
	return d.System.Read(path)
}

// Write leaves half of it, as a full disk does.
func (d *faulty) Write(f *os.File, b []byte) error {
	if err := d.fails("write", f.Name()); err != nil {
		_ = d.System.Write(f, b[:len(b)/2])
		return err
	}
	return d.System.Write(f, b)
}

func (d *faulty) Sync(f *os.File) error {
	if err := d.fails("fsync", f.Name()); err != nil {
		return err
	}
	return d.System.Sync(f)
}

func (d *faulty) List(dir string) ([]os.DirEntry, error) {
	if err := d.fails("list", dir); err != nil {
		return nil, err
	}
	return d.System.List(dir)
}

func (d *faulty) Mkdir(dir string) error {
	if err := d.fails("mkdir", dir); err != nil {
		return err
	}
	return d.System.Mkdir(dir)
}

func (d *faulty) Rename(from, to string) error {
	if err := d.fails("rename", to); err != nil {
		return err
	}
	return d.System.Rename(from, to)
}

func (d *faulty) Remove(path string) error {
	if err := d.fails("remove", path); err != nil {
		return err
	}
	return d.System.Remove(path)
}

// TestNthCallFails fails every call of every use case once alone, and once with all that follow. Then the content is the
// old or the new one, "done" was said only of the new one, a damaged file is as it was or safe in its copy, and a start on
// a disk that works finds nothing wrong.
func TestNthCallFails(t *testing.T) {
	t.Parallel()
	a, b := thing{"A", "1"}, thing{"B", "2"}
	old := held{"profiles/a": a}
	ruin := bytes.Repeat([]byte("ruin"), 5000)
	spoilt := func(t *testing.T, dir string) { must(t, os.WriteFile(filepath.Join(dir, "tusk.db"), ruin, 0o600)) }
	cases := []struct {
		name   string
		before func(t *testing.T, dir string) // after a was put
		fresh  bool
		do     func(db *store.DB) error
		after  held
	}{
		{"first start", nil, true, nil, held{}},
		{"start", nil, false, nil, old},
		{"put", nil, false, func(db *store.DB) error { return things(db).Put("b", b) }, held{"profiles/a": a, "profiles/b": b}},
		{"delete", nil, false, func(db *store.DB) error { return things(db).Delete("a") }, held{}},
		{"snapshot is missing", func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, "snap"))) }, false, nil, old},
		{"repair", spoilt, false, nil, old},
		{"repair of a missing file", func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "tusk.db"))) }, false, nil, old},
		{"repair and put", spoilt, false, func(db *store.DB) error { return things(db).Put("b", b) }, held{"profiles/a": a, "profiles/b": b}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			failed := 0
			for _, on := range []bool{false, true} {
				for n := 1; ; n++ {
					name := fmt.Sprintf("call %d, and all that follow: %t", n, on)
					dir, err := os.MkdirTemp(quick(), "tusk-fault-")
					must(t, err)
					defer os.RemoveAll(dir)
					want := held{}
					if !c.fresh {
						db, _ := open(t, dir)
						must(t, things(db).Put("a", a))
						want = old
					}
					if c.before != nil {
						c.before(t, dir)
					}
					disk := &faulty{n: n, on: on}
					db, _, err := store.Open(dir, store.Options{}.On(disk))
					opened := err == nil
					if memory := db.State().Memory; memory == opened {
						t.Errorf("%s (%s): in memory %t, error %v", name, disk.last, memory, err)
					}
					if got, err := tryRead(db); opened && err == nil && !maps.Equal(got, want) {
						t.Errorf("%s (%s): after the start it holds %v", name, disk.last, got)
					}
					done := false
					if c.do != nil {
						err = c.do(db)
						done = err == nil && opened
						if err != nil && apperr.KindOf(err) != apperr.Storage {
							t.Errorf("%s (%s): %v", name, disk.last, err)
						}
					}
					if disk.last == "" {
						break
					}
					failed++
					if c.before != nil && strings.Contains(c.name, "repair") && !strings.Contains(c.name, "missing") {
						safe(t, name, dir, ruin)
					}
					healed, _ := open(t, dir)
					got := read(t, healed)
					if !maps.Equal(got, c.after) && (done || !maps.Equal(got, want)) {
						t.Errorf("%s (%s): done %t, and it holds %v", name, disk.last, done, got)
					}
					if again, r := open(t, dir); r.What != "" || !maps.Equal(read(t, again), got) {
						t.Errorf("%s (%s): the second start says %+v", name, disk.last, r)
					}
				}
			}
			t.Logf("%d calls failed", failed)
			if failed < 8 {
				t.Errorf("only %d calls were failed", failed)
			}
		})
	}
}

// safe wants the damaged bytes in their place or in the copy.
func safe(t *testing.T, name, dir string, ruin []byte) {
	t.Helper()
	for _, f := range []string{"tusk.db", "tusk.db.corrupt"} {
		if b, err := os.ReadFile(filepath.Join(dir, f)); err == nil && bytes.Equal(b, ruin) {
			return
		}
	}
	t.Errorf("%s: the damaged file is gone", name)
}

// TestUnusable puts in the place of the file what cannot be a store: Tusk works in memory, with what the snapshot has,
// and leaves the thing alone.
func TestUnusable(t *testing.T) {
	t.Parallel()
	cases := map[string]func(path string) error{
		"a directory":               func(p string) error { return os.Mkdir(p, 0o700) },
		"a FIFO":                    func(p string) error { return syscall.Mkfifo(p, 0o600) },
		"a link that leads nowhere": func(p string) error { return os.Symlink(filepath.Join(filepath.Dir(p), "none"), p) },
		"a link to itself":          func(p string) error { return os.Symlink(p, p) },
	}
	for name, make := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			db, _ := open(t, dir)
			must(t, things(db).Put("a", thing{Name: "A"}))
			file := filepath.Join(dir, "tusk.db")
			must(t, os.Remove(file))
			must(t, make(file))
			was, _ := os.Lstat(file)

			if _, _, err := things(db).Get("a"); apperr.KindOf(err) != apperr.Storage {
				t.Errorf("while running: %v", err)
			}
			inMemory(t, dir)
			if is, err := os.Lstat(file); err != nil || is.Mode() != was.Mode() || !os.SameFile(is, was) {
				t.Errorf("it was %v and is %v, %v", was, is, err)
			}
		})
	}
}

// inMemory opens a store that can only be read, and wants what the snapshot has, changes that stay for this run, and an
// error that says so.
func inMemory(t *testing.T, dir string) *store.DB {
	t.Helper()
	db, _, err := store.Open(dir, store.Options{})
	if s := db.State(); apperr.KindOf(err) != apperr.Storage || !s.Memory || s.Why == "" {
		t.Fatalf("state %+v, error %v", s, err)
	}
	if got := read(t, db); !maps.Equal(got, held{"profiles/a": {Name: "A"}}) {
		t.Errorf("in memory %v", got)
	}
	must(t, things(db).Put("b", thing{Name: "B"}))
	if got := read(t, db); got["profiles/b"].Name != "B" {
		t.Errorf("after a put in memory %v", got)
	}
	return db
}

// TestMemoryIsSavedLater corrects what kept the store from its file: Repair saves what was changed meanwhile.
func TestMemoryIsSavedLater(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, _ := open(t, dir)
	must(t, things(db).Put("a", thing{Name: "A"}))
	file := filepath.Join(dir, "tusk.db")
	must(t, os.Rename(file, file+".away"))
	must(t, os.Mkdir(file, 0o700))
	db = inMemory(t, dir)
	must(t, things(db).Delete("a"))
	if _, err := db.Repair(); err == nil || !db.State().Memory {
		t.Errorf("nothing was corrected yet: %v", err)
	}
	must(t, os.Remove(file))
	must(t, os.Rename(file+".away", file))
	if _, err := db.Repair(); err != nil || db.State().Memory {
		t.Errorf("repair: %v, %+v", err, db.State())
	}
	again, _ := open(t, dir)
	if got := read(t, again); !maps.Equal(got, held{"profiles/b": {Name: "B"}}) {
		t.Errorf("saved %v", got)
	}
}

// TestFileGoesWhileRunning removes, cuts and replaces it between two operations, and in the middle of one.
func TestFileGoesWhileRunning(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "other")
	db, _ := open(t, other)
	must(t, things(db).Put("z", thing{Name: "somebody else's"}))
	for name, harm := range map[string]func(path string) error{
		"removed": os.Remove,
		"emptied": func(p string) error { return os.Truncate(p, 0) },
		"cut":     func(p string) error { return os.Truncate(p, 8192) },
		"zeroed":  func(p string) error { return os.WriteFile(p, make([]byte, 32<<10), 0o600) },
		"an older state of it": func(p string) error {
			b, err := os.ReadFile(filepath.Join(filepath.Dir(p), "older"))
			return errors.Join(err, os.WriteFile(p, b, 0o600))
		},
	} {
		for _, middle := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, in the middle %t", name, middle), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				disk := &faulty{}
				db, _, err := store.Open(dir, store.Options{}.On(disk))
				must(t, err)
				file := filepath.Join(dir, "tusk.db")
				b, err := os.ReadFile(file)
				must(t, err)
				must(t, os.WriteFile(filepath.Join(dir, "older"), b, 0o600))
				must(t, things(db).Put("a", thing{Name: "A"}))
				if middle { // bbolt is about to map it
					disk.meddle = func(path string, flag int) {
						if path == file && flag&os.O_RDWR != 0 {
							disk.meddle = nil
							must(t, harm(file))
						}
					}
				} else {
					must(t, harm(file))
				}
				must(t, things(db).Put("b", thing{Name: "B"}))
				if got := read(t, db); !maps.Equal(got, held{"profiles/a": {Name: "A"}, "profiles/b": {Name: "B"}}) {
					t.Errorf("held %v", got)
				}
				if s := db.State(); s.Recovery.What != "repaired" {
					t.Errorf("nothing is said of it: %+v", s)
				}
			})
		}
	}
}

// TestWritesOfBoltFail has every write of bbolt's fail: nothing is saved, it says so, and all is as it was.
func TestWritesOfBoltFail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	disk := &faulty{}
	db, _, err := store.Open(dir, store.Options{}.On(disk))
	must(t, err)
	must(t, things(db).Put("a", thing{Name: "A"}))
	before, err := os.ReadFile(filepath.Join(dir, "tusk.db"))
	must(t, err)
	disk.stuck = true
	if err := things(db).Put("b", thing{}); apperr.KindOf(err) != apperr.Storage {
		t.Errorf("put: %v", err)
	}
	if err := things(db).Delete("a"); apperr.KindOf(err) != apperr.Storage {
		t.Errorf("delete: %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "tusk.db")); !bytes.Equal(before, after) {
		t.Error("the file was changed")
	}
	must(t, os.WriteFile(filepath.Join(dir, "tusk.db"), []byte("ruin"), 0o600)) // and now it cannot be repaired either
	if _, _, err := things(db).Get("a"); apperr.KindOf(err) != apperr.Storage {
		t.Errorf("get: %v", err)
	}
	if b, _ := os.ReadFile(filepath.Join(dir, "tusk.db")); string(b) != "ruin" {
		t.Error("the damaged file was changed")
	}
	disk.stuck = false
	if got := read(t, db); !maps.Equal(got, held{"profiles/a": {Name: "A"}}) {
		t.Errorf("held %v", got)
	}
}

// TestLockedByOther has another process hold the lock: after two seconds it goes on in memory.
func TestLockedByOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, _ := open(t, dir)
	must(t, things(db).Put("a", thing{Name: "A"}))
	f, err := os.OpenFile(filepath.Join(dir, "tusk.db.lock"), os.O_RDWR, 0)
	must(t, err)
	if ok, err := store.LockFile(f); !ok || err != nil {
		t.Fatal("lock", err)
	}
	inMemory(t, dir)
	if err := things(db).Put("c", thing{}); apperr.KindOf(err) != apperr.Storage || !strings.Contains(apperr.From(err).Hint, "Another window") {
		t.Errorf("put: %v", err)
	}
	must(t, f.Close())
	must(t, things(db).Put("c", thing{}))
}

// TestNewFiles are bytes that never were a store, and a first start.
func TestNewFiles(t *testing.T) {
	t.Parallel()
	for _, b := range [][]byte{{}, {0}, []byte("text"), make([]byte, 8192)} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "tusk.db"), b, 0o600))
		db, r := open(t, dir)
		if r.What != "repaired" || !r.AtLeast || len(read(t, db)) != 0 {
			t.Errorf("%d bytes: %+v", len(b), r)
		}
		if kept, err := os.ReadFile(r.Backup); err != nil || !bytes.Equal(kept, b) {
			t.Errorf("%d bytes: kept %d, %v", len(b), len(kept), err)
		}
	}
}

// TestCopiesHaveNamesOfTheirOwn damages a store again and again.
func TestCopiesHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, dir)
	var backups []string
	for _, text := range []string{"one", "two", "two", "three"} {
		must(t, os.WriteFile(filepath.Join(dir, "tusk.db"), []byte(text), 0o600))
		_, r := open(t, dir)
		if b, err := os.ReadFile(r.Backup); err != nil || string(b) != text {
			t.Errorf("%s is kept as %q, %v", text, b, err)
		}
		backups = append(backups, filepath.Base(r.Backup))
	}
	if want := []string{"tusk.db.corrupt", "tusk.db.corrupt.1", "tusk.db.corrupt.1", "tusk.db.corrupt.2"}; !slices.Equal(backups, want) {
		t.Errorf("copies %v", backups)
	}
}

// TestMain makes this program a writer when it is told to: see writer.
func TestMain(m *testing.M) {
	if dir := os.Getenv("TUSK_STORE_WRITER"); dir != "" {
		writer(dir, os.Getenv("TUSK_STORE_KEY"))
		return
	}
	os.Exit(m.Run())
}

// writer counts up under its key and says every number that is saved, until it is killed.
func writer(dir, key string) {
	db, _, err := store.Open(dir, store.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	c := things(db)
	at, _, err := c.Get(key)
	n := 0
	_, _ = fmt.Sscan(at.Value, &n)
	for ; err == nil; n++ {
		fmt.Println(n)
		time.Sleep(time.Millisecond) // a person's program lets others have the lock too
		if err = c.Put(key, thing{key, fmt.Sprint(n + 1)}); err == nil && n%5 == 4 {
			err = c.Delete(key + "-other")
		} else if err == nil {
			err = c.Put(key+"-other", thing{Name: "other"})
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

// start starts a writer; saved is the last number it said.
func start(t *testing.T, dir, key string) (cmd *exec.Cmd, saved *atomic.Int64, ended chan string) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "TUSK_STORE_WRITER="+dir, "TUSK_STORE_KEY="+key)
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	saved, ended = &atomic.Int64{}, make(chan string, 1)
	saved.Store(-1)
	go func() {
		said := ""
		for lines := bufio.NewScanner(out); lines.Scan(); {
			n := int64(0)
			if _, err := fmt.Sscanf(lines.Text(), "%d", &n); err != nil {
				said = lines.Text()
				continue
			}
			saved.Store(n)
		}
		_ = cmd.Wait()
		ended <- said
	}()
	return cmd, saved, ended
}

// TestTenAtOnce starts ten programs on a directory that does not exist yet.
func TestTenAtOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	type one struct {
		cmd   *exec.Cmd
		saved *atomic.Int64
		ended chan string
	}
	var all []one
	for i := range 10 {
		cmd, saved, ended := start(t, dir, fmt.Sprint("writer", i))
		all = append(all, one{cmd, saved, ended})
	}
	for i, w := range all {
		for w.saved.Load() < 2 {
			select {
			case said := <-w.ended:
				t.Fatalf("writer %d ended: %s", i, said)
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	for _, w := range all {
		_ = w.cmd.Process.Kill()
		<-w.ended
	}
	db, r := open(t, dir)
	got := read(t, db)
	if r.What != "" {
		t.Errorf("the store was %+v", r)
	}
	for i, w := range all {
		key := fmt.Sprint("writer", i)
		n := int64(0)
		_, _ = fmt.Sscan(got["profiles/"+key].Value, &n)
		if saved := w.saved.Load(); n != saved && n != saved+1 {
			t.Errorf("%s saved %d, there is %d", key, saved, n)
		}
	}
}

// TestKilledWhileWriting kills a writer with SIGKILL fifty times: what it said is saved is there, at most one more is,
// and the start after it has nothing to repair.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	last := int64(0)
	for round := range 50 {
		cmd, saved, ended := start(t, dir, "writer")
		for saved.Load() < last+int64(round%4) {
			select {
			case said := <-ended:
				t.Fatalf("round %d: it ended: %s", round, said)
			case <-time.After(time.Duration(round*37+1) * 10 * time.Microsecond):
			}
		}
		_ = cmd.Process.Kill()
		<-ended
		db, r := open(t, dir)
		if r.What != "" && (r.What != "created" || round > 0) {
			t.Errorf("round %d: the start after it says %+v", round, r)
		}
		v, _, err := things(db).Get("writer")
		must(t, err)
		n := int64(0)
		_, _ = fmt.Sscan(v.Value, &n)
		if n < saved.Load() || n > saved.Load()+1 {
			t.Errorf("round %d: saved %d, there is %d", round, saved.Load(), n)
		}
		last = n
	}
	if last < 50 {
		t.Errorf("only %d were written", last)
	}
}
