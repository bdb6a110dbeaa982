-- The privileges on the type $1: those that are, and those that would be by themselves.
select 'is', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, x.grantor <> o.typowner
  from pg_catalog.pg_type o cross join lateral pg_catalog.aclexplode(o.typacl) x
 where o.oid = $1::pg_catalog.oid
union all
select 'usual', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, false
  from pg_catalog.pg_type o cross join lateral pg_catalog.aclexplode(pg_catalog.acldefault('T', o.typowner)) x
 where o.oid = $1::pg_catalog.oid and o.typacl is not null
