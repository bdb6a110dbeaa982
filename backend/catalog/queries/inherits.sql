-- Who is part of, or inherits from, whom; partitions of indexes too, which the reader leaves out.
select inhrelid, inhparent from pg_catalog.pg_inherits
