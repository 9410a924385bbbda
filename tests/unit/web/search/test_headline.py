"""The first lines: why an answer is incomplete, short titles, and what a date looks like."""

import re
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ListState
from abeyance_screening.engine.screening.answer import Coverage, ListCoverage
from abeyance_screening.engine.wording.shapes import weekday
from abeyance_screening.engine.wording.titles import (
    SHORT_TITLES,
    country_name,
    list_authority,
    list_title,
)
from abeyance_screening.features.screen.page.headline import coverage_shown
from abeyance_screening.primitives.days import distance, plural
from tests.shipped_register import load

TODAY = date(2026, 11, 24)
OLD = (
    "2 lists are too old: the newest of them was last confirmed 116 days before 24 Nov 2026 "
    "(limit 3 days); later listings are not seen."
)


def covered(code: str, state: ListState, age: int | None = 1) -> ListCoverage:
    return ListCoverage(
        source="us_csl",
        state=state,
        reason=None,
        edition=None if state == "missing" else 1,
        sha256=None,
        published_on=None if state == "missing" else date(2026, 7, 31),
        confirmed_on=None,
        loaded_at=None,
        age_days=age,
        entry_count=None,
        code=code,
        title=code,
        max_age_days=3,
    )


def test_a_complete_answer_gives_no_reason():
    shown = coverage_shown(Coverage(complete=True, lists=(covered("un_sc", "fresh"),)), TODAY)
    assert (shown.doubt, shown.why, shown.usable, shown.total) == ("", (), 1, 1)


def test_an_incomplete_answer_says_which_lists_and_why():
    lists = (
        covered("us_bis_el", "too_old", 116),
        covered("un_sc", "too_old", 300),
        covered("eu_fsf", "missing", None),
        covered("ch_seco", "missing", None),
    )
    shown = coverage_shown(Coverage(complete=False, lists=lists), TODAY)
    assert shown.doubt == (
        "4 of 4 required lists are missing (EU Sanctions List, Swiss Sanctions List) or too old "
        "(2)."
    )
    assert shown.why == (
        "EU Sanctions List and Swiss Sanctions List were never loaded.",
        OLD,
    )
    assert (shown.usable, shown.total) == (2, 4)


def test_an_answer_without_sight_of_the_database_says_so_first():
    lists = (covered("un_sc", "fresh"),)
    coverage = Coverage(
        complete=False, lists=lists, reasons=("the database was last seen at noon",)
    )
    shown = coverage_shown(coverage, TODAY)
    assert shown.doubt == "The database was last seen at noon."
    assert shown.why == ("The database was last seen at noon.",)


@pytest.mark.parametrize("state", ["kept", "undated", "edition_later", "in_part"])
def test_every_other_doubt_about_a_list_is_told(state: ListState):
    shown = coverage_shown(Coverage(complete=False, lists=(covered("un_sc", state),)), TODAY)
    assert re.fullmatch(r"1 of 1 required list is [a-z ]+ \(UN Consolidated List\)\.", shown.doubt)
    assert len(shown.why) == 1


def test_short_titles_are_of_measures_that_there_are():
    assert SHORT_TITLES.keys() <= {each.id for each in load().measures}


def test_a_list_has_a_short_name_and_its_authority():
    assert (list_title("us_ofac_sdn"), list_authority("us_ofac_sdn")) == ("SDN List", "US · OFAC")
    assert (list_title("my_list"), list_authority("my_list")) == ("my_list", "your own list")
    assert (country_name("CN"), country_name("XQ")) == ("China", "XQ")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        pytest.param(date(2026, 11, 24), "today", id="today"),
        pytest.param(date(2026, 11, 25), "tomorrow", id="tomorrow"),
        pytest.param(date(2026, 11, 26), "in two days", id="two"),
        pytest.param(date(2026, 12, 4), "in ten days", id="ten"),
        pytest.param(date(2026, 12, 5), "in 11 days", id="eleven"),
        pytest.param(date(2026, 11, 23), "yesterday", id="yesterday"),
        pytest.param(date(2026, 10, 9), "46 days ago", id="before"),
    ],
)
def test_a_day_lies_somewhere_from_today(day: date, words: str):
    assert distance(day, TODAY) == words


def test_dates_and_numbers_are_written_for_people():
    assert weekday(TODAY) == "Tue 24 Nov 2026"
    assert (plural(1, "listing"), plural(2_000, "listing")) == ("1 listing", "2,000 listings")
