package faultproxy_test

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"desktop.tusk/backend/internal/faultproxy"
)

// TestKinds sends bytes through a proxy of each kind and holds what arrives against what it says it does.
func TestKinds(t *testing.T) {
	t.Parallel()
	sent := make([]byte, 1000)
	for i := range sent {
		sent[i] = byte(i)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write(sent)
			_ = c.Close()
		}
	}()
	damaged := func(kind string, connection int) []byte {
		t.Helper()
		p, err := faultproxy.Start("tcp", l.Addr().String(), 1, faultproxy.Damage{Kind: kind, Reply: true, At: 100, N: 8, Connection: connection})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		c, err := net.Dial("tcp", "127.0.0.1:"+p.Port)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(c)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		return got
	}
	for kind, want := range map[string][]byte{
		"none": sent, "delay": sent, "trickle": sent, "cut": sent[:100], "stall": sent[:100],
		"drop":   append(bytes.Clone(sent[:100]), sent[108:]...),
		"double": append(bytes.Clone(sent[:108]), sent[100:]...),
	} {
		if got := damaged(kind, 0); !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes arrive, want %d", kind, len(got), len(want))
		}
		if got := damaged(kind, 1); !bytes.Equal(got, sent) {
			t.Errorf("%s hits a connection it is not for: %d bytes", kind, len(got))
		}
	}
	flipped := damaged("flip", 0)
	if again := damaged("flip", 0); !bytes.Equal(flipped, again) {
		t.Error("the same seed does another damage")
	}
	var changed []int
	for i := range min(len(flipped), len(sent)) {
		if flipped[i] != sent[i] {
			changed = append(changed, i)
		}
	}
	if len(flipped) != len(sent) || len(changed) != 8 || changed[0] != 100 || changed[7] != 107 {
		t.Errorf("flip changes %v of %d bytes", changed, len(flipped))
	}
}

func TestOf(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for seed := range uint64(200) {
		d := faultproxy.Of(seed, []faultproxy.Traffic{{Client: 10, Server: 100}, {Client: 20, Server: 200}})
		if d != faultproxy.Of(seed, []faultproxy.Traffic{{Client: 10, Server: 100}, {Client: 20, Server: 200}}) {
			t.Fatalf("seed %d draws two damages", seed)
		}
		if d.At >= 200 || !d.Reply && d.At >= 20 || d.N < 1 || d.Connection > 1 {
			t.Errorf("%+v", d)
		}
		kinds[d.Kind] = true
	}
	if len(kinds) != len(faultproxy.Kinds) {
		t.Errorf("only %v are drawn", kinds)
	}
}
