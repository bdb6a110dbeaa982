package catalog_test

import (
	"context"
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// database is a database of the test's with a pool that asks about it.
type database struct {
	t    testing.TB
	url  string
	pool *conn.Pool
}

func open(t testing.TB, url string) *database {
	t.Helper()
	p, err := conn.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := conn.Open(context.Background(), p.Profile, secret.New(p.Password))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return &database{t: t, url: url, pool: pool}
}

// exec runs SQL as a person would.
func (d *database) exec(sql string) {
	d.t.Helper()
	if err := d.try(sql); err != nil {
		d.t.Fatalf("%v\n%s", err, near(err, sql))
	}
}

func (d *database) try(sql string) error {
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, d.url)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close(ctx) }()
	return c.Exec(ctx, sql).Close()
}

func (d *database) load() *catalog.Catalog {
	d.t.Helper()
	c, err := catalog.Load(context.Background(), d.pool, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

func (d *database) fill() *catalog.Catalog {
	d.t.Helper()
	c, err := d.load().Fill(context.Background(), d.pool)
	if err != nil {
		d.t.Fatal(err)
	}
	return c
}

// near is the part of a script that an error is about.
func near(err error, sql string) string {
	var pg *pgconn.PgError
	from := 0
	if errors.As(err, &pg) && pg.Position > 0 {
		from = max(0, int(pg.Position)-100)
	}
	runes := []rune(sql)
	return string(runes[min(from, len(runes)):min(len(runes), from+400)])
}

// oid asks for a number by SQL.
func (d *database) oid(sql string) uint32 {
	d.t.Helper()
	n, err := strconv.ParseUint(d.value(sql), 10, 32)
	if err != nil {
		d.t.Fatal(err)
	}
	return uint32(n)
}

func (d *database) value(sql string) string {
	d.t.Helper()
	rows, err := d.pool.Query(context.Background(), sql)
	if err != nil || len(rows) != 1 {
		d.t.Fatalf("%d rows, %v: %s", len(rows), err, sql)
	}
	return string(rows[0][0])
}

var condition = regexp.MustCompile(`-- (since|before) (\d+)$`)

// script reads a file of testdata for a server of the major version: lines can end with a condition, as in queries.
func script(t testing.TB, name string, major int) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if m := condition.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			if at, _ := strconv.Atoi(m[2]); (m[1] == "since") != (major >= at) {
				continue
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// majors runs the test on the majors that are always there, and with TUSK_MAJORS on all that it lists.
func majors(t *testing.T, test func(t *testing.T, s *pgtest.Server)) {
	t.Helper()
	list := os.Getenv("TUSK_MAJORS")
	if list == "" {
		pgtest.Majors(t, test)
		return
	}
	for _, word := range strings.Fields(list) {
		major, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		t.Run("PostgreSQL "+word, func(t *testing.T) { test(t, pgtest.Shared(t, major)) })
	}
}
