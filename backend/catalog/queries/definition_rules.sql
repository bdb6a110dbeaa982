-- The rules of the relation $1, but for the one that makes it a view.
select x.what
  from pg_catalog.pg_rewrite r
 cross join lateral (
   select 1, pg_catalog.rtrim(pg_catalog.pg_get_ruledef(r.oid), ';')
   union all
   select 2, pg_catalog.format('ALTER TABLE %s %s RULE %I', r.ev_class::pg_catalog.regclass,
            case r.ev_enabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' else 'ENABLE ALWAYS' end, r.rulename) where r.ev_enabled <> 'O'
   union all
   select 3, pg_catalog.format('COMMENT ON RULE %I ON %s IS %L', r.rulename, r.ev_class::pg_catalog.regclass, pg_catalog.obj_description(r.oid, 'pg_rewrite'))
    where pg_catalog.obj_description(r.oid, 'pg_rewrite') is not null
 ) x(n, what)
 where r.ev_class = $1::pg_catalog.oid and r.rulename <> '_RETURN'
 order by r.rulename, x.n
