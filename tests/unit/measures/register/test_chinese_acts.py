"""Chinese acts: their parts and days, the truce of September 2026, and their own words."""

import hashlib
from datetime import UTC, date, datetime
from itertools import chain

import msgspec
import pytest

from abeyance_screening.engine.measures.law.resolve import status_on
from abeyance_screening.engine.measures.measure import Measure
from abeyance_screening.engine.measures.status import MeasureStatus
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.trade.items import Verdict
from tests.shipped_register import load
from tests.unit.measures.register.trades import Trade, reached

REGISTER = load()
TODAY = date(2026, 11, 28)
TAKEN_UP = datetime(2026, 11, 27, 8, tzinfo=UTC)
TRUCE = (
    *(f"cn-2025-{number}" for number in (55, 56, 57, 58, 61, 62)),
    "cn-2025-61-abroad",
    "cn-mofcom-50-percent",
    "cn-ecl-2025-21",
    "cn-uel-2025-7",
    "cn-port-fees",
    "cn-afsl-hanwha",
)
"""What the truce of November 2025 suspends on the Chinese side."""
ANNOUNCED = (
    *("cn-2023-23", "cn-2023-39", "cn-2024-33", "cn-2024-46-1", "cn-2024-46-2"),
    *("cn-2025-10", "cn-2025-18", *TRUCE, "cn-ecl-2025-13", "cn-ecl-2025-22"),
    *("cn-uel-2025-0204", "cn-uel-2025-5", "cn-uel-2025-6", "cn-uel-2025-8"),
    *("cn-precursors-2025", "cn-precursors-2026-40"),
)
READ_IN_THE_PRESS_ONLY = {
    ("cn-ecl-2025-21", "extend-suspension-2025-11-10"),
    ("cn-ecl-2025-13", "stop-measures-2025-11-10"),
}
"""Events of statements whose Chinese text nobody found; their measures say so."""


def _status(measure_id: str, day: str) -> MeasureStatus:
    """The status on a day as it is known once the register has taken up what it replaced."""
    measure = REGISTER.get(measure_id)
    events = tuple(
        msgspec.structs.replace(each, recorded_at=each.recorded_at or TAKEN_UP)
        if each.replaces is not None
        else each
        for each in measure.events
    )
    known = msgspec.structs.replace(measure, events=events)
    return status_on(known, date.fromisoformat(day), TODAY)


@pytest.mark.parametrize(
    ("measure", "day", "word"),
    [
        pytest.param("cn-2025-61", "2025-10-08", "not_yet_made", id="1(3) before"),
        pytest.param("cn-2025-61", "2025-10-09", "in_force", id="1(3) at once"),
        pytest.param("cn-2025-61", "2025-11-07", "suspended", id="1(3) suspended"),
        pytest.param("cn-2025-61", "2026-11-09", "suspended", id="1(3) to the last day"),
        pytest.param("cn-2025-61", "2026-11-10", "in_force_by_lapse", id="1(3) after"),
        pytest.param("cn-2025-61-abroad", "2025-10-09", "published_not_effective",
                     id="0.1 % not yet"),
        pytest.param("cn-2025-61-abroad", "2025-12-01", "suspended",
                     id="0.1 % suspended on its first day"),
        pytest.param("cn-2025-61-abroad", "2026-11-09", "suspended", id="0.1 % to the last day"),
        pytest.param("cn-2025-61-abroad", "2026-11-10", "in_force_by_lapse", id="0.1 % after"),
        pytest.param("cn-precursors-2025", "2025-11-09", "not_yet_made",
                     id="precursors before"),
        pytest.param("cn-precursors-2025", "2025-11-10", "in_force", id="precursors"),
        pytest.param("cn-precursors-2026-40", "2026-09-21", "not_yet_made",
                     id="two more before"),
        pytest.param("cn-precursors-2026-40", "2026-09-22", "in_force", id="two more"),
        pytest.param("cn-nexperia", "2025-10-20", "in_force", id="Nexperia, no exemption yet"),
        pytest.param("cn-nexperia", "2025-11-08", "in_force_eased",
                     id="Nexperia, exempted on application and never free"),
        pytest.param("tw-shtc-huawei-smic", "2025-06-10", "in_force", id="Taiwan"),
    ],
)  # fmt: skip
def test_each_part_has_its_own_days(measure: str, day: str, word: StatusWord):
    assert _status(measure, day).word == word


def test_the_tenth_of_a_percent_is_asked_beside_the_origin():
    magnets = Trade(("hs 850511",), "JP", "US")
    assert {"cn-2025-61", "cn-2025-61-abroad"} <= reached(magnets)[Verdict.OPEN]
    for trade in (Trade(("hs 850511",), "CN", "US"), Trade(("hs 850511",), "JP", "CN")):
        asked = reached(trade)
        assert "cn-2025-61-abroad" not in asked[Verdict.OPEN] | asked[Verdict.MET]


