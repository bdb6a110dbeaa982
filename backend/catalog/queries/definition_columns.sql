-- The columns of the relation $1 as they stand in CREATE TABLE; the name of the constraint of a NOT NULL only where it is
-- not the usual one, and of an identity's sequence only what is not usual.
select pg_catalog.quote_ident(a.attname),
       pg_catalog.format_type(a.atttypid, a.atttypmod)
       || coalesce((select ' OPTIONS (' || pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name, o.option_value), ', ') || ')'
                      from pg_catalog.pg_options_to_table(a.attfdwoptions) o), '')
       || coalesce((select pg_catalog.format(' COLLATE %I.%I', n.nspname, l.collname)
                      from pg_catalog.pg_collation l join pg_catalog.pg_namespace n on n.oid = l.collnamespace
                     where l.oid = a.attcollation and a.attcollation <> t.typcollation), ''),
       case when a.attidentity <> ''
         and not c.relispartition -- since 17
         then ' GENERATED ' || case a.attidentity when 'a' then 'ALWAYS' else 'BY DEFAULT' end || ' AS IDENTITY'
         || coalesce((select ' (' || nullif(pg_catalog.concat_ws(' ',
              case when q.relname <> c.relname || '_' || a.attname || '_seq' or q.relnamespace <> c.relnamespace
                   then 'SEQUENCE NAME ' || q.oid::pg_catalog.regclass end,
              case when s.seqincrement <> 1 then 'INCREMENT BY ' || s.seqincrement end,
              case when s.seqmin <> case when s.seqincrement > 0 then 1 else x.lowest end then 'MINVALUE ' || s.seqmin end,
              case when s.seqmax <> case when s.seqincrement > 0 then x.highest else -1 end then 'MAXVALUE ' || s.seqmax end,
              case when s.seqstart <> case when s.seqincrement > 0 then s.seqmin else s.seqmax end then 'START WITH ' || s.seqstart end,
              case when s.seqcache <> 1 then 'CACHE ' || s.seqcache end, case when s.seqcycle then 'CYCLE' end), '') || ')'
            from pg_catalog.pg_depend d
            join pg_catalog.pg_sequence s on s.seqrelid = d.objid
            join pg_catalog.pg_class q on q.oid = s.seqrelid
            join (values ('int2'::pg_catalog.regtype, -32768::pg_catalog.int8, 32767::pg_catalog.int8), ('int4', -2147483648, 2147483647),
                         ('int8', -9223372036854775808, 9223372036854775807)) x(type, lowest, highest) on x.type = s.seqtypid
           where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = d.classid and d.refobjid = a.attrelid
             and d.refobjsubid = a.attnum and d.deptype = 'i'), '')
       when a.attgenerated = 's' then ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ') STORED' -- since 12
       when a.attgenerated = 'v' then ' GENERATED ALWAYS AS (' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) || ')' -- since 12
       when d.adbin is not null then ' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid) else '' end,
       (select case when k.conname = c.relname || '_' || a.attname || '_not_null' then '' else ' CONSTRAINT ' || pg_catalog.quote_ident(k.conname) end -- since 18
               || ' NOT NULL' || case when k.connoinherit then ' NO INHERIT' else '' end -- since 18
          from pg_catalog.pg_constraint k -- since 18
         where k.conrelid = a.attrelid and k.contype = 'n' and k.conkey[1] = a.attnum and k.convalidated and (k.conislocal or c.relispartition)), -- since 18
       case when a.attnotnull then ' NOT NULL' end, -- before 18
       a.attislocal or c.relispartition
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_class c on c.oid = a.attrelid
  join pg_catalog.pg_type t on t.oid = a.atttypid
  left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
 where a.attrelid = $1::pg_catalog.oid and a.attnum > 0 and not a.attisdropped
 order by a.attnum
