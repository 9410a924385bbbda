-- name: add_pending_change
-- Has a change of an account wait for a second person; returns no row if the same waits already.
-- takes: account text, kind text, about text, body bytea, asked_by text, asked_eyes jsonb, asked_at timestamptz
-- returns: id bigint, kind text, about text, state text, asked_by text, asked_at timestamptz, decided_by text, decided_at timestamptz
insert into pending_change (account, kind, about, body, asked_by, asked_eyes, asked_at)
values ($1::text, $2::text, $3::text, $4::bytea, $5::text, $6::jsonb, $7::timestamptz)
on conflict (account, kind, about) where state = 'waiting' do nothing
returning id, kind, about, state, asked_by, asked_at, decided_by, decided_at;

-- name: pending_changes
-- Changes of an account that wait or waited for a second person, before an id; of one state.
-- takes: account text, before bigint, state text, most integer
-- returns: id bigint, kind text, about text, state text, asked_by text, asked_at timestamptz, decided_by text, decided_at timestamptz
-- order: id, the newest first
select id, kind, about, state, asked_by, asked_at, decided_by, decided_at
from pending_change
where account = $1::text
  and ($2::bigint is null or id < $2::bigint)
  and ($3::text is null or state = $3::text)
order by id desc
limit $4::integer;

-- name: pending_change
-- A change of an account that waits or waited for a second person, locked until the transaction ends.
-- takes: account text, id bigint
-- returns: id bigint, kind text, about text, state text, asked_by text, asked_at timestamptz, decided_by text, decided_at timestamptz, body bytea, asked_eyes jsonb
select id, kind, about, state, asked_by, asked_at, decided_by, decided_at, body, asked_eyes
from pending_change
where account = $1::text
  and id = $2::bigint
for update;

-- name: decide_pending_change
-- Records that a change of an account that waits was approved or refused.
-- takes: account text, id bigint, state text, by text, at timestamptz
-- returns: id bigint, kind text, about text, state text, asked_by text, asked_at timestamptz, decided_by text, decided_at timestamptz
update pending_change
set state = $3::text, decided_by = $4::text, decided_at = $5::timestamptz
where account = $1::text
  and id = $2::bigint
  and state = 'waiting'
returning id, kind, about, state, asked_by, asked_at, decided_by, decided_at;
