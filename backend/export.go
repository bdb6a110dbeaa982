package backend

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/suggest"
	"desktop.tusk/backend/transfer"
)

// ExportRequest asks for a result, or for a table, as a file. JobID is made by the caller, so that CancelExport can never miss it.
type ExportRequest struct {
	JobID    string `json:"jobId"`
	ResultID string `json:"resultId"`
	// ConnectionID, Schema and Relation name a table instead, when ResultID is "": all of its rows go straight to the file.
	ConnectionID string `json:"connectionId"`
	Schema       string `json:"schema"`
	Relation     string `json:"relation"`
	// Path is where to: a whole path, or one from ~/. Replace says that a file that is there may go.
	Path    string `json:"path"`
	Replace bool   `json:"replace"`
	Format  string `json:"format"` // a name of transfer.Formats
	Header  bool   `json:"header"`
	// Compress is "gzip", "zstd" or "".
	Compress string `json:"compress"`
	// Delimiter, Quote and Null are for csv: one character, a comma when ""; one, a double quote when ""; and what stands
	// for NULL. QuoteAll puts all other values in quotes.
	Delimiter string `json:"delimiter"`
	Quote     string `json:"quote"`
	Null      string `json:"null"`
	QuoteAll  bool   `json:"quoteAll"`
	// Encoding is for csv and tsv, one of transfer.Encodings, UTF-8 when ""; so are CRLF, which ends lines as Windows
	// does, and Safe, by which a spreadsheet computes nothing.
	Encoding string `json:"encoding"`
	CRLF     bool   `json:"crlf"`
	Safe     bool   `json:"safe"`
	// NumbersAsText is for json and ndjson: bigint and numeric as strings.
	NumbersAsText bool   `json:"numbersAsText"`
	Table         string `json:"table"` // for insert, as SQL; "result" when ""
	// Columns picks columns by number, in that order; all when empty. Ranges, when there are any, pick cells of them.
	Columns []int       `json:"columns"`
	Ranges  []CellRange `json:"ranges"`
	// Rows is how many rows are written at most; 0 for all, those that are still to come included.
	Rows int `json:"rows"`
}

// ExportRef names an export.
type ExportRef struct {
	JobID string `json:"jobId"`
}

// States of an export.
const (
	ExportRunning   = "running"
	ExportDone      = "done"
	ExportFailed    = "failed"
	ExportCancelled = "cancelled"
)

// ExportState tells how far an export is.
type ExportState struct {
	JobID string `json:"jobId"`
	Path  string `json:"path"`
	State string `json:"state"` // running, done, failed, cancelled
	Rows  int    `json:"rows"`
	// Total is how many rows there will be; -1 while more of them arrive.
	Total         int `json:"total"`
	Bytes         int `json:"bytes"` // in the file
	ElapsedMs     int `json:"elapsedMs"`
	RowsPerSecond int `json:"rowsPerSecond"`
	// Partial says that the result itself lacks its end: stopped, lost or failed while rows came.
	Partial bool          `json:"partial"`
	Error   *apperr.Error `json:"error"`
}

// export is one under way.
type export struct {
	req     ExportRequest
	path    string
	rows    spool.Rows // of a result
	from    *tableOf   // what is exported without one
	format  transfer.Format
	options transfer.Options
	columns []int    // by number, and their places among those that are shown, which ranges count
	places  []int    // nil when rows are written whole
	names   []string // of the columns in the file
	stop    context.CancelFunc
	began   time.Time

	whole                 func() bool
	total, written, bytes atomic.Int64
	partial               atomic.Bool
}

