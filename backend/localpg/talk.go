package localpg

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
)

// accept lets users in until the listener is closed.
func (k *keeper) accept(l net.Listener, talks *sync.WaitGroup) {
	for {
		con, err := l.Accept()
		if err != nil {
			k.end() // closed, or out of files: without an ear the keeper is of no use
			return
		}
		talks.Go(func() {
			defer func() { _ = con.Close() }()
			k.talk(con)
		})
	}
}

// talk answers one connection. It returns when the user is gone or the server has stopped.
func (k *keeper) talk(con net.Conn) {
	in := bufio.NewReader(con)
	if con.SetReadDeadline(time.Now().Add(firstUser)) != nil {
		return
	}
	line, err := in.ReadBytes('\n')
	var req request
	if err != nil || json.Unmarshal(line, &req) != nil || con.SetReadDeadline(time.Time{}) != nil {
		return
	}
	out := json.NewEncoder(con)
	send := func(r reply) { _ = out.Encode(r) } // a user that is gone shows when it is read from
	switch req.Op {
	case "use":
		if k.enter() {
			defer k.leave(1)
			k.use(in, req, send)
		}
	case "status":
		send(reply{Status: k.status()})
	case "pin":
		k.mu.Lock()
		k.pinned = true
		k.mu.Unlock()
		send(reply{Status: k.status()})
	case "stop":
		k.mu.Lock()
		k.pinned = false
		stay := k.users > 0 && !req.Force
		k.mu.Unlock()
		if stay {
			send(reply{Status: k.status()})
			return
		}
		k.end()
		<-k.stopped
		send(reply{Status: &Status{Log: k.places.log}})
	}
}

// use tells a user how to connect and returns when the user is gone or the keeper ends.
func (k *keeper) use(in io.Reader, req request, send func(reply)) {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_, _ = io.Copy(io.Discard, in) // ends with the user's process, or when talk closes the connection
	}()
	for {
		k.mu.Lock()
		stage, news := k.stage, k.news
		k.mu.Unlock()
		select {
		case <-k.started:
		default:
			if stage != "" {
				send(reply{Stage: stage})
			}
			select {
			case <-news:
				continue
			case <-k.started:
			case <-gone:
				return
			}
		}
		break
	}
	switch {
	case k.startErr != nil:
		send(reply{Error: k.startErr})
		return
	case req.TCP && !k.tcp():
		send(reply{Error: apperr.E(apperr.Config, "The sample's server runs without TCP.",
			apperr.Hint("It is in use as it is. Stop it, then ask for TCP again: tusk sample stop."))})
		return
	}
	send(reply{Settings: k.cluster.Settings("postgres"), Status: k.status()})
	select {
	case <-gone:
	case <-k.stopped:
	}
}

// enter counts a user in, unless the keeper is ending.
func (k *keeper) enter() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	select {
	case <-k.quit:
		return false
	default:
	}
	k.users++
	return true
}

// leave counts n users out; without any the keeper ends.
func (k *keeper) leave(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.users -= n
	if k.users == 0 && !k.pinned {
		k.end()
	}
}
