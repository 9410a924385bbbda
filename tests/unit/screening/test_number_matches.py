"""What the numbers of a question find among the entries, and what is said of wrong ones."""

import asyncio
from datetime import date
from operator import attrgetter

import msgspec
import pytest

from abeyance_screening.engine.lists.edition import ListingVersion, StoredLists
from abeyance_screening.engine.lists.listing import EntityType, Identifier, Listing, Name
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.answer import CounterpartyResult
from abeyance_screening.engine.screening.corroboration import corroborate
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.name_variants import (
    names_among_numbers,
    question_identifiers,
    question_numbers,
    warnings_of,
)
from abeyance_screening.engine.screening.owners import result_with_owners
from abeyance_screening.engine.screening.question import (
    Counterparty,
    Owner,
    PartyIdentifier,
    ScreeningQuestion,
)
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import question_from
from tests.unit.screening.owners.listed_owners import DAYS, EDITION, LIST, REGISTER, TODAY

INN, OTHER_INN, PASSPORT = "7707083893", "7736050003", "7704001959"
MILLS, TOVES = "Borogove Mills", "Slithy Toves"


def version(
    number: int,
    name: str,
    *identifiers: Identifier,
    left: bool = False,
    entity_type: EntityType | None = None,
):
    listing = Listing(
        id=f"{LIST}-{number}",
        list_code=LIST,
        entity_type=entity_type,
        names=(Name(text=name, kind="primary"),),
        identifiers=identifiers,
        programmes=("PLAIN",),
        delisted_on=date(2024, 1, 1) if left else None,
    )
    return ListingVersion(
        listing_id=listing.id,
        list_code=LIST,
        source=LIST,
        first_edition=1,
        until_edition=None,
        body=msgspec.json.encode(listing),
    )


INDEX = ListingIndex(
    StoredLists(editions=(EDITION,), attempts=()),
    sorted(
        [
            version(1, MILLS),
            version(2, MILLS, Identifier(kind="Tax ID No.", value=OTHER_INN, country="RU")),
            version(3, TOVES, Identifier(kind="INN", value=INN)),
            version(4, "Jabberwock", Identifier(kind="Passport", value=PASSPORT)),
            version(5, f"{MILLS} Old", left=True),
            version(6, f"{MILLS} Older", left=True),
            version(7, "Bandersnatch", Identifier(kind="IMO", value="9187629"), left=True),
            version(8, "Office of Taxes", Identifier(kind="KPP", value="770701001")),
        ],
        key=attrgetter("listing_id"),
    ),
)


def answered(name: str, *identifiers: tuple[str | None, str], limit: int = 10):
    asked = tuple(PartyIdentifier(kind=kind, value=value) for kind, value in identifiers)
    question = question_from(
        ScreeningQuestion(
            counterparties=(Counterparty(name=name, identifiers=asked),), limit=limit
        ),
        DAYS,
    )
    screener = Screener(INDEX, MeasureBoard(REGISTER), question, TODAY)
    return asyncio.run(screener.result(question.counterparties[0]))


def found(result: CounterpartyResult) -> list[str]:
    return [hit.listing.id.removeprefix(f"{LIST}-") for hit in result.hits]


def history(result: CounterpartyResult) -> list[str]:
    return [hit.listing.id.removeprefix(f"{LIST}-") for hit in result.delisted]


def test_a_number_finds_beyond_the_limit_and_comes_first():
    assert found(answered(MILLS, limit=1)) == ["1"]
    assert found(answered(MILLS, ("INN", INN), limit=1)) == ["3", "1"]


def test_anothers_number_puts_a_hit_behind_its_neighbour_and_removes_none():
    assert found(answered(MILLS, (None, "INN 7704001959"))) == ["1", "2"]
    first, second = answered(MILLS, ("INN", OTHER_INN)).hits
    assert (first.listing.id, second.listing.id) == (f"{LIST}-2", f"{LIST}-1")


@pytest.mark.parametrize(
    ("kind", "value", "met"),
    [
        pytest.param("Passport", PASSPORT, ["4"], id="the kind of the list"),
        pytest.param(None, PASSPORT, ["4"], id="no kind"),
        pytest.param("INN", PASSPORT, [], id="another kind"),
        pytest.param("INN", "7704001950", [], id="another number"),
        pytest.param("KPP", "770701001", [], id="a number of many"),
        pytest.param(None, "770701001", [], id="a number of many, no kind"),
    ],
)
def test_only_a_number_of_the_same_kind_is_a_hit(kind, value, met):
    assert found(answered("Zzyzx Qwyrtl", (kind, value))) == met


def test_a_number_of_one_that_has_left_shows_it_beyond_the_limit():
    assert len(history(answered(MILLS, limit=1))) == 1
    asked = history(answered(MILLS, ("IMO", "9187629"), limit=1))
    assert asked[0] == "7"
    assert asked[1:] == history(answered(MILLS, limit=1))


