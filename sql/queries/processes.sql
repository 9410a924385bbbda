-- name: see_process!
-- Notes that a process lives now, and forgets those that were not seen for a day.
-- takes: id uuid, kind text, started_at timestamptz, restarts integer
-- returns: nothing
with forgotten as (
  delete from process
  where seen_at < now() - interval '1 day'
    and id <> $1::uuid
)
insert into process (id, kind, started_at, seen_at, restarts)
values ($1::uuid, $2::text, $3::timestamptz, now(), $4::integer)
on conflict (id) do update
set started_at = excluded.started_at, seen_at = excluded.seen_at, restarts = excluded.restarts;

-- name: forget_process!
-- Takes a process away that ends.
-- takes: id uuid
-- returns: nothing
delete from process
where id = $1::uuid;

-- name: processes_seen
-- The processes of each kind that were seen in the last day; those of the last minute count as running.
-- takes: nothing
-- returns: kind text, running bigint, since timestamptz, seen_at timestamptz, restarts bigint
-- order: kind, ascending
select kind,
  count(*) filter (where seen_at > now() - interval '1 minute') as running,
  min(started_at) filter (where seen_at > now() - interval '1 minute') as since,
  max(seen_at) as seen_at,
  sum(restarts) as restarts
from process
where seen_at > now() - interval '1 day'
group by kind
order by kind;
