import pytest

from abeyance_screening.engine.lists.listing import Listing, Name
from abeyance_screening.engine.measures.law.per_listing import (
    since_its_entry,
    status_for_listing,
)
from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure, Slice
from tests.unit.measures.law.building import KNOWN_NOW, day, event, licence, maybe_day, measure

START = event("take_effect", "2020-01-01")
SUSPENDED = event("suspend", "2025-11-10", "2026-11-10", until_bound="exclusive")


def _listing(
    listed_on: str | None = None, expires_on: str | None = None, delisted_on: str | None = None
) -> Listing:
    return Listing(
        id="xx-1",
        list_code="us_bis_dpl",
        names=(Name(text="Volt Trading", kind="primary"), Name(text="VT", kind="alias")),
        listed_on=maybe_day(listed_on),
        expires_on=maybe_day(expires_on),
        delisted_on=maybe_day(delisted_on),
    )


@pytest.mark.parametrize(
    ("listing", "as_of", "known_at", "word"),
    [
        pytest.param(_listing(), "2026-01-01", "2026-01-01", "in_force", id="no days of its own"),
        pytest.param(
            _listing(listed_on="2024-05-01"),
            "2024-04-30",
            "2026-01-01",
            "not_yet_made",
            id="day before the listing, known since",
        ),
        pytest.param(
            _listing(listed_on="2024-05-01"),
            "2024-04-30",
            "2024-05-01",
            "not_yet_made",
            id="day before the listing, known on its day",
        ),
        pytest.param(
            _listing(listed_on="2024-05-01"),
            "2024-04-30",
            "2024-04-30",
            "not_known",
            id="day before the listing, not public",
        ),
        pytest.param(
            _listing(listed_on="2024-05-01"),
            "2024-05-01",
            "2024-05-01",
            "in_force",
            id="first day",
        ),
        pytest.param(
            _listing(expires_on="2025-06-30"),
            "2025-06-30",
            "2026-01-01",
            "in_force",
            id="last day",
        ),
        pytest.param(
            _listing(expires_on="2025-06-30"),
            "2025-07-01",
            "2026-01-01",
            "ended_by_term_unconfirmed",
            id="day after its own term",
        ),
        pytest.param(
            _listing(delisted_on="2025-06-30"),
            "2025-06-29",
            "2026-01-01",
            "in_force",
            id="day before delisting",
        ),
        pytest.param(
            _listing(delisted_on="2025-06-30"), "2025-06-30", "2026-01-01", "ended", id="delisted"
        ),
        pytest.param(
            _listing(delisted_on="2025-06-30", expires_on="2025-01-01"),
            "2025-07-01",
            "2026-01-01",
            "ended_by_term_unconfirmed",
            id="term over before the delisting",
        ),
    ],
)
def test_the_days_of_an_entry_narrow_the_status_of_its_measure(
    listing: Listing, as_of: str, known_at: str, word: str
):
    days = day(as_of), day(known_at)
    status = status_on(measure(START), *days)
    assert status_for_listing(status, listing, *days).word == word


def test_a_status_cannot_begin_before_the_entry():
    status = status_on(measure(START), day("2026-01-01"), KNOWN_NOW)
    narrowed = status_for_listing(
        status, _listing(listed_on="2024-05-01"), day("2026-01-01"), KNOWN_NOW
    )
    assert narrowed.since == day("2024-05-01")


def test_the_end_of_an_entry_is_the_next_change_when_it_comes_first():
    status = status_on(measure(START, SUSPENDED), day("2026-01-01"), KNOWN_NOW)
    early = status_for_listing(
        status, _listing(expires_on="2026-03-31"), day("2026-01-01"), KNOWN_NOW
    )
    late = status_for_listing(
        status, _listing(expires_on="2027-03-31"), day("2026-01-01"), KNOWN_NOW
    )
    assert early.next_change is not None
    assert (early.next_change.on, early.next_change.status) == (
        day("2026-04-01"),
        "ended_by_term_unconfirmed",
    )
    assert early.until == day("2026-03-31")
    assert late.next_change == status.next_change


