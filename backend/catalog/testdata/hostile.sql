-- An object of every kind for every name that has broken a client before.
do $do$ begin
  if not exists (select from pg_roles where rolname = E'tusk ";''%s role') then
    create role "tusk "";'%s role";
  end if;
exception when duplicate_object or unique_violation then null; end $do$;
create schema k_table; create schema k_view; create schema k_matview; create schema k_index; create schema k_sequence; create schema k_serial;
create schema k_foreign; create schema k_partitioned; create schema k_partition; create schema k_function; create schema k_type; create schema k_statistics;
create foreign data wrapper "wrap "".%s"; create server "serve "".%s" foreign data wrapper "wrap "".%s";
create function k_function.touch() returns trigger language plpgsql as $$ begin return new; end $$;
do $do$
declare n text;
begin
  foreach n in array array['say "hi"', 'dot.ted.name', 'with space', 'Größe', 'select', 'CamelCase', repeat('x', 63), repeat('ü', 31) || 'x', '😀 face',
    '%s %1$s %I', ''';drop schema k_table cascade;--', 'back\slash', '$1', '$$', E'new\nline', E'tab\there', '-- comment', '/* open', ' lead', 'trail ', '1st', 'ﷺ‮rtl'] loop
    execute format('create schema %1$I', n);
    execute format('create table %1$I.%1$I (%1$I int)', n);
    execute format('create type k_type.%1$I as enum (%1$L, ''other'')', n);
    execute format('create table k_table.%1$I (id int, %1$I text default %1$L not null, e k_type.%1$I default %1$L,
      constraint %1$I check (%1$I <> %1$L))', n);
    execute format('comment on table k_table.%1$I is %1$L; comment on column k_table.%1$I.%1$I is %1$L; comment on constraint %1$I on k_table.%1$I is %1$L', n);
    execute format('create table k_serial.%1$I (%1$I serial)', n);
    execute format('create trigger %1$I before insert or update of %1$I on k_table.%1$I for each row when (new.%1$I = %1$L) execute procedure k_function.touch(%1$L)', n);
    execute format('create rule %1$I as on delete to k_table.%1$I where old.%1$I = %1$L do instead nothing', n);
    execute format('create policy %1$I on k_table.%1$I for select to "tusk "";''%%s role" using (%1$I = %1$L)', n);
    execute format('comment on trigger %1$I on k_table.%1$I is %1$L; comment on rule %1$I on k_table.%1$I is %1$L; comment on policy %1$I on k_table.%1$I is %1$L', n);
    execute format('alter table k_table.%1$I enable row level security; grant select, update (%1$I) on k_table.%1$I to "tusk "";''%%s role"', n);
    execute format('create view k_view.%1$I with (security_barrier) as select %1$I, %1$L::text as "lit "".%%s" from k_table.%1$I where %1$I <> %1$L', n);
    execute format('create materialized view k_matview.%1$I as select %1$I from k_view.%1$I; create index on k_matview.%1$I (%1$I)', n);
    execute format('create table k_index.t%2$s (%1$I text); create unique index %1$I on k_index.t%2$s (lower(%1$I)) where %1$I > %1$L; comment on index k_index.%1$I is %1$L', n, md5(n));
    execute format('create sequence k_sequence.%1$I increment -2; comment on sequence k_sequence.%1$I is %1$L', n);
    execute format('create foreign table k_foreign.%1$I (%1$I text options (%1$I %1$L)) server "serve "".%%s" options (%1$I %1$L)', replace(n, '=', ''));
    execute format('create table k_partitioned.%1$I (%1$I text) partition by list (%1$I); create table k_partition.%1$I partition of k_partitioned.%1$I for values in (%1$L)', n);
    execute format('create function k_function.%1$I(%3$I text default %1$L, inout "o "".%%s" text default %1$L) language sql as %2$L', n, format('select %L::text', n), 'a ' || left(n, 20));
    execute format('comment on function k_function.%1$I(text, text) is %1$L; grant execute on function k_function.%1$I(text, text) to "tusk "";''%%s role"', n);
    execute format('create aggregate k_function.%1$I(int) (sfunc = int4pl, stype = int, initcond = ''0'')', n);
    execute format('create procedure k_function.%1$I(%3$I date) language plpgsql as %2$L', n, 'begin perform ' || quote_literal(n) || '; end', 'a ' || left(n, 20)); -- since 11
    execute format('create domain k_type.%2$I as text default %1$L constraint %1$I check (value <> %1$L)', n, left(n, 20) || ' d');
    execute format('create type k_type.%2$I as (%1$I text); comment on column k_type.%2$I.%1$I is %1$L', n, left(n, 20) || ' c');
    execute format('create statistics k_statistics.%1$I on id, %1$I from k_table.%1$I', n);
    execute format('comment on schema %1$I is %1$L; comment on type k_type.%1$I is %1$L', n);
  end loop;
end $do$;
