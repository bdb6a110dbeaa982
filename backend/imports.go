package backend

import (
	"context"
	"path/filepath"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/load"
)

// Imports is bound to the window: files of rows on their way into tables.
type Imports struct{ state *AppState }

// Imports is the bound struct of that name.
func (a *AppState) Imports() *Imports { return &Imports{a} }

// ImportLookRequest asks what a file is, and how it fits a table.
type ImportLookRequest struct {
	Path    string         `json:"path"`
	Options intake.Options `json:"options"` // what is empty is found out
	// ConnectionID, Schema and Table name the table; Table is "" for none.
	ConnectionID string `json:"connectionId"`
	Schema       string `json:"schema"`
	Table        string `json:"table"`
}

// ImportLook is what was found.
type ImportLook struct {
	Path    string             `json:"path"`
	Name    string             `json:"name"` // of the file
	Bytes   int                `json:"bytes"`
	Packing string             `json:"packing"` // gzip or zstd, when it is compressed
	Options intake.Options     `json:"options"`
	Columns []ImportFileColumn `json:"columns"`
	Rows    []ImportRow        `json:"rows"`  // the first ones, as they are in the file
	Whole   bool               `json:"whole"` // they are all
	Notes   []string           `json:"notes"`
	// Formats, Encodings and Sheets are the choices there are; ProposedTable is what a new table could be called.
	Formats       []ImportChoice `json:"formats"`
	Encodings     []string       `json:"encodings"`
	Sheets        []string       `json:"sheets"` // of a workbook
	ProposedTable string         `json:"proposedTable"`
	// Rejects is where rows that do not fit can go: a file beside this one, which is not there.
	Rejects string       `json:"rejects"`
	Table   *ImportTable `json:"table"` // nil when none was asked for
}

// ImportChoice is a value with the word for it.
type ImportChoice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// ImportFileColumn is a column of a file.
type ImportFileColumn struct {
	Name     string `json:"name"`
	Type     string `json:"type"`     // that holds its first values
	First    string `json:"first"`    // value that is not empty
	Proposed string `json:"proposed"` // its name in a new table
	Match    string `json:"match"`    // the column of the table that is called alike; "" for none
}

// ImportTable is a table that rows can go into.
type ImportTable struct {
	Schema  string              `json:"schema"`
	Name    string              `json:"name"`
	Columns []ImportTableColumn `json:"columns"`
	Key     []string            `json:"key"` // the primary key's
}

// ImportTableColumn is one that can be filled.
type ImportTableColumn struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Required bool   `json:"required"` // it has to be filled
}

// ImportPlan says what goes where.
type ImportPlan struct {
	ConnectionID string         `json:"connectionId"`
	Path         string         `json:"path"`
	Options      intake.Options `json:"options"`
	Schema       string         `json:"schema"`
	Table        string         `json:"table"`
	Create       bool           `json:"create"`
	Columns      []ImportColumn `json:"columns"` // one for each of the file's
	KeepGoing    bool           `json:"keepGoing"`
	// Conflict is what becomes of a row whose key exists: "" to stop, "skip", "update".
	Conflict string   `json:"conflict"`
	Key      []string `json:"key"` // the primary key when empty
	// Rejects is the file for the rows that do not fit; what is there is replaced. For KeepGoing.
	Rejects string `json:"rejects"`
}

// ImportColumn is where a column of the file goes.
type ImportColumn struct {
	Name string `json:"name"` // "" when it is left out
	Type string `json:"type"` // for a new table
}

// ImportCheck tells what an import would come to.
type ImportCheck struct {
	Lines    int             `json:"lines"` // rows that were looked at
	Whole    bool            `json:"whole"` // they are all
	Rejected int             `json:"rejected"`
	Problems []ImportProblem `json:"problems"`
	Preview  []ImportRow     `json:"preview"`
}

// ImportProblem is why rows would be rejected because of a column.
type ImportProblem struct {
	Column string `json:"column"` // "" when it is about all of the row
	Rows   int    `json:"rows"`
	Line   int    `json:"line"` // the first
	Reason string `json:"reason"`
}

