-- what: counterparties are found by their name, and the column of a threshold that nothing reads goes
-- lock: access exclusive on counterparty while the index is built: seconds for a million rows
-- undo: drop index counterparty_by_name; alter table counterparty add column threshold double precision not null default 0.7

create index counterparty_by_name on counterparty (account, lower(name));
alter table counterparty drop column threshold;
