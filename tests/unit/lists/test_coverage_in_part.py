"""Editions that prove nothing, own lists that get too old, and a database out of sight."""

from datetime import timedelta

import msgspec
import pytest

from abeyance_screening.engine.lists.edition import ExpectedEntries, ListTerms, StoredLists
from abeyance_screening.engine.screening.coverage import coverage_of
from abeyance_screening.primitives.days import Days
from tests.unit.screening.covered import OWN, SDN, SDN_COPY, TODAY, UN, both, covered

ALONE = msgspec.structs.replace(SDN, format="ofac_sdn_csv_alone")


def test_an_edition_that_lacks_most_aliases_proves_nothing():
    coverage = covered(ALONE)
    assert not coverage.complete
    assert coverage.lists[0].state == "in_part"
    assert "most aliases, which are in ALT.CSV" in (coverage.lists[0].reason or "")


def test_a_whole_copy_makes_up_for_an_edition_in_part_which_is_told():
    shown = both(ALONE, SDN_COPY)
    assert (shown.source, shown.state) == ("us_csl", "fresh")
    assert (shown.reason or "").startswith("us_ofac_sdn: read from SDN.CSV alone")


def test_a_copy_that_is_too_old_makes_up_for_nothing():
    old = msgspec.structs.replace(SDN_COPY, published_on=TODAY - timedelta(days=9))
    shown = both(ALONE, old)
    assert (shown.source, shown.state) == ("us_csl", "too_old")
    assert "us_ofac_sdn: read from SDN.CSV alone" in (shown.reason or "")


@pytest.mark.parametrize(
    ("code", "state"),
    [
        pytest.param("un_sc", "in_part", id="a list that never is empty"),
        pytest.param("us_ofac_fse", "fresh", id="one that its authority has emptied"),
        pytest.param("my_list", "in_part", id="a list of one's own"),
    ],
)
def test_an_edition_without_an_entry_proves_nothing_though_somebody_took_it_in(
    code: str, state: str
):
    edition = msgspec.structs.replace(OWN if code == "my_list" else UN, list_code=code)
    source = {"us_ofac_fse": "us_ofac_cons"}.get(code, edition.source)
    empty = msgspec.structs.replace(edition, source=source, entry_count=0, accepted=True)
    assert covered(empty).lists[0].state == state


def test_a_list_that_no_catalogue_knows_any_more_is_missing():
    gone = msgspec.structs.replace(UN, list_code="un_sc_before")
    assert covered(gone).lists[0].state == "missing"


@pytest.mark.parametrize(
    ("age_days", "state"),
    [pytest.param(30, "fresh", id="last day"), pytest.param(31, "too_old", id="the day after")],
)
def test_an_own_list_gets_too_old_where_its_operator_said_when(age_days: int, state: str):
    edition = msgspec.structs.replace(OWN, published_on=TODAY - timedelta(days=age_days))
    terms = ListTerms(list_code="my_list", max_age_days=30, expected=ExpectedEntries(1, 9))
    lists = StoredLists(editions=(edition,), attempts=(), terms=(terms,))
    (shown,) = coverage_of(lists, ("my_list",), Days(as_of=TODAY, known_at=TODAY)).lists
    assert (shown.state, shown.age_days, shown.max_age_days) == (state, age_days, 30)
    assert lists.terms_of("other_list") == ListTerms(list_code="other_list")


def test_no_answer_is_complete_while_the_database_is_out_of_sight():
    lists = StoredLists(editions=(UN,), attempts=(), out_of_sight="not seen")
    coverage = coverage_of(lists, ("un_sc",), Days(as_of=TODAY, known_at=TODAY))
    assert (coverage.complete, coverage.reasons) == (False, ("not seen",))
    assert coverage.lists[0].state == "fresh"
