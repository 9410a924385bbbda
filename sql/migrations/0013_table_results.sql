-- what: results of tables that were screened on the spreadsheet page, kept until they are deleted
-- lock: none that others wait for; only new tables
-- undo: drop table table_result_part; drop table table_result

-- The id is random and is the only key to the results: who knows it may read and delete them.
-- `head` is JSON: the name of the table, its number of rows, its days.
create table table_result (
  id uuid primary key,
  begun_at timestamptz not null,
  head bytea not null
);

-- The results of some rows, as JSON: the lines that the page lists, what is shown beside them, and
-- the evidence of each hit and measure.
create table table_result_part (
  result uuid not null references table_result (id) on delete cascade,
  place integer not null check (place >= 0),
  lines bytea not null,
  parties bytea not null,
  evidence bytea not null,
  primary key (result, place)
);
