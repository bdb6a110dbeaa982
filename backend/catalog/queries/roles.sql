-- The names of all roles, for completion; everyone may read them.
select rolname from pg_catalog.pg_roles
