"""The badge of each status, with its day."""

from datetime import date
from typing import get_args

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Effect
from abeyance_screening.engine.measures.status import SliceStatus
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.wording import (
    badge,
    day_in_words,
    days_left_in_words,
    glance,
    plain_badge,
    plain_glance,
    slice_badge,
)
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
DAY = date(2026, 11, 24)
KNOWN = BOARD.one("cn-2025-18", Days(as_of=DAY, known_at=DAY))


@pytest.mark.parametrize(
    ("measure_id", "as_of", "words", "short"),
    [
        pytest.param("cn-2025-18", DAY, "In force since 4 Apr 2025", "In force", id="in force"),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2025, 10, 15),
            "In force, eased by a licence until 28 Nov 2025",
            "In force, eased",
            id="eased",
        ),
        pytest.param(
            "cn-2024-46-2",
            DAY,
            "Suspended until 27 Nov 2026 — three days left",
            "Suspended, three days left",
            id="suspended",
        ),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2026, 11, 8),
            "Suspended until 9 Nov 2026 — tomorrow",
            "Suspended, ends tomorrow",
            id="the day before its last one",
        ),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2026, 11, 9),
            "Suspended until 9 Nov 2026 — today",
            "Suspended, ends today",
            id="its last day",
        ),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2026, 11, 10),
            "In force since 10 Nov 2026 — unconfirmed",
            "In force, unconfirmed",
            id="the day after, by lapse",
        ),
        pytest.param(
            "us-bis-veu-revocation",
            date(2025, 11, 5),
            "Published, starts 31 Dec 2025",
            "Published, not in force",
            id="published, not effective",
        ),
        pytest.param(
            "us-bis-ai-diffusion",
            DAY,
            "In force, not enforced",
            "In force, not enforced",
            id="not enforced",
        ),
        pytest.param(
            "us-dod-ccmc-xiaomi",
            date(2021, 4, 1),
            "Stayed by a court since 12 Mar 2021",
            "Stayed by a court",
            id="stayed",
        ),
        pytest.param(
            "us-bis-cambodia-d5",
            date(2025, 12, 1),
            "Announced only",
            "Announced only",
            id="announced",
        ),
        pytest.param("us-bis-huawei-tgl", DAY, "Ended 13 Aug 2020", "Ended", id="ended"),
        pytest.param(
            "nl-nexperia-order",
            DAY,
            "Term ran out 30 Sep 2026 — unconfirmed",
            "Term ran out, unconfirmed",
            id="term ran out",
        ),
        pytest.param(
            "us-bis-tdo-utair",
            DAY,
            "Status not on record — treat as restricted",
            "Status not on record",
            id="unknown",
        ),
        pytest.param(
            "cn-2024-46-2",
            date(2021, 4, 1),
            "Not public on that day",
            "Not public then",
            id="not known",
        ),
        pytest.param(
            "us-ofac-gl-131",
            date(2025, 12, 1),
            "Licence until 13 Dec 2025",
            "Licence in force",
            id="licence in force",
        ),
        pytest.param(
            "us-ofac-gl-131",
            DAY,
            "Licence ran out — unconfirmed",
            "Licence ran out, unconfirmed",
            id="licence lapsed",
        ),
    ],
)
def test_a_real_measure_is_said_with_its_day(measure_id: str, as_of: date, words: str, short: str):
    shown = BOARD.one(measure_id, Days(as_of=as_of, known_at=min(as_of, DAY)))
    assert badge(shown) == words
    assert glance(shown) == short


@pytest.mark.parametrize("word", get_args(StatusWord))
def test_every_status_has_words_with_and_without_a_day(word: StatusWord):
    bare = msgspec.structs.replace(KNOWN, status=word, since=None, until=None, next_change_on=None)
    dated = msgspec.structs.replace(KNOWN, status=word, since=DAY, until=DAY, next_change_on=DAY)
    for shown in (bare, dated):
        assert badge(shown)
        assert "None" not in badge(shown)
        assert "_" not in badge(shown)
        assert len(glance(shown).split()) <= 4
    assert plain_badge(word)
    assert len(plain_glance(word).split()) <= 4
    assert not any(map(str.isdigit, plain_badge(word)))


@pytest.mark.parametrize(
    ("word", "words"),
    [
        pytest.param("suspended", "Suspended, end not recorded", id="suspension"),
        pytest.param("published_not_effective", "Published, start not recorded", id="start"),
        pytest.param("eased_by_licence", "Licence, no end recorded", id="licence"),
        pytest.param("ended_by_term_unconfirmed", "Term ran out — unconfirmed", id="term"),
    ],
)
def test_a_day_that_is_not_on_record_is_told_to_be_missing(word: StatusWord, words: str):
    shown = msgspec.structs.replace(
        KNOWN, status=word, since=None, until=None, next_change_on=None
    )
    assert badge(shown) == words


def test_a_rule_that_loosens_others_is_eased_by_no_licence():
    loose = msgspec.structs.replace(
        KNOWN, status="in_force_eased", until=DAY, effect=(Effect(kind="easing"),)
    )
    assert (badge(loose), glance(loose)) == ("In force, loosened", "In force, loosened")


@pytest.mark.parametrize("word", get_args(StatusWord))
def test_no_badge_says_again(word: StatusWord):
    """Some measures were suspended before they ever applied."""
    assert "again" not in badge(msgspec.structs.replace(KNOWN, status=word))


def test_what_is_suspended_in_part_names_the_part():
    part = SliceStatus(part="para. 2", status="suspended", since=None, until=DAY)
    shown = msgspec.structs.replace(KNOWN, status="partly_suspended", slices=(part,))
    assert badge(shown) == "In force in part: para. 2 suspended"
    assert slice_badge(part) == "Suspended until 24 Nov 2026"


def test_the_day_of_the_rule_is_not_shown_as_that_of_the_listing():
    shown = msgspec.structs.replace(KNOWN, flags=("listing_day_not_recorded",))
    assert badge(shown) == "In force"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        pytest.param(date(2026, 11, 24), "today", id="today"),
        pytest.param(date(2026, 11, 25), "tomorrow", id="tomorrow"),
        pytest.param(date(2026, 11, 26), "two days left", id="the first in words"),
        pytest.param(date(2026, 12, 4), "ten days left", id="the last in words"),
        pytest.param(date(2026, 12, 5), "11 days left", id="the first in figures"),
        pytest.param(date(2030, 11, 24), "1,461 days left", id="years"),
    ],
)
def test_days_left_are_words_up_to_ten(day: date, words: str):
    assert days_left_in_words(day, DAY) == words


def test_a_day_has_its_month_in_letters():
    assert day_in_words(date(2026, 11, 4)) == "4 Nov 2026"
