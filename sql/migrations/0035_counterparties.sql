-- what: counterparties whose answers are watched, what these answers were when last told, and who works through alerts
-- lock: none: new tables only
-- undo: drop table event_work; drop table watched_coverage; drop table watched_listing; drop table watched_world; drop table counterparty_hit; drop table counterparty_total; drop table counterparty; drop sequence counterparty_written; drop function count_counterparties, audit_counterparties, audit_counterparty_change, audit_event_work

create sequence counterparty_written;

-- `body` is JSON of the counterparty and of how it is asked about, `digest` tells whether it is another
-- one. `written` grows with each change of the body. `standing` is what was last told of its answer,
-- null until it was screened; `edition`, `register`, `days` and `scorer` are what it was answered from,
-- `turn` counts how often the answer has changed, and `changed_by_scorer` is the last release of the
-- scorer that changed it. A row that is `pending` waits to be screened.
create table counterparty (
  key bigint generated always as identity primary key,
  account text not null,
  id text not null,
  name text not null,
  body bytea not null,
  digest bytea not null,
  threshold double precision not null,
  revision bigint not null default 1,
  added_at timestamptz not null,
  changed_at timestamptz not null,
  written bigint not null default nextval('counterparty_written'),
  pending boolean not null default true,
  standing bytea,
  outcome text,
  hits integer not null default 0,
  turn bigint not null default 0,
  screened_at timestamptz,
  edition bigint,
  register bigint,
  days text,
  scorer integer,
  changed_by_scorer integer,
  leads smallint[],
  unique (account, id)
);
create index counterparty_pending on counterparty (key) where pending;
create index counterparty_with_leads on counterparty (key) where leads is not null;
create index counterparty_by_written on counterparty (written);
create index counterparty_by_outcome on counterparty (account, outcome, id);

-- How many counterparties an account has.
create table counterparty_total (
  account text primary key,
  counterparties bigint not null
);

create function count_counterparties() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into counterparty_total as total (account, counterparties)
    select account, count(*) from changed group by account order by account
    on conflict (account) do update set counterparties = total.counterparties + excluded.counterparties;
  else
    update counterparty_total as total
    set counterparties = total.counterparties - gone.counterparties
    from (select account, count(*) as counterparties from changed group by account) as gone
    where total.account = gone.account;
  end if;
  return null;
end
$$;

create trigger counted after insert on counterparty
referencing new table as changed
for each statement execute function count_counterparties();

create trigger discounted after delete on counterparty
referencing old table as changed
for each statement execute function count_counterparties();

-- One statement is one entry of the audit log, however many counterparties it is about.
create function audit_counterparties() returns trigger language plpgsql as $$
declare
  touched record;
begin
  for touched in
    select account, count(*) as counterparties, min(id) as id from changed group by account
  loop
    perform audit(null, tg_argv[0],
      case when touched.counterparties = 1 then touched.id else touched.counterparties || ' counterparties' end,
      '{}', touched.account);
  end loop;
  return null;
end
$$;

create trigger audited_put after insert on counterparty
referencing new table as changed
for each statement execute function audit_counterparties('counterparty.put');

create function audit_counterparty_change() returns trigger language plpgsql as $$
begin
  perform audit(null, 'counterparty.put', new.id, '{}', new.account);
  return null;
end
$$;

create trigger audited_change after update of body on counterparty
for each row when (old.digest <> new.digest) execute function audit_counterparty_change();

create trigger audited_delete after delete on counterparty
referencing old table as changed
for each statement execute function audit_counterparties('counterparty.deleted');

-- Which counterparties have a listing among their hits.
create table counterparty_hit (
  listing_id text not null,
  counterparty bigint not null references counterparty (key) on delete cascade,
  primary key (listing_id, counterparty)
);
create index counterparty_hit_of on counterparty_hit (counterparty);

-- What all counterparties that are not pending are answered from.
create table watched_world (
  only_one boolean primary key default true check (only_one),
  edition bigint not null,
  register bigint not null,
  days text not null,
  scorer integer not null,
  reached_at timestamptz not null
);

-- A digest of the measures of each listing that is somebody's hit, as they are in that world.
create table watched_listing (
  listing_id text primary key,
  law bytea not null
);

-- The required lists that are not fresh, as last told.
create table watched_coverage (
  list_code text primary key,
  state text not null,
  reason text
);

-- What people do about an event. One without a row is open and nobody's.
create table event_work (
  event bigint primary key references event (id) on delete cascade,
  account text not null,
  assigned_to text,
  assigned_by text,
  assigned_at timestamptz,
  acknowledged_by text,
  acknowledged_at timestamptz,
  comments jsonb not null default '[]'
);
create index event_work_of_account on event_work (account, event);

-- What is written in a comment is not repeated.
create function audit_event_work() returns trigger language plpgsql as $$
declare
  before event_work;
begin
  if tg_op = 'UPDATE' then
    before := old;
  end if;
  if new.assigned_at is distinct from before.assigned_at then
    perform audit(new.assigned_by, 'alert.assigned', new.event::text,
      jsonb_build_object('to', new.assigned_to), new.account);
  end if;
  if new.acknowledged_at is not null and before.acknowledged_at is null then
    perform audit(new.acknowledged_by, 'alert.acknowledged', new.event::text, '{}', new.account);
  end if;
  if new.acknowledged_at is null and before.acknowledged_at is not null then
    perform audit(null, 'alert.reopened', new.event::text, '{}', new.account);
  end if;
  if new.comments <> coalesce(before.comments, '[]') then
    perform audit(null, 'alert.commented', new.event::text, '{}', new.account);
  end if;
  return null;
end
$$;

create trigger audited after insert or update on event_work
for each row execute function audit_event_work();
