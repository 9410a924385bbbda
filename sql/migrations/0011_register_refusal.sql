-- what: the last bundle that was refused, kept when later ones are taken up
-- lock: bundle_fetch is rewritten, which has one row at most
-- undo: alter table bundle_fetch drop column refused_at; alter table bundle_fetch drop column refused_because

alter table bundle_fetch add column refused_at timestamptz;
alter table bundle_fetch add column refused_because text;

update bundle_fetch
set refused_at = tried_at, refused_because = reason
where outcome = 'refused';
