-- name: add_coverage!
-- Stores a record of coverage, if it is not stored yet.
-- takes: id text, record text
-- returns: nothing
insert into coverage_record (id, record)
values ($1::text, $2::text)
on conflict (id) do nothing;

-- name: coverage_record
-- The record with this id.
-- takes: id text
-- returns: record text
select record
from coverage_record
where id = $1::text;
