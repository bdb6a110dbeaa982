-- The comments on the columns, constraints and policies of the relation $1.
select x.what
  from (
   select 1, a.attnum, pg_catalog.format('COMMENT ON COLUMN %s.%I IS %L', a.attrelid::pg_catalog.regclass, a.attname, pg_catalog.col_description(a.attrelid, a.attnum))
     from pg_catalog.pg_attribute a
    where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped and pg_catalog.col_description(a.attrelid, a.attnum) is not null
   union all
   select 2, 0, pg_catalog.format('COMMENT ON CONSTRAINT %I ON %s IS %L', k.conname, k.conrelid::pg_catalog.regclass, pg_catalog.obj_description(k.oid, 'pg_constraint'))
     from pg_catalog.pg_constraint k where k.conrelid = $1::pg_catalog.oid and pg_catalog.obj_description(k.oid, 'pg_constraint') is not null
   union all
   select 3, 0, pg_catalog.format('COMMENT ON POLICY %I ON %s IS %L', p.polname, p.polrelid::pg_catalog.regclass, pg_catalog.obj_description(p.oid, 'pg_policy'))
     from pg_catalog.pg_policy p where p.polrelid = $1::pg_catalog.oid and pg_catalog.obj_description(p.oid, 'pg_policy') is not null
  ) x(n, m, what)
 order by x.n, x.m, x.what
