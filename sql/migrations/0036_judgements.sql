-- what: people's judgements on hits of counterparties, each bound to the listing as it read then
-- lock: none: new tables only
-- undo: drop table judgement; drop table judgement_terms; drop function audit_judgement, audit_judgement_terms

-- `basis` is JSON of the hit as it was judged, `digest` that of the counterparty. Of one counterparty,
-- listing and owner at most one judgement holds and at most one waits for a second person. `because`
-- is JSON of the fields that reopened it. A judgement goes with its counterparty.
create table judgement (
  id bigint generated always as identity primary key,
  account text not null,
  key bigint not null references counterparty (key) on delete cascade,
  counterparty text not null,
  listing_id text not null,
  owner text not null,
  decision text not null check (decision in ('same', 'different', 'unsure')),
  reason text not null,
  until date,
  state text not null check (state in ('waiting', 'holds', 'reopened', 'replaced', 'refused', 'withdrawn')),
  asked_by text not null,
  asked_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  ended_by text,
  ended_at timestamptz,
  because text,
  digest bytea not null,
  basis bytea not null
);
create unique index judgement_holds on judgement (key, listing_id, owner) where state = 'holds';
create unique index judgement_waits on judgement (key, listing_id, owner) where state = 'waiting';
create index judgement_of_account on judgement (account, id);
create index judgement_of_counterparty on judgement (key, id);
create index judgement_until on judgement (until) where state = 'holds' and until is not null;

-- What an account asks of its judgements: `four_eyes`, that another person approves each.
create table judgement_terms (
  account text primary key,
  four_eyes boolean not null
);

create function audit_judgement() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform audit(new.asked_by, 'judgement.made', new.id::text, jsonb_build_object(
      'counterparty', new.counterparty, 'listing', new.listing_id, 'decision', new.decision,
      'state', new.state
    ), new.account);
  elsif new.state <> old.state then
    perform audit(
      case new.state when 'holds' then new.approved_by when 'reopened' then 'service' else new.ended_by end,
      case new.state
        when 'holds' then 'judgement.approved'
        when 'reopened' then 'judgement.reopened'
        when 'replaced' then 'judgement.replaced'
        when 'refused' then 'judgement.refused'
        else 'judgement.withdrawn'
      end,
      new.id::text,
      jsonb_build_object('counterparty', new.counterparty, 'listing', new.listing_id), new.account);
  end if;
  return null;
end
$$;

create trigger audited after insert or update on judgement
for each row execute function audit_judgement();

create function audit_judgement_terms() returns trigger language plpgsql as $$
begin
  perform audit(null, 'judgement.terms_set', 'four_eyes',
    jsonb_build_object('four_eyes', new.four_eyes), new.account);
  return null;
end
$$;

create trigger audited after insert or update on judgement_terms
for each row execute function audit_judgement_terms();
