-- Sets the search path a new session starts with, for the rest of the transaction; current_path.sql follows.
select pg_catalog.set_config('search_path', s.reset_val, true) from pg_catalog.pg_settings s where s.name = 'search_path'
