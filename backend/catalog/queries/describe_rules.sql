-- The rules of the relation $1, but for the one that makes it a view.
select r.rulename, pg_catalog.pg_get_ruledef(r.oid), r.ev_enabled <> 'D', pg_catalog.obj_description(r.oid, 'pg_rewrite')
  from pg_catalog.pg_rewrite r
 where r.ev_class = $1::pg_catalog.oid and r.rulename <> '_RETURN'
 order by r.rulename
