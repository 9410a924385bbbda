-- what: how much each key may ask, and what is left of each limit
-- lock: api_key, for a moment; the other tables are new
-- undo: drop table limit_lease; drop table limit_budget; alter table api_key drop column limits

-- Which limits there are is known to the program alone, which always reads all of them.
alter table api_key add column limits jsonb not null default '{}';

-- What is left of a limit as of a moment, by the clock of this database: `key 7 requests`.
create table limit_budget (
  name text primary key,
  remaining double precision not null,
  settled_at timestamptz not null
);

-- What a process took from a budget in advance, likely to be spent when it lapses.
create table limit_lease (
  name text not null references limit_budget on delete cascade,
  process uuid not null,
  amount double precision not null,
  lapses_at timestamptz not null,
  primary key (name, process)
);
