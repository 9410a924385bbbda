"""A year of real editions, played day by day: what is told is what full screenings differ by."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest

from abeyance_screening.bench.reading import read_listings
from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import GivenFile
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.load import ListFiles, load_files, whole_source
from abeyance_screening.engine.screening.watched.standing import StandingAnswer
from abeyance_screening.features.counterparties.types import WatchedCounterparty
from abeyance_screening.platform.postgres.database import connected
from abeyance_screening.platform.sandbox.list_reader import ReaderHere
from abeyance_screening.platform.stores.connection import StoreOnConnection
from tests.integration.played import Plays
from tests.integration.test_load_history import FILES as UN_EDITIONS
from tests.integration.test_watching import changes_of, changes_told, check_told
from tests.integration.watched import Watch, watching

# Small lists: a new edition or a suspension of each falls into the year.
SOURCES = frozenset(
    {"us_dod_1260h", "us_uflpa", "us_fcc", "jp_meti_eul", "cn_announcements", "named_in_measures"}
)
FIRST, LAST = date(2025, 12, 1), date(2026, 11, 30)
# So many listings of an edition are watched at most, by their own names.
_MOST = 20


class Published(NamedTuple):
    """The files of one edition, and the day on which they appeared."""

    on: date
    source: str
    files: tuple[GivenFile, ...]


def every_edition() -> list[Published]:
    """The bundled editions of `SOURCES`, and five of the UN's, in the order of their days."""
    found = [
        Published(each.published_on, each.source, read_bundled(each))
        for each in bundled_editions()
        if each.source in SOURCES
    ]
    found += [
        Published(date.fromisoformat(day), "un_sc", (GivenFile(f"{day}.xml", content),))
        for day, content in UN_EDITIONS.items()
    ]
    return sorted(found, key=lambda each: (each.on, each.source))


def some(listings: Sequence[Listing]) -> Sequence[Listing]:
    """Listings of an edition, far from each other."""
    return listings[:: -(-len(listings) // _MOST)]


def parties(editions: list[Published]) -> Iterator[WatchedCounterparty]:
    """Some listed names of every edition, and one that is on no list."""
    names = dict.fromkeys(
        listing.primary_name
        for each in editions
        for listing in some(read_listings(each.files, each.source))
    )
    for number, name in enumerate((*names, "Plain Bakery of Nowhere")):
        yield WatchedCounterparty(id=f"p{number}", name=name)


@pytest.fixture
async def watch(emptied_database: str) -> AsyncIterator[Watch]:
    async with (
        connected(emptied_database) as connection,
        watching(StoreOnConnection(connection), emptied_database, Plays()) as watch,
    ):
        yield watch


async def _load(watch: Watch, edition: Published) -> None:
    given = ListFiles(wanted=whole_source(edition.source), files=edition.files, accepted=True)
    await load_files(watch.store, given, watch.now, ReaderHere())


async def _played(watch: Watch, first: date, last: date) -> Counter[str]:
    """Play the days, and return how often each kind of change was told."""
    editions = every_edition()
    waiting = [each for each in editions if each.on > first]
    watch.now = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    for each in editions:
        if each.on <= first:
            await _load(watch, each)
    await watch.put(*parties(editions))
    await watch.round()
    before, kinds = await watch.standings(), Counter[str]()
    while watch.now.date() < last:
        seen = await watch.newest_event()
        watch.now += timedelta(days=1)
        while waiting and waiting[0].on <= watch.now.date():
            await _load(watch, waiting.pop(0))
        await watch.round()
        after, events = await watch.standings(), await watch.events(seen)
        assert after == await watch.screened(), watch.now
        assert changes_told(events) == changes_of(before, after), watch.now
        kinds.update(each.type for each in events)
        before = after
    await check_told(watch, await watch.events())
    assert any(answer and answer != StandingAnswer() for answer in before.values())
    return kinds


@pytest.mark.parametrize(
    ("first", "last", "kinds"),
    [
        pytest.param(
            "2026-07-31", "2026-08-02", {"hit.new", "hit.gone"}, id="an edition of the UN"
        ),
        pytest.param("2026-11-08", "2026-11-11", {"measure.lapsed"}, id="suspensions run out"),
    ],
)
async def test_what_is_told_of_some_days_is_what_full_screenings_differ_by(
    watch: Watch, first: str, last: str, kinds: set[str]
):
    told = await _played(watch, date.fromisoformat(first), date.fromisoformat(last))
    assert kinds <= set(told), sorted(told)


@pytest.mark.slow
async def test_what_is_told_of_a_year_is_what_full_screenings_differ_by(watch: Watch):
    told = await _played(watch, FIRST, LAST)
    assert {"hit.new", "hit.gone", "measure.coming", "measure.lapsed"} <= set(told)
