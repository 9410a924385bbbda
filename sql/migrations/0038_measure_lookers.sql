-- what: who looks what becomes of a measure whose end has come or comes soon, with its entries in the audit log
-- lock: none: a new table
-- undo: drop table measure_looker; drop function audit_measure_looker

-- Who looks what becomes of a measure; the last row of a measure counts, and without `looker` nobody does.
create table measure_looker (
  id bigint generated always as identity primary key,
  measure_id text not null check (measure_id <> ''),
  looker text check (looker <> ''),
  recorded_by text not null check (recorded_by <> ''),
  recorded_at timestamptz not null
);

create index measure_looker_of_measure on measure_looker (measure_id, id);

create trigger measure_looker_append_only
before update or delete on measure_looker
for each row execute function refuse_change();

create trigger measure_looker_is_never_emptied
before truncate on measure_looker
for each statement execute function refuse_change();

create function audit_measure_looker() returns trigger language plpgsql as $$
begin
  perform audit(new.recorded_by, 'deadline.taken', new.measure_id,
    jsonb_build_object('looker', new.looker));
  return null;
end
$$;

create trigger audited after insert on measure_looker
for each row execute function audit_measure_looker();
