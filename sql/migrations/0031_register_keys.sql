-- what: the keys that a register bundle handed over to, the last of which are trusted
-- lock: none: a new table
-- undo: drop table register_keys; drop function audit_register_keys

-- `began_with` is a digest of the keys in the installation's file: whoever changes that begins anew.
create table register_keys (
  id bigint generated always as identity primary key,
  taken_up_at timestamptz not null,
  began_with text not null,
  keys text not null,
  signed_by text[] not null
);

create trigger register_keys_append_only
before update or delete on register_keys
for each row execute function refuse_change();

create trigger register_keys_is_never_emptied
before truncate on register_keys
for each statement execute function refuse_change();

create function audit_register_keys() returns trigger language plpgsql as $$
begin
  perform audit('register bundle', 'register.keys_changed', new.id::text,
    jsonb_build_object('keys', new.keys, 'signed_by', new.signed_by));
  return null;
end
$$;

create trigger audited after insert on register_keys
for each row execute function audit_register_keys();
