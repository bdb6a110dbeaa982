package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/transfer"
	"github.com/alecthomas/kong"
)

// Exit codes, as doc.go lists them.
const (
	exitSQL       = 1
	exitUsage     = 2
	exitServer    = 3
	exitCancelled = 4
	exitFile      = 5
	exitInternal  = 70
)

// Window is what the command line asks the window to be.
type Window struct {
	DataDir  string
	LogLevel string
	Prefill  backend.Prefill
	// NewWindow opens a window even if the data directory has one.
	NewWindow bool
}

// grammar is the command line, in kong's tags.
type grammar struct {
	DataDir    string `help:"Directory for Tusk's files. Default: TUSK_DATA_DIR, or the platform's place." placeholder:"DIR"`
	LogLevel   string `help:"error, warn, info, debug or trace. Default: TUSK_LOG, or info." placeholder:"LEVEL"`
	JSONErrors bool   `name:"json-errors" help:"Write errors as one JSON object a line."`

	Open     openCmd     `cmd:"" default:"withargs" help:"Open the window. A URL or a file is put in; nothing connects or runs by itself."`
	Query    queryCmd    `cmd:"" help:"Run SQL and write its rows."`
	Export   exportCmd   `cmd:"" help:"Write the rows of a query or a table to a file; its ending says in what format."`
	Import   importCmd   `cmd:"" help:"Put the rows of a file (${readable}) into a table: all of them, or nothing."`
	Complete completeCmd `cmd:"" help:"Print what can be written at a cursor in SQL, as JSON, best first."`
	Doctor   doctorCmd   `cmd:"" help:"Connect, and tell of every stage on the way: DNS, TCP, TLS, start-up, authentication, database."`
	Sample   sampleCmd   `cmd:"" help:"The sample database: a private PostgreSQL on this computer."`
	Store    storeCmd    `cmd:"" help:"The file of saved connections and preferences."`
	Health   healthCmd   `cmd:"" help:"Tell how Tusk is doing here."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// env is what a verb works with.
type env struct {
	version       string
	dataDir       string
	logLevel      string
	jsonErrors    bool
	in            io.Reader
	out, err      io.Writer
	window        *Window // filled by open
	interruptible func() (context.Context, func())
}

// Main reads the arguments. For a verb it runs it and answers its exit code, with done true; else it answers what the
// window shows.
func Main(version string, args []string, in io.Reader, out, errOut io.Writer) (w Window, code int, done bool) {
	var g grammar
	exited := -1
	parser, err := kong.New(&g, kong.Name("tusk"), kong.Description("A workbench for PostgreSQL."), kong.Writers(out, errOut),
		kong.Exit(func(code int) { exited = code }), kong.Vars{"formats": formatNames(), "encodings": strings.Join(transfer.Encodings, ", "), "readable": strings.Join(intake.Names(), ", "), "readencodings": strings.Join(intake.Encodings(), ", ")}, kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}))
	if err != nil {
		fmt.Fprintln(errOut, "tusk: error:", err)
		return w, exitInternal, true
	}
	e := &env{version: version, in: in, out: out, err: errOut, window: &w, interruptible: interruptible}
	kctx, err := parser.Parse(args)
	if exited >= 0 { // --help
		return w, exited, true
	}
	e.jsonErrors = g.JSONErrors
	if err != nil {
		return w, e.fail(apperr.E(apperr.Usage, sentence(err.Error()))), true
	}
	e.dataDir = backend.DataDir(g.DataDir)
	if e.logLevel = g.LogLevel; e.logLevel == "" {
		e.logLevel = os.Getenv("TUSK_LOG")
	}
	if err := kctx.Run(e); err != nil {
		return w, e.fail(err), true
	}
	if strings.HasPrefix(kctx.Command(), "open") {
		w.DataDir, w.LogLevel = e.dataDir, e.logLevel
		return w, 0, false
	}
	return w, 0, true
}

// sentence makes one of a message that is none.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

// exitCode carries an exit code whose reason was told already.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// fail tells an error and gives its exit code.
func (e *env) fail(err error) int {
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	e.tell(apperr.From(err))
	return codeOf(apperr.From(err))
}

// tell writes an error to standard error.
func (e *env) tell(err *apperr.Error) {
	if e.jsonErrors {
		b, jErr := json.Marshal(err)
		if jErr == nil {
			fmt.Fprintf(e.err, "%s\n", b)
			return
		}
	}
	text := err.Title
	switch {
	case err.Severity != "" && err.Group == apperr.GroupQuery:
		text = err.Message // the server's own words say more than ours to who reads a terminal
	case err.Message != "":
		text += " " + err.Message
	}
	if err.Code != "" {
		text += fmt.Sprintf(" (SQLSTATE %s)", err.Code)
	}
	e.line("error", text)
	e.line("detail", err.Detail)
	if err.Where != "" {
		e.line("context", err.Where)
	}
	if err.ServerHint != "" {
		e.line("hint", err.ServerHint)
	}
	e.line("hint", err.Hint)
	if cause := err.Unwrap(); err.Kind == apperr.Internal && cause != nil {
		e.line("cause", cause.Error())
	}
}

// line writes one labelled line; control characters of a server's text cannot act on the terminal.
func (e *env) line(label, text string) {
	if text = strings.TrimSpace(text); text != "" {
		fmt.Fprintf(e.err, "tusk: %s: %s\n", label, strings.ReplaceAll(apperr.Plain(text), "\n", "\n  "))
	}
}

func codeOf(err *apperr.Error) int {
	switch err.Group {
	case apperr.GroupInvalid:
		if err.Kind == apperr.Usage || err.Kind == apperr.Config {
			return exitUsage
		}
		return exitSQL
	case apperr.GroupConnection, apperr.GroupTLS, apperr.GroupAuth, apperr.GroupBusy:
		return exitServer
	case apperr.GroupCancelled:
		return exitCancelled
	case apperr.GroupStorage, apperr.GroupFile, apperr.GroupLimit:
		return exitFile
	case apperr.GroupInternal:
		return exitInternal
	}
	return exitSQL
}

// interruptible gives a context that the first ^C ends; the second ends the program.
func interruptible() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	c := make(chan os.Signal, 2)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
	signal.Ignore(syscall.SIGPIPE) // a reader that went away is an error of writing
	go func() {
		for n := 0; ; n++ {
			if _, ok := <-c; !ok {
				return
			}
			if n > 0 {
				os.Exit(exitCancelled)
			}
			cancel()
		}
	}()
	return ctx, func() { signal.Stop(c); close(c); cancel() }
}

type openCmd struct {
	Target    string `arg:"" optional:"" help:"A connection URL, or a file of SQL." placeholder:"URL|FILE"`
	Sample    bool   `help:"Open the sample database at once, with a sample query typed."`
	NewWindow bool   `help:"Open another window. Without it, one that is open gets the URL or file, and comes to the front."`
}

// maxPrefill is the largest file that is put in a tab.
const maxPrefill = 16 << 20

// Run fills in what the window shows first.
func (c *openCmd) Run(e *env) error {
	e.window.NewWindow = c.NewWindow
	p := &e.window.Prefill
	if c.Sample {
		p.OpenSample = true
	}
	switch {
	case c.Target == "":
	case strings.Contains(c.Target, "://") || strings.Contains(c.Target, "="):
		p.URL = c.Target
	default:
		fi, err := os.Stat(c.Target)
		switch {
		case err != nil && !strings.HasSuffix(c.Target, ".sql"):
			return apperr.E(apperr.Usage, fmt.Sprintf("There is no verb, file or URL %q.", c.Target))
		case err != nil:
			return apperr.E(apperr.File, "The file "+c.Target+" cannot be read.", apperr.Message(err.Error()))
		case fi.Size() > maxPrefill:
			return apperr.E(apperr.File, "The file "+c.Target+" is too large for a tab.", apperr.Hint("Run it with tusk query -f "+c.Target+"."))
		}
		b, err := os.ReadFile(c.Target)
		if err != nil {
			return apperr.E(apperr.File, "The file "+c.Target+" cannot be read.", apperr.Message(err.Error()))
		}
		if p.Path, err = filepath.Abs(c.Target); err != nil {
			return apperr.E(apperr.File, "The file "+c.Target+" cannot be read.", apperr.Message(err.Error()))
		}
		p.Name, p.Text = filepath.Base(c.Target), strings.ToValidUTF8(string(b), "\ufffd")
	}
	return nil
}

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	_, err := fmt.Fprintln(e.out, "tusk", e.version)
	return err
}
