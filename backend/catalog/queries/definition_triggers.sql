-- The triggers of the relation $1, without those a partition has from its parent.
select x.what
  from pg_catalog.pg_trigger t
 cross join lateral (
   select 1, pg_catalog.pg_get_triggerdef(t.oid)
   union all
   select 2, pg_catalog.format('ALTER TABLE %s %s TRIGGER %I', t.tgrelid::pg_catalog.regclass,
            case t.tgenabled when 'D' then 'DISABLE' when 'R' then 'ENABLE REPLICA' else 'ENABLE ALWAYS' end, t.tgname) where t.tgenabled <> 'O'
   union all
   select 3, pg_catalog.format('COMMENT ON TRIGGER %I ON %s IS %L', t.tgname, t.tgrelid::pg_catalog.regclass, pg_catalog.obj_description(t.oid, 'pg_trigger'))
    where pg_catalog.obj_description(t.oid, 'pg_trigger') is not null
 ) x(n, what)
 where t.tgrelid = $1::pg_catalog.oid and not t.tgisinternal
   and t.tgparentid = 0 -- since 13
 order by t.tgname, x.n
