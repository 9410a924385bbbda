from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Fact, Identifier, Name, NameKind
from abeyance_screening.engine.lists.pl_mswia.reader import names_of
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of

FILE = "pl_mswia/lista.html"


@pytest.fixture
def content(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def test_both_tables_are_read_with_what_they_print(content: bytes):
    edition = edition_of("pl_mswia", content)
    types = [each.entity_type for each in edition.listings]
    assert types == ["person"] * 3 + ["organisation"] * 3
    novatek = edition.listings[3]
    assert novatek.identifiers[0] == Identifier(kind="NIP", value="5261035710")
    assert {each.kind for each in novatek.identifiers} == {"NIP", "REGON", "KRS"}
    assert (novatek.listed_on, novatek.delisted_on) == (date(2022, 4, 26), None)
    assert Fact(kind="reason", value="Powiązana z Novatek.") in novatek.facts
    assert edition.read_in_part == ()


def test_a_day_in_words_and_a_day_of_leaving_are_read(content: bytes):
    _, worded, gone, *_ = edition_of("pl_mswia", content).listings
    assert worded.listed_on == date(2022, 4, 26)
    assert gone.delisted_on == date(2023, 6, 1)


@pytest.mark.parametrize(
    ("printed", "primary", "others", "states"),
    [
        pytest.param(
            "SIECZIN Igor Iwanowicz (w zapisie także Sechin Igor lub Сечин Игорь)",
            "SIECZIN Igor Iwanowicz",
            [("Sechin Igor", "alias"), ("Сечин Игорь", "alias")],
            [],
            id="written otherwise",
        ),
        pytest.param(
            "Alfa sp. z o.o. w likwidacji (poprzednio: „Beta sp. z o.o.”)",
            "Alfa sp. z o.o.",
            [("Beta sp. z o.o.", "former")],
            ["w likwidacji"],
            id="formerly, in liquidation",
        ),
        pytest.param("Gamma S.A.", "Gamma S.A.", [], [], id="one name"),
    ],
)
def test_names_in_brackets_are_told_from_the_words_before_them(
    printed: str, primary: str, others: list[tuple[str, NameKind]], states: list[str]
):
    names = [Name(text=text, kind=kind) for text, kind in others]
    assert names_of(printed) == (primary, names, states)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("Nazwa podmiotu", "Nazwa", "0 tables with the column", id="a table lost"),
        pytest.param("Data umieszczenia na liście", "Data", "lacks the columns", id="a column"),
        pytest.param("</html>", "", "cut off", id="cut"),
    ],
)
def test_a_page_without_both_tables_is_refused(content: bytes, old: str, new: str, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        edition_of("pl_mswia", content.decode().replace(old, new).encode())
