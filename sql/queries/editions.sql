-- name: every_edition
-- Every edition ever stored, with when the first bundle was made that carries it, if one does.
-- takes: nothing
-- returns: id bigint, list_code text, source text, sha256 text, format text, reader integer, published_on date, loaded_at timestamptz, confirmed_at timestamptz, entry_count integer, accepted boolean, read_in_part jsonb, programmes_gone text[], from_bundle timestamptz
-- order: list_code, source, place, id
select
  id, list_code, source, sha256, format, reader, published_on, loaded_at, confirmed_at,
  entry_count, accepted, read_in_part, programmes_gone,
  (
    select min(made_at)
    from register_bundle
    where edition.source || ' ' || edition.sha256 = any(editions)
  ) as from_bundle
from edition
order by list_code, source, place, id;

-- name: current_editions
-- The newest edition of each list from each source.
-- takes: nothing
-- returns: id bigint, list_code text, source text, sha256 text, format text, reader integer, published_on date, loaded_at timestamptz, confirmed_at timestamptz, entry_count integer, accepted boolean, read_in_part jsonb, programmes_gone text[]
-- order: list_code, source
select distinct on (list_code, source)
  id, list_code, source, sha256, format, reader, published_on, loaded_at, confirmed_at,
  entry_count, accepted, read_in_part, programmes_gone
from edition
order by list_code, source, place desc, id desc;

-- name: last_attempts
-- The last attempt to load each list from each source that got a file, and the last that got none.
-- takes: nothing
-- returns: list_code text, source text, at timestamptz, outcome text, reason text
-- order: list_code, source
select distinct on (list_code, source, outcome = 'unreachable')
  list_code, source, at, outcome, reason
from load_attempt
order by list_code, source, outcome = 'unreachable', id desc;

-- name: attempts_by_day
-- The outcomes of the attempts to load each list by day (UTC), each outcome once for each day.
-- takes: since date
-- returns: list_code text, day date, outcome text
-- order: list_code, day, outcome
select distinct list_code, (at at time zone 'UTC')::date as day, outcome
from load_attempt
where at >= ($1::date)::timestamp at time zone 'UTC'
order by list_code, day, outcome;

-- name: had_edition
-- Whether a file with this SHA-256 was an edition of the list from that source before.
-- takes: list_code text, source text, sha256 text
-- returns: had boolean
select exists (
  select
  from edition
  where list_code = $1::text
    and source = $2::text
    and sha256 = $3::text
) as had;

-- name: lock_loading
-- Waits until no other process is storing editions; the lock ends with the transaction.
-- takes: nothing
-- returns: locked void
select pg_advisory_xact_lock(hashtext('abeyance.load')) as locked;

-- name: add_edition<!
-- Stores an edition and returns its id.
-- takes: list_code text, source text, sha256 text, format text, reader integer, published_on date, loaded_at timestamptz, confirmed_at timestamptz, entry_count integer, accepted boolean, read_in_part jsonb, programmes_gone text[]
-- returns: id bigint
insert into edition (
  list_code, source, sha256, format, reader, published_on, loaded_at, confirmed_at, entry_count,
  accepted, read_in_part, programmes_gone
)
values (
  $1::text, $2::text, $3::text, $4::text, $5::integer, $6::date, $7::timestamptz,
  $8::timestamptz, $9::integer, $10::boolean, $11::jsonb, $12::text[]
)
returning id;

-- name: confirm_edition!
-- Notes that the publisher still offered an edition at a moment.
-- takes: edition bigint, confirmed_at timestamptz
-- returns: nothing
update edition
set confirmed_at = $2::timestamptz
where id = $1::bigint;

-- name: add_attempt!
-- Records one attempt to load a list.
-- takes: list_code text, source text, at timestamptz, outcome text, reason text
-- returns: nothing
insert into load_attempt (list_code, source, at, outcome, reason)
values ($1::text, $2::text, $3::timestamptz, $4::text, $5::text);

-- name: place_editions!
-- Puts the editions of one list from one source in order; the others come after them.
-- takes: editions int8[], as_history bool[]
-- returns: nothing
update edition
set place = given.place, as_history = given.as_history
from unnest($1::bigint[], $2::boolean[]) with ordinality as given (id, as_history, place)
where edition.id = given.id;

-- name: edition_series
-- The editions of a list from one source, and which of them were loaded as history.
-- takes: list_code text, source text
-- returns: id bigint, as_history boolean
-- order: place, id
select id, as_history
from edition
where list_code = $1::text
  and source = $2::text
order by place, id;

-- name: notify_followers
-- Notifies every process that holds an index, once the transaction commits.
-- takes: nothing
-- returns: notified void
select pg_notify('abeyance_lists', '') as notified;
