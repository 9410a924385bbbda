-- what: what the answer about a counterparty looked up in the lists, to tell whether a change of them can touch it
-- lock: access exclusive on counterparty for a moment: a column without a value
-- undo: alter table counterparty drop column lookups

-- Null where the counterparty could not be asked about, or was last answered by an older version;
-- the next change of any list screens it again.
alter table counterparty add column lookups bytea;
