//go:build unix

package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

func desk(t *testing.T, root string) *store.Desk {
	t.Helper()
	d, err := store.OpenDesk(root, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// lying gives what is on a desk.
func lying(t *testing.T, d *store.Desk) (all map[string]string, aside []store.Aside) {
	t.Helper()
	list, aside, err := d.Sheets()
	if err != nil {
		t.Fatal(err)
	}
	all = map[string]string{}
	for _, s := range list {
		var v thing
		must(t, json.Unmarshal(s.Value, &v))
		all[s.Key] = v.Value
	}
	return all, aside
}

func lay(t *testing.T, d *store.Desk, key, value string) {
	t.Helper()
	must(t, d.Put(key, thing{Value: value}))
}

func wantLying(t *testing.T, d *store.Desk, want map[string]string) {
	t.Helper()
	if got, aside := lying(t, d); !maps.Equal(got, want) || len(aside) > 0 {
		t.Errorf("%v and aside %v, not %v", got, aside, want)
	}
}

func TestDeskIsTakenOver(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "tabs")
	first := desk(t, root)
	wantLying(t, first, map[string]string{})
	lay(t, first, "a", "1")
	lay(t, first, "a", "2")
	lay(t, first, "b", "3")
	lay(t, first, "gone", "4")
	must(t, first.Delete("gone"))
	must(t, first.Delete("gone"))
	second := desk(t, root) // beside the first
	wantLying(t, second, map[string]string{})
	lay(t, second, "c", "5")
	lay(t, second, "b", "second's")
	wantLying(t, first, map[string]string{"a": "2", "b": "3"})

	second.Close()
	third := desk(t, root)
	wantLying(t, third, map[string]string{"c": "5", "b": "second's"})
	wantLying(t, first, map[string]string{"a": "2", "b": "3"})

	first.Close()
	third.Close()
	lastUsed := time.Now().Add(time.Hour)
	for _, f := range paths(t, root, "b.tab") {
		if b, err := os.ReadFile(f); err != nil {
			t.Fatal(err)
		} else if bytes.Contains(b, []byte("second's")) {
			must(t, os.Chtimes(f, lastUsed, lastUsed))
		}
	}
	fourth := desk(t, root)
	wantLying(t, fourth, map[string]string{"a": "2", "b": "second's", "c": "5"}) // the one used last wins where both have a key
	if dirs := paths(t, root, "lock"); len(dirs) != 1 {
		t.Errorf("desks are left: %v", dirs)
	}
	var last thing
	if !store.LastSheet(root, "a", &last) || last.Value != "2" || store.LastSheet(root, "none", &last) {
		t.Errorf("last sheet %+v", last)
	}
	fi, err := os.Stat(paths(t, root, "a.tab")[0])
	must(t, err)
	if fi.Mode().Perm() != 0o600 {
		t.Errorf("readable for others: %v", fi.Mode())
	}
}

// paths finds files of a name on all desks.
func paths(t *testing.T, root, name string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(root, "*", name))
	must(t, err)
	return list
}

func TestDeskKeysAreNoPaths(t *testing.T) {
	t.Parallel()
	d := desk(t, t.TempDir())
	for _, key := range []string{"", "../x", "a/b", "a.b", "é", strings.Repeat("x", 65)} {
		if err := d.Put(key, thing{}); apperr.KindOf(err) != apperr.Internal {
			t.Errorf("%q: %v", key, err)
		}
		must(t, d.Delete(key))
	}
}

// A damaged sheet costs itself alone, and its file is kept.
func TestDeskDamage(t *testing.T) {
	t.Parallel()
	kinds := map[string]func(b []byte) []byte{
		"a bit":     func(b []byte) []byte { b[rand.IntN(len(b))] ^= 1 << rand.IntN(8); return b },
		"cut":       func(b []byte) []byte { return b[:rand.IntN(len(b))] },
		"empty":     func([]byte) []byte { return nil },
		"longer":    func(b []byte) []byte { return append(b, b...) },
		"zeros":     func(b []byte) []byte { return make([]byte, len(b)) },
		"random":    func(b []byte) []byte { return bytes.Repeat([]byte("ruin"), 100) },
		"another's": func([]byte) []byte { return nil }, // see below
	}
	for kind, spoil := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for range 20 {
				dir, err := os.MkdirTemp(quick(), "tusk-desk-")
				must(t, err)
				defer os.RemoveAll(dir)
				for _, other := range []bool{false, true} { // on its own desk, and on one that is taken over
					root := filepath.Join(dir, fmt.Sprint(other))
					d := desk(t, root)
					lay(t, d, "a", "1")
					lay(t, d, "b", "2")
					file := paths(t, root, "a.tab")[0]
					b, err := os.ReadFile(file)
					must(t, err)
					spoilt := spoil(slices.Clone(b))
					if kind == "another's" {
						spoilt, err = os.ReadFile(paths(t, root, "b.tab")[0])
						must(t, err)
					}
					must(t, os.WriteFile(file, spoilt, 0o600))
					want := map[string]string{"b": "2"}
					if other {
						later := desk(t, root)
						lay(t, later, "c", "3")
						want["c"] = "3"
						later.Close()
					}
					d.Close()
					if other {
						old := time.Now().Add(-time.Hour)
						for _, name := range []string{"a.tab", "b.tab"} {
							must(t, os.Chtimes(paths(t, root, name)[0], old, old))
						}
					}
					d = desk(t, root)
					got, aside := lying(t, d)
					if !maps.Equal(got, want) || len(aside) != 1 || aside[0].Key != "a" || !aside[0].Damaged {
						t.Fatalf("%v, aside %v", got, aside)
					}
					kept, err := os.ReadFile(aside[0].Path)
					if err != nil || !bytes.Equal(kept, spoilt) {
						t.Errorf("%s: %v", aside[0].Path, err)
					}
					wantLying(t, d, want) // told once
					lay(t, d, "a", "new")
					d.Close()
					want["a"] = "new"
					wantLying(t, desk(t, root), want)
				}
			}
		})
	}
}

