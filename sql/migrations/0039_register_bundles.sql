-- what: every register bundle that was taken up: who keeps and signed it, what it changed and carries, and who read what until when
-- lock: none: a new table
-- undo: drop table register_bundle

-- `editions` are the editions that it carries, each as its source, a blank and its SHA-256.
create table register_bundle (
  id bigint generated always as identity primary key,
  made_at timestamptz not null,
  sha256 text not null unique,
  revision integer not null,
  signed_by text[] not null,
  keeper text,
  changes text[] not null,
  editions text[] not null,
  taken_up_at timestamptz not null
);

create trigger register_bundle_append_only
before update or delete on register_bundle
for each row execute function refuse_change();

create trigger register_bundle_is_never_emptied
before truncate on register_bundle
for each statement execute function refuse_change();
