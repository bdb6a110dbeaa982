-- The sequence $1, or those that belong to columns of the table $1: how each is made, and what it belongs to. One that an
-- identity makes is told only for itself.
select pg_catalog.format(E'CREATE %sSEQUENCE %s\n    AS %s\n    START WITH %s\n    INCREMENT BY %s\n    MINVALUE %s\n    MAXVALUE %s\n    CACHE %s%s',
         case c.relpersistence when 'u' then 'UNLOGGED ' when 't' then 'TEMPORARY ' else '' end, c.oid::pg_catalog.regclass,
         s.seqtypid::pg_catalog.regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, case when s.seqcycle then E'\n    CYCLE' else '' end),
       (select pg_catalog.format('ALTER SEQUENCE %s OWNED BY %s.%I', c.oid::pg_catalog.regclass, a.attrelid::pg_catalog.regclass, a.attname)
          from pg_catalog.pg_attribute a where a.attrelid = d.refobjid and a.attnum = d.refobjsubid and d.deptype = 'a'),
       d.deptype = 'i'
  from pg_catalog.pg_sequence s
  join pg_catalog.pg_class c on c.oid = s.seqrelid
  left join pg_catalog.pg_depend d on d.objid = c.oid and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refclassid = d.classid
       and d.refobjsubid > 0 and d.deptype = any ('{a,i}')
 where c.oid = $1::pg_catalog.oid or d.refobjid = $1::pg_catalog.oid and d.deptype = 'a'
 order by c.relname
