-- name: add_job!
-- Begins a job of an account, which nobody sees before it is accepted.
-- takes: account text, id uuid, name text, format text, terms bytea, begun_at timestamptz, sender text, address text
-- returns: nothing
insert into job (account, id, name, format, terms, begun_at, sender, address)
values (
  $1::text, $2::uuid, $3::text, $4::text, $5::bytea, $6::timestamptz, $7::text, $8::text
);

-- name: open_jobs
-- How many jobs of a sender, and of an address, have not ended, and the bytes of their tables.
-- takes: sender text, address text
-- returns: sent bigint, sent_bytes bigint, near bigint, near_bytes bigint
select
  count(*) filter (where sender = $1::text) as sent,
  coalesce(sum(size) filter (where sender = $1::text), 0)::bigint as sent_bytes,
  count(*) filter (where address = $2::text) as near,
  coalesce(sum(size) filter (where address = $2::text), 0)::bigint as near_bytes
from job
where ended_at is null
  and deleted_at is null
  and (sender = $1::text or address = $2::text);

-- name: add_job_piece
-- Adds a piece of the table of a job that is being received; returns no row if the account has no such job.
-- takes: account text, job uuid, place integer, content bytea
-- returns: place integer
with grown as (
  update job
  set size = size + octet_length($4::bytea)
  where account = $1::text
    and id = $2::uuid
    and accepted_at is null
    and deleted_at is null
  returning id
)
insert into job_piece (job, place, content)
select id, $3::integer, $4::bytea
from grown
returning place;

-- name: accept_job
-- Accepts a job whose table was received whole, and has it read; returns no row if it was accepted before.
-- takes: account text, id uuid, accepted_at timestamptz, size bigint, priority integer, payload bytea
-- returns: id uuid
with accepted as (
  update job
  set accepted_at = $3::timestamptz, moved_at = $3::timestamptz, size = $4::bigint
  where account = $1::text
    and id = $2::uuid
    and accepted_at is null
  returning id
), queued as (
  insert into pgqueuer (priority, status, entrypoint, dedupe_key, payload)
  select $5::integer, 'queued', 'read', accepted.id::text, $6::bytea
  from accepted
)
select accepted.id
from accepted
cross join lateral audit(null, 'job.sent', accepted.id::text, '{}', $1::text);

-- name: job_of_account
-- A job of an account as it is now; no row if it has none with the id at a moment.
-- takes: account text, id uuid, now timestamptz
-- returns: id uuid, account text, name text, format text, stage text, terms bytea, fault bytea, reading bytea, basis bytea, accepted_at timestamptz, started_at timestamptz, ended_at timestamptz, expires_at timestamptz, bytes bigint, rows bigint, rows_read bigint, rows_done bigint, hits bigint, owner_hits bigint, no_hits bigint, incomplete bigint, refused bigint
select job.id, job.account, job.name, job.format, job.stage, job.terms, job.fault, job.reading,
  job_basis.shown as basis, job.accepted_at, job.started_at, job.ended_at, job.expires_at,
  job.size as bytes, job.rows, tally.rows_read, tally.rows_done, tally.hits, tally.owner_hits, tally.no_hits,
  tally.incomplete, tally.refused
from job
left join job_basis on job_basis.digest = job.basis
cross join lateral (
  select coalesce(sum(rows), 0)::bigint as rows_read,
    coalesce(sum(rows) filter (where done_at is not null), 0)::bigint as rows_done,
    coalesce(sum(hits), 0)::bigint as hits,
    coalesce(sum(owner_hits), 0)::bigint as owner_hits,
    coalesce(sum(no_hits), 0)::bigint as no_hits,
    coalesce(sum(incomplete), 0)::bigint as incomplete,
    coalesce(sum(refused), 0)::bigint as refused
  from job_chunk
  where job_chunk.job = job.id
) as tally
where job.account = $1::text
  and job.id = $2::uuid
  and job.accepted_at is not null
  and job.deleted_at is null
  and (job.expires_at is null or job.expires_at > $3::timestamptz);

-- name: jobs_of_account
-- The jobs of an account that were accepted before another one, at a moment.
-- takes: account text, now timestamptz, before timestamptz, before_id uuid, most integer
-- returns: id uuid
-- order: accepted_at and id, the newest first
select id
from job
where account = $1::text
  and accepted_at is not null
  and deleted_at is null
  and (expires_at is null or expires_at > $2::timestamptz)
  and (accepted_at, id) < ($3::timestamptz, $4::uuid)
order by accepted_at desc, id desc
limit $5::integer;

