"""A hit in words: which licence terms are told of which measure, and what stays owed."""

from datetime import date

import msgspec
import pytest

from abeyance_screening.engine.lists.listing import Listing, Name, read_licence_terms
from abeyance_screening.engine.measures.status import MeasureOnDay
from abeyance_screening.engine.measures.status_table import StatusWord
from abeyance_screening.engine.screening.answer import Hit
from abeyance_screening.engine.wording import hit_text, measure_text
from abeyance_screening.primitives.days import Days
from tests.unit.tables.results import BOARD, DAY, hit_of

TERMS = "A licence is needed for all items subject to the EAR, and the answer is normally no."
LISTING = Listing(
    id="us_bis_el-1",
    list_code="us_bis_el",
    names=(Name(text="Acme", kind="primary"),),
    licence_requirement="For all items subject to the EAR.",
    licence_review_policy="Presumption of denial",
)


def measure(measure_id: str, day: date = DAY) -> MeasureOnDay:
    return BOARD.one(measure_id, Days(as_of=day, known_at=day))


def hit(*measures: MeasureOnDay) -> Hit:
    licence = read_licence_terms(LISTING)
    return msgspec.structs.replace(
        hit_of("Acme"), listing=LISTING, licence=licence, measures=measures
    )


def test_terms_belong_to_the_list_that_prints_them_whatever_stands_before_it():
    names = (
        "us-bis-el-2025-03-25",
        "us-bis-fdp-footnote-4",
        "us-bis-entity-list",
        "us-bis-affiliates-rule",
    )
    text = hit_text(hit(*map(measure, names)), DAY)
    assert [each.licence for each in text.measures] == [(), (), (TERMS,), ()]
    assert text.licence == ()


def test_terms_that_no_measure_is_printed_for_are_told_of_the_entry():
    text = hit_text(hit(measure("us-bis-fdp-footnote-4")), DAY)
    assert [each.licence for each in text.measures] == [()]
    assert text.licence == (TERMS,)
    assert hit_text(hit(), DAY).licence == (TERMS,)


@pytest.mark.parametrize(
    ("status", "is_told"),
    [("in_force", True), ("in_force_eased", True), ("unknown", True), ("suspended", False)],
)
def test_a_measure_that_does_not_bind_asks_for_no_licence(status: StatusWord, *, is_told: bool):
    listed = msgspec.structs.replace(measure("us-bis-entity-list"), status=status)
    text = hit_text(hit(listed), DAY)
    assert bool(text.measures[0].licence) is is_told
    assert text.licence == ()


def test_a_party_that_left_its_list_owes_no_licence():
    left = msgspec.structs.replace(hit().standing, state="left", left_on=DAY)
    text = hit_text(msgspec.structs.replace(hit(), standing=left), DAY)
    assert (text.licence, text.no_measure) == ((), None)
    assert text.gone == "No longer listed: taken off on 24 Nov 2026."


def test_a_listing_without_a_measure_counts_as_restricted():
    assert "treat it as restricted" in (hit_text(hit(), DAY).no_measure or "")


def test_a_condition_has_the_day_of_its_rule():
    flags = ("listing_day_not_recorded",)
    rule = msgspec.structs.replace(
        measure("us-bis-affiliates-rule"), status="in_force", since=DAY, flags=flags
    )
    text = measure_text(rule, DAY)
    assert text.badge == "In force since 24 Nov 2026"
    assert not any("the day of this entry" in each.text for each in text.notes)
    assert text.question == rule.condition


def test_a_duty_that_the_sentence_does_not_name_is_told_below_it():
    (owed,) = (each for each in measure_text(measure("cn-ecl-2025-21"), DAY).lines[:1])
    assert owed.line.startswith("Still owed: Where the ban does not operate, exporters apply")
    assert measure_text(measure("us-bis-entity-list"), DAY).owed is None


def test_both_titles_are_at_hand():
    text = measure_text(measure("us-bis-affiliates-rule"), DAY)
    assert text.title == "Affiliates Rule (50%)"
    assert text.titles.startswith("Affiliates Rule (50%) — Expansion of End-User Controls")
    assert measure_text(measure("us-bis-entity-list"), DAY).titles == "Entity List"


def test_how_old_the_reading_is_stands_once_with_the_hit_and_with_none_of_its_measures():
    names = ("us-bis-el-2025-03-25", "us-bis-entity-list")
    measures = tuple(
        msgspec.structs.replace(measure(each), stale=True, disputed=(), upcoming=())
        for each in names
    )
    text = hit_text(hit(*measures), DAY)
    assert text.read is not None
    assert text.read.startswith("No source of these 2 measures was read after ")
    assert not any("No source" in note.text for each in text.measures for note in each.lines)
    # a measure that stands alone says it itself
    assert "No source was read after" in measure_text(measures[0], DAY).lines[-1].text
