package backend

import (
	"context"
	"errors"
	"fmt"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// SortBy is one column of an order.
type SortBy struct {
	Column     int  `json:"column"`
	Descending bool `json:"descending"`
	NullsFirst bool `json:"nullsFirst"`
}

// FilterBy is what a row has to fulfil to be kept. Op is =, ≠, <, ≤, >, ≥, in, contains, matches, null or not null.
type FilterBy struct {
	Column int    `json:"column"`
	Op     string `json:"op"`
	// Values are as a person types them: one, or those of a list.
	Values []string `json:"values"`
	// Case says that contains and matches tell capitals from small letters.
	Case bool `json:"case"`
}

// SearchFor is a text looked for in cells; nothing when Text is "".
type SearchFor struct {
	Text    string `json:"text"`
	Regexp  bool   `json:"regexp"`
	Case    bool   `json:"case"`
	Whole   bool   `json:"whole"`   // the cell has to be the text, not only contain it
	Columns []int  `json:"columns"` // all when empty
}

// ViewRequest asks for rows of a result, sorted and filtered. ViewID is made by the caller; it names the work until it is
// done, and then the view, wherever a result may be named.
type ViewRequest struct {
	ViewID   string     `json:"viewId"`
	ResultID string     `json:"resultId"`
	Sort     []SortBy   `json:"sort"`
	Filter   []FilterBy `json:"filter"`
	Search   SearchFor  `json:"search"`
}

// View is what was made of a result.
type View struct {
	ViewID string `json:"viewId"`
	Rows   int    `json:"rows"`
	// Of is how many rows the result had; Complete that it had all of them then.
	Of       int  `json:"of"`
	Complete bool `json:"complete"`
	// Rules say how each column is ordered.
	Rules     []OrderRule `json:"rules"`
	ElapsedMs int         `json:"elapsedMs"`
}

// OrderRule is how the values of a column are ordered. Kind is number, time, bool, enum, address, bytes or unicode.
type OrderRule struct {
	Kind string `json:"kind"`
	// Language is that of unicode; und for the rules of no language in particular.
	Language string `json:"language"`
	// AsText says that the server has another order for the type, or none.
	AsText bool `json:"asText"`
}

// WorkRef names a view, a search or a summary, under way or done.
type WorkRef struct {
	ID string `json:"id"`
}

// WorkState tells how far a piece of work on a result is.
type WorkState struct {
	ID    string `json:"id"`
	Done  int    `json:"done"`
	Total int    `json:"total"`
}

// FindRequest asks where a text is. ResultID is a result or a view, FindID made by the caller.
type FindRequest struct {
	FindID   string    `json:"findId"`
	ResultID string    `json:"resultId"`
	Search   SearchFor `json:"search"`
}

// Found tells in how many rows a text was found.
type Found struct {
	Rows      int `json:"rows"`
	ElapsedMs int `json:"elapsedMs"`
}

// FindNextRequest asks for the hit behind a cell, or before it when Back. A row of -1 is before the first. Columns are
// gone through in the order of Order, or as they are when it is empty.
type FindNextRequest struct {
	FindID string `json:"findId"`
	Row    int    `json:"row"`
	Column int    `json:"column"`
	Order  []int  `json:"order"`
	Back   bool   `json:"back"`
}

// Hit is a cell with the text. Row is -1 when there is none; Number is its row's among those with a hit, from 1.
type Hit struct {
	Row    int `json:"row"`
	Column int `json:"column"`
	Number int `json:"number"`
}

// FindWindowRequest asks which cells of some rows have the text.
type FindWindowRequest struct {
	FindID string `json:"findId"`
	From   int    `json:"from"`
	Count  int    `json:"count"`
}

// FindWindow lists cells.
type FindWindow struct {
	Hits []Hit `json:"hits"`
}

// SummaryRequest asks what is in a column of the rows From to To, the last one excluded.
type SummaryRequest struct {
	WorkID   string `json:"workId"`
	ResultID string `json:"resultId"`
	Column   int    `json:"column"`
	From     int    `json:"from"`
	To       int    `json:"to"`
}

// Summary says what is in a column. Nil stands for what the column has not: a sum of texts, the smallest of no values.
type Summary struct {
	Rows     int     `json:"rows"`
	Nulls    int     `json:"nulls"`
	Distinct int     `json:"distinct"`
	Min      *string `json:"min"`
	Max      *string `json:"max"`
	Sum      *string `json:"sum"`
	Average  *string `json:"average"`
	// Approximate says that Sum and Average are of floats, and rounded as those are.
	Approximate bool        `json:"approximate"`
	Top         []Frequency `json:"top"`  // the most frequent values
	Bars        []int       `json:"bars"` // how the values lie between Min and Max, in equal parts; none when they have no distance
}

// Frequency is a value and how often it stands.
type Frequency struct {
	Value string `json:"value"`
	Cut   bool   `json:"cut"` // only its beginning is here
	Count int    `json:"count"`
}

// workbench holds what is being done with results. AppState.mu guards it.
type workbench struct {
	views map[string]*view
	finds map[string]*find
	pins  map[string]*pin
	work  map[string]context.CancelFunc
}

type view struct {
	result string // its id
	rows   *spool.View
}

type find struct {
	result string // that of the result below, if it is in a view
	found  *spool.Found
}

func newWorkbench() workbench {
	return workbench{map[string]*view{}, map[string]*find{}, map[string]*pin{}, map[string]context.CancelFunc{}}
}

// clear forgets what was done with results that are gone. The caller holds a.mu.
func (d *workbench) clear(there func(result string) bool) {
	for id, p := range d.pins {
		if p.of != "" && !there(p.of) {
			delete(d.pins, id)
			p.letGo()
		}
	}
	for id, v := range d.views {
		if !there(v.result) {
			delete(d.views, id)
			v.rows.Release()
		}
	}
	for id, f := range d.finds {
		if !there(f.result) {
			delete(d.finds, id)
		}
	}
}

// clearDesk is for when runs were dropped. The caller holds a.mu.
func (a *AppState) clearDesk() {
	a.workbench.clear(func(result string) bool { return a.runs[runOf(result)] != nil || a.workbench.pins[result] != nil })
}

// rows finds the rows of a result or a view, the result's id and its run. Errors: usage, when they are gone.
func (a *AppState) rows(id string) (rows spool.Rows, result string, run *session.Run, err error) {
	a.mu.Lock()
	v := a.workbench.views[id]
	a.mu.Unlock()
	if v != nil {
		run, _, err := a.findResult(v.result)
		return v.rows, v.result, run, err
	}
	run, r, err := a.findResult(id)
	if err != nil {
		return nil, "", nil, err
	}
	return r, id, run, nil
}

// onResult does something on a result under an id, with events about how far it is. Errors: cancelled, usage, limit, file.
func (a *AppState) onResult(id string, columns []spool.Column, do func(ctx context.Context, p *spool.Progress) error) error {
	a.mu.Lock()
	if _, cancelled := a.tombstones[id]; cancelled {
		delete(a.tombstones, id)
		a.mu.Unlock()
		return apperr.E(apperr.Cancelled, "Stopped before it began.")
	}
	if a.closed || id == "" || a.workbench.work[id] != nil || a.workbench.views[id] != nil || a.workbench.finds[id] != nil || a.workbench.pins[id] != nil {
		a.mu.Unlock()
		return apperr.E(apperr.Usage, "Work on a result needs an id of its own.")
	}
	ctx, stop := context.WithCancel(a.ctx)
	a.workbench.work[id] = stop
	a.mu.Unlock()
	var p spool.Progress
	done := make(chan error, 1)
	a.work.Go(func() { done <- do(ctx, &p) })
	defer func() {
		stop()
		a.mu.Lock()
		delete(a.workbench.work, id)
		a.mu.Unlock()
	}()
	tick := time.NewTicker(eventEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			n, of := p.Get()
			a.config.Desktop.Emit(EventWork, WorkState{ID: id, Done: int(n), Total: int(of)})
		case err := <-done:
			if err != nil && ctx.Err() != nil {
				return apperr.E(apperr.Cancelled, "Stopped.", apperr.Cause(err))
			}
			return troubled(err, columns)
		}
	}
}

