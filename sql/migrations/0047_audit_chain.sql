-- what: the audit log tells what was before and after, without names, and its entries are in a chain of links
-- lock: exclusive on audit_entry for a moment, for its trigger; new tables, and functions of triggers that are there
-- undo: drop trigger audit_entry_changes on audit_entry; drop function refuse_audit_change; give audit_entry_append_only its form of 0019; drop table audit_erasure, audit_link; give audit_counterparties, audit_counterparty_change, audit_event_work their bodies of 0035, audit_judgement and audit_judgement_terms those of 0036, audit_key and audit_terms those of 0019; drop function audit_fields, audit_digest, audit_key_state

-- A link covers some entries in their order. The hash of an entry is the SHA-256 of the hash before it and of
-- the SHA-256 of the entry as JSON, as the program writes it; a link keeps the last, and as its position the
-- count of all entries up to there. Entries are linked soon after their transactions ended, so that no writer
-- waits for another: one that ended late comes after younger ones.
create table audit_link (
  position bigint primary key check (position >= cardinality(entries)),
  entries bigint[] not null check (cardinality(entries) > 0),
  highest bigint not null,
  hash bytea not null check (octet_length(hash) = 32)
);

create index audit_link_highest on audit_link (highest);

create trigger audit_link_append_only
before update or delete on audit_link
for each row execute function refuse_change();

create trigger audit_link_is_never_emptied
before truncate on audit_link
for each statement execute function refuse_change();

-- The SHA-256 of entries that were blanked since they told a name that was to be erased: with it the chain
-- goes on over them.
create table audit_erasure (
  entry bigint primary key,
  digest bytea not null check (octet_length(digest) = 32)
);

create trigger audit_erasure_append_only
before update or delete on audit_erasure
for each row execute function refuse_change();

create trigger audit_erasure_is_never_emptied
before truncate on audit_erasure
for each statement execute function refuse_change();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if to_jsonb(new) = to_jsonb(old) || '{"about": "", "details": {}}'
    and exists (select from audit_erasure where entry = new.id)
  then
    return new;
  end if;
  raise exception 'rows of audit_entry are never changed or deleted; what one is about is blanked once its digest is kept';
end
$$;

drop trigger audit_entry_append_only on audit_entry;
create trigger audit_entry_append_only
before delete on audit_entry
for each row execute function refuse_change();
create trigger audit_entry_changes
before update on audit_entry
for each row execute function refuse_audit_change();

create function audit_digest(content bytea) returns text language sql immutable as $$
  select encode(sha256(content), 'hex')
$$;

-- The names of the fields in which two bodies differ; null where one cannot be read as JSON.
create function audit_fields(before bytea, after bytea) returns jsonb language plpgsql immutable as $$
begin
  return (
    select jsonb_agg(coalesce(old.key, new.key) order by coalesce(old.key, new.key))
    from jsonb_each(convert_from(before, 'UTF8')::jsonb) as old
    full join jsonb_each(convert_from(after, 'UTF8')::jsonb) as new on new.key = old.key
    where old.value is distinct from new.value
  );
exception when data_exception then
  return null;
end
$$;

-- One statement is one entry, however many counterparties it is about; of several their ids, which may be names,
-- are told as one digest of all in order, a line each, and so are their bodies. A deletion says how many
-- judgements stay.
create or replace function audit_counterparties() returns trigger language plpgsql as $$
declare
  touched record;
  told jsonb;
  side text := case tg_op when 'DELETE' then 'before' else 'after' end;
begin
  for touched in
    select account, count(*) as counterparties, min(id) as id, min(key) as key
    from changed
    group by account
  loop
    if touched.counterparties = 1 then
      select jsonb_build_object('fields', audit_fields('{}', body), side, encode(digest, 'hex'))
      into told
      from changed
      where key = touched.key;
    else
      select jsonb_build_object(
        'counterparties', count(*),
        'ids_sha256', audit_digest(string_agg(convert_to(id, 'UTF8'), '\x0a' order by id collate "C")),
        side, audit_digest(string_agg(digest, '' order by id collate "C"))
      )
      into told
      from changed
      where account = touched.account;
    end if;
    if tg_op = 'DELETE' then
      told := told || jsonb_build_object('judgements', (
        select count(*) from judgement join changed using (key) where changed.account = touched.account
      ));
    end if;
    perform audit(null, tg_argv[0],
      case touched.counterparties when 1 then touched.id else touched.counterparties || ' counterparties' end,
      told, touched.account);
  end loop;
  return null;
end
$$;

create or replace function audit_counterparty_change() returns trigger language plpgsql as $$
begin
  perform audit(null, 'counterparty.put', new.id, jsonb_build_object(
    'fields', audit_fields(old.body, new.body),
    'before', encode(old.digest, 'hex'), 'after', encode(new.digest, 'hex')
  ), new.account);
  return null;
