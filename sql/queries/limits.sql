-- name: open_limit_budgets!
-- Adds budgets that are not there yet, each with all that it may hold.
-- takes: names text[], amounts float8[]
-- returns: nothing
insert into limit_budget (name, remaining, settled_at)
select asked.name, asked.amount, clock_timestamp()
from unnest($1::text[], $2::float8[]) as asked (name, amount)
on conflict (name) do nothing;

-- name: lock_limit_budgets
-- What is left of budgets, which nobody else settles until this transaction ends.
-- takes: names text[]
-- returns: name text, remaining float8, settled_at timestamptz
-- order: name
select name, remaining, settled_at
from limit_budget
where name = any ($1::text[])
order by name
for update;

-- name: limit_leases
-- What this process leased of budgets, what others have likely not spent of their leases, and the present moment.
-- takes: names text[], process uuid, lease_s float8
-- returns: name text, leased float8, elsewhere float8, now timestamptz
select
  asked.name,
  coalesce(sum(lease.amount) filter (where lease.process = $2::uuid), 0) as leased,
  coalesce(
    sum(
      lease.amount * extract(epoch from lease.lapses_at - clock_timestamp())::float8 / $3::float8
    ) filter (where lease.process <> $2::uuid and lease.lapses_at > clock_timestamp()),
    0
  ) as elsewhere,
  clock_timestamp() as now
from unnest($1::text[]) as asked (name)
left join limit_lease as lease on lease.name = asked.name
group by asked.name;

-- name: settle_limit_budgets!
-- Records what is left of budgets and what this process leases of them; leases of processes that are gone are deleted.
-- takes: names text[], remaining float8[], amounts float8[], process uuid, settled_at timestamptz, lapses_at timestamptz
-- returns: nothing
with settled as (
  update limit_budget
  set remaining = said.remaining, settled_at = greatest(limit_budget.settled_at, $5::timestamptz)
  from unnest($1::text[], $2::float8[]) as said (name, remaining)
  where limit_budget.name = said.name
), gone as (
  delete from limit_lease
  where name = any ($1::text[])
    and process <> $4::uuid
    and lapses_at < $5::timestamptz - interval '1 hour'
)
insert into limit_lease (name, process, amount, lapses_at)
select said.name, $4::uuid, said.amount, $6::timestamptz
from unnest($1::text[], $3::float8[]) as said (name, amount)
on conflict (name, process) do update
set amount = excluded.amount, lapses_at = excluded.lapses_at;
