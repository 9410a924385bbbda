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
