-- name: add_screening_parts!
-- Stores the parts of answers that are not stored yet; a digest already stored keeps its body.
-- takes: digests bytea[], bodies bytea[]
-- returns: nothing
insert into screening_part (digest, body)
select digest, body
from unnest($1::bytea[], $2::bytea[]) as part (digest, body)
on conflict (digest) do nothing;

-- name: screening_answer
-- The answer of one screening without its parts, and the places and digests of the parts.
-- The places ascend.
-- takes: id uuid
-- returns: answer bytea, part_places int4[], part_digests bytea[]
select answer, part_places, part_digests
from screening
where id = $1::uuid;

-- name: screening_parts
-- Parts of answers by their digests.
-- takes: digests bytea[]
-- returns: digest bytea, body bytea
select digest, body
from screening_part
where digest = any($1::bytea[]);
