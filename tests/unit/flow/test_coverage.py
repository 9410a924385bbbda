"""Which state a list is in, and when an answer is complete."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from service.flow.coverage import Clocks, chosen_codes, codes_of, coverage_of
from service.model.catalogue import LISTS
from service.model.edition import Edition, LoadAttempt, LoadOutcome, StoredLists
from service.model.errors import BadInputError

TODAY = date(2026, 11, 24)
UN = Edition(
    id=1,
    list_code="un_sc",
    sha256="00",
    format="un_xml",
    published_on=TODAY,
    loaded_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
    entry_count=1000,
    previous_count=None,
)
OWN = msgspec.structs.replace(UN, id=2, list_code="my_list", published_on=None, entry_count=3)


def covered(
    edition: Edition | None,
    attempt: LoadAttempt | None = None,
    as_of: date = TODAY,
    known_at: date = TODAY,
):
    lists = StoredLists(
        editions=() if edition is None else (edition,),
        attempts=() if attempt is None else (attempt,),
    )
    code = "un_sc" if edition is None else edition.list_code
    return coverage_of(lists, (code,), Clocks(as_of, known_at, TODAY))


def attempt(outcome: LoadOutcome, reason: str | None = None) -> LoadAttempt:
    return LoadAttempt(list_code="un_sc", at=UN.loaded_at, outcome=outcome, reason=reason)


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


def test_an_own_list_may_shrink():
    assert covered(msgspec.structs.replace(OWN, previous_count=100)).lists[0].state == "fresh"


def test_a_list_never_loaded_is_missing_and_says_why_if_a_file_was_refused():
    assert covered(None).lists[0].state == "missing"
    refused = covered(None, attempt("refused", "the file is an HTML page")).lists[0]
    assert refused.state == "missing"
    assert refused.reason is not None
    assert "HTML page" in refused.reason


def test_a_refused_file_leaves_the_good_edition_and_says_so():
    kept = covered(UN, attempt("refused", "line 7, column 3: cut off")).lists[0]
    assert (kept.state, kept.edition, kept.entry_count) == ("kept", 1, 1000)
    assert kept.reason == "a newer file was refused: line 7, column 3: cut off"


@pytest.mark.parametrize("outcome", ["loaded", "unchanged"])
def test_a_good_load_after_a_refused_one_makes_the_list_fresh_again(outcome: LoadOutcome):
    assert covered(UN, attempt(outcome)).complete


@pytest.mark.parametrize(
    ("count", "state"),
    [
        pytest.param(760, "fresh", id="24 % fewer"),
        pytest.param(759, "shrunk", id="more than that"),
        pytest.param(4000, "fresh", id="many more"),
    ],
)
def test_a_list_that_lost_too_much_is_not_trusted(count: int, state: str):
    edition = msgspec.structs.replace(UN, entry_count=count, previous_count=1000)
    assert covered(edition).lists[0].state == state


def test_a_publishers_list_without_a_day_is_undated_but_an_own_list_needs_none():
    assert covered(msgspec.structs.replace(UN, published_on=None)).lists[0].state == "undated"
    own = covered(OWN).lists[0]
    assert (own.state, own.age_days, own.max_age_days) == ("fresh", None, None)


def test_every_known_list_is_searched_and_then_own_lists():
    lists = StoredLists(editions=(OWN, UN), attempts=())
    assert codes_of(lists) == (*(known.code for known in LISTS), "my_list")
    assert chosen_codes(lists, None) == codes_of(lists)
    assert chosen_codes(lists, ("my_list", "un_sc", "my_list")) == ("un_sc", "my_list")


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
