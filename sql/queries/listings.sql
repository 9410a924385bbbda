-- name: current_digests
-- The digest of each current listing of a list from one source, to compare a new edition with.
-- takes: list_code text, source text
-- returns: listing_id text, digest text
select listing_id, digest
from listing_version
where list_code = $1::text
  and source = $2::text
  and until_edition is null;

-- name: close_versions!
-- Ends the current version of listings that an edition changed or no longer has.
-- takes: edition bigint, source text, listing_ids text[]
-- returns: nothing
update listing_version
set until_edition = $1::bigint
where listing_id = any($3::text[])
  and source = $2::text
  and until_edition is null;

-- name: versions_since
-- Every version of the listings that changed after an edition; bodies are JSON text.
-- A listing has changed if an edition with a larger id began or ended any of its versions.
-- takes: edition bigint
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, body text
-- order: listing_id, source, time
with changed as (
  select listing_id, source
  from listing_version
  where first_edition > $1::bigint
  union
  select listing_id, source
  from listing_version
  where until_edition > $1::bigint
)
select
  listing_version.listing_id, listing_version.list_code, listing_version.source, first_edition,
  until_edition, body::text as body
from changed
join listing_version
  on listing_version.listing_id = changed.listing_id
  and listing_version.source = changed.source
join edition_order on edition_order.id = first_edition
order by listing_version.listing_id, listing_version.source, position;

-- name: current_names
-- What a search uses of each current listing of a list from one source; `names` is JSON text.
-- takes: list_code text, source text
-- returns: listing_id text, entity_type text, names text, number_count integer
select
  listing_id,
  body ->> 'entity_type' as entity_type,
  (body -> 'names')::text as names,
  coalesce(jsonb_array_length(body -> 'identifiers'), 0) as number_count
from listing_version
where list_code = $1::text
  and source = $2::text
  and until_edition is null;

-- name: version_digests
-- Every version of a list from one source, without its body.
-- takes: list_code text, source text
-- returns: listing_id text, first_edition bigint, until_edition bigint, digest text
-- order: listing_id, time
select listing_id, first_edition, until_edition, digest
from listing_version
join edition_order on edition_order.id = first_edition
where listing_version.list_code = $1::text
  and listing_version.source = $2::text
order by listing_id, position;

-- name: printed_names
-- What a search uses of listings as they were printed once; `names` is JSON text.
-- takes: source text, listing_ids text[], digests text[]
-- returns: listing_id text, entity_type text, names text, number_count integer
-- order: listing_id
select distinct on (listing_id)
  listing_id,
  body ->> 'entity_type' as entity_type,
  (body -> 'names')::text as names,
  coalesce(jsonb_array_length(body -> 'identifiers'), 0) as number_count
from listing_version
join unnest($2::text[], $3::text[]) as given (listing_id, digest) using (listing_id, digest)
where source = $1::text
order by listing_id;

-- name: ended_since
-- The versions of a list from one source that ended with any of these editions.
-- takes: list_code text, source text, editions int8[]
-- returns: listing_id text, until_edition bigint
select listing_id, until_edition
from listing_version
where list_code = $1::text
  and source = $2::text
  and until_edition = any($3::bigint[]);

-- name: move_versions!
-- Sets the first edition of versions, and the one they end with; null where they have not ended.
-- takes: source text, listing_ids text[], known_firsts int8[], firsts int8[], untils int8[]
-- returns: nothing
update listing_version
set first_edition = given.first_edition, until_edition = given.until_edition
from unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[])
  as given (listing_id, known_first, first_edition, until_edition)
where listing_version.listing_id = given.listing_id
  and listing_version.source = $1::text
  and listing_version.first_edition = given.known_first;

-- name: repeat_versions!
-- Stores that listings were printed again as they were in another version.
-- takes: list_code text, source text, listing_ids text[], digests text[], firsts int8[], untils int8[]
-- returns: nothing
insert into listing_version (
  listing_id, list_code, source, first_edition, until_edition, digest, body
)
select
  given.listing_id, $1::text, $2::text, given.first_edition, given.until_edition, given.digest,
  (
    select body
    from listing_version
    where listing_version.listing_id = given.listing_id
      and listing_version.source = $2::text
      and listing_version.digest = given.digest
    limit 1
  )
from unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[])
  as given (listing_id, digest, first_edition, until_edition);
