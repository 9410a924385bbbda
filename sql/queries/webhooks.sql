-- name: add_webhook
-- Records a webhook of an account; returns no row if the account has as many as it may.
-- takes: account text, url text, events text[], names boolean, secret bytea, made_by text, made_at timestamptz, most integer
-- returns: id uuid
insert into webhook (account, url, events, names, secret, made_by, changed_by, made_at)
select $1::text, $2::text, $3::text[], $4::boolean, $5::bytea, $6::text, $6::text, $7::timestamptz
where (select count(*) from webhook where account = $1::text) < $8::integer
returning id;

-- name: webhooks_of_account
-- The webhooks of an account, or the one with an id, without their secrets.
-- takes: account text, id uuid
-- returns: id uuid, url text, events text[], names boolean, enabled boolean, made_at timestamptz, made_by text, disabled_at timestamptz, disabled_because text, failing_since timestamptz, previous_until timestamptz, waiting bigint
-- order: made_at and id
select
  id, url, events, names, disabled_at is null as enabled, made_at, made_by, disabled_at, disabled_because,
  failing_since, previous_until,
  (select count(*) from webhook_delivery where webhook = webhook.id and state = 'waiting') as waiting
from webhook
where account = $1::text
  and ($2::uuid is null or id = $2::uuid)
order by made_at, id;

-- name: delete_webhook
-- Deletes a webhook of an account with what was delivered to it; returns no row if it has none with the id.
-- takes: account text, id uuid
-- returns: id uuid
delete from webhook
where account = $1::text
  and id = $2::uuid
returning id;

-- name: rotate_webhook
-- Replaces the secret of a webhook of an account, whose old one signs too until a moment.
-- takes: account text, id uuid, secret bytea, changed_by text, previous_until timestamptz
-- returns: id uuid
update webhook
set
  secret = $3::bytea,
  previous_secret = secret,
  previous_until = $5::timestamptz,
  changed_by = $4::text
where account = $1::text
  and id = $2::uuid
returning id;

-- name: enable_webhook
-- Turns a webhook of an account on again, and has what waits for it sent at once.
-- takes: account text, id uuid, changed_by text
-- returns: id uuid
with enabled as (
  update webhook
  set
    disabled_at = null, disabled_because = null, failing_since = null, failures = 0,
    paused_until = null, changed_by = $3::text
  where account = $1::text
    and id = $2::uuid
  returning id
), due as (
  update webhook_delivery
  set next_at = null, round_tries = 0
  from enabled
  where webhook_delivery.webhook = enabled.id
    and webhook_delivery.state = 'waiting'
)
select id
from enabled;

-- name: add_test_delivery
-- Queues a test for a webhook of an account, which waits for nothing; returns no row if there is no such webhook.
-- takes: account text, webhook uuid, made_at timestamptz
-- returns: id uuid
insert into webhook_delivery (account, webhook, type, lane, made_at)
select account, id, 'webhook.test', 'test ' || gen_random_uuid()::text, $3::timestamptz
from webhook
where account = $1::text
  and id = $2::uuid
returning id;

-- name: deliveries_of_webhook
-- What was or is to be delivered to a webhook of an account, before a number.
-- takes: account text, webhook uuid, before bigint, most integer
-- returns: number bigint, id uuid, event bigint, type text, counterparty text, made_at timestamptz, state text, tries integer, next_at timestamptz, tried_at timestamptz, delivered_at timestamptz, status integer, fault text
-- order: number, the newest first
select
  delivery.number, delivery.id, delivery.event, delivery.type, event.counterparty, delivery.made_at,
  delivery.state, delivery.tries, delivery.next_at, delivery.tried_at, delivery.delivered_at,
  delivery.status, delivery.fault
from webhook_delivery as delivery
left join event on event.id = delivery.event
where delivery.account = $1::text
  and delivery.webhook = $2::uuid
  and delivery.number < $3::bigint
order by delivery.number desc
limit $4::integer;

-- name: resend_delivery
-- Has a delivery to a webhook of an account sent again at once; returns no row if it has none with the id.
-- takes: account text, webhook uuid, id uuid
-- returns: id uuid
update webhook_delivery
set state = 'waiting', next_at = null, round_tries = 0, delivered_at = null
where account = $1::text
  and webhook = $2::uuid
  and id = $3::uuid
returning id;

