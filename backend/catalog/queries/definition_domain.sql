-- The constraints of the domain $1; those that are not valid are added later.
select pg_catalog.format('CONSTRAINT %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), k.convalidated,
       pg_catalog.format('COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', k.conname, k.contypid::pg_catalog.regtype, pg_catalog.obj_description(k.oid, 'pg_constraint')),
       pg_catalog.obj_description(k.oid, 'pg_constraint') is not null
  from pg_catalog.pg_constraint k
 where k.contypid = $1::pg_catalog.oid
 order by k.contype = 'c', k.conname
