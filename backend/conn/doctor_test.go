package conn_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
)

// diagnose asks the doctor, and holds the answer against what is true of every answer.
func diagnose(t testing.TB, m map[string]string, password string) conn.Diagnosis {
	t.Helper()
	d, err := conn.Diagnose(context.Background(), conn.Profile{Settings: m}, secret.New(password))
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for i, s := range d.Stages {
		switch {
		case s.Label == "" || s.ElapsedUs < 0 || s.ElapsedUs > d.ElapsedUs+1000:
			t.Errorf("stage %+v of %d µs", s, d.ElapsedUs)
		case s.State == conn.StageFailed:
			failed++
			if s.Says == "" || s.Says != d.Error.Title || len(s.Facts) == 0 && s.Name != "settings" {
				t.Errorf("the failing stage says too little: %+v", s)
			}
			for _, f := range s.Facts {
				if f.Label == "" || f.Value == "" {
					t.Errorf("an empty fact of %s: %+v", s.Name, s.Facts)
				}
			}
			for _, later := range d.Stages[i+1:] {
				if later.State != conn.StageUnreached {
					t.Errorf("%s is %s behind the stage that failed", later.Name, later.State)
				}
			}
		case s.State == conn.StageOK && s.Says == "", s.State == conn.StageSkipped && s.Says == "":
			t.Errorf("%s says nothing", s.Name)
		case s.State == conn.StageUnreached && failed == 0:
			t.Errorf("%s is not reached, and nothing failed before", s.Name)
		}
	}
	if (failed == 1) != (d.Error != nil) || (d.Report == nil) != (d.Error != nil) {
		t.Errorf("%d stages failed, error %v, report %v", failed, d.Error, d.Report)
	}
	if b, err := json.Marshal(d); err != nil || strings.Contains(string(b), canary) || strings.Contains(string(b), pgtest.Password()) {
		t.Errorf("the password shows, or %v: %s", err, b)
	}
	return d
}

// stage finds one of a diagnosis.
func stage(d conn.Diagnosis, name string) conn.Stage {
	for _, s := range d.Stages {
		if s.Name == name {
			return s
		}
	}
	return conn.Stage{}
}

// failing is the stage that failed.
func failing(d conn.Diagnosis) conn.Stage {
	for _, s := range d.Stages {
		if s.State == conn.StageFailed {
			return s
		}
	}
	return conn.Stage{}
}

