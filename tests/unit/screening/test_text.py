"""Listed names in a text: where they are, and what is none."""

import asyncio
import re
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import StoredLists
from abeyance_screening.engine.lists.listing import Identifier
from abeyance_screening.engine.measures.board import MeasureBoard
from abeyance_screening.engine.screening.in_text import TextFinding, find_in_text
from abeyance_screening.engine.screening.index.index import ListingIndex
from abeyance_screening.engine.screening.question import ScreeningQuestion
from abeyance_screening.engine.screening.screen import Screener
from abeyance_screening.engine.screening.validate import text_question_from
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.screening.owners.listed_owners import DAYS, EDITION, REGISTER, TODAY
from tests.unit.screening.test_number_matches import version

SHIP = "9187629"
_NAMES = (
    "Borogove Technologies Co., Ltd.",
    "China National Petroleum Corporation",
    "Agreement",
    "Zorbaxian",
    "華為技術有限公司",
    "Huawei",
    "Victory",
)
INDEX = ListingIndex(
    StoredLists(editions=(EDITION,), attempts=()),
    sorted(
        [
            *(version(number, name) for number, name in enumerate(_NAMES, 1)),
            version(8, "Bandersnatch", Identifier(kind="IMO", value=SHIP)),
            version(9, "Zorbaxian Old", left=True),
            version(10, "EASTERN TRADE LLC"),
            version(11, "PTI"),
            version(12, "OCEANIC", entity_type="vessel"),
            version(13, "YV2849", entity_type="aircraft"),
            version(14, "Olivia", entity_type="person"),
            version(15, "KZQV"),
            version(16, "ABBA", entity_type="vessel"),
            version(17, "VELGARTH", entity_type="vessel"),
            version(18, "アル・ゾルバクシアン"),
            version(19, "VROTH", entity_type="person"),
        ],
        key=attrgetter("listing_id"),
    ),
)


def answered(text: str, **more) -> TextFinding:
    question = text_question_from(text, ScreeningQuestion(counterparties=(), **more), DAYS)
    screener = Screener(INDEX, MeasureBoard(REGISTER), question, TODAY)
    return asyncio.run(find_in_text(screener, text))


