-- About 120,000 rows. h(n, salt, m) is in 03_words.sql.

insert into roasters values
	('R1', 'Falk 60', 60, '02:1e:c0:8a:41:07', '10.20.4.11', '40 minutes', '05:30', current_date - 41,
		'{"burner": "gas", "afterburner": true, "probes": ["bean", "drum", "exhaust"]}'),
	('R2', 'Falk 30', 30, '02:1e:c0:8a:41:0c', '10.20.4.12', '28 minutes', '06:00', current_date - 12,
		'{"burner": "gas", "afterburner": true, "probes": ["bean", "drum"]}'),
	('R3', 'Lark Sample 1', 1.2, '02:1e:c0:9b:00:31', 'fd00:20:4::13', '11 minutes 30 seconds', '08:15', null,
		'{"burner": "electric", "probes": ["bean"]}'),
	('R4', 'Old Greta', 15, '02:1e:c0:00:19:62', '10.20.4.14', '1 hour 5 minutes', '07:00', current_date - 390, '{}');

-- Farms: four for each place of origin.
create temp table origins (o integer, code text, place text, country text, region text, altitude int4range) on commit drop;
insert into origins values
	(0, 'YIR', 'Yirgacheffe', 'ET', 'Gedeo', '[1750,2200)'), (1, 'GUJ', 'Guji', 'ET', 'Oromia', '[1800,2300)'),
	(2, 'SID', 'Sidamo', 'ET', 'Sidama', '[1500,2200)'), (3, 'HUE', 'Huehuetenango', 'GT', 'Huehuetenango', '[1500,2000)'),
	(4, 'ANT', 'Antigua', 'GT', 'Sacatepéquez', '[1500,1700)'), (5, 'NYE', 'Nyeri', 'KE', 'Nyeri', '[1600,1900)'),
	(6, 'KIR', 'Kirinyaga', 'KE', 'Kirinyaga', '[1300,1900)'), (7, 'HUI', 'Huila', 'CO', 'Huila', '[1500,2000)'),
	(8, 'NAR', 'Nariño', 'CO', 'Nariño', '[1700,2300)'), (9, 'CER', 'Cerrado', 'BR', 'Minas Gerais', '[850,1250)'),
	(10, 'MOG', 'Mogiana', 'BR', 'São Paulo', '[900,1100)'), (11, 'TAR', 'Tarrazú', 'CR', 'San José', '[1200,1900)'),
	(12, 'GAY', 'Gayo', 'ID', 'Aceh', '[1200,1700)'), (13, 'NGO', 'Ngozi', 'BI', 'Ngozi', '[1700,1900)'),
	(14, 'GAK', 'Gakenke', 'RW', 'Gakenke', '[1600,2100)'), (15, 'CHA', 'Chanchamayo', 'PE', 'Junín', '[1200,1800)');

insert into farms (name, country, region, altitude, location, varieties, partner_since, contact, story)
select
	(array['Finca', 'Upper', 'Station', 'Cooperative'])[k + 1] || ' ' || w.places[1 + (o * 5 + k * 19) % 80],
	country, region, altitude,
	case when pg_temp.h(n, 1, 9) > 0 then point(round((pg_temp.h(n, 2, 30000) / 1000.0 - 15)::numeric, 3)::float8,
		round((pg_temp.h(n, 3, 18000) / 100.0 - 90)::numeric, 2)::float8) end,
	(array['{Heirloom}', '{Bourbon,Typica}', '{SL28,SL34,"Ruiru 11"}', '{Caturra,Catuaí,Gesha}', '{}'])[1 + pg_temp.h(n, 4, 5)]::text[],
	date '2011-03-01' + pg_temp.h(n, 5, 4700),
	case when pg_temp.h(n, 6, 4) > 0 then 'farm' || n || '@growers.example' end,
	case when k = 0 then 'Run by the third generation; the drying beds face the lake. ' || repeat('The cherries come down by mule before noon, are floated and pulped the same day, and rest a night in clean water. ', 1 + o % 3) end
