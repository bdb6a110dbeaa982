package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/localpg"
)

type healthCmd struct {
	JSON bool `name:"json" help:"The object the window's health panel gets."`
}

// Run opens the state as the window would, looks, and closes it.
func (c *healthCmd) Run(e *env) error {
	return e.withState(func(s *backend.AppState) error { return c.tell(e, s) })
}

func (c *healthCmd) tell(e *env, s *backend.AppState) error {
	if _, err := s.System().CheckSecrets(); err != nil {
		return err
	}
	h, err := s.System().Health()
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		return enc.Encode(h)
	}
	log := h.Log.Path + ", level " + h.Log.Level
	if !h.Log.OK {
		log = "not written: " + h.Log.Note
	}
	passwords := "kept in " + h.Secrets.Store
	if h.Secrets.State != "available" {
		passwords = strings.TrimSpace(h.Secrets.Reason + " " + h.Secrets.Remedy)
	}
	fmt.Fprintf(e.out, "version    %s (%s)\ndata       %s\nsaved      %s %s\npasswords  %s\nlog        %s\nresults    %s, %.1f GB free\n", h.Version, h.GoVersion, h.DataDir, h.Store.Path+":", h.Store.Says, passwords, log, h.Spool.Dir, float64(h.Spool.Free)/(1<<30))
	for _, w := range h.Warnings {
		e.line("warning", w)
	}
	if len(h.Warnings) > 0 {
		return exitCode(exitFile)
	}
	return nil
}

type sampleCmd struct {
	Start  sampleStart  `cmd:"" help:"Start it, and keep it up until tusk sample stop."`
	Status sampleStatus `cmd:"" help:"Tell whether it runs, for whom, and where its log is."`
	URL    sampleURL    `cmd:"" name:"url" help:"Start it and print its URL."`
	Stop   sampleStop   `cmd:"" help:"Stop it when nobody uses it any more."`
	Reset  sampleReset  `cmd:"" help:"Stop it and remove all its data."`
}

// stage tells on standard error what takes its time.
func (e *env) stage(s string) { fmt.Fprintln(e.err, s+" …") }

type sampleStart struct {
	TCP bool `name:"tcp" help:"Listen on 127.0.0.1 too, with a password."`
}

// Run starts the server and pins it.
func (c *sampleStart) Run(e *env) error { return e.startSample(c.TCP) }

type sampleURL struct{}

// Run starts the server, pins it, and prints its URL: one that stops at once would be of no use.
func (sampleURL) Run(e *env) error { return e.startSample(false) }

func (e *env) startSample(tcp bool) error {
	ctx, stop := e.interruptible()
	defer stop()
	s, err := backend.StartSample(ctx, e.dataDir, tcp, e.stage)
	if err != nil {
		return err
	}
	defer s.Release()
	if err := s.Pin(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.out, s.URL(localpg.SampleDatabase))
	return err
}

type sampleStatus struct {
	JSON bool `name:"json" help:"As an object."`
}

// Run tells how the server is.
func (c *sampleStatus) Run(e *env) error {
	ctx, stop := e.interruptible()
	defer stop()
	st, err := localpg.StatusOf(ctx, backend.SampleDir(e.dataDir))
	if err != nil {
		return err
	}
	return e.status(st, c.JSON)
}

func (e *env) status(st localpg.Status, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.out).Encode(st)
	}
	if !st.Running {
		_, err := fmt.Fprintln(e.out, "not running")
		return err
	}
	_, err := fmt.Fprintf(e.out, "running: PostgreSQL %s, pid %d, %s, since %s\nlog: %s\n", st.Version, st.PID, apperr.Plural(st.Users, "user"), st.Started.Local().Format(time.DateTime), st.Log)
	return err
}

type sampleStop struct {
	Force bool `help:"Do not wait for those who use it: they lose their connections."`
}

// Run stops the server.
func (c *sampleStop) Run(e *env) error {
	ctx, stop := e.interruptible()
	defer stop()
	st, err := localpg.Stop(ctx, backend.SampleDir(e.dataDir), c.Force)
	if err != nil {
		return err
	}
	if st.Running {
		fmt.Fprintf(e.err, "It goes on until nobody uses it (%s now); --force does not wait.\n", apperr.Plural(st.Users, "user"))
	}
	return e.status(st, false)
}

type sampleReset struct {
	Force bool `help:"Although others use it: they lose their connections."`
}

// Run removes the server's data.
func (c *sampleReset) Run(e *env) error {
	ctx, stop := e.interruptible()
	defer stop()
	if err := localpg.Reset(ctx, backend.SampleDir(e.dataDir), c.Force); err != nil {
		return err
	}
	_, err := fmt.Fprintln(e.out, "The sample database is gone; it is made anew when it is opened.")
	return err
}
