package catalog

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"desktop.tusk/backend/apperr"
)

// Querier asks questions of our own: read-only, with an empty search path, beside the person's sessions. Values come as
// the server's text, nil for NULL.
type Querier interface {
	Query(ctx context.Context, sql string, args ...string) ([][][]byte, error)
	// Ask asks several questions in one message. Each takes all args; row is given the rows as they come, and may not
	// keep the values. Behind one that fails nothing is asked.
	Ask(ctx context.Context, questions []string, row func(question int, values [][]byte), args ...string) error
}

//go:embed queries/*.sql
var files embed.FS

var condition = regexp.MustCompile(`\s*-- (since|before) (\d+)$`)

// question gives the text of queries/name.sql for a server of the major version.
func question(name string, major int) string {
	text, err := files.ReadFile("queries/" + name + ".sql")
	if err != nil {
		panic(err) // a name misspelt here; any test would meet it
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "-- ") {
			continue
		}
		if m := condition.FindStringSubmatch(line); m != nil {
			at, _ := strconv.Atoi(m[2]) // digits, by the expression
			if (m[1] == "since") != (major >= at) {
				continue
			}
			line = strings.TrimSuffix(line, m[0])
		}
		b.WriteString(line + "\n")
	}
	return b.String()
}

// part is a question and what takes its rows. name is how problems call it.
type part struct {
	name     string
	question string
	row      func(row)
}

// askAll asks all parts in one message. If one fails they are asked again each by itself, after reset, so that only
// what cannot be read is missing; problem is told of those. Errors: when nothing can be asked at all.
func askAll(ctx context.Context, q Querier, major int, parts []part, reset func(), problem func(part, error), args ...string) error {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = question(p.question, major)
	}
	err := q.Ask(ctx, texts, func(i int, values [][]byte) { parts[i].row(values) }, args...)
	if err == nil || hopeless(err) {
		return err
	}
	reset()
	for i, p := range parts {
		err := q.Ask(ctx, texts[i:i+1], func(_ int, values [][]byte) { p.row(values) }, args...)
		if hopeless(err) {
			return err
		}
		if err != nil {
			problem(p, err)
		}
	}
	return nil
}

// hopeless tells whether the next question would fail as well: it is not the server that refused this one.
func hopeless(err error) bool {
	e := apperr.From(err)
	return e != nil && e.Code == ""
}

// row is a row of an answer; values that are missing or no number read as zero.
type row [][]byte

// clone keeps a row beyond its call.
func (r row) clone() row {
	out := make(row, len(r))
	for i, v := range r {
		out[i] = bytes.Clone(v)
	}
	return out
}

func (r row) text(i int) string {
	if i >= len(r) {
		return ""
	}
	return string(r[i])
}

func (r row) number(i int) int {
	if i >= len(r) {
		return 0
	}
	n, err := strconv.Atoi(string(r[i]))
	if err != nil {
		return 0
	}
	return n
}

// known is number, and -1 for NULL.
func (r row) known(i int) int {
	if i >= len(r) || r[i] == nil {
		return -1
	}
	return r.number(i)
}

func (r row) oid(i int) uint32 { return uint32(r.number(i)) }

func (r row) yes(i int) bool { return i < len(r) && string(r[i]) == "t" }

func (r row) char(i int) byte {
	if i >= len(r) || len(r[i]) == 0 {
		return 0
	}
	return r[i][0]
}

// numbers reads an int2[] such as {1,2}.
func (r row) numbers(i int) []int16 {
	if i >= len(r) {
		return nil
	}
	var list []int16
	for field := range bytes.SplitSeq(bytes.Trim(r[i], "{}"), []byte(",")) {
		if n, err := strconv.ParseInt(string(field), 10, 16); err == nil {
			list = append(list, int16(n))
		}
	}
	return list
}

// from reads a value that the question made as JSON.
func (r row) from(i int, to any) {
	if i < len(r) && len(r[i]) > 0 {
		_ = json.Unmarshal(r[i], to) // a value of another shape leaves what is there
	}
}