from (select *, (o * 4 + k) as n from origins cross join generate_series(0, 3) k) f, words w;

-- Lots: 38 arrive each month for two years, the last this month.
insert into lots (lot_code, farm_id, process, harvest, arrived, bags, bag_kg, reserved_kg, invoice, moisture, cupping, screen_sizes)
select
	o.code || to_char(month, '-YYMM-') || to_char(i, 'FM00'), 1 + o.o * 4 + pg_temp.h(n, 11, 4),
	(array['washed', 'washed', 'natural', 'honey', 'anaerobic'])[1 + pg_temp.h(n, 12, 5)],
	daterange((month - interval '7 months')::date, (month - interval '4 months')::date + pg_temp.h(n, 13, 40)),
	month::date + least(pg_temp.h(n, 14, 27), extract(day from w.anchor)::int - 1 + 40 * (m < 23)::int),
	4 + pg_temp.h(n, 15, 60), (array[60, 60, 69, 30, 15])[1 + pg_temp.h(n, 16, 5)],
	case when m > 17 then 12.5 * (1 + pg_temp.h(n, 17, 18)) else 0 end,
	case when pg_temp.h(n, 18, 29) > 0 then 'B/L ' || (70000 + n * 7) end,
	9.5 + pg_temp.h(n, 19, 300) / 100.0,
	case when pg_temp.h(n, 20, 12) > 0 then 80 + pg_temp.h(n, 21, 1050) / 100.0 end,
	case pg_temp.h(n, 22, 4) when 0 then '{}'::int[] when 1 then '{15,16}' when 2 then '{16,17,18}' else '{14,15,16,17,18}' end
from words w,
	lateral (select m, i, m * 38 + i as n, date_trunc('month', w.anchor) - (23 - m) * interval '1 month' as month
		from generate_series(0, 23) m, generate_series(1, 38) i) s
	join origins o on o.o = case i when 4 then 0 when 11 then 1 when 2 then 2 when 30 then 3 else pg_temp.h(n, 23, 16) end
order by n;
update lots set cost_per_kg = 6.4 + pg_temp.h(id, 24, 70000) / 10000.0 where arrived < (select anchor from words) - interval '20 days';

insert into products (sku, name, roast, weight_g, price, flavours, profile, label, brew_time, active, introduced)
select
	o.code || '-' || (array['E', 'F', 'D'])[r] || (array[250, 1000])[s],
	o.place || ' ' || (array['espresso', 'filter', 'decaf'])[r] || ', ' || (array['250 g', '1 kg'])[s],
	(array[4, 2, 3])[r], (array[250, 1000])[s],
	round((array[9.5, 10.5, 11.25])[r] * (array[1, 3.6])[s] + pg_temp.h(n, 31, 12) * 0.25, 2),
	array[w.flavours[1 + pg_temp.h(n, 32, 20)], w.flavours[1 + pg_temp.h(n, 33, 20)]],
	case when r < 3 then jsonb_build_object('charge', 190 + pg_temp.h(n, 34, 20), 'drop', round(205 + pg_temp.h(n, 35, 18) / 2.0, 1),
		'curve', jsonb_build_array(jsonb_build_array(0, 95.5), jsonb_build_array(240, 150), jsonb_build_array(540, 198.25))) end,
	case when s = 1 then decode('89504e470d0a1a0a' || lpad(to_hex(pg_temp.h(n, 36, 2147483647)), 8, '0') || repeat('00ff7f10', 24), 'hex') end,
	(array[interval '27 seconds', interval '3 minutes 15 seconds', interval '4 minutes'])[r],
	pg_temp.h(n, 37, 14) > 0, date '2019-02-01' + pg_temp.h(n, 38, 2400)
from words w, lateral (select *, o.o * 6 + r * 2 + s as n from origins o, generate_series(1, 3) r, generate_series(1, 2) s) o
order by n;

