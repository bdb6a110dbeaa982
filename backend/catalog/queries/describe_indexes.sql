-- The indexes of the relation $1, the primary key's first.
select i.indexrelid, c.relname, pg_catalog.pg_get_indexdef(i.indexrelid), i.indisunique, i.indisprimary, i.indisvalid, m.amname,
       pg_catalog.obj_description(i.indexrelid, 'pg_class')
  from pg_catalog.pg_index i
  join pg_catalog.pg_class c on c.oid = i.indexrelid
  join pg_catalog.pg_am m on m.oid = c.relam
 where i.indrelid = $1::pg_catalog.oid
 order by i.indisprimary desc, c.relname