-- name: cancel_job
-- Ends a job of an account that goes on, and takes what is left of it out of the queue; returns no row if it has ended.
-- takes: account text, id uuid, now timestamptz, expires_at timestamptz
-- returns: id uuid
with cancelled as (
  update job
  set stage = 'cancelled', ended_at = $3::timestamptz, expires_at = $4::timestamptz
  where account = $1::text
    and id = $2::uuid
    and accepted_at is not null
    and deleted_at is null
    and ended_at is null
  returning id
), left_over as (
  delete from pgqueuer
  using cancelled
  where pgqueuer.status = 'queued'
    and starts_with(pgqueuer.dedupe_key, cancelled.id::text)
)
select cancelled.id
from cancelled
cross join lateral audit(null, 'job.cancelled', cancelled.id::text, '{}', $1::text);

-- name: delete_job
-- Deletes a job of an account that has ended; returns no row if there is none.
-- takes: account text, id uuid, now timestamptz
-- returns: id uuid
with gone as (
  update job
  set deleted_at = $3::timestamptz
  where account = $1::text
    and id = $2::uuid
    and deleted_at is null
    and accepted_at is not null
    and ended_at is not null
  returning id
)
select gone.id
from gone
cross join lateral audit(null, 'job.deleted', gone.id::text, '{}', $1::text);

-- name: drop_job
-- Drops what has come of the table of a job that was never received whole; returns no row if there is none.
-- takes: account text, id uuid, now timestamptz
-- returns: id uuid
update job
set deleted_at = $3::timestamptz
where account = $1::text
  and id = $2::uuid
  and deleted_at is null
  and accepted_at is null
returning id;

-- name: job_part_sizes
-- The sizes of the results of a job of an account, as far as they are there without a gap, at a moment.
-- takes: account text, id uuid, now timestamptz
-- returns: chunk integer, rows integer, size bigint, hits_size bigint
-- order: chunk
select job_chunk.chunk, job_chunk.rows, job_chunk.size, job_chunk.hits_size
from job_chunk
join job on job.id = job_chunk.job
where job.account = $1::text
  and job.id = $2::uuid
  and job.deleted_at is null
  and (job.expires_at is null or job.expires_at > $3::timestamptz)
  and job_chunk.done_at is not null
  and job_chunk.chunk < (
    select coalesce(min(chunk), 2147483647)
    from job_chunk as open
    where open.job = $2::uuid
      and open.done_at is null
  )
order by job_chunk.chunk;

-- name: job_parts
-- The next results of a job of an account after a chunk, as far as they are there without a gap, at a moment.
-- takes: account text, id uuid, now timestamptz, after integer, most integer
-- returns: chunk integer, first_row bigint, rows integer, asked bytea, lines bytea, kinds bytea, size bigint, hits_size bigint
-- order: chunk
select job_chunk.chunk, job_chunk.first_row, job_chunk.rows, job_chunk.asked, job_chunk.lines,
  job_chunk.kinds, job_chunk.size, job_chunk.hits_size
from job_chunk
join job on job.id = job_chunk.job
where job.account = $1::text
  and job.id = $2::uuid
  and job.deleted_at is null
  and (job.expires_at is null or job.expires_at > $3::timestamptz)
  and job_chunk.done_at is not null
  and job_chunk.chunk > $4::integer
  and job_chunk.chunk < (
    select coalesce(min(chunk), 2147483647)
    from job_chunk as open
    where open.job = $2::uuid
      and open.done_at is null
  )
order by job_chunk.chunk
limit $5::integer;

-- name: job_head
-- What holds for all answers of a job of an account, at a moment; null until it is known.
-- takes: account text, id uuid, now timestamptz
-- returns: head bytea
select head
from job
where account = $1::text
  and id = $2::uuid
  and deleted_at is null
  and (expires_at is null or expires_at > $3::timestamptz);

-- name: job_at_work
-- A job of any account, for the worker that does it; no row once it has ended.
-- takes: id uuid
-- returns: id uuid, account text, format text, stage text, terms bytea, size bigint, chunks integer, basis bytea, head bytea, moved_at timestamptz
select id, account, format, stage, terms, size, chunks, basis, head, moved_at
from job
where id = $1::uuid
  and ended_at is null
  and deleted_at is null;

-- name: jobs_that_ended
-- Those of some jobs of any account on which no more work is done, for the worker that does them.
-- takes: ids uuid[]
-- returns: id uuid
select asked.id
from unnest($1::uuid[]) as asked (id)
where not exists (
  select
  from job
  where job.id = asked.id
    and job.ended_at is null
    and job.deleted_at is null
);

