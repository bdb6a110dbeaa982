-- The options of the aggregate $1.
select pg_catalog.concat_ws(E',\n    ',
         'SFUNC = ' || a.aggtransfn::pg_catalog.regproc, 'STYPE = ' || pg_catalog.format_type(a.aggtranstype, null),
         case when a.aggtransspace <> 0 then 'SSPACE = ' || a.aggtransspace end,
         case when a.aggfinalfn <> 0 then 'FINALFUNC = ' || a.aggfinalfn::pg_catalog.regproc end,
         case when a.aggfinalextra then 'FINALFUNC_EXTRA' end,
         case when a.aggfinalmodify <> case a.aggkind when 'n' then 'r'::"char" else 'w' end then -- since 11
           'FINALFUNC_MODIFY = ' || case a.aggfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end, -- since 11
         case when a.aggcombinefn <> 0 then 'COMBINEFUNC = ' || a.aggcombinefn::pg_catalog.regproc end,
         case when a.aggserialfn <> 0 then 'SERIALFUNC = ' || a.aggserialfn::pg_catalog.regproc end,
         case when a.aggdeserialfn <> 0 then 'DESERIALFUNC = ' || a.aggdeserialfn::pg_catalog.regproc end,
         'INITCOND = ' || pg_catalog.quote_literal(a.agginitval),
         case when a.aggmtransfn <> 0 then 'MSFUNC = ' || a.aggmtransfn::pg_catalog.regproc end,
         case when a.aggminvtransfn <> 0 then 'MINVFUNC = ' || a.aggminvtransfn::pg_catalog.regproc end,
         case when a.aggmtranstype <> 0 then 'MSTYPE = ' || pg_catalog.format_type(a.aggmtranstype, null) end,
         case when a.aggmtransspace <> 0 then 'MSSPACE = ' || a.aggmtransspace end,
         case when a.aggmfinalfn <> 0 then 'MFINALFUNC = ' || a.aggmfinalfn::pg_catalog.regproc end,
         case when a.aggmfinalextra then 'MFINALFUNC_EXTRA' end,
         case when a.aggmfinalmodify <> case a.aggkind when 'n' then 'r'::"char" else 'w' end then -- since 11
           'MFINALFUNC_MODIFY = ' || case a.aggmfinalmodify when 'r' then 'READ_ONLY' when 's' then 'SHAREABLE' else 'READ_WRITE' end end, -- since 11
         'MINITCOND = ' || pg_catalog.quote_literal(a.aggminitval),
         case when a.aggsortop <> 0 then 'SORTOP = ' || (select pg_catalog.format('operator(%I.%s)', n.nspname, o.oprname)
           from pg_catalog.pg_operator o join pg_catalog.pg_namespace n on n.oid = o.oprnamespace where o.oid = a.aggsortop) end,
         case when a.aggkind = 'h' then 'HYPOTHETICAL' end,
         case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end)
  from pg_catalog.pg_aggregate a
  join pg_catalog.pg_proc p on p.oid = a.aggfnoid
 where a.aggfnoid = $1::pg_catalog.oid
