"""The screenings that an account keeps: what each is about, and a page of them, newest first."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Annotated, Protocol
from uuid import UUID

import msgspec

from abeyance_screening.engine.screening.answer import (
    LOOK_FIRST,
    CounterpartyResult,
    Outcome,
    ScreeningHead,
)
from abeyance_screening.engine.screening.question import read_percent
from abeyance_screening.engine.screening.trade.transaction import Restrictions
from abeyance_screening.primitives.cursors import NextCursor, cursor_at_moment, moment_of
from abeyance_screening.primitives.days import beginning_of, end_of
from abeyance_screening.primitives.errors import BadInputError

_ONLY_FULL = BadInputError(
    "view", "can only be full: an earlier version of the service kept this screening"
)


class SharedPiece(msgspec.Struct, frozen=True, gc=False):
    """A piece of JSON that many answers share; `digest` is the SHA-256 of its body."""

    body: bytes
    digest: bytes

    @classmethod
    def of(cls, body: bytes) -> "SharedPiece":
        """Return the piece with this body."""
        return cls(body, hashlib.sha256(body).digest())


class AnswerPieces(msgspec.Struct, frozen=True):
    """An answer in two forms: whole, and split into its own bytes and shared parts for storage.

    `pieces`, one after another, are the whole answer. `own`, one after another, are the bytes
    that only this answer has. Each of `parts` is a position in those bytes and the shared piece
    to insert there; positions ascend, and parts at the same position follow one another.
    """

    pieces: tuple[bytes, ...]
    own: tuple[bytes, ...]
    parts: tuple[tuple[int, SharedPiece], ...]


class ScreeningSummary(msgspec.Struct, frozen=True, kw_only=True):
    """What a kept screening is about: how many counterparties, their callers' ids, the outcome.

    `counterparty_ids` are those that the caller gave, each once, in the order of the question.
    `outcome` is that of the counterparty that most needs a look.
    """

    counterparty_count: int
    counterparty_ids: tuple[str, ...]
    outcome: str


class ScreeningHold(msgspec.Struct, frozen=True, kw_only=True):
    """Why a screening is held, who says so, and since when."""

    held_at: datetime
    """Since when it is held, in UTC."""
    held_by: str
    """Who holds it, or changed last why."""
    held_because: str
    """Why, in the words of whoever holds it."""


class ListedScreening(msgspec.Struct, frozen=True, kw_only=True):
    """A kept screening without its answer.

    Number, ids and outcome are null in one that an earlier version of the service kept, until this
    one has read its answer for them.
    """

    id: UUID
    """Its id, for `GET /v1/screenings/{id}`."""
    asked_at: datetime
    """When it was asked, in UTC."""
    account: str
    """The account that keeps it."""
    counterparty_count: int | None
    """How many counterparties it is about."""
    counterparty_ids: tuple[str, ...] | None
    """The ids that the caller gave to them, each once, in the order of the question."""
    outcome: str | None
    """Outcome of the counterparty that most needs a look: `hits`, `owner_hits`, `incomplete`,
    `no_hits`."""
    held_at: datetime | None
    """Since when it is held, in UTC; null for one that is not."""
    held_by: str | None
    """Who holds it; null for nobody."""
    held_because: str | None
    """Why it is held; null for one that is not."""


class HistorySpan(msgspec.Struct, frozen=True, kw_only=True):
    """Which kept screenings are listed: those asked from `since` on and before `before`.

    Both are UTC. `after` is the last screening of the page before, None for the first page.
    With `counterparty_id` only those about that counterparty, by the caller's own id, or that may
    be: whose ids were not read yet.
    """

    since: datetime
    before: datetime
    after: tuple[datetime, UUID] | None
    counterparty_id: str | None


_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)
# A screening has up to a thousand ids of up to 200 characters: a page ends before it has more ids
# than this, some megabytes at most, or after one screening.
_MOST_IDS = 10_000


class ScreeningStore(Protocol):
    """Keeps the answers of one account and gives them back, byte for byte."""

    async def add(
        self, key: UUID, asked_at: datetime, answer: AnswerPieces, summary: ScreeningSummary
    ) -> None:
        """Keep one answer until it is deleted.

        Raises:
            StoreUnavailableError: The answer was not kept.
        """
        ...

    async def answer(self, key: UUID) -> Sequence[bytes] | None:
        """Return an earlier answer in pieces, or None."""
        ...

    async def listed(self, span: HistorySpan, most: int) -> tuple[ListedScreening, ...]:
        """Return up to `most` kept screenings, the newest first."""
        ...

    async def delete(self, key: UUID) -> bool:
        """Delete an answer for good; return False if none has the id.

        Raises:
            ScreeningHeldError: It is held.
        """
        ...

    async def hold_of(self, key: UUID) -> ScreeningHold | None:
        """Return the hold of an answer; None if it is not held, or there is none."""
        ...

    async def keep_as_evidence(self, key: UUID, hold: ScreeningHold) -> ScreeningHold | None:
        """Hold an answer, or change why; return the hold, None if none has the id."""
        ...

    async def release_evidence(self, key: UUID, because: str) -> bool:
        """End the hold of an answer; return False if there is none."""
        ...


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which kept screenings are asked for: by day of asking (UTC, both included) and counterparty.

    `counterparty_id` is the caller's own id. A page has at most `limit` screenings.
    """

    from_day: date | None = None
    until_day: date | None = None
    counterparty_id: str | None = None
    limit: int
    cursor: str | None = None


