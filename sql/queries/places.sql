-- name: place_states
-- What the database has of each place: its last look, its last look that could read, what is open.
-- takes: nothing
-- returns: place text, looked_at timestamptz, outcome text, reason text, read_at timestamptz, open bigint, until date, confirmed_at timestamptz, confirmed_by text
-- order: place
with place as (
  select place_id from place_look
  union
  select place_id from place_confirmation
),
confirmed as (
  select place_id, max(read_up_to) as read_up_to
  from place_confirmation
  group by place_id
)
select
  place.place_id as place, last.looked_at, last.outcome, last.reason,
  (
    select max(looked_at) from place_look
    where place_look.place_id = place.place_id and outcome = 'read'
  ) as read_at,
  (
    select count(*) from place_document
    where place_document.place_id = place.place_id
      and not is_known
      and id > coalesce(confirmed.read_up_to, 0)
  ) as open,
  newest.until, newest.confirmed_at, newest.confirmed_by
from place
left join confirmed on confirmed.place_id = place.place_id
left join lateral (
  select looked_at, outcome, reason
  from place_look
  where place_look.place_id = place.place_id
  order by id desc
  limit 1
) as last on true
left join lateral (
  select until, confirmed_at, confirmed_by
  from place_confirmation
  where place_confirmation.place_id = place.place_id
  order by id desc
  limit 1
) as newest on true
order by place.place_id;

-- name: open_documents
-- The documents of these places that no person has read yet, oldest first.
-- takes: place_ids text[]
-- returns: id bigint, place text, key text, title text, url text, dated_on date, body text, seen_at timestamptz
-- order: id
select id, place_id as place, key, title, url, dated_on, body, seen_at
from place_document
where place_id = any($1::text[])
  and not is_known
  and id > coalesce(
    (
      select max(read_up_to) from place_confirmation
      where place_confirmation.place_id = place_document.place_id
    ),
    0
  )
order by id;

-- name: newest_confirmations
-- The newest confirmation of each place.
-- takes: nothing
-- returns: place text, until date, confirmed_at timestamptz, confirmed_by text
-- order: place_id, id
select distinct on (place_id) place_id as place, until, confirmed_at, confirmed_by
from place_confirmation
order by place_id, id desc;

-- name: lock_place
-- Waits until no other process stores a look at this place; the lock ends with the transaction.
-- takes: place_id text
-- returns: pg_advisory_xact_lock void
select pg_advisory_xact_lock(hashtextextended('abeyance.place.' || $1::text, 0));

-- name: add_look!
-- Stores that a place was looked at.
-- takes: place_id text, looked_at timestamptz, outcome text, reason text
-- returns: nothing
insert into place_look (place_id, looked_at, outcome, reason)
values ($1::text, $2::timestamptz, $3::text, $4::text);

-- name: add_documents
-- Stores the documents of a place that it did not list before, and returns their keys.
-- takes: place_id text, keys text[], titles text[], urls text[], days date[], bodies text[], known bool[], seen_at timestamptz
-- returns: key text
insert into place_document (
  place_id, key, title, url, dated_on, body, is_known, seen_at
)
select $1::text, key, title, url, dated_on, body, is_known, $8::timestamptz
from unnest(
  $2::text[], $3::text[], $4::text[], $5::date[], $6::text[], $7::boolean[]
) as given (key, title, url, dated_on, body, is_known)
on conflict (place_id, key) do nothing
returning key;

-- name: put_document_text!
-- Stores the text of a document's page.
-- takes: id bigint, body text
-- returns: nothing
update place_document
set body = $2::text
where id = $1::bigint;

-- name: add_confirmation!
-- Stores a person's confirmation of a place.
-- takes: place_id text, until date, confirmed_at timestamptz, confirmed_by text, read_up_to bigint
-- returns: nothing
insert into place_confirmation (place_id, until, confirmed_at, confirmed_by, read_up_to)
values ($1::text, $2::date, $3::timestamptz, $4::text, $5::bigint);

-- name: try_lock_watching
-- Whether this connection got the lock for looking at the places by schedule.
-- It keeps the lock until it unlocks or closes.
-- takes: nothing
-- returns: locked boolean
select pg_try_advisory_lock(hashtext('abeyance.watch')) as locked;

-- name: unlock_watching
-- Releases the lock for looking at the places by schedule.
-- takes: nothing
-- returns: unlocked boolean
select pg_advisory_unlock(hashtext('abeyance.watch')) as unlocked;
