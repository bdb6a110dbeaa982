package backend_test

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"desktop.tusk/backend/session"
	"desktop.tusk/backend/spool"
	"desktop.tusk/backend/transfer"
)

// A whole table goes to a file without a result: the bytes are psql's, and no spool takes it.
func TestExportTable(t *testing.T) {
	t.Parallel()
	a, url, dir := start(t), pgtest.DB(t), t.TempDir()
	a.connect("c", url)
	a.run("c", "t", `create schema s; create table s."The T" as select g as id, case when g % 7 = 0 then null else E'a "b",\n' || g end as t from generate_series(1, 30000) g`)
	ask := func(format, file string, change func(*backend.ExportRequest)) backend.ExportState {
		t.Helper()
		req := backend.ExportRequest{ConnectionID: "c", Schema: "s", Relation: "The T", Path: filepath.Join(dir, file), Format: format, Header: true}
		if change != nil {
			change(&req)
		}
		return a.exported(a.export(req))
	}
	for _, c := range []struct {
		file   string
		psql   string
		change func(*backend.ExportRequest)
	}{
		{"a.csv", "csv header", nil},
		{"b.csv", "csv delimiter ';' null 'NULL'", func(r *backend.ExportRequest) { r.Header, r.Delimiter, r.Null = false, ";", "NULL" }},
		{"c.copy", "", func(r *backend.ExportRequest) { r.Format = "copy" }},
	} {
		want := filepath.Join(t.TempDir(), "psql")
		if out, err := exec.Command("psql", "-X", "-q", "-d", url, "-c", `\copy (select * from s."The T") to '`+want+`' `+c.psql).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		s := ask("csv", c.file, c.change)
		if s.State != backend.ExportDone || s.Rows != 30000 || s.Total != 30000 || s.Bytes != len(read(t, want)) {
			t.Errorf("%s: %+v", c.file, s)
		}
		if read(t, filepath.Join(dir, c.file)) != read(t, want) {
			t.Errorf("%s has not the bytes of psql", c.file)
		}
	}
	if s := ask("ndjson", "d", nil); s.State != backend.ExportDone || s.Rows != 30000 || !strings.HasPrefix(read(t, filepath.Join(dir, "d")), `{"id":1,"t":"a \"b\",\n1"}`+"\n"+`{"id":2,`) {
		t.Errorf("%+v: %q", s, read(t, filepath.Join(dir, "d"))[:60])
	}
	if s := ask("insert", "e", nil); s.State != backend.ExportDone || !strings.HasPrefix(read(t, filepath.Join(dir, "e")), "insert into s.\"The T\" (id, t) values\n") {
		t.Errorf("%+v: %q", s, read(t, filepath.Join(dir, "e"))[:60])
	}
	// What is to be put back has no columns that the server computes, and overrides an identity.
	a.run("c", "t", `create table s.made (id int generated always as identity, "Double" int generated always as (v * 2) stored, v int); insert into s.made (v) values (3), (4)`)
	made := func(r *backend.ExportRequest) { r.Relation = "made" }
	for format, want := range map[string]string{"insert": "insert into s.made (id, v) overriding system value values\n  (1, 3),\n  (2, 4);\n", "copy": "1\t3\n2\t4\n", "csv": "id,Double,v\n1,6,3\n2,8,4\n"} {
		if s := ask(format, "made."+format, made); s.State != backend.ExportDone || read(t, filepath.Join(dir, "made."+format)) != want {
			t.Errorf("%s: %+v %q", format, s, read(t, filepath.Join(dir, "made."+format)))
		}
	}
	if s := ask("parquet", "f", nil); s.State != backend.ExportDone || read(t, filepath.Join(dir, "f"))[:4] != "PAR1" {
		t.Errorf("%+v", s)
	}
	if h, err := a.System().Health(); err != nil || h.Spool.Results != 0 {
		t.Errorf("%+v, %v", h.Spool, err)
	}

	write(t, filepath.Join(dir, "old"), "old")
	if s := ask("csv", "old", func(r *backend.ExportRequest) { r.Relation, r.Replace = "nosuch", true }); s.State != backend.ExportFailed || s.Error.Kind != apperr.Missing {
		t.Errorf("%+v", s)
	}
	a.run("c", "t", `create view s.slow as select g, pg_sleep(0.01)::text as s from generate_series(1, 100000) g`)
	for i, format := range []string{"csv", "json"} {
		a.n++
		job := fmt.Sprintf("slow-%d", i)
		if err := a.Queries().Export(backend.ExportRequest{JobID: job, ConnectionID: "c", Schema: "s", Relation: "slow", Path: filepath.Join(dir, "old"), Replace: true, Format: format}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
		soon(t, 2*time.Second, func() {
			if err := a.Queries().CancelExport(backend.ExportRef{JobID: job}); err != nil {
				t.Error(err)
			}
			if s := a.exported(job); s.State != backend.ExportCancelled {
				t.Errorf("%+v", s)
			}
		})
	}
	if got := read(t, filepath.Join(dir, "old")); got != "old" {
		t.Errorf("%q", got)
	}
	for _, req := range []backend.ExportRequest{{ConnectionID: "nosuch", Format: "csv"}, {ConnectionID: "c", Format: "update"}} {
		req.JobID, req.Path = "x", filepath.Join(dir, "x")
		kind(t, a.Queries().Export(req), apperr.Usage)
	}
	if out, err := exec.Command("psql", "-X", "-At", "-d", url, "-c", "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()").Output(); err != nil || string(out) != "0\n" {
		t.Errorf("still at work: %s, %v", out, err)
	}
}

// The command line names what has rows as SQL, which need not be a table.
func TestStreamTable(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		a, url := start(t), s.DB(t)
		a.connect("c", url)
		a.run("c", "t", `create table "Made up" (id int generated always as identity, twice int generated always as (v * 2) stored, v int); insert into "Made up" (v) values (3); create view seen as select * from "Made up"`)
		parsed, err := conn.Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{`"Made up"`: "1|3", `public."Made up" m`: "1|6|3", "seen": "1|6|3", "generate_series(7, 7)": "7", "(select 8) x": "8"} {
			var o transfer.Options
			var got []string
			snap, err := a.Stream(t.Context(), backend.StreamRequest{
				Profile: parsed.Profile, Password: secret.New(parsed.Password), Table: name, Format: "insert", Options: &o,
				Result: func([]spool.Column, bool) (spool.Sink, error) {
					return spool.NewStream(func(cells [][]byte) error {
						got = append(got, string(bytes.Join(cells, []byte{'|'})))
						return nil
					}), nil
				},
			})
			if err != nil || snap.Outcome != session.Finished || len(got) != 1 || got[0] != want || o.Overriding != (name == `"Made up"`) {
				t.Errorf("%s: %q, %+v, %+v, %v", name, got, o, snap, err)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := a.Stream(ctx, backend.StreamRequest{Profile: parsed.Profile, Password: secret.New(parsed.Password), Table: "seen", Format: "copy", Options: &transfer.Options{}}); apperr.KindOf(err) != apperr.Cancelled {
			t.Errorf("%v", err)
		}
	})
}