class ScreeningPage(msgspec.Struct, frozen=True, kw_only=True):
    """Screenings that the key's account keeps, the newest first; no name is in it."""

    items: tuple[ListedScreening, ...]
    """The screenings, the newest first."""
    next_cursor: NextCursor


class _PartyRead(msgspec.Struct, frozen=True):
    """One counterparty of a kept answer: the caller's id, and the outcome."""

    id: str | None
    outcome: Outcome


class _AnswerRead(msgspec.Struct, frozen=True):
    """The part of a kept answer that the list of screenings needs."""

    results: Annotated[tuple[_PartyRead, ...], msgspec.Meta(min_length=1)]


class StoredAnswer(ScreeningHead, frozen=True, kw_only=True):
    """A kept answer whose results are not read yet; see `results_of`."""

    results: tuple[msgspec.Raw, ...]
    restrictions: Restrictions


def read_stored(answer: Sequence[bytes]) -> StoredAnswer:
    """Return a kept answer, which is given in pieces.

    Raises:
        BadInputError: An earlier version of the service kept it in a form that had less.
    """
    try:
        return msgspec.json.decode(b"".join(answer), type=StoredAnswer)
    except msgspec.ValidationError as error:
        raise _ONLY_FULL from error


def results_of(answer: StoredAnswer) -> Iterator[CounterpartyResult]:
    """Yield the results of a kept answer; it raises what `read_stored` does."""
    try:
        for each in answer.results:
            yield msgspec.json.decode(each, type=CounterpartyResult, dec_hook=read_percent)
    except msgspec.ValidationError as error:
        raise _ONLY_FULL from error


def summary_of(results: Sequence[CounterpartyResult | _PartyRead]) -> ScreeningSummary:
    """Return the summary of an answer with these results, for the list of kept screenings."""
    outcomes = {each.outcome for each in results}
    ids = (each.id for each in results if each.id is not None)
    return ScreeningSummary(
        counterparty_count=len(results),
        counterparty_ids=tuple(dict.fromkeys(ids)),
        outcome=next(each for each in LOOK_FIRST if each in outcomes),
    )


def summary_in(answer: bytes) -> ScreeningSummary:
    """Return the summary of an answer in JSON, for the list of kept screenings."""
    return summary_of(msgspec.json.decode(answer, type=_AnswerRead).results)


async def kept_page(store: ScreeningStore, query: HistoryQuery) -> ScreeningPage:
    """Return one page of the screenings that are kept.

    Raises:
        BadInputError: The days contradict each other, or the cursor is not one of ours.
    """
    kept = await store.listed(_span(query), query.limit + 1)
    items = _few_enough(kept[: query.limit])
    is_last = len(items) == len(kept)
    last = None if is_last else items[-1]
    cursor = None if last is None else cursor_at_moment("screenings", last.asked_at, last.id)
    return ScreeningPage(items=items, next_cursor=cursor)


def _span(query: HistoryQuery) -> HistorySpan:
    first, last = query.from_day, query.until_day
    if first is not None and last is not None and last < first:
        raise BadInputError("until", "lies before `from`")
    return HistorySpan(
        since=_EVER if first is None else beginning_of(first),
        before=_NEVER if last is None else end_of(last),
        after=None if query.cursor is None else moment_of("screenings", query.cursor),
        counterparty_id=query.counterparty_id,
    )


def _few_enough(screenings: Sequence[ListedScreening]) -> tuple[ListedScreening, ...]:
    ids = accumulate(len(each.counterparty_ids or ()) for each in screenings)
    fitting = sum(1 for count in ids if count <= _MOST_IDS)
    return tuple(screenings[: max(fitting, 1)])
