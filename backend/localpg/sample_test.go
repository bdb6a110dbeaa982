package localpg_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/localpg"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestSampleHasWhatIsPromised(t *testing.T) {
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		start := time.Now()
		url := s.Sample(t)
		t.Logf("loaded in %s", time.Since(start).Round(time.Millisecond))
		con, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		defer con.Close(context.Background())
		tables, rows := 0, 0
		for _, name := range list(t, con, `select c.oid::regclass::text from pg_class c
			where relkind in ('r', 'p') and not relispartition and relnamespace in ('public'::regnamespace, 'ledger'::regnamespace)`) {
			var n int
			if err := con.QueryRow(t.Context(), "select count(*) from "+name).Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				t.Errorf("%s is empty", name)
			}
			tables, rows = tables+1, rows+n
		}
		if tables != 14 || rows < 110_000 || rows > 130_000 {
			t.Errorf("%d tables with %d rows", tables, rows)
		}
		types := strings.Join(list(t, con, `select distinct t.typtype::text || ' ' || format_type(a.atttypid, null)
			from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
			where c.relkind in ('r', 'p') and a.attnum > 0 and relnamespace in ('public'::regnamespace, 'ledger'::regnamespace)`), "|")
		for _, want := range []string{
			"b numeric", "b timestamp with time zone", "b jsonb", "b text[]", "b integer[]", "r tstzrange", "r int4range", "r daterange",
			"e order_status", "e roast_phase", "b bytea", "b inet", "b interval", "c postal_address", "d email_address",
			"d percentage", "b uuid", "b point", "b macaddr", "b real", "b date", "b tsvector", "b boolean", "b character varying",
		} {
			if !strings.Contains("|"+types+"|", "|"+want+"|") {
				t.Errorf("no column is of %s; there are %s", want, types)
			}
		}
		for what, sql := range map[string]string{
			"a view":               "select from pg_class where relkind = 'v' and relnamespace = 'public'::regnamespace",
			"a materialized view":  "select from pg_class where relkind = 'm' and relispopulated",
			"functions":            "select from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'",
			"a procedure":          "select from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'p'",
			"triggers":             "select from pg_trigger where not tgisinternal",
			"a partitioned table":  "select from pg_partitioned_table",
			"an exclusion":         "select from pg_constraint where contype = 'x'",
			"a generated column":   "select from pg_attribute where attgenerated = 's'",
			"an identity column":   "select from pg_attribute where attidentity = 'a'",
			"a sequence":           "select from pg_class where relkind = 'S'",
			"a policy":             "select from pg_policy",
			"comments":             "select from pg_description where classoid = 'pg_class'::regclass and objoid = 'orders'::regclass",
			"NULL and empty notes": "select from orders where note = '' and exists (select from orders where note is null)",
			"long notes":           "select from orders where length(note) > 2000",
			"names beyond ASCII":   "select from customers where name ~ '[^[:ascii:]]'",
			"new orders to queue":  "select from orders where status = 'new' and placed_at < now() - interval '15 minutes'",
		} {
			if len(list(t, con, strings.Replace(sql, "select from", "select '' from", 1))) == 0 {
				t.Errorf("no %s", what)
			}
		}
		for _, name := range list(t, con, `select c.oid::regclass::text from pg_class c where relkind in ('r', 'p', 'v', 'm') and not relispartition
			and relnamespace in ('public'::regnamespace, 'ledger'::regnamespace) and obj_description(oid, 'pg_class') is null`) {
			t.Errorf("%s has no comment", name)
		}
	})
}

func TestSampleQuery(t *testing.T) {
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		con, err := pgx.Connect(t.Context(), s.Sample(t))
		if err != nil {
			t.Fatal(err)
		}
		defer con.Close(context.Background())
		results, err := con.PgConn().Exec(t.Context(), localpg.SampleQuery).ReadAll()
		if err != nil || len(results) != 1 {
			t.Fatalf("%d results, %v", len(results), err)
		}
		rows := results[0].Rows
		if len(rows) < 1000 || len(rows) > 5000 || len(results[0].FieldDescriptions) != 8 {
			t.Fatalf("%d rows of %d columns", len(rows), len(results[0].FieldDescriptions))
		}
		if got := string(rows[0][1]) + " " + string(rows[0][3]); got != "Marrowby Tea Room 1284.50" {
			t.Errorf("the first row is %s", got)
		}
		if rows[len(rows)-1][3] != nil {
			t.Error("no draft without a total at the end")
		}
	})
}

func TestLotCostsAreTold(t *testing.T) {
	pgtest.Majors(t, func(t *testing.T, s *pgtest.Server) {
		cfg, err := pgx.ParseConfig(s.Sample(t))
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]int{}
		cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { told[n.Severity]++ }
		con, err := pgx.ConnectConfig(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer con.Close(context.Background())
		if _, err := con.Exec(t.Context(), "call refresh_lot_costs(date_trunc('month', now())::date)"); err != nil {
			t.Fatal(err)
		}
		if told["NOTICE"] != 3 || told["WARNING"] < 1 || told["INFO"] != 1 {
			t.Errorf("%v", told)
		}
	})
}

// A load that is cut off is done again, and a complete one is left alone.
func TestHalfLoadedSample(t *testing.T) {
	s := open(t, localpg.Config{Dir: prepared(t)})
	ctx, cancel := context.WithCancel(t.Context())
	cut := func(ctx context.Context, settings map[string]string) (localpg.Client, error) {
		c, err := pgtest.Dial(ctx, settings)
		if err == nil && settings["dbname"] != "postgres" {
			time.AfterFunc(300*time.Millisecond, cancel) // while it loads
		}
		return c, err
	}
	if err := localpg.LoadSample(ctx, s.Settings, cut, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("the load was not cut off: %v", err)
	}
	if got := databases(t, s); got != "postgres roastery_loading" {
		t.Errorf("left behind: %s", got)
	}
	stages := 0
	for range 2 {
		if err := localpg.LoadSample(t.Context(), s.Settings, pgtest.Dial, func(string) { stages++ }); err != nil {
			t.Fatal(err)
		}
	}
	if got := databases(t, s); got != "postgres roastery" || stages != 1 {
		t.Errorf("there are %s after %d loads", got, stages)
	}
	if got := value(t, s.URL("roastery"), "select count(*)::text from orders"); got != "16000" {
		t.Errorf("%s orders", got)
	}
	// An older version is kept beside the new one.
	exec(t, s.URL("postgres"), "comment on database roastery is 'Coffee roastery, the sample database of Tusk, version 0'")
	if err := localpg.LoadSample(t.Context(), s.Settings, pgtest.Dial, nil); err != nil {
		t.Fatal(err)
	}
	if got := databases(t, s); got != "postgres roastery roastery_before_version_1" {
		t.Errorf("there are %s", got)
	}
}

func TestTwoLoadAtOnce(t *testing.T) {
	s := open(t, localpg.Config{Dir: prepared(t)})
	errs := make(chan error)
	for range 3 {
		go func() { errs <- localpg.LoadSample(t.Context(), s.Settings, pgtest.Dial, nil) }()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func databases(t *testing.T, s *localpg.Server) string {
	t.Helper()
	return value(t, s.URL("postgres"), "select string_agg(datname, ' ' order by datname) from pg_database where not datistemplate")
}

func list(t *testing.T, con *pgx.Conn, sql string) []string {
	t.Helper()
	rows, err := con.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return all
}
