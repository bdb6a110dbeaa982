-- The indexes of the relation $1 that no constraint makes, and what is set on any index of it.
select x.what
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype = any ('{p,u,x}')
 cross join lateral (
   select 1, pg_catalog.pg_get_indexdef(i.indexrelid) where k.oid is null
   union all
   select 2, pg_catalog.format('ALTER INDEX %s SET (%s)', c.oid::pg_catalog.regclass,
            (select pg_catalog.string_agg(pg_catalog.format('%I=%L', o.option_name, o.option_value), ', ') from pg_catalog.pg_options_to_table(c.reloptions) o))
    where k.oid is not null and c.reloptions is not null
   union all
   select 3, pg_catalog.format('ALTER INDEX %s SET TABLESPACE %I', c.oid::pg_catalog.regclass, t.spcname) from pg_catalog.pg_tablespace t where t.oid = c.reltablespace
   union all
   select 4, pg_catalog.format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', c.oid::pg_catalog.regclass, a.attnum, a.attstattarget) -- since 11
     from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attstattarget >= 0 -- since 11
   union all -- since 11
   select 5, pg_catalog.format('ALTER TABLE %s CLUSTER ON %I', i.indrelid::pg_catalog.regclass, c.relname) where i.indisclustered
   union all
   select 6, pg_catalog.format('COMMENT ON INDEX %s IS %L', c.oid::pg_catalog.regclass, pg_catalog.obj_description(c.oid, 'pg_class'))
    where pg_catalog.obj_description(c.oid, 'pg_class') is not null
 ) x(n, what)
 where i.indrelid = $1::pg_catalog.oid
 order by c.relname, x.n
