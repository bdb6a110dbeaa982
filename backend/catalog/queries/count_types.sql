-- How many types each schema has that somebody made: no row types and no array types. Composite types of their own are
-- counted from pg_class.
select typnamespace, count(*)
  from pg_catalog.pg_type
 where typtype = any ('{b,d,e,r}') and not (typcategory = 'A' and typarray = 0)
 group by typnamespace
