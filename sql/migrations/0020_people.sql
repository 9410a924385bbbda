-- what: the sessions of people who logged in, each as the SHA-256 of its token
-- lock: none that others wait for; only new tables
-- undo: drop table user_session_change; drop table user_session; drop function audit_user_session

-- `subject` is the person's id at the provider of the login. `last_used_at` is to the minute.
-- `ended_by` is who ended the session, null for the person themselves. A session that was ended stays
-- until it would have expired, so that each process learns of its end: `change` is the number of
-- `user_session_change` at its last change.
create table user_session (
  digest bytea primary key check (octet_length(digest) = 32),
  user_name text not null,
  subject text not null,
  account text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  made_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  change bigint not null,
  request_id text,
  address text
);

create index user_session_by_change on user_session (change);
create index user_session_by_expiry on user_session (expires_at);

-- One row, which every login and logout updates: since they wait for each other here, a process
-- that looks at it misses none.
create table user_session_change (
  is_only boolean primary key default true check (is_only),
  number bigint not null
);
insert into user_session_change (number) values (0);

create function audit_user_session() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into audit_entry (account, actor, action, about, details, request_id, address)
    values (
      new.account, new.user_name, 'user.login', new.subject,
      jsonb_build_object('scopes', new.scopes, 'expires_at', new.expires_at),
      new.request_id, new.address
    );
  elsif new.ended_at is not null and old.ended_at is null then
    perform audit(coalesce(new.ended_by, new.user_name), 'user.logout', new.subject,
      jsonb_build_object('user', new.user_name), new.account);
  end if;
  return null;
end
$$;

create trigger audited after insert or update of ended_at on user_session
for each row execute function audit_user_session();
