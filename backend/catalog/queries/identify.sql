-- What DROP calls the object $2 of the catalog $1, and whether it is a domain.
select o.type, o.identity, exists (select from pg_catalog.pg_type t where t.oid = $2::pg_catalog.oid and t.typtype = 'd' and o.type = 'type')
  from pg_catalog.pg_identify_object($1::pg_catalog.regclass, $2::pg_catalog.oid, 0) o
