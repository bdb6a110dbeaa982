//go:build bench && linux

package bench

import (
	"context"
	"fmt"
	"os/exec"
	"slices"
	"testing"
	"time"

	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/conn"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/secret"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// tablesSQL makes 1,000 tables of 10 columns in one schema, with keys; two columns of each have names of their own.
	tablesSQL = `create schema s%[1]d; do $$ begin for i in 1..1000 loop
  execute format('create table s%[1]d.%%s_%%s (id int primary key, customer_id int, name text not null, created_at timestamptz default now(),
    total numeric(12,2), status text, note text, flag bool, %%s_total_%%s int, %%s_state_%%s int)',
    (array['orders','invoice_lines','customer_notes','payments','product_prices'])[1 + i %% 5], %[1]d * 1000 + i,
    (array['order','invoice','customer','payment','price'])[1 + i %% 5], %[1]d * 1000 + i, (array['ship','bill','stock','tax','audit'])[1 + i %% 5], %[1]d * 1000 + i);
end loop; end $$`
	// The two statements a tree cannot do without, and the one that all columns come from.
	treeSQL = `select oid, nspname from pg_namespace; select oid, relname, relnamespace, relkind, relispartition from pg_class where relkind = any ('{r,p,f,v,m,S,c}')`
	allSQL  = `select attrelid, attnum, attname, atttypid from pg_attribute where attnum > 0`
)

// TestCatalog compares reading a catalog with its bare queries and with psql.
func TestCatalog(t *testing.T) {
	srv := pgtest.New(t, pgtest.Options{Config: map[string]string{"shared_buffers": "1GB", "max_locks_per_transaction": "4000", "jit": "off"}})
	b := &bed{t: t, url: srv.DB(t)}
	parsed, err := conn.Parse(b.url)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		b.psql("-c", fmt.Sprintf(tablesSQL, i))
	}
	b.psql("-c", "vacuum (freeze, analyze)")
	ctx := context.Background()
	var tree, floor, described, fill, columns, cold, coldFloor []float64
	var full *catalog.Catalog
	for range rounds {
		var c *catalog.Catalog
		var pool *conn.Pool
		cold = append(cold, timed(func() {
			if pool, err = conn.Open(ctx, parsed.Profile, secret.New(parsed.Password)); err == nil {
				c, err = catalog.Load(ctx, pool, nil)
			}
		}))
		if err != nil {
			t.Fatal(err)
		}
		tree = append(tree, timed(func() { c, err = catalog.Load(ctx, pool, nil) }))
		if err != nil || len(c.Tree().OIDs) < 20000 {
			t.Fatalf("%v", err)
		}
		fill = append(fill, timed(func() { full, err = c.Fill(ctx, pool) }))
		if err != nil {
			t.Fatal(err)
		}
		pool.Close()
		var raw *pgconn.PgConn
		coldFloor = append(coldFloor, timed(func() { raw = b.drain(nil, treeSQL) }))
		floor = append(floor, timed(func() { b.drain(raw, treeSQL) }))
		columns = append(columns, timed(func() { b.drain(raw, allSQL) }))
		_ = raw.Close(ctx)
		described = append(described, timed(func() {
			if out, err := exec.Command("psql", "-X", "-q", "-At", "-o", "/dev/null", b.url, "-c", `\d *.*_1`, "-c", `\dt s*.*`).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}))
	}
	fmt.Println("\n| catalog of 20,000 tables × 10 columns (medians of 7 interleaved rounds) | Tusk | peer | Tusk/peer | target |")
	fmt.Println("|---|---|---|---|---|")
	row("tree from nothing: connect, look around, read, sort; against connect and the two bare queries", ms(median(cold)), ms(median(coldFloor)), median(cold)/median(coldFloor), "")
	row("tree on an open connection, against the two bare queries", ms(median(tree)), ms(median(floor)), median(tree)/median(floor), "< 150 ms")
	row("tree on an open connection, against psql \\dt (with its start)", ms(median(tree)), ms(median(described)), median(tree)/median(described), "≤ 1")
	row("columns, keys, functions, types, comments, against the bare query of all columns", ms(median(fill)), ms(median(columns)), median(fill)/median(columns), "")
	searches(full)
}

// drain reads all a text answers and keeps nothing, on a new connection without one.
func (b *bed) drain(c *pgconn.PgConn, sql string) *pgconn.PgConn {
	ctx := context.Background()
	var err error
	if c == nil {
		if c, err = pgconn.Connect(ctx, b.url); err != nil {
			b.t.Fatal(err)
		}
	}
	m := c.Exec(ctx, sql)
	for m.NextResult() {
		for r := m.ResultReader(); r.NextRow(); {
			_ = r.Values()
		}
	}
	if err := m.Close(); err != nil {
		b.t.Fatal(err)
	}
	return c
}

// searches times every beginning of what a person may look for, as it is typed.
func searches(c *catalog.Catalog) {
	names := map[string]bool{}
	for i, oid := range c.Tree().OIDs {
		names[c.Tree().Names[i]] = true
		for _, col := range c.Columns(oid) {
			names[col.Name] = true
		}
	}
	first := timed(func() { c.Search("x", 50) })
	var took []float64
	for range 20 {
		for _, text := range []string{"orders_17017", "s3.ord", "cust.total", "invoice lines", "ol12", "price_state_1999", "pg_stat", "zzz", "s1.payments_1003.status"} {
			for i := range text {
				begin := time.Now()
				c.Search(text[:i+1], 50)
				took = append(took, float64(time.Since(begin).Microseconds())/1000)
			}
		}
	}
	slices.Sort(took)
	fmt.Printf("| search among %d names, %d searches, p50 / p99 / max | %.2f / %.2f / %.2f ms | | | p99 ≤ 10 ms |\n",
		len(names), len(took), took[len(took)/2], took[len(took)*99/100], took[len(took)-1])
	fmt.Printf("| the first search of a catalog, which makes the index | %s | | | |\n", ms(first))
}
