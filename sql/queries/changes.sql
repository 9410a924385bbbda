-- name: listing_changes
-- The changes of each edition, one row for each listing; one without a listing for a first edition.
-- Bodies are JSON text; `before` is null for a new listing, `after` for a removed one.
-- `reread` is true where the publisher's file is the same as that of the edition before.
-- takes: since timestamptz, list_code text, edition bigint, listing_id text, most bigint, newest_first boolean
-- returns: edition bigint, list_code text, source text, published_on date, loaded_at timestamptz, entry_count integer, reread boolean, listing_id text, before text, after text
-- order: edition, the other way round with newest_first, then listing_id
with numbered as (
  select
    id, list_code, source, published_on, loaded_at, entry_count, sha256,
    lag(sha256) over (partition by list_code, source order by id) as sha256_before
  from edition
)
select
  numbered.id as edition,
  numbered.list_code,
  numbered.source,
  numbered.published_on,
  numbered.loaded_at,
  numbered.entry_count,
  coalesce(numbered.sha256 = numbered.sha256_before, false) as reread,
  changed.listing_id,
  changed.before,
  changed.after
from numbered
cross join lateral (
  select
    coalesce(older.listing_id, newer.listing_id) as listing_id,
    older.body::text as before,
    newer.body::text as after
  from (
    select listing_id, body
    from listing_version
    where until_edition = numbered.id
  ) as older
  full join (
    select listing_id, body
    from listing_version
    where first_edition = numbered.id
  ) as newer using (listing_id)
  where numbered.sha256_before is not null
  union all
  select '' as listing_id, null as before, null as after
  where numbered.sha256_before is null
) as changed
where numbered.loaded_at >= $1::timestamptz
  and ($2::text is null or numbered.list_code = $2::text)
  and (numbered.id, changed.listing_id) > ($3::bigint, $4::text)
order by
  case when $6::boolean then -numbered.id else numbered.id end,
  changed.listing_id
limit $5::bigint;

-- name: edition_difference
-- The listings that differ between two editions of one list from one source; bodies are JSON text.
-- takes: list_code text, source text, older bigint, newer bigint, listing_id text, most bigint
-- returns: listing_id text, before text, after text
-- order: listing_id
with older as (
  select listing_id, digest, body
  from listing_version
  where list_code = $1::text
    and source = $2::text
    and first_edition <= $3::bigint
    and (until_edition is null or until_edition > $3::bigint)
),
newer as (
  select listing_id, digest, body
  from listing_version
  where list_code = $1::text
    and source = $2::text
    and first_edition <= $4::bigint
    and (until_edition is null or until_edition > $4::bigint)
)
select
  coalesce(older.listing_id, newer.listing_id) as listing_id,
  older.body::text as before,
  newer.body::text as after
from older
full join newer using (listing_id)
where older.digest is distinct from newer.digest
  and coalesce(older.listing_id, newer.listing_id) > $5::text
order by 1
limit $6::bigint;

-- name: edition_counts
-- How many listings were added, changed and removed by each edition loaded since a moment.
-- For the first edition of a source (`is_first`) all three are 0; `reread` is true where the
-- publisher's file is the same as that of the edition before.
-- takes: since timestamptz
-- returns: edition bigint, list_code text, source text, published_on date, loaded_at timestamptz, entry_count integer, is_first boolean, reread boolean, listed bigint, changed bigint, gone bigint
-- order: edition, the newest first
with numbered as (
  select
    id, list_code, source, published_on, loaded_at, entry_count, sha256,
    lag(sha256) over (partition by list_code, source order by id) as sha256_before
  from edition
)
select
  numbered.id as edition,
  numbered.list_code,
  numbered.source,
  numbered.published_on,
  numbered.loaded_at,
  numbered.entry_count,
  numbered.sha256_before is null as is_first,
  coalesce(numbered.sha256 = numbered.sha256_before, false) as reread,
  counted.listed,
  counted.changed,
  counted.gone
from numbered
cross join lateral (
  select
    count(*) filter (where older.listing_id is null) as listed,
    count(*) filter (where older.listing_id = newer.listing_id) as changed,
    count(*) filter (where newer.listing_id is null) as gone
  from (
    select listing_id
    from listing_version
    where until_edition = numbered.id
      and numbered.sha256_before is not null
  ) as older
  full join (
    select listing_id
    from listing_version
    where first_edition = numbered.id
      and numbered.sha256_before is not null
  ) as newer using (listing_id)
) as counted
where numbered.loaded_at >= $1::timestamptz
order by numbered.id desc;
