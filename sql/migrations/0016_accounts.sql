-- what: kept screenings and results of tables belong to an account, and a screening says what it was about
-- lock: screening and table_result exclusively for a moment, their rows are not rewritten; then screening against writes while its indexes are built, about four seconds for each million rows
-- undo: drop the columns and indexes that are added here; every account then sees the screenings of all others

-- Rows from before, and those that a program of an older version still writes, are of `main`.
-- `counterparty_ids` are the ids that the caller gave, each once, and `outcome` is the one that most
-- needs a look. All three are null until the answer of such a row has been read for them.
alter table screening
  add column account text not null default 'main',
  add column counterparty_count integer,
  add column counterparty_ids text[],
  add column outcome text;

create index screening_by_account on screening (account, asked_at, id);
create index screening_by_counterparty on screening using gin (counterparty_ids);
create index screening_not_described on screening (asked_at) where counterparty_count is null;

alter table table_result
  add column account text not null default 'main';

create index table_result_by_time on table_result (begun_at);
