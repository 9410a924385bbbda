-- what: which digests of a day were sent by mail, so that each is sent once
-- lock: none: a new table only
-- undo: drop table alert_digest

-- Whoever sends one has it until `taken_until`; null in `sent_at` until a server took it.
create table alert_digest (
  account text not null,
  day date not null,
  taken_until timestamptz not null,
  sent_at timestamptz,
  primary key (account, day)
);
