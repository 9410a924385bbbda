-- what: the profiles, or lists by hand, that an installation or an account has chosen, and the audit log of choosing
-- lock: none: a new table
-- undo: drop table list_profile; drop function audit_list_profile

-- The last row of an account counts, and the last one without an account for all others. A row that names
-- nothing goes back to what is required without a choice.
create table list_profile (
  id bigint generated always as identity primary key,
  account text check (account <> ''),
  profiles text[] not null,
  required text[] not null,
  because text not null check (because <> ''),
  chosen_by text not null check (chosen_by <> ''),
  chosen_at timestamptz not null,
  check (cardinality(profiles) = 0 or cardinality(required) = 0)
);

create trigger list_profile_append_only
before update or delete on list_profile
for each row execute function refuse_change();

create trigger list_profile_is_never_emptied
before truncate on list_profile
for each statement execute function refuse_change();

create function audit_list_profile() returns trigger language plpgsql as $$
begin
  perform audit(new.chosen_by, 'profile.chosen', coalesce(new.account, 'installation'),
    jsonb_build_object('profiles', new.profiles, 'required', new.required, 'because', new.because),
    coalesce(new.account, 'main'));
  return null;
end
$$;

create trigger audited after insert on list_profile
for each row execute function audit_list_profile();
