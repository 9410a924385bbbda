"""Which measures most need a legal reader, and why."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal

import msgspec

from abeyance_screening.engine.lists.catalogue import LIST_BY_CODE
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Measure, has_words
from abeyance_screening.engine.measures.measure_fields import (
    ActLink,
    AuthorityName,
    CheckedUntil,
    IdOfMeasure,
    JurisdictionCode,
    MeasureCitation,
    MeasureTitle,
)
from abeyance_screening.engine.measures.sign_offs import SignOff, sign_off_of
from abeyance_screening.engine.measures.status import EventShown, MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.desk import Desk
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.law_evidence import bound_by_list
from abeyance_screening.primitives.days import Days, Rest, days_of
from abeyance_screening.primitives.errors import BadInputError
from abeyance_screening.primitives.fair_scheduler import Throttle
from abeyance_screening.primitives.structs import copy_as

# --- Which measures most need a legal reader: the listings they touch, times how unsure they are.
#
# How unsure a measure is, is the sum of the weights of its doubts (`WEIGHTS`). The need is the
# number of listings that the measure binds on the day, at least one, times that sum. A measure
# that somebody has signed off since its record last changed needs nobody: its need is 0.

Doubt = Literal["unknown_status", "general_knowledge", "disputed", "no_words", "stale"]
"""Why it may be wrong: its status is unknown (`unknown_status`), nobody read a source
(`general_knowledge`), sources contradict an event (`disputed`), no act is quoted (`no_words`), or
it was read too long ago (`stale`)."""
# A wrong answer is likeliest where the status is unknown, then where nobody read a source or
# sources disagree; a text that was read second-hand may be misread, and one read long ago may have
# changed. Only the order of the numbers rests on that; each adds to the others.
WEIGHTS: Mapping[Doubt, int] = MappingProxyType(
    {"unknown_status": 4, "general_knowledge": 3, "disputed": 3, "no_words": 2, "stale": 1}
)
"""What each doubt about a measure weighs."""

# More than any need: some million listings times all weights.
_LARGEST = 10**11


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One measure to read, with everything that the reader compares with the act."""

    measure_id: IdOfMeasure
    title: MeasureTitle
    authority: AuthorityName
    jurisdiction: JurisdictionCode
    status: StatusWord
    listings: int
    """How many listings it binds on the day."""
    doubts: tuple[Doubt, ...]
    """The reasons to be unsure, heaviest first: `unknown_status`, `general_knowledge` (nobody read
    a source), `disputed`, `no_words` (no act is quoted), `stale`."""
    unsure: int
    """Sum of the weights of the doubts."""
    need: int
    """`listings`, at least 1, times `unsure`; 0 once it is signed off."""
    citation: MeasureCitation
    url: ActLink
    checked_until: CheckedUntil
    quote: str | None
    """The standing text's own words; null if nobody has read them."""
    events: tuple[EventShown, ...]
    """All its events, in order."""
    sign_off: SignOff | None
    """Who last read the record against the act; null if nobody has."""


class ReviewList(msgspec.Struct, frozen=True, kw_only=True):
    """The measures that most need a legal reader, the neediest first.

    `list_code` None: the listings of all lists count.
    """

    as_of: date
    known_at: date
    list_code: str | None
    rows: tuple[ReviewRow, ...]


class ReviewDays(msgspec.Struct, frozen=True, kw_only=True):
    """The days that measures are read on, and today, on which their listings are counted."""

    days: Days
    today: Days


