-- The triggers of the relation $1.
select t.tgname, pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled <> 'D', pg_catalog.obj_description(t.oid, 'pg_trigger')
  from pg_catalog.pg_trigger t
 where t.tgrelid = $1::pg_catalog.oid and not t.tgisinternal
 order by t.tgname
