-- what: the bundle that the register came from, and the last attempt to fetch one
-- lock: register_state is rewritten, which has one row; a new table
-- undo: drop table bundle_fetch; alter table register_state drop column made_at

-- When the bundle was made from which the stored register came; null for a program's register.
alter table register_state add column made_at timestamptz;

-- One row once a bundle was asked for. `asked` is a digest of the address and of the trusted keys:
-- `etag` and `last_modified` count for these alone.
create table bundle_fetch (
  only_row boolean primary key default true check (only_row),
  tried_at timestamptz not null,
  failures integer not null check (failures >= 0),
  outcome text not null check (outcome in ('recorded', 'unchanged', 'refused', 'unreachable')),
  reason text,
  asked text not null,
  etag text,
  last_modified text
);
