-- All columns of all relations. Key and foreign key are told by constraints.sql.
select a.attrelid, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.atthasdef or a.attidentity <> '',
       a.attidentity = 'a'
       or a.attgenerated <> '' -- since 12
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
 where a.attnum > 0 and not a.attisdropped and c.relkind = any ('{r,p,f,v,m,c}')