-- name: pin_job
-- Records what a job is answered from, unless it is recorded; returns what is recorded in the end.
-- takes: id uuid, basis bytea, now timestamptz
-- returns: basis bytea
update job
set basis = coalesce(basis, $2::bytea),
  started_at = coalesce(started_at, $3::timestamptz),
  moved_at = $3::timestamptz
where id = $1::uuid
  and ended_at is null
returning basis;

-- name: repin_job
-- Forgets what a job is answered from if none of its rows is answered yet.
-- takes: id uuid, basis bytea
-- returns: id uuid
update job
set basis = null, head = null
where id = $1::uuid
  and basis = $2::bytea
  and ended_at is null
  and not exists (
    select
    from job_chunk
    where job_chunk.job = job.id
      and job_chunk.done_at is not null
  )
returning id;

-- name: set_job_head!
-- Records what holds for all answers of a job, once.
-- takes: id uuid, head bytea
-- returns: nothing
update job
set head = $2::bytea
where id = $1::uuid
  and head is null;

-- name: next_job_piece
-- The next piece of the table of a job, for the worker that reads it.
-- takes: job uuid, place integer
-- returns: content bytea
select content
from job_piece
where job = $1::uuid
  and place = $2::integer;

-- name: job_chunks_read
-- How many chunks of a job are read already.
-- takes: job uuid
-- returns: chunks bigint, rows bigint
select count(*) as chunks, coalesce(sum(rows), 0)::bigint as rows
from job_chunk
where job = $1::uuid;

-- name: add_job_chunk
-- Adds rows that were read, and has them screened; returns no row if they are there already, or the job has ended.
-- takes: job uuid, chunk integer, first_row bigint, rows integer, asked bytea, priority integer, payload bytea, now timestamptz
-- returns: chunk integer
with going_on as (
  update job
  set moved_at = $8::timestamptz
  where id = $1::uuid
    and ended_at is null
    and deleted_at is null
  returning id
), added as (
  insert into job_chunk (job, chunk, first_row, rows, asked)
  select id, $2::integer, $3::bigint, $4::integer, $5::bytea
  from going_on
  on conflict do nothing
  returning job, chunk
), queued as (
  insert into pgqueuer (priority, status, entrypoint, dedupe_key, payload)
  select $6::integer, 'queued', 'screen', added.job || '/' || added.chunk, $7::bytea
  from added
)
select chunk
from added;

-- name: set_job_reading
-- Records what was read of the table of a job so far; returns no row if the job has ended.
-- takes: id uuid, reading bytea
-- returns: id uuid
update job
set reading = $2::bytea
where id = $1::uuid
  and ended_at is null
returning id;

-- name: finish_reading
-- Records that the whole table of a job is read, and deletes it as it was sent.
-- takes: job uuid, rows bigint, chunks integer, now timestamptz
-- returns: id uuid
with finished as (
  update job
  set rows = $2::bigint, chunks = $3::integer, stage = 'running', moved_at = $4::timestamptz
  where id = $1::uuid
    and ended_at is null
  returning id
), sent as (
  delete from job_piece
  using finished
  where job_piece.job = finished.id
)
select id
from finished;

-- name: job_chunk_to_do
-- The rows of a chunk that are not answered yet.
-- takes: job uuid, chunk integer
-- returns: first_row bigint, rows integer, asked bytea
select first_row, rows, asked
from job_chunk
where job = $1::uuid
  and chunk = $2::integer
  and done_at is null;

-- name: finish_job_chunk
-- Records the answers to a chunk's rows in one change; returns no row if they are recorded, or the job has ended.
-- takes: job uuid, chunk integer, lines bytea, kinds bytea, size bigint, hits_size bigint, counts int4[], now timestamptz
-- returns: chunk integer
update job_chunk
set lines = $3::bytea, kinds = $4::bytea, size = $5::bigint, hits_size = $6::bigint,
  hits = ($7::integer[])[1], owner_hits = ($7::integer[])[2], no_hits = ($7::integer[])[3],
  incomplete = ($7::integer[])[4], refused = ($7::integer[])[5], done_at = $8::timestamptz
where job = $1::uuid
  and chunk = $2::integer
  and done_at is null
  and exists (
    select
    from job
    where job.id = $1::uuid
      and job.ended_at is null
      and job.deleted_at is null
  )
returning chunk;

-- name: finish_job
-- Ends a job of which everything is answered; returns no row if something is left, or it has ended.
-- takes: id uuid, now timestamptz, expires_at timestamptz
-- returns: id uuid
update job
set stage = 'done', ended_at = $2::timestamptz, expires_at = $3::timestamptz
where id = $1::uuid
  and ended_at is null
  and chunks is not null
  and not exists (
    select
    from job_chunk
    where job_chunk.job = $1::uuid
      and job_chunk.done_at is null
  )
