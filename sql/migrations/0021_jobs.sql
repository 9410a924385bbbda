-- what: jobs: tables that are screened apart from the request that sent them, and what they are answered from
-- lock: none that others wait for; only new tables
-- undo: drop table job_chunk; drop table job_piece; drop table job; drop table job_basis; drop table job_file_piece; drop table job_file

-- What jobs are answered from, in pieces of zstd: files of indexes, so that a worker on another machine
-- can map them too, and states of the register. `digest` names the content, `size` is that of the whole.
-- One without `kept_at` is not whole.
create table job_file (
  digest bytea primary key check (octet_length(digest) = 32),
  size bigint not null check (size >= 0),
  begun_at timestamptz not null default now(),
  kept_at timestamptz
);

create table job_file_piece (
  digest bytea not null references job_file (digest) on delete cascade,
  place integer not null check (place >= 0),
  content bytea not null,
  primary key (digest, place)
);
alter table job_file_piece alter column content set storage external;

-- What some jobs are answered from: `content` is zstd of the states of the lists and the splits of
-- parties, `shown` is JSON of what callers see of it, `rules` the digest of the code that answers.
create table job_basis (
  digest bytea primary key check (octet_length(digest) = 32),
  index_digest bytea not null references job_file (digest),
  register_digest bytea not null references job_file (digest),
  rules bytea not null,
  content bytea not null,
  shown bytea not null,
  kept_at timestamptz not null default now()
);
alter table job_basis alter column content set storage external;
create index job_basis_by_index on job_basis (index_digest);
create index job_basis_by_register on job_basis (register_digest);

-- A job without `accepted_at` was not received whole, and nobody sees it. `size` is the bytes of
-- the table as it was sent. `rows` and `chunks` are null
-- until the table is read. `terms` and `fault` are JSON, `head` is JSON of what holds for all answers.
-- One with `deleted_at` is deleted for its account; its rows go a few at a time.
create table job (
  id uuid primary key,
  account text not null,
  name text not null,
  format text not null check (format in ('csv', 'xlsx', 'ndjson', 'parquet')),
  stage text not null default 'reading'
    check (stage in ('reading', 'running', 'done', 'failed', 'cancelled')),
  terms bytea not null,
  size bigint not null default 0,
  rows bigint,
  chunks integer,
  fault bytea,
  basis bytea references job_basis (digest),
  head bytea,
  begun_at timestamptz not null,
  accepted_at timestamptz,
  started_at timestamptz,
  moved_at timestamptz,
  ended_at timestamptz,
  expires_at timestamptz,
  deleted_at timestamptz
);
create index job_by_account on job (account, accepted_at, id);
create index job_going_on on job (accepted_at) where ended_at is null;
create index job_by_basis on job (basis);
create index job_by_expiry on job (expires_at);

-- The table as it was sent, deleted once it is read.
create table job_piece (
  job uuid not null references job (id) on delete cascade,
  place integer not null check (place >= 0),
  content bytea not null,
  primary key (job, place)
);
alter table job_piece alter column content set storage external;

-- Some rows of a table. `asked` is zstd of a line of JSON for each row, `lines` zstd of as many answers,
-- and `kinds` has a letter for each: h, o, n, i or r for hits, hits of owners, none, incomplete and
-- refused. `size` and `hits_size` are the bytes of the lines and of those with hits. The answers and
-- `done_at` are one change of one row.
create table job_chunk (
  job uuid not null references job (id) on delete cascade,
  chunk integer not null check (chunk >= 0),
  first_row bigint not null,
  rows integer not null,
  asked bytea not null,
  lines bytea,
  kinds bytea,
  size bigint,
  hits_size bigint,
  hits integer not null default 0,
  owner_hits integer not null default 0,
  no_hits integer not null default 0,
  incomplete integer not null default 0,
  refused integer not null default 0,
  done_at timestamptz,
  primary key (job, chunk)
);
alter table job_chunk alter column asked set storage external;
alter table job_chunk alter column lines set storage external;
create index job_chunk_to_do on job_chunk (job, chunk) where done_at is null;
