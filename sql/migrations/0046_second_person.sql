-- what: who else may have acted with a key, or when something was judged; and changes that wait for a second person
-- lock: api_key and judgement for a moment: new columns without a value; api_key then for its rows, which are few
-- undo: drop table pending_change; drop function audit_pending_change; alter table api_key drop column eyes; alter table judgement drop column asked_eyes

-- `eyes` is JSON of everybody who may have acted with the key, as one pair of eyes: its owner, those who
-- made or replaced it over the service, who saw its secret, and those who had made their keys, as `people`;
-- the users of the machine who did so at the command line as `machine`. Null as an older program adds it.
alter table api_key add column eyes jsonb;
alter table judgement add column asked_eyes jsonb;

-- Of keys from before the audit log says who made and replaced them, and whether over the service.
do $$
declare
  each record;
begin
  for each in select id, owner from api_key order by id loop
    update api_key
    set eyes = jsonb_build_object(
      'people', (
        select jsonb_agg(distinct name)
        from (
          select each.owner as name
          union all
          select actor
          from audit_entry
          where about = each.id::text
            and action in ('key.added', 'key.rotated')
            and request_id is not null
          union all
          select jsonb_array_elements_text(maker.eyes -> 'people')
          from audit_entry
          join api_key as maker on maker.id = audit_entry.key_id
          where about = each.id::text
            and action in ('key.added', 'key.rotated')
        ) as hands
      ),
      'machine', (
        select coalesce(jsonb_agg(distinct actor), '[]')
        from audit_entry
        where about = each.id::text
          and action in ('key.added', 'key.rotated')
          and request_id is null
      )
    )
    where id = each.id;
  end loop;
end
$$;

update api_key_change set number = number + 1;

-- What waits for a second person: `body` is JSON of what is done once somebody approves it, `asked_eyes` who
-- cannot. What is done is recorded by itself, so rows stay.
create table pending_change (
  id bigint generated always as identity primary key,
  account text not null,
  kind text not null,
  about text not null,
  body bytea not null,
  asked_by text not null,
  asked_eyes jsonb not null,
  asked_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'refused')),
  decided_by text,
  decided_at timestamptz,
  check ((state = 'waiting') = (decided_at is null))
);
create unique index pending_change_waits on pending_change (account, kind, about) where state = 'waiting';
create index pending_change_of_account on pending_change (account, id);

create function audit_pending_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform audit(new.asked_by, 'change.asked', new.id::text,
      jsonb_build_object('kind', new.kind, 'about', new.about), new.account);
  else
    perform audit(new.decided_by,
      case new.state when 'approved' then 'change.approved' else 'change.refused' end, new.id::text,
      jsonb_build_object('kind', new.kind, 'about', new.about, 'asked_by', new.asked_by), new.account);
  end if;
  return null;
end
$$;

create trigger audited after insert or update on pending_change
for each row execute function audit_pending_change();
