-- The relation $1 itself.
select n.nspname, c.relname, c.relkind, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
       pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.obj_description(c.oid, 'pg_class'), c.reltuples::pg_catalog.int8, c.relpages,
       case c.relkind when 'p' then pg_catalog.pg_get_partkeydef(c.oid) end, pg_catalog.pg_get_expr(c.relpartbound, c.oid)
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where c.oid = $1::pg_catalog.oid
