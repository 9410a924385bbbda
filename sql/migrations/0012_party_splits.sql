-- what: operators' words that listings are different parties, and the withdrawals of such words; only ever added to
-- lock: none that others wait for; only a new table
-- undo: drop table party_split; drop function refuse_change_of_party_split

-- Each of `listings` is another party than each of `apart_from`. A row with `withdraws` takes back
-- that earlier row, once, and repeats its listings.
create table party_split (
  id bigint generated always as identity primary key,
  listings text[] not null check (cardinality(listings) > 0),
  apart_from text[] not null check (cardinality(apart_from) > 0),
  because text not null check (because <> ''),
  recorded_by text not null check (recorded_by <> ''),
  recorded_at timestamptz not null,
  withdraws bigint unique references party_split (id)
);

create function refuse_change_of_party_split() returns trigger
language plpgsql as $$
begin
  raise exception 'a split is never changed or deleted; withdraw it by another row';
end
$$;

create trigger party_split_is_append_only
before update or delete on party_split
for each row execute function refuse_change_of_party_split();
