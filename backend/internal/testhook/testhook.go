//go:build testhook

// Package testhook lets a test drive the real window: it runs JavaScript in it and answers with what that returns.
//
// It exists only under the build tag testhook, listens only on the Unix socket TUSK_TEST_SOCKET names, and knows no
// Wails: main hands it the function that runs JavaScript. One line in, a JSON string with the body of an async function;
// one line out, {"ok":…} or {"err":…}.
package testhook

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// Hook is bound to the page under this build tag, so that answers can come back.
type Hook struct {
	mu   sync.Mutex // guards what follows
	n    int
	wait map[string]chan string
}

// Answer is what the page hands back.
type Answer struct {
	ID   string `json:"id"`
	JSON string `json:"json"`
}

// Return is called by the page.
func (h *Hook) Return(a Answer) error {
	h.mu.Lock()
	c := h.wait[a.ID]
	delete(h.wait, a.ID)
	h.mu.Unlock()
	if c != nil {
		c <- a.JSON
	}
	return nil
}

// answerLimit is how long a test's script may take.
const answerLimit = 60 * time.Second

// Listen serves tests until the process ends. run executes JavaScript in the page.
func (h *Hook) Listen(run func(js string)) error {
	path := os.Getenv("TUSK_TEST_SOCKET")
	if path == "" {
		return nil
	}
	_ = os.Remove(path)
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("listen for tests: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("close the test socket to others: %w", err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go h.serve(c, run)
		}
	}()
	return nil
}

func (h *Hook) serve(c net.Conn, run func(js string)) {
	defer func() { _ = c.Close() }()
	lines := bufio.NewScanner(c)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var body string
		if err := json.Unmarshal(lines.Bytes(), &body); err != nil {
			_, _ = fmt.Fprintln(c, `{"err":"the line is no JSON string"}`)
			continue
		}
		h.mu.Lock()
		h.n++
		id, answer := strconv.Itoa(h.n), make(chan string, 1)
		if h.wait == nil {
			h.wait = map[string]chan string{}
		}
		h.wait[id] = answer
		h.mu.Unlock()
		run(fmt.Sprintf(`(async () => {
  let out
  try { const v = await (async () => {%s
  })(); out = { ok: v === undefined ? null : v } } catch (e) { out = { err: String((e && e.stack) || e) } }
  window.go.testhook.Hook.Return({ id: %q, json: JSON.stringify(out) })
})()`, body, id))
		select {
		case v := <-answer:
			_, _ = fmt.Fprintln(c, v)
		case <-time.After(answerLimit):
			_, _ = fmt.Fprintln(c, `{"err":"no answer"}`)
		}
	}
}
