-- what: webhooks: receivers that are told of each event of an account, and what was delivered to them
-- lock: event for a moment, for its new trigger
-- undo: drop trigger queued on event; drop function queue_deliveries; drop table webhook_delivery; drop table webhook; drop function audit_webhook

-- A signature cannot be made from a digest, so the secrets are here as they are; only the query that
-- claims deliveries reads them. `failing_since` is when the first of the failures was after which
-- nothing was taken, `failures` how many there were since, and nothing is sent before `paused_until`.
create table webhook (
  id uuid primary key default gen_random_uuid(),
  account text not null,
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  names boolean not null,
  secret bytea not null check (octet_length(secret) between 24 and 64),
  previous_secret bytea,
  previous_until timestamptz,
  made_at timestamptz not null,
  made_by text not null,
  changed_by text not null,
  disabled_at timestamptz,
  disabled_because text,
  failing_since timestamptz,
  failures integer not null default 0,
  paused_until timestamptz,
  check ((previous_secret is null) = (previous_until is null)),
  check ((disabled_at is null) = (disabled_because is null))
);

create index webhook_of_account on webhook (account, made_at, id);

-- One event for one webhook; `event` is null for a test. `id` is the webhook-id of every try. Of those
-- with one `lane` (a counterparty, or the account itself) that wait, only the first is sent. Whoever
-- sends one has it until `taken_until`; one without `next_at` may be sent at once.
create table webhook_delivery (
  number bigint generated always as identity primary key,
  id uuid not null unique default gen_random_uuid(),
  account text not null,
  webhook uuid not null references webhook on delete cascade,
  event bigint references event on delete cascade,
  type text not null,
  lane text not null,
  made_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'given_up')),
  tries integer not null default 0,
  round_tries integer not null default 0,
  next_at timestamptz,
  taken_until timestamptz,
  tried_at timestamptz,
  delivered_at timestamptz,
  status integer,
  fault text,
  unique (webhook, event)
);

create index webhook_delivery_to_do on webhook_delivery (webhook, lane, number) where state = 'waiting';
create index webhook_delivery_in_order on webhook_delivery (webhook, number);
create index webhook_delivery_of_event on webhook_delivery (event);
create index webhook_delivery_by_time on webhook_delivery (made_at);

-- In the transaction that adds the events, so that none is ever lost or queued twice.
create function queue_deliveries() returns trigger language plpgsql as $$
begin
  insert into webhook_delivery (account, webhook, event, type, lane, made_at)
  select added.account, webhook.id, added.id, added.type, coalesce('of ' || added.counterparty, ''), added.at
  from added
  join webhook on webhook.account = added.account
  where '*' = any(webhook.events)
    or added.type = any(webhook.events)
    or split_part(added.type, '.', 1) || '.*' = any(webhook.events)
  order by added.id;
  return null;
end
$$;

create trigger queued after insert on event
referencing new table as added
for each statement execute function queue_deliveries();

-- An address may hold a secret of the receiver, so that only its beginning is recorded.
create function audit_webhook() returns trigger language plpgsql as $$
declare
  receiver text := substring(coalesce(new.url, old.url) from '^[a-z]+://[^/?]+');
begin
  if tg_op = 'INSERT' then
    perform audit(new.made_by, 'webhook.added', new.id::text,
      jsonb_build_object('receiver', receiver, 'events', new.events, 'names', new.names), new.account);
  elsif tg_op = 'DELETE' then
    perform audit(null, 'webhook.deleted', old.id::text,
      jsonb_build_object('receiver', receiver), old.account);
  elsif new.secret <> old.secret then
    perform audit(new.changed_by, 'webhook.rotated', new.id::text,
      jsonb_build_object('previous_until', new.previous_until), new.account);
  elsif new.disabled_at is not null and old.disabled_at is null then
    perform audit('webhooks', 'webhook.disabled', new.id::text,
      jsonb_build_object('because', new.disabled_because), new.account);
  elsif new.disabled_at is null and old.disabled_at is not null then
    perform audit(new.changed_by, 'webhook.enabled', new.id::text, jsonb_build_object(), new.account);
  end if;
  return null;
end
$$;

create trigger audited after insert or delete or update of secret, disabled_at on webhook
for each row execute function audit_webhook();