def test_a_part_that_names_the_party_gives_its_word():
    removed = event("delist", "2025-11-12", slice=Slice(entities=("VOLT TRADING",)))
    status = status_on(measure(START, removed), day("2026-01-01"), KNOWN_NOW)
    narrowed = status_for_listing(status, _listing(), day("2026-01-01"), KNOWN_NOW)
    assert (status.word, narrowed.word, narrowed.force) == ("in_force", "ended", "ended")


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(licence(event("authorise", "2020-01-01", until_state="none_stated")),
                     id="a licence"),
        pytest.param(measure(START, event("revoke", "2021-01-01")), id="an ended measure"),
    ],
)  # fmt: skip
def test_what_does_not_bind_is_left_as_it_is(given: Measure):
    status = status_on(given, day("2026-01-01"), KNOWN_NOW)
    listing = _listing(listed_on="2027-01-01", delisted_on="2025-01-01")
    assert status_for_listing(status, listing, day("2026-01-01"), KNOWN_NOW) == status


@pytest.mark.parametrize(
    ("days", "word"),
    [
        pytest.param({"listed_on": "2026-06-01"}, "not_known", id="listed later than known"),
        pytest.param({"listed_on": "2026-01-01"}, "in_force", id="listed on the day known"),
        pytest.param({"delisted_on": "2026-06-01"}, "in_force", id="delisted later than known"),
        pytest.param({"delisted_on": "2026-01-01"}, "ended", id="delisted on the day known"),
        pytest.param(
            {"expires_on": "2026-06-01"}, "ended_by_term_unconfirmed", id="its term was stated"
        ),
    ],
)
def test_what_was_not_public_yet_does_not_count(days: dict[str, str], word: str):
    status = status_on(measure(START), day("2026-11-24"), day("2026-01-01"))
    narrowed = status_for_listing(status, _listing(**days), day("2026-11-24"), day("2026-01-01"))
    assert narrowed.word == word


def test_a_listing_without_a_day_keeps_the_measures_and_says_so():
    status = status_on(measure(START), day("2026-01-01"), KNOWN_NOW)
    bare = status_for_listing(status, _listing(), day("2026-01-01"), KNOWN_NOW)
    dated = status_for_listing(
        status, _listing(listed_on="2025-06-01"), day("2026-01-01"), KNOWN_NOW
    )
    assert bare.since == status.since
    assert "listing_day_not_recorded" in bare.flags
    assert dated.since == day("2025-06-01")
    assert "listing_day_not_recorded" not in dated.flags


@pytest.mark.parametrize(
    ("entered", "since"),
    [
        pytest.param(None, None, id="nobody has the day"),
        pytest.param("2025-06-01", "2025-06-01", id="the act that lists it has one"),
        pytest.param("2019-06-01", "2020-01-01", id="the entry is older than the measure"),
        pytest.param("2026-01-01", "2026-01-01", id="it entered on the day asked about"),
        pytest.param("2026-01-02", None, id="it enters later"),
    ],
)
def test_an_entry_whose_list_prints_no_day_never_has_the_day_of_the_rule(
    entered: str | None, since: str | None
):
    as_of = day("2026-01-01")
    status = status_on(measure(START), as_of, KNOWN_NOW)
    bare = status_for_listing(status, _listing(), as_of, KNOWN_NOW)
    own = since_its_entry(bare, maybe_day(entered), as_of)
    assert own.since == maybe_day(since)
    assert (since is None) == ("listing_day_not_recorded" in own.flags)
    assert own.word == bare.word


def test_an_entry_with_a_day_begins_on_it_though_the_start_of_the_measure_is_not_on_record():
    undated = measure(event("take_effect", None))
    status = status_on(undated, day("2026-01-01"), KNOWN_NOW)
    listing = _listing(listed_on="2025-06-01")
    own = status_for_listing(status, listing, day("2026-01-01"), KNOWN_NOW)
    assert "start_day_not_recorded" in status.flags
    assert own.since == day("2025-06-01")
    assert "start_day_not_recorded" not in own.flags
