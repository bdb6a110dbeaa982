//go:build linux

package backend_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/keyringtest"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
)

// ada makes a server that wants a password of a role, and gives how to reach it.
func ada(t testing.TB) (s *pgtest.Server, p backend.StoredProfile) {
	t.Helper()
	s = pgtest.New(t, pgtest.Options{TCP: true})
	s.Exec(t, "postgres", "create role ada login password '"+canary+"'")
	return s, backend.StoredProfile{Profile: conn.Profile{Name: "ada", Settings: map[string]string{
		"host": "127.0.0.1", "port": fmt.Sprint(s.Port), "user": "ada", "dbname": "postgres", "sslmode": "disable",
	}}}
}

// keepPassword saves a connection and has its password remembered.
func (a *app) keepPassword(p backend.StoredProfile, password string) backend.StoredProfile {
	a.t.Helper()
	saved, err := a.Connections().SaveProfile(backend.SaveProfileRequest{Profile: p, Password: secret.Typed(password), Remember: true})
	if err != nil {
		a.t.Fatal(err)
	}
	return saved.Profile
}

// openSaved connects a saved connection, with what is typed or what is kept for it.
func (a *app) openSaved(p backend.StoredProfile, typed string, remember bool) error {
	a.n++
	id := fmt.Sprint("saved", a.n)
	_, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: id, Profile: p.Profile, ProfileID: p.ID, Password: secret.Typed(typed), Remember: remember})
	_ = a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: id})
	return err
}

func (a *app) stored(id string) backend.StoredProfile {
	a.t.Helper()
	list, err := a.Connections().Profiles()
	if err != nil {
		a.t.Fatal(err)
	}
	for _, p := range list {
		if p.ID == id {
			return p
		}
	}
	return backend.StoredProfile{}
}

func (a *app) secrets() backend.SecretHealth {
	a.t.Helper()
	h, err := a.System().CheckSecrets()
	if err != nil {
		a.t.Fatal(err)
	}
	return h
}

// warned gives the warnings the window was told of, each once.
func (a *app) warned() map[string]int {
	told := map[string]int{}
	for _, e := range a.of(backend.EventSecrets) {
		if w := e.payload.(backend.SecretHealth).Warning; w != "" {
			told[w]++
		}
	}
	return told
}

func TestFR007_PasswordsAreInTheKeyring(t *testing.T) {
	keyringtest.Run(t, keyringtest.Unlocked, func(k *keyringtest.Keyring) {
		s, p := ada(t)
		a := start(t)
		if b := a.bootstrap(); len(b.Warnings) > 0 {
			t.Errorf("warnings %q", b.Warnings)
		}
		if h, err := a.System().Secrets(); err != nil || h.State != "unasked" {
			t.Errorf("at start: %+v, %v", h, err)
		}
		kind(t, a.openSaved(p, "", false), apperr.AuthFailed)
		p = a.keepPassword(p, canary)
		if !p.HasPassword || len(k.Items()) != 1 || a.secrets().State != "available" || a.secrets().Held != 0 {
			t.Fatalf("saved %+v, %d items, %+v", p, len(k.Items()), a.secrets())
		}
		if err := a.openSaved(p, "", false); err != nil {
			t.Error(err)
		}
		d, err := a.Connections().Test(backend.ConnectRequest{ConnectionID: "test", Profile: p.Profile, ProfileID: p.ID})
		if err != nil || d.Error != nil {
			t.Errorf("test: %v, %+v", err, d.Error)
		}
		// Saving it again without typing keeps what is there, and a password is in no answer.
		p.Notes = "again"
		p = a.keepPassword(p, "")
		if out, err := json.Marshal(a.bootstrap()); err != nil || !p.HasPassword || strings.Contains(string(out), canary) {
			t.Errorf("saved again: %+v, %v", p, err)
		}
		a = a.again()
		if h, err := a.System().Secrets(); err != nil || h.State != "unasked" {
			t.Errorf("after a start: %+v, %v", h, err)
		}
		if err := a.openSaved(p, "", false); err != nil {
			t.Errorf("after a start: %v", err)
		}
		// The password changes on the server: the old one is refused, what is typed instead is kept.
		s.Exec(t, "postgres", "alter role ada password 'new-one'")
		kind(t, a.openSaved(p, "", false), apperr.AuthFailed)
		if err := a.openSaved(p, "new-one", true); err != nil {
			t.Error(err)
		}
		eventually(t, "it is kept", func() bool { return a.secrets().Held == 0 })
		if err := a.again().openSaved(p, "", false); err != nil || len(k.Items()) != 1 {
			t.Errorf("with the new one: %v, %d items", err, len(k.Items()))
		}
	})
}

