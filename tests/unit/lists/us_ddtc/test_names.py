from collections.abc import Callable

import pytest

from abeyance_screening.engine.lists.reading.records import key_of_name
from abeyance_screening.engine.lists.us_ddtc.reader import (
    parse_files,
    parties_of,
    split_aliases,
    turned,
)
from tests.unit.lists.us_ddtc.debarment_files import (
    HEADER,
    OTHER_HEADER,
    OTHER_ROW,
    files_of,
    listings_of,
    named,
)

type Sample = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("printed", "name", "aliases"),
    [
        pytest.param(
            "Ahmed, Tariq (a.k.a. Tariq Amin; Tariq Ahmad Amin)",
            "Ahmed, Tariq",
            [("Tariq Amin", "alias"), ("Tariq Ahmad Amin", "alias")],
            id="one mark for two names",
        ),
        pytest.param(
            "Shifrin, Elena (a.k.a Belov, Alexander; a.k.a Ivanov, Lena)",
            "Shifrin, Elena",
            [("Belov, Alexander", "alias"), ("Ivanov, Lena", "alias")],
            id="a mark for each",
        ),
        pytest.param(
            "Akem, Roger (a/k/a Akembuom, Roger)",
            "Akem, Roger",
            [("Akembuom, Roger", "alias")],
            id="slashes",
        ),
        pytest.param(
            "Nji, Eric Fru a/k/a Ngi, Eric Fru",
            "Nji, Eric Fru",
            [("Ngi, Eric Fru", "alias")],
            id="without brackets",
        ),
        pytest.param(
            "Man, Cho Yan Nathan; a.k.a Nathan Man",
            "Man, Cho Yan Nathan",
            [("Nathan Man", "alias")],
            id="behind a semicolon",
        ),
        pytest.param(
            "Saiag, Allexander (aka Saiag, Alexandre)",
            "Saiag, Allexander",
            [("Saiag, Alexandre", "alias")],
            id="bare",
        ),
        pytest.param(
            "Acme (f.k.a. Old Acme (UK); Older Acme)",
            "Acme",
            [("Old Acme (UK)", "former"), ("Older Acme", "former")],
            id="former names, with brackets",
        ),
        pytest.param("Akaev, Akan", "Akaev, Akan", [], id="letters of a name"),
        pytest.param("AKA Trading", "AKA Trading", [], id="a name that begins so"),
    ],
)
def test_aliases_are_taken_apart(printed: str, name: str, aliases: list[tuple[str, str]]):
    rest, found = split_aliases(printed)
    assert rest == name
    assert [(alias.text, alias.kind) for alias in found] == aliases


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        pytest.param("Acety, Edwin", "Edwin Acety", id="a person"),
        pytest.param("Andrade, Jr., Ramon", "Ramon Jr. Andrade", id="a generation"),
        pytest.param("Green Supply, Inc.", "Green Supply, Inc.", id="Inc."),
        pytest.param("Euro Optics, Ltd.", "Ltd. Euro Optics", id="Ltd., which trade.gov turns"),
        pytest.param("AMA United Group", "AMA United Group", id="no comma"),
    ],
)
def test_ids_are_made_of_the_name_as_trade_gov_prints_it(printed: str, name: str):
    assert turned(printed) == name
    row = f'"{printed}",,1 FR 20,1/2/2003,,\r\n'.encode()
    (edition,) = parse_files(files_of(HEADER + row, OTHER_HEADER + OTHER_ROW))
    assert edition.listings[-1].id == f"us_ddtc-{key_of_name(name)}"


@pytest.mark.parametrize(
    ("printed", "parties"),
    [
        pytest.param(
            "Kam-Tech Systems, Ltd. and David Menashe",
            ("Kam-Tech Systems, Ltd.", "David Menashe"),
            id="a company and its head",
        ),
        pytest.param(
            "Lavery III, Henry L., and Security Assistance International, Inc.",
            ("Lavery III, Henry L.", "Security Assistance International, Inc."),
            id="a person and a company",
        ),
        pytest.param(
            "Dominguez, Carlos; Elint, S.A., Spain Night Vision, S.A., and SNV, S.A",
            ("Dominguez, Carlos", "Elint, S.A.", "Spain Night Vision, S.A.", "SNV, S.A"),
            id="four",
        ),
        pytest.param("Lesmeister, LeAnne", (), id="one"),
        pytest.param("Sand and Gravel, Inc.", (), id="and inside a name"),
    ],
)
def test_several_parties_of_one_row_are_taken_apart(printed: str, parties: tuple[str, ...]):
    assert parties_of(printed) == parties


def test_parties_of_one_row_are_names_of_its_listing(sample: Sample):
    listing = named(listings_of(sample), "Kam-Tech Systems, Ltd. and David Menashe")
    assert [name.text for name in listing.names[1:]] == ["Kam-Tech Systems, Ltd.", "David Menashe"]
