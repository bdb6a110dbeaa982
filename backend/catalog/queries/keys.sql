-- All primary and foreign keys, the foreign keys without the copies that partitions have of their parents'.
select contype, conname, conrelid, confrelid, conkey, confkey
  from pg_catalog.pg_constraint
 where contype = 'p' or contype = 'f'
   and conparentid = 0 -- since 11