func TestUS6_PasswordsAreForgotten(t *testing.T) {
	keyringtest.Run(t, keyringtest.Unlocked, func(k *keyringtest.Keyring) {
		_, p := ada(t)
		a := start(t)
		p = a.keepPassword(p, canary)
		// A copy shares none, whatever it says.
		twin := p
		twin.ID = ""
		twin = a.save(twin)
		if twin.HasPassword || a.stored(twin.ID).HasPassword {
			t.Errorf("the copy is %+v", twin)
		}
		kind(t, a.openSaved(twin, "", false), apperr.AuthFailed)
		if err := a.Connections().ForgetPassword(backend.ProfileRef{ID: p.ID}); err != nil {
			t.Error(err)
		}
		if n := len(k.Items()); n != 0 || a.stored(p.ID).HasPassword {
			t.Errorf("%d items, %+v", n, a.stored(p.ID))
		}
		kind(t, a.openSaved(p, "", false), apperr.AuthFailed)
		// Saved without “remember”, what was kept goes, and what was typed holds for this run.
		p = a.keepPassword(p, canary)
		saved, err := a.Connections().SaveProfile(backend.SaveProfileRequest{Profile: p, Password: canary})
		p = saved.Profile
		if err != nil || p.HasPassword || len(k.Items()) != 0 || a.secrets().Held != 1 {
			t.Errorf("%+v, %v, %d items, %+v", p, err, len(k.Items()), a.secrets())
		}
		if err := a.openSaved(p, "", false); err != nil {
			t.Error(err)
		}
		kind(t, a.again().openSaved(p, "", false), apperr.AuthFailed)
		// Deleted with the connection.
		a = a.again()
		a.keepPassword(p, canary)
		if err := a.Connections().DeleteProfile(backend.ProfileRef{ID: p.ID}); err != nil || len(k.Items()) != 0 || a.secrets().Queued != 0 {
			t.Errorf("%v, %d items, %+v", err, len(k.Items()), a.secrets())
		}
		// G9: gone in the keyring.
		twin = a.keepPassword(twin, canary)
		k.Empty()
		err = a.openSaved(twin, "", false)
		if kind(t, err, apperr.Secret); !strings.Contains(err.Error(), "not in the keyring any more") || a.stored(twin.ID).HasPassword {
			t.Errorf("%v, %+v", err, a.stored(twin.ID))
		}
		if len(a.warned()) != 0 {
			t.Errorf("warned %v", a.warned())
		}
	})
}

