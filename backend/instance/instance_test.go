package instance_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"desktop.tusk/backend/instance"
)

// inbox takes what is handed over.
type inbox struct {
	sync.Mutex
	got []string
}

func (b *inbox) take(m []byte) {
	b.Lock()
	defer b.Unlock()
	b.got = append(b.got, string(m))
}

func TestSecondHandsOver(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long name ", 20)) // longer than a socket's path may be
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	first, err := instance.Claim(dir, []byte(`1`)) // its own message is its own affair
	if first == nil || err != nil {
		t.Fatalf("%v, %v", first, err)
	}
	var b inbox
	done := make(chan struct{})
	go func() { first.Serve(b.take); close(done) }()
	for _, m := range []string{`{"url":"postgres://x"}`, `2`} {
		if h, err := instance.Claim(dir, []byte(m)); h != nil || err != nil {
			t.Fatalf("%v, %v", h, err)
		}
	}
	if !slices.Equal(b.got, []string{`{"url":"postgres://x"}`, `2`}) {
		t.Errorf("%q", b.got)
	}
	for _, name := range []string{"window.lock", "window.json"} {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	<-done
	next, err := instance.Claim(dir, nil)
	if next == nil || err != nil {
		t.Fatalf("after the first ended: %v, %v", next, err)
	}
	_ = next.Close()
}

// Of many that start at once on a fresh profile one stays, and has the words of all others.
func TestH22_TenAtOnce(t *testing.T) {
	t.Parallel()
	for range 20 {
		dir := t.TempDir()
		var b inbox
		var mu sync.Mutex
		var holders []*instance.Holder
		var all, serving sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				h, err := instance.Claim(dir, fmt.Append(nil, i))
				if err != nil {
					t.Error(err)
				}
				if h == nil {
					return
				}
				mu.Lock()
				holders = append(holders, h)
				mu.Unlock()
				serving.Go(func() { h.Serve(b.take) })
			})
		}
		all.Wait()
		if len(holders) != 1 || len(b.got) != 9 {
			t.Fatalf("%d hold it, %q handed over", len(holders), b.got)
		}
		if err := holders[0].Close(); err != nil {
			t.Error(err)
		}
		serving.Wait()
	}
}

// What a killed holder left behind is no holder, and a port somebody else has taken since is asked in vain.
func TestLeftBehind(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	text, _ := json.Marshal(map[string]any{"port": l.Addr().(*net.TCPAddr).Port, "token": "x"})
	for _, name := range []string{"window.json", "window.lock"} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h, err := instance.Claim(dir, []byte(`0`))
	if h == nil || err != nil {
		t.Fatalf("%v, %v", h, err)
	}
	_ = h.Close()
}

// A holder that hangs is told of, so that the next one opens beside it; who does not know the token hands nothing over.
func TestHolderHangs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h, err := instance.Claim(dir, []byte(`0`))
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if next, err := instance.Claim(dir, []byte(`1`)); next != nil || !errors.Is(err, instance.ErrSilent) {
		t.Errorf("%v, %v", next, err)
	}
	var b inbox
	go h.Serve(b.take)
	text, err := os.ReadFile(filepath.Join(dir, "window.json"))
	if err != nil {
		t.Fatal(err)
	}
	var where struct {
		Port  int
		Token string
	}
	if err := json.Unmarshal(text, &where); err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{`"guess"` + "\n1", `""` + "\n1", "GET / HTTP/1.1\r\n\r\n"} {
		c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", where.Port))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write([]byte(said + "\n"))
		if n, _ := c.Read(make([]byte, 10)); n > 0 {
			t.Errorf("%q was answered", said)
		}
		_ = c.Close()
	}
	if len(b.got) > 0 {
		t.Errorf("taken: %q", b.got)
	}
}

func TestNoDirectory(t *testing.T) {
	t.Parallel()
	if h, err := instance.Claim(filepath.Join(t.TempDir(), "no"), nil); h != nil || err == nil || errors.Is(err, instance.ErrSilent) {
		t.Errorf("%v, %v", h, err)
	}
}
