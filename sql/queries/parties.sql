-- name: party_splits
-- Every split of a party and every withdrawal of one, in the order in which they were recorded.
-- takes: nothing
-- returns: id bigint, listings text[], apart_from text[], because text, recorded_by text, recorded_at timestamptz, withdraws bigint, joins boolean
-- order: id
select id, listings, apart_from, because, recorded_by, recorded_at, withdraws, joins
from party_split
order by id;

-- name: add_party_split
-- Records a split of a party, or with joins that listings are one; returns it.
-- takes: listings text[], apart_from text[], because text, recorded_by text, recorded_at timestamptz, joins boolean
-- returns: id bigint, listings text[], apart_from text[], because text, recorded_by text, recorded_at timestamptz, withdraws bigint, joins boolean
insert into party_split (listings, apart_from, because, recorded_by, recorded_at, joins)
values ($1::text[], $2::text[], $3::text, $4::text, $5::timestamptz, $6::boolean)
returning id, listings, apart_from, because, recorded_by, recorded_at, withdraws, joins;

-- name: withdraw_party_split
-- Records that a split no longer counts; returns no row if there is none or it is withdrawn.
-- takes: id bigint, because text, recorded_by text, recorded_at timestamptz
-- returns: id bigint, listings text[], apart_from text[], because text, recorded_by text, recorded_at timestamptz, withdraws bigint, joins boolean
insert into party_split (listings, apart_from, because, recorded_by, recorded_at, withdraws, joins)
select listings, apart_from, $2::text, $3::text, $4::timestamptz, id, joins
from party_split
where id = $1::bigint
  and withdraws is null
on conflict (withdraws) do nothing
returning id, listings, apart_from, because, recorded_by, recorded_at, withdraws, joins;

-- name: joined_parties
-- The parties that were joined from this basis; no row if they were not.
-- takes: basis bytea
-- returns: written bytea
select written
from joined_parties
where basis = $1::bytea;

-- name: keep_joined_parties!
-- Keeps parties; others that were kept more than a day before go.
-- takes: basis bytea, written bytea, kept_at timestamptz
-- returns: nothing
with gone as (
  delete from joined_parties
  where basis <> $1::bytea
    and kept_at < $3::timestamptz - interval '1 day'
)
insert into joined_parties (basis, written, kept_at)
values ($1::bytea, $2::bytea, $3::timestamptz)
on conflict (basis) do nothing;