@pytest.mark.parametrize("measure", TRUCE)
def test_the_truce_is_announced_by_both_and_loosens_nothing(measure: str):
    status = _status(measure, "2026-11-28")
    assert status.word == "in_force_by_lapse"
    assert status.disputed == ()
    assert "extension_announced_not_formalised" in status.flags
    assert any("2026-09-28" in each for each in status.upcoming)


@pytest.mark.parametrize("measure", TRUCE)
def test_what_was_announced_says_that_no_act_was_found_and_until_when_it_was_looked_for(
    measure: str,
):
    (said,) = (
        each
        for each in REGISTER.get(measure).events
        if each.kind == "announce_extension" and each.retracted_at is None
    )
    assert said.confidence == "verified_secondary"
    assert "Announced by both governments; no act found, sources read until" in (said.note or "")


@pytest.mark.parametrize(
    ("items", "destination", "verdict"),
    [
        pytest.param("4-piperidone", "US", Verdict.MET, id="a piperidine to the US"),
        pytest.param("N-phenethyl-4-piperidone", "MX", Verdict.MET, id="to Mexico"),
        pytest.param("ANPP", "CA", Verdict.MET, id="by its short name, to Canada"),
        pytest.param("4-哌啶酮", "US", Verdict.MET, id="in Chinese"),
        pytest.param("4-piperidone", "DE", Verdict.NOT_MET, id="to Germany"),
        pytest.param("benzylfentanyl", "US", Verdict.OPEN, id="one that may be among them"),
        pytest.param("acetone", "US", Verdict.NOT_MET, id="something else"),
    ],
)
def test_a_precursor_is_met_by_name_and_destination(
    items: str, destination: str, verdict: Verdict
):
    assert "cn-precursors-2025" in reached(Trade((items,), "CN", destination))[verdict]


@pytest.mark.parametrize(
    "named",
    ["1-苯乙基-4-氧-3-哌啶甲酸甲酯", "methyl 4-oxo-1-phenethylpiperidine-3-carboxylate"],
)
@pytest.mark.parametrize("destination", ["US", "MX", "CA"])
def test_the_two_that_an_act_names_are_met(named: str, destination: str):
    found = reached(Trade((named,), "CN", destination))[Verdict.MET]
    assert "cn-precursors-2026-40" in found
    assert "cn-precursors-2026-40" not in reached(Trade((named,), "CN", "DE"))[Verdict.MET]


@pytest.mark.parametrize("code", ["1C004", "6C001", "2C902.a", "2B005.b", "1C914.a"])
def test_a_code_that_an_announcement_prints_is_met(code: str):
    assert reached(Trade((f"code {code}",), "CN", "DE"))[Verdict.MET]


@pytest.mark.parametrize("measure", ANNOUNCED)
def test_every_event_has_the_words_of_its_act(measure: str):
    found = REGISTER.get(measure)
    without = {
        (measure, each.id)
        for each in found.events
        if each.retracted_at is None and each.words is None
    }
    assert without <= READ_IN_THE_PRESS_ONLY
    if without:
        assert any("press only" in each for each in found.unchecked)


def test_words_in_chinese_have_their_translation_and_digest():
    chinese = [
        each.words
        for each in chain.from_iterable(REGISTER.get(each).events for each in ANNOUNCED)
        if each.words is not None
    ]
    assert {each.language for each in chinese} == {"zh", "zh-Hant"}
    for each in chinese:
        assert each.translation
        digest = hashlib.sha256(each.quote.encode()).hexdigest()
        assert each.digest_of == "text" or each.sha256 == digest


def test_a_korean_item_of_the_notice_is_asked_about_on_its_way_to_russia_only():
    measure: Measure = REGISTER.get("kr-russia-belarus-situational")
    asked = reached(Trade(("valves",), "KR", "RU"))[Verdict.OPEN]
    assert measure.id in asked
    assert measure.id not in reached(Trade(("valves",), "KR", "DE"))[Verdict.OPEN]


@pytest.mark.parametrize("destination", ["US", "MX", "CA"])
def test_the_customs_code_of_three_precursors_asks_about_the_thirteen(destination: str):
    asked = reached(Trade(("hs 2933399073",), "CN", destination))
    assert "cn-precursors-2025" in asked[Verdict.OPEN]
    elsewhere = reached(Trade(("hs 2933399073",), "CN", "DE"))
    assert "cn-precursors-2025" not in {*elsewhere[Verdict.OPEN], *elsewhere[Verdict.MET]}
