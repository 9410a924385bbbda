-- what: indexes by which the next deliveries to a webhook are found, however many wait
-- lock: webhook_delivery against writes while they are built, a second for each million rows
-- undo: drop index webhook_delivery_due; drop index webhook_delivery_taken

create index webhook_delivery_due on webhook_delivery (webhook, next_at nulls first, number)
where state = 'waiting';

create index webhook_delivery_taken on webhook_delivery (webhook, taken_until)
where taken_until is not null;
