package sqltext_test

import (
	"strings"
	"testing"

	"desktop.tusk/backend/sqltext"
)

const canary = "kanarienvogel-7Q"

// Each % stands for a password that must go.
var secretive = []string{
	`ALTER ROLE app PASSWORD '%'`,
	`alter user "App" with login encrypted password '%' valid until 'infinity'`,
	`CREATE ROLE x LOGIN UNENCRYPTED PASSWORD /* a comment */ '%' -- another`,
	`CREATE USER x PASSWORD E'%'`,
	`CREATE USER x PASSWORD $$%$$; select 1`,
	`CREATE USER x PASSWORD $t$%$t$`,
	`CREATE USER x PASSWORD '%`,
	`CREATE USER x PASSWORD U&'%'`,
	`CREATE GROUP x PASSWORD '%''%'`,
	`CREATE USER MAPPING FOR x SERVER s OPTIONS (user 'u', password '%')`,
	`ALTER USER MAPPING FOR x SERVER s OPTIONS (SET password '%')`,
	`SET password = '%'`,
	`SET my.password TO '%'`,
	`update users set password = '%', name = 'x' where id = 1`,
	`update users set "passwordHash"='%'`,
	`select login(pwd => '%')`,
	`select login(pwd := '%')`,
	`select set_config('app.password', '%', false)`,
	`select * from dblink('host=db user=x password=% dbname=y', 'select 1') as t (a int)`,
	`select dblink_connect('c', 'host=db password=''%'' dbname=y')`,
	`select dblink_connect('c', E'host=db password=\'%\' dbname=y')`,
	`CREATE SUBSCRIPTION s CONNECTION 'host=h PASSWORD = % dbname=d' PUBLICATION p`,
	`select dblink_connect('postgresql://u:%@db/x?sslmode=require')`,
	`-- psql postgres://u:%@db:5432/x` + "\n" + `select 1`,
	`select 'postgres://db/x?user=u&password=%&sslmode=require'`,
	`copy t from program 'curl https://u:%@example.com/x.csv'`,
	`do $$ begin execute 'alter role x password ''%'''; end $$`,
	`create function f() returns void language sql as $f$ alter role x password '%' $f$`,
	`do $a$ begin execute $b$ alter role x password '%' $b$; end $a$`,
	`select '{"user": "u", "password": "%"}'::json`,
	`select '{"client_secret":"%"}'`,
	`insert into t values ('host=a password=%'), ('pwd=%;server=x')`,
	`select crypto_passphrase = '%'`,
}

func TestMask(t *testing.T) {
	t.Parallel()
	for _, src := range secretive {
		masked := sqltext.Mask(strings.ReplaceAll(src, "%", canary))
		if strings.Contains(masked, canary) || !strings.Contains(masked, sqltext.Masked) {
			t.Errorf("%s\nis   %s", src, masked)
		}
		if again := sqltext.Mask(masked); again != masked {
			t.Errorf("masking twice: %s\nis   %s", masked, again)
		}
	}
}

func TestMaskLeavesTheRest(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		`alter role app password 'x' valid until 'infinity'; select 'x'`:                   `alter role app password '•••' valid until 'infinity'; select 'x'`,
		`create user mapping for x server s options (user 'u', password 'p', sslmode 'r')`: `create user mapping for x server s options (user 'u', password '•••', sslmode 'r')`,
		`select dblink('host=db password=p dbname=y')`:                                     `select dblink('host=db password=••• dbname=y')`,
		`select dblink('host=db password=''p'' dbname=y', 'it''s')`:                        `select dblink('host=db password=''•••'' dbname=y', 'it''s')`,
		`-- see postgresql://me:pw@db/x for more`:                                          `-- see postgresql://me:•••@db/x for more`,
	} {
		if got := sqltext.Mask(src); got != want {
			t.Errorf("%s\nis   %s\nnot  %s", src, got, want)
		}
	}
	for _, src := range []string{
		``,
		`select 'it''s', "a", $$b$$ from t -- c`,
		`alter role x password null`,
		`alter role x password $1`,
		`select password, name from users where name = 'Ada'`,
		`select count(*) from users where password is null and city = 'Lisbon'`,
		`select 'https://example.com/a?b=c', 'mailto:a@b'`,
		`select 'postgres://user@host/db'`,
		`create table secrets (id int, note text default 'none')`,
	} {
		if got := sqltext.Mask(src); got != src {
			t.Errorf("%s\nis   %s", src, got)
		}
	}
}

// Masking never fails, and leaves a text without the words it looks for as it is.
func FuzzMask(f *testing.F) {
	for _, src := range secretive {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		got := sqltext.Mask(src)
		if got != src && !strings.Contains(got, sqltext.Masked) {
			t.Errorf("%q became %q", src, got)
		}
	})
}

func BenchmarkMask(b *testing.B) {
	src := strings.Repeat("select a, b, 'text' from t where c = 'd';\n", 5000) + secretive[0]
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if got := sqltext.Mask(src); len(got) < len(src)-10 {
			b.Fatal("too short")
		}
	}
}
