package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/transfer"
	"golang.org/x/term"
)

type queryCmd struct {
	Args              []string          `arg:"" optional:"" name:"URL" help:"Where to connect, as psql reads it: a URL, key=value pairs, a database's name; PG* variables and .pgpass count. - reads SQL from standard input."`
	Command           string            `short:"c" help:"The SQL to run." placeholder:"SQL"`
	File              string            `short:"f" help:"Run the SQL of this file." placeholder:"FILE"`
	Format            string            `help:"${formats}. Default: table on a terminal, csv elsewhere." placeholder:"FORMAT"`
	Output            string            `short:"o" help:"Write the rows to this file; it is replaced when all of them are there." placeholder:"FILE"`
	NoHeader          bool              `help:"Leave out the names of the columns."`
	Param             map[string]string `help:"A value for :name in the SQL; may be given several times." placeholder:"NAME=VALUE" mapsep:"none"`
	SingleTransaction bool              `help:"All of the statements take effect, or none."`
	OnError           string            `help:"stop or continue after a statement that fails." enum:"stop,continue" default:"stop"`

	compress string           // how the file is compressed; export says so
	options  transfer.Options // of the format; export says so
	table    string           // is read instead of what SQL says; export says so
}

// Run runs the script.
func (c *queryCmd) Run(e *env) error {
	target, text, err := c.source(e.in)
	if err != nil {
		return err
	}
	format, err := c.format(e.out)
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
	out, err := openOutput(c.Output, c.compress, e.out)
	if err != nil {
		return err
	}
	ctx, stop := e.interruptible()
	defer stop()
	c.options.NoHeader = c.options.NoHeader || c.NoHeader
	w := &rowWriter{format: format, options: c.options, out: out}
	req := backend.StreamRequest{
		Profile: parsed.Profile, Password: secret.New(parsed.Password), Text: text, Table: c.table, Format: format.Name, Options: &w.options, Continue: c.OnError == "continue",
		OneTransaction: c.SingleTransaction, Params: c.Param, Result: w.begin,
		Statement: func(s session.Statement) {
			if ctx.Err() != nil && format.Binary {
				w.drop() // nobody is to have it, and its end may take long
			}
			w.end()
			if s.Error != nil && !errors.Is(w.err, syscall.EPIPE) && !w.caused(s.Error) {
				e.statement(s)
			} else if s.Tag != "" && !w.wrote && format.Name == "table" {
				fmt.Fprintln(e.err, s.Tag)
			}
			w.wrote = false
		},
		Notice: func(n session.Notice) {
			e.line(strings.ToLower(n.Severity), n.Message)
			e.line("detail", n.Detail)
			e.line("hint", n.Hint)
		},
	}
	snap, err := c.stream(ctx, e, req)
	if err != nil {
		out.discard()
		return err
	}
	return c.conclude(e, snap, w, out)
}

// stream runs the request, asking for a password once if the server wants one and there is somebody to ask.
func (c *queryCmd) stream(ctx context.Context, e *env, req backend.StreamRequest) (snap session.Snapshot, err error) {
	state := backend.New(backend.Config{Version: e.version})
	err = withPassword(req.Password, func(p secret.Secret) (err error) {
		req.Password = p
		snap, err = state.Stream(ctx, req)
		return err
	})
	return snap, err
}

// withPassword connects by f, and again with a password that somebody types if the server wants one.
func withPassword(given secret.Secret, f func(secret.Secret) error) error {
	err := f(given)
	if apperr.KindOf(err) != apperr.AuthFailed || !given.IsZero() {
		return err
	}
	tty, ttyErr := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if ttyErr != nil {
		return err
	}
	defer func() { _ = tty.Close() }()
	fmt.Fprint(tty, "Password: ")
	typed, ttyErr := term.ReadPassword(int(tty.Fd()))
	fmt.Fprintln(tty)
	if ttyErr != nil {
		return err
	}
	return f(secret.New(string(typed)))
}

// statement tells of one that failed, with its place.
func (e *env) statement(s session.Statement) {
	err := *s.Error
	if s.Line > 1 || s.Line == 1 && err.Position != nil {
		err.Detail = strings.TrimSpace(fmt.Sprintf("%s\nIn the statement of line %d.", err.Detail, s.Line))
	}
	e.tell(&err)
}

// conclude finishes the output and gives the exit code as an error.
func (c *queryCmd) conclude(e *env, snap session.Snapshot, w *rowWriter, out *output) error {
	if w.err != nil && !errors.Is(w.err, syscall.EPIPE) {
		out.discard()
		if apperr.KindOf(w.err) != apperr.Internal {
			return w.err // what is wrong has words already
		}
		return apperr.E(apperr.File, "The rows could be written no further.", apperr.Message(w.err.Error()), apperr.Cause(w.err), apperr.Hint("Look at the disk and the permissions of where they go."))
	}
	if errors.Is(w.err, syscall.EPIPE) {
		return exitCode(exitCancelled) // whoever read the rows has enough of them
	}
	if snap.Outcome == session.Finished {
		return out.keep()
	}
	if c.OnError == "continue" && snap.Outcome == session.Failed && snap.Error == nil {
		if err := out.keep(); err != nil {
			return err
		}
	} else {
		out.discard()
	}
	if snap.Error != nil {
		return snap.Error
	}
	for i := len(snap.Statements) - 1; i >= 0; i-- {
		if s := snap.Statements[i]; s.Error != nil {
			code := codeOf(s.Error)
			if s.Error.Kind == apperr.Usage {
				code = exitSQL
			}
			return exitCode(code) // it was told
		}
	}
	return apperr.E(apperr.Cancelled, "Stopped.")
}

// source finds the SQL and what is left to say where to connect.
func (c *queryCmd) source(in io.Reader) (target, text string, err error) {
	stdin := false
	for _, a := range c.Args {
		switch {
		case a == "-":
			stdin = true
		case target == "":
			target = a
		default:
			return "", "", apperr.E(apperr.Usage, fmt.Sprintf("There is one place to connect to; %q is too much.", a))
		}
	}
	given := 0
	for _, yes := range []bool{c.Command != "", c.File != "", stdin, c.table != ""} {
		if yes {
			given++
		}
	}
	if given != 1 {
		return "", "", apperr.E(apperr.Usage, "Give the SQL once: with -c SQL, -f FILE, or - for standard input.")
	}
	switch {
	case c.Command != "", c.table != "":
		return target, c.Command, nil
	case stdin:
		b, err := io.ReadAll(in)
		if err != nil {
			return "", "", apperr.E(apperr.File, "Standard input cannot be read.", apperr.Message(err.Error()))
		}
		return target, string(b), nil
	}
	b, err := os.ReadFile(c.File)
	if err != nil {
		return "", "", apperr.E(apperr.File, "The file "+c.File+" cannot be read.", apperr.Message(err.Error()))
	}
	return target, string(b), nil
}

func (c *queryCmd) format(out io.Writer) (transfer.Format, error) {
	name := c.Format
	if name == "" {
		name = "csv"
		if f, ok := out.(*os.File); ok && c.Output == "" && term.IsTerminal(int(f.Fd())) {
			name = "table"
		}
	}
	f, ok := transfer.Find(name)
	if !ok {
		return f, apperr.E(apperr.Usage, fmt.Sprintf("There is no format %q.", name), apperr.Hint("It is one of "+formatNames()+"."))
	}
	return f, nil
}

func formatNames() string {
	var names []string
	for _, f := range transfer.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}
