-- The extension that the object $2 of the catalog $1 belongs to.
select e.extname
  from pg_catalog.pg_depend d
  join pg_catalog.pg_extension e on e.oid = d.refobjid
 where d.classid = $1::pg_catalog.regclass and d.objid = $2::pg_catalog.oid and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and d.deptype = 'e'
