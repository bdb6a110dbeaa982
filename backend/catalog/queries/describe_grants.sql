-- What roles may do with the relation $1, the owner's own rights among them.
select case x.grantee when 0 then 'PUBLIC' else pg_catalog.pg_get_userbyid(x.grantee) end,
       pg_catalog.string_agg(x.privilege_type, ', ' order by x.privilege_type), x.is_grantable
  from pg_catalog.pg_class c,
       pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) x
 where c.oid = $1::pg_catalog.oid
 group by 1, 3, x.grantee = c.relowner
 order by x.grantee = c.relowner desc, 1
