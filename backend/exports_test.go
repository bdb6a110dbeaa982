package backend_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

// slowRows gives n rows, fifty a second, each more than the server keeps back.
func slowRows(n int) string {
	return fmt.Sprintf(`select g, repeat('x', 9000) as filler, pg_sleep(0.02)::text as s from generate_series(1, %d) g`, n)
}

// export asks for one and gives its id.
func (a *app) export(req backend.ExportRequest) string {
	a.t.Helper()
	a.n++
	req.JobID = fmt.Sprintf("job-%d", a.n)
	if err := a.Queries().Export(req); err != nil {
		a.t.Fatal(err)
	}
	return req.JobID
}

func (a *app) exportStates(job string) (list []backend.ExportState) {
	for _, e := range a.of(backend.EventExport) {
		if s := e.payload.(backend.ExportState); s.JobID == job {
			list = append(list, s)
		}
	}
	return list
}

// exported waits for the end of an export.
func (a *app) exported(job string) (s backend.ExportState) {
	a.t.Helper()
	eventually(a.t, job+" ends", func() bool {
		if list := a.exportStates(job); len(list) > 0 {
			s = list[len(list)-1]
		}
		return s.State != "" && s.State != backend.ExportRunning
	})
	return s
}

// alone fails when anything but the files named is in the directory.
func alone(t testing.TB, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range entries {
		have = append(have, e.Name())
	}
	if strings.Join(have, " ") != strings.Join(names, " ") {
		t.Errorf("%s has %q, want %q", dir, have, names)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	a.connect("c", url)
	const sql = `select g as id, case when g % 7 = 0 then null else E'a "b",\n' || g end as t, g / 3.0 as n, g % 2 = 0 as b from generate_series(1, 5000) g`
	result := a.run("c", "t", sql).Statements[0].Results[0].ID

	t.Run("as psql writes it", func(t *testing.T) {
		path, want := filepath.Join(dir, "a.csv"), filepath.Join(t.TempDir(), "psql.csv")
		s := a.exported(a.export(backend.ExportRequest{ResultID: result, Path: path, Format: "csv", Header: true}))
		if s.State != backend.ExportDone || s.Rows != 5000 || s.Total != 5000 || s.Bytes != len(read(t, path)) || s.Partial || s.Error != nil {
			t.Errorf("%+v", s)
		}
		if out, err := exec.Command("psql", "-X", "-q", "-d", url, "-c", `\copy (`+sql+`) to '`+want+`' csv header`).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if read(t, path) != read(t, want) {
			t.Error("not the bytes of psql")
		}
	})
	t.Run("options", func(t *testing.T) {
		path := filepath.Join(dir, "b")
		for _, c := range []struct {
			req  backend.ExportRequest
			want string
		}{
			{backend.ExportRequest{Format: "csv", Columns: []int{3, 0}, Rows: 2, Header: true, Delimiter: ";"}, "b;id\nf;1\nt;2\n"},
			{backend.ExportRequest{Format: "csv", Columns: []int{1, 0}, Ranges: []backend.CellRange{{Top: 6, Bottom: 7, Left: 0, Right: 1}}, Null: "-"}, "-,7\n\"a \"\"b\"\",\n8\",8\n"},
			{backend.ExportRequest{Format: "tsv", Ranges: []backend.CellRange{{Top: 0, Left: 0, Bottom: 0, Right: 0}, {Top: 1, Left: 3, Bottom: 1, Right: 3}}}, "1\t\n\tt\n"},
			{backend.ExportRequest{Format: "insert", Columns: []int{0, 2}, Rows: 1, Table: `"Other".t`}, "insert into \"Other\".t (id, n) values\n  (1, 0.33333333333333333333);\n"},
			{backend.ExportRequest{Format: "ndjson", Columns: []int{2}, Rows: 1}, "{\"n\":0.33333333333333333333}\n"},
			{backend.ExportRequest{Format: "ndjson", Columns: []int{2}, Rows: 1, NumbersAsText: true}, "{\"n\":\"0.33333333333333333333\"}\n"},
			{backend.ExportRequest{Format: "csv", Columns: []int{1, 0}, Rows: 1, Quote: "'", QuoteAll: true, CRLF: true, Encoding: "utf-8-bom", Header: true}, "\xef\xbb\xbf't','id'\r\n'a \"b\",\n1','1'\r\n"},
			{backend.ExportRequest{Format: "tsv", Columns: []int{3}, Rows: 1, Encoding: "utf-16"}, "\xff\xfef\x00\n\x00"},
		} {
			c.req.ResultID, c.req.Path, c.req.Replace = result, path, true
			if s := a.exported(a.export(c.req)); s.State != backend.ExportDone || read(t, path) != c.want {
				t.Errorf("%+v: %+v: %q", c.req, s, read(t, path))
			}
		}
		for _, format := range []string{"parquet", "xlsx"} { // cells between those chosen are of no column's type
			s := a.exported(a.export(backend.ExportRequest{ResultID: result, Path: path, Replace: true, Format: format, Ranges: []backend.CellRange{{}, {Top: 1, Left: 3, Bottom: 1, Right: 3}}}))
			if s.State != backend.ExportDone {
				t.Errorf("%s: %+v", format, s)
			}
		}
		kind(t, a.Queries().Export(backend.ExportRequest{JobID: "no", ResultID: result, Path: path, Replace: true, Format: "csv", Delimiter: `"`}), apperr.Usage)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("compressed", func(t *testing.T) {
		path := filepath.Join(dir, "a.csv.gz")
		a.exported(a.export(backend.ExportRequest{ResultID: result, Path: path, Format: "csv", Header: true, Compress: "gzip"}))
		z, err := gzip.NewReader(strings.NewReader(read(t, path)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(z)
		if err != nil || string(text) != read(t, filepath.Join(dir, "a.csv")) {
			t.Errorf("%d bytes, %v", len(text), err)
		}
	})
	t.Run("in place of a file, through a link", func(t *testing.T) {
		there, link := t.TempDir(), filepath.Join(dir, "link.csv")
		write(t, filepath.Join(there, "real.csv"), "old")
		if err := os.Symlink(filepath.Join(there, "real.csv"), link); err != nil {
			t.Fatal(err)
		}
		req := backend.ExportRequest{JobID: "no", ResultID: result, Path: link, Format: "csv"}
		kind(t, a.Queries().Export(req), apperr.FileExists)
		req.Replace = true
		a.exported(a.export(req))
		if fi, err := os.Stat(filepath.Join(there, "real.csv")); err != nil || fi.Size() < 1000 || fi.Mode().Perm() != 0o640 {
			t.Errorf("%v %v", fi, err)
		}
		if fi, err := os.Lstat(link); err != nil || fi.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is gone: %v %v", fi, err)
		}
		alone(t, there, "real.csv")
	})
	alone(t, dir, "a.csv", "a.csv.gz", "link.csv")
	if h, err := a.System().Health(); err != nil || h.Exports != 0 {
		t.Errorf("%d exports are left, %v", h.Exports, err)
	}
}

// TestExportWhileRowsArrive has one export that waits for all rows and one that takes those that are there.
func TestExportWhileRowsArrive(t *testing.T) {
	t.Parallel()
	a, dir := start(t), t.TempDir()
	a.connect("c", pgtest.DB(t))
	snap, err := a.execute("c", "t", slowRows(50))
	if err != nil {
		t.Fatal(err)
	}
	result := snap.Statements[0].Results[0].ID
	all := a.export(backend.ExportRequest{ResultID: result, Path: filepath.Join(dir, "all.csv"), Format: "csv", Columns: []int{0}})
	some := a.exported(a.export(backend.ExportRequest{ResultID: result, Path: filepath.Join(dir, "some.csv"), Format: "csv", Columns: []int{0}, Rows: 1}))
	if some.State != backend.ExportDone || read(t, filepath.Join(dir, "some.csv")) != "1\n" {
		t.Errorf("%+v", some)
	}
	if list := a.exportStates(all); len(list) == 0 || list[0].State != backend.ExportRunning || list[0].Total != -1 {
		t.Errorf("%+v", list)
	}
	if h, err := a.System().Health(); err != nil || h.Exports != 1 {
		t.Errorf("health counts %d exports, %v", h.Exports, err)
	}
	if a.MayClose() {
		t.Error("the window would close without a word")
	}
	s := a.exported(all)
	if text := read(t, filepath.Join(dir, "all.csv")); s.Rows != 50 || s.Total != 50 || strings.Count(text, "\n") != 50 || !strings.HasSuffix(text, "\n50\n") {
		t.Errorf("%+v: %q", s, text)
	}
	alone(t, dir, "all.csv", "some.csv")
}

// TestExportOfAResultThatGoes runs the tab again and closes it while its first result is exported.
func TestExportOfAResultThatGoes(t *testing.T) {
	t.Parallel()
	a, dir := start(t), t.TempDir()
	a.connect("c", pgtest.DB(t))
	result := a.run("c", "t", `select g, repeat('x', 200) from generate_series(1, 200000) g`).Statements[0].Results[0].ID
	var jobs []string
	for i := range 3 {
		jobs = append(jobs, a.export(backend.ExportRequest{ResultID: result, Path: filepath.Join(dir, fmt.Sprint(i)), Format: "json"}))
	}
	a.run("c", "t", "select 1")
	if err := a.Queries().CloseSession(backend.SessionRef{ConnectionID: "c", SessionID: "t"}); err != nil {
		t.Fatal(err)
	}
	for i, job := range jobs {
		if s := a.exported(job); s.State != backend.ExportDone || s.Rows != 200000 || s.Partial {
			t.Errorf("%+v", s)
		}
		if i > 0 && read(t, filepath.Join(dir, "0")) != read(t, filepath.Join(dir, fmt.Sprint(i))) {
			t.Error("they differ")
		}
	}
	eventually(t, "the rows go with the last of them", func() bool {
		h, err := a.System().Health()
		return err == nil && h.Spool.Results == 0
	})
}

// TestExportCancelled keeps what was there, whether a person stops the export or the program ends.
func TestExportCancelled(t *testing.T) {
	t.Parallel()
	a, dir := start(t), t.TempDir()
	a.connect("c", pgtest.DB(t))
	snap, err := a.execute("c", "t", slowRows(50_000))
	if err != nil {
		t.Fatal(err)
	}
	req := backend.ExportRequest{ResultID: snap.Statements[0].Results[0].ID, Format: "csv", Replace: true}
	var jobs []string
	for _, name := range []string{"one.csv", "two.csv"} {
		req.Path = filepath.Join(dir, name)
		write(t, req.Path, "old")
		jobs = append(jobs, a.export(req))
	}
	eventually(t, "rows are written", func() bool {
		list := a.exportStates(jobs[0])
		return len(list) > 0 && list[len(list)-1].Rows > 2
	})
	soon(t, time.Second, func() {
		if err := a.Queries().CancelExport(backend.ExportRef{JobID: jobs[0]}); err != nil {
			t.Fatal(err)
		}
		if s := a.exported(jobs[0]); s.State != backend.ExportCancelled || s.Error != nil {
			t.Errorf("%+v", s)
		}
	})
	a.Close()
	if s := a.exported(jobs[1]); s.State != backend.ExportCancelled {
		t.Errorf("%+v", s)
	}
	alone(t, dir, "one.csv", "two.csv")
	if read(t, filepath.Join(dir, "one.csv")) != "old" || read(t, filepath.Join(dir, "two.csv")) != "old" {
		t.Error("the old files are gone")
	}
}

// TestWorkbookCancelled stops one when all of its rows are there: to pack them takes much longer.
func TestWorkbookCancelled(t *testing.T) {
	if testing.Short() {
		t.Skip("packs 200,000 rows")
	}
	t.Parallel()
	a, dir, rows := start(t), t.TempDir(), 200_000
	a.connect("c", pgtest.DB(t))
	result := a.run("c", "t", fmt.Sprintf("select md5(g::text), md5((g + 1)::text), md5((g + 2)::text), md5((g + 3)::text) from generate_series(1, %d) g", rows)).Statements[0].Results[0].ID
	job := a.export(backend.ExportRequest{ResultID: result, Path: filepath.Join(dir, "a.xlsx"), Format: "xlsx"})
	eventually(t, "all rows are there", func() bool {
		list := a.exportStates(job)
		return len(list) > 0 && list[len(list)-1].Rows == rows
	})
	soon(t, time.Second, func() {
		if err := a.Queries().CancelExport(backend.ExportRef{JobID: job}); err != nil {
			t.Fatal(err)
		}
		if s := a.exported(job); s.State != backend.ExportCancelled {
			t.Errorf("%+v", s)
		}
	})
	alone(t, dir)
}

// TestExportOfWhatCame writes the rows of a run that is stopped meanwhile, and says that the end is missing.
func TestExportOfWhatCame(t *testing.T) {
	t.Parallel()
	a, dir := start(t), t.TempDir()
	a.connect("c", pgtest.DB(t))
	snap, err := a.execute("c", "t", slowRows(50_000))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "some.csv")
	job := a.export(backend.ExportRequest{ResultID: snap.Statements[0].Results[0].ID, Path: path, Format: "csv"})
	if err := a.Queries().Cancel(backend.RunRef{RunID: snap.RunID}); err != nil {
		t.Fatal(err)
	}
	s := a.exported(job)
	if s.State != backend.ExportDone || !s.Partial || s.Rows == 0 || bytes.Count([]byte(read(t, path)), []byte("\n")) != s.Rows {
		t.Errorf("%+v", s)
	}
}

// TestExportNowhere names what is wrong with a path, and leaves nothing behind.
func TestExportNowhere(t *testing.T) {
	t.Parallel()
	a, dir := start(t), t.TempDir()
	a.connect("c", pgtest.DB(t))
	result := a.run("c", "t", "select g, repeat('x', 100) from generate_series(1, 10000) g").Statements[0].Results[0].ID
	write(t, filepath.Join(dir, "there"), "old")
	for path, want := range map[string]apperr.Kind{
		"":                                   apperr.File,
		"name.csv":                           apperr.File,
		dir:                                  apperr.File,
		dir + "/a\nb.csv":                    apperr.File,
		dir + "/" + strings.Repeat("n", 300): apperr.File,
		dir + "/no/such/folder/a.csv":        apperr.FileMissing,
		dir + "/there/a.csv":                 apperr.FileMissing,
		dir + "/there":                       apperr.FileExists,
		"/proc/self/a.csv":                   apperr.FileDenied,
	} {
		err := a.Queries().Export(backend.ExportRequest{JobID: "x", ResultID: result, Path: path, Format: "csv"})
		if e := kind(t, err, want); strings.Contains(e.Title+e.Message, "partial") || strings.Contains(e.Title, "open ") {
			t.Errorf("%q: %s", path, e)
		}
	}
	for what, req := range map[string]backend.ExportRequest{
		"no format":    {JobID: "x", ResultID: result, Format: "nosuch"},
		"no delimiter": {JobID: "x", ResultID: result, Format: "csv", Delimiter: "ab"},
		"no column":    {JobID: "x", ResultID: result, Format: "csv", Columns: []int{2}},
		"no result":    {JobID: "x", ResultID: "gone", Format: "csv"},
		"no id":        {ResultID: result, Format: "csv"},
	} {
		req.Path = filepath.Join(dir, "new.csv")
		if err := a.Queries().Export(req); apperr.KindOf(err) != apperr.Usage {
			t.Errorf("%s: %v", what, err)
		}
	}
	full := a.exported(a.export(backend.ExportRequest{ResultID: result, Path: "/dev/full", Format: "csv"}))
	if full.State != backend.ExportFailed || full.Error == nil || full.Error.Kind != apperr.FileFull {
		t.Errorf("%+v", full)
	}
	alone(t, dir, "there")
	if read(t, filepath.Join(dir, "there")) != "old" {
		t.Error("the old file is gone")
	}
}
