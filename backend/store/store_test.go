package store_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

// thing is what the tests keep.
type thing struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// held is all that is in a store, by collection and key.
type held map[string]thing

// read lists everything. It fails the test when that fails.
func read(t *testing.T, db *store.DB) held {
	t.Helper()
	all, err := tryRead(db)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var collections = []string{"profiles", "preferences", "saved"}

func tryRead(db *store.DB) (held, error) {
	all := held{}
	for _, name := range collections {
		list, err := store.NewCollection[thing](db, name).List()
		if err != nil {
			return nil, err
		}
		for k, v := range list {
			all[name+"/"+k] = v
		}
	}
	return all, nil
}

// open opens a store that has to be usable.
func open(t *testing.T, dir string) (*store.DB, store.Recovery) {
	t.Helper()
	db, r, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := db.State(); s.Memory || s.ReadOnly || s.Warning != "" {
		t.Fatalf("state %+v", s)
	}
	return db, r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func things(db *store.DB) store.Collection[thing] { return store.NewCollection[thing](db, "profiles") }

func TestPutGetDeleteList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, r := open(t, filepath.Join(dir, "new"))
	if r.What != "created" {
		t.Fatalf("first start: %+v", r)
	}
	c := things(db)
	if _, ok, err := c.Get("a"); ok || err != nil {
		t.Fatal("there is something in a new store", err)
	}
	must(t, c.Put("a", thing{"A", "1"}))
	must(t, c.Put("b", thing{"B", "2"}))
	must(t, c.Put("a", thing{"A", "3"}))
	must(t, c.Delete("b"))
	must(t, c.Delete("never"))
	for _, again := range []*store.DB{db, first(open(t, filepath.Join(dir, "new")))} {
		if got := read(t, again); !maps.Equal(got, held{"profiles/a": {"A", "3"}}) {
			t.Errorf("held %v", got)
		}
	}
	if s := db.State(); s.Generation != 5 || s.Snapshot.IsZero() {
		t.Errorf("state %+v", s)
	}
	if err := c.Put("", thing{}); apperr.KindOf(err) != apperr.Internal {
		t.Errorf("a value without a key: %v", err)
	}
	must(t, db.Close())
}

func first[A, B any](a A, _ B) A { return a }

// TestUnknownFieldsAreKept has an older Tusk save what a newer one wrote.
func TestUnknownFieldsAreKept(t *testing.T) {
	t.Parallel()
	type inner struct {
		Known string `json:"known"`
	}
	type now struct {
		Name  string            `json:"name"`
		Gone  string            `json:"gone,omitempty"`
		Inner inner             `json:"inner"`
		Free  map[string]string `json:"free"`
	}
	dir := t.TempDir()
	db, _ := open(t, dir)
	must(t, db.Update("profiles", map[string]any{"a": json.RawMessage(
		`{"name":"old","gone":"x","newer":[1,2],"inner":{"known":"k","newer":true},"free":{"removed":"1"}}`)}))
	c := store.NewCollection[now](db, "profiles")
	v, _, err := c.Get("a")
	must(t, err)
	v.Name, v.Gone, v.Free = "new", "", map[string]string{"added": "2"}
	must(t, c.Put("a", v))
	got, _, err := store.NewCollection[map[string]any](db, "profiles").Get("a")
	must(t, err)
	want := map[string]any{"name": "new", "newer": []any{1.0, 2.0}, "inner": map[string]any{"known": "k", "newer": true}, "free": map[string]any{"added": "2"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("saved %v, want %v", got, want)
	}
}

func TestMigration(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, _ := open(t, dir)
	must(t, things(db).Put("a", thing{Name: "A"}))
	step := func(to string) store.Migration {
		return func(_, key string, value json.RawMessage) (json.RawMessage, error) {
			var x thing
			if err := json.Unmarshal(value, &x); err != nil {
				return nil, err
			}
			x.Value += to
			return json.Marshal(x)
		}
	}
	two := store.Options{Migrations: []store.Migration{step("1"), step("2")}}
	var newer *store.DB
	for range 2 { // the second time there is nothing to do
		var err error
		newer, _, err = store.Open(dir, two)
		must(t, err)
		if got := read(t, newer); !maps.Equal(got, held{"profiles/a": {"A", "12"}}) {
			t.Errorf("after two steps %v", got)
		}
	}
	must(t, things(newer).Put("b", thing{Name: "B"}))

	// The older Tusk reads, refuses to write, and leaves every byte as it is.
	before, err := os.ReadFile(filepath.Join(dir, "tusk.db"))
	must(t, err)
	old, _, err := store.Open(dir, store.Options{})
	must(t, err)
	if s := old.State(); !s.ReadOnly || !strings.Contains(s.Why, "newer Tusk") {
		t.Errorf("state %+v", s)
	}
	if got := read(t, old); !maps.Equal(got, held{"profiles/a": {"A", "12"}, "profiles/b": {Name: "B"}}) {
		t.Errorf("held %v", got)
	}
	if err := things(old).Put("a", thing{}); apperr.KindOf(err) != apperr.Storage || !strings.Contains(err.Error(), "newer Tusk") {
		t.Errorf("put: %v", err)
	}
	if err := things(old).Delete("a"); apperr.KindOf(err) != apperr.Storage {
		t.Errorf("delete: %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "tusk.db")); string(after) != string(before) {
		t.Error("the file was changed")
	}

	// A step that fails changes nothing.
	bad := store.Options{Migrations: append(slices.Clone(two.Migrations), func(string, string, json.RawMessage) (json.RawMessage, error) {
		return nil, fmt.Errorf("no")
	})}
	broken, _, err := store.Open(dir, bad)
	if err == nil || !broken.State().Memory {
		t.Errorf("a step failed, and yet %+v, %v", broken.State(), err)
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "tusk.db")); string(after) != string(before) {
		t.Error("the file was changed by a step that failed")
	}
}

func TestBackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, _ := open(t, dir)
	must(t, things(db).Put("a", thing{Name: "A"}))
	to := filepath.Join(t.TempDir(), "tusk.db")
	must(t, db.Backup(to))
	copied, r := open(t, filepath.Dir(to))
	if got := read(t, copied); r.What != "" || !maps.Equal(got, held{"profiles/a": {Name: "A"}}) {
		t.Errorf("backup holds %v, %+v", got, r)
	}
	if err := db.Backup(to); apperr.KindOf(err) != apperr.File {
		t.Errorf("overwriting: %v", err)
	}
	if err := db.Backup(filepath.Join(dir, "nowhere", "x")); apperr.KindOf(err) != apperr.File {
		t.Errorf("no such directory: %v", err)
	}
}

func TestCheckChangesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if r, err := store.Check(filepath.Join(dir, "none")); err != nil || !r.Sound {
		t.Errorf("nothing there: %+v, %v", r, err)
	}
	db, _ := open(t, dir)
	must(t, things(db).Put("a", thing{Name: "A"}))
	r, err := store.Check(dir)
	must(t, err)
	if !r.Sound || r.Counts["profiles"] != 1 || r.Snapshots != 2 || r.Damaged != 0 || r.Generation != 2 {
		t.Errorf("sound: %+v", r)
	}
	file := filepath.Join(dir, "tusk.db")
	must(t, os.WriteFile(file, []byte("no store"), 0o600))
	if r, err = db.Check(); err != nil || r.Sound || r.Reason == "" {
		t.Errorf("damaged: %+v, %v", r, err)
	}
	if b, _ := os.ReadFile(file); string(b) != "no store" {
		t.Error("the check repaired")
	}
}

