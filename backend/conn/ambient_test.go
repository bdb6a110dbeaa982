package conn_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
)

// nonsense is an environment that would send every connection astray, or refuse to be read.
var nonsense = []string{
	"PGHOST=no-such-host.invalid", "PGPORT=nonsense", "PGDATABASE=nowhere", "PGUSER=nobody_there", "PGPASSWORD=" + canary, "PGPASSFILE=/nowhere",
	"PGSERVICE=nosuch", "PGSERVICEFILE=/nowhere", "PGSSLMODE=bogus", "PGSSLROOTCERT=/nowhere", "PGSSLCERT=/nowhere", "PGSSLKEY=/nowhere",
	"PGTARGETSESSIONATTRS=bogus", "PGCONNECT_TIMEOUT=bogus", "PGOPTIONS=-c nosuch=1", "PGAPPNAME=astray", "PGREQUIREAUTH=bogus",
	"PGCHANNELBINDING=bogus", "PGTZ=Mars/Base", "PGSSLNEGOTIATION=bogus", "PGMINPROTOCOLVERSION=9", "PGMAXPROTOCOLVERSION=9", "PGSSLCERTMODE=bogus",
}

// TestNothingAmbient runs this very test again under that environment, where the package is initialised in it.
func TestNothingAmbient(t *testing.T) {
	const marker = "CONN_TEST_URL"
	if url := os.Getenv(marker); url != "" {
		p := open(t, url)
		c := connect(t, p, "tab")
		if name := c.ParameterStatus("application_name"); name != "Tusk" {
			t.Errorf("application_name is %q", name)
		}
		if tz := c.ParameterStatus("TimeZone"); tz != "UTC" {
			t.Errorf("TimeZone is %q", tz)
		}
		if got := len(conn.EnvironmentNames(os.LookupEnv)); got < 15 {
			t.Errorf("only %d variables are told of", got)
		}
		return
	}
	t.Parallel()
	covered(t, "A27")
	cmd := exec.Command(os.Args[0], "-test.run=^TestNothingAmbient$", "-test.count=1")
	cmd.Env = append(append(os.Environ(), nonsense...), marker+"="+pgtest.DB(t))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	} else if strings.Contains(string(out), canary) {
		t.Errorf("the password shows:\n%s", out)
	}
}

func env(pairs ...string) func(string) (string, bool) {
	m := with(nil, pairs...)
	return func(k string) (string, bool) { v, ok := m[k]; return v, ok }
}

func TestFromEnvironment(t *testing.T) {
	t.Parallel()
	p := conn.FromEnvironment(env("PGHOST=db", "PGPORT=5433", "PGPASSWORD="+canary, "PGUSER=ada", "PGDATABASE=", "PGNOSUCH=1"))
	if got := line(p.Profile.Settings); got != "host=db port=5433 user=ada" || p.Password != canary || p.Summary != "ada at db:5433" {
		t.Errorf("%s, %q", got, p.Summary)
	}
	if p.Notes == nil {
		t.Error("no notes are null for the page")
	}
	if p := conn.FromEnvironment(env()); len(p.Profile.Settings) != 0 {
		t.Errorf("from nothing: %v", p.Profile.Settings)
	}
}

