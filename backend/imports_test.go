package backend_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/intake"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"github.com/xuri/excelize/v2"
)

// importing begins an import and waits for its end.
func (a *app) importing(plan backend.ImportPlan) (s backend.ImportState, all []backend.ImportState) {
	a.t.Helper()
	a.n++
	id := fmt.Sprintf("import-%d", a.n)
	if err := a.Imports().Begin(backend.ImportJob{JobID: id, Plan: plan}); err != nil {
		a.t.Fatal(err)
	}
	eventually(a.t, id+" ends", func() bool {
		all = nil
		for _, e := range a.of(backend.EventImport) {
			if one := e.payload.(backend.ImportState); one.JobID == id {
				all = append(all, one)
			}
		}
		return len(all) > 0 && all[len(all)-1].State != backend.ExportRunning
	})
	return all[len(all)-1], all
}

func TestImport(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	a.connect("c", url)
	path := filepath.Join(dir, "Beans 2026.csv")
	write(t, path, "SKU,Product name,price\n1,Yirga,9.5\n2,Guji,ten\n3,Sidamo,\n")
	if got := a.run("c", "t", "create table beans (sku int primary key, product_name text, price numeric(10,2) not null default 1)"); got.Outcome != "finished" {
		t.Fatalf("%+v", got)
	}

	look, err := a.Imports().Look(backend.ImportLookRequest{Path: path, ConnectionID: "c", Table: "beans"})
	if err != nil {
		t.Fatal(err)
	}
	if look.ProposedTable != "beans_2026" || look.Rejects != filepath.Join(dir, "Beans 2026.rejected.csv") || !look.Whole || len(look.Rows) != 3 || look.Options.Delimiter != "," || look.Options.Header != "yes" {
		t.Errorf("%+v", look)
	}
	if c := look.Columns[1]; c != (backend.ImportFileColumn{Name: "Product name", Type: "text", First: "Yirga", Proposed: "product_name", Match: "product_name"}) {
		t.Errorf("%+v", c)
	}
	if look.Table == nil || look.Table.Schema != "public" || strings.Join(look.Table.Key, ",") != "sku" || look.Table.Columns[2] != (backend.ImportTableColumn{Name: "price", Type: "numeric(10,2)"}) {
		t.Errorf("%+v", look.Table)
	}

	plan := backend.ImportPlan{ConnectionID: "c", Path: path, Options: look.Options, Schema: "public", Table: "beans"}
	for _, c := range look.Columns {
		plan.Columns = append(plan.Columns, backend.ImportColumn{Name: c.Match})
	}
	check, err := a.Imports().Check(plan)
	if err != nil || check.Lines != 3 || !check.Whole || check.Rejected != 2 || len(check.Problems) != 1 || check.Problems[0].Column != "price" || check.Problems[0].Line != 3 {
		t.Errorf("%+v %v", check, err)
	}
	if got := *check.Preview[0].Cells[2]; got != "9.50" {
		t.Error(got)
	}

	s, _ := a.importing(plan)
	if s.State != backend.ExportFailed || s.Error == nil || s.Error.Fields["line"] != "3" || s.Error.Kind != apperr.Data {
		t.Errorf("%+v %+v", s, s.Error)
	}
	alone(t, dir, "Beans 2026.csv")

	plan.KeepGoing, plan.Rejects = true, look.Rejects
	s, _ = a.importing(plan)
	if s.State != backend.ExportDone || s.Rows != 1 || s.Rejected != 2 || s.Rejects != look.Rejects || s.Read != s.Bytes || s.Error != nil {
		t.Errorf("%+v %+v", s, s.Error)
	}
	if got := read(t, look.Rejects); !strings.HasPrefix(got, "line,column,reason,SKU,Product name,price\n3,price,") || strings.Count(got, "\n") != 3 {
		t.Errorf("%q", got)
	}
	if again, err := a.Imports().Look(backend.ImportLookRequest{Path: path}); err != nil || again.Rejects != filepath.Join(dir, "Beans 2026.rejected-2.csv") {
		t.Error(again.Rejects, err)
	}

	t.Run("a new table is in the catalog", func(t *testing.T) {
		if _, err := a.Schema().Tree(backend.ConnectionRef{ConnectionID: "c"}); err != nil {
			t.Fatal(err)
		}
		before := len(a.of(backend.EventCatalog))
		s, _ := a.importing(backend.ImportPlan{ConnectionID: "c", Path: path, Table: "fresh", Create: true, Columns: []backend.ImportColumn{{Name: "a", Type: "int"}, {Name: "b", Type: "text"}, {}}})
		if s.State != backend.ExportDone || s.Rows != 3 {
			t.Errorf("%+v %+v", s, s.Error)
		}
		eventually(t, "the catalog is read", func() bool { return len(a.of(backend.EventCatalog)) > before })
	})
	t.Run("what cannot begin", func(t *testing.T) {
		for _, c := range []struct {
			plan backend.ImportPlan
			kind apperr.Kind
		}{
			{backend.ImportPlan{ConnectionID: "nosuch", Path: path}, apperr.Lost},
			{backend.ImportPlan{ConnectionID: "c", Path: path + "x"}, apperr.File},
			{backend.ImportPlan{ConnectionID: "c", Path: path}, apperr.Usage},
			{backend.ImportPlan{ConnectionID: "c", Path: path, Columns: make([]backend.ImportColumn, 3), KeepGoing: true, Rejects: "/nosuch/x.csv"}, apperr.FileMissing},
			{backend.ImportPlan{ConnectionID: "c", Path: path, Columns: make([]backend.ImportColumn, 3), KeepGoing: true, Rejects: "x.csv"}, apperr.File},
		} {
			if err := a.Imports().Begin(backend.ImportJob{JobID: "x", Plan: c.plan}); apperr.KindOf(err) != c.kind {
				t.Errorf("%+v: %v", c.plan, err)
			}
		}
		one := filepath.Join(t.TempDir(), "one.csv")
		write(t, one, "a\n1\n")
		if err := a.Imports().Begin(backend.ImportJob{JobID: "x", Plan: backend.ImportPlan{ConnectionID: "c", Path: one}}); err == nil || !strings.Contains(err.Error(), "The file has 1 column, and the plan is for 0.") {
			t.Error(err)
		}
		if err := a.Imports().Cancel(backend.ImportRef{JobID: "nosuch"}); err != nil {
			t.Error(err)
		}
	})
}

