package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/secret"
)

type doctorCmd struct {
	Target string `arg:"" optional:"" name:"URL" help:"Where to connect, as psql reads it: a URL, key=value pairs, a database's name; PG* variables and .pgpass count."`
	JSON   bool   `name:"json" help:"The object the window's connection form gets."`
}

// Run connects, tells of every stage on the way, and leaves. What it finds is its output: it goes to standard output,
// and the exit code says whether the way is free.
func (c *doctorCmd) Run(e *env) error {
	parsed, err := conn.CommandLine(c.Target, os.LookupEnv)
	if err != nil {
		return err
	}
	for _, n := range parsed.Notes {
		e.line("note", n)
	}
	ctx, stop := e.interruptible()
	defer stop()
	d, err := conn.Diagnose(ctx, parsed.Profile, secret.New(parsed.Password))
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		err = enc.Encode(d)
	} else {
		_, err = fmt.Fprint(e.out, diagnosis(d))
	}
	switch {
	case err != nil:
		return err
	case d.Error != nil:
		return exitCode(codeOf(d.Error))
	}
	return nil
}

// marks stand before a stage.
var marks = map[string]string{conn.StageOK: "ok", conn.StageFailed: "FAILED", conn.StageSkipped: "-", conn.StageUnreached: "-"}

// diagnosis writes one line a stage, and below the one that failed what was asked, what came back and what to do.
func diagnosis(d conn.Diagnosis) string {
	const indent = "                                   "
	var b strings.Builder
	for _, s := range d.Stages {
		says, took := s.Says, fmt.Sprintf("%.1f ms", float64(s.ElapsedUs)/1000)
		switch s.State {
		case conn.StageUnreached:
			says, took = "not reached", ""
		case conn.StageSkipped:
			took = ""
		}
		fmt.Fprintf(&b, "%-15s %-7s %10s %s\n", s.Label, marks[s.State], took, apperr.Plain(says))
		if s.State != conn.StageFailed {
			continue
		}
		for _, f := range s.Facts {
			fmt.Fprintf(&b, "%s%-10s %s\n", indent, f.Label, strings.ReplaceAll(apperr.Plain(f.Value), "\n", "\n"+indent+strings.Repeat(" ", 11)))
		}
		if d.Error.Hint != "" {
			fmt.Fprintf(&b, "%s%-10s %s\n", indent, "To do", d.Error.Hint)
		}
	}
	return b.String()
}
