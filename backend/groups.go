package backend

import (
	"context"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/sortkey"
	"desktop.tusk/backend/spool"
)

// GroupBy is a column by which rows belong together. Unit is day, week, month or year for dates and timestamps, or "".
type GroupBy struct {
	Column int    `json:"column"`
	Unit   string `json:"unit"`
}

// Aggregate is computed of each group. Func is count, distinct, sum, avg, min or max; Column -1 counts the rows.
type Aggregate struct {
	Func   string `json:"func"`
	Column int    `json:"column"`
}

// GroupRequest asks for the groups of a result's or a view's rows. GroupID is made by the caller: it names the work, and
// then the groups, wherever a result may be named, until Unpin. Across makes a pivot: its values are columns, with the one
// aggregate there is.
type GroupRequest struct {
	GroupID    string      `json:"groupId"`
	ResultID   string      `json:"resultId"`
	Keys       []GroupBy   `json:"keys"`
	Across     *GroupBy    `json:"across"`
	Aggregates []Aggregate `json:"aggregates"`
}

// Groups tells of what was grouped: so many Rows. Values are how many different ones the column of a pivot has, Shown how
// many of them are columns. Complete says that all rows of the result were there then.
type Groups struct {
	Result    session.Result `json:"result"`
	Rows      int            `json:"rows"`
	Values    int            `json:"values"`
	Shown     int            `json:"shown"`
	Complete  bool           `json:"complete"`
	ElapsedMs int            `json:"elapsedMs"`
}

// groupLimit bounds what one grouping may ask for.
const groupLimit = 64

// grouping checks what is asked for.
func grouping(keys []GroupBy, across *GroupBy, aggregates []Aggregate, columns int) (spec spool.Grouping, err error) {
	key := func(k GroupBy) spool.GroupKey {
		if k.Column < 0 || k.Column >= columns {
			err = errNoColumn
		}
		if k.Unit != "" && !sortkey.IsUnit(k.Unit) {
			err = apperr.E(apperr.Usage, "Dates can be grouped by day, week, month or year.")
		}
		return spool.GroupKey{Column: k.Column, Unit: k.Unit}
	}
	for _, k := range keys {
		spec.Keys = append(spec.Keys, key(k))
	}
	if across != nil {
		k := key(*across)
		spec.Across = &k
	}
	for _, a := range aggregates {
		switch a.Func {
		case spool.Count:
			if a.Column < -1 || a.Column >= columns {
				err = errNoColumn
			}
		case spool.Distinct, spool.Sum, spool.Average, spool.Min, spool.Max:
			if a.Column < 0 || a.Column >= columns {
				err = errNoColumn
			}
		default:
			err = apperr.E(apperr.Usage, "There is no such aggregate.")
		}
		spec.Aggregates = append(spec.Aggregates, spool.Aggregate{Func: a.Func, Column: a.Column})
	}
	switch n := len(aggregates); {
	case err != nil:
	case len(keys)+n > groupLimit:
		err = apperr.E(apperr.Limit, "Rows can be grouped by up to 64 columns and aggregates together.")
	case n == 0, across != nil && n != 1:
		err = apperr.E(apperr.Usage, "A pivot has one aggregate, groups at least one.")
	}
	return spec, err
}

// Group groups rows that are there now. The groups go with the result they are of, or with Unpin. Errors as View.
func (q *Queries) Group(req GroupRequest) (g Groups, err error) {
	defer q.state.guard("queries.group", &err)()
	a := q.state
	rows, result, run, err := a.rows(req.ResultID)
	if err != nil {
		return Groups{}, err
	}
	spec, err := grouping(req.Keys, req.Across, req.Aggregates, len(rows.Columns()))
	if err != nil {
		return Groups{}, err
	}
	spec.Rules = a.rules(run, result, rows.Columns())
	begin, complete := time.Now(), rows.Complete()
	var made *spool.Result
	var info spool.Grouped
	err = a.onResult(req.GroupID, rows.Columns(), func(ctx context.Context, p *spool.Progress) (err error) {
		letGo, ok := rows.Hold()
		if !ok {
			return errResultClosed
		}
		defer letGo()
		made, info, err = a.spool.Group(ctx, rows, spec, p)
		return err
	})
	if err != nil {
		return Groups{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.runs[runOf(result)] == nil && a.workbench.pins[result] == nil {
		made.Release()
		return Groups{}, errResultClosed
	}
	a.workbench.pins[req.GroupID] = &pin{run: run, rows: made, letGo: made.Release, made: true, of: result}
	return Groups{
		Result: session.Result{ID: req.GroupID, Columns: made.Columns(), Rows: int(made.Rows()), Bytes: int(made.Bytes()), Complete: true},
		Rows:   int(info.Rows), Values: int(info.Values), Shown: int(info.Shown), Complete: complete,
		ElapsedMs: int(time.Since(begin).Milliseconds()),
	}, nil
}
