"""What each status means, in sentences."""

import re
from datetime import date
from typing import get_args

import msgspec
import pytest

from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.measures.measure import Effect, Measure
from abeyance_screening.engine.measures.status import MeasureOnDay, SliceStatus
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.wording import duty, effect_in_words, notes, sentence
from abeyance_screening.engine.wording.hits import question_about
from abeyance_screening.primitives.days import Days
from tests.shipped_register import load

BOARD = MeasureBoard(load())
DAY = date(2026, 11, 24)


def shown(measure_id: str, as_of: date = DAY) -> MeasureOnDay:
    return BOARD.one(measure_id, Days(as_of=as_of, known_at=min(as_of, DAY)))


@pytest.mark.parametrize(
    ("measure_id", "as_of", "words"),
    [
        pytest.param(
            "cn-2025-18",
            DAY,
            "A licence is needed for exports of the listed items from China.",
            id="in force",
        ),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2025, 10, 15),
            "Companies owned half or more by Entity List, MEU or certain SDN parties need the "
            "same licence as their owner, under the strictest owner's footnotes and "
            "foreign-direct-product rules. TGL in Supp. 1 to Part 736 (90 FR 47201) allows "
            "allied-country and JV transactions; from 28 Nov 2025 it no longer does.",
            id="eased",
        ),
        pytest.param(
            "cn-ecl-2025-21",
            date(2025, 10, 15),
            "Where the ban does not operate, exporters apply to MOFCOM for a licence before "
            "dealing; the name stays on the list. From 10 Nov 2025 the ban on dual-use exports "
            "from China returns unless a new act is recorded.",
            id="suspended",
        ),
        pytest.param(
            "us-bis-affiliates-rule",
            date(2026, 11, 9),
            "The text remains, but has no effect for now. From 10 Nov 2026 the licence "
            "requirement returns unless a new act is recorded: "
            "Companies owned half or more by Entity List, MEU or certain SDN parties need the "
            "same licence as their owner, under the strictest owner's footnotes and "
            "foreign-direct-product rules.",
            id="suspended, in the register's words",
        ),
        pytest.param(
            "cn-2025-55",
            DAY,
            "The suspension ended on 10 Nov 2026 and no extension is on record. Treat it as in "
            "force. A licence is needed for exports of the listed items from China.",
            id="by lapse",
        ),
        pytest.param(
            "us-bis-ai-diffusion",
            DAY,
            "BIS announced on 13 May 2025 that it does not enforce it. The text remains; it may "
            "be enforced again without notice. A licence is needed for advanced chips and model "
            "weights, worldwide.",
            id="not enforced",
        ),
        pytest.param(
            "us-dod-ccmc-xiaomi",
            date(2021, 4, 1),
            "A court stopped it (preliminary injunction). It returns if the stay is lifted: "
            "the ban on securities.",
            id="stayed",
        ),
        pytest.param(
            "us-bis-veu-revocation",
            date(2025, 11, 5),
            "Nothing applies yet. From 31 Dec 2025: a licence is needed for equipment for the "
            "chip plants in China that could receive it without one as validated end users.",
            id="published, not effective",
        ),
        pytest.param(
            "us-bis-cambodia-d5",
            date(2025, 12, 1),
            "It was announced on 7 Nov 2025 (FR Doc 2026-02262). No act exists; nothing has "
            "changed.",
            id="announced",
        ),
        pytest.param(
            "cn-ecl-2025-22",
            DAY,
            "Its measures were stopped by MOFCOM statement 2025-08-12 (停止执行). Where the ban "
            "does not operate, exporters apply to MOFCOM for a licence before dealing; the name "
            "stays on the list.",
            id="ended, with what stays owed",
        ),
        pytest.param("us-bis-huawei-tgl", DAY, "Expired (85 FR 51596).", id="expired"),
        pytest.param(
            "nl-nexperia-order",
            DAY,
            "Its own term ended on 30 Sep 2026 and no renewal is on record. Check Wet "
            "beschikbaarheid goederen, order of 2025-09-30 before relying on it. Under a "
            "suspension of the order a duty to report is said to remain (press).",
            id="term ran out",
        ),
        pytest.param(
            "not-in-register",
            DAY,
            "The act is not in the register yet. The list prints a programme or an act that "
            "nobody has registered. Read the list's own page and treat the party as restricted "
            "until somebody has.",
            id="unknown",
        ),
        pytest.param(
            "cn-2024-46-2",
            date(2021, 4, 1),
            "Nothing of it was public by then; nobody outside could know it.",
            id="not known",
        ),
        pytest.param(
            "us-ofac-gl-131",
            date(2025, 12, 1),
            "Allowed under GL 131 until then: negotiations to sell Lukoil International GmbH. "
            "What it loosens stays in force.",
            id="licence in force",
        ),
        pytest.param(
            "us-ofac-gl-131",
            DAY,
            "GL 131G: the licence ended on 25 Jul 2026 (that day included) and no renewal was "
            "read. Count the relief as gone. While it ran it allowed: negotiations to sell Lukoil "
            "International GmbH.",
            id="licence lapsed",
        ),
    ],
)
def test_a_real_measure_is_told(measure_id: str, as_of: date, words: str):
    assert sentence(shown(measure_id, as_of)) == words


