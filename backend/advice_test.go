package backend_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend"
	"desktop.tusk/backend/internal/pgtest"
	"desktop.tusk/backend/session"
)

var update = flag.Bool("update", false, "write the golden files anew")

// adviceSchema is what the statements of TestAdvice run in.
const adviceSchema = `create schema billing;
create type order_status as enum ('queued', 'shipped');
create table customers (id bigint primary key, name text not null, email text unique, age int check (age > 0));
create table orders (id bigint primary key, customer_id bigint not null references customers, status order_status, "Order No" text);
create table billing.invoices (id bigint primary key, order_id bigint references orders);
create table tree (id int primary key, parent int references tree);
create sequence numbers;
create function order_total(which bigint) returns numeric language sql as 'select 1::numeric';
create function broken() returns int language plpgsql as 'begin return (select nmae from customers); end';
revoke execute on function order_total from public;
insert into customers values (1, 'Anna'), (2, 'Ben');
insert into orders values (1, 1);
insert into tree values (1, null), (2, 1);
create role advice_ro login;
grant usage on schema public to advice_ro;
grant select on customers to advice_ro`

// said writes an error as the window shows it, without what differs from run to run.
func said(s session.Snapshot) string {
	var b strings.Builder
	for _, st := range s.Statements {
		e := st.Error
		if e == nil {
			continue
		}
		fmt.Fprintf(&b, "  %s %s\n  %s\n", e.Code, e.Title, e.Hint)
		if e.Detail != "" && e.Code[:2] == "23" {
			fmt.Fprintf(&b, "  detail %s\n", e.Detail)
		}
		for _, f := range e.Fixes {
			fmt.Fprintf(&b, "  fix [%d, %d) %s · %s\n", f.From, f.To, f.Text, f.Detail)
		}
		for _, k := range slices.Sorted(maps.Keys(e.Fields)) {
			if k == "grant" || k == "holder" || k == "firstError" || k == "column" {
				fmt.Fprintf(&b, "  %s %s\n", k, e.Fields[k])
			}
		}
	}
	text := regexp.MustCompile(`pid \d+`).ReplaceAllString(b.String(), "pid N")
	return regexp.MustCompile(`(running|idle in transaction) for \d+ s`).ReplaceAllString(text, "in some state for N s")
}

func TestAdvice(t *testing.T) {
	t.Parallel()
	pgtest.Majors(t, func(t *testing.T, srv *pgtest.Server) {
		a := start(t)
		url := srv.DB(t)
		a.connect("c", url)
		if s := a.run("c", "setup", adviceSchema); s.Outcome != session.Finished {
			t.Fatal(said(s))
		}
		limited := profile(t, url)
		limited.Settings["user"] = "advice_ro"
		if _, err := a.Connections().Connect(backend.ConnectRequest{ConnectionID: "ro", Profile: limited}); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.run("c", "setup", "drop owned by advice_ro; drop role advice_ro") })
		for _, id := range []string{"c", "ro"} {
			if _, err := a.Schema().Refresh(backend.ConnectionRef{ConnectionID: id}); err != nil {
				t.Fatal(err)
			}
			eventually(t, "the catalog is read", func() bool { c := a.CatalogOf(id); return c != nil && c.Complete() })
		}
		var b strings.Builder
		tell := func(connection, tab, sql string) {
			s := a.run(connection, tab, sql)
			fmt.Fprintf(&b, "%s\n%s\n", strings.ReplaceAll(sql, "\n", `\n`), said(s))
		}
		for _, sql := range []string{
			"select o.id, c.nmae from orders o join customers c on c.id = o.customer_id",
			"select 'ü😀',\n  c.nmae from customers c", "select nosuchthing from customers", "select name from custmers", "select * from invoices",
			"drop table custmers", "select ordr_total(1)", "select order_total('a', 2)", "select 1 + 'a'::text", "select 1::intger",
			"select 'queued'::order_state", "create table biling.x (a int)", "select orders.id from orders o", "select * from orders where status = \"queued\"",
			"select OrderNo from orders", "select 1;\nselect 'ü' as a, nmae from customers", "select id from orders, customers", "select broken()", "update customers set nmae = 'x'", "insert into customers (id, nmae) values (3, 'x')",
			"insert into orders values (2, 77)", "delete from customers where id = 1", "update orders set customer_id = 77", "insert into tree values (3, 9)",
			"delete from tree where id = 1", "insert into customers values (1, 'x')", "insert into customers values (5, null)", "insert into customers values (5, 'x', null, -1)",
			"insert into customers values (6, 'x', 'a@b'), (7, 'y', 'a@b')",
		} {
			tell("c", "t", sql)
		}
		for _, sql := range []string{
			"select * from orders", "select c.name, o.id from customers c join orders o on o.customer_id = c.id", "update customers set name = 'x'",
			"insert into customers values (9, 'x')", "delete from customers", "select * from billing.invoices", "select order_total(1)",
			"drop table customers", "select nextval('numbers')", "truncate customers",
		} {
			tell("ro", "t", sql)
		}
		a.run("c", "first", "begin")
		tell("c", "first", "select nmae from customers")
		tell("c", "first", "select 1")

		a.run("c", "holder", "begin; update customers set name = 'x' where id = 1")
		tell("c", "waiter", "set lock_timeout = '50ms'; update customers set name = 'y' where id = 1")
		tell("c", "waiter", "select * from customers where id = 1 for update nowait")
		tell("c", "waiter", "begin; lock table customers nowait")
		a.run("c", "waiter", "rollback")

		a.run("c", "waiter", "set lock_timeout = 0; set deadlock_timeout = '20ms'; begin; update customers set name = 'z' where id = 2")
		other := make(chan error)
		go func() {
			_, err := a.Queries().Execute(backend.ExecuteRequest{ConnectionID: "c", SessionID: "holder", RunID: "other", Text: "update customers set name = 'q' where id = 2", Cursor: -1})
			other <- err
		}()
		a.run("c", "look", "do $$ begin while not exists (select from pg_locks where not granted) loop perform pg_sleep(0.01); end loop; end $$")
		tell("c", "waiter", "update customers set name = 'p' where id = 1")
		if err := <-other; err != nil {
			t.Error(err)
		}
		path := filepath.Join("testdata", "advice.golden")
		if *update {
			if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("it says\n%s", b.String())
		}
	})
}
