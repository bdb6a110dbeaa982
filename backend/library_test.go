package backend_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
)

// again closes the state and opens another on the same directory.
func (a *app) again() *app {
	a.t.Helper()
	a.Close()
	return a.beside()
}

// beside opens another state on the same directory, as a second window does.
func (a *app) beside() *app {
	a.t.Helper()
	b := &app{desk: &desk{}, t: a.t, dir: a.dir}
	b.AppState = backend.New(backend.Config{Version: "test", DataDir: a.dir, LogLevel: "trace", Desktop: b.desk})
	b.Open()
	a.t.Cleanup(b.Close)
	return b
}

func (a *app) bootstrap() backend.Startup {
	a.t.Helper()
	b, err := a.System().Bootstrap()
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func (a *app) save(p backend.StoredProfile) backend.StoredProfile {
	a.t.Helper()
	saved, err := a.Connections().SaveProfile(backend.SaveProfileRequest{Profile: p, Remember: p.HasPassword})
	if err != nil {
		a.t.Fatal(err)
	}
	return saved.Profile
}

func named(name string) backend.StoredProfile {
	return backend.StoredProfile{Profile: conn.Profile{Name: name, Settings: map[string]string{"host": name + ".example"}}}
}

func names(list []backend.StoredProfile) string {
	var n []string
	for _, p := range list {
		n = append(n, p.Profile.Name)
	}
	return strings.Join(n, " ")
}

func TestFR008_ProfilesAreKept(t *testing.T) {
	t.Parallel()
	a := start(t)
	if b := a.bootstrap(); b.Profiles == nil || len(b.Profiles) != 0 || len(b.Warnings) != 0 || !b.Store.OK || b.Store.Recovery != "" {
		t.Errorf("first start: %+v", b)
	}
	first := a.save(named("beta"))
	second := named("alpha")
	second.Group, second.Order, second.Notes, second.Profile.Color = "work", 2, "ask Ada", "amber"
	second = a.save(second)
	third := named("gamma")
	third.Group, third.Order = "work", 1
	a.save(third)
	gone := a.save(named("gone"))
	star := named("zeta")
	star.Favourite = true
	a.save(star)
	if first.ID == "" || first.ID == second.ID {
		t.Errorf("ids %q and %q", first.ID, second.ID)
	}
	first.Profile.Name = "delta"
	if p := a.save(first); p.ID != first.ID {
		t.Errorf("saved under %q for %q", p.ID, first.ID)
	}
	for range 2 { // the second time it is gone already
		if err := a.Connections().DeleteProfile(backend.ProfileRef{ID: gone.ID}); err != nil {
			t.Error(err)
		}
	}
	a = a.again()
	list, err := a.Connections().Profiles()
	if err != nil || names(list) != "zeta delta gamma alpha" {
		t.Errorf("after a start: %s, %v", names(list), err)
	}
	b := a.bootstrap()
	if !reflect.DeepEqual(b.Profiles, list) || len(list) < 4 || !reflect.DeepEqual(list[3], second) {
		t.Errorf("bootstrap has %+v", b.Profiles)
	}
}

// TestNoPasswordIsStored saves a profile that carries one in every setting that could, damages and repairs the store, and
// searches all files.
func TestNoPasswordIsStored(t *testing.T) {
	t.Parallel()
	a := start(t)
	p := named("x")
	maps.Copy(p.Profile.Settings, map[string]string{"password": canary, "PASSWORD": canary, "sslpassword": canary, "pwd": canary, "scram_client_key": canary, "passfile": "/home/ada/.pgpass"})
	p = a.save(p)
	if want := map[string]string{"host": "x.example", "passfile": "/home/ada/.pgpass"}; !maps.Equal(p.Profile.Settings, want) {
		t.Errorf("saved %v", p.Profile.Settings)
	}
	if _, err := a.System().Backup(backend.PathRequest{}); err != nil {
		t.Error(err)
	}
	if err := os.Truncate(filepath.Join(a.dir, "tusk.db"), 9000); err != nil {
		t.Fatal(err)
	}
	a = a.again()
	a.Close()
	files := 0
	err := filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), canary) {
			t.Errorf("the password is in %s", path)
		}
		return err
	})
	if err != nil || files < 5 {
		t.Errorf("%d files, %v", files, err)
	}
}

