-- name: erasure_counterparties
-- All counterparties with what may hold a name; those of a screening that is held as evidence stay.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  key::text as id, account, added_at as at, id as counterparty,
  (
    select 'screening ' || screening.id || ' about it is held as evidence by ' || held_by
    from screening
    where screening.account = counterparty.account
      and counterparty_ids @> array[counterparty.id]
      and held_at is not null
    limit 1
  ) as stays,
  array[convert_to(id, 'UTF8'), convert_to(name, 'UTF8'), body, standing, lookups] as content
from counterparty;

-- name: erasure_judgements
-- All judgements with what may hold a name beside what people wrote; `counterparty` is the one that is still there.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  judgement.id::text as id, judgement.account, asked_at as at, counterparty.id as counterparty,
  null as stays,
  array[convert_to(judgement.counterparty, 'UTF8'), convert_to(owner, 'UTF8'), basis] as content
from judgement
left join counterparty on counterparty.key = judgement.key;

-- name: erasure_judgement_texts
-- What people wrote in judgements, and what reopened them.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, asked_at as at, null as counterparty, null as stays,
  array[convert_to(reason, 'UTF8'), convert_to(because, 'UTF8')] as content
from judgement
where reason <> ''
  or because is not null;

-- name: erasure_events
-- All events with what may hold a name; `counterparty` is the one that is still there.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  event.id::text as id, event.account, at, counterparty.id as counterparty, null as stays,
  array[
    convert_to(event.counterparty, 'UTF8'), convert_to(dedup_key, 'UTF8'), convert_to(data, 'UTF8')
  ] as content
from event
left join counterparty on counterparty.account = event.account
  and counterparty.id = event.counterparty;

-- name: erasure_comments
-- The comments on all alerts, as many as there are on each.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
-- order: none
select
  event::text as id, event_work.account, alert.at, null as counterparty, null as stays,
  (
    select array_agg(convert_to(comment ->> 'text', 'UTF8') order by place)
    from jsonb_array_elements(comments) with ordinality as each (comment, place)
  ) as content
from event_work
join alert on alert.id = event_work.event
where comments <> '[]';

-- name: erasure_deliveries
-- All deliveries of webhooks with what may hold a name; `counterparty` is the one that is still there.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  number::text as id, webhook_delivery.account, made_at as at, counterparty.id as counterparty,
  null as stays, array[convert_to(lane, 'UTF8'), convert_to(fault, 'UTF8')] as content
from webhook_delivery
left join counterparty on counterparty.account = webhook_delivery.account
  and 'of ' || counterparty.id = lane;

-- name: erasure_screenings
-- All kept screenings without the parts that only lists and register say; those that are held stay.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, asked_at as at, null as counterparty,
  'it is held as evidence by ' || held_by as stays,
  array[answer, convert_to(array_to_string(counterparty_ids, chr(10)), 'UTF8')] as content
from screening;

-- name: erasure_holds
-- Why screenings are held.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, held_at as at, null as counterparty, null as stays,
  array[convert_to(held_because, 'UTF8')] as content
from screening
where held_at is not null;

-- name: erasure_table_results
-- All results of tables, a row for the head of each and one for each of its parts.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, begun_at as at, null as counterparty, null as stays,
  array[head, null, null, null] as content
from table_result
union all
select result::text, account, begun_at, null, null, array[null, lines, parties, evidence]
from table_result_part
join table_result on table_result.id = table_result_part.result;

-- name: erasure_jobs
-- All jobs, a row for each and one for each of its chunks; those that have not ended stay.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
with kept as (
  select
    id, account, begun_at, name, terms, fault, head, reading,
    case when ended_at is null and deleted_at is null then 'it still runs: cancel it first' end as stays
  from job
)
select
  id::text as id, account, begun_at as at, null as counterparty, stays,
  array[convert_to(name, 'UTF8'), terms, fault, head, reading, null, null] as content
from kept
union all
select
  id::text, account, begun_at, null, stays, array[null, null, null, null, null, asked, lines]
from job_chunk
join kept on kept.id = job_chunk.job;

-- name: erasure_sent_tables
-- Tables of jobs as they were sent, in any format; none is read once its job has ended.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, begun_at as at, null as counterparty,
  case when ended_at is null and deleted_at is null
    then 'its job has not read it yet, and so nothing finds a name in it: wait, or cancel the job'
  end as stays,
  array[null]::bytea[] as content
from job
where exists (select from job_piece where job_piece.job = job.id);

-- name: erasure_idempotency_keys
-- All requests that are remembered by the key they were sent with, and their answers.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  jsonb_build_array(account, operation, key)::text as id, account, begun_at as at, null as counterparty,
  case when finished_at is null then 'its request is still being answered' end as stays,
  array[convert_to(key, 'UTF8'), body] as content
from idempotency_key;

