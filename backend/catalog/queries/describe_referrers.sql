-- The foreign keys that refer to the relation $1, without the copies that partitions have; at the other end is the table
-- that refers.
select k.oid, k.conname, k.contype, pg_catalog.pg_get_constraintdef(k.oid), k.convalidated, n.nspname, c.relname, c.oid,
       pg_catalog.obj_description(k.oid, 'pg_constraint')
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where k.confrelid = $1::pg_catalog.oid and k.contype = 'f'
   and k.conparentid = 0 -- since 11
 order by n.nspname, c.relname, k.conname
