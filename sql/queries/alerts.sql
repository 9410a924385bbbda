-- name: alerts_of_account
-- Alerts of an account whose last change is after an id, with that change and what was done about them; or one, by the id of any of its changes.
-- Only of some types, with a change about one counterparty, of one person, open ones or done ones, last changed from
-- a moment on and before another, with a change of one list, about a counterparty of a country, or on a hit decided
-- so, or with `none` not decided.
-- takes: account text, after bigint, types text[], counterparty text, assigned_to text, done boolean, since timestamptz, until timestamptz, list_code text, country text, decision text, id bigint, most integer
-- returns: id bigint, newest bigint, account text, type text, at timestamptz, changes integer, counterparties integer, counterparty text, data text, assigned_to text, assigned_by text, assigned_at timestamptz, acknowledged_by text, acknowledged_at timestamptz, comments text
-- order: newest
select alert.id, alert.newest, alert.account, alert.type, alert.at, alert.changes, alert.counterparties,
  event.counterparty, event.data, work.assigned_to, work.assigned_by, work.assigned_at,
  work.acknowledged_by, work.acknowledged_at, work.comments::text as comments
from alert
join event on event.id = alert.newest
left join event_work as work on work.event = alert.id
where alert.account = $1::text
  and alert.newest > $2::bigint
  and alert.type = any($3::text[])
  and ($5::text is null or work.assigned_to = $5::text)
  and ($6::boolean is null or (work.acknowledged_at is not null) = $6::boolean)
  and ($7::timestamptz is null or alert.at >= $7::timestamptz)
  and ($8::timestamptz is null or alert.at < $8::timestamptz)
  and ($12::bigint is null or alert.id = (select alert from event where id = $12::bigint and account = $1::text))
  and (coalesce($4::text, $9::text, $10::text, $11::text) is null or exists (
    select
    from event
    where event.alert = alert.id
      and ($4::text is null or event.counterparty = $4::text)
      and ($9::text is null or $9::text in (
        event.data::jsonb -> 'listing' ->> 'list_code', event.data::jsonb -> 'cause' ->> 'list_code'
      ))
      and ($10::text is null or exists (
        select
        from counterparty
        where counterparty.account = event.account
          and counterparty.id = event.counterparty
          and convert_from(counterparty.body, 'UTF8')::jsonb -> 'countries' ? $10::text
      ))
      and ($11::text is null or $11::text = coalesce((
        select judgement.decision
        from judgement
        where judgement.account = event.account
          and judgement.counterparty = event.counterparty
          and judgement.listing_id = event.data::jsonb -> 'listing' ->> 'listing_id'
          and judgement.state in ('holds', 'waiting', 'reopened')
        order by judgement.id desc
        limit 1
      ), 'none'))
  ))
order by alert.newest
limit $13::integer;

-- name: changes_of_alert
-- The events that an alert of an account is about, after an id.
-- takes: account text, alert bigint, after bigint, most integer
-- returns: id bigint, account text, type text, at timestamptz, counterparty text, data text
-- order: id
select id, account, type, at, counterparty, data
from event
where account = $1::text
  and alert = $2::bigint
  and id > $3::bigint
order by id
limit $4::integer;

-- name: work_on_alert
-- Stores what a person does about an alert of an account; no row if it has none with the id, or not that many changes.
-- Null leaves the assignee, or whether it is acknowledged, as it is; an empty assignee is nobody.
-- takes: account text, alert bigint, changes integer, assigned_to text, acknowledged boolean, comment text, by text, at timestamptz
-- returns: event bigint
insert into event_work (
  event, account, assigned_to, assigned_by, assigned_at, acknowledged_by, acknowledged_at, comments
)
select alert.id, alert.account, nullif($4::text, ''),
  case when $4::text is not null then $7::text end,
  case when $4::text is not null then $8::timestamptz end,
  case when $5::boolean then $7::text end,
  case when $5::boolean then $8::timestamptz end,
  case when $6::text is null then '[]'::jsonb
    else jsonb_build_array(jsonb_build_object('by', $7::text, 'at', $8::timestamptz, 'text', $6::text)) end
from alert
where account = $1::text
  and alert.id = $2::bigint
  and ($3::integer is null or alert.changes = $3::integer)
on conflict (event) do update
set assigned_to = case when $4::text is null then event_work.assigned_to else excluded.assigned_to end,
  assigned_by = coalesce(excluded.assigned_by, event_work.assigned_by),
  assigned_at = coalesce(excluded.assigned_at, event_work.assigned_at),
  acknowledged_by = case when $5::boolean is null then event_work.acknowledged_by
    else excluded.acknowledged_by end,
  acknowledged_at = case when $5::boolean is null then event_work.acknowledged_at
    else excluded.acknowledged_at end,
  comments = event_work.comments || excluded.comments
returning event_work.event;

-- name: digest_of_alerts
-- How many events of each type an account has had from one moment on and before another, in how many alerts, and how many of these are open.
-- takes: account text, since timestamptz, until timestamptz, types text[]
-- returns: type text, alerts bigint, events bigint, counterparties bigint, open bigint
-- order: type
select event.type, count(distinct event.alert) as alerts, count(*) as events,
  count(distinct event.counterparty) as counterparties,
  count(distinct event.alert) filter (where work.acknowledged_at is null) as open
from event
left join event_work as work on work.event = event.alert
where event.account = $1::text
  and event.at >= $2::timestamptz
  and event.at < $3::timestamptz
  and event.type = any($4::text[])
group by event.type
order by event.type;

-- name: take_digest
-- Takes the digest of a day, to send it by mail; no row if it was sent, or somebody else has it.
-- takes: account text, day date, now timestamptz, until timestamptz
-- returns: account text
insert into alert_digest (account, day, taken_until)
values ($1::text, $2::date, $4::timestamptz)
on conflict (account, day) do update
set taken_until = excluded.taken_until
where alert_digest.sent_at is null
  and alert_digest.taken_until <= $3::timestamptz
returning account;

-- name: note_digest_sent!
-- Notes that the digest of a day was sent.
-- takes: account text, day date, at timestamptz
-- returns: nothing
update alert_digest
set sent_at = $3::timestamptz
where account = $1::text
  and day = $2::date;
