-- The privileges on the relation $1: those that are, and those that would be by themselves.
select 'is', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, x.grantor <> o.relowner
  from pg_catalog.pg_class o cross join lateral pg_catalog.aclexplode(o.relacl) x
 where o.oid = $1::pg_catalog.oid
union all
select 'usual', '', x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, false
  from pg_catalog.pg_class o cross join lateral pg_catalog.aclexplode(pg_catalog.acldefault(case o.relkind when 'S' then 's' else 'r' end::"char", o.relowner)) x
 where o.oid = $1::pg_catalog.oid and o.relacl is not null
