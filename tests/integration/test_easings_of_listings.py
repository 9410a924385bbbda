"""No listing has an easing without what it eases; its own licence explains it."""

from collections.abc import Iterator
from datetime import date

from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import only_eases
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.screening.applicable_versions import decode
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.wording import measure_text
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load


def test_every_easing_of_a_bundled_listing_stands_beside_its_base(bundled_index: ListingIndex):
    register = load()
    lonely = set[tuple[str, str]]()
    for position in range(bundled_index.listing_count):
        for version in bundled_index.entry(position).versions:
            listing = decode(version.body)
            behind = {each.id: each for each in register.attached_to(listing)}
            lonely |= {
                (listing.list_code, each.id)
                for each in behind.values()
                if only_eases(each) and behind.keys().isdisjoint(each.eases)
            }
    assert lonely == set()


_DAYS = tuple(Days(as_of=each, known_at=each) for each in (date(2025, 11, 3), date(2026, 7, 31)))
_KINDS = frozenset({"authorise", "extend_authorisation", "replace_authorisation"})


def test_an_easing_of_a_listing_is_explained_by_a_licence_that_reaches_the_listing(
    bundled_index: ListingIndex,
):
    board, several = MeasureBoard(load()), set[str]()
    wrong, seen = set[tuple[str, str, str]](), set[tuple[str, ...]]()
    for position in range(bundled_index.listing_count):
        listing = decode(bundled_index.entry(position).versions[-1].body)
        behind = tuple(each.id for each in board.register.attached_to(listing))
        if behind in seen:
            continue
        seen.add(behind)
        for days in _DAYS:
            for base, licences in _eased(board, listing, days):
                several.add(base.id)
                named = {*_licences(*licences)}
                told, text = [*_licences(base)], measure_text(base, days.as_of).sentence
                if not told or not {*told} <= named or str(told[-1]) not in text:
                    wrong.add((base.id, listing.id, text))
    assert several
    assert wrong == set()


def _eased(
    board: MeasureBoard, listing: Listing, days: Days
) -> Iterator[tuple[MeasureOnDay, list[MeasureOnDay]]]:
    """Yield each measure on a listing that is eased, with the licences that reach the listing."""
    measures = board.of_prints((listing,), days)
    running = [each for each in measures if each.status == "eased_by_licence"]
    for base in measures:
        licences = [each for each in running if base.id in board.register.get(each.id).eases]
        if base.status == "in_force_eased" and licences:
            yield base, licences


def _licences(*measures: MeasureOnDay) -> Iterator[str | None]:
    for each in measures:
        yield from (event.citation for event in each.rests_on if event.kind in _KINDS)
