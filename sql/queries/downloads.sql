-- name: every_download
-- The last download of each source.
-- takes: nothing
-- returns: source text, tried_at timestamptz, failures integer, seen text, sha256 text
-- order: source
select source, tried_at, failures, seen::text as seen, sha256
from download
order by source;

-- name: asked_sources
-- The sources whose publishers were ever asked, with or without success.
-- takes: nothing
-- returns: source text
-- order: source
select source
from download
order by source;

-- name: note_download!
-- Stores the outcome of the last download of a source.
-- takes: source text, tried_at timestamptz, failures integer, seen text, sha256 text
-- returns: nothing
insert into download (source, tried_at, failures, seen, sha256)
values ($1::text, $2::timestamptz, $3::integer, $4::text::jsonb, $5::text)
on conflict (source) do update
set
  tried_at = excluded.tried_at,
  failures = excluded.failures,
  seen = excluded.seen,
  sha256 = excluded.sha256;

-- name: try_lock_refreshing
-- Whether this connection got the lock for refreshing lists.
-- It keeps the lock until it unlocks or closes.
-- takes: nothing
-- returns: locked boolean
select pg_try_advisory_lock(hashtext('abeyance.refresh')) as locked;

-- name: unlock_refreshing
-- Releases the lock for refreshing lists.
-- takes: nothing
-- returns: unlocked boolean
select pg_advisory_unlock(hashtext('abeyance.refresh')) as unlocked;
