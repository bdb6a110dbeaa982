//go:build linux

package vault_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/keyringtest"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/secret/vault"
)

var key = vault.Key("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "password")

const canary = "kanarienvogel-7Q"

// in runs body with a vault in a process that has such a session.
func in(t *testing.T, session keyringtest.Session, body func(k *keyringtest.Keyring, v *vault.Vault)) {
	t.Helper()
	keyringtest.Run(t, session, func(k *keyringtest.Keyring) {
		v := vault.New(nil)
		if s := v.State(); s.Kind != vault.Unasked || s.Store != "the keyring" {
			t.Errorf("before it is used: %+v", s)
		}
		body(k, v)
	})
}

// refuses checks that every operation fails within limit, with the words of a state that says why and what to do.
func refuses(t *testing.T, v *vault.Vault, kind vault.Kind, reason string, limit time.Duration) {
	t.Helper()
	for name, op := range map[string]func() error{
		"get":    func() error { _, err := v.Get(t.Context(), key); return err },
		"set":    func() error { return v.Set(t.Context(), key, secret.New(canary)) },
		"delete": func() error { return v.Delete(t.Context(), key) },
	} {
		begin := time.Now()
		err := op()
		if took := time.Since(begin); took > limit {
			t.Errorf("%s took %s", name, took)
		}
		var e *apperr.Error
		if !errors.As(err, &e) || e.Kind != apperr.Secret || !strings.Contains(e.Title, reason) || e.Hint == "" || strings.Contains(e.Title+e.Hint+e.Message, canary) {
			t.Errorf("%s: %v", name, err)
		}
		if s := v.State(); s.Kind != kind || !strings.Contains(s.Reason, reason) || s.Remedy == "" {
			t.Errorf("after %s: %+v", name, s)
		}
	}
}

func set(t *testing.T, v *vault.Vault, text string) {
	t.Helper()
	if err := v.Set(t.Context(), key, secret.New(text)); err != nil {
		t.Fatalf("set: %v", err)
	}
}

func get(t *testing.T, v *vault.Vault, want string) {
	t.Helper()
	s, err := v.Get(t.Context(), key)
	if err != nil || s.Reveal() != want {
		t.Fatalf("get: %q, %v, not %q", s.Reveal(), err, want)
	}
}

func is(t *testing.T, v *vault.Vault, kind vault.Kind) {
	t.Helper()
	begin := time.Now()
	if s := v.Probe(t.Context()); s.Kind != kind || s != v.State() {
		t.Fatalf("probe: %+v, not %s", s, kind)
	}
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("probe took %s", took)
	}
}

func TestG0_Unlocked(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		is(t, v, vault.Available)
		if _, err := v.Get(t.Context(), key); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("get of nothing: %v", err)
		}
		set(t, v, canary)
		get(t, v, canary)
		set(t, v, "another") // in its place
		get(t, v, "another")
		other := vault.Key("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "passphrase")
		if err := v.Set(t.Context(), other, secret.New("x")); err != nil {
			t.Error(err)
		}
		if n := len(k.Items()); n != 2 {
			t.Errorf("%d items", n)
		}
		for range 2 { // the second time it is gone already
			if err := v.Delete(t.Context(), key); err != nil {
				t.Error(err)
			}
		}
		if _, err := v.Get(t.Context(), key); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("get of what was deleted: %v", err)
		}
		if n := len(k.Items()); n != 1 {
			t.Errorf("%d items are left", n)
		}
	})
}

func TestG1_NoBus(t *testing.T) {
	in(t, keyringtest.NoBus, func(_ *keyringtest.Keyring, v *vault.Vault) {
		is(t, v, vault.Unavailable)
		refuses(t, v, vault.Unavailable, "no session bus", 100*time.Millisecond)
	})
}

func TestG2_NoService(t *testing.T) {
	in(t, keyringtest.NoService, func(_ *keyringtest.Keyring, v *vault.Vault) {
		is(t, v, vault.Unavailable)
		refuses(t, v, vault.Unavailable, "No keyring is running", time.Second)
	})
}

