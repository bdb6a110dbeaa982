// Browserhost serves the page to a browser over the same bound structs, for end-to-end tests and for working on the
// page. It is never shipped: it listens on loopback, and every call needs the token in the address it prints.
//
// Beside what the page calls, GET /api/clipboard tells what was copied, and POST /api/close is the window's close button.
// "browserhost server" is another thing altogether: a private PostgreSQL for the tests, see server.go.
package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/localpg"
)

func main() {
	localpg.KeeperMain()
	do := run
	if len(os.Args) > 1 && os.Args[1] == serverVerb {
		do = serve
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "browserhost:", err)
		os.Exit(1)
	}
}

func run() error {
	addr := flag.String("addr", "127.0.0.1:0", "where to listen; loopback only")
	dist := flag.String("dist", "frontend/dist", "the built page")
	data := flag.String("data-dir", "", "data directory; a temporary one when empty")
	token := flag.String("token", "", "the token of calls; a random one when empty")
	file := flag.String("file", "", "put this text in the first tab, as tusk FILE does")
	flag.Parse()
	if host, _, err := net.SplitHostPort(*addr); err != nil || !net.ParseIP(host).IsLoopback() {
		return fmt.Errorf("%s is not on loopback", *addr)
	}
	if *token == "" {
		*token = rand.Text()
	}
	if *data == "" {
		dir, err := os.MkdirTemp("", "tuskhost")
		if err != nil {
			return fmt.Errorf("make data directory: %w", err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		*data = dir
	}
	var prefill backend.Prefill
	if *file != "" {
		prefill.Name, prefill.Text = "prefilled.sql", *file
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	page := &browser{token: *token, quit: stop, listeners: map[chan []byte]struct{}{}}
	state := backend.New(backend.Config{Version: "browserhost", DataDir: *data, LogLevel: "debug", Desktop: page, Prefill: prefill})
	state.Open()
	defer state.Close()
	page.structs = map[string]reflect.Value{}
	for _, s := range state.Bound() {
		v := reflect.ValueOf(s)
		page.structs[v.Elem().Type().Name()] = v
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/call/{method}", page.guard(page.call))
	mux.HandleFunc("GET /api/events", page.guard(page.events))
	mux.HandleFunc("GET /api/clipboard", page.guard(page.readClipboard))
	mux.HandleFunc("POST /api/close", page.guard(func(w http.ResponseWriter, _ *http.Request) {
		if state.MayClose() {
			state.Leave(2 * time.Second)
			stop()
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	mux.Handle("/", http.FileServer(http.Dir(*dist)))
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := &http.Server{Handler: backend.Secure(mux), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		answered, stop := context.WithTimeout(context.Background(), 300*time.Millisecond) // of events there is no end
		defer stop()
		_ = server.Shutdown(answered)
		_ = server.Close()
	}()
	fmt.Printf("http://%s/?token=%s\n", l.Addr(), *token)
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// browser is the Desktop of pages in a browser.
type browser struct {
	token   string
	quit    func()
	structs map[string]reflect.Value

	mu        sync.Mutex // guards what follows
	listeners map[chan []byte]struct{}
	clipboard string
}

func (b *browser) guard(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		given := r.Header.Get("X-Tusk-Token")
		if given == "" {
			given = r.URL.Query().Get("token")
		}
		if subtle.ConstantTimeCompare([]byte(given), []byte(b.token)) != 1 {
			http.Error(w, "no token", http.StatusForbidden)
			return
		}
		next(w, r)
	}
}

// call runs Struct.Method with a JSON array of arguments, as Wails would.
func (b *browser) call(w http.ResponseWriter, r *http.Request) {
	name, method, _ := strings.Cut(r.PathValue("method"), ".")
	s, ok := b.structs[name]
	if !ok || !s.MethodByName(method).IsValid() {
		http.NotFound(w, r)
		return
	}
	m := s.MethodByName(method)
	var raw []json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&raw); err != nil || len(raw) != m.Type().NumIn() {
		http.Error(w, "arguments do not fit", http.StatusBadRequest)
		return
	}
	in := make([]reflect.Value, len(raw))
	for i := range raw {
		p := reflect.New(m.Type().In(i))
		if err := json.Unmarshal(raw[i], p.Interface()); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		in[i] = p.Elem()
	}
	out := m.Call(in)
	answer := map[string]any{}
	if err, failed := out[len(out)-1].Interface().(error); failed {
		answer["error"] = apperr.From(err)
	} else if len(out) == 2 {
		answer["result"] = out[0].Interface()
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		fmt.Fprintln(os.Stderr, "browserhost: answer:", err)
	}
}

// events streams events as EventSource reads them.
func (b *browser) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "no streaming", http.StatusInternalServerError)
		return
	}
	c := make(chan []byte, 1024)
	b.mu.Lock()
	b.listeners[c] = struct{}{}
	b.mu.Unlock()
	defer func() {
		b.mu.Lock()
		delete(b.listeners, c)
		b.mu.Unlock()
	}()
	_, _ = fmt.Fprint(w, ": open\n\n")
	flusher.Flush()
	for {
		select {
		case m := <-c:
			if _, err := fmt.Fprintf(w, "data: %s\n\n", m); err != nil {
				return
			}
			flusher.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func (b *browser) readClipboard(w http.ResponseWriter, _ *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, _ = fmt.Fprint(w, b.clipboard)
}

func (b *browser) Emit(event string, payload any) {
	m, err := json.Marshal(map[string]any{"name": event, "data": payload})
	if err != nil {
		fmt.Fprintln(os.Stderr, "browserhost: event:", err)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.listeners {
		select {
		case c <- m:
		default: // a page that does not read
		}
	}
}

func (b *browser) SetClipboard(text string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clipboard = text
	return nil
}

func (b *browser) ChooseFile(string) (string, error)              { return "", nil }
func (b *browser) ChooseSave(backend.SaveRequest) (string, error) { return "", nil }
func (b *browser) ChooseFolder(string) (string, error)            { return "", nil }
func (b *browser) OpenURL(string) error                           { return nil }
func (b *browser) OpenFolder(string) error                        { return nil }
func (b *browser) Notify(string, string) error                    { return nil }
func (b *browser) Geometry() (backend.Geometry, bool)             { return backend.Geometry{}, false }
func (b *browser) Raise()                                         {}
func (b *browser) Quit()                                          { b.quit() }
