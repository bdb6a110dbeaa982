-- All roles, and what they may.
select r.oid, r.rolname,
       pg_catalog.concat_ws(', ', case when r.rolsuper then 'superuser' end, case when not r.rolcanlogin then 'cannot log in' end,
         case when r.rolcreatedb then 'creates databases' end, case when r.rolcreaterole then 'creates roles' end),
       '', pg_catalog.shobj_description(r.oid, 'pg_authid')
  from pg_catalog.pg_roles r
