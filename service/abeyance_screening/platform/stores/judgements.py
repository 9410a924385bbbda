"""Judgements on hits in the database: made, approved, withdrawn, reopened, and their history."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, cast

import asyncpg
import msgspec

from abeyance_screening.engine.screening.watched.differences import FieldChange
from abeyance_screening.engine.screening.watched.standing import StandingAnswer, StandingHit
from abeyance_screening.platform.access.identity import Eyes, decode_eyes, encode_eyes
from abeyance_screening.platform.postgres.database import QueryPlace, fetched
from abeyance_screening.platform.stores.standings import read_standing

type Decision = Literal["same", "different", "unsure"]
"""Whether the counterparty and the listing are one: `same`, `different`, or `unsure`, which leaves
it open."""
type JudgementState = Literal[
    "waiting", "holds", "reopened", "replaced", "refused", "withdrawn", "gone"
]
"""`waiting` for a second person; it `holds`; `reopened` by a change; `replaced` by a later one;
`refused` by the second person; `withdrawn` by whoever made it; `gone` with its counterparty, which
was deleted."""

_MOST_OF_A_NAME = 20

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
    """The owner of the counterparty that it is about, by id or else by name, by a SHA-256 once the
    counterparty is deleted; null for itself."""
    decision: Decision
    reason: str
    """Why, in the words of whoever decided; empty once the counterparty is deleted."""
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
    """The changes that reopened it, or that its counterparty was deleted; empty without one."""


class JudgedCounterparty(msgspec.Struct, frozen=True, kw_only=True):
    """A counterparty that is judged: what it is told of its answer, None before the first."""

    key: int
    id: str
    digest: bytes
    pending: bool
    standing: StandingAnswer | None


class NewJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement to be stored; `basis` is the hit as it reads, `eyes` None for `by` alone."""

    counterparty: JudgedCounterparty
    basis: StandingHit
    decision: Decision
    reason: str
    until: date | None
    by: str
    at: datetime
    eyes: Eyes | None = None


class JudgementQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which judgements are wanted; None lets every value through."""

    before: int | None = None
    counterparty: str | None = None
    listing: str | None = None
    state: JudgementState | None = None


class JudgementStore:
    """The judgements of one account, on a connection or a pool."""

    def __init__(self, place: QueryPlace, account: str) -> None:
        self._place = place
        self._account = account

    async def counterparty(self, key: str) -> JudgedCounterparty | None:
        """Lock a counterparty until the transaction ends; None if there is none with the id."""
        rows = await fetched(self._place, "lock_counterparty", self._account, key)
        if not rows:
            return None
        columns: dict[str, object] = dict(rows[0])
        standing = cast("bytes | None", columns["standing"])
        columns["standing"] = None if standing is None else read_standing(standing)
        return msgspec.convert(columns, JudgedCounterparty)

    async def add(self, new: NewJudgement, *, waits: bool) -> int:
        """Add a judgement, which holds at once or `waits` for a second person; return its id.

        What it comes instead of is replaced: what waits about the same hit, and what holds if the
        new one does.
        """
        about = new.counterparty.key, new.basis.listing_id, new.basis.owner or ""
        gone = ["waiting"] if waits else ["waiting", "holds"]
        await self._end(about, gone, new.by, new.at)
        rows = await fetched(
            self._place,
            "add_judgement",
            self._account,
            new.counterparty.key,
            new.counterparty.id,
            *about[1:],
            new.decision,
            new.reason,
            new.until,
            "waiting" if waits else "holds",
            new.by,
            new.at,
            new.counterparty.digest,
            _encode(new.basis),
            encode_eyes(new.eyes or Eyes(people=(new.by,))),
        )
        return cast("int", rows[0]["id"])

    async def get(self, key: int) -> tuple[int, HitJudgement] | None:
        """Lock a judgement; return it with the key of its counterparty, None if there is none."""
        rows = await fetched(self._place, "judgement_of_account", self._account, key)
        return (cast("int", rows[0]["key"]), _judgement(rows[0])) if rows else None

    async def eyes(self, judgement: HitJudgement) -> Eyes:
        """Return who may have made a judgement; an earlier version recorded the name alone."""
        rows = await fetched(self._place, "judgement_eyes", self._account, judgement.id)
        stored: object = rows[0]["asked_eyes"] if rows else None
        return Eyes(people=(judgement.asked_by,)) if stored is None else decode_eyes(stored)

    async def by_id(self, keys: Sequence[int]) -> tuple[HitJudgement, ...]:
        """Return judgements by their ids, in the order given."""
        found = [await self.get(key) for key in keys]
        return tuple(each[1] for each in found if each is not None)

    async def approve(self, key: int, judgement: HitJudgement, by: str, at: datetime) -> None:
        """Have a judgement hold that waits, instead of the one that held before."""
        about = key, judgement.listing, judgement.owner or ""
        await self._end(about, ["holds"], by, at)
        await self.settle(judgement.id, "holds", by, at)

    async def settle(self, key: int, state: JudgementState, by: str, at: datetime) -> None:
        """Have a judgement hold, be refused, or be withdrawn."""
        await fetched(self._place, "settle_judgement", self._account, key, state, by, at)

    async def listed(self, query: JudgementQuery, most: int) -> tuple[HitJudgement, ...]:
        """Return up to `most` judgements, all that there ever were, the newest first."""
        asked = query.before, query.counterparty, query.listing, query.state
        rows = await fetched(self._place, "judgements_of_account", self._account, *asked, most)
        return tuple(map(_judgement, rows))

    async def set_four_eyed(self, *, four_eyes: bool) -> None:
        """Set whether another person must approve each judgement."""
        await fetched(self._place, "put_judgement_terms", self._account, four_eyes)

    async def _end(
        self, about: tuple[int, str, str], states: Sequence[str], by: str, at: datetime
    ) -> None:
        await fetched(
            self._place, "end_judgements", self._account, *about, states, "replaced", by, at
        )


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
    return tuple(map(_judgement, rows))


class NamedCounterparties(msgspec.Struct, frozen=True, kw_only=True):
    """Counterparties of one name by their ids, in order, and what was decided about them."""

    ids: tuple[str, ...]
    judgements: tuple[HitJudgement, ...]


async def counterparties_named(place: QueryPlace, account: str, name: str) -> NamedCounterparties:
    """Return the first counterparties of an account with a name, in whatever case."""
    if "\0" in name:
        # PostgreSQL holds no text with this character, so nobody is kept under such a name
        return NamedCounterparties(ids=(), judgements=())
    rows = await fetched(place, "counterparties_named", account, name, _MOST_OF_A_NAME)
    ids = msgspec.convert([row["id"] for row in rows], tuple[str, ...])
    judgements = await newest_judgements(place, account, ids) if ids else ()
    return NamedCounterparties(ids=ids, judgements=judgements)


def _judgement(row: asyncpg.Record) -> HitJudgement:
    columns: dict[str, object] = dict(row)
    because = columns.pop("because")
    columns["because"] = () if because is None else msgspec.json.decode(str(because))
    columns["listing"] = columns.pop("listing_id")
    columns["owner"] = columns["owner"] or None
    return msgspec.convert(columns, HitJudgement)
