package backend

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/load"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

type loadConn = conn.Conn

// importJob is an import under way.
type importJob struct {
	id       string
	plan     ImportPlan
	file     *intake.File
	rejects  *rejectFile
	progress load.Progress
	report   load.Report
	began    time.Time
	stop     context.CancelFunc
	kept     atomic.Bool // the file of rejects is in its place
}

// openImport opens the file, so that one that cannot be read is told of at once.
func openImport(p ImportPlan) (*importJob, error) {
	f, err := intake.Open(p.Path, p.Options)
	if err != nil {
		return nil, asError(err)
	}
	if len(p.Columns) != len(f.Columns) {
		_ = f.Close()
		return nil, apperr.E(apperr.Usage, fmt.Sprintf("The file has %s, and the plan is for %d.", apperr.Plural(len(f.Columns), "column"), len(p.Columns)), apperr.Hint("Has the file changed? Look at it again."))
	}
	j := &importJob{plan: p, file: f, began: time.Now()}
	if !p.KeepGoing {
		return j, nil
	}
	if p.Rejects == "" {
		j.plan.Rejects = rejectsBeside(p.Path)
	} else {
		j.plan.Rejects, err = exportPath(p.Rejects, true)
	}
	if err == nil && sameFile(p.Path, j.plan.Rejects) {
		err = apperr.E(apperr.Usage, "The rows that do not fit would replace the file they come from.", apperr.Hint("Choose another file for them."))
	}
	if err == nil {
		j.rejects, err = newRejects(j.plan.Rejects, f.Names())
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return j, nil
}

func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	other, err2 := os.Stat(b)
	return err == nil && err2 == nil && os.SameFile(one, other)
}

func (j *importJob) discard() {
	_ = j.file.Close()
	if j.rejects != nil {
		j.rejects.file.Discard()
	}
}

// run imports the file.
func (j *importJob) run(ctx context.Context, pool *conn.Pool) (err error) {
	defer func() { _ = j.file.Close() }()
	hooks := load.Hooks{}
	if j.rejects != nil {
		hooks.Rejected = j.rejects.add
		hooks.BeforeCommit = j.rejects.seal
		defer func() { err = j.placeRejects(err) }()
	}
	c, err := pool.Connect(ctx, "import of "+filepath.Base(j.plan.Path), nil)
	if err != nil {
		return err
	}
	defer c.Retire()
	j.report, err = load.Run(ctx, c, j.file, j.plan.plan(), hooks, &j.progress)
	return err
}

// placeRejects puts their file in its place when the others are in the table, or may be. When none was left out,
// or none imported, there is none, and what was there stays.
func (j *importJob) placeRejects(err error) error {
	if j.report.Rejected == 0 || err != nil && !j.report.Unsure {
		j.rejects.file.Discard()
		return err
	}
	if failed := j.rejects.file.Keep(); failed != nil {
		if err == nil {
			e := *apperr.From(failed)
			e.Title = "The rows that fit are in the table, but the others are in no file. " + e.Title
			err = &e
		}
		return err
	}
	j.kept.Store(true)
	return err
}

// runImport runs one and tells how far it is.
func (a *AppState) runImport(ctx context.Context, j *importJob, pool *conn.Pool) {
	far := func() int { return int(j.progress.Rows.Load() + j.file.Read()) }
	err := a.tellWhile(EventImport, far, func() any { return j.state(ExportRunning) }, func() error { return j.run(ctx, pool) })
	last := j.state(ExportDone)
	switch {
	case err == nil:
		last.Rows, last.Rejected, last.Skipped = int(j.report.Rows), int(j.report.Rejected), int(j.report.Skipped)
	case apperr.KindOf(err) == apperr.Cancelled && ctx.Err() != nil:
		last.State = ExportCancelled
	default:
		last.State, last.Error = ExportFailed, apperr.From(err)
		a.logError("import", last.Error, time.Since(j.began))
	}
	j.stop()
	a.mu.Lock()
	delete(a.imports, j.id)
	a.mu.Unlock()
	if err == nil && j.plan.Create {
		a.readAgain(j.plan.ConnectionID)
	}
	a.config.Desktop.Emit(EventImport, last)
}

