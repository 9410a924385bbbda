-- name: current_editions
-- The newest edition of each list.
-- takes: nothing
-- returns: id bigint, list_code text, sha256 text, format text, published_on date, loaded_at timestamptz, entry_count integer, previous_count integer
-- order: list_code
select distinct on (list_code)
  id, list_code, sha256, format, published_on, loaded_at, entry_count, previous_count
from edition
order by list_code, id desc;

-- name: last_attempts
-- The last try to load each list.
-- takes: nothing
-- returns: list_code text, at timestamptz, outcome text, reason text
-- order: list_code
select distinct on (list_code)
  list_code, at, outcome, reason
from load_attempt
order by list_code, id desc;

-- name: lock_loading
-- Waits until no other process is storing editions; the lock ends with the transaction.
-- takes: nothing
-- returns: locked void
select pg_advisory_xact_lock(hashtext('abeyance.load')) as locked;

-- name: add_edition<!
-- Stores an edition and gives its id.
-- takes: list_code text, sha256 text, format text, published_on date, loaded_at timestamptz, entry_count integer, previous_count integer
-- returns: id bigint
insert into edition (list_code, sha256, format, published_on, loaded_at, entry_count, previous_count)
values ($1::text, $2::text, $3::text, $4::date, $5::timestamptz, $6::integer, $7::integer)
returning id;

-- name: add_attempt!
-- Records one try to load a list.
-- takes: list_code text, at timestamptz, outcome text, reason text
-- returns: nothing
insert into load_attempt (list_code, at, outcome, reason)
values ($1::text, $2::timestamptz, $3::text, $4::text);

-- name: tell_followers
-- Wakes every process that holds an index, once the transaction commits.
-- takes: nothing
-- returns: told void
select pg_notify('abeyance_lists', '') as told;
