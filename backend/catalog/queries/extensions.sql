-- The extensions that are installed.
select e.oid, e.extname, e.extversion, '', d.description
  from pg_catalog.pg_extension e
  left join pg_catalog.pg_description d on d.objoid = e.oid and d.classoid = 'pg_catalog.pg_extension'::pg_catalog.regclass
