package backend

import (
	"context"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
)

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

type find struct {
	result string // that of the result below, if it is in a view
	found  *spool.Found
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
