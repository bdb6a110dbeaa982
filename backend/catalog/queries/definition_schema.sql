-- The schema $1.
select pg_catalog.quote_ident(n.nspname), n.nspowner::pg_catalog.regrole, pg_catalog.obj_description(n.oid, 'pg_namespace'),
       exists (select from pg_catalog.pg_default_acl a where a.defaclnamespace = n.oid)
  from pg_catalog.pg_namespace n
 where n.oid = $1::pg_catalog.oid
