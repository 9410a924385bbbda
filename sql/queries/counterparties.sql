-- name: counterparty_of_account
-- A counterparty of an account; no row if it has none with the id.
-- takes: account text, id text
-- returns: key bigint, account text, id text, body bytea, digest bytea, revision bigint, added_at timestamptz, changed_at timestamptz, pending boolean, standing bytea, lookups bytea, turn bigint, screened_at timestamptz, edition bigint, register bigint, days text, scorer integer
select key, account, id, body, digest, revision, added_at, changed_at, pending, standing, lookups, turn,
  screened_at, edition, register, days, scorer
from counterparty
where account = $1::text
  and id = $2::text;

-- name: lock_counterparty
-- The same, locked until the transaction ends.
-- takes: account text, id text
-- returns: key bigint, account text, id text, body bytea, digest bytea, revision bigint, added_at timestamptz, changed_at timestamptz, pending boolean, standing bytea, lookups bytea, turn bigint, screened_at timestamptz, edition bigint, register bigint, days text, scorer integer
select key, account, id, body, digest, revision, added_at, changed_at, pending, standing, lookups, turn,
  screened_at, edition, register, days, scorer
from counterparty
where account = $1::text
  and id = $2::text
for update;

-- name: put_counterparties
-- Adds counterparties of an account, or changes them where they are others; they are pending then.
-- Those that are the same as before are left alone, and no row tells of them.
-- takes: account text, ids text[], names text[], bodies bytea[], digests bytea[], leads text[], terms text[], at timestamptz
-- returns: key bigint, id text, revision bigint
-- order: none
insert into counterparty (account, id, name, body, digest, leads, terms, added_at, changed_at)
select $1::text, new.id, new.name, new.body, new.digest, new.leads::smallint[], new.terms,
  $8::timestamptz, $8::timestamptz
from unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::text[], $7::text[])
  as new (id, name, body, digest, leads, terms)
order by new.id
on conflict (account, id) do update
set name = excluded.name, body = excluded.body, digest = excluded.digest,
  leads = excluded.leads, terms = excluded.terms, revision = counterparty.revision + 1,
  changed_at = excluded.changed_at, written = nextval('counterparty_written'), pending = true
where counterparty.digest <> excluded.digest
returning key, id, revision;

-- name: counterparties_of_account
-- Counterparties of an account after an id; by a part of the name or id, by outcome, those pending or not.
-- Finding nothing on terms that are none of those covered, '' for none, is an incomplete answer.
-- takes: account text, after text, part text, outcome text, pending boolean, covered text[], most integer
-- returns: id text, name text, revision bigint, pending boolean, outcome text, hits integer, added_at timestamptz, changed_at timestamptz, screened_at timestamptz
-- order: id
select id, name, revision, pending,
  case
    when pending then null
    when outcome = 'no_hits' and coalesce(terms, '') <> all($6::text[]) then 'incomplete'
    else outcome
  end as outcome,
  hits, added_at, changed_at, screened_at
from counterparty
where account = $1::text
  and ($2::text is null or id > $2::text)
  and ($3::text is null or strpos(lower(name), lower($3::text)) > 0 or strpos(lower(id), lower($3::text)) > 0)
  and ($4::text is null or (not pending and outcome = any(
    case $4::text when 'incomplete' then array['incomplete', 'no_hits'] else array[$4::text] end
  )))
  and ($4::text is null or outcome <> 'no_hits'
    or (coalesce(terms, '') = any($6::text[])) = ($4::text = 'no_hits'))
  and ($5::boolean is null or pending = $5::boolean)
order by id
limit $7::integer;

-- name: counterparty_terms
-- The choices of lists and profiles that counterparties of an account name, each once.
-- takes: account text
-- returns: terms text
with recursive choice as (
  select min(terms) as terms
  from counterparty
  where account = $1::text
    and terms is not null
  union all
  select (
    select min(terms)
    from counterparty
    where account = $1::text
      and terms > choice.terms
  )
  from choice
  where choice.terms is not null
)
select terms
from choice
where terms is not null;

-- name: counterparties_named
-- The ids of the first counterparties of an account that have a name, in whatever case.
-- takes: account text, name text, most integer
-- returns: id text
-- order: id
select id
from counterparty
where account = $1::text
  and lower(name) = lower($2::text)
order by id
limit $3::integer;

-- name: delete_counterparty
-- Deletes a counterparty of an account, in the revision given or in any; no row if there is none.
-- takes: account text, id text, revision bigint
-- returns: key bigint
delete from counterparty
where account = $1::text
  and id = $2::text
  and ($3::bigint is null or revision = $3::bigint)
returning key;

-- name: counterparty_holds
-- Who holds screenings about a counterparty of an account as evidence, since when: the first hold, and how many there are.
-- takes: account text, id text
-- returns: id uuid, held_by text, held_at timestamptz, holds bigint
-- order: held_at, id
select id, held_by, held_at, count(*) over () as holds
from screening
where account = $1::text
  and counterparty_ids @> array[$2::text]
  and held_at is not null
