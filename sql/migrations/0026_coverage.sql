-- what: the editions that brief answers refer to by an id
-- lock: none: a new table
-- undo: drop table coverage_record

-- The id is a digest of the record, which is JSON, so that a record is stored once and never changes.
create table coverage_record (
  id text primary key,
  record text not null
);
