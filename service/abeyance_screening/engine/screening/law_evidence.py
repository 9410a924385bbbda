"""How well the measures behind each list are supported by what was read."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Confidence, has_words
from abeyance_screening.engine.measures.status import MeasureStatus
from abeyance_screening.engine.screening.applicable_versions import on_day, speaking
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.primitives.days import Days, Rest, no_rest, paced
from abeyance_screening.primitives.structs import copy_as

# --- What the law behind the listings rests on: the act's own words, other sources, or nothing.
#
# An answer is as good as the register that it is made of. This is the table of it, by list and by
# measure, so that anybody can see it improve or decay.


class ListEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """The listings of one list by the best evidence of the measures that bind them.

    Each of the `listings` that are on the list on the day counts in exactly one of `with_words`
    (a binding measure has the act's own words), `second_hand` (none has, but some event was read
    in a source), `general_knowledge` (no source was read) and `unbound` (no measure binds it on
    the day). `stale` counts those of which no binding measure was checked up to the day.
    """

    list_code: str
    listings: int
    with_words: int
    second_hand: int
    general_knowledge: int
    unbound: int
    stale: int


class MeasureEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One measure: how many listings it binds on the day, and what the register knows it by."""

    measure_id: str
    title: str
    jurisdiction: str
    listings: int
    has_words: bool
    confidence: Confidence
    checked_until: date | None


class RegisterEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence for a day: `total` over all lists, `lists` by code, `measures` by listings.

    The measures that bind most listings come first.
    """

    as_of: date
    known_at: date
    total: ListEvidence
    lists: tuple[ListEvidence, ...]
    measures: tuple[MeasureEvidence, ...]


def register_evidence(index: ListingIndex, board: MeasureBoard, days: Days) -> RegisterEvidence:
    """Return what the measures behind every listing rest on, for the listings on their lists."""
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    reached = Counter[str]()
    for list_code, binding in _bound(index, board, days):
        tallies[list_code].update(_grades(binding, board))
        reached.update(binding.keys())
    lists = tuple(_list_row(code, tallies[code]) for code in sorted(tallies))
    return RegisterEvidence(
        as_of=days.as_of,
        known_at=days.known_at,
        total=_list_row("all", sum(tallies.values(), Counter[str]())),
        lists=lists,
        measures=tuple(
            _measure(board, measure_id, listings) for measure_id, listings in reached.most_common()
        ),
    )


def bound_by_list(
    index: ListingIndex, board: MeasureBoard, days: Days, rest: Rest = no_rest
) -> Mapping[str, Counter[str]]:
    """Return how many listings of each list each measure binds on the day, by measure id.

    `rest` is called now and then, for a process that has requests to answer meanwhile.
    """
    bound = defaultdict[str, Counter[str]](Counter)
    for list_code, binding in paced(_bound(index, board, days), rest):
        bound[list_code].update(binding.keys())
    return bound


def _bound(
    index: ListingIndex, board: MeasureBoard, days: Days
) -> Iterator[tuple[str, Mapping[str, MeasureStatus]]]:
    editions = index.on_day(days.as_of)
    for position in range(index.listing_count):
        entry = index.entry(position)
        versions = speaking(entry, editions, days.as_of)
        if versions is not None and versions.is_listed:
            prints = on_day(entry, editions, versions, days.as_of).prints
            yield entry.list_code, board.binding(prints, days)


def _grades(binding: Mapping[str, MeasureStatus], board: MeasureBoard) -> Iterator[str]:
    yield "listings"
    if not binding:
        yield "unbound"
        return
    if any(has_words(board.register.get(each)) for each in binding):
        yield "with_words"
    elif any(_was_read(board, each, status) for each, status in binding.items()):
        yield "second_hand"
    else:
        yield "general_knowledge"
    if all(status.is_stale for status in binding.values()):
        yield "stale"


def _was_read(board: MeasureBoard, measure_id: str, status: MeasureStatus) -> bool:
    events = board.register.get(measure_id).events
    rests_on = (each for each in events if each.id in status.rests_on)
    return any(each.confidence != "general_knowledge" for each in rests_on)


def _list_row(list_code: str, tally: Counter[str]) -> ListEvidence:
    return ListEvidence(
        list_code=list_code,
        listings=tally["listings"],
        with_words=tally["with_words"],
        second_hand=tally["second_hand"],
        general_knowledge=tally["general_knowledge"],
        unbound=tally["unbound"],
        stale=tally["stale"],
    )


def _measure(board: MeasureBoard, measure_id: str, listings: int) -> MeasureEvidence:
    measure = board.register.get(measure_id)
    return copy_as(
        MeasureEvidence,
        measure,
        measure_id=measure.id,
        listings=listings,
        has_words=has_words(measure),
    )
