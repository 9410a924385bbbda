-- name: register_mark
-- The mark of the stored register.
-- `changed` grows with every change; `made_at` is when its bundle was made, null for a program's.
-- takes: nothing
-- returns: revision integer, changed bigint, made_at timestamptz
select revision, changed, made_at
from register_state;

-- name: lock_register
-- Waits until no other process changes the register; the lock ends with the transaction.
-- takes: nothing
-- returns: revision integer, changed bigint, made_at timestamptz
select revision, changed, made_at
from register_state
for update;

-- name: mark_register!
-- Counts a change of the register, and notes its revision and when its bundle was made.
-- takes: revision integer, made_at timestamptz
-- returns: nothing
update register_state
set revision = $1::integer, made_at = $2::timestamptz, changed = changed + 1;

-- name: bundle_fetch
-- The last attempt to fetch a register bundle, with the last refusal; no row where there was none.
-- takes: nothing
-- returns: tried_at timestamptz, failures integer, outcome text, reason text, asked text, etag text, last_modified text, refused_at timestamptz, refused_because text
select
  tried_at, failures, outcome, reason, asked, etag, last_modified,
  refused_at, refused_because
from bundle_fetch;

-- name: register_keys
-- The text of the keys that a bundle handed over to last; no row where none did.
-- takes: began_with text
-- returns: keys text
-- order: the newest alone
select keys
from register_keys
where began_with = $1::text
order by id desc
limit 1;

-- name: add_register_keys!
-- Stores the keys that a bundle hands over to, unless they are the last ones already.
-- takes: began_with text, keys text, signed_by text[], taken_up_at timestamptz
-- returns: nothing
insert into register_keys (began_with, keys, signed_by, taken_up_at)
select $1::text, $2::text, $3::text[], $4::timestamptz
where not exists (
  select 1
  from register_keys
  where keys = $2::text
    and id = (select max(id) from register_keys where began_with = $1::text)
);

-- name: register_digest
-- A SHA-256, in hexadecimal digits, of all measures and events of the stored register.
-- Databases with the same measures, events and retractions have the same.
-- takes: nothing
-- returns: digest text
-- order: one row; what it digests is in the order of the bytes
with line as (
  select 'measure ' || measure_id || ' ' || digest as words
  from register_measure
  where superseded_at is null
  union all
  select
    'event ' || measure_id || ' ' || event_id || ' ' || origin || ' ' || digest || ' '
    || coalesce(extract(epoch from retracted_at)::text, '')
  from register_event
  where superseded_at is null
)
select encode(
  sha256(convert_to(coalesce(string_agg(words, e'\n' order by words collate "C"), ''), 'UTF8')),
  'hex'
) as digest
from line;

-- name: note_bundle_fetch!
-- Stores the outcome of the last attempt to fetch a register bundle.
-- takes: tried_at timestamptz, failures integer, outcome text, reason text, asked text, etag text, last_modified text
-- returns: nothing
insert into bundle_fetch (
  tried_at, failures, outcome, reason, asked, etag, last_modified,
  refused_at, refused_because
)
values (
  $1::timestamptz, $2::integer, $3::text, $4::text, $5::text, $6::text, $7::text,
  case when $3::text = 'refused' then $1::timestamptz end,
  case when $3::text = 'refused' then $4::text end
)
on conflict (only_row) do update
set
  tried_at = excluded.tried_at,
  failures = excluded.failures,
  outcome = excluded.outcome,
  reason = excluded.reason,
  asked = excluded.asked,
  etag = excluded.etag,
  last_modified = excluded.last_modified,
  refused_at = coalesce(excluded.refused_at, bundle_fetch.refused_at),
  refused_because = coalesce(excluded.refused_because, bundle_fetch.refused_because);

-- name: register_measures
-- The measures, without their events.
-- takes: nothing
-- returns: measure_id text, body text, digest text
-- order: measure_id
select measure_id, body::text as body, digest
from register_measure
where superseded_at is null
order by measure_id;

-- name: register_events
-- The events of all measures, retracted ones too, in the order in which they were stored.
-- takes: nothing
-- returns: measure_id text, event_id text, origin text, body text, digest text, recorded_at timestamptz, recorded_by text, retracted_at timestamptz, retracted_because text, stored_at timestamptz
-- order: id
select
  measure_id, event_id, origin, body::text as body, digest, recorded_at, recorded_by,
  retracted_at, retracted_because, stored_at
from register_event
where superseded_at is null
order by id;

-- name: supersede_measures!
-- Ends the current rows of these measures.
-- takes: measure_ids text[], superseded_at timestamptz
-- returns: nothing
update register_measure
set superseded_at = $2::timestamptz
where measure_id = any($1::text[])
  and superseded_at is null;

