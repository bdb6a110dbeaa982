-- The constraints of the relation $1; at the other end of a foreign key is the table it refers to.
select k.oid, k.conname, k.contype, pg_catalog.pg_get_constraintdef(k.oid), k.convalidated, n.nspname, c.relname, c.oid,
       pg_catalog.obj_description(k.oid, 'pg_constraint')
  from pg_catalog.pg_constraint k
  left join pg_catalog.pg_class c on c.oid = k.confrelid
  left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where k.conrelid = $1::pg_catalog.oid and k.contype <> 't'
 order by pg_catalog.strpos('puxfcn', k.contype::pg_catalog.text), k.conname
