package backend

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"desktop.tusk/backend/store"
)

// StoreHealth tells about the saved connections and preferences.
type StoreHealth struct {
	Path string `json:"path"`
	OK   bool   `json:"ok"` // changes are saved
	// Memory says that changes last for this run only.
	Memory bool   `json:"memory"`
	Says   string `json:"says"` // the state in words
	// Recovery says in words what was repaired in this run, with counts and the copy's place; "" when nothing was.
	Recovery   string `json:"recovery"`
	Backup     string `json:"backup"`     // the copy of the damaged file; "" when there is none
	Generation int    `json:"generation"` // of the last change
}

// PathRequest names a file of the person's.
type PathRequest struct {
	Path string `json:"path"`
}

// StorePath is where the saved connections and preferences of a data directory are.
func StorePath(dataDir string) string { return filepath.Join(dataDir, "tusk.db") }

// openStore opens the store. Whatever is wrong, it can be used.
func (a *AppState) openStore() {
	var err error
	a.store, _, err = store.Open(a.dir(), store.Options{Changed: a.storeChanged})
	if err != nil {
		a.log.Warn().Err(err).Msg("store in memory")
	}
}

// storeChanged is called by the store in the middle of an operation. The window is told of what the person is told.
func (a *AppState) storeChanged(s store.State) {
	a.mu.Lock()
	before := healthOf(a.kept)
	a.kept = s
	a.mu.Unlock()
	now := healthOf(s)
	before.Generation = now.Generation
	if now == before {
		return
	}
	if now.Recovery != before.Recovery {
		a.log.Warn().Str("what", s.Recovery.What).Str("backup", s.Recovery.Backup).Bool("atLeast", s.Recovery.AtLeast).Msg("store repaired")
	}
	select {
	case <-a.open:
		a.config.Desktop.Emit(EventStore, now)
	default: // the window asks when it begins
	}
}

func (a *AppState) storeHealth() StoreHealth {
	a.mu.Lock()
	defer a.mu.Unlock()
	return healthOf(a.kept)
}

func healthOf(s store.State) StoreHealth {
	h := StoreHealth{Path: s.Path, Memory: s.Memory, OK: !s.Memory && !s.ReadOnly, Generation: int(s.Generation), Backup: s.Recovery.Backup, Says: "Changes are saved."}
	switch {
	case s.Memory:
		h.Says = "Connections and preferences are kept for this run only, because they cannot be saved: " + s.Why
	case s.ReadOnly:
		h.Says = s.Why
	case s.Warning != "":
		h.Says = "Changes are saved. " + s.Warning
	}
	h.Recovery = recoveryWords(s.Recovery)
	return h
}

// warnings are what the person is told of it.
func (h StoreHealth) warnings() (list []string) {
	if !h.OK || h.Says != "Changes are saved." {
		list = append(list, h.Says)
	}
	if h.Recovery != "" {
		list = append(list, h.Recovery)
	}
	return list
}

// recoveryWords tells about a repair in sentences.
func recoveryWords(r store.Recovery) string {
	if r.What != "repaired" && r.What != "rescued" {
		return ""
	}
	what := "The file of saved connections and preferences was damaged (" + r.Reason + ")."
	switch {
	case r.What == "rescued":
		what = "The file of saved connections and preferences cannot be used."
	case r.Backup == "":
		what = "The file of saved connections and preferences was missing."
	}
	var parts []string
	for _, c := range []struct{ name, one, many string }{
		{"profiles", "connection", "connections"}, {"preferences", "set of preferences", "sets of preferences"},
	} {
		switch n := r.Counts[c.name]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+c.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, c.many))
		}
	}
	found := strings.Join(parts, " and ")
	switch {
	case found == "" && r.AsOf.IsZero():
		what += " Nothing in it could be read, so Tusk starts with its defaults."
	case found == "":
		what += " Nothing was saved in its last snapshot."
	case r.AsOf.IsZero():
		what += " Read from what is left of it: at least " + found + "."
	case r.AtLeast:
		what += fmt.Sprintf(" Restored from the snapshot of %s and later changes: at least %s.", r.AsOf.Local().Format(time.DateTime), found)
	default:
		what += fmt.Sprintf(" Restored as of %s: %s.", r.AsOf.Local().Format(time.DateTime), found)
	}
	if r.Backup != "" {
		what += " The damaged file is kept as " + r.Backup + "."
	}
	return what
}

// Backup writes a copy of the saved connections and preferences, and tells where; without a path, into the data
// directory under a name with the time. Nothing is overwritten. Errors: file, storage.
func (s *System) Backup(req PathRequest) (c Chosen, err error) {
	defer s.state.guard("system.backup", &err)()
	if req.Path == "" {
		req.Path = filepath.Join(s.state.dir(), "tusk-backup-"+time.Now().Format("20060102-150405")+".db")
	}
	return Chosen(req), s.state.store.Backup(req.Path)
}

// Repair looks at the saved connections and preferences again, repairs what is damaged, and saves what was kept in
// memory if that is possible now. Errors: storage.
func (s *System) Repair() (h StoreHealth, err error) {
	defer s.state.guard("system.repair", &err)()
	_, err = s.state.store.Repair()
	return s.state.storeHealth(), err
}
