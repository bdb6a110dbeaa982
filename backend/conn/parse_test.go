package conn_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/apperr"
	"desktop.tusk/backend/conn"
)

// line writes settings in one line, in the order of their keys.
func line(m map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, k+"="+m[k])
	}
	return strings.Join(parts, " ")
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, settings, password, summary string
		notes                             string // parts of the notes, in order, between |
	}{
		{"postgres://ada@db.example/roastery", "dbname=roastery host=db.example user=ada", "", "ada at db.example, database roastery", ""},
		{"postgresql://ada:s3cret@db.example:6432/roastery?sslmode=require", "dbname=roastery host=db.example port=6432 sslmode=require user=ada", "s3cret", "ada at db.example:6432, database roastery", ""},
		{"  postgres://db.example  \n", "host=db.example", "", "db.example", ""},
		{"postgres://", "", "", "localhost", ""},
		{"postgres://ada@/roastery", "dbname=roastery user=ada", "", "ada at localhost, database roastery", ""},
		{"POSTGRES://ada@db/x", "dbname=x host=db user=ada", "", "ada at db, database x", ""},
		{"postgres://a%40b:p%40ss%2Fw%25@db/my%20db", "dbname=my db host=db user=a@b", "p@ss/w%", "a@b at db, database my db", ""},
		{"postgres://ada:p@ss/w@db/x", "dbname=x host=db user=ada", "p@ss/w", "ada at db, database x", "%40 or %2F"},
		{"postgres://ada:a+b@db/x?application_name=a+b", "application_name=a+b dbname=x host=db user=ada", "a+b", "ada at db, database x", ""},
		{"postgres://ada:a:b@db/x", "dbname=x host=db user=ada", "a:b", "ada at db, database x", ""},
		{"postgres://[::1]:5433/x", "dbname=x host=::1 port=5433", "", "[::1]:5433, database x", ""},
		{"postgres://[2001:db8::1]/x", "dbname=x host=2001:db8::1", "", "2001:db8::1, database x", ""},
		{"postgres://a,b:5433,[::1]/x?target_session_attrs=read-write", "dbname=x host=a,b,::1 port=,5433, target_session_attrs=read-write", "", "a or b:5433 or ::1, database x", ""},
		{"postgres://a:1,b:2/x", "dbname=x host=a,b port=1,2", "", "a:1 or b:2, database x", ""},
		{"postgres://%2Fvar%2Frun%2Fpostgresql/x", "dbname=x host=/var/run/postgresql", "", "/var/run/postgresql, database x", ""},
		{"postgres:///x?host=/tmp&port=5433", "dbname=x host=/tmp port=5433", "", "/tmp/.s.PGSQL.5433, database x", ""},
		{"postgres://ada@db/x?password=s3cret&user=bob", "dbname=x host=db user=bob", "s3cret", "bob at db, database x", ""},
		{"postgres://db/x#part", "dbname=x host=db", "", "db, database x", ""},

		{"postgresql+ssh://deploy:hush@bastion.example:2222/ada:s3cret@db:5433/x?sslmode=require", "dbname=x host=db port=5433 ssh_host=bastion.example ssh_port=2222 ssh_user=deploy sslmode=require user=ada", "s3cret", "ada at db:5433, database x, through SSH at deploy@bastion.example", "password of SSH"},
		{"postgres+ssh://bastion/db/x", "dbname=x host=db ssh_host=bastion", "", "db, database x, through SSH at bastion", ""},
		{"host=db ssh_host=bastion ssh_key=/home/ada/.ssh/id", "host=db ssh_host=bastion", "", "db, through SSH at bastion", "may not make Tusk read files"},

		{"host=db port=5433 dbname=x user=ada password=s3cret", "dbname=x host=db port=5433 user=ada", "s3cret", "ada at db:5433, database x", ""},
		{`host = db  user='a b' password='it\'s \\ "it"'`, "host=db user=a b", `it's \ "it"`, "a b at db", ""},
		{"user=ada password=''", "user=ada", "", "ada at localhost", ""},
		{`password=a\ b host=db`, "host=db", "a b", "db", ""},
		{"host=a,b port=5432,5433", "host=a,b port=5432,5433", "", "a or b:5433", ""},

		{"psql postgres://ada@db/x", "dbname=x host=db user=ada", "", "ada at db, database x", "psql"},
		{`psql "host=db user=ada"`, "host=db user=ada", "", "ada at db", "psql"},
		{"DATABASE_URL=postgres://ada:s3cret@db/x", "dbname=x host=db user=ada", "s3cret", "ada at db, database x", ""},
		{`export DATABASE_URL="postgres://ada@db/x";`, "dbname=x host=db user=ada", "", "ada at db, database x", ""},
		{"'postgres://ada@db/x'", "dbname=x host=db user=ada", "", "ada at db, database x", ""},

		{"jdbc:postgresql://db:5433/x?user=ada&password=s3cret&ssl=true", "dbname=x host=db port=5433 sslmode=verify-full user=ada", "s3cret", "ada at db:5433, database x", "jdbc:|“ssl”"},
		{"jdbc:postgresql://a,b/x?targetServerType=preferSecondary&currentSchema=app&ApplicationName=y", "application_name=y dbname=x host=a,b search_path=app target_session_attrs=prefer-standby", "", "a or b, database x", "jdbc:|search path"},
		{"postgresql+psycopg2://ada:s3cret@db/x", "dbname=x host=db user=ada", "s3cret", "ada at db, database x", "+psycopg2"},
		{"postgresql+asyncpg://ada@db/x?ssl=false", "dbname=x host=db sslmode=disable user=ada", "", "ada at db, database x", "+asyncpg|“ssl”"},
		{"postgresql://ada@db/x?schema=public&pgbouncer=true&connection_limit=5&pool_timeout=2&connect_timeout=3", "connect_timeout=3 dbname=x host=db search_path=public user=ada", "", "ada at db, database x", "search path|pgbouncer|connection_limit|pool_timeout"},
		{"Server=db;Port=5433;Database=x;User Id=ada;Password=s3cret;SSL Mode=VerifyFull;Trust Server Certificate=true;Maximum Pool Size=3", "dbname=x host=db port=5433 sslmode=verify-full user=ada", "s3cret", "ada at db:5433, database x", ".NET|TrustServerCertificate|MaximumPoolSize"},
		{"Host=db;Username=ada;Password=\"a=b\"", "host=db user=ada", "a=b", "ada at db", ".NET"},
		{"Driver={PostgreSQL Unicode};Server=db;Uid=ada;Pwd=s3cret;", "host=db user=ada", "s3cret", "ada at db", ".NET|Driver"},

		// What a pasted text may not do.
		{"postgres://db/x?sslrootcert=/etc/passwd&sslcert=/a&sslkey=/b&passfile=/c&servicefile=/d&service=y&sslrootcert=system", "dbname=x host=db sslrootcert=system", "", "db, database x",
			"sslrootcert|sslcert|sslkey|passfile|servicefile|“service”"},
		{"postgres://db/x?work_mem=1GB&nosuch=1&sslmode=yes&connect_timeout=soon&max_connections=-1", "dbname=x host=db", "", "db, database x", "work_mem|nosuch|sslmode|connect_timeout|max_connections"},
		{"postgres://db/x?client_encoding=LATIN1&gssencmode=prefer&keepalives=1&sslpassword=canary", "dbname=x host=db", "", "db, database x", "client_encoding|gssencmode|keepalives|sslpassword"},
		{"postgres://db/x?options=-c%20work_mem%3D1GB", "dbname=x host=db options=-c work_mem=1GB", "", "db, database x", ""},
	} {
		p, err := conn.Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := line(p.Profile.Settings); got != c.settings {
			t.Errorf("%s:\n got %s\nwant %s", c.text, got, c.settings)
		}
		if p.Password != c.password || p.Summary != c.summary {
			t.Errorf("%s: password %q, summary %q; want %q, %q", c.text, p.Password, p.Summary, c.password, c.summary)
		}
		var notes []string
		if c.notes != "" {
			notes = strings.Split(c.notes, "|")
		}
		if len(p.Notes) != len(notes) {
			t.Errorf("%s: notes %q, want %q", c.text, p.Notes, notes)
			continue
		}
		for i, n := range p.Notes {
			if !strings.Contains(n, notes[i]) || !strings.HasSuffix(n, ".") || strings.Contains(n, "%!") {
				t.Errorf("%s: note %q, want %q in a sentence", c.text, n, notes[i])
			}
		}
		if err := conn.Check(p.Profile); err != nil && p.Profile.Settings["ssh_host"] == "" {
			t.Errorf("%s cannot be connected with: %v", c.text, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "  ", "db.example", canary, "postgres", "mysql://ada:" + canary + "@db/x", "https://" + canary + "@db", canary + "://db",
		"postgres://ada:" + canary + "%zz@db/x", "postgres://ada:" + canary + "%@db/x", "postgres://ada:%00" + canary + "@db/x",
		"postgres://ada:" + canary, "postgres://db:" + canary + "/x", "postgres://ada:" + canary + "?x@db/x", "postgres://ada:" + canary + "#x@db/x",
		"postgres://db:99999/x", "postgres://db:0/x", "postgres://a:1,b:2,c:3/x?port=1,2", "host=db port=" + canary, "host=a,b,c port=1,2",
		"host=db password='" + canary, "host=db " + canary, "password=" + canary + "\x00", "postgres://db/x?password=" + canary + "%",
		strings.Repeat("x", 1<<20) + canary, "postgres://" + strings.Repeat("a", 1<<20) + canary + "@db",
	} {
		p, err := conn.Parse(text)
		short := text[:min(len(text), 60)]
		if err == nil {
			t.Errorf("%q was read as %s", short, line(p.Profile.Settings))
			continue
		}
		fault(t, "A26", err, failure{kind: apperr.Config})
		if p.Password != "" || len(p.Profile.Settings) != 0 || p.Notes == nil || p.Profile.Settings == nil {
			t.Errorf("%q: an error, and %+v", short, p)
		}
	}
}

// TestParseNotes has what may be a password in every value: no note repeats one.
func TestParseNotes(t *testing.T) {
	t.Parallel()
	keys := []string{"nosuch", "ssl", "service", "servicefile", "driver", "sslpassword", "pgbouncer", "schema", "targetServerType", "Timeout"}
	for _, o := range conn.Options() {
		keys = append(keys, o.Key)
	}
	for _, k := range keys {
		for _, text := range []string{"postgres://db/x?" + k + "=" + canary, "host='db' " + k + "=" + canary, "Server=db;" + k + "=" + canary, "host='db' " + k + "=x;Password=" + canary} {
			p, err := conn.Parse(text)
			if err != nil {
				quiet(t, err)
				continue
			}
			if told := strings.Join(p.Notes, " "); strings.Contains(told, canary) {
				t.Errorf("%s: %s", text, told)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range [][2]string{
		{"postgres://ada:", "@db/x"}, {"postgres://ada@db/x?password=", "&sslmode=require"}, {"host=db password=", " port=1"},
		{"host=db password='", "' user=x"}, {"Server=db;Pwd=", ";Port=x"}, {"jdbc:postgresql://db/x?password=", ""},
		{"DATABASE_URL='postgres://a:b", "c@d,e:1/f'"}, {"sslmode=", ";password=x"}, {"host='h' sslmode=x;password=", ""},
		{"postgres://a:b@h:", "/x"}, {"postgres+", "://x"}, {"ssl=", ""},
	} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		p, err := conn.Parse(before + canary + after)
		if err != nil {
			quiet(t, err)
			return
		}
		if strings.Contains(p.Password, canary) {
			b, err := json.Marshal(p.Notes)
			if err != nil {
				t.Fatal(err)
			}
			if told := string(b) + p.Summary + fmt.Sprint(p.Profile); strings.Contains(told, canary) {
				t.Fatalf("%q: the password shows: %s", before+canary+after, told)
			}
		}
		for k := range p.Profile.Settings {
			if k == "password" || k == "passfile" || k == "service" || k == "sslkey" || k == "sslcert" {
				t.Fatalf("%q sets %s", before+canary+after, k)
			}
		}
		if err := conn.Check(p.Profile); err != nil {
			t.Fatalf("%q was read as %s, and: %v", before+canary+after, line(p.Profile.Settings), err)
		}
	})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	groups := map[string]bool{conn.GroupGeneral: true, conn.GroupTLS: true, conn.GroupAdvanced: true, conn.GroupSSH: true}
	kinds := map[string]bool{conn.KindText: true, conn.KindNumber: true, conn.KindChoice: true, conn.KindFile: true, conn.KindFlag: true, conn.KindLines: true}
	seen, used := map[string]bool{}, map[string]bool{}
	plain := map[string]bool{"dbname": true, "user": true, "krbsrvname": true, "sslnegotiation": true} // the label says all
	for _, o := range conn.Options() {
		if seen[o.Key] {
			t.Errorf("%s is there twice", o.Key)
		}
		seen[o.Key] = true
		used[o.Group], used[o.Kind] = true, true
		if o.Label == "" || !groups[o.Group] || !kinds[o.Kind] || (o.Kind == conn.KindChoice) != (len(o.Choices) > 0) {
			t.Errorf("%+v", o)
		}
		if o.Help == "" && !plain[o.Key] || o.Help != "" && !strings.HasSuffix(o.Help, ".") {
			t.Errorf("the help of %s is %q", o.Key, o.Help)
		}
		value := map[string]string{conn.KindText: "none", conn.KindNumber: "3", conn.KindFile: "main_test.go", conn.KindFlag: "1"}[o.Kind]
		if o.Kind == conn.KindChoice {
			if o.Choices[0].Value != "" {
				t.Errorf("%s cannot be left as it is", o.Key)
			}
			for _, ch := range o.Choices {
				if ch.Label == "" || ch.Help == "" && ch.Value == "" {
					t.Errorf("%s has a choice without words: %+v", o.Key, ch)
				}
			}
			value = o.Choices[len(o.Choices)-1].Value
		}
		if o.Key == "port" {
			value = "5433"
		}
		// A setting is known by its key, wherever it comes from; those that name files, only on the command line.
		switch {
		case o.Kind == conn.KindLines:
			if p, err := conn.Parse("host=db " + o.Key + "=vacuum"); err != nil || p.Profile.Settings[o.Key] != "" || len(p.Notes) != 1 {
				t.Errorf("%s was taken from a pasted text: %v, %q", o.Key, err, p.Notes)
			}
		case o.Kind != conn.KindFile:
			p, err := conn.Parse("host=db " + o.Key + "=" + value)
			if err != nil || p.Profile.Settings[o.Key] != value {
				t.Errorf("%s=%s was read as %s, %v, %q", o.Key, value, line(p.Profile.Settings), err, p.Notes)
			}
		default:
			if p, err := conn.CommandLine("host=db "+o.Key+"="+value, func(string) (string, bool) { return "", false }); err != nil || len(p.Notes) > 1 {
				t.Errorf("%s: %v %q", o.Key, err, p.Notes)
			}
		}
		// And one that makes no sense names its field.
		if o.Kind != conn.KindText && o.Kind != conn.KindLines {
			err := conn.Check(conn.Profile{Settings: map[string]string{o.Key: "no such thing"}})
			expect(t, err, failure{kind: apperr.Config, title: o.Label, setting: o.Key})
		}
	}
	if len(used) != len(groups)+len(kinds) {
		t.Errorf("only %v are used", used)
	}
	for _, m := range []map[string]string{{"nosuch": "1"}, {"host": "a\x00b"}, {"require_auth": "magic"}, {"require_auth": "!md5,password"}, {"port": "x"}, {"port": "65536"}, {"host": "a,b,c", "port": "1,2"}} {
		expect(t, conn.Check(conn.Profile{Settings: m}), failure{kind: apperr.Config})
	}
}
