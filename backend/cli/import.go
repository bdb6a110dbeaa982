package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/secret"
	"golang.org/x/term"
)

type importCmd struct {
	Args       []string          `arg:"" name:"URL FILE" help:"Where to connect, as for query, and the file with the rows."`
	Table      string            `required:"" help:"The table that gets the rows; a schema and a dot may stand before its name." placeholder:"[SCHEMA.]NAME"`
	Create     bool              `help:"Make the table, with the types that hold the file's values."`
	Format     string            `help:"${readable}. Default: what the file says." placeholder:"FORMAT"`
	Encoding   string            `help:"${readencodings}. Default: what the file says." placeholder:"NAME"`
	Delimiter  string            `help:"What stands between values of a CSV file; tab for a tab. Default: what the file says." placeholder:"CHAR"`
	Quote      string            `help:"What stands around values of a CSV file that need it, or none." placeholder:"CHAR"`
	Header     bool              `xor:"header" help:"The first row names the columns. Default: what the file says."`
	NoHeader   bool              `xor:"header" help:"The first row is data; columns go by their places."`
	Null       *string           `help:"What stands for NULL where it is not quoted; '' for nothing. Default: nothing, or \\N if the file has it." placeholder:"TEXT"`
	Decimal    string            `help:"What stands before the fraction of numbers in a CSV file: a point, or a comma where they are written as 1.234,50. Default: what the file says." placeholder:"CHAR"`
	Dates      string            `help:"DMY or MDY, the order of dates in a CSV file that do not begin with the year; server leaves it to the server. Default: what the file says." placeholder:"ORDER"`
	Sheet      string            `help:"The sheet of a workbook. Default: the first." placeholder:"NAME"`
	Map        map[string]string `help:"Where a column of the file goes; nothing behind the = leaves it out. May be given several times. Default: columns go where their names say." placeholder:"FILE=TABLE" mapsep:"none"`
	Type       map[string]string `help:"The type of a column of a new table; may be given several times." placeholder:"COLUMN=TYPE" mapsep:"none"`
	KeepGoing  bool              `help:"Import the rows that fit and write the others to a file, with line, column and reason."`
	Rejects    string            `help:"That file. Default: beside the one with the rows, ending in .rejected.csv." placeholder:"FILE"`
	OnConflict string            `help:"stop, skip or update when a row's key is there already." enum:"stop,skip,update" default:"stop"`
	Key        []string          `help:"The columns of the key that update goes by. Default: the primary key." placeholder:"COLUMN"`
}

// Run imports the file.
func (c *importCmd) Run(e *env) error {
	target, file := "", c.Args[len(c.Args)-1]
	switch len(c.Args) {
	case 1:
	case 2:
		target = c.Args[0]
	default:
		return apperr.E(apperr.Usage, "Give one place to connect to and one file.")
	}
	plan, err := c.plan(file)
	if err != nil {
		return err
	}
	parsed, err := conn.CommandLine(target, os.LookupEnv)
	if err != nil {
		return err
	}
	for _, n := range parsed.Notes {
		e.line("note", n)
	}
	ctx, stop := e.interruptible()
	defer stop()
	progress, clear := e.progress()
	s, err := e.importing(ctx, backend.ImportFileRequest{
		Profile: parsed.Profile, Password: secret.New(parsed.Password), Plan: plan, Map: c.Map, Types: c.Type,
		Note: func(n string) { e.line("note", n) }, Progress: progress,
	})
	clear()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.err, "IMPORT %d\n", s.Rows)
	if s.Skipped > 0 {
		e.line("note", apperr.Plural(s.Skipped, "row")+" skipped, whose key is there.")
	}
	if s.Rejected > 0 {
		e.line("warning", fmt.Sprintf("%s rejected, now in %s.", apperr.Plural(s.Rejected, "row"), s.Rejects))
		return exitCode(exitSQL)
	}
	return nil
}