// TestG4_G14_G15_Locked has a keyring that is locked and cannot ask: one warning, what is typed works at once, and once
// it is unlocked everything is caught up on.
func TestG4_G14_G15_Locked(t *testing.T) {
	keyringtest.Run(t, keyringtest.Unlocked, func(k *keyringtest.Keyring) {
		_, p := ada(t)
		a := start(t)
		old := a.keepPassword(p, canary)
		k.Lock()
		p = a.keepPassword(p, canary)
		eventually(t, "the warning", func() bool { return a.secrets().Warning != "" })
		h := a.secrets()
		if p.HasPassword || h.State != "locked" || h.Held != 1 || !strings.Contains(h.Warning, "locked") || !strings.Contains(h.Warning, "Unlock it") {
			t.Errorf("saved %+v, %+v", p, h)
		}
		for range 3 {
			if err := a.openSaved(p, "", false); err != nil {
				t.Error(err)
			}
			kind(t, a.openSaved(old, "", false), apperr.Secret)
		}
		soon(t, time.Second, func() {
			if err := a.openSaved(old, canary, false); err != nil {
				t.Error(err)
			}
		})
		if told := a.warned(); len(told) != 1 {
			t.Errorf("warned %v", told)
		}
		if b := a.bootstrap(); len(b.Warnings) != 1 {
			t.Errorf("warnings %q", b.Warnings)
		}
		if err := a.Connections().DeleteProfile(backend.ProfileRef{ID: old.ID}); err != nil {
			t.Error(err)
		}
		if h := a.secrets(); h.Queued != 1 || len(k.Items()) != 1 || a.stored(old.ID).ID != "" {
			t.Errorf("deleted: %+v, %d items", h, len(k.Items()))
		}
		a = a.again() // what is to be deleted is not forgotten
		k.Unlock()
		if h := a.secrets(); h.State != "available" || h.Warning != "" {
			t.Errorf("unlocked: %+v", h)
		}
		eventually(t, "it is deleted", func() bool { return len(k.Items()) == 0 && a.secrets().Queued == 0 })
		if p = a.keepPassword(p, canary); !p.HasPassword {
			t.Errorf("saved %+v", p)
		}
	})
}

// TestG1_NoKeyring warns once, with why and what to do; what is typed lasts for this run.
func TestG1_NoKeyring(t *testing.T) {
	keyringtest.Run(t, keyringtest.NoBus, func(*keyringtest.Keyring) {
		_, p := ada(t)
		a := start(t)
		if b := a.bootstrap(); len(b.Warnings) != 0 {
			t.Errorf("before it is needed: %q", b.Warnings)
		}
		for range 3 {
			p = a.keepPassword(p, canary)
			if err := a.openSaved(p, "", false); err != nil || p.HasPassword {
				t.Errorf("%v, %+v", err, p)
			}
		}
		if told := a.warned(); len(told) != 1 {
			t.Errorf("warned %v", told)
		}
		if w := a.secrets().Warning; !strings.Contains(w, "no session bus") || !strings.Contains(w, "kept until Tusk is closed") {
			t.Errorf("warning %q", w)
		}
		kind(t, a.again().openSaved(p, "", false), apperr.AuthFailed)
	})
}

// TestG5_G7_Hanging waits for a keyring that asks, or does not answer, no longer than the person wants.
func TestG5_G7_Hanging(t *testing.T) {
	keyringtest.Run(t, keyringtest.Display, func(k *keyringtest.Keyring) {
		_, p := ada(t)
		a := start(t)
		p = a.keepPassword(p, canary)
		k.Lock()
		done := make(chan error)
		go func() {
			_, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "asks", Profile: p.Profile, ProfileID: p.ID})
			done <- err
		}()
		k.Asked()
		eventually(t, "the window is told", func() bool {
			list := a.of(backend.EventSecrets)
			return len(list) > 0 && list[len(list)-1].payload.(backend.SecretHealth).Waiting
		})
		soon(t, 500*time.Millisecond, func() { // typed instead, while it asks
			if err := a.openSaved(p, canary, false); err != nil {
				t.Error(err)
			}
		})
		soon(t, 500*time.Millisecond, func() {
			if err := a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: "asks"}); err != nil {
				t.Error(err)
			}
			kind(t, <-done, apperr.Cancelled)
		})
		k.Silent()
		if len(a.warned()) != 0 {
			t.Errorf("warned %v", a.warned())
		}
		// A second start of Tusk, where the question is answered.
		a = a.again()
		go func() { done <- a.openSaved(p, "", false) }()
		k.Asked()
		k.Answer()
		if err := <-done; err != nil {
			t.Error(err)
		}
		k.Stop()
		soon(t, 3*time.Second, func() { // it goes on in the background
			if p := a.keepPassword(p, canary); !p.HasPassword {
				t.Errorf("saved %+v", p)
			}
		})
		soon(t, 500*time.Millisecond, func() {
			if err := a.openSaved(p, "", false); err != nil {
				t.Error(err)
			}
		})
		begin := time.Now()
		a.Close()
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("closing took %s", took)
		}
		k.Continue()
	})
}

