"""What our editions had of a listing, and what changed from one to the next."""

from datetime import UTC, date, datetime

import msgspec

from abeyance_screening.engine.lists.edition import Edition, ListingVersion, StoredLists
from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.screening.applicable_versions import make_entry
from abeyance_screening.engine.screening.changes import states_of


def edition(number: int, day: date) -> Edition:
    return Edition(
        id=number,
        list_code="un_sc",
        source="un_sc",
        sha256="",
        format="un_sc",
        reader=1,
        published_on=day,
        loaded_at=datetime(day.year, day.month, day.day, tzinfo=UTC),
        confirmed_at=None,
        accepted=False,
        entry_count=1,
    )


def version(first: int, until: int | None, **fields: object) -> ListingVersion:
    listing = Listing(id="un_sc-1", list_code="un_sc", names=(Name(text="Acme", kind="primary"),))
    return ListingVersion(
        listing_id="un_sc-1",
        list_code="un_sc",
        source="un_sc",
        first_edition=first,
        until_edition=until,
        body=msgspec.json.encode(msgspec.structs.replace(listing, **fields)),
    )


DAYS = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)]
LISTS = StoredLists(
    editions=tuple(edition(number, day) for number, day in enumerate(DAYS, start=1)), attempts=()
)


def test_states_follow_each_other_with_what_changed():
    entry = make_entry(
        [version(1, 2), version(2, 4, remarks="new", countries=("CN",)), version(4, None)]
    )
    assert [
        (each.seen_on, each.until, each.changed) for each in states_of(entry.versions, LISTS)
    ] == [
        (DAYS[0], DAYS[1], ()),
        (DAYS[1], DAYS[3], ("countries", "remarks")),
        (DAYS[3], None, ("countries", "remarks")),
    ]


def test_one_that_came_back_is_compared_with_nothing():
    entry = make_entry([version(1, 2), version(3, None, remarks="back")])
    assert [
        (each.seen_on, each.until, each.changed) for each in states_of(entry.versions, LISTS)
    ] == [
        (DAYS[0], DAYS[1], ()),
        (DAYS[2], None, ()),
    ]
