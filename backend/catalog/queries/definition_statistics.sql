-- The extended statistics of the relation $1.
select x.what
  from pg_catalog.pg_statistic_ext s
  join pg_catalog.pg_namespace n on n.oid = s.stxnamespace
 cross join lateral (
   select 1, pg_catalog.pg_get_statisticsobjdef(s.oid)
   union all
   select 2, pg_catalog.format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget) where s.stxstattarget >= 0 -- since 13
   union all -- since 13
   select 3, pg_catalog.format('COMMENT ON STATISTICS %I.%I IS %L', n.nspname, s.stxname, pg_catalog.obj_description(s.oid, 'pg_statistic_ext'))
    where pg_catalog.obj_description(s.oid, 'pg_statistic_ext') is not null
 ) x(n, what)
 where s.stxrelid = $1::pg_catalog.oid
 order by n.nspname, s.stxname, x.n