-- name: erasure_pending_changes
-- All changes that wait, or waited, for a second person; only of releases a text may go.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, asked_at as at, null as counterparty,
  case when kind <> 'screening.released' then 'it is the change of a key by its own name' end as stays,
  array[convert_to(about, 'UTF8'), body] as content
from pending_change;

-- name: erasure_tracebacks
-- What pgqueuer recorded of work that failed.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, null as account, created as at, null as counterparty, null as stays,
  array[convert_to(traceback::text, 'UTF8')] as content
from pgqueuer_log
where traceback is not null;

-- name: erasure_audit_entries
-- All entries of the audit log with what may hold a name.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  id::text as id, account, at, null as counterparty, null as stays,
  array[
    convert_to(about, 'UTF8'), convert_to(details::text, 'UTF8'), convert_to(request_id, 'UTF8')
  ] as content
from audit_entry;

-- name: erasure_operator_texts
-- What operators wrote about lists and law, in tables that are only added to.
-- takes: nothing
-- returns: id text, account text, at timestamptz, counterparty text, stays text, content bytea[]
select
  wrote || ' ' || id as id, account, at, null as counterparty,
  'the record of lists and law is only added to' as stays, content
from (
  select 'party split' as wrote, id, null as account, recorded_at as at,
    array[convert_to(because, 'UTF8'), null, null, null] as content
  from party_split
  union all
  select 'choice of lists', id, account, chosen_at, array[null, convert_to(because, 'UTF8'), null, null]
  from list_profile
  union all
  select 'reading of a measure', id, null, recorded_at, array[null, null, convert_to(note, 'UTF8'), null]
  from measure_review
  union all
  select 'event of the register', id, null, recorded_at,
    array[null, null, null, convert_to(retracted_because, 'UTF8')]
  from register_event
  where retracted_because is not null
) as written;

-- name: erasure_listings
-- How many entries of lists have one of some names in them, whatever the case.
-- takes: names text[]
-- returns: listings bigint
select count(distinct listing_id) as listings
from listing_version
where exists (
  select
  from unnest($1::text[]) as name
  where strpos(lower(body::text), name) > 0
);

-- name: erase_counterparties
-- Deletes counterparties by their keys, except those of a screening that is held as evidence.
-- takes: keys text[]
-- returns: account text, id text
delete from counterparty
where key = any($1::text[]::bigint[])
  and not exists (
    select
    from screening
    where screening.account = counterparty.account
      and counterparty_ids @> array[counterparty.id]
      and held_at is not null
  )
returning account, id;

-- name: erase_judgements!
-- Tells the id of a counterparty that is gone, or the owner, by a SHA-256, and empties the hit as it was judged.
-- takes: ids text[], columns text[]
-- returns: nothing
update judgement
set
  counterparty = case when new.columns ~ '\mcounterparty\M'
    then 'sha256:' || audit_digest(convert_to(counterparty, 'UTF8')) else counterparty end,
  owner = case when new.columns ~ '\mowner\M' and owner not like 'sha256:%'
    then 'sha256:' || audit_digest(convert_to(owner, 'UTF8')) else owner end,
  basis = case when new.columns ~ '\mbasis\M' then '' else basis end
from unnest($1::text[], $2::text[]) as new (id, columns)
where judgement.id = new.id::bigint;

-- name: erase_judgement_texts!
-- Empties what people wrote in judgements.
-- takes: ids text[], columns text[]
-- returns: nothing
update judgement
set
  reason = case when new.columns ~ '\mreason\M' then '' else reason end,
  because = case when new.columns ~ '\mbecause\M' then '[]' else because end
from unnest($1::text[], $2::text[]) as new (id, columns)
where judgement.id = new.id::bigint;

-- name: erase_events!
-- Tells a counterparty that is gone and the key by a SHA-256, and takes all words out of events.
-- takes: ids text[], columns text[]
-- returns: nothing
update event
set
  counterparty = case when new.columns ~ '\mcounterparty\M'
    then 'sha256:' || audit_digest(convert_to(counterparty, 'UTF8')) else counterparty end,
  dedup_key = case when new.columns ~ '\mdedup_key\M' and dedup_key not like 'sha256:%'
    then 'sha256:' || audit_digest(convert_to(dedup_key, 'UTF8')) else dedup_key end,
  data = case when new.columns ~ '\mdata\M'
    then (
      data::jsonb - array['before', 'after', 'changes', 'counterparty_name'] #- '{listing,name}'
    )::text
    else data end
from unnest($1::text[], $2::text[]) as new (id, columns)
where event.id = new.id::bigint;

-- name: erase_comments!
-- Empties comments on alerts, `comments1` the first of an alert; who wrote when stays.
-- takes: ids text[], columns text[]
-- returns: nothing
-- order: none
update event_work
set comments = (
  select jsonb_agg(
    case when new.columns ~ ('\mcomments' || place || '\M')
      then comment || '{"text": ""}' else comment end
    order by place
  )
  from jsonb_array_elements(comments) with ordinality as each (comment, place)
)
from unnest($1::text[], $2::text[]) as new (id, columns)
where event = new.id::bigint;

