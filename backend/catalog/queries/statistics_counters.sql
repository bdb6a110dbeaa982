-- What the statistics collector counted of the relation $1 with all its partitions.
with recursive tree(oid) as (
  select $1::pg_catalog.oid
  union
  select i.inhrelid from tree join pg_catalog.pg_inherits i on i.inhparent = tree.oid join pg_catalog.pg_class c on c.oid = i.inhrelid where c.relispartition
)
select sum(s.n_live_tup), sum(s.n_dead_tup), sum(s.seq_scan), sum(s.idx_scan),
       pg_catalog.to_char(max(greatest(s.last_vacuum, s.last_autovacuum)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       pg_catalog.to_char(max(greatest(s.last_analyze, s.last_autoanalyze)) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  from tree join pg_catalog.pg_stat_all_tables s on s.relid = tree.oid
