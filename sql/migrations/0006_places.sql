-- what: the places where acts appear: looks at them, their documents, and persons' confirmations
-- lock: none that others wait for; only new tables
-- undo: drop table place_document; drop table place_confirmation; drop table place_look;
--   drop function refuse_change

create table place_look (
  id bigint generated always as identity primary key,
  place_id text not null,
  looked_at timestamptz not null,
  outcome text not null check (outcome in ('read', 'failed')),
  reason text,
  check ((outcome = 'failed') = (reason is not null))
);

create index place_look_newest on place_look (place_id, outcome, id);

-- A person's word; a later one of the same place takes the place of an earlier one. A person has
-- read the place's documents up to `read_up_to`, null for none.
create table place_confirmation (
  id bigint generated always as identity primary key,
  place_id text not null,
  until date not null,
  confirmed_at timestamptz not null,
  confirmed_by text not null,
  read_up_to bigint
);

create index place_confirmation_newest on place_confirmation (place_id, id);

-- `is_known`: it was there when the place was first read, and older than the register's own reading.
create table place_document (
  id bigint generated always as identity primary key,
  place_id text not null,
  key text not null,
  title text not null,
  url text not null,
  dated_on date,
  body text,
  seen_at timestamptz not null,
  is_known boolean not null,
  unique (place_id, key)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed or deleted', tg_table_name;
end
$$;

create trigger place_confirmation_append_only
  before update or delete on place_confirmation
  for each row execute function refuse_change();
