package backend_test

import (
	"fmt"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

// TestCheck looks at statements that are only written, never run.
func TestCheck(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "create table lots (id int8 primary key, code text); create table ran (at timestamptz)")
	check := func(text string) backend.Checked {
		t.Helper()
		at := strings.IndexByte(text, '|')
		c, err := a.Queries().Check(backend.CheckRequest{ConnectionID: "c", SessionID: "t", Text: strings.Replace(text, "|", "", 1), Offset: 100, Cursor: at})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, c := range []struct {
		text     string
		code     string // "" for nothing wrong
		position int
	}{
		{"select code from lots|", "", 0},
		{"select 1; select 'é😀', cdoe from lots|", "42703", 100 + 24},
		{"insert into lots values (:id, :code|)", "", 0},
		{"select :a + cdoe from lots|", "42703", 100 + 12},
		{"select from where|", "42601", 100 + 12},
		{"select 1 + 'x'|", "22P02", 100 + 11},
		{"insert into ran values (now())|", "", 0}, // and nothing is written
		{"drop table nosuch|", "", 0},              // the server does not look until it runs
		{"create table other (id int); select * from other|", "", 0},
		{`\dt|`, "", 0},
		{"|", "", 0},
	} {
		got := check(c.text)
		switch {
		case c.code == "" && got.Error != nil:
			t.Errorf("%q: %v", c.text, got.Error)
		case c.code != "" && (got.Error == nil || got.Error.Code != c.code || got.Error.Position == nil || *got.Error.Position != c.position):
			t.Errorf("%q: %+v, want %s at %d", c.text, got.Error, c.code, c.position)
		case c.code != "" && (got.To <= got.From || got.From < 100):
			t.Errorf("%q is at %d to %d", c.text, got.From, got.To)
		}
	}
	if n := a.run("c", "t", "select from ran").Statements[0].Rows; n != 0 {
		t.Errorf("a check wrote %d rows", n)
	}

	// What is true beside the session may be false in it.
	a.run("c", "t", "begin")
	if got := check("select cdoe from lots|"); got.Error != nil || got.To != 0 {
		t.Errorf("in a transaction: %+v", got)
	}
	a.run("c", "t", "rollback; create temp table mine (id int)")
	if got := check("select * from mine|"); got.Error != nil {
		t.Errorf("a temporary table: %v", got.Error)
	}
	if got := check("select from where|"); got.Error == nil {
		t.Error("bad grammar is bad in every session")
	}
	// A table that is locked is no reason to wait for long, nor an error.
	a.run("c", "u", "begin; lock table lots")
	if got := check("select code from lots|"); got.Error != nil {
		t.Errorf("a locked table: %v", got.Error)
	}
	if got, err := a.Queries().Check(backend.CheckRequest{ConnectionID: "nowhere", Text: "select from", Cursor: 0}); err != nil || got.Error != nil {
		t.Errorf("without a connection: %+v, %v", got, err)
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "create type mood as enum ('calm'); create table lots (id int8, code varchar(9), m mood)")
	list := func(connection, text string, cursor int) string {
		t.Helper()
		r, err := a.Queries().Parameters(backend.CheckRequest{ConnectionID: connection, SessionID: "t", Text: text, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, p := range r.Parameters {
			all = append(all, strings.TrimSpace(p.Name+" "+p.Type))
		}
		return strings.Join(all, ", ")
	}
	const script = "select * from lots where id = :id and code = :code; update lots set m = $1 where id = :id"
	for _, c := range []struct {
		connection string
		cursor     int
		want       string
	}{
		{"c", 5, "id int8, code text"}, {"c", 60, "1 mood, id int8"}, {"c", -1, "id int8, code text, 1 mood"}, {"", -1, "id, code, 1"},
	} {
		if got := list(c.connection, script, c.cursor); got != c.want {
			t.Errorf("at %d of %q: %q, want %q", c.cursor, c.connection, got, c.want)
		}
	}

	run := func(params ...backend.ParameterValue) string {
		t.Helper()
		snap, err := a.Queries().Execute(backend.ExecuteRequest{
			ConnectionID: "c", SessionID: "t", RunID: fmt.Sprint(len(params), params), Text: "select $2::text || :word, :none::int is null", Line: 1, Cursor: -1, Params: params,
		})
		if err != nil {
			t.Fatal(err)
		}
		if e := a.final(snap.RunID).Statements[0].Error; e != nil {
			return string(e.Kind)
		}
		row := snap.FirstPage.Rows[0]
		return *row[0] + " " + *row[1]
	}
	word, none := backend.ParameterValue{Name: "word", Value: "'; drop table lots; --"}, backend.ParameterValue{Name: "none", Null: true}
	if got := run(word, none, backend.ParameterValue{Name: "2", Value: "x"}); got != "x'; drop table lots; -- t" {
		t.Errorf("it gives %q", got)
	}
	if got := run(word); got != string(apperr.Syntax) {
		t.Errorf("without all values: %q", got)
	}
}
