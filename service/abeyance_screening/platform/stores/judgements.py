"""Judgements on hits, as those who screen counterparties again need them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, cast

import msgspec

from abeyance_screening.engine.screening.watched.differences import FieldChange
from abeyance_screening.engine.screening.watched.standing import StandingHit
from abeyance_screening.platform.postgres.queries import QueryPlace, fetched

type Decision = Literal["same", "different", "unsure"]
"""Whether the counterparty and the listing are one: `same`, `different`, or `unsure`, which leaves
it open."""
type JudgementState = Literal["waiting", "holds", "reopened", "replaced", "refused", "withdrawn"]
"""`waiting` for a second person; it `holds`; `reopened` by a change; `replaced` by a later one;
`refused` by the second person; `withdrawn` by whoever made it."""

_MOST_OF_A_NAME = 20

encode_basis = msgspec.json.Encoder().encode
_decode_basis = msgspec.json.Decoder(StandingHit).decode
_encode = msgspec.json.Encoder().encode


class HeldJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement that holds; `digest` is that of the counterparty, `basis` the hit as judged.

    `owner` is empty for the counterparty itself.
    """

    id: int
    account: str
    key: int
    counterparty: str
    listing_id: str
    owner: str
    decision: Decision
    until: date | None
    digest: bytes
    basis: StandingHit


class HitJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """A person's decision on one hit of one counterparty."""

    id: int
    """Number of the judgement; it grows."""
    counterparty: str
    """Your own id of the counterparty."""
    listing: str
    """Id of the listing."""
    owner: str | None
    """The owner of the counterparty that it is about, by id or else by name; null for itself."""
    decision: Decision
    reason: str
    """Why, in the words of whoever decided."""
    until: date | None
    """The last day on which it holds; null for no end."""
    state: JudgementState
    asked_by: str
    """Who made it."""
    asked_at: datetime
    """When it was made, in UTC."""
    approved_by: str | None
    """The second person; null without one."""
    approved_at: datetime | None
    """When the second person agreed, in UTC; null if nobody has."""
    ended_by: str | None
    """Who replaced, refused or withdrew it; null if nobody has, or it was reopened."""
    ended_at: datetime | None
    """When it ceased to hold, in UTC; null while it does, or waits."""
    because: tuple[FieldChange, ...]
    """The changes that reopened it; empty if it was not."""


async def judgements_that_hold(
    place: QueryPlace, keys: Sequence[int]
) -> Mapping[int, tuple[HeldJudgement, ...]]:
    """Return the judgements that hold about counterparties, by the keys of these."""
    found = dict[int, list[HeldJudgement]]()
    for row in await fetched(place, "judgements_that_hold", keys):
        columns: dict[str, object] = dict(row)
        columns["basis"] = _decode_basis(cast("bytes", columns["basis"]))
        each = msgspec.convert(columns, HeldJudgement)
        found.setdefault(each.key, []).append(each)
    return {key: tuple(each) for key, each in found.items()}


async def reopen(
    place: QueryPlace, reasons: Mapping[int, Sequence[FieldChange]], at: datetime
) -> frozenset[int]:
    """Reopen judgements by their ids, each for a reason; return the ids of those that held."""
    if not reasons:
        return frozenset()
    because = [_encode(each).decode() for each in reasons.values()]
    rows = await fetched(place, "reopen_judgements", list(reasons), because, at)
    return frozenset(msgspec.convert([row["id"] for row in rows], list[int]))


async def newest_judgements(
    place: QueryPlace, account: str, counterparties: Sequence[str]
) -> tuple[HitJudgement, ...]:
    """Return what holds, waits or was reopened about counterparties, the newest of each hit."""
    rows = await fetched(place, "judgements_of_counterparties", account, counterparties)
    return tuple(judgement_of(dict(row)) for row in rows)


class NamedCounterparties(msgspec.Struct, frozen=True, kw_only=True):
    """Counterparties of one name by their ids, in order, and what was decided about them."""

    ids: tuple[str, ...]
    judgements: tuple[HitJudgement, ...]


async def counterparties_named(place: QueryPlace, account: str, name: str) -> NamedCounterparties:
    """Return the first counterparties of an account with a name, in whatever case."""
    rows = await fetched(place, "counterparties_named", account, name, _MOST_OF_A_NAME)
    ids = msgspec.convert([row["id"] for row in rows], tuple[str, ...])
    judgements = await newest_judgements(place, account, ids) if ids else ()
    return NamedCounterparties(ids=ids, judgements=judgements)


def judgement_of(columns: dict[str, object]) -> HitJudgement:
    """Return the judgement in the columns of a row."""
    because = columns.pop("because")
    columns["because"] = () if because is None else msgspec.json.decode(str(because))
    columns["listing"] = columns.pop("listing_id")
    columns["owner"] = columns["owner"] or None
    return msgspec.convert(columns, HitJudgement)
