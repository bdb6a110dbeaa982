-- How many functions each schema has.
select pronamespace, count(*) from pg_catalog.pg_proc group by pronamespace
