-- what: an index of a job that adds to another one is kept as it is, beside that one
-- lock: job_file exclusively, for a moment: the column has no default
-- undo: alter table job_file drop column beside

-- The file that a file adds to, which is kept as long as it is.
alter table job_file add column beside bytea references job_file (digest);
create index job_file_by_beside on job_file (beside);