func (j *importJob) state(state string) ImportState {
	s := ImportState{
		JobID: j.id, ConnectionID: j.plan.ConnectionID, Path: j.plan.Path, Schema: j.plan.Schema, Table: j.plan.Table, State: state,
		Rows: int(j.progress.Rows.Load()), Rejected: int(j.progress.Rejected.Load()), Read: int(j.file.Read()), Bytes: int(j.file.Size),
		ElapsedMs: int(time.Since(j.began).Milliseconds()),
	}
	if j.kept.Load() {
		s.Rejects = j.plan.Rejects
	}
	return s
}

// withConn makes a connection for f that is of nobody else.
func (a *AppState) withConn(connectionID string, f func(context.Context, *loadConn) error) error {
	con, pool, err := a.reachable(connectionID)
	if err != nil {
		return err
	}
	c, err := pool.Connect(con.ctx, "import", nil)
	if err != nil {
		return err
	}
	defer c.Retire()
	return f(con.ctx, c)
}

// rejectFile has the rows that did not fit: their line, column and reason, then the row as it was read.
type rejectFile struct {
	file    *transfer.File
	encoder transfer.Encoder
	flush   func() error
	width   int
	cells   [][]byte
}

func newRejects(path string, names []string) (*rejectFile, error) {
	f, err := transfer.Create(path)
	if err != nil {
		return nil, err
	}
	format, _ := transfer.Find("csv")
	r := &rejectFile{file: f, width: len(names) + 3}
	r.encoder, r.flush = format.NewEncoder(f, transfer.Options{})
	columns := []spool.Column{{Name: "line"}, {Name: "column"}, {Name: "reason"}}
	for _, n := range names {
		columns = append(columns, spool.Column{Name: n})
	}
	if err := r.encoder.Begin(columns); err != nil {
		f.Discard()
		return nil, err
	}
	return r, nil
}

// add writes a row. Values beyond the columns of the file have no name.
func (r *rejectFile) add(bad load.Reject) error {
	r.cells = append(r.cells[:0], strconv.AppendInt(nil, bad.Line, 10), nil, []byte(bad.Reason))
	if bad.Column != "" {
		r.cells[1] = []byte(bad.Column)
	}
	for _, c := range bad.Cells {
		if c != nil {
			c = []byte(validText(c))
		}
		r.cells = append(r.cells, c)
	}
	for len(r.cells) < r.width {
		r.cells = append(r.cells, nil)
	}
	return r.encoder.Row(r.cells)
}

// seal ends the file, so that nothing is left to do that a full disk could prevent.
func (r *rejectFile) seal() error {
	if err := errors.Join(r.encoder.End(), r.flush()); err != nil {
		return err
	}
	return r.file.Seal()
}

func validText(b []byte) string { return strings.ToValidUTF8(string(b), "\ufffd") }

func stem(path string) string {
	name := filepath.Base(intake.UnpackedName(path))
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// rejectsBeside names a file beside one that is not there yet.
func rejectsBeside(path string) string {
	base := filepath.Join(filepath.Dir(path), stem(path)+".rejected")
	name := base + ".csv"
	for n := 2; ; n++ {
		if _, err := os.Lstat(name); err != nil {
			return name
		}
		name = fmt.Sprintf("%s-%d.csv", base, n)
	}
}

// asError makes one for a person of a row that cannot be read.
func asError(err error) error {
	if bad, ok := errors.AsType[*intake.RowError](err); ok {
		return apperr.E(apperr.Data, bad.Error(), apperr.Hint(strings.TrimSpace(bad.Hint+" Correct the file, or say otherwise how it is to be read.")))
	}
	return err
}
