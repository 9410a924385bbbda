-- name: api_keys
-- Every key, also revoked ones, without its digest.
-- takes: nothing
-- returns: id bigint, account text, name text, owner text, scopes text[], networks text[], default_lists text[], default_threshold float8, is_stored boolean, limits jsonb, made_at timestamptz, made_by text, rotated_at timestamptz, previous_until timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
-- order: id
select
  id, account, name, owner, scopes, networks, default_lists, default_threshold, is_stored, limits,
  made_at, made_by, rotated_at, previous_until, expires_at, revoked_at, last_used_at
from api_key
order by id;

-- name: api_key_proofs
-- What proves each key that is not revoked.
-- takes: nothing
-- returns: id bigint, account text, owner text, scopes text[], networks text[], default_lists text[], default_threshold float8, is_stored boolean, limits jsonb, eyes jsonb, digest bytea, previous_digest bytea, previous_until timestamptz, expires_at timestamptz
-- order: id
select
  id, account, owner, scopes, networks, default_lists, default_threshold, is_stored, limits,
  eyes, digest, previous_digest, previous_until, expires_at
from api_key
where revoked_at is null
order by id;

-- name: api_key_change_number
-- The number that every change of any key raises.
-- takes: nothing
-- returns: number bigint
select number
from api_key_change;

-- name: lock_api_keys
-- Has every other change of any key wait until the transaction ends.
-- takes: nothing
-- returns: number bigint
select number
from api_key_change
for update;

-- name: is_any_api_key
-- Whether any key works at a moment.
-- takes: at timestamptz
-- returns: is_any boolean
select exists (
  select from api_key
  where revoked_at is null
    and (expires_at is null or expires_at > $1::timestamptz)
) as is_any;

-- name: add_api_key
-- Records a key; returns no row if another one of the account that is not revoked has its name.
-- takes: account text, name text, owner text, scopes text[], networks text[], default_lists text[], default_threshold float8, is_stored boolean, digest bytea, expires_at timestamptz, made_by text, made_at timestamptz, limits jsonb, eyes jsonb
-- returns: id bigint, account text, name text, owner text, scopes text[], networks text[], default_lists text[], default_threshold float8, is_stored boolean, limits jsonb, made_at timestamptz, made_by text, rotated_at timestamptz, previous_until timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
with changed as (
  update api_key_change set number = number + 1
)
insert into api_key (
  account, name, owner, scopes, networks, default_lists, default_threshold, is_stored, digest,
  expires_at, made_by, made_at, limits, eyes
)
values (
  $1::text, $2::text, $3::text, $4::text[], $5::text[], $6::text[], $7::float8, $8::boolean,
  $9::bytea, $10::timestamptz, $11::text, $12::timestamptz, $13::jsonb, $14::jsonb
)
on conflict (account, name) where revoked_at is null do nothing
returning
  id, account, name, owner, scopes, networks, default_lists, default_threshold, is_stored, limits,
  made_at, made_by, rotated_at, previous_until, expires_at, revoked_at, last_used_at;

-- name: rotate_api_key
-- Replaces the secret of a key, which works on until a moment; returns no row if there is no such key or it is revoked.
-- takes: id bigint, digest bytea, rotated_by text, rotated_at timestamptz, previous_until timestamptz, eyes jsonb
-- returns: id bigint, account text, name text, owner text, scopes text[], networks text[], default_lists text[], default_threshold float8, is_stored boolean, limits jsonb, made_at timestamptz, made_by text, rotated_at timestamptz, previous_until timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
with changed as (
  update api_key_change set number = number + 1
)
update api_key
set
  digest = $2::bytea,
  previous_digest = digest,
  rotated_by = $3::text,
  rotated_at = $4::timestamptz,
  previous_until = $5::timestamptz,
  eyes = $6::jsonb
where id = $1::bigint
  and revoked_at is null
returning
  id, account, name, owner, scopes, networks, default_lists, default_threshold, is_stored, limits,
  made_at, made_by, rotated_at, previous_until, expires_at, revoked_at, last_used_at;

-- name: revoke_api_key
-- Revokes a key; returns no row if there is no such key or it is revoked already.
-- takes: id bigint, revoked_by text, revoked_at timestamptz
-- returns: id bigint, account text, name text, owner text, scopes text[], networks text[], default_lists text[], default_threshold float8, is_stored boolean, limits jsonb, made_at timestamptz, made_by text, rotated_at timestamptz, previous_until timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz
with changed as (
  update api_key_change set number = number + 1
)
update api_key
set revoked_by = $2::text, revoked_at = $3::timestamptz
where id = $1::bigint
  and revoked_at is null
returning
  id, account, name, owner, scopes, networks, default_lists, default_threshold, is_stored, limits,
  made_at, made_by, rotated_at, previous_until, expires_at, revoked_at, last_used_at;

-- name: note_api_key_uses!
-- Records when keys were last used, one moment for each id; earlier moments change nothing.
-- takes: ids int8[], moments timestamptz[]
-- returns: nothing
update api_key
set last_used_at = used.at
from unnest($1::bigint[], $2::timestamptz[]) as used (id, at)
where api_key.id = used.id
  and (api_key.last_used_at is null or api_key.last_used_at < used.at);
