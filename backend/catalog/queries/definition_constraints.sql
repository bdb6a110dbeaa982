-- The constraints of the relation $1: those that stand in CREATE TABLE, and those that have to be added later, because
-- they refer to others or are not valid.
select pg_catalog.format('CONSTRAINT %I %s', k.conname, pg_catalog.pg_get_constraintdef(k.oid)), k.contype <> 'f' and k.convalidated
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class c on c.oid = k.conrelid
  left join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1] and k.contype = 'n'
 where k.conrelid = $1::pg_catalog.oid and k.contype = any ('{p,u,x,c,f,n}') and (k.conislocal or c.relispartition)
   and (k.contype <> 'f' or k.conparentid = 0) -- since 11
   and (k.contype <> 'n' or not k.convalidated or not a.attislocal and not c.relispartition)
 order by pg_catalog.strpos('npuxcf', k.contype::pg_catalog.text), k.conname