// TestSC008_NoPasswordIsWritten saves, connects, fails and forgets with a password in every way there is, with a log at
// its most talkative, and then searches all that was written, sent and answered.
func TestSC008_NoPasswordIsWritten(t *testing.T) {
	for name, session := range map[string]keyringtest.Session{"kept": keyringtest.Unlocked, "not kept": keyringtest.NoBus} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			keyringtest.Run(t, session, func(k *keyringtest.Keyring) {
				s, p := ada(t)
				a := start(t)
				var told strings.Builder
				tell := func(list ...any) {
					for _, v := range list {
						out, _ := json.Marshal(v) // what cannot be marshalled is printed
						err, _ := v.(error)
						fmt.Fprintf(&told, "%s %+v %#v %s\n", out, v, v, apperr.JSON(err))
					}
				}
				url := "postgres://ada:" + canary + "@127.0.0.1/x"
				for _, k := range []string{"password", "PASSWORD", "sslpassword", "passphrase", "pwd", "scram_client_key"} {
					maps.Copy(p.Profile.Settings, map[string]string{k: canary})
				}
				req := backend.SaveProfileRequest{Profile: p, Password: canary, Remember: true}
				saved, err := a.Connections().SaveProfile(req)
				p = saved.Profile
				tell(saved, err) // its settings have it in the request
				for _, user := range []string{"ada", "nobody"} {
					p.Profile.Settings["user"] = user
					for _, typed := range []string{canary, canary + "-wrong", "", canary + strings.Repeat("x", 3000), canary + "\x00"} {
						req := backend.ConnectRequest{ConnectionID: "c", Profile: p.Profile, ProfileID: p.ID, Password: secret.Typed(typed), Remember: true}
						c, err := a.Connections().Connect(req)
						tell(req, c, err)
						if err == nil {
							a.run("c", "t", "select 1; select nosuch")
							a.Connections().Disconnect(backend.ConnectionRef{ConnectionID: "c"}) //nolint:errcheck // it is only to end
						}
						d, err := a.Connections().Test(req)
						tell(d, err)
					}
				}
				p.Profile.Settings["user"] = "ada"
				s.Exec(t, "postgres", "alter role ada password 'other'")
				tell(a.openSaved(p, "", false))
				for _, text := range []string{url, "host=db password='" + canary, "mysql://" + canary, url + "?sslpassword=" + canary + "%zz"} {
					_, err := a.Connections().Parse(backend.ParseRequest{Text: text})
					tell(err) // the answer has it, for the form's field
				}
				list, err := a.Connections().Profiles()
				tell(list, err, a.bootstrap(), a.secrets())
				h, err := a.System().Health()
				tell(h, err)
				if b, err := a.System().Backup(backend.PathRequest{}); err != nil {
					t.Error(b, err)
				}
				if session == keyringtest.Unlocked {
					k.Lock()
				}
				tell(a.Connections().ForgetPassword(backend.ProfileRef{ID: p.ID}), a.Connections().DeleteProfile(backend.ProfileRef{ID: p.ID}))
				a.mu.Lock()
				for _, e := range a.events {
					tell(e.payload)
				}
				a.mu.Unlock()
				if err := os.Truncate(filepath.Join(a.dir, "tusk.db"), 9000); err != nil {
					t.Fatal(err)
				}
				a = a.again()
				tell(a.bootstrap())
				a.Close()
				if at := strings.Index(told.String(), canary); at >= 0 {
					t.Errorf("the password is told: …%s", told.String()[max(0, at-300):at+40])
				}
				files := 0
				err = filepath.WalkDir(a.dir, func(path string, d fs.DirEntry, err error) error {
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
			})
		})
	}
}
