"""A firm asked for by its name in another script, and what its hits say of that."""

import asyncio

import pytest

from abeyance_screening.engine.lists.edition import StoredLists
from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import Counterparty, ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from tests.unit.screening.owners.listed_owners import DAYS, EDITION, REGISTER, TODAY
from tests.unit.screening.test_number_matches import version

INDEX = ListingIndex(
    StoredLists(editions=(EDITION,), attempts=()),
    [
        version(1, "Rosneft", entity_type="organisation"),
        version(2, "OJSC ROSNEFT OIL COMPANY", entity_type="organisation"),
        version(3, "ROSNEFT", entity_type="vessel"),
        version(4, "GAZPROM NEFT"),
        version(5, "EN BANK PJSC"),
        version(6, "China General Nuclear Power Corporation"),
    ],
)
_SOURCE = "name-suggestion-index 8.0.20260918, 2026-09-18, Wikidata Q5323768"


def answered(name: str, entity_type: EntityType | None = None) -> CounterpartyResult:
    party = Counterparty(name=name, entity_type=entity_type)
    question = question_from(ScreeningQuestion(counterparties=(party,)), DAYS)
    screener = Screener(INDEX, MeasureBoard(REGISTER), question, TODAY)
    return asyncio.run(screener.result(question.counterparties[0]))


@pytest.mark.parametrize(
    ("name", "listed", "heard"),
    [
        ("شركة روسنفت", "Rosneft", "by its sound: Rosneft"),
        ("로스네프트", "Rosneft", "by its sound: Rosneft"),
        ("غازبروم نفت", "GAZPROM NEFT", "by its sound: GAZPROM NEFT"),
        (
            "بانک اقتصاد نوین",
            "EN BANK PJSC",
            f"known by this name in Persian ({_SOURCE}), which the list does not print: EN Bank",
        ),
    ],
)
def test_a_hit_says_that_the_name_was_heard_or_is_known(
    name: str, listed: str, heard: str
) -> None:
    hit = answered(name).hits[0]
    assert hit.listing.names[0].text == listed
    assert hit.score > 0.8
    assert hit.explanation.manner == heard


def test_what_is_heard_finds_all_that_the_latin_name_finds_for_a_little_less() -> None:
    heard, written = answered("روسنفت"), answered("Rosneft")
    assert [hit.listing.id for hit in heard.hits] == [hit.listing.id for hit in written.hits]
    assert all(
        one.score < other.score for one, other in zip(heard.hits, written.hits, strict=True)
    )


def test_a_person_is_not_heard_as_a_firm() -> None:
    assert answered("روسنفت", "organisation").hits
    assert answered("روسنفت", "person").hits == ()