insert into price_lists (product_id, quantity, valid, price)
select id, q, v, round(price * case when lower(q) = 1 then 1 else 0.82 end * case when upper(v) is null then 1 else 0.94 end, 2)
from products, words w,
	(values (int4range(1, 20)), (int4range(20, null))) bands(q),
	lateral (values (daterange(introduced, (date_trunc('year', w.anchor))::date)), (daterange((date_trunc('year', w.anchor))::date, null))) periods(v);

insert into customers (id, name, email, phone, address, tags, credit_limit, preferences, last_seen_from, photo, note, created_at, updated_at)
select
	n, c.name, c.email,
	case when pg_temp.h(n, 41, 3) > 0 then '+44 1632 96' || to_char(pg_temp.h(n, 42, 10000), 'FM0000') else case when pg_temp.h(n, 43, 5) = 0 then '' end end,
	case when pg_temp.h(n, 44, 20) > 0 then row(1 + pg_temp.h(n, 45, 140) || ' ' || w.streets[1 + pg_temp.h(n, 46, 12)],
		'TK' || 1 + pg_temp.h(n, 47, 9) || ' ' || pg_temp.h(n, 48, 9) || 'QX', w.towns[1 + pg_temp.h(n, 49, 10)], 'GB')::postal_address end,
	c.tags, case when c.tags @> '{wholesale}' then 500 * (1 + pg_temp.h(n, 50, 16)) end,
	case pg_temp.h(n, 51, 4) when 0 then '{}' when 1 then '{"newsletter": true}' when 2 then '{"newsletter": false, "grind": "filter"}'
		else jsonb_build_object('grind', 'espresso', 'language', (array['en', 'cy', 'de', 'pl'])[1 + pg_temp.h(n, 52, 4)], 'days', array[1 + pg_temp.h(n, 53, 3), 4]) end,
	case pg_temp.h(n, 54, 5) when 0 then null when 1 then ('2001:db8:' || to_hex(pg_temp.h(n, 55, 65536)) || '::' || to_hex(n))::inet
		else ('198.51.100.0'::inet + pg_temp.h(n, 56, 255)) end,
	case when n % 40 = 0 then decode(repeat(lpad(to_hex(n * 16777), 8, '0'), 40), 'hex') end,
	case pg_temp.h(n, 57, 9) when 0 then '' when 1 then 'Pays at the end of the month.' when 2 then E'Two grinders:\n\tone for the morning,\n\tone for decaf.' end,
	w.anchor - interval '1 day' * (3 + pg_temp.h(n, 58, 2200)) - interval '1 second' * pg_temp.h(n, 59, 86400),
	case when pg_temp.h(n, 60, 3) = 0 then w.anchor - interval '1 minute' * pg_temp.h(n, 61, 90000) end
from words w, lateral (
	select n, name, email, tags from known
	union all -- firms: every place with some trades, none twice
	select 46 + i, w.places[1 + i % 80] || ' ' || w.trades[1 + (i / 80 + i % 80 * 7) % 30],
		case when pg_temp.h(i, 62, 8) > 0 then (array['office', 'hello', 'orders', 'kitchen'])[1 + pg_temp.h(i, 63, 4)] || '@' || lower(w.places[1 + i % 80]) || (i / 80) || '.example' end,
		case pg_temp.h(i, 64, 5) when 0 then '{wholesale}'::text[] when 1 then '{wholesale,invoice}' else '{}' end
	from generate_series(1, 914) i
	union all -- people: every first name with every surname once
	select 960 + i, w.firsts[1 + i % 40] || ' ' || w.lasts[1 + (i / 40 + i % 40) % 36],
		case when pg_temp.h(i, 65, 6) > 0 then lower(translate(w.firsts[1 + i % 40], 'ïöéøñâëÖ', 'ioeonaeO')) || '.' || i || '@post.example' end,
		case when pg_temp.h(i, 66, 11) = 0 then '{staff}'::text[] else '{}' end
	from generate_series(1, 1440) i
) c
order by n;