order by held_at, id
limit 1;

-- name: counterparty_total
-- How many counterparties an account has; no row where it never had any.
-- takes: account text
-- returns: counterparties bigint
select counterparties
from counterparty_total
where account = $1::text;

-- name: share_watched_world
-- What all counterparties that are not pending are answered from; it stays so until the transaction ends.
-- takes: nothing
-- returns: edition bigint, register bigint, days text, scorer integer
select edition, register, days, scorer
from watched_world
for share;

-- name: lock_watched_world
-- The same, which no other transaction may read for a change until this one ends.
-- takes: nothing
-- returns: edition bigint, register bigint, days text, scorer integer
select edition, register, days, scorer
from watched_world
for update;

-- name: last_counterparty_written
-- The number of the newest change of any counterparty.
-- takes: nothing
-- returns: written bigint
select coalesce(max(written), 0) as written
from counterparty;

-- name: put_watched_world!
-- Stores what all counterparties that are not pending are answered from.
-- takes: edition bigint, register bigint, days text, scorer integer, at timestamptz
-- returns: nothing
insert into watched_world (edition, register, days, scorer, reached_at)
values ($1::bigint, $2::bigint, $3::text, $4::integer, $5::timestamptz)
on conflict (only_one) do update
set edition = excluded.edition, register = excluded.register, days = excluded.days,
  scorer = excluded.scorer, reached_at = excluded.reached_at;

-- name: set_outdated_pending!
-- Has counterparties screened again that were written after a change, and answered from anything else.
-- takes: written bigint, edition bigint, register bigint, days text, scorer integer
-- returns: nothing
update counterparty
set pending = true
where written > $1::bigint
  and not pending
  and (edition, register, days, scorer)
    is distinct from ($2::bigint, $3::bigint, $4::text, $5::integer);

-- name: pending_counterparties
-- The keys of counterparties that wait to be screened, after a key.
-- takes: after bigint, most integer
-- returns: key bigint
-- order: key
select key
from counterparty
where pending
  and key > $1::bigint
order by key
limit $2::integer;

-- name: counterparties_after
-- Counterparties of all accounts after a key, with what their answers looked up if that is asked for.
-- takes: after bigint, most integer, looked_up boolean
-- returns: key bigint, lookups bytea
-- order: key
select key, case when $3::boolean then lookups end as lookups
from counterparty
where key > $1::bigint
  and not pending
order by key
limit $2::integer;

-- name: counterparties_with_hits
-- The keys of counterparties that have one of some listings among their hits.
-- takes: listing_ids text[]
-- returns: key bigint
-- order: key
select distinct counterparty as key
from counterparty_hit
where listing_id = any($1::text[])
order by key;

-- name: lock_counterparties
-- Counterparties by their keys, locked until the transaction ends.
-- takes: keys int8[]
-- returns: key bigint, account text, id text, body bytea, digest bytea, revision bigint, added_at timestamptz, changed_at timestamptz, pending boolean, standing bytea, lookups bytea, turn bigint, screened_at timestamptz, edition bigint, register bigint, days text, scorer integer
-- order: key
select key, account, id, body, digest, revision, added_at, changed_at, pending, standing, lookups, turn,
  screened_at, edition, register, days, scorer
from counterparty
where key = any($1::bigint[])
order by key
for update;

-- name: answer_counterparties!
-- Stores the standing answers of counterparties, which are then not pending any more.
-- takes: keys int8[], standings bytea[], outcomes text[], hits int4[], lookups bytea[], turns int8[], by_scorer bool[], at timestamptz, edition bigint, register bigint, days text, scorer integer
-- returns: nothing
update counterparty
set standing = new.standing, outcome = new.outcome, hits = new.hits, lookups = new.lookups,
  turn = new.turn,
  pending = false, screened_at = $8::timestamptz, edition = $9::bigint, register = $10::bigint,
  days = $11::text, scorer = $12::integer,
  changed_by_scorer = case when new.by_scorer then $12::integer else changed_by_scorer end
from unnest($1::bigint[], $2::bytea[], $3::text[], $4::integer[], $5::bytea[], $6::bigint[],
  $7::boolean[]) as new (key, standing, outcome, hits, lookups, turn, by_scorer)
where counterparty.key = new.key;

-- name: delete_counterparty_hits!
-- Forgets which listings are the hits of some counterparties.
-- takes: keys int8[]
-- returns: nothing
delete from counterparty_hit
where counterparty = any($1::bigint[]);

-- name: add_counterparty_hits!
-- Stores which listings are the hits of some counterparties, pair by pair.
-- takes: keys int8[], listing_ids text[]
-- returns: nothing
insert into counterparty_hit (counterparty, listing_id)
select new.counterparty, new.listing_id
from unnest($1::bigint[], $2::text[]) as new (counterparty, listing_id)
on conflict do nothing;

-- name: changed_by_scorer
-- How many answers of each account a release of the scorer has changed, and some ids of these.
-- takes: scorer integer, most integer
-- returns: account text, counterparties bigint, ids text[]
-- order: account
select account, count(*) as counterparties, (array_agg(id order by id))[1:$2::integer] as ids
from counterparty
where changed_by_scorer = $1::integer
group by account
order by account;

