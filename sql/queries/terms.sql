-- name: every_terms
-- The terms that operators set for their own lists.
-- takes: nothing
-- returns: list_code text, max_age_days integer, least_entries integer, most_entries integer
-- order: list_code
select list_code, max_age_days, least_entries, most_entries
from list_terms
order by list_code;

-- name: put_terms!
-- Stores the terms of a list, replacing earlier ones.
-- takes: list_code text, max_age_days integer, least_entries integer, most_entries integer
-- returns: nothing
insert into list_terms (list_code, max_age_days, least_entries, most_entries)
values ($1::text, $2::integer, $3::integer, $4::integer)
on conflict (list_code) do update
set
  max_age_days = excluded.max_age_days,
  least_entries = excluded.least_entries,
  most_entries = excluded.most_entries;
