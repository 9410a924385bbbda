-- what: what operators hold lists of their own to; SDN.CSV that was read alone is called so
-- lock: a new table; edition rows of OFAC's csv are rewritten, some dozens, with a look at listings
-- undo: drop table list_terms; update edition set format = 'ofac_sdn_csv' where it ends in _alone

create table list_terms (
  list_code text primary key,
  max_age_days integer check (max_age_days > 0),
  least_entries integer check (least_entries >= 0),
  most_entries integer check (most_entries >= 0),
  check (least_entries <= most_entries)
);

-- The whole set has addresses in ADD.CSV, the primary file alone has none at all.
update edition
set format = 'ofac_sdn_csv_alone'
where format = 'ofac_sdn_csv'
  and not exists (
    select
    from listing_version
    where listing_version.list_code = edition.list_code
      and listing_version.source = edition.source
      and listing_version.first_edition <= edition.id
      and (listing_version.until_edition is null or listing_version.until_edition > edition.id)
      and listing_version.body ? 'addresses'
  );
