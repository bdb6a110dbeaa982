-- All that is in a database, one line a thing, without numbers that differ from one database to the next: what two
-- databases are compared by. It shares nothing with the questions that make definitions.
with spaces as (
  select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
), ext as (
  select classid, objid from pg_depend where deptype = 'e'
), rel as (
  select c.oid, -- before 12
  select -- since 12
         c.* from pg_class c join spaces s on s.oid = c.relnamespace where not exists (select from ext e where e.classid = 'pg_class'::regclass and e.objid = c.oid)
), acl(kind, oid, items) as (
  select 'rel', c.oid, string_agg(format('%s %s %s', x.grantee::regrole::text, x.privilege_type, x.is_grantable), ',' order by x.grantee::regrole::text, x.privilege_type, x.is_grantable)
    from rel c, aclexplode(coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))) x group by c.oid
  union all
  select 'fun', p.oid, string_agg(format('%s %s %s', x.grantee::regrole::text, x.privilege_type, x.is_grantable), ',' order by x.grantee::regrole::text, x.privilege_type, x.is_grantable)
    from pg_proc p join spaces s on s.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x group by p.oid
  union all
  select 'typ', t.oid, string_agg(format('%s %s %s', x.grantee::regrole::text, x.privilege_type, x.is_grantable), ',' order by x.grantee::regrole::text, x.privilege_type, x.is_grantable)
    from pg_type t join spaces s on s.oid = t.typnamespace, aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) x group by t.oid
  union all
  select 'nsp', n.oid, string_agg(format('%s %s %s', x.grantee::regrole::text, x.privilege_type, x.is_grantable), ',' order by x.grantee::regrole::text, x.privilege_type, x.is_grantable)
    from pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) x group by n.oid
)
select 'schema '::text || jsonb_build_array(n.nspname, n.nspowner::regrole::text, obj_description(n.oid, 'pg_namespace'), a.items)::text as line
  from pg_namespace n join spaces s on s.oid = n.oid left join acl a on a.kind = 'nsp' and a.oid = n.oid
union all
select 'extension '::text || jsonb_build_array(e.extname, e.extversion, e.extnamespace::regnamespace::text, obj_description(e.oid, 'pg_extension')) from pg_extension e
union all
select 'relation '::text || jsonb_build_array(c.oid::regclass::text, c.relkind, c.relpersistence, c.reloptions, c.relowner::regrole::text, a.items, c.reltablespace, c.relrowsecurity, c.relforcerowsecurity,
    c.relreplident, c.relispartition, c.relispopulated, pg_get_expr(c.relpartbound, c.oid), case c.relkind when 'p' then pg_get_partkeydef(c.oid) end, c.reloftype::regtype::text,
    obj_description(c.oid, 'pg_class'), case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
    (select m.amname from pg_am m where m.oid = c.relam),
    (select t.reloptions from pg_class t where t.oid = c.reltoastrelid),
    (select jsonb_agg(i.inhparent::regclass::text order by i.inhseqno) from pg_inherits i where i.inhrelid = c.oid),
    (select jsonb_build_array(f.ftoptions, v.srvname) from pg_foreign_table f join pg_foreign_server v on v.oid = f.ftserver where f.ftrelid = c.oid))
  from rel c left join acl a on a.kind = 'rel' and a.oid = c.oid where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
union all
select 'column '::text || jsonb_build_array(c.oid::regclass::text, row_number() over (partition by c.oid order by a.attnum), a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_get_expr(d.adbin, d.adrelid), a.attidentity,
    a.attgenerated, -- since 12
    a.attcompression, -- since 14
    a.attcollation::regcollation::text, -- since 13
    a.attcollation, -- before 13
    a.attstorage, nullif(a.attstattarget, -1), a.attoptions, a.attfdwoptions, a.attislocal, a.attinhcount, a.attacl::text, col_description(c.oid, a.attnum))
  from rel c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
 where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
