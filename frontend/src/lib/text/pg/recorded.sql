-- Made recorded.json, on PostgreSQL 15 with TimeZone UTC: psql -Atq -f recorded.sql
drop extension if exists hstore cascade; drop type if exists pair, nest cascade; drop function if exists rnd;
create extension if not exists hstore;
create type pair as (a text, b int);
create type nest as (x text, p pair, l text[]);
create function rnd() returns text language sql volatile as $$
 select case (random()*11)::int when 0 then null when 1 then '' when 2 then 'NULL' when 3 then 'null' when 4 then 'a b' when 5 then E'q"uo\\te''' when 6 then '{,}' when 7 then E' line\nbreak\t' when 8 then '(x)' when 9 then 'é漢🐘' else md5(random()::text) end $$;
select setseed(0.5);
select json_build_object(
 'arrays', (select json_agg(json_build_object('text', a::text, 'items', (select json_agg(u order by o) from unnest(a) with ordinality t(u,o)), 'dims', array_dims(a))) from (
    select array[rnd(),rnd(),rnd()] a from generate_series(1,40) union all
    select array[[rnd(),rnd()],[rnd(),rnd()]] from generate_series(1,20) union all
    select array[[[rnd()],[rnd()]],[[rnd()],[rnd()]]] from generate_series(1,5) union all
    select '{}'::text[] union all select '[0:1]={a,b}'::text[] union all select '[-2:-1][5:6]={{a,b},{c,NULL}}'::text[] union all
    select array[ '[1:2]', '=' ] union all select array_fill(null::text, array[2,2], array[0,3])) s),
 'boxes', (select json_agg(json_build_object('text', a::text, 'items', (select json_agg(u::text order by o) from unnest(a) with ordinality t(u,o)))) from (
    select array[box '(1,2),(3,4)', box '(1e300,-2.5),(0,0)', null] a union all select '{}'::box[]) s),
 'rows', (select json_agg(json_build_object('text', r::text, 'fields', f)) from (
    select row(a,b,c) r, json_build_array(a,b,c) f from (select rnd() a, rnd() b, rnd() c from generate_series(1,60)) q) s),
 'nested', (select json_agg(json_build_object('text', n::text, 'x', (n).x, 'p', (n).p::text, 'a', ((n).p).a, 'l', (n).l)) from (
    select row(rnd(), row(rnd(), 5)::pair, array[rnd(),rnd()])::nest n from generate_series(1,40)) s),
 'ranges', (select json_agg(json_build_object('text', r, 'empty', e, 'lower', lo, 'upper', up, 'li', li, 'ui', ui)) from (
    select r::text, isempty(r) e, lower(r)::text lo, upper(r)::text up, lower_inc(r) li, upper_inc(r) ui from (values (int4range(1,5)), (int4range(null,5)), ('empty'::int4range), (int4range(null,null))) v(r) union all
    select r::text, isempty(r), lower(r)::text, upper(r)::text, lower_inc(r), upper_inc(r) from (values (numrange(1.50,'NaN','[]')), (numrange(-1,2,'()')),(numrange(1,1,'[]'))) v(r) union all
    select r::text, isempty(r), lower(r)::text, upper(r)::text, lower_inc(r), upper_inc(r) from (values (tstzrange('2024-01-01 10:00+00','infinity','[]')), (tstzrange(null,'2024-01-01'))) v(r)) s),
 'textranges', null,
 'multiranges', (select json_agg(json_build_object('text', m::text, 'parts', (select json_agg(u::text order by u) from unnest(m) u))) from (values ('{}'::nummultirange), ('{[1,2),(3,4]}'), ('{(,1),[2,)}')) v(m)),
 'hstores', (select json_agg(json_build_object('text', h::text, 'pairs', (select json_agg(json_build_array(key, value)) from each(h)))) from (
    select hstore(array[coalesce(rnd(),'k1'),rnd(),coalesce(rnd(),'k2'),rnd()]) h from generate_series(1,40) union all select ''::hstore) s),
 'moments', (select json_agg(json_build_object('text', t::text, 'utc', (t at time zone 'UTC')::text, 'epoch', extract(epoch from t)::text, 'day', trim(to_char(t,'Day')))) from (
    select '2024-02-29 23:59:59.123456+05:30'::timestamptz t union all select '0044-03-15 12:00:00+00 BC' union all select '4713-01-01 00:00:00+00 BC' union all select '294276-12-31 23:59:59.999999+00' union all select '1899-12-31 00:00:00+00' union all
    select '1900-01-01'::timestamptz + random()*200*interval '365 days' from generate_series(1,40)) s),
 'dates', (select json_agg(json_build_object('text', t::text, 'days', t - date '1970-01-01', 'day', trim(to_char(t,'Day')))) from (select date '294276-12-31' t union all select '0001-01-01' union all select '0001-12-31 BC' union all select '2000-02-29' union all select '1600-03-01') s),
 'intervals', (select json_agg(json_build_object('text', i::text, 'epoch', extract(epoch from i)::text)) from (
    select interval '1 year 2 mons 3 days 04:05:06.789' i union all select '-1 year -2 mons +3 days -04:05:06.000001' union all select '0' union all select '1 mon' union all select '-1 days' union all select '100000 hours' union all select '-00:00:00.5' union all
    select (random()*40-20)::int * interval '1 mon' + (random()*200-100)::int * interval '1 day' + random()*100000*interval '1 sec' from generate_series(1,40)) s),
 'networks', (select json_agg(json_build_object('text', a::text, 'net', text(network(a)), 'host', host(a), 'bc', host(broadcast(a)), 'mask', host(netmask(a)), 'family', family(a), 'bits', masklen(a))) from (values ('192.168.1.5/24'::inet),('10.0.0.1'),('0.0.0.0/0'),('::1/64'),('2001:db8::8a2e:370:7334/48'),('::ffff:1.2.3.4'),('fe80::/10'),('1:0:0:2:0:0:0:3'),('1:0:2:3:4:5:6:7'),('::')) v(a)),
 'geometric', json_build_array(
   json_build_array('point', point(1.5,-2)::text), json_build_array('point', '(1e+300,NaN)'::point::text), json_build_array('lseg', lseg '[(0,0),(3,4)]'::text), json_build_array('box', box '(1,2),(3,4)'::text),
   json_build_array('path', path '[(0,0),(1,1),(2,0)]'::text), json_build_array('path', path '((0,0),(1,1),(2,0))'::text), json_build_array('polygon', polygon '((0,0),(4,0),(4,3))'::text), json_build_array('circle', circle '<(1,2),3>'::text), json_build_array('line', line '{1,-1,0}'::text), json_build_array('point', '(Infinity,-Infinity)'::point::text))
);