func TestCommandLine(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	services := write("services.conf", "[prod]\nhost=service.example\nuser=service_user\npassword="+canary+"\nsslmode=verify-ca\nwork_mem=1GB\n", 0o600)
	for _, c := range []struct {
		name, arg string
		env       []string
		want      map[string]string // "" for what must not be there
		password  string
	}{
		{"defaults", "", nil, map[string]string{"sslmode": "prefer", "dbname": "", "user": ""}, ""},
		{"a database's name", "roastery", nil, map[string]string{"dbname": "roastery"}, ""},
		{"the environment", "", []string{"PGHOST=env.example", "PGUSER=env_user", "PGPASSWORD=env"}, map[string]string{"host": "env.example", "user": "env_user"}, "env"},
		{"a URL over it", "postgres://ada:arg@arg.example/x", []string{"PGHOST=env.example", "PGUSER=env_user", "PGPORT=7777", "PGPASSWORD=env"},
			map[string]string{"host": "arg.example", "user": "ada", "port": "7777", "dbname": "x"}, "arg"},
		{"keywords over it", "host=arg.example", []string{"PGHOST=env.example", "PGSSLMODE=disable"}, map[string]string{"host": "arg.example", "sslmode": "disable"}, ""},
		{"a service over the environment", "", []string{"PGSERVICE=prod", "PGSERVICEFILE=" + services, "PGHOST=env.example", "PGPORT=7777", "PGPASSWORD=env"},
			map[string]string{"host": "service.example", "user": "service_user", "port": "7777", "sslmode": "verify-ca", "service": ""}, canary},
		{"an argument over a service", "service=prod host=arg.example", []string{"PGSERVICE=nosuch", "PGSERVICEFILE=" + services},
			map[string]string{"host": "arg.example", "user": "service_user", "service": ""}, canary},
		{"a file that is named", "host=x sslrootcert=" + services, nil, map[string]string{"sslrootcert": services}, ""},
	} {
		p, err := conn.CommandLine(c.arg, env(c.env...))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		for k, want := range c.want {
			if got := p.Profile.Settings[k]; got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, k, got, want)
			}
		}
		if p.Password != c.password {
			t.Errorf("%s: the password is %q, want %q", c.name, p.Password, c.password)
		}
		if p.Profile.Settings["host"] == "" {
			t.Errorf("%s: no host", c.name)
		}
	}
	for _, c := range []struct {
		arg string
		env []string
	}{
		{"", []string{"PGSERVICE=nosuch", "PGSERVICEFILE=" + services}},
		{"", []string{"PGSERVICE=prod", "PGSERVICEFILE=" + home + "/no"}},
		{"mysql://ada:" + canary + "@db", nil},
	} {
		_, err := conn.CommandLine(c.arg, env(c.env...))
		expect(t, err, failure{kind: apperr.Config})
	}

	pass := write(".pgpass", "db:5432:*:ada:"+canary+"\nlocalhost:5432:*:*:here\n", 0o600)
	used := func(arg string, pairs ...string) (string, []string) {
		t.Helper()
		p, err := conn.CommandLine(arg, env(pairs...))
		if err != nil {
			t.Fatal(err)
		}
		return p.Profile.Settings["passfile"], p.Notes
	}
	if got, notes := used("host=db"); got != pass || len(notes) != 0 {
		t.Errorf(".pgpass: %q %q", got, notes)
	}
	open := write("open", "", 0o644)
	for _, c := range []struct{ file, want, note string }{
		{pass, pass, ""}, {home + "/no", "", ""}, {"/dev/null", "", ""}, {home, "", ""}, {open, "", "chmod 600"},
	} {
		if got, notes := used("host=db", "PGPASSFILE="+c.file); got != c.want || strings.Contains(strings.Join(notes, ""), "chmod 600") != (c.note != "") {
			t.Errorf("PGPASSFILE=%s: %q %q", c.file, got, notes)
		}
	}
	if err := os.Chmod(pass, 0o644); err != nil {
		t.Fatal(err)
	}
	if got, notes := used("host=db"); got != "" || len(notes) != 1 {
		t.Errorf(".pgpass for all to read: %q %q", got, notes)
	}
	if got, notes := used("postgres://ada:typed@db"); got != "" || len(notes) != 0 {
		t.Errorf("it is not needed: %q %q", got, notes)
	}
	err := conn.Check(conn.Profile{Settings: map[string]string{"host": "db", "passfile": pass}})
	fault(t, "A28", err, failure{kind: apperr.Config, title: "can be read by others", setting: "passfile"})
}

// TestPasswordFile connects with what a password file says for the host.
func TestPasswordFile(t *testing.T) {
	t.Parallel()
	s := pgtest.New(t, pgtest.Options{TCP: true})
	file := filepath.Join(t.TempDir(), "pass")
	if err := os.WriteFile(file, []byte("# mine\nother:*:*:*:"+canary+"\n127.0.0.1:*:*:tusk:"+pgtest.Password()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := attempt(t, settings(s, "passfile="+file), ""); err != nil {
		t.Error(err)
	}
	_, err := attempt(t, settings(s, "passfile="+file), canary) // a typed one comes first
	expect(t, err, failure{kind: apperr.AuthFailed, code: "28P01"})
}
