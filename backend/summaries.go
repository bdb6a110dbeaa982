package backend

import (
	"context"

	"desktop.tusk/backend/spool"
)

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
