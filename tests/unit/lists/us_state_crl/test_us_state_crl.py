from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.us_state_crl.reader import parse_html
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of, named

FILE = "us_state_crl/2025-07-14_cuba-restricted-list.html"


@pytest.fixture
def page(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("us_state_crl", content)


def names(listing: Listing) -> list[str]:
    return [each.text for each in listing.names]


def test_the_day_of_the_list_and_every_entry_are_read(page: bytes):
    (edition,) = parse_html(page)
    assert edition.published_on == date(2025, 7, 14)
    assert len(edition.listings) == 15
    assert {each.countries for each in edition.listings} == {("CU",)}


def test_an_abbreviation_before_a_dash_is_another_name(page: bytes):
    edition = read(page)
    assert names(named(edition, "Ministerio del Interior")) == [
        "Ministerio del Interior",
        "MININT",
    ]
    customs = named(edition, "Agencia Servicios Aduanales")
    assert names(customs)[1:] == ["ADESA", "ASAT", "ADESA/ASAT"]
    assert customs.facts[1:] == (Fact(kind="activity", value="Customs Services"),)


def test_lines_of_other_names_belong_to_the_entry_before_them(page: bytes):
    edition = read(page)
    tower = named(edition, "Iberostar Selection La Habana")
    assert names(tower) == ["Iberostar Selection La Habana", "Torre K"]
    assert tower.facts[1:] == (Fact(kind="name_listed_on", value="Torre K: 2025-07-14"),)
    assert names(named(edition, "American International Services"))[1:] == ["AIS Remesas"]


def test_an_entry_has_the_day_printed_after_it_or_that_of_the_page(page: bytes):
    edition = read(page)
    assert named(edition, "Orbit, S.A.").listed_on == date(2025, 3, 10)
    assert named(edition, "Ministerio del Interior").listed_on == date(2025, 2, 6)


def test_a_heading_within_a_section_is_the_area(page: bytes):
    hotel = named(read(page), "Warwick Cayo Santa María")
    assert hotel.facts == (
        Fact(kind="section", value="Hotels in Villa Clara Province"),
        Fact(kind="area", value="Cayo Santa Maria"),
    )


def test_a_name_in_brackets_that_repeats_a_word_is_another_name(page: bytes):
    shop = named(read(page), "Producciones TRIMAGEN S.A. (Tiendas Trimagen)")
    assert names(shop)[1:] == ["Producciones TRIMAGEN S.A.", "Tiendas Trimagen"]


def test_a_place_and_further_locations_are_no_part_of_a_name(page: bytes):
    edition = read(page)
    assert names(named(edition, "Marina Gaviota Cayo Coco")) == ["Marina Gaviota Cayo Coco"]
    assert names(named(edition, "Joyería Coral Negro")) == ["Joyería Coral Negro"]
    assert named(edition, "Diving Center \u2013 Marina Gaviota").facts[1:] == ()


def test_unknown_words_in_brackets_may_hide_a_name(page: bytes):
    edition = read(page.replace(b"(Customs Services)", b"(Aduanas Cubanas)"))
    (part,) = edition.read_in_part
    assert (part.what, part.may_hide) == ("words in brackets", "name")


def test_a_list_in_two_pieces_is_searched_in_part(page: bytes):
    more = b"</article><aside><p>See also</p></aside><article><p>Hotel Nuevo</p>"
    edition = read(page.replace(b"</article>", more + b"</article>"))
    assert [part.example for part in edition.read_in_part] == ["Hotel Nuevo"]


@pytest.mark.parametrize(
    ("found", "put", "reason"),
    [
        pytest.param(b"<em>As of July 14, 2025</em>", b"", "has no day", id="no day"),
        pytest.param(b"LIST OF RESTRICTED", b"LIST OF", "no title", id="no title"),
        pytest.param(b"strong>", b"span>", "has no section", id="no section"),
        pytest.param(b"</body></html>", b"", "cut off", id="no end"),
    ],
)
def test_another_page_is_refused(page: bytes, found: bytes, put: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        _ = read(page.replace(found, put))