// TestFR013_DamageIsToldOnce spoils the file between two starts: everything is there, it is said with counts and the copy's
// place, and the start after it says nothing.
func TestFR013_DamageIsToldOnce(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.save(named("one"))
	a.save(named("two"))
	dark := backend.DefaultPreferences()
	dark.Theme = "dark"
	if _, err := a.System().SetPreferences(dark); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(a.dir, "tusk.db")
	if err := os.WriteFile(file, []byte("dd if=/dev/urandom"), 0o600); err != nil {
		t.Fatal(err)
	}
	a = a.again()
	b := a.bootstrap()
	if names(b.Profiles) != "one two" || b.Preferences.Theme != "dark" {
		t.Errorf("after the damage: %+v", b)
	}
	if len(b.Warnings) != 1 || !strings.Contains(b.Warnings[0], ": 2 connections and 1 set of preferences.") || !strings.Contains(b.Warnings[0], file+".corrupt") {
		t.Errorf("told %q", b.Warnings)
	}
	if h, err := a.System().Health(); err != nil || h.Store.Recovery != b.Warnings[0] || !h.Store.OK || h.Store.Backup != file+".corrupt" || h.Store.Path != file {
		t.Errorf("health %+v, %v", h.Store, err)
	}
	// And while it runs: the window is told.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if list, err := a.Connections().Profiles(); err != nil || len(list) != 2 {
		t.Errorf("after it was removed: %v, %v", list, err)
	}
	if told := a.of(backend.EventStore); len(told) != 1 || !strings.Contains(told[0].payload.(backend.StoreHealth).Recovery, "was missing") {
		t.Errorf("told %+v", told)
	}
	if b := a.again().bootstrap(); len(b.Warnings) != 0 || names(b.Profiles) != "one two" {
		t.Errorf("the start after it: %+v", b)
	}
}

// TestStoreInMemory has a directory where the file should be.
func TestStoreInMemory(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.save(named("one"))
	file := filepath.Join(a.dir, "tusk.db")
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	a = a.again()
	b := a.bootstrap()
	if names(b.Profiles) != "one" || !b.Store.Memory || b.Store.OK || len(b.Warnings) == 0 || !strings.Contains(b.Warnings[0], "for this run only") {
		t.Errorf("bootstrap %+v", b)
	}
	a.save(named("two"))
	_, err := a.System().Repair()
	kind(t, err, apperr.Storage)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	h, err := a.System().Repair()
	if err != nil || !h.OK {
		t.Errorf("repair: %+v, %v", h, err)
	}
	if told := a.of(backend.EventStore); len(told) == 0 || !told[len(told)-1].payload.(backend.StoreHealth).OK {
		t.Errorf("told %+v", told)
	}
	if b := a.again().bootstrap(); names(b.Profiles) != "one two" {
		t.Errorf("the start after it: %s", names(b.Profiles))
	}
}

// TestConflict has two windows change one connection: what only one has changed is kept, what both have is as it was saved
// last, and that is said.
func TestConflict(t *testing.T) {
	t.Parallel()
	a := start(t)
	b := a.beside()
	one := named("one")
	one.Group, one.Profile.Settings["port"], one.Profile.Settings["connect_timeout"] = "work", "5432", "5"
	base := a.save(one)
	change := func(a *app, base *backend.StoredProfile, id string, change func(p *backend.StoredProfile)) backend.SavedProfile {
		t.Helper()
		p := named("one")
		if base != nil {
			p = *base
			p.Profile.Settings = maps.Clone(base.Profile.Settings)
		}
		p.ID = id
		change(&p)
		saved, err := a.Connections().SaveProfile(backend.SaveProfileRequest{Profile: p, Base: base})
		if err != nil {
			t.Fatal(err)
		}
		return saved
	}
	first := change(b, &base, base.ID, func(p *backend.StoredProfile) {
		p.Group, p.Favourite, p.Profile.Settings["port"], p.Profile.Settings["sslmode"] = "home", true, "6432", "require"
		delete(p.Profile.Settings, "connect_timeout")
	})
	if len(first.Notes) != 0 {
		t.Errorf("nobody else changed it: %q", first.Notes)
	}
	second := change(a, &base, base.ID, func(p *backend.StoredProfile) {
		p.Notes, p.Profile.Settings["port"], p.Profile.Settings["connect_timeout"], p.Profile.Color = "ask Ada", "7432", "9", "red"
	})
	want := []string{
		"Another window has changed “Group”, “Favourite”, “TLS mode”; that is kept.",
		"Another window has changed “Connect within”, “Port” (to 6432) too; what you have saved counts.",
	}
	p := second.Profile
	if !slices.Equal(second.Notes, want) || p.Group != "home" || !p.Favourite || p.Notes != "ask Ada" || p.Profile.Color != "red" ||
		!maps.Equal(p.Profile.Settings, map[string]string{"host": "one.example", "port": "7432", "sslmode": "require", "connect_timeout": "9"}) {
		t.Errorf("%q %+v", second.Notes, p)
	}
	if list, err := b.Connections().Profiles(); err != nil || len(list) != 1 || !reflect.DeepEqual(list[0], p) {
		t.Errorf("%+v, %v", list, err)
	}
	if again := change(a, &p, p.ID, func(p *backend.StoredProfile) { p.Notes = "" }); len(again.Notes) != 0 || again.Profile.Group != "home" {
		t.Errorf("%+v", again)
	}
	if err := b.Connections().DeleteProfile(backend.ProfileRef{ID: p.ID}); err != nil {
		t.Fatal(err)
	}
	if last := change(a, &p, p.ID, func(p *backend.StoredProfile) {}); len(last.Notes) != 1 || !strings.Contains(last.Notes[0], "deleted") {
		t.Errorf("%q", last.Notes)
	}
}
