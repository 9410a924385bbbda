-- what: what many screenings say alike is kept once: the state of the lists, the entries of hits
-- lock: screening exclusively, for a moment; its rows are not rewritten
-- undo: none without loss: put the parts back into screening.answer first, each at its place

-- A piece of JSON under its SHA-256. Rows are added and never changed; whoever deletes screenings
-- may delete the parts that no other one names.
create table screening_part (
  digest bytea primary key,
  body bytea not null
);

-- An answer is `answer` with the part of each digest put in at the place beside it, a position in
-- `answer` as it is stored; several parts at one place follow each other.
alter table screening
  add column part_places integer[] not null default '{}',
  add column part_digests bytea[] not null default '{}',
  add check (cardinality(part_places) = cardinality(part_digests));