// An import that is cancelled leaves no row, no table and no file of rejects.
func TestImportCancelled(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	a.connect("c", url)
	path := filepath.Join(dir, "a.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	row := []byte(strings.Repeat("1,some text that is a little longer\nx,y\n", 20_000))
	for range 40 {
		if _, err := f.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	plan := backend.ImportPlan{ConnectionID: "c", Path: path, Options: intake.Options{Header: "no"}, Table: "t", Create: true, Columns: []backend.ImportColumn{{Name: "a", Type: "int"}, {Name: "b", Type: "text"}}, KeepGoing: true}
	if err := a.Imports().Begin(backend.ImportJob{JobID: "j", Plan: plan}); err != nil {
		t.Fatal(err)
	}
	last := func() (s backend.ImportState) {
		for _, e := range a.of(backend.EventImport) {
			s = e.payload.(backend.ImportState)
		}
		return s
	}
	eventually(t, "rows are imported", func() bool { return last().Rows > 0 })
	if a.MayClose() {
		t.Error("the window closes while a file is imported")
	}
	if err := a.Imports().Cancel(backend.ImportRef{JobID: "j"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it ends", func() bool { return last().State == backend.ExportCancelled })
	alone(t, dir, "a.csv")
	if got, err := a.execute("c", "t", "select to_regclass('t') is null"); err != nil || got.FirstPage == nil || *got.FirstPage.Rows[0][0] != "t" {
		t.Errorf("%+v %v", got.FirstPage, err)
	}
}

// The file of rejects that was there stays until the rows that fit are in the table.
func TestRejectsOfFailedImport(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	a.connect("c", url)
	a.run("c", "t", "create table t (a int unique deferrable initially deferred)")
	path, rejects := filepath.Join(dir, "a.csv"), filepath.Join(dir, "old.csv")
	write(t, path, "a\n1\nx\n1\n")
	write(t, rejects, "of old")
	plan := backend.ImportPlan{ConnectionID: "c", Path: path, Table: "t", Columns: []backend.ImportColumn{{Name: "a"}}, KeepGoing: true, Rejects: rejects}
	if s, _ := a.importing(plan); s.State != backend.ExportFailed || s.Rejects != "" || read(t, rejects) != "of old" {
		t.Errorf("%+v", s)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("%v, %v", list, err)
	}
	a.run("c", "t", "alter table t drop constraint t_a_key")
	if s, _ := a.importing(plan); s.State != backend.ExportDone || s.Rejects != rejects || !strings.HasPrefix(read(t, rejects), "line,column,reason,a\n3,a,") {
		t.Errorf("%+v %s", s, read(t, rejects))
	}

	link := filepath.Join(dir, "link.csv")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{path, link} {
		plan.Rejects = same
		kind(t, a.Imports().Begin(backend.ImportJob{JobID: "no", Plan: plan}), apperr.Usage)
	}
	if read(t, path) != "a\n1\nx\n1\n" {
		t.Error("the file is another now")
	}
}

// A compressed file is imported as it is, with the lines of its text; of one that is damaged nothing is, whatever is to
// become of rows that do not fit.
func TestImportCompressed(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	a.connect("c", url)
	var text bytes.Buffer
	z := gzip.NewWriter(&text)
	_, _ = fmt.Fprint(z, "a,b\nx,not a number\n")
	for i := range 200_000 {
		_, _ = fmt.Fprintf(z, "%d,%x\n", i, i*i*7919)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "Log.CSV.gz")
	write(t, path, text.String())

	look, err := a.Imports().Look(backend.ImportLookRequest{Path: path})
	if err != nil || look.Packing != "gzip" || look.Bytes != text.Len() || look.ProposedTable != "log" || look.Rejects != filepath.Join(dir, "Log.rejected.csv") || look.Whole {
		t.Errorf("%+v, %v", look, err)
	}
	plan := backend.ImportPlan{ConnectionID: "c", Path: path, Options: look.Options, Table: "log", Create: true, KeepGoing: true, Rejects: look.Rejects, Columns: []backend.ImportColumn{{Name: "a", Type: "int"}, {Name: "b", Type: "text"}}}
	s, all := a.importing(plan)
	if s.State != backend.ExportDone || s.Rows != 200_000 || s.Rejected != 1 || s.Read != s.Bytes || s.Bytes != text.Len() {
		t.Errorf("%+v %+v", s, s.Error)
	}
	for _, e := range all {
		if e.Read > e.Bytes {
			t.Errorf("%d bytes of %d", e.Read, e.Bytes)
		}
	}
	if got := read(t, look.Rejects); !strings.HasPrefix(got, "line,column,reason,a,b\n2,a,") || strings.Count(got, "\n") != 2 {
		t.Errorf("%q", got)
	}

	if err := os.Remove(look.Rejects); err != nil {
		t.Fatal(err)
	}
	write(t, path, text.String()[:text.Len()-4])
	plan.Table = "cut"
	for _, plan.KeepGoing = range []bool{true, false} {
		plan.Columns[0].Type = map[bool]string{true: "int", false: "text"}[plan.KeepGoing] // the row that does not fit would be told first
		s, _ := a.importing(plan)
		if s.State != backend.ExportFailed || s.Error.Kind != apperr.Data || s.Error.Title != "Log.CSV.gz ends too early: the rest of its gzip data is missing." || !strings.HasPrefix(s.Error.Hint, "Nothing was imported.") {
			t.Errorf("%+v %+v", s, s.Error)
		}
		alone(t, dir, "Log.CSV.gz")
		if got, err := a.execute("c", "t", "select to_regclass('cut') is null"); err != nil || got.FirstPage == nil || *got.FirstPage.Rows[0][0] != "t" {
			t.Errorf("%+v %v", got.FirstPage, err)
		}
	}
}

// Who imports one of several sheets without having named it is told of the others.
func TestImportFileOfSheets(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	path := filepath.Join(dir, "a.xlsx")
	book := excelize.NewFile()
	_, err := book.NewSheet("More")
	for _, sheet := range []string{"Sheet1", "More"} {
		err = errors.Join(err, book.SetCellValue(sheet, "A1", "n"), book.SetCellValue(sheet, "A2", 1))
	}
	if err = errors.Join(err, book.SaveAs(path)); err != nil {
		t.Fatal(err)
	}
	at, err := conn.CommandLine(url, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	for sheet, want := range map[string]string{"": "[Only the sheet Sheet1 is read, and not More; --sheet names another.]", "More": "[]"} {
		notes := []string{}
		s, err := a.ImportFile(t.Context(), backend.ImportFileRequest{
			Profile: at.Profile, Password: secret.New(at.Password), Plan: backend.ImportPlan{Path: path, Table: "t" + sheet, Create: true, Options: intake.Options{Sheet: sheet}},
			Note: func(n string) { notes = append(notes, n) }, Progress: func(backend.ImportState) {},
		})
		if err != nil || s.Rows != 1 || fmt.Sprint(notes) != want {
			t.Errorf("%q: %+v, %v, %q", sheet, s, err, notes)
		}
	}
}

// What of a file is read otherwise than it is written is said, and its numbers are imported so.
func TestImportFileOfLocalNumbers(t *testing.T) {
	t.Parallel()
	a, url, path := start(t), pgtest.DB(t), filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("n;d\n1 234,50;30.11.2026\n12\u00a0000;31.11.2026\n9;1.12.2026\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	at, err := conn.CommandLine(url, func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	var notes []string
	s, err := a.ImportFile(t.Context(), backend.ImportFileRequest{
		Profile: at.Profile, Password: secret.New(at.Password), Plan: backend.ImportPlan{Path: path, Table: "t", Create: true, KeepGoing: true},
		Note: func(n string) { notes = append(notes, n) }, Progress: func(backend.ImportState) {},
	})
	if err != nil || s.Rows != 2 || s.Rejected != 1 || len(notes) != 2 || !strings.HasSuffix(notes[1], ": 1 234,50 is read as 1234.50.") {
		t.Errorf("%+v, %v, %q", s, err, notes)
	}
	rejected, err := os.ReadFile(s.Rejects)
	if err != nil || !strings.Contains(string(rejected), "12\u00a0000,31.11.2026") {
		t.Errorf("%q, %v", rejected, err)
	}
}