def test_numbers_stand_beside_the_name_within_it_and_within_its_aliases():
    counterparty = Counterparty(
        name="OCEAN STAR, IMO 9187629",
        aliases=(INN,),
        identifiers=(PartyIdentifier(value="DE136695976"),),
    )
    assert [each.value for each in question_identifiers(counterparty)] == [
        "DE136695976",
        "9187629",
        INN,
    ]
    assert [each.key for each in question_numbers(counterparty)] == [
        "DE136695976",
        "136695976",
        "9187629",
        INN,
    ]


def test_a_number_is_no_word_of_the_name_and_the_explanation_says_so():
    (hit,) = answered(f"Slithy Toves {INN}").hits
    assert (hit.score, hit.explanation.exact) == (1.0, True)
    assert hit.explanation.manner == f"without its number {INN}"
    assert hit.corroboration.identifiers == (f"INN: {INN}",)


def test_a_number_that_may_be_one_by_chance_finds_and_speaks_against_nobody():
    assert "2" in found(answered(f"Borogrove {OTHER_INN}"))
    likely, labelled = answered(f"{TOVES} 7704001959"), answered(f"{TOVES} INN 7704001959")
    assert likely.hits[0].corroboration.identifiers_differ == ()
    assert labelled.hits[0].corroboration.identifiers_differ != ()


def test_the_country_of_a_bank_account_agrees_and_never_differs():
    account = Counterparty(name="Acme DE89 3704 0044 0532 0130 00")
    here, elsewhere = (
        Listing(id="x", list_code=LIST, names=(), countries=(code,)) for code in ("DE", "LT")
    )
    assert corroborate(account, here).countries == "agrees"
    assert corroborate(account, elsewhere).countries == "unknown"


def test_warnings_name_the_field_in_the_order_of_the_question():
    counterparty = Counterparty(
        name="IMO 9187620",
        aliases=("Ocean Star", "IMO 9187621"),
        identifiers=(PartyIdentifier(value="12345"), PartyIdentifier(value="1", kind="LEI")),
    )
    assert [each.field for each in warnings_of(counterparty)] == [
        "identifiers[1].value",
        "name",
        "aliases[1]",
    ]
    assert warnings_of(Counterparty(name="IMO 9187629")) == ()


# What an identifier may hold in place of a number, with the listed name in it.
NAMES_AS_NUMBERS = (
    *(MILLS, MILLS.upper(), "Borogove  Mills Ltd.", f"{MILLS} 4471", f"{OTHER_INN[:3]} {MILLS}"),
    *("Slithy Toves", "Jabberwock", "JABBERWOCK12345", "12345Jabberwock", "JABBERW0CK"),
)


@pytest.mark.parametrize("kind", [None, "INN", "Passport", "VAT", "LEI", "KPP"])
@pytest.mark.parametrize("value", NAMES_AS_NUMBERS)
def test_a_listed_name_among_the_numbers_is_found(value: str, kind: str | None):
    result = answered("Plain Bakery", (kind, value))
    assert result.outcome == "hits", result
    if not any(map(str.isdigit, value)):
        assert "identifiers[0].value" in {each.field for each in result.warnings}


def test_a_name_among_the_numbers_of_an_owner_is_found():
    owner = Owner(name="Plain Holding", identifiers=(PartyIdentifier(value=MILLS),))
    asked = Counterparty(name="Plain Bakery", owners=(owner,))
    question = question_from(ScreeningQuestion(counterparties=(asked,)), DAYS)
    screener = Screener(INDEX, MeasureBoard(REGISTER), question, TODAY)
    result = asyncio.run(result_with_owners(screener, asked))
    assert result.outcome == "owner_hits"


def test_what_is_no_number_and_no_listed_name_is_told():
    result = answered("Plain Bakery", (None, "Quux Gardening"), (None, "12"), (None, "--"))
    told = {each.field: each.reason for each in result.warnings}
    assert "searched as a name" in told["identifiers[0].value"]
    assert "not compared" in told["identifiers[1].value"]
    assert "not compared" in told["identifiers[2].value"]


def test_ordinary_numbers_bring_no_warning_and_no_name():
    numbers = (
        *(("INN", INN), ("VAT", "DE811907980"), ("LEI", "529900T8BM49AURSDO55")),
        *(("HRB", "HRB 12345"), (None, "Reg. No. 1234567"), (None, "INN 7707083893")),
        *(("Passport", "AB1234567"), (None, "91440300MA5EYC6X7K"), ("KPP", "770701001")),
    )
    for kind, value in numbers:
        asked = Counterparty(name="X", identifiers=(PartyIdentifier(kind=kind, value=value),))
        assert list(names_among_numbers(asked)) == [], value
        fields = [each.field for each in warnings_of(asked) if "name" in each.reason]
        assert fields == [], value


def test_a_name_among_the_numbers_loses_no_hit_that_the_name_alone_finds():
    alone = {each.listing.id for each in answered("Borogvoe Mlils").hits}
    both = answered("Borogvoe Mlils", (None, "Slithy Toves"))
    assert alone <= {each.listing.id for each in both.hits}
