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

-- name: versions_digest
-- The SHA-256 of all versions of all listings of each list from each source.
-- They are as when the edition was the newest; with the largest number there is, as they are now.
-- takes: edition bigint
-- returns: list_code text, source text, digest bytea
-- order: list_code, source
select
  list_code, source,
  sha256(
    convert_to(
      string_agg(
        concat_ws(
          ' ', listing_id, first_edition,
          case when until_edition <= $1::bigint then until_edition end, digest
        ),
        E'\n' order by listing_id collate "C", first_edition
      ),
      'UTF8'
    )
  ) as digest
from listing_version
where first_edition <= $1::bigint
group by list_code, source
order by list_code, source;

-- name: newest_versions
-- The newest version of each listing from each source, of listings that changed after an edition.
-- That is the current one or, for a listing that is gone, the last one. A listing has changed if an
-- edition with a larger id began or ended any of its versions. `entered_with` is the first edition
-- with the listing; bodies are JSON text. Ids are ordered by their bytes, whatever the database's
-- own order of texts is.
-- takes: edition bigint
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, entered_with bigint, body text
-- order: listing_id, source
with changed as (
  select listing_id, source
  from listing_version
  where first_edition > $1::bigint
  union
  select listing_id, source
  from listing_version
  where until_edition > $1::bigint
),
placed as (
  select
    listing_version.listing_id, listing_version.source, first_edition,
    first_value(first_edition) over in_time as entered_with,
    lead(first_edition) over in_time as next_edition
  from listing_version
  join changed
    on changed.listing_id = listing_version.listing_id
    and changed.source = listing_version.source
  join edition_order on edition_order.id = first_edition
  window in_time as (
    partition by listing_version.listing_id, listing_version.source order by position
  )
)
select
  listing_id, list_code, source, first_edition, until_edition, entered_with, body::text as body
from placed
join listing_version using (listing_id, source, first_edition)
where next_edition is null
order by listing_id collate "C", source;

-- name: past_versions
-- The versions that applied within a span of editions, of the listings that were different then.
-- For each list from each source the span is given by its first and last edition. A version applies
-- if it was the newest of its listing at any edition of the span. For each listing with such a
-- version that is not its newest one now, and for each listing that changed after edition `since`
-- by its id, those versions and the newest one are returned; bodies are JSON text. Ids are ordered by
-- their bytes.
-- takes: since bigint, list_codes text[], sources text[], from_editions int8[], to_editions int8[]
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, entered_with bigint, body text
-- order: listing_id, source, time
with span as (
  select
    given.list_code, given.source, begins.position as from_position, ends.position as to_position
  from unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[])
    as given (list_code, source, from_edition, to_edition)
  join edition_order as begins on begins.id = given.from_edition
  join edition_order as ends on ends.id = given.to_edition
),
placed as (
  select
    listing_version.listing_id, listing_version.source, listing_version.first_edition,
    edition_order.position,
    first_value(listing_version.first_edition) over in_time as entered_with,
    lead(edition_order.position) over in_time as next_position,
    listing_version.first_edition > $1::bigint
      or coalesce(listing_version.until_edition > $1::bigint, false) as is_new
  from listing_version
  join edition_order on edition_order.id = listing_version.first_edition
  window in_time as (
    partition by listing_version.listing_id, listing_version.source
    order by edition_order.position
  )
),
applied as (
  select
    placed.listing_id, placed.source, placed.first_edition, placed.entered_with, placed.position,
    placed.next_position, placed.is_new,
    coalesce(
      placed.position <= span.to_position and placed.next_position > span.from_position,
      false
    ) as is_old
  from placed
  join listing_version using (listing_id, source, first_edition)
  left join span
    on span.list_code = listing_version.list_code and span.source = listing_version.source
),
wanted as (
  select distinct listing_id, source
  from applied
  where is_old or is_new
)
select
  listing_id, list_code, source, first_edition, until_edition, entered_with, body::text as body
from applied
join wanted using (listing_id, source)
join listing_version using (listing_id, source, first_edition)
where is_old or next_position is null
order by listing_id collate "C", source, position;

-- name: listing_states
-- Every version of one listing; bodies are JSON text.
-- takes: listing_id text
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, entered_with bigint, body text
-- order: source, time
select
  listing_id,
  listing_version.list_code,
  listing_version.source,
  first_edition,
  until_edition,
  first_value(first_edition) over (
    partition by listing_version.source order by position
  ) as entered_with,
  body::text as body
from listing_version
join edition_order on edition_order.id = first_edition
where listing_id = $1::text
order by listing_version.source, position;

-- name: current_names
-- What a search uses of each current listing of a list from one source, and its programmes.
-- `names` and `programmes` are JSON text.
-- takes: list_code text, source text
-- returns: listing_id text, entity_type text, names text, number_count integer, programmes text
select
  listing_id,
  body ->> 'entity_type' as entity_type,
  (body -> 'names')::text as names,
  coalesce(jsonb_array_length(body -> 'identifiers'), 0) as number_count,
  coalesce(body -> 'programmes', '[]')::text as programmes
from listing_version
where list_code = $1::text
  and source = $2::text
  and until_edition is null;

-- name: listing_order
-- The ids of a list's entries as they stood in the last whole file that was loaded from a source.
-- takes: list_code text, source text
-- returns: listing_ids text[]
select listing_ids
from listing_order
where list_code = $1::text
  and source = $2::text;

-- name: put_listing_order!
-- Stores the order of a list's entries in its file from one source, if it is another than before.
-- takes: list_code text, source text, listing_ids text[]
-- returns: nothing
insert into listing_order (list_code, source, listing_ids)
values ($1::text, $2::text, $3::text[])
on conflict (list_code, source) do update
set listing_ids = excluded.listing_ids
where listing_order.listing_ids <> excluded.listing_ids;

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
-- What a search uses of listings as they were printed once, and their programmes.
-- `names` and `programmes` are JSON text.
-- takes: source text, listing_ids text[], digests text[]
-- returns: listing_id text, entity_type text, names text, number_count integer, programmes text
-- order: listing_id
select distinct on (listing_id)
  listing_id,
  body ->> 'entity_type' as entity_type,
  (body -> 'names')::text as names,
  coalesce(jsonb_array_length(body -> 'identifiers'), 0) as number_count,
  coalesce(body -> 'programmes', '[]')::text as programmes
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
