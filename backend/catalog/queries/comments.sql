-- All comments on relations, columns, functions and types.
select case classoid when 'pg_catalog.pg_class'::pg_catalog.regclass then 'r' when 'pg_catalog.pg_proc'::pg_catalog.regclass then 'f' else 't' end,
       objoid, objsubid, description
  from pg_catalog.pg_description
 where classoid = any ('{pg_catalog.pg_class,pg_catalog.pg_proc,pg_catalog.pg_type}'::pg_catalog.regclass[])
