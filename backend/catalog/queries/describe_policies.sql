-- The row-level security policies of the relation $1. They are in force when the table has row-level security on.
select p.polname,
       'CREATE POLICY ' || pg_catalog.quote_ident(p.polname) || ' ON ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
       || case when p.polpermissive then '' else ' AS RESTRICTIVE' end
       || case p.polcmd when 'r' then ' FOR SELECT' when 'a' then ' FOR INSERT' when 'w' then ' FOR UPDATE' when 'd' then ' FOR DELETE' else '' end
       || case when p.polroles = '{0}' then '' else ' TO ' ||
            (select pg_catalog.string_agg(case x.r when 0 then 'PUBLIC' else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(x.r)) end, ', ' order by x.i)
               from pg_catalog.unnest(p.polroles) with ordinality x(r, i)) end
       || coalesce(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', '')
       || coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
       c.relrowsecurity, pg_catalog.obj_description(p.oid, 'pg_policy')
  from pg_catalog.pg_policy p
  join pg_catalog.pg_class c on c.oid = p.polrelid
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where p.polrelid = $1::pg_catalog.oid
 order by p.polname
