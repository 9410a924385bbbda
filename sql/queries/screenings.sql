-- name: add_screening!
-- Keeps an answer exactly as it was given.
-- takes: id uuid, asked_at timestamptz, answer bytea
-- returns: nothing
insert into screening (id, asked_at, answer)
values ($1::uuid, $2::timestamptz, $3::bytea);

-- name: screening_answer
-- The answer of one screening, as it was given.
-- takes: id uuid
-- returns: answer bytea
select answer
from screening
where id = $1::uuid;
