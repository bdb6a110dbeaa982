-- The database, the server's version as a number, and the role.
select pg_catalog.current_database(), pg_catalog.current_setting('server_version_num'), session_user
