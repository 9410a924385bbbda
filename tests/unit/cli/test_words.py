"""The words for a status."""

from datetime import date
from typing import get_args

import msgspec
import pytest

from service.cli.words import (
    badge,
    doubt_in_words,
    effect_in_words,
    fact_in_words,
)
from service.flow.coming_words import day_in_words
from service.flow.measures import MeasureBoard
from service.model.days import Days
from service.model.measure import Effect
from service.model.status import StatusWord
from service.model.transaction import FactMet
from service.register.read import load

BOARD = MeasureBoard(load())
DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("measure_id", "as_of", "words"),
    [
        pytest.param("cn-2025-18", DAY, "In force since 4 Apr 2025", id="in force"),
        pytest.param("cn-2024-46-2", DAY, "Suspended until 27 Nov 2026", id="suspended"),
        pytest.param(
            "us-bis-affiliates-rule",
            DAY,
            "In force since 10 Nov 2026 — what held it back ran out; unconfirmed",
            id="by lapse",
        ),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2025, 10, 15),
            "In force, eased by a licence until 28 Nov 2025",
            id="eased",
        ),
        pytest.param(
            "us-bis-veu-revocation",
            date(2025, 11, 5),
            "Published, starts 31 Dec 2025",
            id="published, not effective",
        ),
        pytest.param("us-bis-ai-diffusion", DAY, "In force, not enforced", id="not enforced"),
        pytest.param(
            "us-bis-tdo-utair", DAY, "Status not on record — treat as restricted", id="unknown"
        ),
    ],
)
def test_a_real_measure_is_said_with_its_day(measure_id: str, as_of: date, words: str):
    assert badge(BOARD.one(measure_id, Days(as_of=as_of, known_at=DAY))) == words


@pytest.mark.parametrize("word", get_args(StatusWord))
def test_every_status_has_words_with_and_without_a_day(word: StatusWord):
    measure = BOARD.one("cn-2025-18", Days(as_of=DAY, known_at=DAY))
    bare = {"status": word, "since": None, "until": None, "next_change_on": None}
    assert badge(msgspec.structs.replace(measure, **bare))
    dated = {"status": word, "since": DAY, "until": DAY, "next_change_on": DAY}
    said = badge(msgspec.structs.replace(measure, **dated))
    assert "None" not in said
    assert "_" not in said


def test_a_disputed_extension_is_said_and_said_not_to_count():
    (event,) = BOARD.one("us-bis-affiliates-rule", Days(as_of=DAY, known_at=DAY)).disputed
    assert doubt_in_words(event) == (
        "Disputed, does not count: announce extension to 10 Jan 2027 (23 Sep 2026)"
    )


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        pytest.param(
            FactMet(
                fact="item",
                given="284690",
                meets="2846",
                item=0,
                item_class="rare earths",
                by="hs",
            ),
            "284690, by hs 2846: rare earths",
            id="an item",
        ),
        pytest.param(
            FactMet(fact="end_use", given="military_intelligence", meets="military"),
            "end use military intelligence",
            id="a use",
        ),
    ],
)
def test_a_fact_that_met_is_told_with_what_it_met(fact: FactMet, words: str):
    assert fact_in_words(fact) == words


def test_a_day_has_its_month_in_letters():
    assert day_in_words(date(2026, 11, 4)) == "4 Nov 2026"


def test_what_a_measure_does_is_told_in_words():
    measure = msgspec.structs.replace(
        BOARD.one("cn-2025-18", Days(as_of=DAY, known_at=DAY)),
        effect=(Effect(kind="licence_required"), Effect(kind="prohibition", what="arms")),
    )
    assert effect_in_words(measure) == "licence required; prohibition (arms)"
