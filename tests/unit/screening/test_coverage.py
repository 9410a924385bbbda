"""Which state a list is in, and when an answer is complete."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from abeyance_screening.engine.lists.catalogue import LISTS
from abeyance_screening.engine.lists.edition import LoadOutcome, StoredLists
from abeyance_screening.engine.screening.coverage import (
    chosen_codes,
    codes_of,
    coverage_of,
)
from abeyance_screening.primitives.days import Days
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.screening.covered import (
    OWN,
    SDN,
    SDN_COPY,
    TODAY,
    UN,
    attempt,
    both,
    covered,
)


@pytest.mark.parametrize(
    ("age_days", "state"),
    [
        pytest.param(0, "fresh", id="published today"),
        pytest.param(7, "fresh", id="last day within the limit"),
        pytest.param(8, "too_old", id="first day over the limit"),
    ],
)
def test_a_list_is_too_old_from_the_day_after_its_limit_on(age_days: int, state: str):
    published_on = TODAY - timedelta(days=age_days)
    coverage = covered(msgspec.structs.replace(UN, published_on=published_on))
    assert coverage.lists[0].state == state
    assert coverage.lists[0].age_days == age_days
    assert coverage.complete == (state == "fresh")


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        pytest.param(date(2026, 11, 24), "fresh", id="the day of the edition"),
        pytest.param(date(2026, 11, 23), "edition_later", id="the day before"),
        pytest.param(date(2026, 12, 1), "fresh", id="a day to come within the limit"),
        pytest.param(date(2026, 12, 2), "too_old", id="a day to come beyond the limit"),
    ],
)
def test_an_edition_cannot_speak_for_a_day_before_it(as_of: date, state: str):
    assert covered(UN, as_of=as_of).lists[0].state == state


@pytest.mark.parametrize(
    ("known_at", "state"),
    [
        pytest.param(date(2026, 11, 24), "fresh", id="the day of the edition"),
        pytest.param(date(2026, 11, 23), "edition_later", id="the day before"),
    ],
)
def test_an_edition_cannot_speak_for_what_was_known_before_it(known_at: date, state: str):
    assert covered(UN, known_at=known_at).lists[0].state == state


@pytest.mark.parametrize(
    ("published_on", "as_of", "state"),
    [
        pytest.param(None, date(2026, 11, 24), "fresh", id="undated, the day it was loaded"),
        pytest.param(None, date(2026, 11, 23), "edition_later", id="undated, the day before"),
        pytest.param(date(2026, 1, 1), date(2026, 1, 1), "fresh", id="dated, that day"),
        pytest.param(date(2026, 1, 1), date(2025, 12, 31), "edition_later", id="dated, before"),
        pytest.param(date(2020, 1, 1), date(2035, 1, 1), "fresh", id="never too old"),
    ],
)
def test_an_own_list_begins_with_its_edition_and_never_gets_too_old(published_on, as_of, state):
    own = msgspec.structs.replace(OWN, published_on=published_on)
    assert covered(own, as_of=as_of).lists[0].state == state


def test_a_list_never_loaded_is_missing_and_says_why_if_a_file_was_refused():
    assert covered(None).lists[0].state == "missing"
    refused = covered(None, attempt("refused", "the file is an HTML page")).lists[0]
    assert refused.state == "missing"
    assert refused.reason is not None
    assert "HTML page" in refused.reason


def test_a_refused_file_leaves_the_good_edition_and_says_so():
    kept = covered(UN, attempt("refused", "line 7, column 3: cut off")).lists[0]
    assert (kept.state, kept.edition, kept.entry_count) == ("kept", 1, 1000)
    assert kept.reason == "the last file offered was refused: line 7, column 3: cut off"


@pytest.mark.parametrize("outcome", ["loaded", "unchanged"])
def test_a_good_load_after_a_refused_one_makes_the_list_fresh_again(outcome: LoadOutcome):
    assert covered(UN, attempt(outcome)).complete


@pytest.mark.parametrize(
    ("confirmed_on", "state", "age_days"),
    [
        pytest.param(None, "too_old", 100, id="never seen offered again"),
        pytest.param(date(2026, 11, 17), "fresh", 7, id="offered still a week ago"),
        pytest.param(date(2026, 11, 16), "too_old", 8, id="a day longer ago"),
    ],
)
def test_an_edition_is_as_old_as_the_day_its_publisher_last_offered_it(
    confirmed_on: date | None, state: str, age_days: int
):
    seen = (
        None
        if confirmed_on is None
        else datetime(confirmed_on.year, confirmed_on.month, confirmed_on.day, 5, tzinfo=UTC)
    )
    edition = msgspec.structs.replace(
        UN, published_on=TODAY - timedelta(days=100), confirmed_at=seen
    )
    (shown,) = covered(edition).lists
    assert (shown.state, shown.age_days, shown.confirmed_on) == (state, age_days, confirmed_on)


def test_what_is_offered_now_but_says_no_day_counts_from_now():
    edition = msgspec.structs.replace(UN, published_on=None, confirmed_at=UN.loaded_at)
    assert covered(edition).lists[0].state == "fresh"


def test_a_publisher_out_of_reach_takes_nothing_from_a_fresh_edition():
    (shown,) = covered(UN, attempt("unreachable", "no answer within 15 s")).lists
    assert (shown.state, shown.reason) == ("fresh", None)


def test_an_edition_that_got_too_old_says_that_its_publisher_is_out_of_reach():
    old = msgspec.structs.replace(UN, published_on=TODAY - timedelta(days=9))
    (shown,) = covered(old, attempt("unreachable", "no answer within 15 s")).lists
    assert shown.state == "too_old"
    assert "no answer within 15 s (tried 2026-11-24 06:00 UTC)" in (shown.reason or "")


def test_a_refusal_of_today_says_nothing_of_an_earlier_edition():
    earlier = msgspec.structs.replace(UN, published_on=date(2026, 11, 1))
    later = msgspec.structs.replace(UN, id=9)
    lists = StoredLists(editions=(earlier, later), attempts=(attempt("refused", "cut off"),))
    day = date(2026, 11, 5)
    (shown,) = coverage_of(lists, ("un_sc",), Days(as_of=day, known_at=TODAY)).lists
    assert (shown.state, shown.edition) == ("fresh", 1)


def test_a_list_that_two_publications_carry_is_shown_by_the_better_one():
    old = msgspec.structs.replace(SDN, published_on=TODAY - timedelta(days=9))
    assert both(SDN, SDN_COPY).source == "us_ofac_sdn"
    assert both(old, SDN_COPY).source == "us_csl"
    assert both(old, SDN_COPY).state == "fresh"


def test_a_good_copy_does_not_make_up_for_a_refused_file_of_the_authoritys_own():
    shown = both(SDN, SDN_COPY, attempt("refused", "cut off", SDN))
    assert (shown.source, shown.state) == ("us_ofac_sdn", "kept")
    assert shown.reason == "the last file offered was refused: cut off"


def test_a_refused_copy_is_told_and_takes_nothing_from_the_authoritys_own():
    shown = both(SDN, SDN_COPY, attempt("refused", "cut off", SDN_COPY))
    assert (shown.source, shown.state) == ("us_ofac_sdn", "fresh")
    assert shown.reason == "us_csl: the last file offered was refused: cut off"


def test_a_publisher_out_of_reach_does_not_make_a_refusal_forgotten():
    lists = StoredLists(
        editions=(UN,), attempts=(attempt("refused", "cut off"), attempt("unreachable", "away"))
    )
    (shown,) = coverage_of(lists, ("un_sc",), Days(as_of=TODAY, known_at=TODAY)).lists
    assert shown.state == "kept"


def test_an_edition_dated_tomorrow_speaks_from_the_day_it_came():
    tomorrow = msgspec.structs.replace(UN, published_on=TODAY + timedelta(days=1))
    assert tomorrow.known_on == TODAY
    assert covered(tomorrow).lists[0].state == "fresh"


def test_an_edition_made_by_a_delta_proves_nothing():
    patched = msgspec.structs.replace(SDN, format="ofac_sdn_delta")
    (shown,) = covered(patched).lists
    assert shown.state == "undated"
    assert "an earlier delta may be missing" in (shown.reason or "")


def test_a_publishers_list_without_a_day_is_undated_but_an_own_list_needs_none():
    assert covered(msgspec.structs.replace(UN, published_on=None)).lists[0].state == "undated"
    own = covered(OWN).lists[0]
    assert (own.state, own.age_days, own.max_age_days) == ("fresh", None, None)


def test_every_known_list_is_searched_and_then_own_lists():
    lists = StoredLists(editions=(OWN, UN), attempts=())
    assert codes_of(lists) == (*(known.code for known in LISTS), "my_list")
    optional = {known.code for known in LISTS if known.only_if_loaded}
    assert chosen_codes(lists, None) == tuple(
        code for code in codes_of(lists) if code not in optional
    )
    assert chosen_codes(lists, ("my_list", "un_sc", "my_list")) == ("un_sc", "my_list")


def test_a_closed_list_is_searched_once_somebody_has_loaded_it():
    closed = msgspec.structs.replace(UN, list_code="uk_ofsi", source="uk_ofsi")
    assert "uk_ofsi" not in chosen_codes(StoredLists(editions=(UN,), attempts=()), None)
    assert "uk_ofsi" in chosen_codes(StoredLists(editions=(UN, closed), attempts=()), None)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param((), "lists: names no list", id="none"),
        pytest.param(("un_sc", "eu"), r"lists\[1\]: no list is called 'eu'", id="unknown"),
    ],
)
def test_a_question_about_no_list_is_refused(asked: tuple[str, ...], message: str):
    with pytest.raises(BadInputError, match=message):
        chosen_codes(StoredLists(editions=(UN,), attempts=()), asked)


def test_a_known_list_that_nobody_loaded_is_named_in_the_coverage_of_every_answer():
    optional = [each for each in LISTS if each.only_if_loaded and not each.asked_with]
    named = {each.code: each.title for each in covered(UN).not_loaded}
    assert named.items() >= {each.code: each.title for each in optional}.items()
    assert named["us_bis_mieu"].startswith("Military-Intelligence End Users")
    assert UN.list_code not in named


def test_a_list_that_is_covered_as_missing_is_not_named_twice():
    lists = StoredLists(editions=(UN,), attempts=())
    coverage = coverage_of(lists, ("un_sc", "eu_fsf"), Days(as_of=TODAY, known_at=TODAY))
    assert coverage.lists[1].state == "missing"
    assert "eu_fsf" not in {each.code for each in coverage.not_loaded}


def test_the_registers_own_list_speaks_for_days_before_its_edition():
    own = msgspec.structs.replace(UN, list_code="named_in_measures", source="named_in_measures")
    lists = StoredLists(editions=(own,), attempts=())
    day = TODAY - timedelta(days=400)
    coverage = coverage_of(lists, ("named_in_measures",), Days(as_of=day, known_at=TODAY))
    assert (coverage.lists[0].state, coverage.lists[0].age_days) == ("fresh", 0)
