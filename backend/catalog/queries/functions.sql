-- All functions with their arguments, but for those of pg_catalog that only the server itself can call. The columns of a
-- result come from OUT and TABLE arguments, or from the relation whose row type is returned.
select p.oid, p.pronamespace, p.proname,
       p.prokind, -- since 11
       case when p.proisagg then 'a' when p.proiswindow then 'w' else 'f' end, -- before 11
       pg_catalog.pg_get_function_arguments(p.oid), p.pronargs - p.pronargdefaults, pg_catalog.pg_get_function_result(p.oid), p.proretset,
       case when p.proargmodes is not null then (
         select pg_catalog.json_agg(pg_catalog.json_build_array(p.proargnames[x.i], pg_catalog.format_type(x.t, null)) order by x.i)
           from unnest(p.proallargtypes, p.proargmodes) with ordinality x(t, m, i)
          where x.m = any ('{o,b,t}')) end,
       t.typrelid
  from pg_catalog.pg_proc p
  join pg_catalog.pg_type t on t.oid = p.prorettype
 where p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace
    or not p.proargtypes::pg_catalog.oid[] && '{2281,2275}' and p.prorettype <> all ('{2281,2275,2279,3838,3115,325,269}')