// Export begins to write a result to a file and answers once the file could be begun; the rest comes by event. Rows that
// are still to come are waited for. What was at the path stays until all is written, and stays when it cannot be. Errors:
// usage, file and its kin.
func (q *Queries) Export(req ExportRequest) (err error) {
	defer q.state.guard("queries.export", &err)()
	a := q.state
	j := &export{req: req, began: time.Now()}
	if err := j.settle(); err != nil {
		return err
	}
	letGo := func() {}
	if req.ResultID == "" {
		err = j.table(a)
	} else {
		letGo, err = j.result(a)
	}
	if err != nil {
		return err
	}
	if j.path, err = exportPath(req.Path, req.Replace); err != nil {
		letGo()
		return err
	}
	file, err := transfer.Create(j.path)
	if err != nil {
		letGo()
		return err
	}
	ctx, stop := context.WithCancel(a.ctx)
	j.stop = stop
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || req.JobID == "" || a.exports[req.JobID] != nil {
		stop()
		letGo()
		file.Discard()
		return apperr.E(apperr.Usage, "An export needs an id of its own.")
	}
	a.exports[req.JobID] = j
	a.start(func() { a.export(ctx, j, file, letGo) })
	return nil
}

// settle chooses format and options. Errors: usage.
func (j *export) settle() error {
	var ok bool
	if j.format, ok = transfer.Find(j.req.Format); !ok || len(j.req.Delimiter) > 1 || len(j.req.Quote) > 1 || j.req.Encoding != "" && !transfer.KnownEncoding(j.req.Encoding) {
		return apperr.E(apperr.Usage, "There is no such format.", apperr.Hint("Choose one from the list."))
	}
	j.options = transfer.Options{
		NoHeader: !j.req.Header, Null: j.req.Null, QuoteAll: j.req.QuoteAll, Encoding: j.req.Encoding, CRLF: j.req.CRLF, Safe: j.req.Safe,
		NumbersAsText: j.req.NumbersAsText, Table: j.req.Table, QuoteName: suggest.Quote,
	}
	if j.req.Delimiter != "" {
		j.options.Delimiter = j.req.Delimiter[0]
	}
	if j.req.Quote != "" {
		j.options.Quote = j.req.Quote[0]
	}
	if j.format.Name == "csv" {
		return j.options.Check()
	}
	return nil
}

// result holds the result that is exported, and chooses its columns. Errors: usage, and those of asking for a key.
func (j *export) result(a *AppState) (letGo func(), err error) {
	r, result, run, err := a.rows(j.req.ResultID)
	if err != nil {
		return nil, err
	}
	j.rows = r
	j.whole = func() bool { return a.whole(run, result) }
	if err := j.choose(a, run); err != nil {
		return nil, err
	}
	letGo, ok := r.Hold()
	if !ok {
		return nil, errResultClosed
	}
	return letGo, nil
}

// choose settles which columns are written. Errors: usage, and those of asking for a key.
func (j *export) choose(a *AppState, run *session.Run) error {
	columns := j.rows.Columns()
	all, err := shownColumns(j.req.Columns, len(columns))
	if err != nil {
		return err
	}
	if j.columns = all; len(j.req.Ranges) > 0 {
		j.columns, j.places = nil, covered(j.req.Ranges, len(all))
		for _, p := range j.places {
			j.columns = append(j.columns, all[p])
		}
	}
	if j.format.Name == "update" {
		u, err := a.updatable(run, columns)
		if err != nil {
			return err
		}
		j.columns, j.places = u.with(j.columns), nil
		j.options.Table, j.options.Key = u.table, u.keyNames()
		for _, c := range j.columns {
			j.names = append(j.names, u.names[c])
		}
		return nil
	}
	for _, c := range j.columns {
		j.names = append(j.names, columns[c].Name)
	}
	return nil
}

