"""The time line of a list: whatever is put in when, a version lasts as long as it was printed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import (
    Edition,
    ListingRecord,
    NewEdition,
    StoredSeries,
    VersionSpan,
)
from abeyance_screening.engine.lists.history import Timeline, day_in_name

FIRST = date(2024, 1, 1)
LOADED = datetime(2026, 11, 24, tzinfo=UTC)
type Content = Mapping[str, str]
type Lasting = tuple[str, str, date, date | None]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def edition(number: int) -> NewEdition:
    return NewEdition(
        list_code="un_sc",
        source="un_sc",
        sha256=str(number),
        format="un_xml",
        reader=1,
        published_on=day(number),
        loaded_at=LOADED,
        confirmed_at=None,
        entry_count=0,
        accepted=False,
    )


def day_by_day(contents: Sequence[Content], numbers: Sequence[int]) -> list[Lasting]:
    """How long each version lasts: as long as editions in a row print the same."""
    found: list[Lasting] = []
    for key in {key for number in numbers for key in contents[number]}:
        open_since: tuple[str, date] | None = None
        for number in numbers:
            now = contents[number].get(key)
            if open_since is not None and now != open_since[0]:
                found.append((key, *open_since, day(number)))
                open_since = None
            if now is not None and open_since is None:
                open_since = now, day(number)
        if open_since is not None:
            found.append((key, *open_since, None))
    return sorted(found, key=str)


def stored(contents: Sequence[Content], numbers: Sequence[int]) -> StoredSeries:
    """A database in which some of the editions are, under ids that say nothing of their order."""
    ids = {day(number): 1000 - number for number in numbers}
    fields = NewEdition.__struct_fields__
    return StoredSeries(
        editions=tuple(
            Edition(id=1000 - number, **{name: getattr(edition(number), name) for name in fields})
            for number in numbers
        ),
        versions=tuple(
            VersionSpan(key, ids[since], None if until is None else ids[until], digest)
            for key, digest, since, until in day_by_day(contents, numbers)
        ),
        as_history=frozenset(),
    )


def after_writing(before: StoredSeries, timeline: Timeline) -> list[Lasting]:
    """What the database holds once the time line is written."""
    write = timeline.write("un_sc", "un_sc")
    days = {each.id: each.known_on for each in before.editions}
    days |= {key: each.known_on for key, each in write.editions.items()}
    spans = {(each.listing_id, each.first_edition): each for each in before.versions}
    bodies = {(each.listing_id, each.digest) for each in before.versions} | set(write.records)
    for each in write.changes:
        if each.stored is not None:
            assert spans.pop((each.listing_id, each.stored)).digest == each.digest
        assert (each.listing_id, each.digest) in bodies
    for each in write.changes:
        assert (each.listing_id, each.first) not in spans
        spans[each.listing_id, each.first] = VersionSpan(
            each.listing_id, each.first, each.until, each.digest
        )
    return sorted(
        (
            (
                each.listing_id,
                each.digest,
                days[each.first_edition],
                None if each.until_edition is None else days[each.until_edition],
            )
            for each in spans.values()
        ),
        key=str,
    )


CONTENTS = st.lists(
    st.dictionaries(st.sampled_from("pqr"), st.sampled_from("ABC"), max_size=3),
    min_size=2,
    max_size=8,
)


@given(contents=CONTENTS, order=st.randoms(use_true_random=False), there=st.integers(0, 8))
def test_any_order_is_day_by_day(contents: list[dict[str, str]], order, there: int):
    numbers = list(range(len(contents)))
    order.shuffle(numbers)
    before = stored(contents, sorted(numbers[:there]))
    timeline = Timeline(before)
    for number in numbers[there:]:
        records = {
            key: ListingRecord(listing_id=key, digest=digest, body="")
            for key, digest in contents[number].items()
        }
        timeline.insert(edition(number), contents[number], records)
    assert after_writing(before, timeline) == day_by_day(contents, range(len(contents)))
    for key, each in timeline.editions.items():
        assert timeline.digests(key) == contents[(each.known_on - FIRST).days]


@pytest.mark.parametrize(
    ("name", "on"),
    [
        pytest.param("2024-05-01", "2024-05-01", id="a folder"),
        pytest.param("sdn_20240501.csv", "2024-05-01", id="without marks"),
        pytest.param("2024.05.01-2024-05-01.csv", "2024-05-01", id="the same twice"),
        pytest.param("2024-0501.csv", None, id="half marked"),
        pytest.param("2024-02-30.csv", None, id="no such day"),
        pytest.param("120240501.csv", None, id="within a number"),
        pytest.param("2024-05-01_2024-05-02.csv", None, id="two days"),
        pytest.param("sdn.csv", None, id="none"),
    ],
)
def test_a_day_in_a_name(name: str, on: str | None):
    assert day_in_name(name) == (None if on is None else date.fromisoformat(on))