// Desks opened at the same moment share what was left behind: every sheet is on one of them, and on no other.
func TestDesksOpenedAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		root := filepath.Join(t.TempDir(), "tabs")
		var left []*store.Desk
		for i := range 5 {
			d := desk(t, root)
			lay(t, d, fmt.Sprintf("k%d", i), "x")
			left = append(left, d)
		}
		for _, d := range left {
			d.Close()
		}
		var all sync.WaitGroup
		desks := make([]*store.Desk, 10)
		for i := range desks {
			all.Go(func() {
				d, err := store.OpenDesk(root, store.Options{})
				if err != nil {
					t.Error(err)
					return
				}
				desks[i] = d
			})
		}
		all.Wait()
		seen := map[string]int{}
		for _, d := range desks {
			if d == nil {
				t.FailNow()
			}
			got, aside := lying(t, d)
			for k := range got {
				seen[k]++
			}
			if len(aside) > 0 {
				t.Errorf("aside %v", aside)
			}
		}
		for _, d := range desks {
			d.Close()
		}
		if len(seen) != 5 {
			t.Errorf("sheets %v", seen)
		}
		for k, n := range seen {
			if n != 1 {
				t.Errorf("%s is on %d desks", k, n)
			}
		}
	}
}

func TestDeskOutlivesItsDirectory(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "tabs")
	d := desk(t, root)
	lay(t, d, "a", "1")
	must(t, os.RemoveAll(root))
	lay(t, d, "b", "2")
	wantLying(t, d, map[string]string{"b": "2"})
	wantLying(t, desk(t, root), map[string]string{}) // its new lock holds
}

// Every call fails once alone, and once with all that follow it. What was said to be kept is kept, and nothing else is lost.
func TestDeskNthCallFails(t *testing.T) {
	t.Parallel()
	failed := 0
	for _, on := range []bool{false, true} {
		for n := 1; ; n++ {
			name := fmt.Sprintf("call %d, and all that follow: %t", n, on)
			dir, err := os.MkdirTemp(quick(), "tusk-desk-")
			must(t, err)
			defer os.RemoveAll(dir)
			root := filepath.Join(dir, "tabs")
			one, other := desk(t, root), desk(t, root)
			lay(t, one, "a", "1")
			lay(t, one, "gone", "2")
			lay(t, other, "b", "3")
			one.Close()
			other.Close()
			disk := &faulty{n: n, on: on}
			may := map[string][]string{"a": {"1"}, "b": {"3"}, "gone": {"2"}, "new": {""}}
			check := func(err error) bool {
				if err != nil && apperr.KindOf(err) != apperr.Storage {
					t.Errorf("%s (%s): %v", name, disk.last, err)
				}
				return err == nil
			}
			d, err := store.OpenDesk(root, store.Options{}.On(disk))
			if check(err) {
				list, _, err := d.Sheets()
				check(err)
				if slices.ContainsFunc(list, func(s store.Sheet) bool { return s.Key == "a" }) { // a window changes what it has
					may["a"] = []string{"1", "11"}
					if check(d.Put("a", thing{Value: "11"})) {
						may["a"] = []string{"11"}
					}
				}
				may["new"] = []string{"", "4"}
				if check(d.Put("new", thing{Value: "4"})) {
					may["new"] = []string{"4"}
				}
				may["gone"] = []string{"", "2"}
				if check(d.Delete("gone")) {
					may["gone"] = []string{"", "2"} // it may lie on the other desk still, whose taking over was cut short
				}
				d.Close()
			}
			if disk.last == "" {
				break
			}
			failed++
			got, aside := lying(t, desk(t, root))
			missing := func() bool {
				for key, values := range may {
					if got[key] == "" && !slices.Contains(values, "") {
						return true
					}
				}
				return false
			}
			// A program that another test starts holds all locks between its fork and its exec: a desk may seem in use.
			for again := 0; missing() && again < 100; again++ {
				time.Sleep(10 * time.Millisecond)
				rest, more := lying(t, desk(t, root))
				maps.Copy(got, rest)
				aside = append(aside, more...)
			}
			for key, values := range may {
				if !slices.Contains(values, got[key]) {
					t.Errorf("%s (%s): %s is %q, not one of %q", name, disk.last, key, got[key], values)
				}
			}
			if len(aside) > 0 {
				t.Errorf("%s (%s): damaged %v", name, disk.last, aside)
			}
		}
	}
	t.Logf("%d calls failed", failed)
	if failed < 20 {
		t.Errorf("only %d calls were failed", failed)
	}
}
