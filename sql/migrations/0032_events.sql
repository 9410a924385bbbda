-- what: events: each change of an answer that an account watches, once
-- lock: none: a new table
-- undo: drop table event

-- `dedup_key` names the change: whoever tells of it again adds nothing. The ids of an account grow in
-- the order in which its events are committed, because whoever adds some holds a lock on the account
-- until its transaction ends: a reader that goes on after an id misses none.
create table event (
  id bigint generated always as identity primary key,
  account text not null,
  dedup_key text not null,
  type text not null,
  at timestamptz not null,
  counterparty text,
  data text not null,
  unique (account, dedup_key)
);

create index event_of_account on event (account, id);
create index event_of_counterparty on event (account, counterparty, id) where counterparty is not null;
create index event_by_time on event (at);
