-- what: what of an edition's files the reader does not know, such as a new column
-- lock: a new column with a constant default, nothing waits
-- undo: alter table edition drop column read_in_part

alter table edition
  add column read_in_part jsonb not null default '[]';
