-- what: keys that callers show, as their SHA-256, and what each of them may do
-- lock: none that others wait for; only new tables
-- undo: drop table api_key_change; drop table api_key

-- Rows are never deleted: a revoked key stays on record. `previous_digest` is the secret before the
-- last rotation, which works until `previous_until`. Empty `networks` are any address.
create table api_key (
  id bigint generated always as identity primary key,
  account text not null default 'main',
  name text not null,
  owner text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  networks text[] not null,
  default_lists text[],
  default_threshold double precision,
  is_stored boolean not null,
  digest bytea not null unique check (octet_length(digest) = 32),
  previous_digest bytea unique check (octet_length(previous_digest) = 32),
  previous_until timestamptz,
  made_at timestamptz not null,
  made_by text not null,
  rotated_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  check ((previous_digest is null) = (previous_until is null))
);

create unique index api_key_name on api_key (account, name) where revoked_at is null;

-- One row, which every change of any key updates: each process looks at it every other second, and
-- since changes wait for each other here, none is missed.
create table api_key_change (
  is_only boolean primary key default true check (is_only),
  number bigint not null
);
insert into api_key_change (number) values (0);
