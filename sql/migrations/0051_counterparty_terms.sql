-- what: which lists or profiles a counterparty names, so that a list of them tells whether these are fresh now
-- lock: access exclusive on counterparty while those that name any are found, in one pass over the table
-- undo: drop index counterparty_by_terms; alter table counterparty drop column terms

-- JSON of both; null where the counterparty names neither.
alter table counterparty add column terms text;

update counterparty
set terms = jsonb_build_array(
  convert_from(body, 'UTF8')::jsonb -> 'lists', convert_from(body, 'UTF8')::jsonb -> 'profile'
)::text
where position('"lists":['::bytea in body) > 0
  or position('"profile":['::bytea in body) > 0;

create index counterparty_by_terms on counterparty (account, terms) where terms is not null;
