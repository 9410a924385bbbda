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
-- Every listing version that began or ended after the given edition; bodies are JSON text.
-- takes: edition bigint
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, body text
select listing_id, list_code, source, first_edition, until_edition, body::text as body
from listing_version
where first_edition > $1::bigint
   or until_edition > $1::bigint;

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
