-- The words and shapes of the roastery. Every file runs as one message, in order, in one session; nothing here needs
-- psql or an extension. PostgreSQL 13 is the oldest it runs on.

create schema ledger;

create type order_status as enum
	('draft', 'new', 'queued', 'roasting', 'hold', 'packed', 'shipped', 'delivered', 'cancelled');

create type roast_phase as enum
	('charge', 'drying', 'maillard', 'first_crack', 'development', 'drop');

create type postal_address as (
	street   text,
	postcode text,
	city     text,
	country  char(2)
);

create domain email_address as text
	check (value = lower(value) and value ~ '^[^@[:space:]]+@[^@[:space:]]+$');

create domain percentage as numeric(5,2)
	check (value between 0 and 100);

create sequence invoice_number start 40001;
