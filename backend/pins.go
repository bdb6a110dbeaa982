package backend

import (
	"context"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
)

// PinRequest names a result that is to stay when its tab runs something else.
type PinRequest struct {
	ResultID string `json:"resultId"`
}

// CompareRequest asks how two results differ; both are results or views. CompareID is made by the caller: it names the
// work, and then the differences, wherever a result may be named. Key are the columns by which rows belong together; when
// it is empty, those of the same number do.
type CompareRequest struct {
	CompareID string `json:"compareId"`
	Left      string `json:"left"`
	Right     string `json:"right"`
	Key       []int  `json:"key"`
}

// Comparison tells of the differences. They are rows with a column before the others: removed, added, before, after.
type Comparison struct {
	Result  session.Result `json:"result"`
	Added   int            `json:"added"`
	Removed int            `json:"removed"`
	Changed int            `json:"changed"`
	Same    int            `json:"same"`
	// ElapsedMs is how long it took.
	ElapsedMs int `json:"elapsedMs"`
}

// pin is a result that stays whatever its tab does. It goes by the result's id.
type pin struct {
	run   *session.Run // of a comparison: that of the right side
	rows  *spool.Result
	letGo func()
	made  bool   // by Compare or Group
	of    string // the result whose groups these are; they go with it
}

// whole tells whether a result has all its rows.
func (a *AppState) whole(run *session.Run, result string) bool {
	a.mu.Lock()
	p := a.workbench.pins[result]
	a.mu.Unlock()
	return p != nil && p.made || run.Whole(result)
}

// Pin keeps a result until Unpin, also when its tab runs something else or is closed. Errors: usage, when it is gone.
func (q *Queries) Pin(req PinRequest) (err error) {
	defer q.state.guard("queries.pin", &err)()
	a := q.state
	run, r, err := a.findResult(req.ResultID)
	if err != nil {
		return err
	}
	letGo, ok := r.Hold()
	if !ok {
		return errResultClosed
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.workbench.pins[req.ResultID] != nil || a.closed {
		letGo()
		return nil
	}
	a.workbench.pins[req.ResultID] = &pin{run: run, rows: r, letGo: letGo}
	return nil
}

// Unpin lets a pinned result go, or the differences of two.
func (q *Queries) Unpin(req PinRequest) (err error) {
	defer q.state.guard("queries.unpin", &err)()
	a := q.state
	a.mu.Lock()
	p := a.workbench.pins[req.ResultID]
	delete(a.workbench.pins, req.ResultID)
	a.clearDesk()
	a.mu.Unlock()
	if p != nil {
		p.letGo()
	}
	return nil
}

// Compare finds the rows in which two results differ, which are a result of their own until Unpin. Errors: usage (other
// columns, a result is gone), cancelled, limit, file.
func (q *Queries) Compare(req CompareRequest) (c Comparison, err error) {
	defer q.state.guard("queries.compare", &err)()
	a := q.state
	left, _, _, err := a.rows(req.Left)
	if err != nil {
		return Comparison{}, err
	}
	right, result, run, err := a.rows(req.Right)
	if err != nil {
		return Comparison{}, err
	}
	if !alike(left.Columns(), right.Columns()) {
		return Comparison{}, apperr.E(apperr.Usage, "The two results have other columns.", apperr.Hint("Compare results of the same query."))
	}
	for _, k := range req.Key {
		if k < 0 || k >= len(right.Columns()) {
			return Comparison{}, errNoColumn
		}
	}
	rules := a.rules(run, result, right.Columns())
	begin := time.Now()
	var made *spool.Result
	var counts spool.Comparison
	err = a.onResult(req.CompareID, right.Columns(), func(ctx context.Context, p *spool.Progress) (err error) {
		for _, rows := range []spool.Rows{left, right} {
			letGo, ok := rows.Hold()
			if !ok {
				return errResultClosed
			}
			defer letGo()
		}
		made, counts, err = a.spool.Compare(ctx, left, right, rules, req.Key, p)
		return err
	})
	if err != nil {
		return Comparison{}, err
	}
	a.mu.Lock()
	a.workbench.pins[req.CompareID] = &pin{run: run, rows: made, letGo: made.Release, made: true}
	a.mu.Unlock()
	return Comparison{
		Result: session.Result{ID: req.CompareID, Columns: made.Columns(), Rows: int(made.Rows()), Bytes: int(made.Bytes()), Complete: true},
		Added:  int(counts.Added), Removed: int(counts.Removed), Changed: int(counts.Changed), Same: int(counts.Same),
		ElapsedMs: int(time.Since(begin).Milliseconds()),
	}, nil
}

// alike tells whether two results have columns of the same names and types.
func alike(a, b []spool.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].TypeOID != b[i].TypeOID {
			return false
		}
	}
	return true
}
