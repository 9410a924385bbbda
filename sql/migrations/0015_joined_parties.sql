-- what: parties that were joined, so that no other process has to join the same listings again
-- lock: none that others wait for; only a new table
-- undo: drop table joined_parties

-- `basis` is the SHA-256 of the listings, the splits and the rules from which they were joined.
create table joined_parties (
  basis bytea primary key check (octet_length(basis) = 32),
  written bytea not null,
  kept_at timestamptz not null
);
