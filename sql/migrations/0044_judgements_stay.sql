-- what: judgements outlive their counterparty, as a record without names
-- lock: access exclusive on judgement and counterparty for a moment; the rows of judgement are read once, for its check
-- undo: delete from judgement where state = 'gone'; drop trigger judgements_stay on counterparty; drop function keep_judgements; give audited its form of 0036; add the foreign key judgement.key references counterparty (key) on delete cascade; put back the check on judgement.state

-- `key` is that of the counterparty, also once it is deleted: no other gets it.
alter table judgement drop constraint judgement_key_fkey;
alter table judgement drop constraint judgement_state_check;
alter table judgement add constraint judgement_state_check check (
  state in ('waiting', 'holds', 'reopened', 'replaced', 'refused', 'withdrawn', 'gone')
);

-- In the transaction of the deletion, whichever program deletes. The decision, both people, the times,
-- the listing and the digest stay; what was written freely goes, and an owner, who may be a name, is
-- told by its SHA-256. What was still open is `gone`, and `because` tells what it was before.
create function keep_judgements() returns trigger language plpgsql as $$
begin
  update judgement
  set reason = '', basis = '',
    owner = case when owner = '' then '' else 'sha256:' || encode(sha256(convert_to(owner, 'UTF8')), 'hex') end,
    because = case when state in ('waiting', 'holds', 'reopened') then
      jsonb_build_array(jsonb_build_object('field', 'state', 'before', state, 'after', 'gone'))::text
    end,
    ended_at = coalesce(ended_at, clock_timestamp()),
    state = case when state in ('waiting', 'holds', 'reopened') then 'gone' else state end
  where key = old.key;
  return old;
end
$$;

create trigger judgements_stay before delete on counterparty
for each row execute function keep_judgements();

-- The deletion of a counterparty is one entry of the audit log, not one for each judgement that stays.
drop trigger audited on judgement;
create trigger audited_add after insert on judgement
for each row execute function audit_judgement();
create trigger audited_change after update on judgement
for each row when (new.state <> 'gone') execute function audit_judgement();