returning id;

-- name: fail_job
-- Ends a job that cannot be done, and takes what is left of it out of the queue; returns no row if it has ended.
-- takes: id uuid, fault bytea, now timestamptz, expires_at timestamptz
-- returns: id uuid
with failed as (
  update job
  set stage = 'failed', fault = $2::bytea, ended_at = $3::timestamptz, expires_at = $4::timestamptz
  where id = $1::uuid
    and ended_at is null
  returning id
), sent as (
  delete from job_piece
  using failed
  where job_piece.job = failed.id
), left_over as (
  delete from pgqueuer
  using failed
  where pgqueuer.status = 'queued'
    and starts_with(pgqueuer.dedupe_key, failed.id::text)
)
select id
from failed;

-- name: job_basis_content
-- What jobs with a digest are answered from.
-- takes: digest bytea
-- returns: index_digest bytea, register_digest bytea, rules bytea, content bytea, shown bytea
select index_digest, register_digest, rules, content, shown
from job_basis
where digest = $1::bytea;

-- name: add_job_basis!
-- Keeps what jobs are answered from, once.
-- takes: digest bytea, index_digest bytea, register_digest bytea, rules bytea, content bytea, shown bytea
-- returns: nothing
insert into job_basis (digest, index_digest, register_digest, rules, content, shown)
values ($1::bytea, $2::bytea, $3::bytea, $4::bytea, $5::bytea, $6::bytea)
on conflict (digest) do update
set kept_at = now();

-- name: begin_job_file
-- Begins to keep a file, unless it is begun; returns when it was whole, null if it is not yet.
-- What was begun of a file of another size or beside another one, and is not whole, is dropped.
-- takes: digest bytea, size bigint, beside bytea
-- returns: kept_at timestamptz
with dropped as (
  delete from job_file_piece
  using job_file
  where job_file.digest = $1::bytea
    and job_file_piece.digest = job_file.digest
    and kept_at is null
    and (size, beside) is distinct from ($2::bigint, $3::bytea)
)
insert into job_file (digest, size, beside)
values ($1::bytea, $2::bigint, $3::bytea)
on conflict (digest) do update
set begun_at = now(),
  size = case when job_file.kept_at is null then excluded.size else job_file.size end,
  beside = case when job_file.kept_at is null then excluded.beside else job_file.beside end
returning kept_at;

-- name: add_job_file_piece!
-- Keeps a piece of a file, once.
-- takes: digest bytea, place integer, content bytea
-- returns: nothing
insert into job_file_piece (digest, place, content)
values ($1::bytea, $2::integer, $3::bytea)
on conflict do nothing;

-- name: finish_job_file!
-- Records that a file is kept whole.
-- takes: digest bytea
-- returns: nothing
update job_file
set kept_at = coalesce(kept_at, now())
where digest = $1::bytea;

-- name: job_file_size
-- The size of a file that is kept whole; no row if there is none.
-- takes: digest bytea
-- returns: size bigint
select size
from job_file
where digest = $1::bytea
  and kept_at is not null;

-- name: next_job_file_piece
-- A piece of a file.
-- takes: digest bytea, place integer
-- returns: content bytea
select content
from job_file_piece
where digest = $1::bytea
  and place = $2::integer;

-- name: job_progress
-- When anything was last done on a job, for the worker that would go on with it.
-- takes: id uuid
-- returns: moved_at timestamptz
select greatest(job.moved_at, max(job_chunk.done_at)) as moved_at
from job
left join job_chunk on job_chunk.job = job.id
where job.id = $1::uuid
group by job.id;

-- name: delete_expired_jobs
-- Hides the jobs of all accounts whose time to be kept is over, and those never received whole.
-- takes: now timestamptz, begun_before timestamptz
-- returns: id uuid
update job
set deleted_at = $1::timestamptz
where deleted_at is null
  and (expires_at <= $1::timestamptz or (accepted_at is null and begun_at < $2::timestamptz))
returning id;

-- name: delete_job_rows
-- Deletes what is left of jobs of all accounts that were deleted, so many pieces and chunks at a time; returns no row once nothing is left.
-- takes: most integer
-- returns: id uuid
with chunk_gone as (
  delete from job_chunk
  where (job, chunk) in (
    select job_chunk.job, job_chunk.chunk
    from job_chunk
    join job on job.id = job_chunk.job
    where job.deleted_at is not null
    limit $1::integer
  )
  returning job
), piece_gone as (
  delete from job_piece
  where (job, place) in (
    select job_piece.job, job_piece.place
    from job_piece
    join job on job.id = job_piece.job
    where job.deleted_at is not null
    limit $1::integer
  )
  returning job
)
select job as id
from chunk_gone
union all
select job as id
from piece_gone;

