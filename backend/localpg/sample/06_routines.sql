-- Views, functions, triggers and a policy.

create view waiting_orders as
	select o.id, c.name, o.status, o.total, now() - o.placed_at as waiting, o.note
	from orders o join customers c on c.id = o.customer_id
	where o.status in ('new', 'queued', 'roasting', 'hold');

create view lot_stock as
	select l.lot_code, f.name as farm, l.net_kg, l.reserved_kg, l.net_kg - l.reserved_kg as free_kg, l.cost_per_kg
	from lots l join farms f on f.id = l.farm_id;

create view ledger.trial_balance as
	select account, sum(debit) as debit, sum(credit) as credit, coalesce(sum(debit), 0) - coalesce(sum(credit), 0) as balance
	from ledger.entries group by account;

create materialized view monthly_sales as
	select date_trunc('month', o.placed_at, 'UTC')::date as month, p.id as product_id, p.name, sum(i.qty) as qty, sum(i.amount) as amount
	from orders o join order_items i on i.order_id = o.id join products p on p.id = i.product_id
	where o.status <> 'cancelled'
	group by 1, 2, 3;
create unique index monthly_sales_key on monthly_sales (month, product_id);

create function order_total(which bigint) returns numeric language sql stable as $$
	select sum(amount) from order_items where order_id = which
$$;

create function customer_orders(who bigint, since interval default interval '90 days')
returns table (id bigint, placed_at timestamptz, status order_status, total numeric) language sql stable as $$
	select o.id, o.placed_at, o.status, o.total from orders o
	where o.customer_id = who and o.placed_at > now() - since order by o.placed_at desc
$$;

create function format_address(a postal_address) returns text language sql immutable as $$
	select concat_ws(', ', nullif((a).street, ''), nullif(concat_ws(' ', (a).postcode, (a).city), ''), (a).country)
$$;

create function price_of(product integer, pieces integer, on_day date default current_date) returns numeric
language plpgsql stable as $$
declare
	found_price numeric;
begin
	select price into found_price from price_lists
	where product_id = product and quantity @> pieces and valid @> on_day;
	if not found then
		raise exception 'product % has no price for % on %', product, pieces, on_day
			using errcode = 'no_data_found', hint = 'Add a row to price_lists.';
	end if;
	return found_price;
end $$;

create procedure refresh_lot_costs(since date) language plpgsql as $$
declare
	lot      record;
	total    integer;
	told     integer := 0;
	odd      integer := 0;
	last_one numeric := 9.5;
begin
	select count(*) into total from lots where arrived >= since;
	raise notice 'costing % lots since %', total, since;
	for lot in select id, lot_code, invoice, cost_per_kg, arrived, cupping from lots where arrived >= since order by lot_code desc loop
		if lot.invoice is null then
			odd := odd + 1;
			raise warning 'lot % has no invoice, last known price used', lot.lot_code;
		elsif lot.cost_per_kg is null or told < 2 then
			last_one := round(5.8 + coalesce(lot.cupping, 80) * 0.071, 4);
			if told < 2 then
				told := told + 1;
				raise notice 'lot %: % per kg', lot.lot_code, last_one;
			end if;
		end if;
		update lots set cost_per_kg = last_one where id = lot.id and cost_per_kg is distinct from last_one;
	end loop;
	raise info '% lots done, % to look at', total, odd;
end $$;

create function note_change() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into audit_log (actor, action, entity, row_id, before, after, took)
	values (session_user, lower(tg_op), tg_table_name, coalesce(new.id, old.id),
		case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end,
		clock_timestamp() - statement_timestamp());
	return null;
end $$;

create trigger orders_noted after insert or update or delete on orders for each row execute function note_change();

create function stamp_update() returns trigger language plpgsql as $$
begin
	new.updated_at := now();
	return new;
end $$;

create trigger customers_stamped before update on customers for each row execute function stamp_update();

alter table audit_log enable row level security;
create policy own_actions on audit_log for select using (actor = current_user);
create policy anybody_notes on audit_log for insert with check (true);