// exportPath makes a whole path of what a person typed or chose.
func exportPath(path string, replace bool) (string, error) {
	if strings.ContainsFunc(path, unicode.IsControl) {
		return "", apperr.E(apperr.File, "The name of a file cannot have line breaks in it.", apperr.Hint("Take them out of the path."))
	}
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", apperr.E(apperr.File, "It is not known what ~ stands for.", apperr.Cause(err), apperr.Message(err.Error()), apperr.Hint("Write the whole path."))
		}
		path = filepath.Join(home, rest)
	}
	if !filepath.IsAbs(path) {
		return "", apperr.E(apperr.File, "This is no whole path.", apperr.Hint("Write it from the root on, or from ~/."))
	}
	fi, err := os.Stat(path)
	switch {
	case err != nil || fi.IsDir() || fi.Mode()&os.ModeCharDevice != 0:
		return path, nil // Create says what is wrong
	case !fi.Mode().IsRegular():
		return "", apperr.E(apperr.File, path+" is no ordinary file.", apperr.Hint("Choose another name."))
	case !replace:
		return "", apperr.E(apperr.FileExists, "There is a file "+path+" already.")
	}
	return path, nil
}

// CancelExport ends an export; its file is not left behind. One that is over is left alone.
func (q *Queries) CancelExport(req ExportRef) (err error) {
	defer q.state.guard("queries.cancelExport", &err)()
	q.state.mu.Lock()
	j := q.state.exports[req.JobID]
	q.state.mu.Unlock()
	if j != nil {
		j.stop()
	}
	return nil
}

// export writes the file and tells how far it is.
func (a *AppState) export(ctx context.Context, j *export, file *transfer.File, letGo func()) {
	err := a.tellWhile(EventExport, func() int { return int(j.written.Load()) }, func() any { return j.state(ExportRunning) }, func() error {
		defer letGo()
		return j.write(ctx, file)
	})
	last := j.state(ExportDone)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		last.State = ExportCancelled
	default:
		last.State, last.Error = ExportFailed, apperr.From(err)
		a.logError("export", last.Error, time.Since(j.began))
	}
	j.stop()
	a.mu.Lock()
	delete(a.exports, j.req.JobID)
	a.mu.Unlock()
	a.config.Desktop.Emit(EventExport, last)
}

func (j *export) state(state string) ExportState {
	s := ExportState{
		JobID: j.req.JobID, Path: j.path, State: state, Rows: max(0, int(j.written.Load())), Bytes: int(j.bytes.Load()),
		ElapsedMs: int(time.Since(j.began).Milliseconds()), Total: int(j.total.Load()) - 1, Partial: j.partial.Load(),
	}
	if s.ElapsedMs > 0 {
		s.RowsPerSecond = int(int64(s.Rows) * 1000 / int64(s.ElapsedMs))
	}
	return s
}

// write fills the file and puts it in its place, or leaves none.
func (j *export) write(ctx context.Context, file *transfer.File) error {
	kept := false
	defer func() {
		if !kept {
			file.Discard()
		}
	}()
	var out io.Writer = &counter{ctx, file, &j.bytes}
	out, finish, err := transfer.Compress(out, j.req.Compress)
	if err != nil {
		return err
	}
	if j.from != nil {
		err := j.from.look(ctx, j.format.Name, &j.options)
		defer j.from.session.Close()
		if err != nil {
			return err
		}
	}
	encoder, flush := j.format.NewEncoder(out, j.options)
	if d, ok := encoder.(transfer.Discarder); ok {
		defer d.Discard()
	}
	end := []func() error{encoder.End, flush, finish}
	if j.from != nil {
		if j.from.copied {
			end = end[2:]
			if !j.options.NoHeader && j.format.Name == "csv" {
				j.written.Store(-1) // the line of names is no row
			}
		}
		row := func(cells [][]byte) error { j.written.Add(1); return encoder.Row(cells) }
		buffer := bufio.NewWriterSize(out, 64<<10)
		err = j.from.stream(ctx, j.req.JobID, encoder.Begin, row, &lineCounter{buffer, func() { j.written.Add(1) }})
		if err == nil {
			err = buffer.Flush()
		}
		j.total.Store(j.written.Load() + 1)
	} else {
		err = j.fromResult(ctx, encoder)
	}
	if err != nil {
		return err
	}
	for _, last := range end {
		if err := last(); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	kept = true // Keep cleans up after itself
	return file.Keep()
}

// cancelEvery is how many rows are written between two looks at whether to stop.
const cancelEvery = 64
