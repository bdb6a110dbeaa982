-- The privileges on the schema $1: those that are, and those that would be by themselves.
select 'is', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, x.grantor <> o.nspowner
  from pg_catalog.pg_namespace o cross join lateral pg_catalog.aclexplode(o.nspacl) x
 where o.oid = $1::pg_catalog.oid
union all
select 'usual', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, false
  from pg_catalog.pg_namespace o cross join lateral pg_catalog.aclexplode(pg_catalog.acldefault('n', o.nspowner)) x
 where o.oid = $1::pg_catalog.oid and o.nspacl is not null