-- name: add_measures!
-- Stores rows of measures.
-- takes: measure_ids text[], bodies text[], digests text[], stored_at timestamptz
-- returns: nothing
insert into register_measure (measure_id, body, digest, stored_at)
select measure_id, body::jsonb, digest, $4::timestamptz
from unnest($1::text[], $2::text[], $3::text[]) as given (measure_id, body, digest);

-- name: supersede_events!
-- Ends the current rows of these shipped events, which a program ships changed or no longer ships.
-- takes: measure_ids text[], event_ids text[], superseded_at timestamptz
-- returns: nothing
update register_event
set superseded_at = $3::timestamptz
from unnest($1::text[], $2::text[]) as given (measure_id, event_id)
where register_event.measure_id = given.measure_id
  and register_event.event_id = given.event_id
  and origin = 'shipped'
  and superseded_at is null;

-- name: add_events!
-- Stores events that a program ships.
-- takes: measure_ids text[], event_ids text[], bodies text[], digests text[], recorded_ats timestamptz[], retracted_ats timestamptz[], stored_at timestamptz
-- returns: nothing
insert into register_event (
  measure_id, event_id, origin, body, digest, recorded_at, retracted_at, stored_at
)
select
  measure_id, event_id, 'shipped', body::jsonb, digest, recorded_at, retracted_at,
  $7::timestamptz
from unnest(
  $1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[]
) as given (measure_id, event_id, body, digest, recorded_at, retracted_at);

-- name: add_operator_event
-- Stores an operator's event; returns no row where the same event is stored already.
-- takes: measure_id text, event_id text, body text, digest text, recorded_at timestamptz, recorded_by text
-- returns: id bigint
insert into register_event (
  measure_id, event_id, origin, body, digest, recorded_at, recorded_by, stored_at
)
values (
  $1::text, $2::text, 'operator', $3::text::jsonb, $4::text, $5::timestamptz, $6::text,
  $5::timestamptz
)
on conflict (measure_id, event_id, origin) where superseded_at is null do nothing
returning id;

-- name: retract_operator_event
-- Retracts an operator's event; returns no row where no such event still counts.
-- takes: measure_id text, event_id text, retracted_at timestamptz, retracted_by text, because text
-- returns: measure_id text, event_id text, origin text, body text, digest text, recorded_at timestamptz, recorded_by text, retracted_at timestamptz, retracted_because text, stored_at timestamptz
update register_event
set
  retracted_at = $3::timestamptz,
  retracted_by = $4::text,
  retracted_because = $5::text,
  stored_at = $3::timestamptz
where measure_id = $1::text
  and event_id = $2::text
  and origin = 'operator'
  and retracted_at is null
  and superseded_at is null
returning
  measure_id, event_id, origin, body::text as body, digest, recorded_at, recorded_by,
  retracted_at, retracted_because, stored_at;

-- name: measure_reviews
-- The reviews of all measures, in the order in which they were stored.
-- takes: nothing
-- returns: measure_id text, digest text, reviewed_by text, reviewed_on date, note text, recorded_by text, recorded_at timestamptz
-- order: id
select measure_id, digest, reviewed_by, reviewed_on, note, recorded_by, recorded_at
from measure_review
order by id;

-- name: add_measure_review!
-- Stores a review of a measure.
-- takes: measure_id text, digest text, reviewed_by text, reviewed_on date, note text, recorded_by text, recorded_at timestamptz
-- returns: nothing
insert into measure_review (
  measure_id, digest, reviewed_by, reviewed_on, note, recorded_by, recorded_at
)
values ($1::text, $2::text, $3::text, $4::date, $5::text, $6::text, $7::timestamptz);

-- name: add_register_bundle!
-- Stores that a bundle was taken up, unless it was before.
-- takes: made_at timestamptz, sha256 text, revision integer, signed_by text[], keeper text, changes text[], editions text[], taken_up_at timestamptz
-- returns: nothing
insert into register_bundle (
  made_at, sha256, revision, signed_by, keeper, changes, editions, taken_up_at
)
values (
  $1::timestamptz, $2::text, $3::integer, $4::text[], $5::text, $6::text[], $7::text[],
  $8::timestamptz
)
on conflict (sha256) do nothing;

-- name: last_register_bundle
-- The bundle that was taken up last; no row where none was.
-- takes: nothing
-- returns: made_at timestamptz, sha256 text, revision integer, signed_by text[], keeper text, changes text[], editions text[], taken_up_at timestamptz
-- order: the newest alone
select made_at, sha256, revision, signed_by, keeper, changes, editions, taken_up_at
from register_bundle
order by id desc
limit 1;
