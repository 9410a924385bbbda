-- what: the processes that refresh lists and work on jobs, and when each was last seen
-- lock: none: a new table
-- undo: drop table process

-- A process says every few seconds that it lives, and takes its row away when it ends by itself.
create table process (
  id uuid primary key,
  kind text not null check (kind in ('refresher', 'worker')),
  started_at timestamptz not null,
  seen_at timestamptz not null,
  restarts integer not null
);