-- name: erase_deliveries!
-- Tells the lane of a counterparty that is gone by a SHA-256, and forgets what went wrong.
-- takes: ids text[], columns text[]
-- returns: nothing
update webhook_delivery
set
  lane = case when new.columns ~ '\mlane\M'
    then 'of sha256:' || audit_digest(convert_to(substr(lane, 4), 'UTF8')) else lane end,
  fault = case when new.columns ~ '\mfault\M' then '' else fault end
from unnest($1::text[], $2::text[]) as new (id, columns)
where number = new.id::bigint;

-- name: erase_screenings!
-- Deletes kept screenings that nobody holds.
-- takes: ids text[], columns text[]
-- returns: nothing
delete from screening
using unnest($1::text[], $2::text[]) as gone (id, columns)
where screening.id = gone.id::uuid
  and held_at is null;

-- name: erase_holds!
-- Empties why screenings are held.
-- takes: ids text[], columns text[]
-- returns: nothing
update screening
set held_because = ''
from unnest($1::text[], $2::text[]) as new (id, columns)
where screening.id = new.id::uuid
  and held_at is not null;

-- name: erase_table_results!
-- Deletes results of tables with all their parts.
-- takes: ids text[], columns text[]
-- returns: nothing
delete from table_result
using unnest($1::text[], $2::text[]) as gone (id, columns)
where table_result.id = gone.id::uuid;

-- name: erase_jobs!
-- Deletes jobs that have ended, with all that is kept of them.
-- takes: ids text[], columns text[]
-- returns: nothing
delete from job
using unnest($1::text[], $2::text[]) as gone (id, columns)
where job.id = gone.id::uuid
  and (ended_at is not null or deleted_at is not null);

-- name: erase_sent_tables!
-- Deletes the tables of jobs that have ended as they were sent.
-- takes: ids text[], columns text[]
-- returns: nothing
delete from job_piece
using unnest($1::text[], $2::text[]) as gone (id, columns), job
where job_piece.job = gone.id::uuid
  and job.id = job_piece.job
  and (ended_at is not null or deleted_at is not null);

-- name: erase_idempotency_keys!
-- Deletes what is remembered of requests that were answered.
-- takes: ids text[], columns text[]
-- returns: nothing
delete from idempotency_key
using unnest($1::text[], $2::text[]) as gone (id, columns)
where account = gone.id::jsonb ->> 0
  and operation = gone.id::jsonb ->> 1
  and key = gone.id::jsonb ->> 2
  and finished_at is not null;

-- name: erase_pending_changes!
-- Empties why holds were to be released.
-- takes: ids text[], columns text[]
-- returns: nothing
update pending_change
set body = convert_to(
  jsonb_set(convert_from(body, 'UTF8')::jsonb, '{because}', '""')::text, 'UTF8'
)
from unnest($1::text[], $2::text[]) as new (id, columns)
where pending_change.id = new.id::bigint
  and kind = 'screening.released';

-- name: erase_tracebacks!
-- Deletes what pgqueuer recorded of how work failed.
-- takes: ids text[], columns text[]
-- returns: nothing
update pgqueuer_log
set traceback = null
from unnest($1::text[], $2::text[]) as new (id, columns)
where pgqueuer_log.id = new.id::bigint;

-- name: record_erasure
-- Records that a name was erased: its digest, and counts by place.
-- takes: account text, digest text, details jsonb
-- returns: audit void
select audit(null, 'erasure.done', $2::text, $3::jsonb, $1::text);

-- name: has_account
-- Whether anything is kept for an account, or a key was made for it.
-- takes: account text
-- returns: is_known boolean
select $1::text = 'main'
  or exists (select from api_key where account = $1::text)
  or exists (select from counterparty_total where account = $1::text)
  or exists (select from screening where account = $1::text)
  or exists (select from job where account = $1::text)
  or exists (select from event where account = $1::text)
  or exists (select from judgement where account = $1::text)
  or exists (select from audit_entry where account = $1::text) as is_known;

-- name: names_of_counterparty
-- The body of a counterparty of an account, by its id.
-- takes: account text, id text
-- returns: body bytea
select body
from counterparty
where account = $1::text
  and id = $2::text;

-- name: erasure_vacuum!
-- Frees the pages of what was erased, and forgets samples of it that the planner keeps.
-- takes: nothing
-- returns: nothing
vacuum (analyze) counterparty, judgement, event, event_work, webhook_delivery, screening,
  table_result, table_result_part, job, job_chunk, job_piece, idempotency_key, pending_change,
  pgqueuer_log, audit_entry;
