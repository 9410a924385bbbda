-- name: add_screening_parts!
-- Stores the parts of answers that are not stored yet; a digest already stored keeps its body.
-- takes: digests bytea[], bodies bytea[]
-- returns: nothing
insert into screening_part (digest, body)
select digest, body
from unnest($1::bytea[], $2::bytea[]) as part (digest, body)
on conflict (digest) do nothing;

-- name: add_screening!
-- Stores the answer of one screening of an account without its parts.
-- takes: account text, id uuid, asked_at timestamptz, answer bytea, part_places int4[], part_digests bytea[], counterparty_count integer, counterparty_ids text[], outcome text
-- returns: nothing
insert into screening (
  account, id, asked_at, answer, part_places, part_digests, counterparty_count, counterparty_ids, outcome
)
values (
  $1::text, $2::uuid, $3::timestamptz, $4::bytea, $5::int4[], $6::bytea[], $7::integer, $8::text[], $9::text
);

-- name: screening_answer
-- The answer of one screening of an account without its parts, and the places and digests of the parts.
-- The places ascend. A screening of another account, or from before a moment and not held, is no row.
-- takes: account text, id uuid, since timestamptz
-- returns: answer bytea, part_places int4[], part_digests bytea[]
select answer, part_places, part_digests
from screening
where account = $1::text
  and id = $2::uuid
  and (asked_at >= $3::timestamptz or held_at is not null);

-- name: screening_parts
-- Parts of answers by their digests.
-- takes: digests bytea[]
-- returns: digest bytea, body bytea
select digest, body
from screening_part
where digest = any($1::bytea[]);

-- name: kept_screenings
-- The screenings of an account since a moment, or held, before a place in the order, the newest first.
-- They are asked from `first_at` on in any case.
-- takes: account text, since timestamptz, before_at timestamptz, before_id uuid, most integer, first_at timestamptz
-- returns: id uuid, asked_at timestamptz, account text, counterparty_count integer, counterparty_ids text[], outcome text, held_at timestamptz, held_by text, held_because text
-- order: asked_at desc, id desc
select
  id, asked_at, account, counterparty_count, counterparty_ids, outcome, held_at, held_by, held_because
from screening
where account = $1::text
  and (asked_at >= $2::timestamptz or held_at is not null)
  and asked_at >= $6::timestamptz
  and (asked_at, id) < ($3::timestamptz, $4::uuid)
order by asked_at desc, id desc
limit $5::integer;

-- name: kept_screenings_of
-- As `kept_screenings`, only those about a counterparty by the caller's id, or that may be: whose ids were not read yet.
-- They are found first and ordered then: a plan that reads all of the account in order takes a second.
-- takes: account text, since timestamptz, before_at timestamptz, before_id uuid, most integer, first_at timestamptz, counterparty_id text
-- returns: id uuid, asked_at timestamptz, account text, counterparty_count integer, counterparty_ids text[], outcome text, held_at timestamptz, held_by text, held_because text
-- order: asked_at desc, id desc
with found as materialized (
  select
    id, asked_at, account, counterparty_count, counterparty_ids, outcome, held_at, held_by,
    held_because
  from screening
  where account = $1::text
    and counterparty_ids @> array[$7::text]
),
not_read as materialized (
  select
    id, asked_at, account, counterparty_count, counterparty_ids, outcome, held_at, held_by,
    held_because
  from screening
  where account = $1::text
    and counterparty_count is null
    and (asked_at >= $2::timestamptz or held_at is not null)
    and asked_at >= $6::timestamptz
    and (asked_at, id) < ($3::timestamptz, $4::uuid)
  order by asked_at desc, id desc
  limit $5::integer
)
select
  id, asked_at, account, counterparty_count, counterparty_ids, outcome, held_at, held_by, held_because