// TestG3_DeadBus comes this far at all: the keyring library would hang before main.
func TestG3_DeadBus(t *testing.T) {
	in(t, keyringtest.DeadBus, func(_ *keyringtest.Keyring, v *vault.Vault) {
		is(t, v, vault.Unresponsive)
		refuses(t, v, vault.Unresponsive, "did not answer when Tusk started", 100*time.Millisecond)
	})
}

func TestG4_LockedWithoutDisplay(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		k.Lock()
		is(t, v, vault.Locked)
		refuses(t, v, vault.Locked, "locked", 5*time.Second)
		k.Unlock()
		get(t, v, canary)
	})
}

func TestG5_PromptIgnored(t *testing.T) {
	in(t, keyringtest.Display, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		k.Lock()
		v.Limit(time.Second, 3*time.Second)
		begin := time.Now()
		_, err := v.Get(t.Context(), key)
		if took := time.Since(begin); apperr.KindOf(err) != apperr.Secret || took < 3*time.Second || took > 5*time.Second {
			t.Errorf("nobody answered for %s: %v", took, err)
		}
		if s := v.State(); s.Kind != vault.Locked || !strings.Contains(s.Reason, "nobody answered") {
			t.Errorf("state %+v", s)
		}
		k.Silent() // the question does not stay
		// And when the person types the password here instead.
		v.Limit(time.Second, time.Minute)
		ctx, stop := context.WithCancel(t.Context())
		got := make(chan error)
		go func() { _, err := v.Get(ctx, key); got <- err }()
		k.Asked()
		begin = time.Now()
		stop()
		if err := <-got; apperr.KindOf(err) != apperr.Cancelled || time.Since(begin) > 2*time.Second {
			t.Errorf("stopping took %s: %v", time.Since(begin), err)
		}
		k.Silent()
	})
}

func TestG6_PromptDismissed(t *testing.T) {
	in(t, keyringtest.Display, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		for name, op := range map[string]func() error{
			"get": func() error { _, err := v.Get(t.Context(), key); return err },
			"set": func() error { return v.Set(t.Context(), key, secret.New("other")) },
		} {
			k.Lock()
			done := make(chan error)
			go func() { done <- op() }()
			k.Asked()
			k.Dismiss()
			if err := <-done; apperr.KindOf(err) != apperr.Secret || !strings.Contains(err.Error(), "locked") {
				t.Errorf("%s: %v", name, err)
			}
			if s := v.State(); s.Kind != vault.Locked || !strings.Contains(s.Reason, "dismissed") {
				t.Errorf("after %s: %+v", name, s)
			}
			k.Silent()
		}
		// Asked again, and answered.
		done := make(chan error)
		go func() { _, err := v.Get(t.Context(), key); done <- err }()
		k.Asked()
		k.Answer()
		if err := <-done; err != nil {
			t.Error(err)
		}
		get(t, v, canary)
	})
}

func TestG7_DaemonStopped(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		k.Stop()
		is(t, v, vault.Unresponsive)
		refuses(t, v, vault.Unresponsive, "does not answer", 2*time.Second)
		k.Continue()
		is(t, v, vault.Available)
		get(t, v, canary)
	})
}

// TestG7_DaemonStoppedMeanwhile stops the keyring at any moment of an operation, more often than operations may hang.
func TestG7_DaemonStoppedMeanwhile(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		v.Limit(300*time.Millisecond, time.Minute)
		for i := range 8 {
			done := make(chan error)
			go func() { _, err := v.Get(t.Context(), key); done <- err }()
			time.Sleep(time.Duration(i) * time.Millisecond)
			k.Stop()
			begin := time.Now()
			if err := <-done; err != nil && apperr.KindOf(err) != apperr.Secret {
				t.Error(err)
			}
			if took := time.Since(begin); took > 4*time.Second {
				t.Errorf("stopped after %d ms: %s", i, took)
			}
			k.Continue()
		}
		for deadline := time.Now().Add(5 * time.Second); v.Probe(t.Context()).Kind != vault.Available && time.Now().Before(deadline); {
			time.Sleep(20 * time.Millisecond)
		}
		get(t, v, canary)
	})
}