func TestDoctor(t *testing.T) {
	t.Parallel()
	plain := pgtest.New(t, pgtest.Options{TCP: true})
	plain.Exec(t, "postgres", "create database closed allow_connections false")
	good := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{}})
	other := pgtest.New(t, pgtest.Options{TLS: &pgtest.TLS{Names: []string{"db.roastery.example"}}})
	_, silentPort := listener(t, "127.0.0.1:0", silent)
	_, httpPort := listener(t, "127.0.0.1:0", func(c net.Conn) {
		_, _ = c.Read(make([]byte, 1))
		_, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
	})
	here := func(port string, pairs ...string) map[string]string {
		return with(map[string]string{"host": "127.0.0.1", "port": port, "sslmode": "disable", "connect_timeout": "2"}, pairs...)
	}
	for _, c := range []struct {
		name, password string
		m              map[string]string
		stage          string
		kind           apperr.Kind
		facts          string // a part of them, label and value
		remedy         conn.Remedy
	}{
		{"settings", "", here("1", "sslmode=bogus"), "settings", apperr.Config, "", conn.Remedy{}},
		{"a name nobody knows", "", here("5432", "host=no-such-host.invalid"), "dns", apperr.DNS, "the address of no-such-host.invalid", conn.Remedy{}},
		{"nothing listens", "", here("1"), "tcp", apperr.Refused, "connection refused", conn.Remedy{Label: "Use port 5432", Setting: "port", Value: "5432"}},
		{"no socket", "", here("5432", "host="+t.TempDir()), "tcp", apperr.Refused, ".s.PGSQL.5432", conn.Remedy{}},
		{"silence", canary, here(silentPort), "startup", apperr.Timeout, "a session for", conn.Remedy{}},
		{"silence when TLS is asked for", canary, here(silentPort, "sslmode=require"), "tls", apperr.Timeout, "TLS with 127.0.0.1", conn.Remedy{}},
		{"a web server", "", here(httpPort), "startup", apperr.NotPostgres, "“HTTP/1.1 400", conn.Remedy{Label: "Use port 5432", Setting: "port", Value: "5432"}},
		{"no TLS there", canary, settings(plain, "sslmode=require"), "tls", apperr.TLSRefused, "TLS with 127.0.0.1", conn.Remedy{}},
		{"nobody trusts it", canary, settings(good, "sslmode=verify-full"), "tls", apperr.TLSUntrusted, "SHA-256", conn.Remedy{}},
		{"another name", canary, settings(other, "sslmode=verify-full", "sslrootcert="+other.CA), "tls", apperr.TLSHostname, "It says: db.roastery.example", conn.Remedy{Label: "Use db.roastery.example", Setting: "host", Value: "db.roastery.example"}},
		{"wrong password", canary, settings(plain), "auth", apperr.AuthFailed, "SCRAM-SHA-256", conn.Remedy{}},
		{"no such role", canary, settings(plain, "user=nobody_there"), "auth", apperr.AuthFailed, "nobody_there", conn.Remedy{}},
		{"no such database", pgtest.Password(), settings(plain, "dbname=nowhere"), "database", apperr.DBMissing, "SQLSTATE: 3D000", conn.Remedy{Label: "Use postgres", Setting: "dbname", Value: "postgres"}},
		{"a closed database", pgtest.Password(), settings(plain, "dbname=closed"), "database", apperr.DBMissing, "55000", conn.Remedy{Label: "Use postgres", Setting: "dbname", Value: "postgres"}},
		{"a bad option", pgtest.Password(), settings(plain, "options=-c nosuch=1"), "startup", apperr.Config, "nosuch", conn.Remedy{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := diagnose(t, c.m, c.password)
			f := failing(d)
			if d.Error == nil || f.Name != c.stage || d.Error.Kind != c.kind {
				t.Fatalf("it failed at %q with %v, want %s at %s\n%+v", f.Name, d.Error, c.kind, c.stage, d.Stages)
			}
			var facts strings.Builder
			for _, fact := range f.Facts {
				fmt.Fprintf(&facts, "%s: %s\n", fact.Label, fact.Value)
			}
			if !strings.Contains(facts.String(), c.facts) {
				t.Errorf("the facts are\n%swant %q", facts.String(), c.facts)
			}
			if f.Remedy == nil && c.remedy != (conn.Remedy{}) || f.Remedy != nil && *f.Remedy != c.remedy {
				t.Errorf("the remedy is %+v, want %+v", f.Remedy, c.remedy)
			}
		})
	}
	t.Run("all is well", func(t *testing.T) {
		t.Parallel()
		d := diagnose(t, settings(good, "sslmode=verify-full", "sslrootcert="+good.CA, "host=localhost"), pgtest.Password())
		for name, want := range map[string]string{"dns": "localhost is ", "tcp": "accepted", "tls": "TLS 1.3, certificate for ", "startup": "speaks PostgreSQL", "auth": "signed in with a password (SCRAM-SHA-256)", "database": "postgres on PostgreSQL 18"} {
			if s := stage(d, name); s.State != conn.StageOK || !strings.Contains(s.Says, want) {
				t.Errorf("%s: %+v, want %q", name, s, want)
			}
		}
		sum := 0
		for _, s := range d.Stages {
			sum += s.ElapsedUs
		}
		if sum > d.ElapsedUs {
			t.Errorf("the stages took %d µs, the whole %d", sum, d.ElapsedUs)
		}
	})
	t.Run("what is not needed", func(t *testing.T) {
		t.Parallel()
		d := diagnose(t, map[string]string{"host": plain.Host, "port": fmt.Sprint(plain.Port), "user": "tusk", "dbname": "postgres"}, pgtest.Password())
		for _, name := range []string{"dns", "tls"} {
			if s := stage(d, name); s.State != conn.StageSkipped || !strings.Contains(s.Says, "a socket on this computer") {
				t.Errorf("%s: %+v", name, s)
			}
		}
		d = diagnose(t, settings(plain, "sslmode=prefer"), pgtest.Password())
		if s := stage(d, "tls"); s.State != conn.StageSkipped || !strings.Contains(s.Says, "offers none: the link is not encrypted") {
			t.Errorf("a server that refuses TLS: %+v", s)
		}
		d = diagnose(t, settings(plain), pgtest.Password())
		if s := stage(d, "tls"); s.State != conn.StageSkipped || !strings.Contains(s.Says, "not asked for") {
			t.Errorf("without TLS: %+v", s)
		}
		d = diagnose(t, settings(good, "sslmode=require"), pgtest.Password())
		if s := stage(d, "tls"); s.State != conn.StageOK || !strings.Contains(s.Says, "nobody checked") {
			t.Errorf("TLS that proves nothing: %+v", s)
		}
	})
	t.Run("the second host", func(t *testing.T) {
		t.Parallel()
		d := diagnose(t, settings(plain, "host=127.0.0.1,127.0.0.1", fmt.Sprintf("port=1,%d", plain.Port)), pgtest.Password())
		if s := stage(d, "tcp"); s.State != conn.StageOK || !strings.Contains(s.Says, fmt.Sprintf("port %d of 127.0.0.1 accepted; 127.0.0.1:1 did not do", plain.Port)) {
			t.Errorf("%+v", s)
		}
	})
	t.Run("stopped", func(t *testing.T) {
		t.Parallel()
		ctx, stop := context.WithCancel(context.Background())
		time.AfterFunc(50*time.Millisecond, stop)
		_, err := conn.Diagnose(ctx, conn.Profile{Settings: here(silentPort)}, secret.New(canary))
		expect(t, err, failure{kind: apperr.Cancelled, title: "stopped"})
	})
	t.Run("the key of a certificate", func(t *testing.T) {
		t.Parallel()
		d := diagnose(t, here("5432", "sslmode=require", "sslcert="+filepath.Join(t.TempDir(), "no.crt"), "sslkey=x"), "")
		if f := failing(d); f.Name != "settings" || !strings.Contains(f.Says, "no.crt cannot be read") {
			t.Errorf("%+v", f)
		}
	})
}
