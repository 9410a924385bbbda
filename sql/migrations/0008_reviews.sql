-- what: who has read the record of a measure as a lawyer would, and when; only ever added to
-- lock: none that others wait for; only a new table
-- undo: drop table measure_review; drop function refuse_change_of_review

-- `digest` is that of the record which was read, so that a later change of the record shows.
-- `reviewed_by` is who read it, `recorded_by` who stored that.
create table measure_review (
  id bigint generated always as identity primary key,
  measure_id text not null,
  digest text not null,
  reviewed_by text not null check (reviewed_by <> ''),
  reviewed_on date not null,
  note text,
  recorded_by text not null,
  recorded_at timestamptz not null
);

create index measure_review_of_measure on measure_review (measure_id, id);

create function refuse_change_of_review() returns trigger
language plpgsql as $$
begin
  raise exception 'a review is never changed or deleted; add another one';
end
$$;

create trigger measure_review_is_append_only
before update or delete on measure_review
for each row execute function refuse_change_of_review();
