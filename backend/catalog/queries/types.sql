-- All types but those that PostgreSQL makes by itself: arrays, and rows of relations.
select t.oid, t.typnamespace, t.typname, t.typtype
  from pg_catalog.pg_type t
  left join pg_catalog.pg_class c on c.oid = t.typrelid
 where not (t.typcategory = 'A' and t.typarray = 0) and coalesce(c.relkind = 'c', true)