from (
  select
    id, asked_at, account, counterparty_count, counterparty_ids, outcome, held_at, held_by,
    held_because
  from found
  union all
  select
    id, asked_at, account, counterparty_count, counterparty_ids, outcome, held_at, held_by,
    held_because
  from not_read
) as kept
where (asked_at >= $2::timestamptz or held_at is not null)
  and asked_at >= $6::timestamptz
  and (asked_at, id) < ($3::timestamptz, $4::uuid)
order by asked_at desc, id desc
limit $5::integer;

-- name: delete_screening
-- Deletes a screening of an account; returns no row if there was none, or if it is held.
-- takes: account text, id uuid
-- returns: id uuid
with gone as (
  delete from screening
  where account = $1::text
    and id = $2::uuid
    and held_at is null
  returning id
)
select gone.id
from gone
cross join lateral audit(null, 'screening.deleted', gone.id::text, '{}', $1::text);

-- name: hold_screening
-- Holds a screening of an account that is still kept, or changes why it is held; returns no row if there is none.
-- takes: account text, id uuid, since timestamptz, at timestamptz, by text, because text
-- returns: held_at timestamptz, held_by text, held_because text
with held as (
  update screening
  set held_at = coalesce(held_at, $4::timestamptz), held_by = $5::text, held_because = $6::text
  where account = $1::text
    and id = $2::uuid
    and (asked_at >= $3::timestamptz or held_at is not null)
  returning id, held_at, held_by, held_because
)
select held.held_at, held.held_by, held.held_because
from held
cross join lateral audit(
  null, 'screening.held', held.id::text,
  jsonb_build_object('because_sha256', audit_digest(convert_to($6::text, 'UTF8'))), $1::text
);

-- name: release_screening
-- Ends the hold of a screening of an account; returns no row if there is none, or if it is not held.
-- takes: account text, id uuid, because text
-- returns: id uuid
with released as (
  update screening
  set held_at = null, held_by = null, held_because = null
  where account = $1::text
    and id = $2::uuid
    and held_at is not null
  returning id
)
select released.id
from released
cross join lateral audit(
  null, 'screening.released', released.id::text,
  jsonb_build_object('because_sha256', audit_digest(convert_to($3::text, 'UTF8'))), $1::text
);

-- name: screening_hold
-- The hold of a screening of an account; no row if there is none, or if it is not held.
-- takes: account text, id uuid
-- returns: held_at timestamptz, held_by text, held_because text
select held_at, held_by, held_because
from screening
where account = $1::text
  and id = $2::uuid
  and held_at is not null;

-- name: delete_old_screenings
-- Deletes screenings of all accounts from before a moment that nobody holds, at most so many.
-- takes: before timestamptz, most integer
-- returns: id uuid
delete from screening
where id in (
  select id
  from screening
  where asked_at < $1::timestamptz
    and held_at is null
  limit $2::integer
  for update skip locked
)
returning id;

-- name: screenings_to_describe
-- The newest screenings of all accounts whose answers were not read for what they are about, at most so many.
-- takes: most integer
-- returns: id uuid, account text
-- order: asked_at desc
select id, account
from screening
where counterparty_count is null
order by asked_at desc
limit $1::integer;

-- name: try_lock_tidying
-- Whether this connection got the lock for tidying up what all accounts keep.
-- It keeps the lock until it unlocks or closes.
-- takes: nothing
-- returns: locked boolean
select pg_try_advisory_lock(hashtext('abeyance.tidy')) as locked;

-- name: unlock_tidying
-- Releases the lock for tidying up what all accounts keep.
-- takes: nothing
-- returns: unlocked boolean
select pg_advisory_unlock(hashtext('abeyance.tidy')) as unlocked;

-- name: describe_screening!
-- Records what a screening is about, as read from its answer.
-- takes: account text, id uuid, counterparty_count integer, counterparty_ids text[], outcome text
-- returns: nothing
update screening
set counterparty_count = $3::integer, counterparty_ids = $4::text[], outcome = $5::text
where account = $1::text
  and id = $2::uuid;
