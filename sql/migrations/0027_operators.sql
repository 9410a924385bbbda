-- what: the audit log tells outcomes and requests; the scopes operator and delete; who sent a job, and from where
-- lock: audit_entry, api_key and job for a moment: no new column has a default that rewrites rows
-- undo: give audit() its body of 0019; alter table audit_entry drop column outcome; take operator and delete from api_key.scopes; alter table job drop column sender, drop column address

-- Entries from before have none: a reading was written before anybody knew whether there was something to read.
alter table audit_entry add column outcome text check (outcome in ('done', 'refused', 'not_found'));
alter table audit_entry alter column outcome set default 'done';

-- A service says by `abeyance.request` which request its changes belong to, as JSON with `actor`, `key`,
-- `request` and `address`.
create or replace function audit(actor text, action text, about text, details jsonb, account text default 'main')
returns void
language sql as $$
  insert into audit_entry (account, actor, key_id, action, about, details, request_id, address)
  select
    account,
    coalesce(
      actor, asked.request ->> 'actor', nullif(current_setting('abeyance.actor', true), ''), 'unknown'
    ),
    (asked.request ->> 'key')::bigint, action, about, jsonb_strip_nulls(details),
    asked.request ->> 'request', asked.request ->> 'address'
  from (select nullif(current_setting('abeyance.request', true), '')::jsonb as request) as asked
$$;

-- `admin` is of its account from now on, so whoever had the whole installation by it keeps that; and whoever
-- could delete may still do so.
with upgraded as (
  select id, array_remove(array[
    case when account = 'main' and 'admin' = any (scopes) then 'operator' end,
    case when scopes && array['screen', 'jobs'] and not 'admin' = any (scopes) then 'delete' end
  ], null) as added
  from api_key
  where revoked_at is null
), changed as (
  update api_key
  set scopes = api_key.scopes || upgraded.added
  from upgraded
  where api_key.id = upgraded.id
    and cardinality(upgraded.added) > 0
  returning api_key.id, api_key.account, api_key.name, upgraded.added
)
insert into audit_entry (account, actor, action, about, details)
select account, 'upgrade', 'key.scopes_added', id::text,
  jsonb_build_object('name', name, 'scopes', added)
from changed
order by id;

update api_key_change set number = number + 1;

-- The key, person or address that sent a job, and the address of those who share none; for quotas.
alter table job add column sender text, add column address text;
create index job_open_by_sender on job (sender) where ended_at is null and deleted_at is null;
create index job_open_by_address on job (address) where ended_at is null and deleted_at is null;
