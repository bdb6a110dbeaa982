package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
)

// Bootstrap gives all the window needs to draw itself.
func (s *System) Bootstrap() (b Startup, err error) {
	defer s.state.guard("system.bootstrap", &err)()
	a := s.state
	var profilesNo, preferencesNo error
	b.Profiles, profilesNo = a.savedProfiles()
	b.Preferences, preferencesNo = a.savedPreferences()
	b.Defaults = DefaultPreferences()
	b.Store = a.storeHealth() // after reading, which may repair
	a.mu.Lock()
	b.Warnings = append([]string{}, a.warnings...)
	a.mu.Unlock()
	if b.Place = a.place(); b.Place.Problem == "" {
		b.Warnings = append(b.Warnings, b.Store.warnings()...)
	}
	b.Warnings = append(b.Warnings, a.secretHealth().warnings()...)
	if err := cmp.Or(profilesNo, preferencesNo); err != nil {
		b.Warnings = append(b.Warnings, "Saved connections and preferences cannot be read now. "+apperr.From(err).Message)
	}
	b.Version, b.Platform, b.Options = a.config.Version, runtime.GOOS, conn.Options()
	a.prefilled.Do(func() { b.Prefill = a.config.Prefill }) // a page that is loaded again has it
	b.Prefill.SampleQuery = SampleQuery
	b.Environment = conn.EnvironmentNames(os.LookupEnv)
	return b, nil
}

// HandOver takes what another start of Tusk was asked to open: a Prefill in JSON. The page takes it from HandedOver, for
// it may not be listening yet. What is no Prefill only raises the window.
func (a *AppState) HandOver(message []byte) {
	var p Prefill
	if err := json.Unmarshal(message, &p); err == nil && p != (Prefill{}) {
		a.mu.Lock()
		a.handed = append(a.handed, p)
		a.mu.Unlock()
		a.config.Desktop.Emit(EventHandedOver, nil)
	}
	a.config.Desktop.Raise()
}

// HandedOver gives what other starts were asked to open since it was called last.
func (s *System) HandedOver() (h HandedOver, err error) {
	defer s.state.guard("system.handedOver", &err)()
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	h.Prefills, s.state.handed = append([]Prefill{}, s.state.handed...), nil
	return h, nil
}

// roundTripLimit is how long Health waits for each server.
const roundTripLimit = 2 * time.Second

// Health tells how the program is doing, and asks each server for a round trip.
func (s *System) Health() (h Health, err error) {
	defer s.state.guard("system.health", &err)()
	return s.state.health(), nil
}

func (a *AppState) health() Health {
	h := Health{
		Version: a.config.Version, GoVersion: runtime.Version(), UptimeMs: int(time.Since(a.began).Milliseconds()),
		DataDir: a.dir(), MemoryBytes: ownMemory(), Goroutines: runtime.NumGoroutine(), Connections: []ConnectionHealth{},
		Log: LogHealth{Path: a.log.Path(), Level: a.log.Level(), Note: a.log.Note(), OK: a.log.Note() == ""},
	}
	if a.spool != nil {
		n, bytes := a.spool.Usage()
		h.Spool = SpoolHealth{Dir: a.spool.Path(), Results: n, Bytes: int(bytes), Budget: int(a.spool.Budget()), Free: freeBytes(a.spool.Path())}
	}
	h.Store, h.Secrets = a.storeHealth(), a.secretHealth()
	a.mu.Lock()
	h.Warnings = append([]string{}, a.warnings...)
	if a.placeNo == "" {
		h.Warnings = append(h.Warnings, h.Store.warnings()...)
	} else {
		h.Warnings = append(h.Warnings, a.placeNo)
	}
	h.Warnings = append(h.Warnings, h.Secrets.warnings()...)
	h.Exports = len(a.exports)
	var pools []*conn.Pool
	for _, c := range a.connections {
		if c.pool != nil {
			pools = append(pools, c.pool)
			h.Connections = append(h.Connections, ConnectionHealth{Connection: c.public})
		}
	}
	a.mu.Unlock()
	var wg sync.WaitGroup
	for i, p := range pools {
		wg.Go(func() {
			ctx, stop := context.WithTimeout(a.ctx, roundTripLimit)
			defer stop()
			one := &h.Connections[i]
			one.RoundTripUs = -1
			if took, err := p.Ping(ctx); err == nil {
				one.RoundTripUs = int(took.Microseconds())
			}
			st := p.Stat()
			one.Open, one.Limit, one.Sessions, one.Holders = st.Open, st.Limit, st.Sessions, st.Holders
		})
	}
	wg.Wait()
	return h
}

