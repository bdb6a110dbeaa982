-- The schemas unqualified names are looked up in. No operator here: somebody else's search path is in force.
select pg_catalog.unnest(pg_catalog.current_schemas(true))
