-- name: claim_idempotency_key
-- Holds a key for a request, if nobody holds it and no answer younger than a day is kept under it; else returns no row.
-- A claim need not outlive the database, so its commit does not wait for the disk.
-- takes: account text, operation text, key text, fingerprint bytea, token uuid, held interval, kept interval
-- returns: token uuid
insert into idempotency_key as kept (
  account, operation, key, fingerprint, token, begun_at, held_until
)
select
  $1::text, $2::text, $3::text, $4::bytea, $5::uuid, clock_timestamp(),
  clock_timestamp() + $6::interval
from set_config('synchronous_commit', 'off', true)
on conflict (account, operation, key) do update
set
  fingerprint = excluded.fingerprint,
  token = excluded.token,
  begun_at = excluded.begun_at,
  held_until = excluded.held_until,
  finished_at = null,
  status = null,
  body = null,
  screening = null,
  table_result = null
where kept.begun_at < clock_timestamp() - $7::interval and kept.finished_at is not null
  or kept.finished_at is null and kept.held_until < clock_timestamp()
returning token;

-- name: idempotency_key
-- What is known of a key: whose request it was, and its answer if that is there.
-- takes: account text, operation text, key text
-- returns: fingerprint bytea, status int2, body bytea, screening uuid
select fingerprint, status, body, screening
from idempotency_key
where account = $1::text
  and operation = $2::text
  and key = $3::text;

-- name: hold_idempotency_key!
-- Holds a key longer, for the request that has it.
-- takes: account text, operation text, key text, token uuid, held interval
-- returns: nothing
update idempotency_key
set held_until = clock_timestamp() + $5::interval
where account = $1::text
  and operation = $2::text
  and key = $3::text
  and token = $4::uuid
  and finished_at is null;

-- name: release_idempotency_key!
-- Frees a key whose request was refused or failed; does nothing if it was carried out.
-- takes: account text, operation text, key text, token uuid
-- returns: nothing
delete from idempotency_key
where account = $1::text
  and operation = $2::text
  and key = $3::text
  and token = $4::uuid
  and finished_at is null;

-- name: finish_idempotency_key
-- Keeps the answer of the request that holds a key; returns no row if another request took the key meanwhile.
-- takes: account text, operation text, key text, token uuid, status int2, body bytea, screening uuid, table_result uuid
-- returns: token uuid
update idempotency_key
set
  finished_at = clock_timestamp(),
  status = $5::smallint,
  body = $6::bytea,
  screening = $7::uuid,
  table_result = $8::uuid
where account = $1::text
  and operation = $2::text
  and key = $3::text
  and token = $4::uuid
  and finished_at is null
returning token;

-- name: delete_old_idempotency_keys
-- Deletes what is known of keys of all accounts that were begun before a moment and that nobody holds, at most so many.
-- takes: kept interval, most integer
-- returns: key text
delete from idempotency_key
where (account, operation, key) in (
  select account, operation, key
  from idempotency_key
  where begun_at < clock_timestamp() - $1::interval
    and (finished_at is not null or held_until < clock_timestamp())
  limit $2::integer
  for update skip locked
)
returning key;