-- name: accounts_that_watch
-- The accounts that have counterparties, and how many.
-- takes: nothing
-- returns: account text, counterparties bigint
-- order: account
select account, counterparties
from counterparty_total
where counterparties > 0
order by account;

-- name: lead_days_asked_for
-- The days ahead at which counterparties want to be told of a change, where they are not the usual ones.
-- takes: nothing
-- returns: lead integer
select distinct unnest(leads)::integer as lead
from counterparty
where leads is not null;

-- name: watched_listings
-- Every listing that is somebody's hit, with the digest of its measures where that is known.
-- takes: nothing
-- returns: listing_id text, law bytea
-- order: listing_id
select hit.listing_id, watched_listing.law
from (select distinct listing_id from counterparty_hit) as hit
left join watched_listing using (listing_id)
order by hit.listing_id;

-- name: put_watched_listings!
-- Stores digests of the measures of listings.
-- takes: listing_ids text[], laws bytea[]
-- returns: nothing
-- order: none
insert into watched_listing (listing_id, law)
select new.listing_id, new.law
from unnest($1::text[], $2::bytea[]) as new (listing_id, law)
order by new.listing_id
on conflict (listing_id) do update
set law = excluded.law
where watched_listing.law <> excluded.law;

-- name: add_watched_listings!
-- Stores digests of the measures of listings that are new among somebody's hits.
-- Where another digest is known, others may have the listing by that law, or nobody has looked since:
-- it gets one that no law has.
-- takes: listing_ids text[], laws bytea[], of_no_law bytea
-- returns: nothing
-- order: none
insert into watched_listing (listing_id, law)
select new.listing_id, new.law
from unnest($1::text[], $2::bytea[]) as new (listing_id, law)
order by new.listing_id
on conflict (listing_id) do update
set law = $3::bytea
where watched_listing.law <> excluded.law;

-- name: watched_coverage
-- The required lists that were not fresh when last told.
-- takes: nothing
-- returns: list_code text, state text, reason text
-- order: list_code
select list_code, state, reason
from watched_coverage
order by list_code;

-- name: set_watched_coverage!
-- Stores which required lists are not fresh.
-- takes: list_codes text[], states text[], reasons text[]
-- returns: nothing
with gone as (
  delete from watched_coverage
  where list_code <> all($1::text[])
)
insert into watched_coverage (list_code, state, reason)
select new.list_code, new.state, new.reason
from unnest($1::text[], $2::text[], $3::text[]) as new (list_code, state, reason)
on conflict (list_code) do update
set state = excluded.state, reason = excluded.reason;

-- name: changed_versions
-- Every version of a listing that began or ended after an edition, by the edition's id.
-- Bodies are JSON text; ids are ordered by their bytes.
-- takes: edition bigint
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, entered_with bigint, body text
-- order: listing_id, source, first_edition
select listing_id, list_code, source, first_edition, until_edition,
  first_edition as entered_with, body::text as body
from listing_version
where first_edition > $1::bigint
  or until_edition > $1::bigint
order by listing_id collate "C", source, first_edition;

-- name: changed_listing_count
-- How many listings an edition after another one has begun or ended a version of.
-- takes: edition bigint
-- returns: listings bigint
select count(distinct listing_id) as listings
from listing_version
where first_edition > $1::bigint
  or until_edition > $1::bigint;

-- name: versions_delisted_between
-- The current versions of listings that state a day of delisting after a day, up to another one.
-- Bodies are JSON text; ids are ordered by their bytes.
-- takes: after date, until date
-- returns: listing_id text, list_code text, source text, first_edition bigint, until_edition bigint, entered_with bigint, body text
-- order: listing_id, source, first_edition
select listing_id, list_code, source, first_edition, until_edition,
  first_edition as entered_with, body::text as body
from listing_version
where until_edition is null
  and (body ->> 'delisted_on')::date > $1::date
  and (body ->> 'delisted_on')::date <= $2::date
order by listing_id collate "C", source, first_edition;

-- name: newest_edition
-- The id of the newest edition of any list; 0 without one.
-- takes: nothing
-- returns: edition bigint
select coalesce(max(id), 0) as edition
from edition;

-- name: editions_between
-- Editions after one, up to another one, by their ids.
-- takes: after bigint, until bigint
-- returns: id bigint, list_code text, source text
-- order: id
select id, list_code, source
from edition
where id > $1::bigint
  and id <= $2::bigint
order by id;

-- name: try_lock_rescreening
-- Tries to become the one process that screens counterparties again.
-- takes: nothing
-- returns: locked boolean
select pg_try_advisory_lock(hashtext('abeyance.rescreen')) as locked;

-- name: unlock_rescreening
-- Leaves that to others.
-- takes: nothing
-- returns: unlocked boolean
select pg_advisory_unlock(hashtext('abeyance.rescreen')) as unlocked;