// TestSnapshotsKept counts what stays after many changes on many days.
func TestSnapshotsKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, _ := open(t, dir)
	for day := range 12 {
		for i := range 3 {
			must(t, things(db).Put("a", thing{Value: fmt.Sprint(day, i)}))
		}
		for _, s := range snapshots(t, dir) { // all that were written today become those of that day
			fi, err := os.Stat(s)
			must(t, err)
			if age := 11 - day; time.Since(fi.ModTime()) < time.Minute {
				must(t, os.Chtimes(s, anchor(age), anchor(age)))
			}
		}
	}
	list := snapshots(t, dir)
	if len(list) < 8 || len(list) > 10 {
		t.Errorf("%d snapshots are kept: %v", len(list), list)
	}
}

// anchor is noon, so many days ago.
func anchor(days int) time.Time {
	return time.Now().UTC().Truncate(24*time.Hour).Add(12*time.Hour).AddDate(0, 0, -days-1)
}

func snapshots(t *testing.T, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "snap", "tusk-*.snap"))
	must(t, err)
	return list
}

// fixture is a store as one is after months: half of it written twice, keys deleted, pages in no order.
type fixture struct {
	file      []byte
	snapshots map[string][]byte
	oracle    held
	ever      map[string]map[thing]bool // all a key ever held
}

func makeFixture(t *testing.T) *fixture {
	t.Helper()
	dir := t.TempDir()
	db, _ := open(t, dir)
	r := rand.New(rand.NewPCG(7, 7))
	f := &fixture{snapshots: map[string][]byte{}, oracle: held{}, ever: map[string]map[thing]bool{}}
	sizes := map[string]int{"profiles": 300, "preferences": 40, "saved": 1000}
	keys := map[string][]string{}
	for name, n := range map[string]int{"profiles": 50, "preferences": 40, "saved": 250} {
		for i := range n {
			keys[name] = append(keys[name], fmt.Sprintf("%x-%03d", r.Uint32(), i))
		}
	}
	for round := range 30 {
		for _, name := range collections {
			change := map[string]any{}
			for _, k := range keys[name] {
				switch p := r.IntN(100); {
				case p < 4 && round > 10:
					if _, ok := f.oracle[name+"/"+k]; ok {
						change[k] = nil
						delete(f.oracle, name+"/"+k)
					}
				case p < 8 || p < 50 && round == 0:
					v := thing{k, fmt.Sprintf("%d %s", round, text(r, r.IntN(sizes[name])))}
					change[k] = v
					f.oracle[name+"/"+k] = v
					if f.ever[name+"/"+k] == nil {
						f.ever[name+"/"+k] = map[thing]bool{}
					}
					f.ever[name+"/"+k][v] = true
				}
			}
			must(t, db.Update(name, change))
		}
	}
	var err error
	f.file, err = os.ReadFile(filepath.Join(dir, "tusk.db"))
	must(t, err)
	for _, s := range snapshots(t, dir) {
		f.snapshots[filepath.Base(s)], err = os.ReadFile(s)
		must(t, err)
	}
	return f
}

func text(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "abcdefghijklmnopqrstuvwxyz {}\"\\"[r.IntN(31)]
	}
	return string(b)
}

// lay writes the fixture's snapshots, without the last few, and a file.
func (f *fixture) lay(t *testing.T, dir string, file []byte, snaps int) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Join(dir, "snap"), 0o700))
	if file != nil {
		must(t, os.WriteFile(filepath.Join(dir, "tusk.db"), file, 0o600))
	}
	names := slices.Sorted(maps.Keys(f.snapshots))
	for _, n := range names[:snaps] {
		must(t, os.WriteFile(filepath.Join(dir, "snap", n), f.snapshots[n], 0o600))
	}
}
