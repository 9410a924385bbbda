-- what: the entities of users' own lists in FollowTheMoney form, to which later deltas are applied
-- lock: edition exclusively, for a moment: the column has a constant default
-- undo: drop table list_entity; alter table edition drop column keeps_entities

-- The entities that the current edition of a list was made of, each as it was read, in JSON. `ends`
-- are the ids that a link or document points to, `pointers` those that other properties hold.
create table list_entity (
  list_code text not null,
  entity_id text not null,
  ends text[] not null,
  pointers text[] not null,
  body text not null,
  primary key (list_code, entity_id)
);

-- for what points to an entity
create index list_entity_ends on list_entity using gin (ends);

create index list_entity_pointers on list_entity using gin (pointers);

-- Whether the entities of an edition were kept. They are those of the current one alone.
alter table edition add column keeps_entities boolean not null default false;
