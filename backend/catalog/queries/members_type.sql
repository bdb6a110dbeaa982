-- The types of the schema $1 that somebody made.
select t.oid, t.typname,
       case t.typtype
         when 'e' then (select pg_catalog.string_agg(x.enumlabel, ', ' order by x.enumsortorder) from pg_catalog.pg_enum x where x.enumtypid = t.oid)
         when 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod)
         when 'r' then (select pg_catalog.format_type(r.rngsubtype, null) from pg_catalog.pg_range r where r.rngtypid = t.oid)
         when 'c' then (select pg_catalog.string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
                          from pg_catalog.pg_attribute a where a.attrelid = t.typrelid and not a.attisdropped)
       end,
       t.typtype, pg_catalog.obj_description(t.oid, 'pg_type')
  from pg_catalog.pg_type t
  left join pg_catalog.pg_class c on c.oid = t.typrelid
 where t.typnamespace = $1::pg_catalog.oid and t.typtype = any ('{b,c,d,e,r}')
   and not (t.typcategory = 'A' and t.typarray = 0) and coalesce(c.relkind = 'c', true)
