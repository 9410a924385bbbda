-- what: what was read of the table of a job is kept with it
-- lock: job exclusively, for a moment: the column has no default
-- undo: alter table job drop column reading

-- JSON of what was read of the table so far, and what was left: columns, sheets, rows and cells.
alter table job add column reading bytea;
