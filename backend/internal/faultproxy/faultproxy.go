// Package faultproxy stands between a client and a server and damages what passes, by a seed: the same seed does the
// same damage to the same bytes.
package faultproxy

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"time"
)

// Damage is what a connection suffers, in one of its two directions.
type Damage struct {
	Kind string // "none", "delay", "cut", "trickle", "flip", "double", "drop", "stall"
	// Reply says that the server's bytes suffer, not the client's.
	Reply bool
	// At is the byte the damage begins with, counted over the connection.
	At int
	// N is how many bytes it is about.
	N int
	// Connection is which of the connections it hits, from 0; the others pass unharmed.
	Connection int
}

func (d Damage) String() string {
	who := "the client's"
	if d.Reply {
		who = "the server's"
	}
	return fmt.Sprintf("%s %d of %s bytes from %d on, connection %d", d.Kind, d.N, who, d.At, d.Connection)
}

// Kinds are those of Damage.
var Kinds = []string{"none", "delay", "cut", "trickle", "flip", "double", "drop", "stall"}

// Traffic is about how many bytes pass over a connection.
type Traffic struct{ Client, Server int }

// Of draws a damage to one of the connections, in the order they are made.
func Of(seed uint64, connections []Traffic) Damage {
	r := rand.New(rand.NewPCG(seed, 0))
	d := Damage{Kind: Kinds[r.IntN(len(Kinds))], Reply: r.IntN(4) > 0, N: 1 << r.IntN(7), Connection: r.IntN(len(connections))}
	span := connections[d.Connection].Client
	if d.Reply {
		span = connections[d.Connection].Server
	}
	d.At = int(float64(span) * r.Float64() * r.Float64()) // the beginning holds the most kinds of messages
	return d
}

// Proxy relays to a server.
type Proxy struct {
	Port string

	damage  Damage
	seed    uint64
	network string
	address string
	l       net.Listener
	wg      sync.WaitGroup

	mu     sync.Mutex // guards what follows
	open   map[net.Conn]bool
	count  int
	closed bool
}

// Start listens on 127.0.0.1 and relays to the address.
func Start(network, address string, seed uint64, d Damage) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	p := &Proxy{damage: d, seed: seed, network: network, address: address, l: l, open: map[net.Conn]bool{}}
	_, p.Port, _ = net.SplitHostPort(l.Addr().String())
	p.wg.Go(p.accept)
	return p, nil
}

// Close ends every connection and waits for what runs.
func (p *Proxy) Close() {
	_ = p.l.Close()
	p.mu.Lock()
	p.closed = true
	for c := range p.open {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.wg.Wait()
}

func (p *Proxy) accept() {
	for {
		c, err := p.l.Accept()
		if err != nil {
			return
		}
		up, err := net.Dial(p.network, p.address)
		if err != nil {
			_ = c.Close()
			continue
		}
		p.mu.Lock()
		d := Damage{Kind: "none"}
		if p.count == p.damage.Connection {
			d = p.damage
		}
		p.count++
		p.open[c], p.open[up] = true, true
		if p.closed {
			_, _ = c.Close(), up.Close()
		}
		p.mu.Unlock()
		p.wg.Go(func() { p.relay(up, c, d, !d.Reply) })
		p.wg.Go(func() { p.relay(c, up, d, d.Reply) })
	}
}

var errCut = errors.New("cut")

// relay passes bytes on in one direction, until one side is done; then both are closed.
func (p *Proxy) relay(to, from net.Conn, d Damage, suffers bool) {
	defer func() {
		_, _ = to.Close(), from.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.open, to)
		delete(p.open, from)
	}()
	if !suffers {
		_, _ = io.Copy(to, from)
		return
	}
	m := &mutator{d: d, w: to, random: rand.New(rand.NewPCG(p.seed, 1))}
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if werr := m.write(buf[:n]); werr != nil || err != nil {
			return
		}
	}
}

// mutator does a damage to a stream.
type mutator struct {
	d      Damage
	w      io.Writer
	at     int // bytes that have come
	random *rand.Rand
}

func (m *mutator) write(p []byte) error {
	begin := m.d.At - m.at // of the damage, in p
	m.at += len(p)
	if begin >= len(p) || begin+m.d.N <= 0 && m.d.Kind != "trickle" && m.d.Kind != "stall" {
		return m.pass(p)
	}
	from, to := max(0, begin), min(len(p), max(0, begin+m.d.N))
	switch m.d.Kind {
	case "delay":
		if err := m.pass(p[:from]); err != nil {
			return err
		}
		time.Sleep(time.Duration(m.d.N) * 10 * time.Millisecond)
		return m.pass(p[from:])
	case "cut":
		_ = m.pass(p[:from])
		return errCut
	case "trickle":
		if err := m.pass(p[:from]); err != nil {
			return err
		}
		for i := range p[from:] {
			if err := m.pass(p[from+i : from+i+1]); err != nil {
				return err
			}
			if i < 200 {
				time.Sleep(time.Millisecond)
			}
		}
		return nil
	case "flip":
		for i := from; i < to; i++ {
			p[i] ^= 1 << m.random.IntN(8)
		}
	case "double":
		if err := m.pass(p[:to]); err != nil {
			return err
		}
		return m.pass(p[from:])
	case "drop":
		if err := m.pass(p[:from]); err != nil {
			return err
		}
		return m.pass(p[to:])
	case "stall": // what comes from here on goes nowhere, and the connection stands
		return m.pass(p[:from])
	}
	return m.pass(p)
}

func (m *mutator) pass(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	_, err := m.w.Write(p)
	return err
}
