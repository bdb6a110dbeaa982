package backend_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/internal/pgtest"
)

func TestCells(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	s := a.run("c", "t", `select jsonb_build_object('list', (select jsonb_agg(jsonb_build_object('n', g, 'name', 'bean ' || g)) from generate_series(1, 60000) g), 'last', 12.50) as j,
 decode(repeat('00ff41', 300000), 'hex') as b, repeat('é', 700000) || 'Needle' as t, null::text as nothing, 'no tree'::text as plain`)
	id := s.Statements[0].Results[0].ID
	v := a.view(backend.ViewRequest{ResultID: id, Filter: []backend.FilterBy{{Column: 3, Op: "null"}}})
	for _, id := range []string{id, v.ViewID} {
		tree, err := a.Queries().CellTree(backend.CellTreeRequest{ResultID: id, Rows: 100})
		if err != nil || len(tree.Containers) != 1 || tree.Containers[0].Count != 2 {
			t.Fatalf("%+v, %v", tree, err)
		}
		list := tree.Containers[0].Members[1]
		if tree.Containers[0].Members[0].Text != "12.50" || list.Key != `"list"` || list.Count != 60000 {
			t.Fatalf("%+v", tree.Containers[0].Members)
		}
		opened, err := a.Queries().CellTree(backend.CellTreeRequest{ResultID: id, At: list.At, Rows: 100})
		if err != nil || opened.Containers[0].Count != 60000 || len(opened.Containers[0].Members) != 100 {
			t.Fatalf("%v", err)
		}
		o := opened.Containers[0]
		members, err := a.Queries().CellMembers(backend.CellMembersRequest{ResultID: id, Kind: "array", At: o.Marks[59_990/o.Stride], Skip: 59_990 % o.Stride, Count: 100})
		if err != nil || len(members.Members) != 10 {
			t.Fatalf("%+v, %v", members, err)
		}
		found, err := a.Queries().CellFind(backend.CellFindRequest{ResultID: id, Text: "BEAN 59991"})
		if err != nil || len(found.Places) != 2 {
			t.Fatalf("%+v, %v", found, err)
		}
		way, err := a.Queries().CellLocate(backend.CellPlace{ResultID: id, At: found.Places[0]})
		if err != nil || len(way.Steps) != 3 || way.Steps[1].Index != 59_990 || way.Steps[2].Key != `"name"` {
			t.Fatalf("%+v, %v", way, err)
		}

		part, err := a.Queries().CellBytes(backend.CellRequest{ResultID: id, Column: 1, From: 899_997, Count: 100})
		if err != nil || part.Length != 900_000 || part.Data != base64.StdEncoding.EncodeToString([]byte{0, 255, 'A'}) {
			t.Errorf("%+v, %v", part, err)
		}
		part, err = a.Queries().CellBytes(backend.CellRequest{ResultID: id, Column: 2, Count: 2})
		if err != nil || part.Length != 1_400_006 || part.Data != base64.StdEncoding.EncodeToString([]byte("é")) {
			t.Errorf("%+v, %v", part, err)
		}
		within, err := a.Queries().Cell(backend.CellRequest{ResultID: id, Column: 2, From: 1_399_997, Count: 100, Align: true})
		if err != nil || within.Text != "éNeedle" || within.From != 1_399_998 || within.Invalid {
			t.Errorf("%+v, %v", within, err)
		}
	}
	_, err := a.Queries().CellTree(backend.CellTreeRequest{ResultID: id, Column: 4, Rows: 10})
	kind(t, err, apperr.Unsupported)
	_, err = a.Queries().CellBytes(backend.CellRequest{ResultID: id, Column: 5})
	kind(t, err, apperr.Usage)
	_, err = a.Queries().CellFind(backend.CellFindRequest{ResultID: id, Row: 1, Text: "x"})
	kind(t, err, apperr.File)
	if f, err := a.Queries().CellFind(backend.CellFindRequest{ResultID: id, Column: 3, Text: "x"}); err != nil || len(f.Places) != 0 {
		t.Errorf("in NULL: %+v, %v", f, err)
	}
}

func TestSaveCell(t *testing.T) {
	t.Parallel()
	a := start(t)
	a.connect("c", pgtest.DB(t))
	a.run("c", "t", "set bytea_output = 'escape'")
	old := a.run("c", "t", `select decode('00ff5c41', 'hex') as b`).Statements[0].Results[0].ID
	dir := t.TempDir()
	save := func(id string, column int, name string, replace bool) (backend.SavedCell, error) {
		return a.Queries().SaveCell(backend.SaveCellRequest{ResultID: id, Column: column, Path: filepath.Join(dir, name), Replace: replace})
	}
	if s, err := save(old, 0, "old.bin", false); err != nil || s.Bytes != 4 || read(t, s.Path) != "\x00\xff\\A" {
		t.Errorf("%+v, %v", s, err)
	}
	a.run("c", "t", "set bytea_output = 'hex'")
	id := a.run("c", "t", `select decode(repeat('00ff0d0a', 500000), 'hex') as b, E'é\r\n' || repeat('x', 3000000) as t, null::bytea as n`).Statements[0].Results[0].ID
	if s, err := save(id, 0, "b.bin", false); err != nil || s.Bytes != 2_000_000 || read(t, s.Path) != strings.Repeat("\x00\xff\r\n", 500_000) {
		t.Errorf("%d, %v", s.Bytes, err)
	}
	if s, err := save(id, 1, "t.txt", false); err != nil || read(t, s.Path) != "é\r\n"+strings.Repeat("x", 3_000_000) {
		t.Errorf("%d, %v", s.Bytes, err)
	}
	_, err := save(id, 1, "b.bin", false)
	kind(t, err, apperr.FileExists)
	if s, err := save(id, 1, "b.bin", true); err != nil || s.Bytes != 3_000_004 {
		t.Errorf("%+v, %v", s, err)
	}
	_, err = save(id, 2, "null", false)
	kind(t, err, apperr.Usage)
	_, err = save(id, 1, "none/x", false)
	kind(t, err, apperr.FileMissing)
	if _, err := os.Stat(filepath.Join(dir, "null")); err == nil {
		t.Error("NULL made a file")
	}
	alone(t, dir, "b.bin", "old.bin", "t.txt")
}
