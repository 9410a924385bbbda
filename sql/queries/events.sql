-- name: lock_events
-- Has other transactions that add events of an account wait until this one ends.
-- takes: account text
-- returns: locked text
select pg_advisory_xact_lock(hashtextextended('event ' || $1::text, 0))::text as locked;

-- name: append_events
-- Adds events of an account, except those that are there by their key; says so to those that listen.
-- An event with a cause is part of the alert of that cause that nobody is done with, or begins one.
-- takes: account text, dedup_keys text[], types text[], at timestamptz[], counterparties text[], data text[], causes text[]
-- returns: id bigint, dedup_key text
-- order: none
with given as (
  select distinct on (dedup_key) *
  from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
    with ordinality as given (dedup_key, type, at, counterparty, data, cause, place)
  where not exists (select from event where account = $1::text and event.dedup_key = given.dedup_key)
  order by dedup_key, place
),
new as materialized (
  select nextval(pg_get_serial_sequence('event', 'id')) as id, in_order.*
  from (select * from given order by place) as in_order
),
caused as materialized (
  select first.cause, coalesce(open.id, first.id) as alert
  from (select cause, min(id) as id from new where cause is not null group by cause) as first
  left join lateral (
    select alert.id
    from alert
    left join event_work as work on work.event = alert.id
    where alert.account = $1::text
      and alert.cause = first.cause
      and work.acknowledged_at is null
    order by alert.id desc
    limit 1
  ) as open on true
),
added as (
  insert into event (id, account, dedup_key, type, at, counterparty, data, alert)
  overriding system value
  select id, $1::text, dedup_key, type, at, counterparty, data, alert
  from new
  left join caused using (cause)
  order by id
  returning id, dedup_key
),
grown as (
  insert into alert (id, account, cause, type, newest, at, changes, counterparties)
  select alert, $1::text, cause, min(type), max(id), max(at), count(*),
    count(distinct counterparty) filter (where not exists (
      select
      from event
      where event.alert = caused.alert
        and event.counterparty = new.counterparty
    ))
  from new
  join caused using (cause)
  group by alert, cause
  on conflict (id) do update
  set newest = excluded.newest, at = excluded.at, changes = alert.changes + excluded.changes,
    counterparties = alert.counterparties + excluded.counterparties
),
said as (
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

-- name: delete_old_alerts
-- Deletes alerts of all accounts whose last change is from before a moment, some at a time, with the work on them.
-- takes: before timestamptz, most integer
-- returns: id bigint
delete from alert
where id in (
  select id
  from alert
  where at < $1::timestamptz
  limit $2::integer
)
returning id;
