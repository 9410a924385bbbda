-- name: add_table_result!
-- Begins the results of a table, without any rows yet.
-- takes: id uuid, begun_at timestamptz, head bytea
-- returns: nothing
insert into table_result (id, begun_at, head)
values ($1::uuid, $2::timestamptz, $3::bytea);

-- name: add_table_result_part
-- Adds the results of some rows, or replaces those of the same place; returns no row if the results were deleted.
-- takes: result uuid, place integer, lines bytea, parties bytea, evidence bytea
-- returns: place integer
insert into table_result_part (result, place, lines, parties, evidence)
select id, $2::integer, $3::bytea, $4::bytea, $5::bytea
from table_result
where id = $1::uuid
for key share
on conflict (result, place) do update
set lines = excluded.lines, parties = excluded.parties, evidence = excluded.evidence
returning place;

-- name: table_result_head
-- The head of the results of a table; no row if there are none, or they were deleted.
-- takes: id uuid
-- returns: head bytea
select head
from table_result
where id = $1::uuid;

-- name: table_result_lines
-- The lines of all parts of the results of a table.
-- takes: id uuid
-- returns: lines bytea
-- order: place
select lines
from table_result_part
where result = $1::uuid
order by place;

-- name: table_result_parties
-- What is shown beside the lines of one part of the results of a table.
-- takes: id uuid, place integer
-- returns: parties bytea
select parties
from table_result_part
where result = $1::uuid
  and place = $2::integer;

-- name: table_result_evidence
-- The next part of the results of a table in full; no row after the last one.
-- takes: id uuid, after integer
-- returns: place integer, parties bytea, evidence bytea
-- order: place
select place, parties, evidence
from table_result_part
where result = $1::uuid
  and place > $2::integer
order by place
limit 1;

-- name: delete_table_result
-- Deletes the results of a table with all their parts; returns no row if there were none.
-- takes: id uuid
-- returns: id uuid
delete from table_result
where id = $1::uuid
returning id;
