-- name: listing_changes
-- The changes of each edition, one row for each listing; one without a listing for a first edition.
-- Bodies are JSON text; `before` is null for a new listing, `after` for a removed one.
-- `reread` is true where the publisher's file is the same as that of the edition before.
-- takes: since timestamptz, list_code text, edition bigint, listing_id text, most bigint, newest_first boolean
-- returns: edition bigint, list_code text, source text, published_on date, told_at timestamptz, entry_count integer, reread boolean, listing_id text, before text, after text
-- order: told_at, edition, the other way round with newest_first, then listing_id
with numbered as (
  select
    edition.id, edition.list_code, edition.source, published_on, told_at, entry_count, sha256,
    lag(sha256) over (
      partition by edition.list_code, edition.source order by position
    ) as sha256_before
  from edition
  join edition_order on edition_order.id = edition.id
),
picked as (
  select
    numbered.id, numbered.list_code, numbered.source, numbered.published_on, numbered.told_at,
    numbered.entry_count, changed.listing_id,
    coalesce(numbered.sha256 = numbered.sha256_before, false) as reread
  from numbered
  cross join lateral (
    select listing_id
    from listing_version
    where until_edition = numbered.id
      and numbered.sha256_before is not null
    union
    select listing_id
    from listing_version
    where first_edition = numbered.id
      and numbered.sha256_before is not null
    union
    select '' as listing_id
    where numbered.sha256_before is null
  ) as changed
  where numbered.told_at >= $1::timestamptz
    and ($2::text is null or numbered.list_code = $2::text)
    and (
      (numbered.told_at, numbered.id) > (
        coalesce(
          (select told_at from edition_order where id = $3::bigint),
          '-infinity'::timestamptz
        ),
        $3::bigint
      )
      -- who was told of a first edition was told of all of it, even if it no longer is the first
      or (numbered.id = $3::bigint and $4::text <> '' and changed.listing_id > $4::text)
    )
  order by
    case when $6::boolean then numbered.told_at end desc,
    case when $6::boolean then null else numbered.told_at end,
    case when $6::boolean then -numbered.id else numbered.id end,
    changed.listing_id
  limit $5::bigint
)
select
  picked.id as edition,
  picked.list_code,
  picked.source,
  picked.published_on,
  picked.told_at,
  picked.entry_count,
  picked.reread,
  picked.listing_id,
  older.body::text as before,
  newer.body::text as after
from picked
left join listing_version as older
  on older.until_edition = picked.id
  and older.listing_id = picked.listing_id
left join listing_version as newer
  on newer.first_edition = picked.id
  and newer.listing_id = picked.listing_id
order by
  case when $6::boolean then picked.told_at end desc,
  case when $6::boolean then null else picked.told_at end,
  case when $6::boolean then -picked.id else picked.id end,
  picked.listing_id;

-- name: edition_difference
-- The listings that differ between two editions of one list from one source; bodies are JSON text.
-- takes: list_code text, source text, older bigint, newer bigint, listing_id text, most bigint
-- returns: listing_id text, before text, after text
-- order: listing_id
with placed as (
  select
    listing_id, digest, body, begins.position as from_position, ends.position as until_position
  from listing_version
  join edition_order as begins on begins.id = first_edition
  left join edition_order as ends on ends.id = until_edition
  where listing_version.list_code = $1::text
    and listing_version.source = $2::text
),
older as (
  select listing_id, digest, body
  from placed
  join edition_order on edition_order.id = $3::bigint
  where from_position <= position
    and (until_position is null or until_position > position)
),
newer as (
  select listing_id, digest, body
  from placed
  join edition_order on edition_order.id = $4::bigint
  where from_position <= position
    and (until_position is null or until_position > position)
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
-- How many listings were added, changed and removed by each edition told of since a moment.
-- For the first edition of a source (`is_first`) all three are 0; `reread` is true where the
-- publisher's file is the same as that of the edition before.
-- takes: since timestamptz
-- returns: edition bigint, list_code text, source text, published_on date, loaded_at timestamptz, entry_count integer, is_first boolean, reread boolean, listed bigint, changed bigint, gone bigint, programmes_gone text[]
-- order: told_at, edition, the newest first
with numbered as (
  select
    edition.id, edition.list_code, edition.source, published_on, loaded_at, told_at, entry_count,
    sha256, programmes_gone,
    lag(sha256) over (
      partition by edition.list_code, edition.source order by position
    ) as sha256_before
  from edition
  join edition_order on edition_order.id = edition.id
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
  counted.gone,
  numbered.programmes_gone
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
where numbered.told_at >= $1::timestamptz
order by numbered.told_at desc, numbered.id desc;
