-- what: what one cause brings is one alert, with counts; events stay one for each change
-- lock: access exclusive on event, event_work and counterparty while each event of before becomes an alert of its own
-- undo: drop trigger comments_forgotten on counterparty and give forget_comments its form of 0045; alter table event_work drop constraint event_work_event_fkey and add it again referencing event (id) on delete cascade; alter table event drop column alert; drop table alert

-- The events of one type that one cause brings, until somebody is done with them: what the same cause brings
-- after that is another alert. `id` is that of its first event, `newest` that of its last, from the moment `at`;
-- `cause` is a digest. An alert that grows gets another `newest`, so that whoever goes on after one sees it again.
create table alert (
  id bigint primary key,
  account text not null,
  cause text not null,
  type text not null,
  newest bigint not null,
  at timestamptz not null,
  changes integer not null check (changes > 0),
  counterparties integer not null check (counterparties >= 0)
);

create index alert_of_account on alert (account, newest);
create index alert_of_cause on alert (account, cause, id);
create index alert_by_time on alert (at);

-- The alert that an event is part of; null where nobody has to work through it.
alter table event add column alert bigint;

insert into alert (id, account, cause, type, newest, at, changes, counterparties)
select id, account, 'event ' || id, type, id, at, 1, (counterparty is not null)::integer
from event
where type not in ('rescreened', 'webhook.test');

update event
set alert = id
where type not in ('rescreened', 'webhook.test');

create index event_of_alert on event (alert, counterparty) where alert is not null;

-- People work on alerts.
alter table event_work drop constraint event_work_event_fkey;
delete from event_work where event not in (select id from alert);
alter table event_work add foreign key (event) references alert (id) on delete cascade;

-- As before, of alerts: a comment on one that is about several counterparties may be about this one.
create or replace function forget_comments() returns trigger language plpgsql as $$
begin
  update event_work
  set comments = (
    select jsonb_agg(comment || '{"text": ""}' order by place)
    from jsonb_array_elements(comments) with ordinality as each (comment, place)
  )
  where comments <> '[]'
    and event in (
      select alert
      from event
      where account = old.account
        and counterparty = old.id
    );
  update event
  set dedup_key = 'sha256:' || encode(sha256(convert_to(dedup_key, 'UTF8')), 'hex')
  where account = old.account
    and counterparty = old.id
    and dedup_key not like 'sha256:%';
  return old;
end
$$;
