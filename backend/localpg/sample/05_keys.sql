-- Foreign keys and indexes, after the data.

alter table lots add foreign key (farm_id) references farms;
alter table price_lists add foreign key (product_id) references products on delete cascade;
alter table orders add foreign key (customer_id) references customers;
alter table order_items add foreign key (order_id) references orders on delete cascade,
	add foreign key (product_id) references products, add foreign key (lot_id) references lots on delete set null;
alter table payments add foreign key (order_id) references orders;
alter table shipments add foreign key (order_id) references orders;
alter table subscriptions add foreign key (customer_id) references customers on delete cascade,
	add foreign key (product_id) references products;
alter table roast_events add foreign key (roaster) references roasters on update cascade,
	add foreign key (lot_id) references lots;
alter table ledger.entries add foreign key (payment_id) references payments;

create index lots_farm on lots (farm_id);
create index products_search on products using gin (search);
create unique index customers_email on customers (email) where email is not null;
create index customers_tags on customers using gin (tags);
create index orders_customer on orders (customer_id);
create index orders_placed on orders (placed_at desc);
create index orders_attributes on orders using gin (attributes jsonb_path_ops);
create index orders_waiting on orders (placed_at) where status in ('new', 'queued', 'roasting');
create index order_items_product on order_items (product_id) include (qty);
create index payments_order on payments (order_id);
create index shipments_order on shipments (order_id);
create unique index subscriptions_open on subscriptions (customer_id, product_id) where upper_inf(running);
create index roast_events_recorded on roast_events using brin (recorded_at);
create index entries_payment on ledger.entries (payment_id);
create index entries_account on ledger.entries (account, booked_on);
create index audit_log_row on audit_log (entity, row_id);
