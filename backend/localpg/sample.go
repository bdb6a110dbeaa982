package localpg

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// SampleDatabase is the name of the sample database: a coffee roastery.
const SampleDatabase = "roastery"

// sampleVersion counts up when the sample's SQL changes; who has an older one gets the new one beside it.
const sampleVersion = 1

// SampleQuery is a first query for the sample database: some two thousand rows of eight columns.
const SampleQuery = `-- Web orders of the last three days, biggest first
select o.id, c.name, c.email, o.total, o.status,
       o.placed_at, o.note, o.attributes
  from orders o
  join customers c on c.id = o.customer_id
 where o.placed_at >= (select max(placed_at) from orders) - interval '3 days'
   and o.attributes @> '{"channel": "web"}'
 order by o.total desc nulls last;
`

//go:embed sample/*.sql
var sampleFiles embed.FS

// SampleSQL is all of the sample as one text of many statements and one transaction, for an empty database.
func SampleSQL() (string, error) {
	names, err := fs.Glob(sampleFiles, "sample/*.sql")
	if err != nil {
		return "", fmt.Errorf("read the sample's SQL: %w", err)
	}
	var b strings.Builder
	b.WriteString("begin;\n")
	for _, name := range names { // in the order of their numbers
		text, err := sampleFiles.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("read the sample's SQL: %w", err)
		}
		b.Write(text)
	}
	b.WriteString("\ncommit;\n")
	return b.String(), nil
}

// Client is a connection to one database, made by a driver this package does not know.
type Client interface {
	// Exec runs any number of statements, by the simple protocol, and ignores their rows.
	Exec(ctx context.Context, sql string) error
	// Value runs a query of one column and at most one row; "" stands for no row.
	Value(ctx context.Context, sql string) (string, error)
	Close(ctx context.Context) error
}

// Dial connects with libpq's keywords.
type Dial func(ctx context.Context, settings map[string]string) (Client, error)

// LoadSample makes sure that the server has a complete sample database. It is safe to call from many processes at
// once. settings are those of a Server or Cluster; stage, if set, hears when there is something to wait for.
func LoadSample(ctx context.Context, settings func(database string) map[string]string, dial Dial, stage func(string)) (err error) {
	admin, err := dial(ctx, settings("postgres"))
	if err != nil {
		return fmt.Errorf("connect to load the sample: %w", err)
	}
	defer func() { err = errors.Join(err, admin.Close(context.WithoutCancel(ctx))) }()
	// Held by this connection until it closes, so one loads and the others find it loaded.
	if err := admin.Exec(ctx, "select pg_advisory_lock(hashtext('tusk sample'))"); err != nil {
		return fmt.Errorf("wait for another who loads the sample: %w", err)
	}
	switch have, err := admin.Value(ctx, sampleMark); {
	case err != nil:
		return fmt.Errorf("look for the sample: %w", err)
	case have == "":
	case !strings.HasPrefix(have, markPrefix) || have == mark(sampleVersion):
		return nil // complete; or the person's own comment on it, and then its being there tells
	default:
		// What the person did in the older one is theirs.
		if err := admin.Exec(ctx, fmt.Sprintf("alter database %s rename to %s_before_version_%d",
			SampleDatabase, SampleDatabase, sampleVersion)); err != nil {
			return fmt.Errorf("put the older sample aside: %w", err)
		}
	}
	if stage != nil {
		stage("Loading the sample database")
	}
	return load(ctx, admin, settings, dial)
}

const (
	loading    = SampleDatabase + "_loading" // becomes SampleDatabase when it is complete
	markPrefix = "Coffee roastery, the sample database of Tusk, version "
	sampleMark = "select coalesce(shobj_description(oid, 'pg_database'), '-') from pg_database where datname = '" + SampleDatabase + "'"
)

func mark(version int) string { return fmt.Sprintf("%s%d", markPrefix, version) }

func load(ctx context.Context, admin Client, settings func(string) map[string]string, dial Dial) error {
	sql, err := SampleSQL()
	if err != nil {
		return err
	}
	for _, s := range []string{
		"drop database if exists " + loading + " with (force)", // of one who was stopped half-way
		"create database " + loading + " template template0",
	} {
		if err := admin.Exec(ctx, s); err != nil {
			return fmt.Errorf("make the sample database: %w", err)
		}
	}
	if err := fill(ctx, settings(loading), dial, sql); err != nil {
		return err
	}
	for _, s := range []string{
		fmt.Sprintf("comment on database %s is '%s'", loading, mark(sampleVersion)),
		"alter database " + loading + " rename to " + SampleDatabase,
	} {
		if err := admin.Exec(ctx, s); err != nil {
			return fmt.Errorf("name the sample database: %w", err)
		}
	}
	return nil
}

func fill(ctx context.Context, settings map[string]string, dial Dial, sql string) (err error) {
	c, err := dial(ctx, settings)
	if err != nil {
		return fmt.Errorf("connect to the sample database: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	if err := c.Exec(ctx, sql); err != nil {
		return fmt.Errorf("load the sample database: %w", err)
	}
	if err := c.Exec(ctx, "vacuum analyze"); err != nil { // or the first plans are guesses
		return fmt.Errorf("analyze the sample database: %w", err)
	}
	return nil
}
