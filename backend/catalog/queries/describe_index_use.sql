-- Size and scans of the indexes of the relation $1. The size takes a lock, so this can fail where the others do not.
select i.indexrelid, pg_catalog.pg_relation_size(i.indexrelid), s.idx_scan
  from pg_catalog.pg_index i
  left join pg_catalog.pg_stat_all_indexes s on s.indexrelid = i.indexrelid
 where i.indrelid = $1::pg_catalog.oid
