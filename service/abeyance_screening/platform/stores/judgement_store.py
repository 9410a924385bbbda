"""Judgements of one account in the database: made, approved, withdrawn, and their history."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

import asyncpg
import msgspec

from abeyance_screening.engine.screening.watched.standing import StandingAnswer, StandingHit
from abeyance_screening.platform.postgres.queries import QueryPlace, fetched
from abeyance_screening.platform.stores.judgements import (
    Decision,
    HitJudgement,
    JudgementState,
    encode_basis,
    judgement_of,
)
from abeyance_screening.platform.stores.standings import read_standing


class JudgedCounterparty(msgspec.Struct, frozen=True, kw_only=True):
    """A counterparty that is judged: what it is told of its answer, None before the first."""

    key: int
    id: str
    digest: bytes
    pending: bool
    standing: StandingAnswer | None


class NewJudgement(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement to be stored; `basis` is the hit as it reads."""

    counterparty: JudgedCounterparty
    basis: StandingHit
    decision: Decision
    reason: str
    until: date | None
    by: str
    at: datetime


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
        """Lock a counterparty until the transaction ends; None if there is none with the id.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
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

        Raises:
            StoreUnavailableError: The database does not answer.
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
            encode_basis(new.basis),
        )
        return cast("int", rows[0]["id"])

    async def get(self, key: int) -> tuple[int, HitJudgement] | None:
        """Lock a judgement; return it with the key of its counterparty, None if there is none.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "judgement_of_account", self._account, key)
        return (cast("int", rows[0]["key"]), _judgement(rows[0])) if rows else None

    async def by_id(self, keys: Sequence[int]) -> tuple[HitJudgement, ...]:
        """Return judgements by their ids, in the order given.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        found = [await self.get(key) for key in keys]
        return tuple(each[1] for each in found if each is not None)

    async def approve(self, key: int, judgement: HitJudgement, by: str, at: datetime) -> None:
        """Have a judgement hold that waits, instead of the one that held before.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        about = key, judgement.listing, judgement.owner or ""
        await self._end(about, ["holds"], by, at)
        await self.settle(judgement.id, "holds", by, at)

    async def settle(self, key: int, state: JudgementState, by: str, at: datetime) -> None:
        """Have a judgement hold, be refused, or be withdrawn.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        await fetched(self._place, "settle_judgement", self._account, key, state, by, at)

    async def listed(self, query: JudgementQuery, most: int) -> tuple[HitJudgement, ...]:
        """Return up to `most` judgements, all that there ever were, the newest first.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        asked = query.before, query.counterparty, query.listing, query.state
        rows = await fetched(self._place, "judgements_of_account", self._account, *asked, most)
        return tuple(map(_judgement, rows))

    async def is_four_eyed(self) -> bool:
        """Return whether another person must approve each judgement.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        rows = await fetched(self._place, "judgement_terms", self._account)
        return bool(rows and rows[0]["four_eyes"])

    async def set_four_eyed(self, *, four_eyes: bool) -> None:
        """Set whether another person must approve each judgement.

        Raises:
            StoreUnavailableError: The database does not answer.
        """
        await fetched(self._place, "put_judgement_terms", self._account, four_eyes)

    async def _end(
        self, about: tuple[int, str, str], states: Sequence[str], by: str, at: datetime
    ) -> None:
        await fetched(
            self._place, "end_judgements", self._account, *about, states, "replaced", by, at
        )


def _judgement(row: asyncpg.Record) -> HitJudgement:
    return judgement_of(dict(row))
