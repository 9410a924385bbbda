-- name: make_staging!
-- Makes the temporary table of the listings of an edition that is not stored yet.
-- It is gone with the session. A row without digest and body is of a listing that leaves the list.
-- `place` counts the rows as they are staged, which is the order of the file.
-- takes: nothing
-- returns: nothing
create temporary table staged_listing (
  listing_id text not null,
  digest text,
  body jsonb,
  place bigint generated always as identity
);

-- name: drop_staging!
-- Drops that table.
-- takes: nothing
-- returns: nothing
drop table if exists pg_temp.staged_listing;

-- name: index_staging!
-- Lets each listing be found by its id, and refuses two of one id.
-- takes: nothing
-- returns: nothing
create unique index on staged_listing (listing_id);

-- name: analyse_staging!
-- Counts what is staged, for the plans of queries.
-- takes: nothing
-- returns: nothing
analyze staged_listing;

-- name: stage_gone!
-- Stages that all current listings leave a list from one source that are not staged.
-- takes: list_code text, source text
-- returns: nothing
insert into staged_listing (listing_id)
select listing_id
from listing_version
where list_code = $1::text
  and source = $2::text
  and until_edition is null
  and not exists (
    select
    from staged_listing
    where staged_listing.listing_id = listing_version.listing_id
  );

-- name: current_among
-- Which of these listings are current on a list from one source.
-- takes: list_code text, source text, listing_ids text[]
-- returns: listing_id text
select listing_id
from listing_version
where list_code = $1::text
  and source = $2::text
  and until_edition is null
  and listing_id = any($3::text[]);

-- name: staged_counts
-- How many listings are new, differ in content, and leave, compared with the current ones.
-- takes: list_code text, source text
-- returns: listed bigint, changed bigint, gone bigint
select
  count(*) filter (where current.listing_id is null and staged.digest is not null) as listed,
  count(*) filter (where current.digest <> staged.digest) as changed,
  count(*) filter (where current.listing_id is not null and staged.digest is null) as gone
from staged_listing as staged
left join listing_version as current
  on current.listing_id = staged.listing_id
  and current.list_code = $1::text
  and current.source = $2::text
  and current.until_edition is null;

-- name: leaving_at_end
-- Whether each current listing leaves that stood in the last whole file, the last of it first.
-- takes: list_code text, source text, most integer
-- returns: leaves boolean
-- order: place in that file, the last first
select staged.listing_id is not null and staged.digest is null as leaves
from listing_order
cross join unnest(listing_order.listing_ids) with ordinality as held (listing_id, place)
join listing_version as current
  on current.listing_id = held.listing_id
  and current.list_code = listing_order.list_code
  and current.source = listing_order.source
  and current.until_edition is null
left join staged_listing as staged on staged.listing_id = held.listing_id
where listing_order.list_code = $1::text
  and listing_order.source = $2::text
order by held.place desc
limit $3::integer;

-- name: coming_at_end
-- How many new listings stand at the end of what is staged, after the last that is current.
-- takes: list_code text, source text
-- returns: coming bigint
select count(*) as coming
from staged_listing
where digest is not null
  and place > coalesce(
    (
      select max(staged.place)
      from staged_listing as staged
      join listing_version as current
        on current.listing_id = staged.listing_id
        and current.list_code = $1::text
        and current.source = $2::text
        and current.until_edition is null
      where staged.digest is not null
    ),
    0
  );

-- name: put_staged_order!
-- Stores the order of what is staged as that of the last whole file.
-- takes: list_code text, source text
-- returns: nothing
-- order: place, within the array
insert into listing_order (list_code, source, listing_ids)
select $1::text, $2::text, coalesce(array_agg(listing_id order by place), '{}')
from staged_listing
where digest is not null
on conflict (list_code, source) do update
set listing_ids = excluded.listing_ids;

-- name: staged_names
-- What a search uses of each staged listing that is new, differs or leaves, before and after.
-- Names are JSON text, and null where the listing was not there or is no more.
-- takes: list_code text, source text
-- returns: type_before text, names_before text, numbers_before integer, type_after text, names_after text, numbers_after integer
select
  current.body ->> 'entity_type' as type_before,
  (current.body -> 'names')::text as names_before,
  coalesce(jsonb_array_length(current.body -> 'identifiers'), 0) as numbers_before,
  staged.body ->> 'entity_type' as type_after,
  (staged.body -> 'names')::text as names_after,
  coalesce(jsonb_array_length(staged.body -> 'identifiers'), 0) as numbers_after
from staged_listing as staged
left join listing_version as current
  on current.listing_id = staged.listing_id
  and current.list_code = $1::text
  and current.source = $2::text
  and current.until_edition is null
where current.digest is distinct from staged.digest;

