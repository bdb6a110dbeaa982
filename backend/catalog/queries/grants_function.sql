-- The privileges on the function $1: those that are, and those that would be by themselves.
select 'is', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, x.grantor <> o.proowner
  from pg_catalog.pg_proc o cross join lateral pg_catalog.aclexplode(o.proacl) x
 where o.oid = $1::pg_catalog.oid
union all
select 'usual', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, false
  from pg_catalog.pg_proc o cross join lateral pg_catalog.aclexplode(pg_catalog.acldefault('f', o.proowner)) x
 where o.oid = $1::pg_catalog.oid and o.proacl is not null
