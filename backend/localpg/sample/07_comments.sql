-- What everything is, for the explorer and for hovering.

comment on schema public is 'What the roastery buys, roasts and sells';
comment on schema ledger is 'The books';

comment on type order_status is 'Where an order stands, from draft to delivered';
comment on type roast_phase is 'The six phases of a roast, in order';
comment on type postal_address is 'Street, postcode, city and country';
comment on domain email_address is 'In small letters, with an @ and something on both sides of it';
comment on domain percentage is 'From 0 to 100';
comment on sequence invoice_number is 'Counts invoices; gaps are possible';

comment on table farms is 'Who grows the coffee';
comment on column farms.altitude is 'Metres above the sea, from lowest to highest plot';
comment on column farms.location is 'Longitude and latitude';
comment on column farms.varieties is 'What is planted; empty when nobody asked yet';
comment on column farms.partner_since is 'The day of the first contract';

comment on table lots is 'Green coffee that arrived together';
comment on column lots.lot_code is 'Origin, year and month of arrival, number in that month';
comment on column lots.harvest is 'First and last day of picking';
comment on column lots.net_kg is 'Bags times weight, kept by the server';
comment on column lots.reserved_kg is 'Promised to orders that are not roasted yet';
comment on column lots.invoice is 'NULL until the importer sends one';
comment on column lots.cost_per_kg is 'Set by refresh_lot_costs';
comment on column lots.cupping is 'Points of the tasting, of 100; NULL when it was not tasted';
comment on column lots.screen_sizes is 'Bean sizes in 64ths of an inch';

comment on table roasters is 'The machines';
comment on column roasters.controller is 'Hardware address of the controller';
comment on column roasters.address is 'Where the controller answers';
comment on column roasters.warm_up is 'From cold to the first charge';

comment on table products is 'What is on the shelf';
comment on column products.roast is 'From 1, light, to 5, dark';
comment on column products.profile is 'How it is roasted: charge and drop temperature, and points of the curve in seconds and °C';
comment on column products.label is 'The picture on the bag';
comment on column products.brew_time is 'A good time to brew it';
comment on column products.search is 'Name and number as words, kept by the server';

comment on table price_lists is 'Prices by quantity and time; the server lets no two overlap';
comment on column price_lists.quantity is 'How many pieces the price is for';
comment on column price_lists.valid is 'The days the price is for';

comment on table customers is 'Who drinks it: firms and people';
comment on column customers.email is 'NULL when none was given; unique otherwise';
comment on column customers.address is 'A composite: (address).city is one part of it';
comment on column customers.tags is 'Words for finding them again';
comment on column customers.credit_limit is 'NULL means they pay at once';
comment on column customers.preferences is 'How they like it';
comment on column customers.last_seen_from is 'Network address of the last visit to the shop';
comment on column customers.note is 'An empty text is a note somebody cleared, NULL one nobody wrote';

comment on table orders is 'What was ordered; each change is noted in audit_log';
comment on column orders.total is 'Sum of the items; NULL while it is a draft';
comment on column orders.note is 'The customer''s words, of any length';
comment on column orders.attributes is 'channel is always there: web, phone, shop or standing';

comment on table order_items is 'The lines of an order';
comment on column order_items.lot_id is 'Which lot it is roasted from, once that is known';
comment on column order_items.amount is 'Quantity times price, kept by the server';

comment on table payments is 'Money that came in';
comment on column payments.fee is 'What the card company keeps';
comment on column payments.payer is 'Network address the card was used from';

comment on table shipments is 'Parcels that left';
comment on column shipments.promised is 'When it was promised to arrive';
comment on column shipments.transit is 'From packing to the door, kept by the server';
comment on column shipments.signature is 'A small picture, where somebody signed';

comment on table subscriptions is 'Coffee that comes by itself';
comment on column subscriptions.every is 'Time between two deliveries';
comment on column subscriptions.running is 'From when to when; open at the end while it runs';

comment on table roast_events is 'Readings of the roasters, one partition a month';
comment on column roast_events.id is 'Larger than a double can count';
comment on column roast_events.gas_pct is 'How far the gas is open; NULL when the valve did not answer';
comment on column roast_events.raw is 'The controller''s message as it came';

comment on table audit_log is 'Who changed what';
comment on column audit_log.before is 'The row before the change';
comment on column audit_log.after is 'The row after the change';
comment on table ledger.entries is 'Debit and credit, one of them in each row';
comment on constraint one_side on ledger.entries is 'An entry is a debit or a credit, never both';
comment on constraint price_lists_no_overlap on price_lists is 'One price for a product, a quantity and a day';

comment on view waiting_orders is 'Orders that still have to be roasted, and for how long they have waited';
comment on view lot_stock is 'What is left of each lot';
comment on view ledger.trial_balance is 'Sums of all accounts; the balances add up to nothing';
comment on materialized view monthly_sales is 'Pieces and money by month and product, as of its last refresh';

comment on function order_total(bigint) is 'Sum of an order''s items';
comment on function customer_orders(bigint, interval) is 'A customer''s orders, newest first';
comment on function format_address(postal_address) is 'An address in one line';
comment on function price_of(integer, integer, date) is 'The price of one piece when so many are bought on that day';
comment on procedure refresh_lot_costs(date) is 'Costs the lots that arrived since; says what it could not cost';
comment on function note_change() is 'Writes a row to audit_log';
comment on function stamp_update() is 'Sets updated_at';
comment on trigger orders_noted on orders is 'Keeps audit_log';
comment on trigger customers_stamped on customers is 'Keeps updated_at';
comment on policy own_actions on audit_log is 'People see what they did themselves';
comment on policy anybody_notes on audit_log is 'Anybody may add';
comment on index orders_waiting is 'The few orders that are still to be roasted';
