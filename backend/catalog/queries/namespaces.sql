-- All schemas with their comments. TOAST's are left out: nobody reads them by name.
select n.oid, n.nspname, d.description
  from pg_catalog.pg_namespace n
  left join pg_catalog.pg_description d on d.objoid = n.oid and d.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass and d.objsubid = 0
 where n.nspname !~ '^pg_toast'