-- name: claim_deliveries
-- Takes deliveries that are due until a moment, for who calls alone; of those with one lane the first.
-- takes: now timestamptz, until timestamptz, at_once integer, most integer
-- returns: id uuid, account text, webhook uuid, event bigint, type text, made_at timestamptz, tries integer, round_tries integer, url text, names boolean, secret bytea, previous_secret bytea, at timestamptz, counterparty text, data text
-- order: none
with due as (
  select next.number
  from webhook
  cross join lateral (
    select delivery.number
    from webhook_delivery as delivery
    where delivery.webhook = webhook.id
      and delivery.state = 'waiting'
      and (delivery.next_at is null or delivery.next_at <= $1::timestamptz)
      and (delivery.taken_until is null or delivery.taken_until <= $1::timestamptz)
      and not exists (
        select 1
        from webhook_delivery as earlier
        where earlier.webhook = delivery.webhook
          and earlier.lane = delivery.lane
          and earlier.state = 'waiting'
          and earlier.number < delivery.number
      )
    order by delivery.next_at nulls first, delivery.number
    limit greatest(0, case when webhook.failures = 0 then $3::integer else 1 end - (
      select count(*)
      from webhook_delivery as taken
      where taken.webhook = webhook.id
        and taken.state = 'waiting'
        and taken.taken_until > $1::timestamptz
    ))
    for update skip locked
  ) as next
  where webhook.disabled_at is null
    and (webhook.paused_until is null or webhook.paused_until <= $1::timestamptz)
  limit $4::integer
), taken as (
  update webhook_delivery
  set taken_until = $2::timestamptz, tried_at = $1::timestamptz,
    tries = tries + 1, round_tries = round_tries + 1
  from due
  where webhook_delivery.number = due.number
  returning webhook_delivery.*
)
select
  taken.id, taken.account, taken.webhook, taken.event, taken.type, taken.made_at, taken.tries,
  taken.round_tries, webhook.url, webhook.names, webhook.secret,
  case when webhook.previous_until > $1::timestamptz then webhook.previous_secret end as previous_secret,
  event.at, event.counterparty, event.data
from taken
join webhook on webhook.id = taken.webhook
left join event on event.id = taken.event;

-- name: note_delivered
-- Records that a try was taken; returns no row if it was recorded before, or another try goes on.
-- takes: id uuid, tries integer, now timestamptz, status integer
-- returns: id uuid
with done as (
  update webhook_delivery
  set state = 'delivered', delivered_at = $3::timestamptz, status = $4::integer, fault = null,
    next_at = null, taken_until = null
  where id = $1::uuid
    and tries = $2::integer
    and state = 'waiting'
  returning id, webhook
), works as (
  update webhook
  set failing_since = null, failures = 0, paused_until = null
  from done
  where webhook.id = done.webhook
    and (webhook.failures > 0 or webhook.failing_since is not null)
)
select id
from done;

-- name: note_failed
-- Records that a try was not taken, and when the next one is, null for never; returns no row as above.
-- takes: id uuid, tries integer, status integer, fault text, next_at timestamptz
-- returns: webhook uuid
update webhook_delivery
set
  state = case when $5::timestamptz is null then 'given_up' else 'waiting' end,
  status = $3::integer,
  fault = $4::text,
  next_at = $5::timestamptz,
  taken_until = null
where id = $1::uuid
  and tries = $2::integer
  and state = 'waiting'
returning webhook;

-- name: note_failing
-- Counts a failure of a webhook, which rests until a moment, or longer the more failed: 2 s to a minute.
-- takes: id uuid, now timestamptz, rests_until timestamptz
-- returns: failing_since timestamptz, failures integer
update webhook
set
  failing_since = coalesce(failing_since, $2::timestamptz),
  failures = failures + 1,
  paused_until = greatest(
    paused_until,
    $3::timestamptz,
    $2::timestamptz + interval '1 second' * least(60, power(2, least(failures + 1, 6)))
  )
where id = $1::uuid
returning failing_since, failures;

-- name: disable_webhook
-- Turns a webhook off; returns no row if it is off.
-- takes: id uuid, now timestamptz, because text
-- returns: account text
update webhook
set disabled_at = $2::timestamptz, disabled_because = $3::text
where id = $1::uuid
  and disabled_at is null
returning account;

-- name: webhooks_at_work
-- How many deliveries wait of all webhooks that are on, and how many webhooks fail or are off.
-- takes: nothing
-- returns: waiting bigint, failing bigint, off bigint
select
  (
    select count(*)
    from webhook_delivery
    join webhook on webhook.id = webhook_delivery.webhook
    where state = 'waiting'
      and disabled_at is null
  ) as waiting,
  (select count(*) from webhook where failing_since is not null and disabled_at is null) as failing,
  (select count(*) from webhook where disabled_at is not null) as off;

-- name: delete_old_deliveries
-- Deletes deliveries from before a moment, at most so many, whatever became of them.
-- takes: before timestamptz, most integer
-- returns: id uuid
delete from webhook_delivery
where number in (
  select number
  from webhook_delivery
  where made_at < $1::timestamptz
  limit $2::integer
)
returning id;
