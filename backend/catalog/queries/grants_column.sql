-- The privileges on columns of the relation $1; by themselves there are none.
select 'is', pg_catalog.quote_ident(a.attname), x.grantee::pg_catalog.regrole, x.privilege_type, x.is_grantable, x.grantee = 0, x.grantor <> c.relowner
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
 cross join lateral pg_catalog.aclexplode(a.attacl) x
 where a.attrelid = $1::pg_catalog.oid and not a.attisdropped
 order by a.attnum
