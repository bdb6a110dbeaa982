-- What ALTER TABLE says of the columns of the relation $1: what CREATE TABLE has no words for, and what is set on columns
-- that come from a parent or a query.
select 'ALTER COLUMN ' || pg_catalog.quote_ident(a.attname) || ' ' || x.what
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 cross join lateral (values
   (1, case when d.adbin is not null and (c.relkind = 'v' or not a.attislocal and not c.relispartition)
         and a.attgenerated = '' -- since 12
         then 'SET DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) end),
   (2, case when a.attnotnull and not a.attislocal and not c.relispartition then 'SET NOT NULL' end), -- before 18
   (3, case when a.attstorage <> t.typstorage and c.relkind = any ('{r,p,m,f}') then
         'SET STORAGE ' || case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'x' then 'EXTENDED' else 'MAIN' end end),
   (4, case a.attcompression when 'p' then 'SET COMPRESSION pglz' when 'l' then 'SET COMPRESSION lz4' end), -- since 14
   (5, case when a.attstattarget >= 0 and c.relkind = any ('{r,p,m,f}') then 'SET STATISTICS ' || a.attstattarget end),
   (6, (select 'SET (' || pg_catalog.string_agg(pg_catalog.format('%I=%L', o.option_name, o.option_value), ', ') || ')'
          from pg_catalog.pg_options_to_table(a.attoptions) o))) x(n, what)
 where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped and x.what is not null
 order by a.attnum, x.n
