package cli

import (
	"fmt"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/transfer"
)

type exportCmd struct {
	Args     []string          `arg:"" optional:"" name:"URL" help:"Where to connect, as for query."`
	Command  string            `short:"c" help:"The query whose rows are exported." placeholder:"SQL"`
	File     string            `short:"f" help:"The query is in this file." placeholder:"FILE"`
	Table    string            `help:"A table or view, as SQL names it, all rows of which are exported." placeholder:"NAME"`
	Output   string            `short:"o" required:"" help:"The file to write; it is replaced when all rows are there. An ending of .gz or .zst compresses it." placeholder:"FILE"`
	Format   string            `help:"${formats}. Default: what the file's ending says." placeholder:"FORMAT"`
	NoHeader bool              `help:"Leave out the names of the columns."`
	Param    map[string]string `help:"A value for :name in the SQL; may be given several times." placeholder:"NAME=VALUE" mapsep:"none"`
}

// Run writes the rows of one query to a file.
func (c *exportCmd) Run(e *env) error {
	format, compress, known := transfer.ByName(c.Output)
	if c.Format == "" {
		if !known {
			return apperr.E(apperr.Usage, fmt.Sprintf("The ending of %q says nothing about its format.", c.Output), apperr.Hint("Give --format, one of "+formatNames()+"."))
		}
		c.Format = format.Name
	}
	q := queryCmd{Args: c.Args, Command: c.Command, File: c.File, Format: c.Format, Output: c.Output, NoHeader: c.NoHeader, Param: c.Param, OnError: "stop", compress: compress}
	if c.Table != "" {
		if c.Command != "" || c.File != "" {
			return apperr.E(apperr.Usage, "Give one of -c SQL, -f FILE and --table NAME.")
		}
		q.Command = "select * from " + c.Table
	}
	return q.Run(e)
}
