-- what: the audit log: who changed what, and who read or took away what is kept
-- lock: short ones on the tables whose changes are recorded, for their new triggers
-- undo: drop the triggers audited on edition, list_terms, register_event, measure_review, place_confirmation, party_split, api_key; drop table audit_entry; drop function audit, audit_edition, audit_terms, audit_event, audit_review, audit_confirmation, audit_split, audit_key; alter table api_key drop column rotated_by, drop column revoked_by

-- Changes are recorded by triggers, in the transaction of the change, whichever program makes it.
-- `account` is whose affair it is, `key_id` the key of the request, null without one.
create table audit_entry (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  account text not null default 'main',
  actor text not null,
  key_id bigint,
  action text not null,
  about text not null,
  details jsonb not null default '{}',
  request_id text,
  address text
);

create index audit_entry_of_account on audit_entry (account, id);

create trigger audit_entry_append_only
before update or delete on audit_entry
for each row execute function refuse_change();

create trigger audit_entry_is_never_emptied
before truncate on audit_entry
for each statement execute function refuse_change();

-- Programs say whose change it is by columns; a loading, which has none, by `abeyance.actor`.
create function audit(actor text, action text, about text, details jsonb, account text default 'main')
returns void
language sql as $$
  insert into audit_entry (actor, action, about, details, account)
  values (
    coalesce(actor, nullif(current_setting('abeyance.actor', true), ''), 'unknown'),
    action, about, jsonb_strip_nulls(details), account
  )
$$;

create function audit_edition() returns trigger language plpgsql as $$
begin
  perform audit(null, 'list.loaded', new.list_code, jsonb_build_object(
    'edition', new.id, 'source', new.source, 'sha256', new.sha256, 'entries', new.entry_count
  ));
  return null;
end
$$;

create trigger audited after insert on edition
for each row execute function audit_edition();

create function audit_terms() returns trigger language plpgsql as $$
begin
  perform audit(null, 'list.terms_set', new.list_code, jsonb_build_object(
    'max_age_days', new.max_age_days, 'least_entries', new.least_entries,
    'most_entries', new.most_entries
  ));
  return null;
end
$$;

create trigger audited after insert or update on list_terms
for each row execute function audit_terms();

create function audit_event() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.origin = 'operator' then
      perform audit(new.recorded_by, 'event.recorded', new.measure_id,
        jsonb_build_object('event', new.event_id));
    end if;
  elsif old.retracted_at is null and new.retracted_at is not null
    and new.retracted_by is not null then
    perform audit(new.retracted_by, 'event.retracted', new.measure_id,
      jsonb_build_object('event', new.event_id, 'because', new.retracted_because));
  end if;
  return null;
end
$$;

create trigger audited after insert or update on register_event
for each row execute function audit_event();

create function audit_review() returns trigger language plpgsql as $$
begin
  perform audit(new.recorded_by, 'measure.signed_off', new.measure_id,
    jsonb_build_object('by', new.reviewed_by));
  return null;
end
$$;

create trigger audited after insert on measure_review
for each row execute function audit_review();

create function audit_confirmation() returns trigger language plpgsql as $$
begin
  perform audit(new.confirmed_by, 'place.confirmed', new.place_id,
    jsonb_build_object('until', new.until));
  return null;
end
$$;

create trigger audited after insert on place_confirmation
for each row execute function audit_confirmation();

create function audit_split() returns trigger language plpgsql as $$
begin
  if new.withdraws is null then
    perform audit(new.recorded_by, 'party.split', new.id::text, jsonb_build_object(
      'listings', new.listings, 'apart_from', new.apart_from, 'because', new.because
    ));
  else
    perform audit(new.recorded_by, 'party.split_withdrawn', new.withdraws::text,
      jsonb_build_object('because', new.because));
  end if;
  return null;
end
$$;

create trigger audited after insert on party_split
for each row execute function audit_split();

alter table api_key add column rotated_by text, add column revoked_by text;

create function audit_key() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform audit(new.made_by, 'key.added', new.id::text, jsonb_build_object(
      'name', new.name, 'owner', new.owner, 'scopes', new.scopes, 'networks', new.networks,
      'expires_at', new.expires_at
    ), new.account);
  elsif new.revoked_at is not null and old.revoked_at is null then
    perform audit(new.revoked_by, 'key.revoked', new.id::text,
      jsonb_build_object('name', new.name), new.account);
  elsif new.digest <> old.digest then
    perform audit(new.rotated_by, 'key.rotated', new.id::text, jsonb_build_object(
      'name', new.name, 'previous_until', new.previous_until
    ), new.account);
  end if;
  return null;
end
$$;

create trigger audited after insert or update on api_key
for each row execute function audit_key();
