-- what: editions that are loaded as history get their place among the editions of their list
-- lock: edition exclusively, for a moment: both columns have a constant default
-- undo: drop view edition_order; drop the added columns

-- Editions of one list from one source are in the order of place, then id. An edition has the
-- largest place until a history is loaded: it comes after all before it, in the order of loading.
alter table edition
  add column place bigint not null default 9223372036854775807,
  add column as_history boolean not null default false;

-- `position` counts the editions of a list from a source, 1 for the oldest. `told_at` is the
-- moment of an edition in the sequence of changes: that of loading, never before that of an edition
-- loaded earlier; the start of its day of publication for an edition that was loaded as history.
create view edition_order as
select
  id,
  list_code,
  source,
  row_number() over (partition by list_code, source order by place, id) as position,
  case
    when as_history then least(loaded_at, published_on::timestamp at time zone 'UTC')
    else max(loaded_at) filter (where not as_history) over (order by id)
  end as told_at
from edition;