-- name: unstaged_names
-- What a search uses of each current listing that stays as it is; `names` is JSON text.
-- takes: list_code text, source text
-- returns: entity_type text, names text, number_count integer
select
  current.body ->> 'entity_type' as entity_type,
  (current.body -> 'names')::text as names,
  coalesce(jsonb_array_length(current.body -> 'identifiers'), 0) as number_count
from listing_version as current
left join staged_listing as staged on staged.listing_id = current.listing_id
where current.list_code = $1::text
  and current.source = $2::text
  and current.until_edition is null
  and (staged.listing_id is null or staged.digest = current.digest);

-- name: close_staged!
-- Ends the current version of each staged listing that differs or leaves.
-- takes: edition bigint, list_code text, source text
-- returns: nothing
update listing_version as current
set until_edition = $1::bigint
from staged_listing as staged
where current.listing_id = staged.listing_id
  and current.list_code = $2::text
  and current.source = $3::text
  and current.until_edition is null
  and staged.digest is distinct from current.digest;

-- name: add_staged!
-- Stores each staged listing that has no current version, once the old ones are closed.
-- takes: edition bigint, list_code text, source text
-- returns: nothing
insert into listing_version (listing_id, list_code, source, first_edition, digest, body)
select staged.listing_id, $2::text, $3::text, $1::bigint, staged.digest, staged.body
from staged_listing as staged
where staged.digest is not null
  and not exists (
    select
    from listing_version as current
    where current.listing_id = staged.listing_id
      and current.list_code = $2::text
      and current.source = $3::text
      and current.until_edition is null
  );

-- name: make_entity_staging!
-- Makes the temporary table of the entities of an edition that is not stored yet.
-- It is gone with the session. A row without body is of an entity that a delta deletes.
-- takes: nothing
-- returns: nothing
create temporary table staged_entity (
  entity_id text not null,
  ends text[] not null,
  pointers text[] not null,
  body text
);

-- name: drop_entity_staging!
-- Drops that table.
-- takes: nothing
-- returns: nothing
drop table if exists pg_temp.staged_entity;

-- name: analyse_entity_staging!
-- Counts the staged entities, for the plans of queries.
-- takes: nothing
-- returns: nothing
analyze staged_entity;

-- name: keeps_entities
-- Whether the entities of an edition are kept.
-- takes: edition bigint
-- returns: keeps_entities boolean
select keeps_entities
from edition
where id = $1::bigint;

-- name: mark_entities!
-- Notes that the entities of an edition are kept.
-- takes: edition bigint
-- returns: nothing
update edition
set keeps_entities = true
where id = $1::bigint;

-- name: entities_by_id
-- The kept entities of a list with these ids; bodies are JSON text.
-- takes: list_code text, entity_ids text[]
-- returns: entity_id text, ends text[], pointers text[], body text
select entity_id, ends, pointers, body
from list_entity
where list_code = $1::text
  and entity_id = any($2::text[]);

-- name: entities_ending_at
-- The kept links and documents of a list that point to any of these entities, once for each of them.
-- Each id is looked for by itself: of thousands at once the planner thinks every row has one.
-- takes: list_code text, entity_ids text[]
-- returns: entity_id text, ends text[], pointers text[], body text
select entity_id, ends, pointers, body
from unnest($2::text[]) as given (id)
join list_entity on list_entity.ends @> array[given.id]
where list_code = $1::text;

-- name: entities_holding
-- The kept entities of a list that hold the id of any of these in another property, once for each.
-- takes: list_code text, entity_ids text[]
-- returns: entity_id text, ends text[], pointers text[], body text
select entity_id, ends, pointers, body
from unnest($2::text[]) as given (id)
join list_entity on list_entity.pointers @> array[given.id]
where list_code = $1::text;

-- name: delete_entities!
-- Deletes the kept entities of a list.
-- takes: list_code text
-- returns: nothing
delete from list_entity
where list_code = $1::text;

-- name: delete_other_entities!
-- Deletes the kept entities of a list that are not staged.
-- takes: list_code text
-- returns: nothing
delete from list_entity
where list_code = $1::text
  and not exists (
    select
    from staged_entity
    where staged_entity.entity_id = list_entity.entity_id
  );

-- name: delete_staged_entities!
-- Deletes the kept entities of a list that a delta deletes.
-- takes: list_code text
-- returns: nothing
delete from list_entity
using staged_entity
where list_entity.list_code = $1::text
  and list_entity.entity_id = staged_entity.entity_id
  and staged_entity.body is null;

-- name: keep_staged_entities!
-- Keeps the staged entities of a list, in place of those with the same ids.
-- takes: list_code text
-- returns: nothing
insert into list_entity (list_code, entity_id, ends, pointers, body)
select $1::text, entity_id, ends, pointers, body
from staged_entity
where body is not null
on conflict (list_code, entity_id) do update
set ends = excluded.ends, pointers = excluded.pointers, body = excluded.body
where list_entity.body <> excluded.body;
