import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from abeyance_screening.engine.lists.listing import Fact, Name
from abeyance_screening.engine.lists.us_csl.files import CslEntry
from abeyance_screening.engine.lists.us_csl.reader import key_of, listing_of, turned_back
from abeyance_screening.engine.lists.us_ddtc.reader import parse_files
from tests.unit.lists.us_ddtc.debarment_files import HEADER, OTHER_HEADER, OTHER_ROW, files_of

ENTRY = CslEntry(source="", name="", programs=None, alt_names=None, addresses=None)


@pytest.mark.parametrize(
    ("turned", "printed", "name", "aliases"),
    [
        pytest.param(
            "Roger) Roger (a/k/a Akembuom Akem",
            "Akem, Roger (a/k/a Akembuom, Roger)",
            "Roger Akem",
            ["Roger Akembuom"],
            id="Akem: the same given name",
        ),
        pytest.param(
            "Anye Collins) Anye Collins (a/k/a Niba Ngomanji",
            "Ngomanji, Anye Collins (a/k/a Niba, Anye Collins)",
            "Anye Collins Ngomanji",
            ["Anye Collins Niba"],
            id="Ngomanji: the same two given names",
        ),
        pytest.param(
            "Eric Fru Eric Fru\ta/k/a Ngi Nji",
            "Nji, Eric Fru\ta/k/a Ngi, Eric Fru",
            "Eric Fru Nji",
            ["Eric Fru Ngi"],
            id="Nji: a tab",
        ),
        pytest.param(
            "Mike Igor\ta/k/a Maru Panchernikov",
            "Panchernikov, Igor\ta/k/a Maru, Mike",
            "Igor Panchernikov",
            ["Mike Maru"],
            id="Panchernikov: another given name",
        ),
        pytest.param(
            "Cory (a.k.a Jason Cory Wilson) Wilson",
            "Wilson, Cory (a.k.a Jason Cory Wilson)",
            "Cory Wilson",
            ["Jason Cory Wilson"],
            id="Wilson: one comma",
        ),
        pytest.param(
            "Cho Yan Nathan; a.k.a Nathan Man Man",
            "Man, Cho Yan Nathan; a.k.a Nathan Man",
            "Cho Yan Nathan Man",
            ["Nathan Man"],
            id="Man: behind a semicolon",
        ),
        pytest.param(
            "Elena; a.k.a. Elena Leonidovna Shifrin Lena; a.k.a Gohkman Alexander; a.k.a Ivanov "
            "Elena; a.k.a Belov Shifrin",
            "Shifrin, Elena (a.k.a Belov, Alexander; a.k.a Ivanov, Lena; a.k.a Gohkman, Elena; "
            "a.k.a. Elena Leonidovna Shifrin)",
            "Elena Shifrin",
            ["Alexander Belov", "Lena Ivanov", "Elena Gohkman", "Elena Leonidovna Shifrin"],
            id="Shifrin: the last alias has the family name",
        ),
        pytest.param(
            "Kreig; a.k.a. Cow Craig; a.k.a. Hall Jermaine; a.k.a. Hall Jermaine Craig; a.k.a. "
            "Rhooms Jermain; a.k.a. Rhoomas Jermaine Craig; a.k.a. Rhoomas Rhoomes",
            "Rhoomes, Jermaine Craig (a.k.a. Rhoomas, Jermain; a.k.a. Rhoomas, Jermaine Craig; "
            "a.k.a. Rhooms, Jermaine; a.k.a. Hall, Craig; a.k.a. Hall, Kreig; a.k.a. Cow)",
            "Jermaine Craig Rhoomes",
            [
                "Jermain Rhoomas",
                "Jermaine Craig Rhoomas",
                "Jermaine Rhooms",
                "Craig Hall",
                "Kreig Hall",
                "Cow",
            ],
            id="Rhoomes: six aliases",
        ),
        pytest.param(
            "Mexpar International, Inc. (a.k.a. Pasadena Aerospace; Aviation Logistics)",
            "Mexpar International, Inc. (a.k.a. Pasadena Aerospace; Aviation Logistics)",
            "Mexpar International, Inc.",
            ["Pasadena Aerospace", "Aviation Logistics"],
            id="Mexpar: not turned at all",
        ),
    ],
)
def test_a_name_turned_round_with_its_aliases_has_the_id_of_ddtcs_own_file(
    turned: str, printed: str, name: str, aliases: list[str]
):
    listing = listing_of("here", "us_ddtc", replace(ENTRY, name=turned))
    assert [each.text for each in listing.names] == [name, *aliases]
    assert listing.facts == (Fact(kind="printed_name", value=turned.replace("\t", " ")),)
    row = f'"{printed}",,1 FR 20,1/2/2003,,\r\n'.encode()
    (edition,) = parse_files(files_of(HEADER + row, OTHER_HEADER + OTHER_ROW))
    assert edition.listings[-1].id == f"us_ddtc-{key_of(None, listing)}"


@pytest.mark.parametrize(
    ("of_2022", "printed"),
    [
        pytest.param("Ramon Andrade, Jr.", "Andrade, Jr., Ramon", id="Jr."),
        pytest.param("Joseph P. Murray, Jr", "Murray, Jr, Joseph P.", id="without a full stop"),
        pytest.param("George Charles Budenz, II", "Budenz, II, George Charles", id="the second"),
    ],
)
def test_a_generation_behind_a_name_makes_no_other_id(of_2022: str, printed: str):
    listing = listing_of("here", "us_ddtc", replace(ENTRY, name=of_2022))
    assert listing.primary_name == of_2022
    row = f'"{printed}",,1 FR 20,1/2/2003,,\r\n'.encode()
    (edition,) = parse_files(files_of(HEADER + row, OTHER_HEADER + OTHER_ROW))
    assert edition.listings[-1].id == f"us_ddtc-{key_of(None, listing)}"


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("Edwin Acety", id="no alias"),
        pytest.param("AKA Trading", id="a name that begins so"),
        pytest.param(
            "Ann; a.k.a. Cow Lee Ray; a.k.a. Fox Roe", id="an alias that may end anywhere"
        ),
        pytest.param("Ann; a.k.a. Cow Roe", id="an alias of no family"),
        pytest.param("Ann; a.k.a. Roe", id="a word too few"),
        pytest.param("Blue Sky; a.k.a. Sky Corp; a.k.a. Red Sky", id="a company"),
        pytest.param("Roger) Ron (a/k/a Akembuom Akem", id="two given names in brackets"),
        pytest.param("Roger) Roger (a/k/a Akembuom Bo Akem", id="a family name of two words"),
    ],
)
def test_a_name_that_cannot_surely_be_put_right_is_left(printed: str):
    assert turned_back(printed) is None
    listing = listing_of("here", "us_ddtc", replace(ENTRY, name=printed))
    assert listing.names[0] == Name(text=printed, kind="primary")


def test_names_of_other_lists_are_never_turned():
    printed = "Roger) Roger (a/k/a Akembuom Akem"
    assert listing_of("here", "us_bis_dpl", replace(ENTRY, name=printed)).primary_name == printed


@given(st.text(alphabet="AbC ,;()\t", max_size=40), st.sampled_from(["a/k/a ", "; a.k.a. "]))
def test_any_text_has_a_name(text: str, mark: str):
    printed = f"X{text}{mark}{text}{mark}{text}Y"
    listing = listing_of("here", "us_ddtc", replace(ENTRY, name=printed))
    assert all(name.text.strip() for name in listing.names)
