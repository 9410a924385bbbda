-- what: the register of measures: the shipped one, and events that operators add
-- lock: none that others wait for; only new tables
-- undo: drop table register_event; drop table register_measure; drop table register_state

-- One row. `revision` counts the lines of the ledger of the newest register that a program brought;
-- `changed` grows with every change, so that followers see one.
create table register_state (
  only_row boolean primary key default true check (only_row),
  revision integer not null check (revision >= 0),
  changed bigint not null
);

insert into register_state (revision, changed) values (0, 0);

-- A shipped measure without its events; a newer text of it is a new row.
create table register_measure (
  id bigint generated always as identity primary key,
  measure_id text not null,
  body jsonb not null,
  digest text not null,
  stored_at timestamptz not null,
  superseded_at timestamptz
);

create unique index register_measure_current on register_measure (measure_id)
  where superseded_at is null;

-- `recorded_at` is when the register learned of the event, null for what it held before it kept
-- times; `stored_at` is when this database got it or its retraction, null for what came with the
-- first register. `superseded_at` marks a row that a program rewrote, and that no answer uses.
create table register_event (
  id bigint generated always as identity primary key,
  measure_id text not null,
  event_id text not null,
  origin text not null check (origin in ('shipped', 'operator')),
  body jsonb not null,
  digest text not null,
  recorded_at timestamptz,
  recorded_by text,
  retracted_at timestamptz,
  retracted_by text,
  retracted_because text,
  stored_at timestamptz,
  superseded_at timestamptz,
  check (origin = 'shipped' or (recorded_at is not null and recorded_by is not null))
);

create unique index register_event_current on register_event (measure_id, event_id, origin)
  where superseded_at is null;
