-- What DROP … CASCADE would take along besides the object $2 of the catalog $1 and what goes with it unasked. A rule that
-- depends on something stands for its view. Partitions go unasked and are told all the same.
with recursive reached(class, object, part, normal) as (
  select $1::pg_catalog.regclass::pg_catalog.oid, $2::pg_catalog.oid, 0, false
  union
  select x.class, x.object, x.part, x.normal
    from reached r
   cross join lateral (
     select d.classid, d.objid, d.objsubid, d.deptype = 'n'
       from pg_catalog.pg_depend d
      where d.refclassid = r.class and d.refobjid = r.object and (r.part = 0 or d.refobjsubid = r.part)
        and d.deptype = any ('{n,a,i,e,I,P,S}')
     union all
     select d.refclassid, d.refobjid, d.refobjsubid, r.normal
       from pg_catalog.pg_depend d
      where d.classid = r.class and d.objid = r.object and d.deptype = 'i' and r.normal
   ) x(class, object, part, normal)
), found as (
  select r.class, r.object, r.part
    from reached r
    left join pg_catalog.pg_class c on c.oid = r.object and r.class = 'pg_catalog.pg_class'::pg_catalog.regclass
   where (r.class, r.object) <> ($1::pg_catalog.regclass::pg_catalog.oid, $2::pg_catalog.oid)
     and not exists (select from pg_catalog.pg_depend i where i.classid = r.class and i.objid = r.object and i.objsubid = r.part and i.deptype = 'i')
   group by r.class, r.object, r.part, c.relispartition, c.relkind
  having pg_catalog.bool_and(r.normal) or c.relispartition and c.relkind = any ('{r,p,f}')
)
select pg_catalog.pg_describe_object(f.class, f.object, f.part), count(*) over ()
  from found f
 order by f.class, f.object, f.part
 limit 200