// troubled says in words why rows could not be put in order or looked through.
func troubled(err error, columns []spool.Column) error {
	var fault *spool.Fault
	switch {
	case err == nil:
		return nil
	case errors.Is(err, spool.ErrTooMany):
		return apperr.E(apperr.Limit, "More than 4,294,967,295 rows cannot be sorted here.", apperr.Hint("Have the server sort them."))
	case !errors.As(err, &fault):
		return ours(err)
	case fault.Column < 0:
		return apperr.E(apperr.Usage, "This is no regular expression.", apperr.Message(fault.Reason), apperr.Hint("Correct it, or turn regular expressions off."))
	}
	c := columns[fault.Column]
	where := apperr.Field("column", c.Name)
	if fault.Value == "" {
		return apperr.E(apperr.Usage, fmt.Sprintf("%s cannot be compared here.", c.Name), apperr.Message(fault.Reason), apperr.Hint("Use contains or matches, or have the server filter."), where)
	}
	return apperr.E(apperr.Usage, fmt.Sprintf("“%s” is nothing that %s could be compared with.", fault.Value, c.Name), apperr.Message(fault.Reason), apperr.Hint("The column is of type "+c.Type+"."), where)
}

// View sorts and filters the rows of a result that are there now. It answers when that is done; how far it is comes by
// event. Errors: usage (a condition cannot be asked, result gone), cancelled, limit, file.
func (q *Queries) View(req ViewRequest) (v View, err error) {
	defer q.state.guard("queries.view", &err)()
	a := q.state
	run, r, err := a.findResult(req.ResultID)
	if err != nil {
		return View{}, err
	}
	spec, err := a.spec(run, req.ResultID, r, req)
	if err != nil {
		return View{}, err
	}
	begin := time.Now()
	complete := r.Complete() // before the rows are counted
	var made *spool.View
	err = a.onResult(req.ViewID, r.Columns(), func(ctx context.Context, p *spool.Progress) (err error) {
		made, err = r.View(ctx, spec, p)
		return err
	})
	if err != nil {
		return View{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.runs[runOf(req.ResultID)] == nil && a.workbench.pins[req.ResultID] == nil {
		made.Release()
		return View{}, errResultClosed
	}
	a.workbench.views[req.ViewID] = &view{req.ResultID, made}
	return View{
		ViewID: req.ViewID, Rows: int(made.Rows()), Of: int(made.Of()), Complete: complete, Rules: told(made.Rules()),
		ElapsedMs: int(time.Since(begin).Milliseconds()),
	}, nil
}

func told(rules []sortkey.Rule) []OrderRule {
	list := make([]OrderRule, len(rules))
	for i, r := range rules {
		list[i] = OrderRule{r.Kind, r.Language, r.AsText}
	}
	return list
}

func (a *AppState) spec(run *session.Run, id string, r *spool.Result, req ViewRequest) (spool.Spec, error) {
	n := len(r.Columns())
	spec := spool.Spec{Rules: a.rules(run, id, r.Columns()), Search: req.Search.spool()}
	for _, s := range req.Sort {
		if s.Column < 0 || s.Column >= n {
			return spec, errNoColumn
		}
		spec.Sort = append(spec.Sort, spool.SortColumn{Column: s.Column, Descending: s.Descending, NullsFirst: s.NullsFirst})
	}
	for _, f := range req.Filter {
		if f.Column < 0 || f.Column >= n {
			return spec, errNoColumn
		}
		spec.Conditions = append(spec.Conditions, spool.Condition{Column: f.Column, Op: f.Op, Values: f.Values, Case: f.Case})
	}
	return spec, nil
}

var errNoColumn = apperr.E(apperr.Usage, "The result has no such column.")

func (s SearchFor) spool() spool.Search {
	return spool.Search{Text: s.Text, Regexp: s.Regexp, Case: s.Case, Whole: s.Whole, Columns: s.Columns}
}

// StopWork ends work on a result that is under way, or removes the view or the search it made. One that is not known yet
// does not begin.
func (q *Queries) StopWork(req WorkRef) (err error) {
	defer q.state.guard("queries.stopWork", &err)()
	a := q.state
	a.mu.Lock()
	defer a.mu.Unlock()
	switch v := a.workbench.views[req.ID]; {
	case v != nil:
		delete(a.workbench.views, req.ID)
		v.rows.Release()
	case a.workbench.finds[req.ID] != nil:
		delete(a.workbench.finds, req.ID)
	case a.workbench.work[req.ID] != nil:
		a.workbench.work[req.ID]()
	case req.ID != "":
		a.bury(req.ID)
	}
	return nil
}

// Find looks for a text in all rows that are there now. Errors as View.
func (q *Queries) Find(req FindRequest) (f Found, err error) {
	defer q.state.guard("queries.find", &err)()
	a := q.state
	rows, result, _, err := a.rows(req.ResultID)
	if err != nil {
		return Found{}, err
	}
	for _, c := range req.Search.Columns {
		if c < 0 || c >= len(rows.Columns()) {
			return Found{}, errNoColumn
		}
	}
	begin := time.Now()
	var found *spool.Found
	err = a.onResult(req.FindID, rows.Columns(), func(ctx context.Context, p *spool.Progress) (err error) {
		found, err = spool.Find(ctx, rows, req.Search.spool(), p)
		return err
	})
	if err != nil {
		return Found{}, err
	}
	a.mu.Lock()
	a.workbench.finds[req.FindID] = &find{result, found}
	a.mu.Unlock()
	return Found{Rows: int(found.Rows()), ElapsedMs: int(time.Since(begin).Milliseconds())}, nil
}

func (a *AppState) found(id string) (*spool.Found, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if f := a.workbench.finds[id]; f != nil {
		return f.found, nil
	}
	return nil, apperr.E(apperr.Usage, "This search is closed.", apperr.Hint("Search again."))
}

// FindNext gives the hit behind a cell or before it, round the end. Errors: usage, file.
func (q *Queries) FindNext(req FindNextRequest) (h Hit, err error) {
	defer q.state.guard("queries.findNext", &err)()
	f, err := q.state.found(req.FindID)
	if err != nil {
		return Hit{}, err
	}
	p, err := f.Next(int64(req.Row), req.Column, req.Order, req.Back)
	if err != nil {
		return Hit{}, unreadable(err)
	}
	return Hit{int(p.Row), p.Column, int(p.Number)}, nil
}

// FindWindow lists the hits among some rows, at most 2,000. Errors as FindNext.
func (q *Queries) FindWindow(req FindWindowRequest) (w FindWindow, err error) {
	defer q.state.guard("queries.findWindow", &err)()
	f, err := q.state.found(req.FindID)
	if err != nil {
		return FindWindow{}, err
	}
	list, err := f.Window(int64(req.From), int64(min(req.Count, spool.MaxPageRows)))
	if err != nil {
		return FindWindow{}, unreadable(err)
	}
	w.Hits = make([]Hit, len(list))
	for i, p := range list {
		w.Hits[i] = Hit{Row: int(p.Row), Column: p.Column}
	}
	return w, nil
}

// Summarize says what is in a column. Errors as View.
func (q *Queries) Summarize(req SummaryRequest) (s Summary, err error) {
	defer q.state.guard("queries.summarize", &err)()
	a := q.state
	rows, result, run, err := a.rows(req.ResultID)
	if err != nil {
		return Summary{}, err
	}
	if req.Column < 0 || req.Column >= len(rows.Columns()) || req.From < 0 {
		return Summary{}, errNoColumn
	}
	rule := a.rules(run, result, rows.Columns())[req.Column]
	var got *spool.Summary
	err = a.onResult(req.WorkID, rows.Columns(), func(ctx context.Context, p *spool.Progress) (err error) {
		got, err = spool.Summarize(ctx, rows, req.Column, int64(req.From), int64(req.To), rule, p)
		return err
	})
	if err != nil {
		return Summary{}, err
	}
	s = Summary{
		Rows: int(got.Rows), Nulls: int(got.Nulls), Distinct: int(got.Distinct), Min: got.Min, Max: got.Max, Sum: got.Sum, Average: got.Average,
		Approximate: got.Approximate, Top: make([]Frequency, len(got.Top)), Bars: make([]int, len(got.Bars)),
	}
	for i, f := range got.Top {
		s.Top[i] = Frequency{f.Value, f.Cut, int(f.Count)}
	}
	for i, n := range got.Bars {
		s.Bars[i] = int(n)
	}
	return s, nil
}
