package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"desktop.tusk/backend/catalog"
	"desktop.tusk/backend/internal/pgtest"
)

const shopSQL = `
create schema shop; create schema "Archive"; create extension hstore;
create table public.orders (id int primary key, customer_id int, total numeric, "placedAt" date);
create table public.order_items (order_id int references public.orders, product text);
create table public.orders_2020 (id int); create table public.orderstatus (id int);
create table public.reorder (id int); create table public.customers (id int, "E-Mail" text);
create table shop."OrderItems" (id int); create table "Archive".orders (id int, total numeric);
create table public.measure (at date, orders_count int) partition by range (at);
create table public.measure_1 partition of public.measure for values from ('2020-01-01') to ('2021-01-01');
create view public.latest_orders as select 1 as one; create sequence public.order_numbers;
create function public.order_total(int) returns numeric language sql as 'select 1.0'; create type public.order_state as enum ('a');
create table public."😀 ordering" (id int); create table public.pg_class (oid int);`

func TestSearch(t *testing.T) {
	t.Parallel()
	d := open(t, pgtest.DB(t))
	d.exec(shopSQL)
	c := d.fill()
	for _, one := range []struct {
		text string
		want []string // the first hits; [ ] around what is marked
	}{
		{"orders", []string{"relation Archive.[orders]", "relation public.[orders]", "relation public.[orders]_2020", "relation public.[orders]tatus", "column public.measure.[orders]_count"}},
		{"ORDERS", []string{"relation Archive.[orders]"}},
		{"order items", []string{"relation public.[order_items]"}},
		{"order-i", []string{"relation public.[order_i]tems"}},
		{"oi", []string{"column public.pg_class.[oi]d", "relation shop.[O]rder[I]tems", "relation public.[o]rder_[i]tems", "column public.order_items.[o]rder_[i]d"}},
		{"ordit", []string{"relation shop.[Ord]er[It]ems", "relation public.[ord]er_[it]ems"}},
		{"items", []string{"relation shop.Order[Items]", "relation public.order_[items]"}},
		{"ord.tot", []string{"column public.orders.[tot]al", "column Archive.orders.[tot]al"}},
		{"pub.orders", []string{"relation public.[orders]", "relation public.[orders]_2020"}},
		{"Archive.orders.total", []string{"column Archive.orders.[total]"}},
		{"public.orders.", []string{"column public.orders.id", "column public.orders.customer_id", "column public.orders.total", "column public.orders.placedAt"}},
		{"shop.", []string{"relation shop.OrderItems"}},
		{"e mail", []string{"column public.customers.[E-Mail]"}},
		{"placedat", []string{"column public.orders.[placedAt]"}},
		{"pa", []string{"column public.orders.[p]laced[A]t"}},
		{"order_state", []string{"type public.[order_state]"}},
		{"order_total", []string{"function public.[order_total]"}},
		{"shop", []string{"schema shop.[shop]"}},
		{"hstore", []string{"function public.[hstore]"}},
		{"measure", []string{"relation public.[measure]", "relation public.[measure]_1"}},
		{"ordering", []string{"relation public.😀 [ordering]"}},
		{"😀", []string{"relation public.[😀] ordering"}},
		{"pg_class", []string{"relation public.[pg_class]", "relation pg_catalog.[pg_class]"}},
		{"cstmrs", []string{"relation public.[c]u[st]o[m]e[rs]"}},
		{`"Archive"."orders"`, []string{"relation Archive.[orders]"}},
		{"qqqqq", nil},
		{"", nil},
		{" . ", nil},
	} {
		hits := c.Search(one.text, 20).Hits
		var got []string
		for _, h := range hits {
			got = append(got, told(h))
		}
		for i, want := range one.want {
			if i >= len(got) || !strings.HasPrefix(got[i], want) {
				t.Errorf("%q finds %q, want %q", one.text, got[:min(len(got), len(one.want)+2)], one.want)
				break
			}
		}
		if one.want == nil && len(got) > 0 {
			t.Errorf("%q finds %q", one.text, got)
		}
	}
	if hits := c.Search("o", 3).Hits; len(hits) != 3 {
		t.Errorf("%d hits of 3", len(hits))
	}
	if hits := d.load().Search("order_items", 5).Hits; len(hits) == 0 || hits[0].Name != "order_items" {
		t.Errorf("before Fill: %+v", hits)
	}
	if h := c.Search("order_total", 1).Hits[0]; h.Detail != "(integer)" {
		t.Errorf("%+v", h)
	}
	if h := c.Search("latest_orders", 1).Hits[0]; h.Detail != "v" {
		t.Errorf("%+v", h)
	}
	if h := c.Search("orders.total", 1).Hits[0]; h.Detail != "numeric" || h.OID == 0 {
		t.Errorf("%+v", h)
	}
}

// told writes a hit with brackets around what is marked.
func told(h catalog.SearchHit) string {
	var b strings.Builder
	unit, within := 0, false
	for _, r := range h.Name {
		if marked := slices.Contains(h.Marks, unit); marked != within {
			within = marked
			b.WriteString(map[bool]string{true: "[", false: "]"}[marked])
		}
		b.WriteRune(r)
		if unit++; r > 0xffff {
			unit++
		}
	}
	if within {
		b.WriteString("]")
	}
	if h.Kind == "column" {
		return fmt.Sprintf("column %s.%s.%s", h.Schema, h.Relation, b.String())
	}
	return fmt.Sprintf("%s %s.%s", h.Kind, h.Schema, b.String())
}

// FuzzSearch: no text breaks the search, and marks lie within the name.
func FuzzSearch(f *testing.F) {
	d := open(f, pgtest.DB(f))
	d.exec(shopSQL)
	c := d.fill()
	for _, s := range []string{"orders", "a.b.c", "...", "\xff", "İ", "ẞß", "o.i", strings.Repeat("a", 300), "😀", "_", " "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, h := range c.Search(text, 10).Hits {
			units := 0
			for _, r := range h.Name {
				if units++; r > 0xffff {
					units++
				}
			}
			for i, m := range h.Marks {
				if m < 0 || m >= units || i > 0 && m <= h.Marks[i-1] {
					t.Fatalf("%q marks %v of %q", text, h.Marks, h.Name)
				}
			}
		}
	})
}
