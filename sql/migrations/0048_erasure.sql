-- what: a text that is erased from a change that waits, or waited, for a second person is no change that somebody decides
-- lock: access exclusive on pending_change for a moment
-- undo: drop triggers audited_add and audited_change on pending_change; give it the trigger audited of 0046

drop trigger audited on pending_change;
create trigger audited_add after insert on pending_change
for each row execute function audit_pending_change();
create trigger audited_change after update on pending_change
for each row when (new.state <> old.state) execute function audit_pending_change();