// tailLines is how much of a log is shown.
const tailLines = 500

// Log gives the end of Tusk's log. Errors: file.
func (s *System) Log() (l LogTail, err error) {
	defer s.state.guard("system.log", &err)()
	lines, err := s.state.log.Tail(tailLines)
	if err != nil {
		return LogTail{}, apperr.E(apperr.File, "The log cannot be read.", apperr.Message(err.Error()), apperr.Cause(err))
	}
	return LogTail{Path: s.state.log.Path(), Lines: orEmpty(lines)}, nil
}

// OpenLogs shows the directory of the logs in the person's file manager. Errors: file.
func (s *System) OpenLogs() (err error) {
	defer s.state.guard("system.openLogs", &err)()
	dir := filepath.Dir(s.state.log.Path())
	if err := s.state.config.Desktop.OpenFolder(dir); err != nil {
		return apperr.E(apperr.File, "The directory of the logs cannot be shown.", apperr.Hint("It is "+dir+"."), apperr.Message(err.Error()), apperr.Cause(err))
	}
	return nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// Notify tells the person something while the window is not in front: title is one line. A desktop that has no
// notifications is no error of the person's, and is logged.
func (s *System) Notify(req NotifyRequest) (err error) {
	defer s.state.guard("system.notify", &err)()
	if err := s.state.config.Desktop.Notify(req.Title, req.Text); err != nil {
		s.state.log.Warn().Err(err).Msg("not notified")
	}
	return nil
}

// ChooseFile asks for an existing file; "" when the person cancels.
func (s *System) ChooseFile(req ChooseRequest) (c Chosen, err error) {
	defer s.state.guard("system.chooseFile", &err)()
	c.Path, err = s.state.config.Desktop.ChooseFile(req.Title)
	return c, err
}

// ChooseFolder asks for a directory; "" when the person cancels.
func (s *System) ChooseFolder(req ChooseRequest) (c Chosen, err error) {
	defer s.state.guard("system.chooseFolder", &err)()
	c.Path, err = s.state.config.Desktop.ChooseFolder(req.Title)
	return c, err
}

// ChooseSave asks for a file to write; "" when the person cancels, or there is no window to ask in.
func (s *System) ChooseSave(req SaveRequest) (c Chosen, err error) {
	defer s.state.guard("system.chooseSave", &err)()
	c.Path, err = s.state.config.Desktop.ChooseSave(req)
	return c, err
}

// SetClipboard puts a text into the clipboard.
func (s *System) SetClipboard(req TextRequest) (err error) {
	defer s.state.guard("system.setClipboard", &err)()
	return s.state.config.Desktop.SetClipboard(req.Text)
}

// OpenURL shows an address in the person's browser. Only addresses of the web, and without a password in them: a value
// of a table could name any other.
func (s *System) OpenURL(req TextRequest) (err error) {
	defer s.state.guard("system.openURL", &err)()
	u, err := url.Parse(req.Text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return apperr.E(apperr.Usage, "Tusk opens only http and https addresses, without a password in them.")
	}
	return s.state.config.Desktop.OpenURL(u.String())
}

// CloseWindow closes the window as its own button does: what would be lost is asked about first.
func (s *System) CloseWindow() (err error) {
	defer s.state.guard("system.closeWindow", &err)()
	s.state.config.Desktop.Quit()
	return nil
}

// Quit ends the program without asking again.
func (s *System) Quit() (err error) {
	defer s.state.guard("system.quit", &err)()
	s.state.mu.Lock()
	s.state.quitting = true
	s.state.mu.Unlock()
	s.state.config.Desktop.Quit()
	return nil
}

// MayClose tells whether the window may close now. If something would be lost it says no and has the page ask.
func (a *AppState) MayClose() bool {
	select {
	case <-a.open:
	default:
		return true
	}
	var ask Closing
	a.mu.Lock()
	quitting := a.quitting || a.closed
	ask.Exports, ask.Imports = len(a.exports), len(a.imports)
	for _, c := range a.connections {
		for _, s := range c.sessions {
			if s.Busy() {
				ask.Running++
			}
			if tx := s.TxStatus(); tx == 'T' || tx == 'E' {
				ask.Transactions++
			}
		}
	}
	a.mu.Unlock()
	if quitting || ask == (Closing{}) {
		return true
	}
	a.config.Desktop.Emit(EventClosing, ask)
	return false
}

// Contract exists so that the types of events and errors are generated for the page; it answers empty ones.
func (s *System) Contract() (c Contract, err error) {
	defer s.state.guard("system.contract", &err)()
	return c, nil
}
