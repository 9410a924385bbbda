"""What an answer looked up tells which changes of listings may touch it: never one too few."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import (
    Edition,
    ListingVersion,
    ParsedEdition,
    StoredLists,
)
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.owners import result_with_owners
from abeyance_screening.engine.screening.question import QuestionDefaults
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.watched import lookups
from abeyance_screening.engine.screening.watched.lookups import ChangedListings
from abeyance_screening.engine.screening.watched.standing import standing_of
from abeyance_screening.features.counterparties.rescreen import NotedAnswer, Screeners, View
from abeyance_screening.features.counterparties.types import WatchedCounterparty, World
from abeyance_screening.primitives.days import days_at
from tests.shipped_register import load as load_register

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
DAYS = days_at(None, None, None, NOW)
LIST = "un_sc"
# One listing in so many is new, or gone.
CHANGED_EVERY = 7


def _version(listing: Listing) -> ListingVersion:
    return ListingVersion(
        listing_id=listing.id,
        list_code=listing.list_code,
        source=LIST,
        first_edition=1,
        until_edition=None,
        body=msgspec.json.encode(listing),
    )


def _index(listings: list[Listing]) -> ListingIndex:
    edition = Edition(
        id=1,
        list_code=LIST,
        source=LIST,
        sha256="00",
        format="",
        reader=1,
        published_on=NOW.date(),
        loaded_at=NOW,
        confirmed_at=NOW,
        entry_count=len(listings),
        accepted=False,
    )
    lists = StoredLists(editions=(edition,), attempts=())
    return ListingIndex(lists, map(_version, listings))


def _view(index: ListingIndex) -> View:
    world = World(edition=1, register=1, days=DAYS, scorer=1)
    board = MeasureBoard(load_register())
    return View(index=index, board=board, world=world, now=NOW, leads=(1,))


class Both(msgspec.Struct, frozen=True):
    """All listings of the UN's list that is bundled, and those but for every seventh."""

    names: list[str]
    index: ListingIndex
    fewer: Screeners
    all: Screeners
    changed: ChangedListings
    changed_back: ChangedListings

    def screened(self, name: str) -> tuple[NotedAnswer, NotedAnswer]:
        watched = WatchedCounterparty(name=name).filled("1", QuestionDefaults())
        return asyncio.run(self._both(watched))

    async def _both(self, watched: WatchedCounterparty) -> tuple[NotedAnswer, NotedAnswer]:
        return await self.fewer.screened(watched), await self.all.screened(watched)


@pytest.fixture(scope="module")
def both() -> Both:
    (edition,) = (each for each in bundled_editions() if each.source == LIST)
    (parsed,) = read_files(LIST, read_bundled(edition), sources=[LIST]).parsed
    assert isinstance(parsed, ParsedEdition)
    listings = sorted(parsed.listings, key=lambda each: each.id.encode())
    changed = listings[::CHANGED_EVERY]
    every = _index(listings)
    fewer = _index([each for each in listings if each not in changed])
    versions = list(map(_version, changed))
    return Both(
        # of these most tell of the listings that change
        [name.text for each in (*changed, *listings[:50]) for name in each.names],
        every,
        Screeners(_view(fewer)),
        Screeners(_view(every)),
        ChangedListings(every.lists, versions, every),
        ChangedListings(fewer.lists, versions, fewer),
    )


def _slip(name: str, at: int) -> str:
    return name[:at] + name[at + 1 :]


# How a counterparty may write a listed name, given a place in it.
WRITTEN = (
    lambda name, _: name,
    _slip,
    lambda name, at: _slip(_slip(name, at // 2), at),
    lambda name, at: name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    lambda name, _: name.lower(),
    lambda name, _: " ".join(reversed(name.split())),
    lambda name, _: name.replace(" ", ""),
    lambda name, _: name.replace("o", "0").replace("i", "1"),
    lambda name, at: name[: max(at, 12)],
    lambda name, _: name[:30],
    lambda name, at: " ".join(name.split()[: 1 + at % 4]),
    lambda name, at: name.split()[at % len(name.split())],
    lambda name, _: f"goods for {name} via Hamburg, 20000",
    lambda name, _: f"Attn: {name} purchasing dept",
    lambda name, _: f"{name} Beijing Office",
    lambda name, _: f"Nordlicht Pumpen GmbH, agent of {name}",
    lambda name, _: f"{name} (Tehran, Iran)",
    lambda name, _: f"www.{''.join(filter(str.isalnum, name.lower()))}.com",
    lambda name, _: "".join(word[0] for word in name.split()),
    lambda name, _: f"{name[0]}. {' '.join(name.split()[1:])}",
    lambda name, _: f"合同乙方{name}公司",
    lambda name, _: f"{name} Trading LLC",
    lambda name, _: f"IMO 9187629 {name}",
)


@given(data=st.data())
def test_whoever_is_answered_otherwise_after_a_change_was_told_to_be_touched(
    both: Both, data: st.DataObject
):
    name = data.draw(st.sampled_from(both.names))
    written = data.draw(st.sampled_from(WRITTEN))(name, data.draw(st.integers(0, len(name) - 1)))
    assume(any(map(str.isalpha, written)))
    fewer, every = both.screened(written)
    if fewer.standing != every.standing:
        assert both.changed.touch([fewer.lookups]) == [True]
        assert both.changed_back.touch([every.lookups]) == [True]


def test_each_way_to_write_a_name_finds_something_new(both: Both):
    told = set[int]()
    for number, written in enumerate(WRITTEN):
        for name in both.names[::3]:
            fewer, every = both.screened(written(name, len(name) // 2))
            if fewer.standing != every.standing:
                assert both.changed.touch([fewer.lookups]) == [True], (number, name)
                told.add(number)
                break
    assert len(told) >= len(WRITTEN) - 3


def test_ordinary_companies_are_left_alone(both: Both):
    ordinary = [f"Tugboat {number} Limited" for number in range(50)]
    written = [both.screened(each)[0].lookups for each in ordinary]
    assert not any(both.changed.touch(written))


def test_whom_another_version_of_the_program_answered_is_answered_again(
    both: Both, monkeypatch: pytest.MonkeyPatch
):
    written = both.screened("Tugboat Limited")[0].lookups
    assert both.changed.touch([written, None]) == [False, True]
    monkeypatch.setattr(lookups, "answering_rules", lambda: b"of another version")
    assert both.changed.touch([written]) == [True]


def test_what_is_read_ahead_is_noted_for_whom_it_is_read(both: Both):
    names = [written(name, 3) for written in WRITTEN for name in both.names[:5]]
    # of a web address a form may be made twice, and is packed as often
    names = [each for each in names if not each.startswith("www.")]
    watched = [
        WatchedCounterparty(name=name).filled(f"{place}", QuestionDefaults())
        for place, name in enumerate(names)
    ]

    async def answered(*, is_read_ahead: bool) -> list[NotedAnswer]:
        if is_read_ahead:
            await both.all.read_ahead(watched)
        return [await both.all.screened(each) for each in watched]

    alone = asyncio.run(answered(is_read_ahead=False))
    assert asyncio.run(answered(is_read_ahead=True)) == alone


def test_a_standing_answer_has_the_hits_of_a_screening(both: Both):
    view = _view(both.index)
    for written in WRITTEN:
        name = written(both.names[0], 3)
        watched = WatchedCounterparty(name=name).filled("1", QuestionDefaults())
        screener = Screener(both.index, view.board, watched.question(view.days), DAYS.as_of)
        whole = asyncio.run(result_with_owners(screener, watched.asked))
        _, answer = both.screened(name)
        assert answer.standing == standing_of(whole, watched.leads)
