-- what: screenings that are held as evidence: neither their age nor anybody deletes them until they are released
-- lock: screening for a moment: no new column has a default
-- undo: drop trigger held_is_kept on screening; drop function keep_held; alter table screening drop column held_at, drop column held_by, drop column held_because

alter table screening
  add column held_at timestamptz,
  add column held_by text,
  add column held_because text,
  add check ((held_at is null) = (held_by is null) and (held_at is null) = (held_because is null)) not valid;

-- Also a program of an earlier version, which knows of no hold, deletes none.
create function keep_held() returns trigger language plpgsql as $$
begin
  return null;
end
$$;

create trigger held_is_kept before delete on screening
for each row when (old.held_at is not null) execute function keep_held();
