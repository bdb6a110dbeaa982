-- The partitions of the table $1.
select c.oid, n.nspname, c.relname, pg_catalog.pg_get_expr(c.relpartbound, c.oid), c.reltuples::pg_catalog.int8, c.relpages
  from pg_catalog.pg_inherits i
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where i.inhparent = $1::pg_catalog.oid and c.relispartition
 order by n.nspname, c.relname
