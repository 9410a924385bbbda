-- name: judgements_that_hold
-- The judgements that hold about some counterparties.
-- takes: keys int8[]
-- returns: id bigint, account text, key bigint, counterparty text, listing_id text, owner text, decision text, until date, digest bytea, basis bytea
-- order: id
select id, account, key, counterparty, listing_id, owner, decision, until, digest, basis
from judgement
where key = any($1::bigint[])
  and state = 'holds'
order by id
for update;

-- name: reopen_judgements
-- Reopens judgements that hold, each for a reason; the ids of those that held.
-- takes: ids int8[], because text[], at timestamptz
-- returns: id bigint
update judgement
set state = 'reopened', ended_at = $3::timestamptz, because = new.because
from unnest($1::bigint[], $2::text[]) as new (id, because)
where judgement.id = new.id
  and judgement.state = 'holds'
returning judgement.id;

-- name: counterparties_judged_until
-- The keys of counterparties about which a judgement holds whose last day is before a day.
-- takes: day date
-- returns: key bigint
-- order: key
select distinct key
from judgement
where state = 'holds'
  and until < $1::date
order by key;

-- name: judgements_of_counterparties
-- The newest judgements about some counterparties of an account, one of each listing and owner.
-- takes: account text, counterparties text[]
-- returns: id bigint, account text, key bigint, counterparty text, listing_id text, owner text, decision text, reason text, until date, state text, asked_by text, asked_at timestamptz, approved_by text, approved_at timestamptz, ended_by text, ended_at timestamptz, because text
-- order: counterparty, listing_id, owner
select distinct on (counterparty, listing_id, owner)
  id, account, key, counterparty, listing_id, owner, decision, reason, until, state, asked_by,
  asked_at, approved_by, approved_at, ended_by, ended_at, because
from judgement
where account = $1::text
  and counterparty = any($2::text[])
  and state in ('holds', 'reopened', 'waiting')
order by counterparty, listing_id, owner, state = 'holds' desc, id desc;

-- name: judgements_of_account
-- Judgements of an account before an id, all that there ever were; of one counterparty, listing or state.
-- takes: account text, before bigint, counterparty text, listing_id text, state text, most integer
-- returns: id bigint, account text, key bigint, counterparty text, listing_id text, owner text, decision text, reason text, until date, state text, asked_by text, asked_at timestamptz, approved_by text, approved_at timestamptz, ended_by text, ended_at timestamptz, because text
-- order: id, the newest first
select id, account, key, counterparty, listing_id, owner, decision, reason, until, state, asked_by,
  asked_at, approved_by, approved_at, ended_by, ended_at, because
from judgement
where account = $1::text
  and ($2::bigint is null or id < $2::bigint)
  and ($3::text is null or counterparty = $3::text)
  and ($4::text is null or listing_id = $4::text)
  and ($5::text is null or state = $5::text)
order by id desc
limit $6::integer;

-- name: judgement_of_account
-- A judgement of an account, locked until the transaction ends.
-- takes: account text, id bigint
-- returns: id bigint, account text, key bigint, counterparty text, listing_id text, owner text, decision text, reason text, until date, state text, asked_by text, asked_at timestamptz, approved_by text, approved_at timestamptz, ended_by text, ended_at timestamptz, because text
select id, account, key, counterparty, listing_id, owner, decision, reason, until, state, asked_by,
  asked_at, approved_by, approved_at, ended_by, ended_at, because
from judgement
where account = $1::text
  and id = $2::bigint
for update;

-- name: judgement_eyes
-- Who may have made a judgement of an account; null where an earlier version recorded its name alone.
-- takes: account text, id bigint
-- returns: asked_eyes jsonb
select asked_eyes
from judgement
where account = $1::text
  and id = $2::bigint;

-- name: end_judgements!
-- Ends what holds or waits of a counterparty of an account, about one listing and owner.
-- takes: account text, key bigint, listing_id text, owner text, states text[], state text, ended_by text, at timestamptz
-- returns: nothing
update judgement
set state = $6::text, ended_by = $7::text, ended_at = $8::timestamptz
where account = $1::text
  and key = $2::bigint
  and listing_id = $3::text
  and owner = $4::text
  and state = any($5::text[]);

-- name: add_judgement
-- Adds a judgement of an account.
-- takes: account text, key bigint, counterparty text, listing_id text, owner text, decision text, reason text, until date, state text, asked_by text, at timestamptz, digest bytea, basis bytea, asked_eyes jsonb
-- returns: id bigint
insert into judgement (
  account, key, counterparty, listing_id, owner, decision, reason, until, state, asked_by, asked_at,
  digest, basis, asked_eyes
)
values (
  $1::text, $2::bigint, $3::text, $4::text, $5::text, $6::text, $7::text, $8::date, $9::text,
  $10::text, $11::timestamptz, $12::bytea, $13::bytea, $14::jsonb
)
returning id;

-- name: settle_judgement!
-- Has a judgement of an account that waits hold, or be refused or withdrawn.
-- takes: account text, id bigint, state text, by text, at timestamptz
-- returns: nothing
update judgement
set state = $3::text,
  approved_by = case when $3::text = 'holds' then $4::text end,
  approved_at = case when $3::text = 'holds' then $5::timestamptz end,
  ended_by = case when $3::text <> 'holds' then $4::text end,
  ended_at = case when $3::text <> 'holds' then $5::timestamptz end
where account = $1::text
  and id = $2::bigint;

-- name: judgement_terms
-- What an account asks of its judgements; no row where it asks nothing.
-- takes: account text
-- returns: four_eyes boolean
select four_eyes
from judgement_terms
where account = $1::text;

-- name: put_judgement_terms!
-- Sets what an account asks of its judgements.
-- takes: account text, four_eyes boolean
-- returns: nothing
insert into judgement_terms (account, four_eyes)
values ($1::text, $2::boolean)
on conflict (account) do update
set four_eyes = excluded.four_eyes;
