package backend_test

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/apperr"
)

// textFile puts a text into a file of a directory of the test's.
func textFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (a *app) preview(req backend.ImportSource) backend.ImportPreview {
	a.t.Helper()
	p, err := a.Connections().PreviewImport(req)
	if err != nil {
		a.t.Fatal(err)
	}
	return p
}

// take imports what a preview has that is new.
func (a *app) take(p backend.ImportPreview) int {
	a.t.Helper()
	var list []backend.StoredProfile
	for _, item := range p.Items {
		if item.State == "new" {
			list = append(list, item.Profile)
		}
	}
	n, err := a.Connections().Import(backend.ImportRequest{Profiles: list})
	if err != nil {
		a.t.Fatal(err)
	}
	return n.Count
}

// TestExchange carries connections to another Tusk and back: nothing is replaced, and no password travels.
func TestExchange(t *testing.T) {
	t.Parallel()
	a := start(t)
	first := named("one")
	first.Group, first.Order, first.Favourite, first.Notes, first.Profile.Color = "work", 3, true, "ask Ada", "red"
	first.Profile.Settings["startup_sql"], first.Profile.Settings["sslrootcert"] = "set role x", "/ca.pem"
	first.Profile.Settings["password"] = canary
	maps.Copy(first.Profile.Settings, map[string]string{"ssh_host": "bastion", "ssh_port": "2222", "ssh_user": "deploy", "ssh_key": "/home/ada/.ssh/id", "ssh_jump": "gate", "ssh_password": canary})
	first = a.save(first)
	second := a.save(named("two"))
	path := filepath.Join(t.TempDir(), "c.json")
	if n, err := a.Connections().ExportProfiles(backend.ExportProfilesRequest{Path: path}); err != nil || n.Count != 2 {
		t.Fatal(n, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(text), canary) || !strings.Contains(string(text), `"version": 1`) {
		t.Errorf("exported %s, %v", text, err)
	}
	b := start(t)
	p := b.preview(backend.ImportSource{Source: "json", Path: path})
	if len(p.Items) != 2 || p.Items[0].State != "new" || !strings.Contains(strings.Join(p.Items[0].Notes, " "), "set role x") || !strings.Contains(strings.Join(p.Items[0].Notes, " "), "/ca.pem") || p.Items[0].Summary != "one.example, through SSH at deploy@bastion" || !strings.Contains(strings.Join(p.Items[0].Notes, " "), "It goes through SSH.") {
		t.Errorf("preview %+v", p)
	}
	if list, err := b.Connections().Profiles(); err != nil || len(list) != 0 {
		t.Errorf("a preview has saved %v, %v", list, err)
	}
	if n := b.take(p); n != 2 {
		t.Errorf("%d were imported", n)
	}
	if list, err := b.Connections().Profiles(); err != nil || !reflect.DeepEqual(list, []backend.StoredProfile{first, second}) {
		t.Errorf("imported %+v, %v", list, err)
	}
	// Again: all are there. What was changed meanwhile comes beside it, under another id.
	changed := first
	changed.Profile.Settings = map[string]string{"host": "elsewhere"}
	b.save(changed)
	p = b.preview(backend.ImportSource{Source: "json", Path: path})
	if p.Items[0].State != "new" || p.Items[1].State != "there" {
		t.Errorf("preview %+v", p)
	}
	b.take(p)
	list, err := b.Connections().Profiles()
	if err != nil || len(list) != 3 || b.stored(first.ID).Profile.Settings["host"] != "elsewhere" {
		t.Errorf("after it %+v, %v", list, err)
	}
	// One alone, in place of the file.
	if n, err := a.Connections().ExportProfiles(backend.ExportProfilesRequest{Path: path, IDs: []string{second.ID}}); err != nil || n.Count != 1 {
		t.Error(n, err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("%v, %v", left, err)
	}
	_, err = a.Connections().ExportProfiles(backend.ExportProfilesRequest{Path: filepath.Join(path, "no", "such.json")})
	kind(t, err, apperr.File)
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	a := start(t)
	for text, words := range map[string]string{
		"":                "no file of connections",
		"PK\x03\x04":      "no file of connections",
		`{"profiles":[]}`: "no file of connections",
		`{"format":"tusk-connections","version":2,"profiles":[]}`:                                     "newer Tusk",
		`{"format":"tusk-connections","version":1,"profiles":[{"profile":{"settings":{"host":{}}}}]}`: "no file of connections",
		strings.Repeat(" ", 9<<20): "too large",
	} {
		_, err := a.Connections().PreviewImport(backend.ImportSource{Source: "json", Path: textFile(t, "x.json", text)})
		if kind(t, err, apperr.File); !strings.Contains(err.Error(), words) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
	_, err := a.Connections().PreviewImport(backend.ImportSource{Source: "json", Path: "/nowhere"})
	kind(t, err, apperr.File)
	_, err = a.Connections().PreviewImport(backend.ImportSource{Source: "mysql"})
	kind(t, err, apperr.Usage)
	// What it says of itself beyond its settings is not believed.
	p := a.preview(backend.ImportSource{Source: "json", Path: textFile(t, "y.json", `{"format":"tusk-connections","version":1,"new":1,"profiles":[{"id":"","hasPassword":true,"profile":{"name":"x","settings":{"host":"h","password":"`+canary+`"}}},{}]}`)})
	if len(p.Items) != 2 || p.Items[0].Profile.HasPassword || len(p.Items[0].Profile.Profile.Settings) != 1 || p.Items[1].State != "unusable" {
		t.Errorf("%+v", p)
	}
}

// TestImportLibpq reads the files of libpq. Passwords stay where they are.
func TestImportLibpq(t *testing.T) {
	pgpass := textFile(t, ".pgpass", "# mine\ndb.example:5432:roastery:app:"+canary+"\n*:*:*:me:"+canary+"\ndb.example:*:*:app:"+canary+"\ndb.example:5432:roastery:app:again\n")
	services := textFile(t, "pg_service.conf", "[roastery]\nhost=db.example\nuser=app\npassword="+canary+"\nsslmode=verify-full\n\n[warehouse]\nhost=wh.example\nport=5433\nstartup_sql=drop table x\n")
	t.Setenv("PGPASSFILE", pgpass)
	t.Setenv("PGSERVICEFILE", services)
	a := start(t)
	f, err := a.Connections().Found()
	if err != nil || len(f.Sources) != 2 || f.Sources[0] != (backend.FoundSource{Source: "pgpass", Path: pgpass}) || f.Sources[1].Path != services {
		t.Errorf("found %+v, %v", f, err)
	}
	p := a.preview(backend.ImportSource{Source: "pgpass"})
	if len(p.Items) != 2 || p.Items[0].Summary != "app at db.example, database roastery" || p.Items[0].Profile.Profile.Settings["passfile"] != pgpass || p.Items[1].Profile.Profile.Settings["port"] != "" {
		t.Errorf("from .pgpass: %+v", p)
	}
	a.take(p)
	p = a.preview(backend.ImportSource{Source: "services"})
	if len(p.Items) != 2 || p.Items[0].Profile.Profile.Name != "roastery" || p.Items[0].Profile.Profile.Settings["sslmode"] != "verify-full" || p.Items[1].Profile.Profile.Settings["startup_sql"] != "" {
		t.Errorf("from pg_service.conf: %+v", p)
	}
	a.take(p)
	p = a.preview(backend.ImportSource{Source: "urls", Text: "postgres://app:" + canary + "@db.example/shop\n\n# no\nmysql://" + canary + "\nhost=x dbname=y"})
	if len(p.Items) != 3 || p.Items[0].Profile.Profile.Name != "shop" || p.Items[1].State != "unusable" || p.Items[2].State != "new" {
		t.Errorf("from URLs: %+v", p)
	}
	a.take(p)
	if list, err := a.Connections().Profiles(); err != nil || len(list) != 6 {
		t.Errorf("%d are saved, %v", len(list), err)
	}
	if p := a.preview(backend.ImportSource{Source: "services"}); p.Items[0].State != "there" {
		t.Errorf("again: %+v", p)
	}
	a.Close()
	if b, err := os.ReadFile(filepath.Join(a.dir, "tusk.db")); err != nil || strings.Contains(string(b), canary) {
		t.Errorf("a password was written, %v", err)
	}
	if err := os.Chmod(pgpass, 0o644); err != nil {
		t.Fatal(err)
	}
	b := start(t)
	_, err = b.Connections().PreviewImport(backend.ImportSource{Source: "pgpass"})
	kind(t, err, apperr.File)
}
