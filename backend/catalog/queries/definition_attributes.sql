-- The attributes of the composite type $1, and what is said of each.
select pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
       || coalesce((select pg_catalog.format(' COLLATE %I.%I', n.nspname, l.collname)
                      from pg_catalog.pg_collation l join pg_catalog.pg_namespace n on n.oid = l.collnamespace, pg_catalog.pg_type b
                     where l.oid = a.attcollation and b.oid = a.atttypid and a.attcollation <> b.typcollation), ''),
       pg_catalog.format('COMMENT ON COLUMN %s.%I IS %L', t.oid::pg_catalog.regtype, a.attname, pg_catalog.col_description(a.attrelid, a.attnum)),
       pg_catalog.col_description(a.attrelid, a.attnum) is not null
  from pg_catalog.pg_type t
  join pg_catalog.pg_attribute a on a.attrelid = t.typrelid
 where t.oid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped
 order by a.attnum
