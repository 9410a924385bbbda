-- what: requests with an Idempotency-Key, and their first answers, kept for a day
-- lock: screening and table_result against writes for a moment, for the references to them
-- undo: drop table idempotency_key

-- A request that still runs has no `finished_at`; it is held for `token` until `held_until`, which
-- the process that carries it out moves on, so that a crash frees the key within seconds.
-- `fingerprint` is the SHA-256 of the address and the body. A finished one has the status and the
-- body of its answer, or no body if that is the answer of `screening`. It is deleted with what it
-- stored. The secret of a key is never in `body`.
create table idempotency_key (
  account text not null,
  operation text not null,
  key text not null,
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  token uuid not null,
  begun_at timestamptz not null,
  held_until timestamptz not null,
  finished_at timestamptz,
  status smallint,
  body bytea,
  screening uuid references screening (id) on delete cascade,
  table_result uuid references table_result (id) on delete cascade,
  primary key (account, operation, key),
  check ((finished_at is null) = (status is null)),
  check (finished_at is null or body is not null or screening is not null)
);

create index idempotency_key_by_time on idempotency_key (begun_at);
create index idempotency_key_of_screening on idempotency_key (screening);
create index idempotency_key_of_table_result on idempotency_key (table_result);
