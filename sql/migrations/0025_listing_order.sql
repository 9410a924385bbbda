-- what: the order of a list's entries in its file, and the programmes that an edition ended
-- lock: edition exclusively, for a moment: the column has a constant default
-- undo: drop table listing_order; alter table edition drop column programmes_gone

-- The ids of a list's entries as they stood in the last whole file that was loaded from a source.
-- A file that has lost its end is told by it. There is none before the first such file.
create table listing_order (
  list_code text not null,
  source text not null,
  listing_ids text[] not null,
  primary key (list_code, source)
);

-- The programmes that entries of the edition before name, and none of this one does.
alter table edition
  add column programmes_gone text[] not null default '{}';
