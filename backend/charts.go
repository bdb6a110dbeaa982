package backend

import (
	"bytes"
	"context"
	"encoding/base64"
	"strconv"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// ChartRequest asks for what is to be drawn of a result's or a view's rows. Kind is line, scatter or bar; X a column, or -1
// for the number of the row; Parts is in how many parts X is taken when there are many rows. WorkID names the work.
type ChartRequest struct {
	WorkID   string `json:"workId"`
	ResultID string `json:"resultId"`
	Kind     string `json:"kind"`
	X        int    `json:"x"`
	Y        []int  `json:"y"`
	Parts    int    `json:"parts"`
}

// Chart is what can be drawn, from left to right.
type Chart struct {
	// At is where each place is along X: a number, seconds since 1970 for a time, or the number of a bar from 0. It is
	// written as text, as all floats are that cross to the page. Labels are X as the server sent it; of bars what stands
	// under them, where NULL and texts that look like it are told apart as in SQL. Counts are the rows that a place stands
	// for.
	At     []string      `json:"at"`
	Labels []string      `json:"labels"`
	Counts []int         `json:"counts"`
	Series []ChartSeries `json:"series"`
	// Rows were looked at. Of those, Left have no X that can be drawn, and of their values Endless are NaN or infinite, and
	// Nulls NULL. More are beyond the last bar.
	Rows    int `json:"rows"`
	Left    int `json:"left"`
	Endless int `json:"endless"`
	Nulls   int `json:"nulls"`
	More    int `json:"more"`
	// Spans says that a place is of many rows: of each part of X the smallest and the greatest value are there, of a
	// scatter one dot where several lie on each other.
	Spans     bool `json:"spans"`
	ElapsedMs int  `json:"elapsedMs"`
}

// ChartSeries has the values of one column, as floats to be drawn and as the server sent them. One that cannot be drawn is
// ""; its text says what it is, and is "" where there is none at all.
type ChartSeries struct {
	Values []string `json:"values"`
	Texts  []string `json:"texts"`
}

const (
	seriesLimit = 12
	// epoch2000 is where spool counts times from, in seconds since 1970.
	epoch2000 = 946_684_800
)

// Chart reads what is to be drawn of the rows that are there now. Errors as View.
func (q *Queries) Chart(req ChartRequest) (c Chart, err error) {
	defer q.state.guard("queries.chart", &err)()
	a := q.state
	rows, _, _, err := a.rows(req.ResultID)
	if err != nil {
		return Chart{}, err
	}
	n := len(rows.Columns())
	for _, y := range append([]int{max(req.X, 0)}, req.Y...) {
		if y < 0 || y >= n {
			return Chart{}, errNoColumn
		}
	}
	switch {
	case len(req.Y) == 0 || len(req.Y) > seriesLimit:
		return Chart{}, apperr.E(apperr.Usage, "A chart has one series, or up to 12.")
	case req.Kind != spool.Line && req.Kind != spool.Scatter && req.Kind != spool.Bar:
		return Chart{}, apperr.E(apperr.Usage, "There is no such chart.")
	}
	begin := time.Now()
	var made *spool.Chart
	err = a.onResult(req.WorkID, rows.Columns(), func(ctx context.Context, p *spool.Progress) (err error) {
		letGo, ok := rows.Hold()
		if !ok {
			return errResultClosed
		}
		defer letGo()
		made, err = a.spool.Chart(ctx, rows, spool.ChartSpec{Kind: req.Kind, X: req.X, Y: req.Y, Parts: req.Parts}, p)
		return err
	})
	if err != nil {
		return Chart{}, err
	}
	shift := 0.0
	if req.Kind != spool.Bar && req.X >= 0 && rows.Columns()[req.X].Class == "time" {
		shift = epoch2000
	}
	c = drawn(made, len(req.Y), shift)
	c.ElapsedMs = int(time.Since(begin).Milliseconds())
	return c, nil
}

// drawn turns places into series.
func drawn(made *spool.Chart, series int, shift float64) Chart {
	n := len(made.Places)
	c := Chart{
		At: make([]string, n), Labels: make([]string, n), Counts: make([]int, n), Series: make([]ChartSeries, series),
		Rows: int(made.Rows), Left: int(made.Left), Endless: int(made.Endless), Nulls: int(made.Nulls), More: int(made.More), Spans: made.Spans,
	}
	for s := range c.Series {
		c.Series[s] = ChartSeries{Values: make([]string, n), Texts: make([]string, n)}
	}
	for i, p := range made.Places {
		c.At[i], c.Labels[i], c.Counts[i] = floatText(p.At+shift), p.X, int(p.Rows)
		for s := range p.Y {
			if c.Series[s].Texts[i] = p.Y[s].Text; p.Y[s].Is {
				c.Series[s].Values[i] = floatText(p.Y[s].At)
			}
		}
	}
	return c
}

func floatText(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// PictureRequest is a PNG as the page has drawn it, to be written to a file.
type PictureRequest struct {
	Path string `json:"path"`
	Data string `json:"data"` // base64
}

// SavePicture writes a picture, whole or not at all. Errors: usage, file_missing, file_denied, file_full, file.
func (q *Queries) SavePicture(req PictureRequest) (err error) {
	defer q.state.guard("queries.savePicture", &err)()
	data, err := base64.StdEncoding.DecodeString(req.Data)
	if err != nil || !bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) {
		return apperr.E(apperr.Usage, "This is no picture.", apperr.Cause(err))
	}
	to, err := transfer.Create(req.Path)
	if err != nil {
		return err
	}
	if _, err := to.Write(data); err != nil {
		to.Discard()
		return err
	}
	return to.Keep()
}