func TestG8_DaemonKilled(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		get(t, v, canary)
		k.Kill()
		is(t, v, vault.Locked) // the bus has started another
		refuses(t, v, vault.Locked, "locked", 5*time.Second)
		k.Unlock()
		get(t, v, canary)
		set(t, v, "another")
	})
}

func TestG9_DeletedOutside(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		k.Empty()
		if _, err := v.Get(t.Context(), key); !errors.Is(err, vault.ErrMissing) {
			t.Errorf("get: %v", err)
		}
		if err := v.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
		is(t, v, vault.Available)
	})
}

func TestG10_ChangedOutside(t *testing.T) {
	in(t, keyringtest.Unlocked, func(_ *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		set(t, vault.New(nil), "changed")
		get(t, v, "changed") // nothing is remembered beside the store
	})
}

func TestG11_TooLong(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		longest := strings.Repeat("é", vault.MaxSecret/2)
		set(t, v, longest)
		err := v.Set(t.Context(), key, secret.New(longest+"x"))
		if apperr.KindOf(err) != apperr.Usage || !strings.Contains(err.Error(), "2001 bytes") {
			t.Errorf("set: %v", err)
		}
		get(t, v, longest)
	})
}

func TestG12_TwoInstances(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		var all sync.WaitGroup
		for i := range 4 { // each has its turn by itself, as processes do
			all.Go(func() {
				v := vault.New(nil)
				for n := range 10 {
					// Somebody else's value may be read back: then it is said, and nothing is broken.
					if err := v.Set(context.Background(), key, secret.New(fmt.Sprint(i, n))); err != nil && apperr.KindOf(err) != apperr.Secret {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if n := len(k.Items()); n != 1 {
			t.Errorf("%d items under one key", n)
		}
		set(t, v, canary)
		get(t, v, canary)
	})
}

func TestG13_OddPasswords(t *testing.T) {
	in(t, keyringtest.Unlocked, func(_ *keyringtest.Keyring, v *vault.Vault) {
		for _, text := range []string{"pässwörd 日本語 🐘", "\x01\x7f\xff\xfe", "'\"\\\n\r\t", " "} {
			set(t, v, text)
			get(t, v, text)
		}
		for _, text := range []string{"", "a\x00b"} {
			if err := v.Set(t.Context(), key, secret.New(text)); apperr.KindOf(err) != apperr.Usage {
				t.Errorf("%q: %v", text, err)
			}
		}
		get(t, v, " ")
		for _, id := range []string{"a\x00b", "../../x", strings.Repeat("x", 5000), ""} {
			k := vault.Key(id, "password")
			if err := v.Set(t.Context(), k, secret.New(id+"!")); id != "a\x00b" && len(id) < 2000 && err != nil {
				t.Errorf("%q as %s: %v", id, k, err)
			}
		}
		if _, err := v.Get(t.Context(), "a\x00b"); apperr.KindOf(err) != apperr.Internal {
			t.Errorf("a bad key: %v", err)
		}
		get(t, v, " ") // the link to the bus has survived
	})
}

func TestG14_UnlockedLater(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, _ *vault.Vault) {
		var told []vault.Kind
		v := vault.New(func(s vault.State) { told = append(told, s.Kind) })
		k.Lock()
		if err := v.Set(t.Context(), key, secret.New(canary)); apperr.KindOf(err) != apperr.Secret {
			t.Errorf("set: %v", err)
		}
		k.Unlock()
		is(t, v, vault.Available)
		set(t, v, canary)
		get(t, v, canary)
		if len(told) < 2 || told[0] != vault.Locked || told[len(told)-1] != vault.Available {
			t.Errorf("told %v", told)
		}
	})
}

func TestG15_DeletedWhileLocked(t *testing.T) {
	in(t, keyringtest.Unlocked, func(k *keyringtest.Keyring, v *vault.Vault) {
		set(t, v, canary)
		k.Lock()
		if err := v.Delete(t.Context(), key); apperr.KindOf(err) != apperr.Secret {
			t.Errorf("delete: %v", err)
		}
		k.Unlock()
		get(t, v, canary) // so it has to be tried again
		if err := v.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
		if n := len(k.Items()); n != 0 {
			t.Errorf("%d items are left", n)
		}
	})
}