end
$$;

create or replace function audit_judgement() returns trigger language plpgsql as $$
declare
  told jsonb := jsonb_build_object(
    'counterparty', new.counterparty, 'listing', new.listing_id, 'decision', new.decision, 'until', new.until
  );
begin
  if tg_op = 'INSERT' then
    perform audit(new.asked_by, 'judgement.made', new.id::text, told || jsonb_build_object(
      'state', new.state, 'reason_sha256', audit_digest(convert_to(new.reason, 'UTF8'))
    ), new.account);
  elsif new.state <> old.state then
    perform audit(
      case new.state when 'holds' then new.approved_by when 'reopened' then 'service' else new.ended_by end,
      case new.state
        when 'holds' then 'judgement.approved'
        when 'reopened' then 'judgement.reopened'
        when 'replaced' then 'judgement.replaced'
        when 'refused' then 'judgement.refused'
        else 'judgement.withdrawn'
      end,
      new.id::text,
      told || jsonb_build_object(
        'before', old.state, 'asked_by', new.asked_by, 'approved_by', coalesce(old.approved_by, new.approved_by)
      ), new.account);
  end if;
  return null;
end
$$;

create or replace function audit_judgement_terms() returns trigger language plpgsql as $$
begin
  perform audit(null, 'judgement.terms_set', 'four_eyes', jsonb_build_object(
    'four_eyes', new.four_eyes,
    'before', jsonb_build_object('four_eyes', case when tg_op = 'UPDATE' then old.four_eyes else false end)
  ), new.account);
  return null;
end
$$;

create or replace function audit_terms() returns trigger language plpgsql as $$
begin
  perform audit(null, 'list.terms_set', new.list_code, jsonb_build_object(
    'max_age_days', new.max_age_days, 'least_entries', new.least_entries,
    'most_entries', new.most_entries,
    'before', case when tg_op = 'UPDATE' then jsonb_build_object(
      'max_age_days', old.max_age_days, 'least_entries', old.least_entries,
      'most_entries', old.most_entries
    ) end
  ));
  return null;
end
$$;

-- What a key may do, without what proves it.
create function audit_key_state(key api_key) returns jsonb language sql immutable as $$
  select jsonb_build_object(
    'name', key.name, 'owner', key.owner, 'scopes', key.scopes, 'networks', key.networks,
    'expires_at', key.expires_at, 'limits', key.limits, 'defaults', jsonb_build_object(
      'lists', key.default_lists, 'threshold', key.default_threshold, 'store', key.is_stored
    )
  )
$$;

create or replace function audit_key() returns trigger language plpgsql as $$
declare
  state jsonb := audit_key_state(new);
begin
  if tg_op = 'INSERT' then
    perform audit(new.made_by, 'key.added', new.id::text, state, new.account);
    return null;
  end if;
  if new.revoked_at is not null and old.revoked_at is null then
    perform audit(new.revoked_by, 'key.revoked', new.id::text, state, new.account);
  elsif new.digest <> old.digest then
    perform audit(new.rotated_by, 'key.rotated', new.id::text, jsonb_build_object(
      'name', new.name, 'owner', new.owner, 'previous_until', new.previous_until
    ), new.account);
  end if;
  if state <> audit_key_state(old) then
    perform audit(null, 'key.changed', new.id::text,
      jsonb_build_object('before', audit_key_state(old), 'after', state), new.account);
  end if;
  return null;
end
$$;

-- What is written in a comment is not repeated.
create or replace function audit_event_work() returns trigger language plpgsql as $$
declare
  before event_work;
begin
  if tg_op = 'UPDATE' then
    before := old;
  end if;
  if new.assigned_at is distinct from before.assigned_at then
    perform audit(new.assigned_by, 'alert.assigned', new.event::text,
      jsonb_build_object('from', before.assigned_to, 'to', new.assigned_to), new.account);
  end if;
  if new.acknowledged_at is not null and before.acknowledged_at is null then
    perform audit(new.acknowledged_by, 'alert.acknowledged', new.event::text,
      jsonb_build_object('assigned_to', new.assigned_to), new.account);
  end if;
  if new.acknowledged_at is null and before.acknowledged_at is not null then
    perform audit(null, 'alert.reopened', new.event::text,
      jsonb_build_object('acknowledged_by', before.acknowledged_by), new.account);
  end if;
  if new.comments <> coalesce(before.comments, '[]') then
    perform audit(null, 'alert.commented', new.event::text,
      jsonb_build_object('comments', jsonb_array_length(new.comments)), new.account);
  end if;
  return null;
end
$$;