-- Orders: k counts back from the newest. The last three and a half days hold 4,300 of 16,000, two years the rest.
create temp table o on commit drop as
select k, 2118204 - k as id, w.customer as known, w.status as known_status, w.total as known_total, w.note as known_note, w.attributes as known_attributes,
	(case when k < 4300 then k * 70.5 else 303150 + (k - 4300)::float8 * (k - 4300) * 0.458 end + pg_temp.h(k, 70, 60))::float8 as age,
	(array['web', 'web', 'web', 'web', 'web', 'web', 'phone', 'shop', 'standing', 'standing'])[1 + pg_temp.h(k, 71, 10)] as channel
from generate_series(0, 15999) k left join waiting w on w.id = 2118204 - k;

insert into order_items (order_id, line, product_id, lot_id, qty, unit_price, grind)
select o.id, line, p.id, case when pg_temp.h(n, 73, 10) > 0 then 700 + pg_temp.h(n, 74, 212) end,
	case when o.channel in ('phone', 'standing') then 4 + pg_temp.h(n, 75, 32) else 1 + pg_temp.h(n, 76, 3) end,
	p.price * case when o.channel in ('phone', 'standing') then 0.82 else 1 end,
	case pg_temp.h(n, 77, 6) when 0 then 'espresso' when 1 then 'filter' when 2 then '' end
from o cross join lateral (select line, o.k * 3 + line as n from generate_series(1, 1 + pg_temp.h(o.k, 72, 4) - (o.k % 5 = 0)::int) line) l
	join products p on p.id = 1 + (pg_temp.h(n, 78, 48) * 2 + (case when o.channel in ('phone', 'standing') then 1 else 0 end)) % 96
where o.known is null;
insert into order_items (order_id, line, product_id, lot_id, qty, unit_price)
select o.id, line, 2 + (o.k * 2 + line * 6) % 94, 905 + line, 4, case line when 1 then round(known_total * 0.6, 2) else known_total - round(known_total * 0.6, 2) end / 4
from o, generate_series(1, 2) line where known_total is not null;

insert into orders (id, customer_id, status, total, note, attributes, placed_at)
select o.id,
	coalesce(o.known, case when channel in ('phone', 'standing') then 1 + pg_temp.h(k, 80, 960) else 33 + pg_temp.h(k, 81, 2367) end),
	s.status, case when s.status <> 'draft' then coalesce(o.known_total, i.total, 0) end,
	case when o.known is not null then o.known_note else case pg_temp.h(k, 82, 12) when 0 then '' when 1 then 'Leave with the neighbour' when 2 then 'Grind: filter'
		when 3 then E'Door code 4410\nThen the second floor' when 4 then 'Same as last time, please' when 5 then 'Frau Öztürk nimmt an ☎ 96' || pg_temp.h(k, 83, 900)
		when 6 then case when pg_temp.h(k, 84, 9) = 0 then repeat('Split over three mornings; the cellar is small and the lift is slower than the stairs. ', 14) end end end,
	coalesce(o.known_attributes, jsonb_build_object('channel', channel) || case pg_temp.h(k, 85, 9)
		when 0 then '{"gift": true}' when 1 then '{"gift": false, "card": null}' when 2 then jsonb_build_object('po', 'PO-' || 20000 + pg_temp.h(k, 86, 9000))
		when 3 then jsonb_build_object('roast', jsonb_build_object('level', 1 + pg_temp.h(k, 87, 5), 'rest_days', 3 + pg_temp.h(k, 88, 9)))
		when 4 then jsonb_build_object('risk', round(pg_temp.h(k, 89, 100) / 100.0, 2)) when 5 then '{"slots": ["07:00", "09:30"], "dock": 2}' else '{}' end),
	w.anchor - interval '1 second' * age - case pg_temp.h(k, 90, 4) when 0 then interval '0' else interval '1 microsecond' * pg_temp.h(k, 91, 1000000) end
