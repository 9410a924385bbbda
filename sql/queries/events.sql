-- name: lock_events
-- Has other transactions that add events of an account wait until this one ends.
-- takes: account text
-- returns: locked text
select pg_advisory_xact_lock(hashtextextended('event ' || $1::text, 0))::text as locked;

-- name: append_events
-- Adds events of an account, except those that are there by their key; says so to those that listen.
-- takes: account text, dedup_keys text[], types text[], at timestamptz[], counterparties text[], data text[]
-- returns: id bigint, dedup_key text
-- order: none
with added as (
  insert into event (account, dedup_key, type, at, counterparty, data)
  select $1::text, new.dedup_key, new.type, new.at, new.counterparty, new.data
  from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[])
    with ordinality as new (dedup_key, type, at, counterparty, data, place)
  order by new.place
  on conflict (account, dedup_key) do nothing
  returning id, dedup_key
), said as (
  select pg_notify('abeyance_events', $1::text)
  where exists (select 1 from added)
)
select added.id, added.dedup_key
from added
left join said on true;

-- name: events_after
-- Events of an account after an id, of some types or of all, of one counterparty or of all.
-- takes: account text, after bigint, types text[], counterparty text, most integer
-- returns: id bigint, account text, type text, at timestamptz, counterparty text, data text
-- order: id
select id, account, type, at, counterparty, data
from event
where account = $1::text
  and id > $2::bigint
  and ($3::text[] is null or type = any($3::text[]))
  and ($4::text is null or counterparty = $4::text)
order by id
limit $5::integer;

-- name: set_event_data!
-- Sets what events of an account say, by their ids, where a person's data must not be kept longer.
-- takes: account text, ids int8[], data text[]
-- returns: nothing
update event
set data = new.data
from unnest($2::bigint[], $3::text[]) as new (id, data)
where account = $1::text
  and event.id = new.id;

-- name: delete_old_events
-- Deletes events of all accounts from before a moment, some at a time.
-- takes: before timestamptz, most integer
-- returns: id bigint
delete from event
where id in (
  select id
  from event
  where at < $1::timestamptz
  limit $2::integer
)
returning id;
