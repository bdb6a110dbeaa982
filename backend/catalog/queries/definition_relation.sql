-- What is said of the relation $1 once: its head, its end and its attributes.
select c.relkind,
       case when c.relpersistence = 't' then pg_catalog.quote_ident(c.relname) else c.oid::pg_catalog.regclass::pg_catalog.text end,
       c.relpersistence,
       (select pg_catalog.string_agg(pg_catalog.format('%s%I=%L', x.prefix, o.option_name, o.option_value), ', ')
          from (values ('', c.reloptions), ('toast.', (select t.reloptions from pg_catalog.pg_class t where t.oid = c.reltoastrelid))) x(prefix, options),
               pg_catalog.pg_options_to_table(x.options) o),
       (select pg_catalog.quote_ident(t.spcname) from pg_catalog.pg_tablespace t where t.oid = c.reltablespace),
       (select pg_catalog.quote_ident(m.amname) from pg_catalog.pg_am m where m.oid = c.relam and m.amname <> 'heap' and m.amtype = 't'), -- since 12
       null, -- before 12
       c.relowner::pg_catalog.regrole, pg_catalog.obj_description(c.oid, 'pg_class'),
       case c.relkind when 'p' then pg_catalog.pg_get_partkeydef(c.oid) end, pg_catalog.pg_get_expr(c.relpartbound, c.oid),
       (select i.inhparent::pg_catalog.regclass from pg_catalog.pg_inherits i where i.inhrelid = c.oid and c.relispartition),
       (select pg_catalog.string_agg(i.inhparent::pg_catalog.regclass::pg_catalog.text, ', ' order by i.inhseqno)
          from pg_catalog.pg_inherits i where i.inhrelid = c.oid and not c.relispartition),
       case when c.reloftype <> 0 then c.reloftype::pg_catalog.regtype end,
       case when c.relkind = any ('{v,m}') then pg_catalog.pg_get_viewdef(c.oid) end, c.relispopulated,
       (select pg_catalog.quote_ident(s.srvname)
               || coalesce((select ' OPTIONS (' || pg_catalog.string_agg(pg_catalog.format('%I %L', o.option_name, o.option_value), ', ') || ')'
                              from pg_catalog.pg_options_to_table(f.ftoptions) o), '')
          from pg_catalog.pg_foreign_table f join pg_catalog.pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid),
       c.relrowsecurity, c.relforcerowsecurity,
       case c.relreplident when 'f' then 'FULL' when 'n' then 'NOTHING' when 'i' then
         (select 'USING INDEX ' || pg_catalog.quote_ident(x.relname) from pg_catalog.pg_index i join pg_catalog.pg_class x on x.oid = i.indexrelid
           where i.indrelid = c.oid and i.indisreplident) end,
       (select count(*) from pg_catalog.pg_inherits i where i.inhparent = c.oid and c.relkind = 'p'),
       exists (select from pg_catalog.pg_seclabel l where l.objoid = c.oid and l.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass),
       c.reltype
  from pg_catalog.pg_class c
 where c.oid = $1::pg_catalog.oid