-- name: delete_empty_jobs
-- Deletes the jobs of all accounts that were deleted and of which nothing is left.
-- takes: most integer
-- returns: id uuid
delete from job
where id in (
  select id
  from job as gone
  where gone.deleted_at is not null
    and not exists (
      select
      from job_chunk
      where job_chunk.job = gone.id
    )
    and not exists (
      select
      from job_piece
      where job_piece.job = gone.id
    )
  limit $1::integer
)
returning id;

-- name: delete_unused_bases
-- Deletes what no job is answered from any more, and was kept before a moment.
-- takes: kept_before timestamptz
-- returns: digest bytea
delete from job_basis
where kept_at < $1::timestamptz
  and not exists (
    select
    from job
    where job.basis = job_basis.digest
  )
returning digest;

-- name: delete_unused_job_files
-- Deletes the files of which nothing is answered any more, and were begun before a moment.
-- One that another file adds to stays as long as that one.
-- takes: begun_before timestamptz
-- returns: digest bytea
delete from job_file
where begun_at < $1::timestamptz
  and not exists (
    select
    from job_basis
    where job_basis.index_digest = job_file.digest
      or job_basis.register_digest = job_file.digest
  )
  and not exists (
    select
    from job_file as adding
    where adding.beside = job_file.digest
      and (
        adding.begun_at >= $1::timestamptz
        or exists (select from job_basis where job_basis.index_digest = adding.digest)
      )
  )
returning digest;

-- name: job_backlog
-- How many jobs of all accounts go on, and how many rows are read and not answered yet.
-- takes: nothing
-- returns: jobs bigint, rows bigint
select count(distinct job.id) as jobs, coalesce(sum(job_chunk.rows), 0)::bigint as rows
from job
left join job_chunk on job_chunk.job = job.id
  and job_chunk.done_at is null
where job.ended_at is null
  and job.accepted_at is not null
  and job.deleted_at is null;

-- name: forget_held_work
-- Takes work out of the queue that failed in a way nobody foresaw; what is to be done comes back by the two queries below.
-- takes: nothing
-- returns: id bigint
delete from pgqueuer
where status = 'failed'
  and entrypoint in ('read', 'screen')
returning id;

-- name: queue_lost_chunks
-- Puts chunks of all jobs into the queue that are to be screened and are not in it.
-- takes: nothing
-- returns: id bigint
insert into pgqueuer (priority, status, entrypoint, dedupe_key, payload)
select -coalesce(length(ltrim(job.size::bit(63)::text, '0')), 0), 'queued', 'screen',
  job_chunk.job || '/' || job_chunk.chunk, uuid_send(job_chunk.job) || int4send(job_chunk.chunk)
from job_chunk
join job on job.id = job_chunk.job
where job_chunk.done_at is null
  and job.ended_at is null
  and job.deleted_at is null
  and not exists (
    select
    from pgqueuer as queued
    where queued.dedupe_key = job_chunk.job || '/' || job_chunk.chunk
      and queued.status in ('queued', 'picked')
  )
on conflict do nothing
returning id;

-- name: queue_lost_readings
-- Puts jobs into the queue whose tables are to be read, or of which everything is answered, and are not in it.
-- takes: nothing
-- returns: id bigint
insert into pgqueuer (priority, status, entrypoint, dedupe_key, payload)
select -coalesce(length(ltrim(job.size::bit(63)::text, '0')), 0), 'queued', 'read', job.id::text,
  uuid_send(job.id)
from job
where job.accepted_at is not null
  and job.ended_at is null
  and job.deleted_at is null
  and (
    job.chunks is null
    or not exists (
      select
      from job_chunk
      where job_chunk.job = job.id
        and job_chunk.done_at is null
    )
  )
  and not exists (
    select
    from pgqueuer as queued
    where queued.dedupe_key = job.id::text
      and queued.status in ('queued', 'picked')
  )
on conflict do nothing
returning id;

-- name: delete_old_queue_log
-- Deletes what pgqueuer recorded of work that is done, before a moment.
-- takes: before timestamptz, most integer
-- returns: id bigint
delete from pgqueuer_log
where id in (
  select id
  from pgqueuer_log
  where created < $1::timestamptz
  limit $2::integer
)
returning id;
