package backend

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

// DataPlace is the directory that Tusk keeps its things in.
type DataPlace struct {
	Dir string `json:"dir"`
	// Problem says in one sentence why nothing can be kept there; "" when all is well.
	Problem string `json:"problem"`
}

// dir is the data directory.
func (a *AppState) dir() string { return *a.dataDir.Load() }

func (a *AppState) place() DataPlace {
	a.mu.Lock()
	defer a.mu.Unlock()
	return DataPlace{Dir: a.dir(), Problem: a.placeNo}
}

// tryDataDir makes a directory and tries whether files can be made in it. Its error is the system's, in a few words.
func tryDataDir(dir string) error {
	if err := MakeDataDir(dir); err != nil {
		return plainly(err)
	}
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return plainly(err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// plainly leaves out what the system was asked, and of what: a sentence around it says so.
func plainly(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

func unkept(dir string, why error) string {
	return fmt.Sprintf("Nothing can be kept in %s: %s.", dir, why)
}

// UseDataDir keeps everything in another directory, for this run; without a path it tries the one that was meant again.
// It is for a data directory that cannot be used: what was set and typed so far is saved in the new one. Errors: usage
// (the directory is fine), storage.
func (s *System) UseDataDir(req PathRequest) (p DataPlace, err error) {
	defer s.state.guard("system.useDataDir", &err)()
	a := s.state
	a.moving.Lock()
	defer a.moving.Unlock()
	now := a.place()
	if now.Problem == "" {
		return now, apperr.E(apperr.Usage, "Everything is kept in "+now.Dir+" already.", apperr.Hint("Start Tusk with --data-dir to use another directory."))
	}
	if req.Path == "" {
		req.Path = now.Dir
	}
	if err := tryDataDir(req.Path); err != nil {
		return now, apperr.E(apperr.Storage, unkept(req.Path, err), apperr.Hint("Choose a directory that you may write to."), apperr.Cause(err))
	}
	a.log.MoveTo(filepath.Join(req.Path, "logs"))
	if err := a.store.MoveTo(req.Path); err != nil {
		return now, err
	}
	a.dataDir.Store(&req.Path)
	a.mu.Lock()
	a.placeNo = ""
	a.mu.Unlock()
	a.spoolAside.Store(false)
	a.history.Store(a.journal())
	a.openDesk()
	if prefs, err := a.savedPreferences(); err == nil {
		if err := a.keepResultsIn(prefs.ResultsDir); err != nil {
			a.log.Warn().Err(err).Msg("results stay where they are")
		}
		a.prefer(prefs)
	}
	a.log.Info().Str("dir", req.Path).Msg("data directory")
	return a.place(), nil
}

// openPlace looks whether the data directory can be used. Where it cannot, everything is kept in memory, and the person
// is told of that alone.
func (a *AppState) openPlace() {
	if err := tryDataDir(a.dir()); err != nil {
		a.placeNo = unkept(a.dir(), err)
	}
}

// desk is where what lies open is kept; nil, and why, when it cannot be.
func (a *AppState) desk() (*store.Desk, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.deskNow, a.deskNo
}
