-- name: measure_lookers
-- Who looks what becomes of each measure that somebody ever looked after; null where nobody does any more.
-- takes: nothing
-- returns: measure_id text, looker text
-- order: measure_id
select distinct on (measure_id) measure_id, looker
from measure_looker
order by measure_id, id desc;

-- name: add_measure_lookers!
-- Records who looks what becomes of some measures, nobody if there is no looker.
-- takes: measure_ids text[], looker text, recorded_by text, recorded_at timestamptz
-- returns: nothing
insert into measure_looker (measure_id, looker, recorded_by, recorded_at)
select measure_id, $2::text, $3::text, $4::timestamptz
from unnest($1::text[]) as measure_id;
