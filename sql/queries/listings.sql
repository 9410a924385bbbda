-- name: current_digests
-- What each current listing of a list looks like, to compare a new edition with.
-- takes: list_code text
-- returns: listing_id text, digest text
select listing_id, digest
from listing_version
where list_code = $1::text
  and until_edition is null;

-- name: close_versions!
-- Ends the current version of listings that an edition changed or no longer has.
-- takes: edition bigint, listing_ids text[]
-- returns: nothing
update listing_version
set until_edition = $1::bigint
where listing_id = any($2::text[])
  and until_edition is null;

-- name: current_listings
-- Every current listing, as JSON text.
-- takes: nothing
-- returns: body text
-- order: list_code, listing_id
select body::text as body
from listing_version
where until_edition is null
order by list_code, listing_id;
