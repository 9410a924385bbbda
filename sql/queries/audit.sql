-- name: audit_entries
-- Entries of the audit log of an account, or of all without one, the newest first or the oldest first.
-- takes: account text, newest_first boolean, beyond bigint, since timestamptz, until timestamptz, actor text, action text, about text, most bigint
-- returns: id bigint, at timestamptz, account text, actor text, key_id bigint, action text, about text, outcome text, details jsonb, request_id text, address text
-- order: id, descending with `newest_first`
select id, at, account, actor, key_id, action, about, outcome, details, request_id, address
from audit_entry
where ($1::text is null or account = $1::text)
  and ($3::bigint is null or case when $2::boolean then id < $3::bigint else id > $3::bigint end)
  and ($4::timestamptz is null or at >= $4::timestamptz)
  and ($5::timestamptz is null or at < $5::timestamptz)
  and ($6::text is null or actor = $6::text)
  and ($7::text is null or action = $7::text)
  and ($8::text is null or about = $8::text)
order by case when $2::boolean then -id else id end
limit $9::bigint;

-- name: add_audit_entry!
-- Records what was read, refused or not found; the database records what is changed by itself.
-- takes: account text, actor text, key_id bigint, action text, about text, request_id text, address text, outcome text, details jsonb
-- returns: nothing
insert into audit_entry (account, actor, key_id, action, about, request_id, address, outcome, details)
values ($1::text, $2::text, $3::bigint, $4::text, $5::text, $6::text, $7::text, $8::text, $9::jsonb);

-- name: name_actor
-- Says whose changes follow on this connection, for the audit log.
-- takes: actor text
-- returns: set_config text
select set_config('abeyance.actor', $1::text, false);

-- name: name_request
-- Says to which request the changes that follow on this connection belong, for the audit log.
-- takes: author text
-- returns: set_config text
select set_config('abeyance.request', $1::text, false);

-- name: try_lock_audit_chain
-- Whether this transaction alone links entries of the audit log until it ends.
-- takes: key bigint
-- returns: is_ours boolean
select pg_try_advisory_xact_lock($1::bigint) as is_ours;

-- name: lock_audit_chain
-- Waits until this transaction alone links entries of the audit log, until it ends.
-- takes: key bigint
-- returns: pg_advisory_xact_lock void
select pg_advisory_xact_lock($1::bigint);

-- name: audit_entries_to_link
-- Entries of the audit log that no link covers yet, at most so many; looked at are those younger than so many before the last link.
-- takes: back bigint, most bigint
-- returns: id bigint, at timestamptz, account text, actor text, key_id bigint, action text, about text, outcome text, details jsonb, request_id text, address text
-- order: id
select id, at, account, actor, key_id, action, about, outcome, details, request_id, address
from audit_entry
where id > coalesce((select max(highest) from audit_link), 0) - $1::bigint
  and id not in (
    select unnest(entries)
    from audit_link
    where highest > (select max(highest) from audit_link) - $1::bigint
  )
order by id
limit $2::bigint;

-- name: is_audit_linked
-- Whether each entry of the audit log is in a link.
-- takes: nothing
-- returns: is_linked boolean
select coalesce((select max(position) from audit_link), 0) = (select count(*) from audit_entry) as is_linked;

-- name: audit_chain_head
-- The last link of the audit log; no row while there is none.
-- takes: nothing
-- returns: position bigint, hash bytea
-- order: position, the last alone
select position, hash
from audit_link
order by position desc
limit 1;

-- name: add_audit_link!
-- Adds a link to the audit log, up to a position, over entries in their order.
-- takes: position bigint, entries int8[], hash bytea
-- returns: nothing
insert into audit_link (position, entries, highest, hash)
values ($1::bigint, $2::bigint[], (select max(entry) from unnest($2::bigint[]) as each (entry)), $3::bytea);

-- name: audit_chain
-- Entries of the audit log that the links after a position cover; all of an entry is null where it is gone.
-- `erased` is the digest of one that was blanked, `hash` that of the link, `covered` how many entries it has.
-- takes: after bigint, most bigint
-- returns: position bigint, hash bytea, covered integer, erased bytea, id bigint, at timestamptz, account text, actor text, key_id bigint, action text, about text, outcome text, details jsonb, request_id text, address text
-- order: position, place in the link
select
  position, hash, cardinality(entries) as covered, audit_erasure.digest as erased,
  id, at, account, actor, key_id, action, about, outcome, details, request_id, address
from (
  select position, entries, hash
  from audit_link
  where position > $1::bigint
  order by position
  limit $2::bigint
) as link
cross join lateral unnest(entries) with ordinality as each (entry, place)
left join audit_entry on audit_entry.id = each.entry
left join audit_erasure on audit_erasure.entry = each.entry
order by position, place;

-- name: audit_entries_by_id
-- Entries of the audit log by their ids, locked until the transaction ends.
-- takes: ids int8[]
-- returns: id bigint, at timestamptz, account text, actor text, key_id bigint, action text, about text, outcome text, details jsonb, request_id text, address text
-- order: id
select id, at, account, actor, key_id, action, about, outcome, details, request_id, address
from audit_entry
where id = any($1::bigint[])
  and id not in (select entry from audit_erasure)
order by id
for update;

-- name: keep_digests_of_entries!
-- Keeps the digests of entries of the audit log that are blanked next.
-- takes: ids int8[], digests bytea[]
-- returns: nothing
insert into audit_erasure (entry, digest)
select entry, digest
from unnest($1::bigint[], $2::bytea[]) as new (entry, digest);

-- name: blank_entries
-- Blanks what entries of the audit log are about; their digests are kept. The log says which, in an entry of its own.
-- takes: ids int8[], account text
-- returns: audit void
with blanked as (
  update audit_entry
  set about = '', details = '{}'
  where id = any($1::bigint[])
)
select audit(null, 'audit.erased', '', jsonb_build_object('entries', $1::bigint[]), $2::text);

-- name: has_audit_chain
-- Whether the database has a chain of its audit log, as it has once this version has migrated it.
-- takes: nothing
-- returns: has_chain boolean
select to_regclass('audit_link') is not null as has_chain;
