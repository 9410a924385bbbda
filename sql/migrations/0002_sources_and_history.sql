-- what: editions, listings and tries to load belong to a source; downloads; history by edition
-- lock: edition, listing_version and load_attempt exclusively, for as long as rewriting them takes
-- undo: drop table download; drop the added columns; restore edition.previous_count as null

alter table edition
  add column source text,
  add column reader integer not null default 1,
  add column confirmed_at timestamptz,
  add column accepted boolean not null default false,
  drop column previous_count;

update edition
set source = case
  when list_code = 'un_sc' then 'un_sc'
  when list_code in (
    'us_bis_dpl', 'us_bis_el', 'us_bis_meu', 'us_bis_uvl', 'us_ddtc', 'us_ofac_capta',
    'us_ofac_cmic', 'us_ofac_fse', 'us_ofac_mbs', 'us_ofac_plc', 'us_ofac_sdn', 'us_ofac_ssi',
    'us_state_isn'
  ) then 'us_csl'
  else 'own'
end;

alter table edition
  alter column source set not null,
  alter column reader drop default,
  alter column accepted drop default;

drop index edition_newest;

create index edition_newest on edition (list_code, source, id desc);

alter table listing_version add column source text;

update listing_version
set source = edition.source
from edition
where edition.id = listing_version.first_edition;

alter table listing_version
  alter column source set not null,
  drop constraint listing_version_pkey,
  add primary key (listing_id, source, first_edition);

drop index listing_version_current;

create index listing_version_current on listing_version (list_code, source, listing_id)
  where until_edition is null;

-- for what is new since an edition, and for the changes of one edition
create index listing_version_first on listing_version (first_edition, listing_id);

create index listing_version_until on listing_version (until_edition, listing_id)
  where until_edition is not null;

alter table load_attempt add column source text;

update load_attempt
set source = coalesce(
  (select edition.source from edition where edition.list_code = load_attempt.list_code limit 1),
  case when list_code = 'un_sc' then 'un_sc' when list_code like 'us\_%' then 'us_csl' else 'own' end
);

alter table load_attempt
  alter column source set not null,
  drop constraint load_attempt_outcome_check,
  add check (outcome in ('loaded', 'unchanged', 'refused', 'unreachable'));

drop index load_attempt_newest;

create index load_attempt_newest on load_attempt (list_code, source, id desc);

-- The last download of each source; `seen` holds pairs of ETag and Last-Modified.
create table download (
  source text primary key,
  tried_at timestamptz not null,
  failures integer not null check (failures >= 0),
  seen jsonb not null,
  sha256 text
);
