-- name: add_table_result!
-- Begins the results of a table of an account, without any rows yet.
-- takes: account text, id uuid, begun_at timestamptz, head bytea
-- returns: nothing
insert into table_result (account, id, begun_at, head)
values ($1::text, $2::uuid, $3::timestamptz, $4::bytea);

-- name: add_table_result_part
-- Adds the results of some rows, or replaces those of the same place; returns no row if the account has no such results.
-- takes: account text, result uuid, place integer, lines bytea, parties bytea, evidence bytea, since timestamptz
-- returns: place integer
insert into table_result_part (result, place, lines, parties, evidence)
select id, $3::integer, $4::bytea, $5::bytea, $6::bytea
from table_result
where account = $1::text
  and id = $2::uuid
  and begun_at >= $7::timestamptz
for key share
on conflict (result, place) do update
set lines = excluded.lines, parties = excluded.parties, evidence = excluded.evidence
returning place;

-- name: table_result_head
-- The head of the results of a table; no row if the account has none since a moment, or they were deleted.
-- takes: account text, id uuid, since timestamptz
-- returns: head bytea
select head
from table_result
where account = $1::text
  and id = $2::uuid
  and begun_at >= $3::timestamptz;

-- name: table_result_lines
-- The lines of all parts of the results of a table of an account since a moment.
-- takes: account text, id uuid, since timestamptz
-- returns: lines bytea
-- order: place
select part.lines
from table_result_part as part
join table_result as result on result.id = part.result
where result.account = $1::text
  and result.id = $2::uuid
  and result.begun_at >= $3::timestamptz
order by part.place;

-- name: table_result_parties
-- What is shown beside the lines of one part of the results of a table of an account since a moment.
-- takes: account text, id uuid, since timestamptz, place integer
-- returns: parties bytea
select part.parties
from table_result_part as part
join table_result as result on result.id = part.result
where result.account = $1::text
  and result.id = $2::uuid
  and result.begun_at >= $3::timestamptz
  and part.place = $4::integer;

-- name: table_result_evidence
-- The next part of the results of a table of an account in full; no row after the last one.
-- takes: account text, id uuid, since timestamptz, after integer
-- returns: place integer, parties bytea, evidence bytea
-- order: place
select part.place, part.parties, part.evidence
from table_result_part as part
join table_result as result on result.id = part.result
where result.account = $1::text
  and result.id = $2::uuid
  and result.begun_at >= $3::timestamptz
  and part.place > $4::integer
order by part.place
limit 1;

-- name: delete_table_result
-- Deletes the results of a table of an account with all their parts; returns no row if there were none.
-- takes: account text, id uuid
-- returns: id uuid
with gone as (
  delete from table_result
  where account = $1::text
    and id = $2::uuid
  returning id
)
select gone.id
from gone
cross join lateral audit(null, 'table.deleted', gone.id::text, '{}', $1::text);

-- name: delete_old_table_results
-- Deletes the results of tables of all accounts from before a moment, at most so many.
-- takes: before timestamptz, most integer
-- returns: id uuid
delete from table_result
where id in (
  select id
  from table_result
  where begun_at < $1::timestamptz
  limit $2::integer
  for update skip locked
)
returning id;
