-- what: editions, the versions of their listings, tries to load, and stored screenings
-- lock: new tables only, nothing waits
-- undo: drop table screening, load_attempt, listing_version, edition

create table edition (
  id bigint generated always as identity primary key,
  list_code text not null,
  sha256 text not null,
  format text not null,
  published_on date,
  loaded_at timestamptz not null,
  entry_count integer not null check (entry_count >= 0),
  previous_count integer check (previous_count >= 0)
);

create index edition_newest on edition (list_code, id desc);

-- One row for each state a listing was ever in. It stands from first_edition on, up to but not
-- including until_edition; until_edition is null while it is current.
create table listing_version (
  listing_id text not null,
  list_code text not null,
  first_edition bigint not null references edition (id),
  until_edition bigint references edition (id),
  digest text not null,
  body jsonb not null,
  primary key (listing_id, first_edition)
);

create index listing_version_current on listing_version (list_code, listing_id)
  where until_edition is null;

create table load_attempt (
  id bigint generated always as identity primary key,
  list_code text not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('loaded', 'unchanged', 'refused')),
  reason text
);

create index load_attempt_newest on load_attempt (list_code, id desc);

create table screening (
  id uuid primary key,
  asked_at timestamptz not null,
  answer bytea not null
);

create index screening_by_time on screening (asked_at);
