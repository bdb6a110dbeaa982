-- The type $1: its letter and all that is said of it once. What a composite type is made of, the labels of an enum and
-- the constraints of a domain are asked apart.
select t.typtype, t.oid::pg_catalog.regtype, t.typowner::pg_catalog.regrole, pg_catalog.obj_description(t.oid, 'pg_type'), t.typrelid,
       case t.typtype
         when 'e' then (select pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), E',\n    ' order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid)
         when 'd' then pg_catalog.format_type(t.typbasetype, t.typtypmod)
           || coalesce((select pg_catalog.format(' COLLATE %I.%I', n.nspname, l.collname)
                          from pg_catalog.pg_type b, pg_catalog.pg_collation l join pg_catalog.pg_namespace n on n.oid = l.collnamespace
                         where b.oid = t.typbasetype and l.oid = t.typcollation and t.typcollation <> b.typcollation), '')
           || coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass), '')
           || case when t.typnotnull then ' NOT NULL' else '' end -- before 17
         when 'r' then (select pg_catalog.concat_ws(E',\n    ', 'SUBTYPE = ' || pg_catalog.format_type(r.rngsubtype, null),
             'MULTIRANGE_TYPE_NAME = ' || r.rngmultitypid::pg_catalog.regtype, -- since 14
             (select pg_catalog.format('SUBTYPE_OPCLASS = %I.%I', n.nspname, o.opcname) from pg_catalog.pg_opclass o join pg_catalog.pg_namespace n on n.oid = o.opcnamespace
               where o.oid = r.rngsubopc and not o.opcdefault),
             (select pg_catalog.format('COLLATION = %I.%I', n.nspname, l.collname) from pg_catalog.pg_collation l join pg_catalog.pg_namespace n on n.oid = l.collnamespace,
                     pg_catalog.pg_type b where l.oid = r.rngcollation and b.oid = r.rngsubtype and r.rngcollation <> b.typcollation),
             case when r.rngcanonical <> 0 then 'CANONICAL = ' || r.rngcanonical::pg_catalog.regproc end,
             case when r.rngsubdiff <> 0 then 'SUBTYPE_DIFF = ' || r.rngsubdiff::pg_catalog.regproc end)
           from pg_catalog.pg_range r where r.rngtypid = t.oid)
         when 'b' then pg_catalog.concat_ws(E',\n    ', 'INPUT = ' || t.typinput::pg_catalog.regproc, 'OUTPUT = ' || t.typoutput::pg_catalog.regproc,
             case when t.typreceive <> 0 then 'RECEIVE = ' || t.typreceive::pg_catalog.regproc end, case when t.typsend <> 0 then 'SEND = ' || t.typsend::pg_catalog.regproc end,
             case when t.typmodin <> 0 then 'TYPMOD_IN = ' || t.typmodin::pg_catalog.regproc end, case when t.typmodout <> 0 then 'TYPMOD_OUT = ' || t.typmodout::pg_catalog.regproc end,
             case when t.typanalyze <> 0 then 'ANALYZE = ' || t.typanalyze::pg_catalog.regproc end,
             'INTERNALLENGTH = ' || case when t.typlen < 0 then 'VARIABLE' else t.typlen::pg_catalog.text end, case when t.typbyval then 'PASSEDBYVALUE' end,
             'ALIGNMENT = ' || case t.typalign when 'c' then 'char' when 's' then 'int2' when 'i' then 'int4' else 'double' end,
             'STORAGE = ' || case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end,
             'CATEGORY = ' || pg_catalog.quote_literal(t.typcategory::pg_catalog.text), case when t.typispreferred then 'PREFERRED = true' end,
             'DEFAULT = ' || pg_catalog.quote_literal(t.typdefault), case when t.typelem <> 0 then 'ELEMENT = ' || pg_catalog.format_type(t.typelem, null) end,
             case when t.typdelim <> ',' then 'DELIMITER = ' || pg_catalog.quote_literal(t.typdelim::pg_catalog.text) end, case when t.typcollation <> 0 then 'COLLATABLE = true' end)
       end,
       exists (select from pg_catalog.pg_range r where r.rngtypid = t.oid and r.rngcanonical <> 0),
       exists (select from pg_catalog.pg_seclabel l where l.objoid = t.oid and l.classoid = 'pg_catalog.pg_type'::pg_catalog.regclass)
  from pg_catalog.pg_type t
 where t.oid = $1::pg_catalog.oid
