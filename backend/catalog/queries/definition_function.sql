-- The function, procedure or window function $1.
select
       case p.prokind when 'p' then 'PROCEDURE' when 'a' then 'AGGREGATE' else 'FUNCTION' end, -- since 11
       case when p.proisagg then 'AGGREGATE' else 'FUNCTION' end, -- before 11
       pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
         coalesce(nullif(pg_catalog.pg_get_function_identity_arguments(p.oid), ''), case when
           p.prokind = 'a' -- since 11
           p.proisagg -- before 11
           then '*' else '' end)),
       case when not
         p.prokind = 'a' -- since 11
         p.proisagg -- before 11
         then pg_catalog.pg_get_functiondef(p.oid) end,
       p.proowner::pg_catalog.regrole, pg_catalog.obj_description(p.oid, 'pg_proc'),
       exists (select from pg_catalog.pg_seclabel l where l.objoid = p.oid and l.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass)
  from pg_catalog.pg_proc p
  join pg_catalog.pg_namespace n on n.oid = p.pronamespace
 where p.oid = $1::pg_catalog.oid
