-- what: a word of an operator may also be that listings are one party; it stands among the splits, and is withdrawn as they are
-- lock: party_split alone, for a moment; a column with a constant default rewrites no row
-- undo: delete the rows with joins, with their trigger disabled; alter table party_split drop column joins; restore audit_split of 0019

-- With `joins`, each of `listings` is the same party as each of `apart_from`.
alter table party_split add column joins boolean not null default false;

create or replace function audit_split() returns trigger language plpgsql as $$
declare
  word text := case when new.joins then 'party.join' else 'party.split' end;
begin
  if new.withdraws is null then
    perform audit(new.recorded_by, word, new.id::text, jsonb_build_object(
      'listings', new.listings, 'apart_from', new.apart_from, 'because', new.because
    ));
  else
    perform audit(new.recorded_by, word || '_withdrawn', new.withdraws::text,
      jsonb_build_object('because', new.because));
  end if;
  return null;
end
$$;