union all
select 'constraint '::text || jsonb_build_array(k.conrelid::regclass::text, k.contypid::regtype::text, k.conname, k.contype, pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred,
    k.conislocal, k.coninhcount, k.contype <> all ('{p,u,x}') and k.connoinherit, k.conkey is null, k.confrelid::regclass::text,
    k.conparentid <> 0, -- since 11
    k.conenforced, -- since 18
    obj_description(k.oid, 'pg_constraint'))
  from pg_constraint k join spaces s on s.oid = k.connamespace
union all
select 'index '::text || jsonb_build_array(i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisunique, i.indisprimary, i.indisexclusion, i.indimmediate, i.indisclustered,
    i.indisreplident, c.reloptions, obj_description(c.oid, 'pg_class'), (select jsonb_agg(h.inhparent::regclass::text) from pg_inherits h where h.inhrelid = c.oid),
    (select jsonb_agg(nullif(a.attstattarget, -1) order by a.attnum) from pg_attribute a where a.attrelid = c.oid))
  from pg_index i join rel c on c.oid = i.indexrelid
union all
select 'trigger '::text || jsonb_build_array(pg_get_triggerdef(t.oid), t.tgenabled, t.tgparentid <> 0, obj_description(t.oid, 'pg_trigger')) from pg_trigger t join rel c on c.oid = t.tgrelid where not t.tgisinternal -- since 13
select 'trigger '::text || jsonb_build_array(pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger')) from pg_trigger t join rel c on c.oid = t.tgrelid where not t.tgisinternal -- before 13
union all
select 'rule '::text || jsonb_build_array(pg_get_ruledef(r.oid), r.ev_enabled, obj_description(r.oid, 'pg_rewrite')) from pg_rewrite r join rel c on c.oid = r.ev_class
union all
select 'policy '::text || jsonb_build_array(p.polrelid::regclass::text, p.polname, p.polcmd, p.polpermissive, (select jsonb_agg(x::regrole::text order by x) from unnest(p.polroles) x),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy')) from pg_policy p
union all
select 'statistics '::text || jsonb_build_array(pg_get_statisticsobjdef(x.oid),
    nullif(x.stxstattarget, -1), -- since 13
    obj_description(x.oid, 'pg_statistic_ext')) from pg_statistic_ext x
union all
select 'sequence '::text || jsonb_build_array(q.seqrelid::regclass::text, q.seqtypid::regtype::text, q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle,
    (select jsonb_agg(jsonb_build_array(d.refobjid::regclass::text, a.attname, d.deptype)) from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = q.seqrelid and d.refclassid = d.classid and d.deptype in ('a', 'i')))
  from pg_sequence q
union all
select 'function '::text || jsonb_build_array(p.oid::regprocedure::text, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), p.proowner::regrole::text, a.items, obj_description(p.oid, 'pg_proc'),
    case when g.aggfnoid is null then pg_get_functiondef(p.oid) end,
    to_jsonb(g) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype' - 'aggsortop' - 'aggfinalfn', g.aggtranstype::regtype::text, g.aggmtranstype::regtype::text, g.aggsortop::regoperator::text, g.aggfinalfn::regprocedure::text)
  from pg_proc p join spaces s on s.oid = p.pronamespace left join pg_aggregate g on g.aggfnoid = p.oid left join acl a on a.kind = 'fun' and a.oid = p.oid
 where not exists (select from ext e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
union all
select 'type '::text || jsonb_build_array(t.oid::regtype::text, t.typtype, t.typowner::regrole::text, a.items, obj_description(t.oid, 'pg_type'), t.typnotnull, format_type(t.typbasetype, t.typtypmod),
    pg_get_expr(t.typdefaultbin, 0), t.typcollation <> 0,
    (select jsonb_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid),
    (select jsonb_build_array(r.rngsubtype::regtype::text, r.rngcollation <> 0, r.rngsubopc, r.rngcanonical::regproc::text, r.rngsubdiff::regproc::text
       , r.rngmultitypid::regtype::text -- since 14
       ) from pg_range r where r.rngtypid = t.oid))
  from pg_type t join spaces s on s.oid = t.typnamespace left join acl a on a.kind = 'typ' and a.oid = t.oid
 where not exists (select from ext e where e.classid = 'pg_type'::regclass and e.objid = t.oid)