func (c *importCmd) plan(file string) (p backend.ImportPlan, err error) {
	if c.Rejects != "" && !c.KeepGoing {
		return p, apperr.E(apperr.Usage, "--rejects is for --keep-going.", apperr.Hint("Without it, the first row that does not fit ends the import, and nothing is kept."))
	}
	if len(c.Type) > 0 && !c.Create {
		return p, apperr.E(apperr.Usage, "--type is for a new table.", apperr.Hint("Add --create, or leave it out: the table's own types count."))
	}
	p = backend.ImportPlan{
		Path: file, Create: c.Create, KeepGoing: c.KeepGoing, Key: c.Key,
		Options: intake.Options{Format: c.Format, Encoding: c.Encoding, Delimiter: c.Delimiter, Quote: c.Quote, Decimal: c.Decimal, Dates: strings.ToUpper(c.Dates), Sheet: c.Sheet},
	}
	if c.Null != nil {
		p.Options = p.Options.WithNull(*c.Null)
	}
	if strings.EqualFold(c.Dates, "server") {
		p.Options.Dates = "server"
	}
	if strings.EqualFold(c.Delimiter, "tab") || c.Delimiter == `\t` {
		p.Options.Delimiter = "\t"
	}
	switch {
	case c.Header:
		p.Options.Header = "yes"
	case c.NoHeader:
		p.Options.Header = "no"
	}
	if c.OnConflict != "stop" {
		p.Conflict = c.OnConflict
	}
	if p.Schema, p.Table, err = tableName(c.Table); err != nil {
		return p, err
	}
	if c.Rejects != "" {
		p.Rejects, err = filepath.Abs(c.Rejects)
	}
	return p, err
}

// tableName reads a name as SQL writes it: without quotes it is folded to small letters.
func tableName(s string) (schema, table string, err error) {
	var parts []string
	for rest := s; ; {
		part := ""
		if strings.HasPrefix(rest, `"`) {
			at := 1
			for at < len(rest) && (rest[at] != '"' || strings.HasPrefix(rest[at+1:], `"`)) {
				if rest[at] == '"' {
					at++
				}
				at++
			}
			if at >= len(rest) {
				break
			}
			part, rest = strings.ReplaceAll(rest[1:at], `""`, `"`), rest[at+1:]
		} else {
			at := strings.IndexAny(rest+".", `."`)
			part, rest = strings.ToLower(rest[:at]), rest[at:]
		}
		if part == "" {
			break
		}
		if parts = append(parts, part); rest == "" && len(parts) <= 2 {
			return strings.Join(parts[:len(parts)-1], ""), parts[len(parts)-1], nil
		}
		if !strings.HasPrefix(rest, ".") {
			break
		}
		rest = rest[1:]
	}
	return "", "", apperr.E(apperr.Usage, fmt.Sprintf("%q is no name of a table.", s), apperr.Hint("Write table, or schema.table; names with capitals need double quotes, as in SQL."))
}

// importing runs the request, asking for a password as query does.
func (e *env) importing(ctx context.Context, req backend.ImportFileRequest) (s backend.ImportState, err error) {
	state := backend.New(backend.Config{Version: e.version})
	err = withPassword(req.Password, func(p secret.Secret) (err error) {
		req.Password = p
		s, err = state.ImportFile(ctx, req)
		return err
	})
	return s, err
}

// progress shows on a terminal how far an import is; clear removes it.
func (e *env) progress() (show func(backend.ImportState), clear func()) {
	f, ok := e.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(backend.ImportState) {}, func() {}
	}
	shown := time.Time{}
	return func(s backend.ImportState) {
			if time.Since(shown) < 200*time.Millisecond || s.Bytes == 0 {
				return
			}
			shown = time.Now()
			fmt.Fprintf(f, "\r\x1b[K%s · %d%% of the file", apperr.Plural(s.Rows, "row"), 100*s.Read/s.Bytes)
		}, func() {
			if !shown.IsZero() {
				fmt.Fprint(f, "\r\x1b[K")
			}
		}
}