// ImportRow is a row as it would be in the table, or as it is in the file when it would be rejected.
type ImportRow struct {
	Line   int       `json:"line"`
	Cells  []*string `json:"cells"`
	Column string    `json:"column"`
	Reason string    `json:"reason"` // "" when it fits
}

// ImportJob begins an import. JobID is made by the caller, so that Cancel can never miss it.
type ImportJob struct {
	JobID string     `json:"jobId"`
	Plan  ImportPlan `json:"plan"`
}

// ImportRef names an import.
type ImportRef struct {
	JobID string `json:"jobId"`
}

// ImportState tells how far an import is. State is running, done, failed or cancelled.
type ImportState struct {
	JobID        string        `json:"jobId"`
	ConnectionID string        `json:"connectionId"`
	Path         string        `json:"path"`
	Schema       string        `json:"schema"`
	Table        string        `json:"table"`
	State        string        `json:"state"`
	Rows         int           `json:"rows"` // sent so far; at the end, those that are in the table now
	Rejected     int           `json:"rejected"`
	Skipped      int           `json:"skipped"` // their key was there
	Read         int           `json:"read"`    // bytes of the file
	Bytes        int           `json:"bytes"`   // that it has
	ElapsedMs    int           `json:"elapsedMs"`
	Rejects      string        `json:"rejects"` // the file of the rejected rows; "" when there are none
	Error        *apperr.Error `json:"error"`
}

// checkLimit is how long a check looks at rows: somebody waits for it.
const checkLimit = 3 * time.Second

// Look finds out what a file is, and which of its columns fit those of a table. Errors: file, data, usage, missing.
func (i *Imports) Look(req ImportLookRequest) (l ImportLook, err error) {
	defer i.state.guard("imports.look", &err)()
	f, err := intake.Open(req.Path, req.Options)
	if err != nil {
		return l, asError(err)
	}
	defer func() { _ = f.Close() }()
	l = lookOf(req.Path, f)
	if req.Table == "" {
		return l, nil
	}
	err = i.state.withConn(req.ConnectionID, func(ctx context.Context, c *loadConn) error {
		t, err := load.Find(ctx, c, req.Schema, req.Table)
		if err == nil {
			l.match(f, t)
		}
		return err
	})
	return l, err
}

func lookOf(path string, f *intake.File) ImportLook {
	l := ImportLook{
		Path: path, Name: filepath.Base(path), Bytes: int(f.Size), Packing: f.Packing, Options: f.Options, Whole: f.Whole, Notes: append([]string{}, f.Notes...),
		Encodings: intake.Encodings(), ProposedTable: load.ColumnName(stem(path)), Rejects: rejectsBeside(path), Sheets: append([]string{}, f.Sheets...), Columns: []ImportFileColumn{}, Rows: []ImportRow{},
	}
	for _, f := range intake.Formats() {
		l.Formats = append(l.Formats, ImportChoice{f.Name, f.Label})
	}
	for _, r := range f.Sample {
		l.Rows = append(l.Rows, ImportRow{Line: int(r.Line), Cells: texts(r.Cells)})
	}
	proposed := load.ColumnNames(f.Names())
	for n, c := range f.Columns {
		col := ImportFileColumn{Name: c.Name, Type: c.Type, Proposed: proposed[n]}
		for _, r := range f.Sample {
			if n < len(r.Cells) && len(r.Cells[n]) > 0 {
				col.First = string(cut(r.Cells[n]))
				break
			}
		}
		l.Columns = append(l.Columns, col)
	}
	return l
}

func (l *ImportLook) match(f *intake.File, t load.Table) {
	l.Table = &ImportTable{Schema: t.Schema, Name: t.Name, Columns: []ImportTableColumn{}, Key: append([]string{}, t.Key...)}
	for _, c := range t.Columns {
		if !c.Generated {
			l.Table.Columns = append(l.Table.Columns, ImportTableColumn{Name: c.Name, Type: c.Type, Required: c.Required})
		}
	}
	for n, name := range matches(f, t) {
		l.Columns[n].Match = name
	}
}