def named(text: str) -> set[tuple[str, str]]:
    """Return what of the text is a name, and the name that it is."""
    return {
        (text[place.start : place.end], hit.listing.names[0].text)
        for hit in answered(text).hits
        for place in hit.matched.places
    }


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        pytest.param(
            "We shipped to Borogove Technologies Co., Ltd. in May, as agreed.",
            "Borogove Technologies Co., Ltd.",
            _NAMES[0],
            id="a name with its legal form",
        ),
        pytest.param(
            "PAY TO BOROGOVE TECHNOLOGIES", "BOROGOVE TECHNOLOGIES", _NAMES[0], id="caps"
        ),
        pytest.param(
            "It was sold to Borogowe Technologies again.",
            "Borogowe Technologies",
            _NAMES[0],
            id="misspelt",
        ),
        pytest.param(
            "The China National Petroleum Corporation has agreed to the terms.",
            "China National Petroleum Corporation",
            _NAMES[1],
            id="common words, all of them",
        ),
        pytest.param(
            "The seal of Zorbaxian, in wax.", "Zorbaxian", "Zorbaxian", id="one rare word"
        ),
        pytest.param(
            "我们与华为技术有限公司签订合同。", "华为技术有限公司", _NAMES[4], id="no spaces"
        ),
        pytest.param(
            "It came on M/V Victory, by sea.", "Victory", "Victory", id="after a ship's word"
        ),
        pytest.param(
            "We deal with EASTERN TRADE LLC in May.",
            "EASTERN TRADE LLC",
            "EASTERN TRADE LLC",
            id="common words alone",
        ),
        pytest.param("It came by OCEANIC in May.", "OCEANIC", "OCEANIC", id="a ship in capitals"),
        pytest.param("FUEL FOR YV2849 IN MAY", "YV2849", "YV2849", id="a mark with digits"),
        pytest.param("Consignee: Olivia\nPort: Izmir", "Olivia", "Olivia", id="all of a field"),
        pytest.param(":59:/DE8937040\nKZQV\n:70:INV", "KZQV", "KZQV", id="a field's tag"),
        pytest.param("Vessel name: ABBA, flag Panama", "ABBA", "ABBA", id="a short ship"),
        pytest.param("We asked KZQV for help.", "KZQV", "KZQV", id="four rare capitals"),
        pytest.param("CARGO OF VELGARTH IN MAY", "VELGARTH", "VELGARTH", id="a rare ship"),
        pytest.param("They sold Zorbaxian's house.", "Zorbaxian", "Zorbaxian", id="possessive"),
        pytest.param(
            "アル・ゾルバクシアンに代金を支払う",
            "アル・ゾルバクシアン",
            "アル・ゾルバクシアン",
            id="kana before a particle",
        ),
        pytest.param(
            "五月收到アル・ゾルバクシアン的来信",
            "アル・ゾルバクシアン",
            "アル・ゾルバクシアン",
            id="within Chinese",
        ),
        pytest.param(f"the vessel with number {SHIP} here", SHIP, "Bandersnatch", id="a number"),
    ],
)
def test_a_listed_name_is_found_with_its_place(text, place, name):
    assert (place, name) in named(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("This Agreement is made between the parties.", id="a common word"),
        pytest.param("They won a Victory at sea.", id="a common word that ships have"),
        pytest.param("The china national petroleum corporation.", id="small letters"),
        pytest.param("New Technologies Co., Ltd. sells china.", id="trade words alone"),
        pytest.param("我们签订技术合同。", id="Chinese without a name"),
        pytest.param("Call 555 9187629 for help.", id="a telephone number"),
        pytest.param("We deal with Great EASTERN TRADE LLC.", id="the end of a longer name"),
        pytest.param("We sold it to Brillig PTY LTD.", id="half a legal form"),
        pytest.param("We sold it to Brillig (Pty) Ltd.", id="half a legal form in brackets"),
        pytest.param("We sold it to Olivia in May.", id="a given name"),
        pytest.param("SOLD TO VROTH IN MAY", id="what may be a surname, in capitals"),
        pytest.param("The file kzqv/src is here.", id="small letters of a short name"),
    ],
)
def test_ordinary_prose_has_no_hit(text):
    assert named(text) == set()


def test_every_place_is_given_once_and_numbers_of_others_speak_against_nobody():
    text = "Zorbaxian (IMO 9074729) sold it; later Zorbaxian bought it back."
    finding = answered(text)
    (hit,) = (each for each in finding.hits if each.matched.text == "Zorbaxian")
    assert [text[place.start : place.end] for place in hit.matched.places] == ["Zorbaxian"] * 2
    assert hit.corroboration.identifiers_differ == ()
    assert [each.standing.state for each in finding.delisted] == ["left"] * len(finding.delisted)


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        pytest.param("Nothing listed here.", False, id="all of it read"),
        pytest.param("Nothing \ufffd here.", True, id="a character nobody can read"),
        pytest.param("กขคงจ" * 12, True, id="words that nobody parts"),
        pytest.param("...", True, id="nothing to read"),
    ],
)
def test_a_text_that_is_not_read_is_no_clear(text, hides):
    warnings = answered(text).result.warnings
    assert any(each.may_hide for each in warnings) == hides
    assert {each.field for each in warnings} <= {"text"}


@pytest.mark.parametrize("text", ["  ", "a" * 10_001], ids=["blank", "long"])
def test_a_text_that_cannot_be_asked_about_is_refused(text):
    with pytest.raises(BadInputError, match=re.compile("text")):
        answered(text)


@given(st.text(st.characters() | st.sampled_from("华为 Zorbaxian.")))
def test_places_lie_within_the_text(text):
    for passage in INDEX.texts.passages(text):
        assert 0 <= passage.place.start < passage.place.end <= len(text)
        assert passage.printed == text[passage.place.start : passage.place.end]
