-- name: list_profiles
-- The last choice of each account, and of the installation, which has no account.
-- takes: nothing
-- returns: account text, profiles text[], required text[], because text, chosen_by text, chosen_at timestamptz
-- order: account, the installation last
select distinct on (account) account, profiles, required, because, chosen_by, chosen_at
from list_profile
order by account, id desc;

-- name: add_list_profile!
-- Records what an account, or without one the installation, has chosen.
-- takes: account text, profiles text[], required text[], because text, chosen_by text, chosen_at timestamptz
-- returns: nothing
insert into list_profile (account, profiles, required, because, chosen_by, chosen_at)
values ($1::text, $2::text[], $3::text[], $4::text, $5::text, $6::timestamptz);