class CurrentReview:
    """The review of the newest index and register asked about; the listings are counted once.

    Counting looks at every listing, so it is done in a thread, by one request at a time, and a
    sign-off does not make it necessary again.
    """

    def __init__(self) -> None:
        self._counting = asyncio.Lock()
        self._counted: _Counted | None = None

    async def at(self, desk: Desk, days: Days, list_code: str | None) -> ReviewList:
        """Return the measures that most need a legal reader, the neediest first.

        Listings are counted as of today, whatever the days, in a thread that makes way for
        questions, once for each index, register and day of asking.

        Raises:
            BadInputError: There is no such list.
        """
        rest = Throttle(desk.current.is_asked)
        asked = ReviewDays(days=days, today=days_of(None, None, desk.now()))
        return await self.of(desk.current.get(), desk.board, asked, list_code, rest)

    async def of(
        self,
        index: ListingIndex,
        board: MeasureBoard,
        days: ReviewDays,
        list_code: str | None,
        rest: Rest,
    ) -> ReviewList:
        """Return the measures by need; `rest` is called now and then while listings are counted.

        Raises:
            BadInputError: There is no such list.
        """
        async with self._counting:
            counted = await asyncio.to_thread(self._count, index, board, days.today, rest)
        return await asyncio.to_thread(review_list, board, counted.bound, days.days, list_code)

    def _count(
        self, index: ListingIndex, board: MeasureBoard, days: Days, rest: Rest
    ) -> "_Counted":
        known = self._counted
        if (
            known is None
            or known.names is not index.names
            or known.days != days
            or known.measures != board.register.measures
        ):
            bound = bound_by_list(index, board, days, rest)
            known = _Counted(index.names, board.register.measures, days, bound)
            self._counted = known
        return known


class _Counted(msgspec.Struct, frozen=True):
    """The listings that each measure binds, and what they were counted on."""

    names: object
    measures: tuple[Measure, ...]
    days: Days
    bound: Mapping[str, Counter[str]]


def review_list(
    board: MeasureBoard,
    bound: Mapping[str, Counter[str]],
    days: Days,
    list_code: str | None = None,
) -> ReviewList:
    """Return the measures by need, then by id; `bound` is what `bound_by_list` returns.

    With a list, only the measures that bind a listing of it, by the listings of that list.

    Raises:
        BadInputError: There is no such list.
    """
    if list_code is None:
        listings = sum(bound.values(), Counter[str]())
    elif list_code in LIST_BY_CODE or list_code in bound:
        listings = bound.get(list_code, Counter[str]())
    else:
        raise BadInputError("list", f"no list is called {list_code!r}")
    measures = [
        each for each in board.register.measures if list_code is None or listings[each.id] > 0
    ]
    rows = (
        _row(board, measure, on_day, listings[measure.id])
        for measure, on_day in zip(measures, board.every(measures, days), strict=True)
    )
    return ReviewList(
        as_of=days.as_of,
        known_at=days.known_at,
        list_code=list_code,
        rows=tuple(sorted(rows, key=need_key)),
    )


def need_key(row: ReviewRow) -> str:
    """Return the unique sort key of a row: the greatest need first, then most listings."""
    return f"{_LARGEST - row.need:012} {_LARGEST - row.listings:012} {row.measure_id}"


def _row(board: MeasureBoard, measure: Measure, on_day: MeasureOnDay, listings: int) -> ReviewRow:
    doubts = tuple(_doubts(measure, on_day))
    unsure = sum(WEIGHTS[each] for each in doubts)
    sign_off = sign_off_of(board.register, measure.id)
    is_signed = sign_off is not None and sign_off.is_current
    return copy_as(
        ReviewRow,
        measure,
        measure_id=measure.id,
        status=on_day.status,
        listings=listings,
        doubts=doubts,
        unsure=unsure,
        need=0 if is_signed else max(listings, 1) * unsure,
        quote=None if measure.words is None else measure.words.quote,
        events=board.events(measure.id),
        sign_off=sign_off,
    )


def _doubts(measure: Measure, on_day: MeasureOnDay) -> Iterator[Doubt]:
    if on_day.status == "unknown":
        yield "unknown_status"
    if not any(each.confidence != "general_knowledge" for each in on_day.rests_on):
        yield "general_knowledge"
    if on_day.disputed:
        yield "disputed"
    if not has_words(measure):
        yield "no_words"
    if on_day.stale:
        yield "stale"
