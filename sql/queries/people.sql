-- name: user_session_change_number
-- The number that every login and logout raises.
-- takes: nothing
-- returns: number bigint
select number
from user_session_change;

-- name: user_sessions_since
-- The sessions that began or ended after a change, and have not expired.
-- takes: number bigint, at timestamptz
-- returns: digest bytea, user_name text, subject text, account text, scopes text[], expires_at timestamptz, last_used_at timestamptz, ended_at timestamptz
-- order: change, then digest
select digest, user_name, subject, account, scopes, expires_at, last_used_at, ended_at
from user_session
where change > $1::bigint
  and expires_at > $2::timestamptz
order by change, digest;

-- name: begin_user_session!
-- Records a session, and deletes those that have expired.
-- takes: digest bytea, user_name text, subject text, account text, scopes text[], made_at timestamptz, expires_at timestamptz, request_id text, address text
-- returns: nothing
with changed as (
  update user_session_change set number = number + 1
  returning number
), expired as (
  delete from user_session
  where expires_at <= $6::timestamptz
)
insert into user_session (
  digest, user_name, subject, account, scopes, made_at, expires_at, last_used_at, change,
  request_id, address
)
select
  $1::bytea, $2::text, $3::text, $4::text, $5::text[], $6::timestamptz, $7::timestamptz,
  $6::timestamptz, number, $8::text, $9::text
from changed;

-- name: end_user_session!
-- Ends a session, unless it has ended already.
-- takes: digest bytea, at timestamptz
-- returns: nothing
with changed as (
  update user_session_change set number = number + 1
  returning number
)
update user_session
set ended_at = $2::timestamptz, change = changed.number
from changed
where digest = $1::bytea
  and ended_at is null;

-- name: note_user_session_uses!
-- Records when sessions were last used, one moment for each; earlier moments change nothing.
-- takes: digests bytea[], moments timestamptz[]
-- returns: nothing
update user_session
set last_used_at = used.at
from unnest($1::bytea[], $2::timestamptz[]) as used (digest, at)
where user_session.digest = used.digest
  and user_session.last_used_at < used.at;

-- name: user_sessions
-- The sessions that go on at a moment.
-- takes: at timestamptz
-- returns: user_name text, account text, scopes text[], made_at timestamptz, last_used_at timestamptz, expires_at timestamptz
-- order: user_name, then made_at
select user_name, account, scopes, made_at, last_used_at, expires_at
from user_session
where ended_at is null
  and expires_at > $1::timestamptz
order by user_name, made_at;

-- name: end_user_sessions_of
-- Ends all sessions of a person, by somebody else.
-- takes: user_name text, at timestamptz, ended_by text
-- returns: expires_at timestamptz
with changed as (
  update user_session_change set number = number + 1
  returning number
)
update user_session
set ended_at = $2::timestamptz, ended_by = $3::text, change = changed.number
from changed
where user_name = $1::text
  and ended_at is null
  and expires_at > $2::timestamptz
returning expires_at;
