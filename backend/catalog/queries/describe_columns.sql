-- The columns of the relation $1.
select a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid),
       case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
       case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end, -- since 12
       null, -- before 12
       case when a.attcollation <> t.typcollation then
         (select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(l.collname)
            from pg_catalog.pg_collation l join pg_catalog.pg_namespace n on n.oid = l.collnamespace where l.oid = a.attcollation) end,
       exists (select from pg_catalog.pg_constraint k where k.conrelid = a.attrelid and k.contype = 'p' and a.attnum = any (k.conkey)),
       exists (select from pg_catalog.pg_constraint k where k.conrelid = a.attrelid and k.contype = 'f' and a.attnum = any (k.conkey)),
       pg_catalog.col_description(a.attrelid, a.attnum)
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped
 order by a.attnum
