-- Bytes on disk of the relation $1 with all its partitions: the table, its indexes, all. Each takes a lock.
with recursive tree(oid) as (
  select $1::pg_catalog.oid
  union
  select i.inhrelid from tree join pg_catalog.pg_inherits i on i.inhparent = tree.oid join pg_catalog.pg_class c on c.oid = i.inhrelid where c.relispartition
)
select sum(pg_catalog.pg_table_size(oid)), sum(pg_catalog.pg_indexes_size(oid)), sum(pg_catalog.pg_total_relation_size(oid)) from tree
