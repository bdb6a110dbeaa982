package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/store"
)

type storeCmd struct {
	Path   storePath   `cmd:"" help:"Print where it is."`
	Check  storeCheck  `cmd:"" help:"Tell whether it is sound; nothing is changed."`
	Backup storeBackup `cmd:"" help:"Write a copy; nothing is overwritten."`
	Repair storeRepair `cmd:"" help:"Repair it if it is damaged, as the window does when it starts."`
}

type storePath struct{}

// Run prints the store's path.
func (storePath) Run(e *env) error {
	_, err := fmt.Fprintln(e.out, backend.StorePath(e.dataDir))
	return err
}

type storeCheck struct {
	JSON bool `name:"json" help:"As an object."`
}

// Run looks at the store. One that is damaged is told on standard error and by the exit code.
func (c *storeCheck) Run(e *env) error {
	r, err := store.Check(e.dataDir)
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(e.out).Encode(r); err != nil {
			return err
		}
	}
	if !r.Sound {
		return apperr.E(apperr.Storage, "The store "+r.Path+" is damaged: "+r.Reason+".", apperr.Hint("Run tusk store repair, or open Tusk: it keeps a copy of the file and restores what it can."))
	}
	if c.JSON {
		return nil
	}
	var held []string
	for _, name := range slices.Sorted(maps.Keys(r.Counts)) {
		held = append(held, fmt.Sprintf("%s %d", name, r.Counts[name]))
	}
	damaged := ""
	if r.Damaged > 0 {
		damaged = fmt.Sprintf(", %d more damaged", r.Damaged)
	}
	_, err = fmt.Fprintf(e.out, "sound: %s\nholds: %s\nsnapshots: %d%s\n", r.Path, or(strings.Join(held, ", "), "nothing yet"), r.Snapshots, damaged)
	return err
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

type storeBackup struct {
	File string `arg:"" optional:"" help:"Where to. Default: a name with the time, in the data directory." placeholder:"FILE"`
}

// Run writes a copy and prints its path.
func (c *storeBackup) Run(e *env) error {
	return e.withState(func(s *backend.AppState) error {
		to, err := s.System().Backup(backend.PathRequest{Path: c.File})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.out, to.Path)
		return err
	})
}

type storeRepair struct{}

// Run repairs the store and tells what was done.
func (storeRepair) Run(e *env) error {
	return e.withState(func(s *backend.AppState) error {
		h, err := s.System().Repair()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(e.out, or(h.Recovery, "Nothing was wrong with "+h.Path+"."))
		return err
	})
}

// withState opens the state as the window would, and closes it after f.
func (e *env) withState(f func(*backend.AppState) error) error {
	s := backend.New(backend.Config{Version: e.version, DataDir: e.dataDir, LogLevel: e.logLevel})
	s.Open()
	defer s.Close()
	return f(s)
}
