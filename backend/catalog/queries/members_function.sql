-- The functions of the schema $1.
select p.oid, p.proname,
       '(' || pg_catalog.pg_get_function_arguments(p.oid) || ')' || coalesce(' → ' || nullif(pg_catalog.pg_get_function_result(p.oid), ''), ''),
       p.prokind, -- since 11
       case when p.proisagg then 'a' when p.proiswindow then 'w' else 'f' end, -- before 11
       pg_catalog.obj_description(p.oid, 'pg_proc')
  from pg_catalog.pg_proc p
 where p.pronamespace = $1::pg_catalog.oid