from o, words w,
	lateral (select sum(amount) as total from order_items where order_id = o.id) i,
	lateral (select coalesce(o.known_status, case
		when age < 900 then 'new'
		when age < 300000 then (array['queued', 'queued', 'queued', 'roasting', 'packed', 'shipped', 'shipped', 'hold', 'draft', 'cancelled', 'new', 'queued', 'shipped', 'packed', 'shipped', 'delivered', 'shipped', 'shipped', 'roasting', 'delivered',
			'queued', 'shipped', 'packed', 'shipped', 'delivered', 'shipped', 'shipped', 'roasting', 'delivered', 'queued', 'queued', 'packed', 'shipped', 'shipped', 'queued', 'delivered', 'shipped', 'queued'])[1 + pg_temp.h(k, 92, 38)]
		else (array['delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'delivered', 'shipped', 'delivered', 'delivered', 'delivered', 'cancelled'])[1 + pg_temp.h(k, 93, 17)]
		end::order_status) as status) s
order by o.id;

insert into payments (order_id, method, amount, fee, reference, card_last4, payer, refunded, paid_at)
select id, m.method, total, case m.method when 'card' then round(total * 0.014 + 0.25, 4) when 'transfer' then 0 end,
	(lpad(to_hex(pg_temp.h(n, 101, 2147483647)), 8, '0') || '-4c0f-4' || lpad(to_hex(pg_temp.h(n, 102, 4096)), 3, '0') || '-9' || lpad(to_hex(pg_temp.h(n, 103, 4096)), 3, '0') || '-' || lpad(to_hex(n), 12, '0'))::uuid,
	case m.method when 'card' then to_char(pg_temp.h(n, 104, 10000), 'FM0000') end,
	case m.method when 'card' then '203.0.113.0'::inet + pg_temp.h(n, 105, 255) end,
	status = 'cancelled', least(placed_at + interval '1 second' * (4 + pg_temp.h(n, 106, 200)) * case m.method when 'card' then 1 else 4000 end, w.anchor)
from (select *, id - 2102204 as n from orders where status not in ('draft', 'new') and total > 0) s, words w,
	lateral (select (array['card', 'card', 'card', 'card', 'card', 'transfer', 'invoice', 'cash'])[1 + pg_temp.h(n, 107, 8)] as method) m
where not (m.method = 'invoice' and status in ('queued', 'roasting', 'hold'))
order by id;

insert into shipments (order_id, carrier, tracking, weight_kg, promised, packed_at, delivered_at, signature)
select id, c.carrier, case when c.carrier <> 'own van' then upper(left(c.carrier, 2)) || lpad((pg_temp.h(n, 112, 900000) * 20000::bigint + n)::text, 11, '0') end,
	0.25 * (1 + pg_temp.h(n, 113, 90)), tstzrange(date_trunc('hour', packed) + interval '20 hours', date_trunc('hour', packed) + interval '28 hours'),
	packed, case when status = 'delivered' then packed + interval '1 minute' * (90 + pg_temp.h(n, 114, 4000)) end,
	case when status = 'delivered' and pg_temp.h(n, 115, 8) = 0 then decode(lpad(to_hex(pg_temp.h(n, 116, 2147483647)), 8, '0') || repeat('1f8b08', 12), 'hex') end
from (select *, id - 2102204 as n, least(placed_at + interval '1 minute' * (20 + pg_temp.h(id - 2102204, 110, 900)), anchor - interval '1 second' * pg_temp.h(id - 2102204, 118, 60)) as packed from orders, words where status in ('packed', 'shipped', 'delivered')) s,
	lateral (select (array['Heron Parcels', 'Heron Parcels', 'Tern & Sons', 'own van', 'Night Mail'])[1 + pg_temp.h(n, 111, 5)] as carrier) c
where pg_temp.h(n, 117, 12) > 0
order by id;

insert into subscriptions (customer_id, product_id, qty, every, running, next_on, paused, gift_note)
select 33 + (n * 3) % 2367, 1 + pg_temp.h(n, 121, 96), 1 + pg_temp.h(n, 122, 3),
	(array[interval '7 days', interval '14 days', interval '1 month', interval '1 month', interval '6 weeks'])[1 + pg_temp.h(n, 123, 5)],
	tstzrange(s.since, case when pg_temp.h(n, 125, 4) = 0 then s.since + interval '200 days' end),
	case when pg_temp.h(n, 125, 4) > 0 then w.anchor::date + pg_temp.h(n, 126, 30) end, pg_temp.h(n, 127, 15) = 0,
	case pg_temp.h(n, 128, 20) when 0 then 'For Mum, who says she does not like coffee 💛' when 1 then '' end
from words w, generate_series(1, 700) n, lateral (select date_trunc('day', w.anchor) - interval '1 day' * (210 + pg_temp.h(n, 124, 900)) as since) s;

-- Roasts: 1,600 batches of fifteen readings, a batch about every five hours. One partition a month.
do $$
declare
	month timestamptz := date_trunc('month', now() - interval '340 days');
begin
	while month < now() + interval '1 month' loop
		execute format('create table %I partition of roast_events for values from (%L) to (%L)',
			'roast_events_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
		month := month + interval '1 month';
	end loop;
	create table roast_events_other partition of roast_events default;
end $$;
insert into roast_events (id, roaster, lot_id, phase, bean_temp, drum_temp, gas_pct, recorded_at, raw)
select 9007199254741002 + 7 * (b * 15 + step), (array['R1', 'R1', 'R2', 'R2', 'R2', 'R3', 'R4'])[1 + pg_temp.h(b, 131, 7)], 700 + pg_temp.h(b, 132, 212),
	(array['charge', 'charge', 'drying', 'drying', 'drying', 'drying', 'maillard', 'maillard', 'maillard', 'maillard', 'maillard', 'first_crack', 'development', 'development', 'drop'])[step + 1]::roast_phase,
	92.4 + step * 7.35 + pg_temp.h(n, 133, 300) / 100.0, case step when 0 then 201.1 else 210.6 - step * 0.5 end + pg_temp.h(n, 134, 40) / 10.0,
	case when pg_temp.h(n, 135, 25) > 0 then greatest(0, 80 - step * 5.5 + pg_temp.h(n, 136, 8) / 2.0) end,
	w.anchor - interval '297 minutes' * (1599 - b) - interval '4 minutes' + interval '13.05021 seconds' * step + interval '1 microsecond' * pg_temp.h(n, 137, 1000),
	case when step % 2 = 0 then decode('a55a' || lpad(to_hex(step), 2, '0') || lpad(to_hex(pg_temp.h(n, 138, 2147483647)), 8, '0') || '00', 'hex') end
from words w, lateral (select b, step, b * 15 + step as n from generate_series(0, 1599) b, generate_series(0, 14) step) s;

insert into ledger.entries (booked_on, account, payment_id, debit, credit, memo)
select p.paid_at::date, case side when 1 then (case p.method when 'cash' then '1000 cash' when 'card' then '1360 card clearing' else '1200 bank' end) else '8400 sales' end,
	p.id, case side when 1 then p.amount end, case side when 2 then p.amount end, case when side = 1 and p.refunded then 'refunded' end
from payments p, generate_series(1, 2) side where p.id % 4 = 0
order by p.paid_at, p.id, side;

insert into audit_log (at, actor, action, entity, row_id, client, before, after, took)
select s.placed_at + interval '11 minutes', (array['app_rw', 'app_rw', 'nightly', 'ines', 'robert'])[1 + pg_temp.h(n, 141, 5)],
	a.action, 'orders', id, case when pg_temp.h(n, 143, 3) > 0 then '10.20.7.0'::inet + pg_temp.h(n, 144, 250) end,
	case when a.action <> 'insert' then jsonb_build_object('status', 'new') end, jsonb_build_object('status', status, 'total', total),
	interval '1 microsecond' * (300 + pg_temp.h(n, 145, 90000))
from (select *, id - 2102204 as n from orders where id % 7 = 0) s, lateral (select (array['insert', 'update', 'update', 'reserve'])[1 + pg_temp.h(n, 142, 4)] as action) a
order by 1;

select setval(pg_get_serial_sequence('customers', 'id'), 2400), setval(pg_get_serial_sequence('orders', 'id'), 2118204);