def test_a_rule_without_a_day_of_beginning_is_told_as_waiting_for_it():
    waiting = shown("us-bis-veu-revocation", date(2025, 11, 5))
    told = sentence(msgspec.structs.replace(waiting, next_change_on=None, next_change_to=None))
    assert told.startswith("Nothing applies yet. Once it starts: a licence is needed for ")


def test_a_suspension_without_a_recorded_end_is_no_open_end():
    measure = msgspec.structs.replace(
        shown("cn-ecl-2025-21", date(2025, 10, 15)),
        until=None,
        next_change_on=None,
        flags=("suspension_end_not_recorded",),
    )
    assert (
        "No end date was read. That does not mean that there is none: check MOFCOM statement "
        "2025-08-12" in (sentence(measure))
    )


def test_what_is_suspended_in_part_tells_the_part_and_the_rest():
    part = SliceStatus(part="paragraph 2", status="suspended", since=None, until=DAY)
    measure = msgspec.structs.replace(
        shown("cn-2025-18"), status="partly_suspended", slices=(part,)
    )
    assert sentence(measure) == (
        "A licence is needed for exports of the listed items from China. Paragraph 2 is suspended "
        "until 24 Nov 2026. The rest is in force."
    )


def test_a_stated_end_is_told_where_no_next_change_is_known():
    measure = msgspec.structs.replace(
        shown("us-bis-affiliates-rule", date(2026, 11, 8)), next_change_on=None, plain=None
    )
    assert "From 9 Nov 2026 the licence requirement " in sentence(measure)


def test_a_rule_that_loosens_others_is_told_by_what_it_eases():
    measure = msgspec.structs.replace(
        shown("cn-2025-18"),
        status="in_force_eased",
        effect=(Effect(kind="easing", what="civil chips"),),
    )
    assert sentence(measure) == "It eases: civil chips."


@pytest.mark.parametrize("word", get_args(StatusWord))
def test_every_status_is_told_without_days_and_events(word: StatusWord):
    measure = msgspec.structs.replace(
        shown("cn-2025-18"),
        status=word,
        since=None,
        until=None,
        next_change_on=None,
        rests_on=(),
        upcoming=(),
    )
    said = sentence(measure)
    assert said.endswith(".")
    assert "None" not in said
    for promise in ("clear", "allowed to", "you may", "safe"):
        assert promise not in said.casefold()


@pytest.mark.parametrize("as_of", [date(2021, 4, 1), date(2025, 10, 15), DAY, date(2027, 6, 1)])
def test_no_measure_of_the_register_is_told_with_a_gap(as_of: date):
    for measure in BOARD.every(BOARD.register.measures, Days(as_of=as_of, known_at=DAY)):
        told = (sentence(measure), *(note.text for note in notes(measure)))
        assert all(each.strip() and "None" not in each and "  " not in each for each in told)
        assert all(not each.endswith("..") for each in told), told


def test_what_a_measure_does_is_told_in_words():
    measure = msgspec.structs.replace(
        shown("cn-2025-18"),
        effect=(Effect(kind="licence_required"), Effect(kind="prohibition", what="arms")),
    )
    assert effect_in_words(measure) == "licence required; prohibition (arms)"
    assert duty(measure) == "A licence is needed. Forbidden: arms."


def test_an_entry_whose_sanctions_are_not_printed_is_told_all_that_may_apply():
    """UK Sanctions List, RUS3064: an edition without the column of sanctions imposed."""
    told = sentence(msgspec.structs.replace(shown("uk-russia-2019"), imposed="not_printed"))
    assert told.startswith("Its funds and assets are frozen, and nothing may be made available")
    assert told.endswith("is not printed in the edition at hand: assume all of them.")
    assert "Each entry of the list prints" not in told


def test_an_ownership_rule_asks_about_a_company_of_the_party_that_was_searched():
    condition = shown("us-bis-affiliates-rule").condition
    assert condition is not None
    assert question_about("Hikvision", condition).startswith(
        "Is your business partner owned 50 % or more, directly or indirectly, alone or "
        "together, by Hikvision?"
    )


@pytest.mark.parametrize(
    "measure", [each for each in load().measures if each.condition], ids=lambda each: each.id
)
def test_no_ownership_rule_asks_about_the_party_itself(measure: Measure):
    asked = question_about("Foo", measure.condition or "")
    assert "Foo" in asked
    assert "your business partner" in asked
    assert not re.search(r"this (party|body)|counterparty", asked)
