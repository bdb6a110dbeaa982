-- The extension $1.
select pg_catalog.format('CREATE EXTENSION %I WITH SCHEMA %I VERSION %L', e.extname, n.nspname, e.extversion), pg_catalog.quote_ident(e.extname),
       pg_catalog.obj_description(e.oid, 'pg_extension')
  from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace
 where e.oid = $1::pg_catalog.oid
