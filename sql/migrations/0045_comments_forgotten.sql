-- what: with a counterparty goes what people wrote about its alerts, and the names of owners in the keys of its events
-- lock: access exclusive on counterparty and event_work for a moment
-- undo: drop trigger comments_forgotten on counterparty; drop function forget_comments; give the trigger audited on event_work its form of 0035

-- In the transaction of the deletion, whichever program deletes. Who wrote when stays, the text goes.
-- The key of an event names an owner of the counterparty, if it is about one; it only has to be unique.
create function forget_comments() returns trigger language plpgsql as $$
begin
  update event_work
  set comments = (
    select jsonb_agg(comment || '{"text": ""}' order by place)
    from jsonb_array_elements(comments) with ordinality as each (comment, place)
  )
  from event
  where event.account = old.account
    and event.counterparty = old.id
    and event_work.event = event.id
    and comments <> '[]';
  update event
  set dedup_key = 'sha256:' || encode(sha256(convert_to(dedup_key, 'UTF8')), 'hex')
  where account = old.account
    and counterparty = old.id
    and dedup_key not like 'sha256:%';
  return old;
end
$$;

create trigger comments_forgotten before delete on counterparty
for each row execute function forget_comments();

-- A text that is forgotten is no comment that somebody makes.
drop trigger audited on event_work;
create trigger audited_add after insert on event_work
for each row execute function audit_event_work();
create trigger audited_change after update on event_work
for each row when (
  (old.assigned_at, old.acknowledged_at, jsonb_array_length(old.comments))
  is distinct from (new.assigned_at, new.acknowledged_at, jsonb_array_length(new.comments))
) execute function audit_event_work();
