"""Operators' words on parties: what a later one costs, and what it is joined from."""

from datetime import UTC, datetime

import msgspec
import pytest

from abeyance_screening.engine.lists.bundled import bundled_editions, read_bundled
from abeyance_screening.engine.lists.edition import (
    Edition,
    ListingVersion,
    ParsedEdition,
    StoredLists,
)
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.parties.table import PartySplit

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
LIST = "un_sc"


@pytest.fixture(scope="module")
def listings() -> list[Listing]:
    """The listings of the UN's list that is bundled, in order of their ids."""
    (edition,) = (each for each in bundled_editions() if each.source == LIST)
    (parsed,) = read_files(LIST, read_bundled(edition), sources=[LIST]).parsed
    assert isinstance(parsed, ParsedEdition)
    return sorted(parsed.listings, key=lambda each: each.id.encode())


def _edition(number: int) -> Edition:
    return Edition(
        id=number,
        list_code=LIST,
        source=LIST,
        sha256="00",
        format="",
        reader=1,
        published_on=NOW.date(),
        loaded_at=NOW,
        confirmed_at=NOW,
        entry_count=1,
        accepted=False,
    )


def _version(listing: Listing, edition: int = 1) -> ListingVersion:
    return ListingVersion(
        listing_id=listing.id,
        list_code=listing.list_code,
        source=LIST,
        first_edition=edition,
        until_edition=None,
        body=msgspec.json.encode(listing),
    )


def _lists(*numbers: int) -> StoredLists:
    return StoredLists(editions=tuple(map(_edition, numbers)), attempts=())


def _word(number: int, one: Listing, other: Listing, *, joins: bool) -> PartySplit:
    return PartySplit(
        id=number,
        listings=(one.id,),
        apart_from=(other.id,),
        because="read",
        recorded_by="anna",
        recorded_at=NOW,
        withdraws=None,
        joins=joins,
    )


class Steps:
    """Counts how often work that can be long lets others have their turn."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


def test_a_further_word_on_parties_writes_no_listing_again(listings: list[Listing]):
    first = (_word(1, listings[0], listings[1], joins=True),)
    second = (*first, _word(2, listings[2], listings[3], joins=False))
    index = ListingIndex(_lists(1), map(_version, listings))
    steps = Steps()
    written = index.with_splits(first).write_listings(steps)
    assert steps.count > 0
    steps = Steps()
    # whatever else is told of the lists in between
    again = index.with_lists(_lists(1)).with_splits(second).write_listings(steps)
    assert steps.count == 0
    assert again != written
    assert (
        again == ListingIndex(_lists(1), map(_version, listings), splits=second).write_listings()
    )


def test_a_new_edition_is_written_anew(listings: list[Listing]):
    word = (_word(1, listings[0], listings[1], joins=True),)
    before = ListingIndex(_lists(1), map(_version, listings), splits=word)
    _ = before.write_listings()
    renamed = msgspec.structs.replace(
        listings[5],
        names=(msgspec.structs.replace(listings[5].names[0], text="Quixotic Zeppelin Works"),),
    )
    old = msgspec.structs.replace(_version(listings[5]), until_edition=2)
    changed = [old, _version(renamed, 2)]
    after = ListingIndex(_lists(1, 2), changed, before, splits=word)
    assert b"Quixotic Zeppelin Works" in after.write_listings()
    assert b"Quixotic Zeppelin Works" not in before.write_listings()
