package backend

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/load"
	"desktop.tusk/backend/secret"
)

// ImportFileRequest asks for a file to be imported without a window.
type ImportFileRequest struct {
	Profile  conn.Profile
	Password secret.Secret
	// Plan has no Columns: they go where their names say. Map says otherwise for some, by their name in the file; "" leaves one
	// out. Types are those of a new table's, by their name in it.
	Plan  ImportPlan
	Map   map[string]string
	Types map[string]string
	// Note is told what a person should know; Progress how far it is, ten times a second.
	Note     func(string)
	Progress func(ImportState)
}

// ImportFile connects, imports a file and disconnects. When ctx ends it is stopped, and nothing is kept. Errors: those of
// connecting, and of Imports.Begin and its job.
func (a *AppState) ImportFile(ctx context.Context, req ImportFileRequest) (s ImportState, err error) {
	f, err := intake.Open(req.Plan.Path, req.Plan.Options)
	if err != nil {
		return s, asError(err)
	}
	defer func() { _ = f.Close() }()
	for _, n := range f.Notes {
		req.Note(n)
	}
	if asked := req.Plan.Options; f.Options.Null != asked.Null && f.Options.Format != "copy" {
		req.Note(fmt.Sprintf("With --null '' %s is a text and an empty value NULL.", f.Options.Null))
	}
	if len(f.Unread) > 0 && req.Plan.Options.Sheet == "" {
		req.Note(fmt.Sprintf("Only the sheet %s is read, and not %s; --sheet names another.", f.Options.Sheet, strings.Join(f.Unread, ", ")))
	}
	pool, err := conn.Open(ctx, req.Profile, req.Password)
	if err != nil {
		return s, err
	}
	defer pool.Close()
	if req.Plan.Columns, err = req.columns(ctx, pool, f); err != nil {
		return s, err
	}
	req.Plan.Options = f.Options
	j, err := openImport(req.Plan)
	if err != nil {
		return s, err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		err = j.run(ctx, pool)
	}()
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			req.Progress(j.state(ExportRunning))
		case <-ended:
			s = j.state(ExportDone)
			s.Rows, s.Rejected, s.Skipped = int(j.report.Rows), int(j.report.Rejected), int(j.report.Skipped)
			return s, err
		}
	}
}

// columns says where each column of the file goes.
func (req ImportFileRequest) columns(ctx context.Context, pool *conn.Pool, f *intake.File) ([]ImportColumn, error) {
	var to, computed []string
	if req.Plan.Create {
		to = load.ColumnNames(f.Names())
	} else {
		c, err := pool.Connect(ctx, "import", nil)
		if err != nil {
			return nil, err
		}
		defer c.Retire()
		t, err := load.Find(ctx, c, req.Plan.Schema, req.Plan.Table)
		if err != nil {
			return nil, err
		}
		to = matches(f, t)
		for _, c := range t.Columns {
			if c.Generated {
				computed = append(computed, c.Name)
			}
		}
	}
	names := f.Names()
	for _, name := range slices.Sorted(maps.Keys(req.Map)) {
		i := slices.Index(names, name)
		if i < 0 {
			return nil, apperr.E(apperr.Usage, fmt.Sprintf("The file has no column %q.", name), apperr.Hint("It has "+strings.Join(names, ", ")+"."))
		}
		to[i] = req.Map[name]
	}
	out := make([]ImportColumn, len(to))
	types := maps.Clone(req.Types)
	for i, name := range to {
		if _, said := req.Map[names[i]]; name == "" && !said {
			if load.Match(names[i:i+1], computed)[0] != "" {
				req.Note(names[i] + " is left out: the server computes it.")
				continue
			}
			return nil, apperr.E(apperr.Usage, fmt.Sprintf("No column of %s is called as %q of the file.", req.Plan.Table, names[i]),
				apperr.Hint(fmt.Sprintf("Give --map '%s=COLUMN', or --map '%s=' to leave it out.", names[i], names[i])))
		}
		out[i] = ImportColumn{Name: name, Type: f.Columns[i].Type}
		if t, ok := types[name]; ok {
			out[i].Type = t
			delete(types, name)
		}
	}
	if left := slices.Sorted(maps.Keys(types)); len(left) > 0 {
		return nil, apperr.E(apperr.Usage, fmt.Sprintf("There is no column %q to give a type.", left[0]), apperr.Hint("Name it as the new table will."))
	}
	return out, nil
}