// matches gives for each column of a file the one of the table that it belongs to: by name, or by place where the file has no names.
func matches(f *intake.File, t load.Table) []string {
	if f.Options.Header != "no" {
		return load.Match(f.Names(), t.Names())
	}
	found := make([]string, len(f.Columns))
	copy(found, t.Names())
	return found
}

// Check tells what an import would come to, from as many rows as three seconds allow. Errors: as those of an import.
func (i *Imports) Check(req ImportPlan) (c ImportCheck, err error) {
	defer i.state.guard("imports.check", &err)()
	f, err := intake.Open(req.Path, req.Options)
	if err != nil {
		return c, asError(err)
	}
	defer func() { _ = f.Close() }()
	var got load.Checked
	err = i.state.withConn(req.ConnectionID, func(ctx context.Context, c *loadConn) (err error) {
		got, err = load.Check(ctx, c, f, req.plan(), checkLimit)
		return err
	})
	c = ImportCheck{Lines: int(got.Lines), Whole: got.Whole, Rejected: int(got.Rejected), Problems: []ImportProblem{}, Preview: []ImportRow{}}
	for _, p := range got.Problems {
		c.Problems = append(c.Problems, ImportProblem{Column: p.Column, Rows: int(p.Rows), Line: int(p.Line), Reason: p.Reason})
	}
	for _, r := range got.Preview {
		c.Preview = append(c.Preview, ImportRow{Line: int(r.Line), Cells: texts(r.Cells), Column: r.Column, Reason: r.Reason})
	}
	return c, err
}

// Begin begins an import and answers once its file is open; the rest comes by event. Errors: usage, file, data, lost.
func (i *Imports) Begin(req ImportJob) (err error) {
	defer i.state.guard("imports.begin", &err)()
	a := i.state
	if req.JobID == "" {
		return apperr.E(apperr.Usage, "An import needs an id of its own.")
	}
	con, pool, err := a.reachable(req.Plan.ConnectionID)
	if err != nil {
		return err
	}
	j, err := openImport(req.Plan)
	if err != nil {
		return err
	}
	j.id = req.JobID
	ctx, stop := context.WithCancel(con.ctx)
	j.stop = stop
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.closed || a.imports[j.id] != nil {
		stop()
		j.discard()
		return apperr.E(apperr.Usage, "An import needs an id of its own.")
	}
	a.imports[j.id] = j
	a.start(func() { a.runImport(ctx, j, pool) })
	return nil
}

// Cancel stops an import, and nothing of it is kept. One that is over is left alone.
func (i *Imports) Cancel(req ImportRef) (err error) {
	defer i.state.guard("imports.cancel", &err)()
	i.state.mu.Lock()
	j := i.state.imports[req.JobID]
	i.state.mu.Unlock()
	if j != nil {
		j.stop()
	}
	return nil
}

func (p ImportPlan) plan() load.Plan {
	out := load.Plan{Schema: p.Schema, Table: p.Table, Create: p.Create, KeepGoing: p.KeepGoing, Conflict: p.Conflict, Key: p.Key, DecimalComma: p.Options.Decimal == ","}
	if p.Options.Dates != "server" {
		out.Dates = p.Options.Dates
	}
	for _, c := range p.Columns {
		out.Columns = append(out.Columns, load.Column(c))
	}
	return out
}

// shownBytes is how much of a value is shown before an import.
const shownBytes = 300

func cut(v []byte) []byte {
	if len(v) > shownBytes {
		return append(v[:shownBytes:shownBytes], "…"...)
	}
	return v
}

func texts(cells [][]byte) []*string {
	out := make([]*string, len(cells))
	for i, c := range cells {
		if c != nil {
			s := validText(cut(c))
			out[i] = &s
		}
	}
	return out
}
