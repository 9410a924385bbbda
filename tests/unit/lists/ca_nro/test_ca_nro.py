from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.ca_nro.reader import parse_html
from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of, named

FILE = "ca_nro/named-research-organizations.html"


@pytest.fixture
def page(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def read(content: bytes) -> ParsedEdition:
    return edition_of("ca_nro", content)


def test_every_entry_and_the_day_of_the_page_are_read(page: bytes):
    (edition,) = parse_html(page)
    assert len(edition.listings) == 10
    assert edition.published_on == date(2024, 8, 30)
    assert {each.countries for each in edition.listings} == {("RU",), ("CN",), ("IR",)}


def test_aliases_are_separate_names(page: bytes):
    institute = named(read(page), "48th Central Scientific Research Institute")
    assert [each.text for each in institute.names][1:4] == [
        "Military Technical Scientific Research Institute",
        "Center for Military Technical Problems of Biological Defense",
        "48th TsNII Kirov",
    ]
    assert len(institute.names) == 6


def test_items_of_menus_and_the_footer_are_no_entries(page: bytes):
    names = {each.primary_name for each in read(page).listings}
    assert not names & {"Home", "Safeguarding Your Research", "Terms and conditions"}


def test_an_entry_without_bold_is_still_one(page: bytes):
    plain = page.replace(b"<strong>Aerospace Research Institute</strong>", b"Aerospace Institute")
    assert named(read(plain), "Aerospace Institute").countries == ("IR",)


@pytest.mark.parametrize("name", ["A.A. Kharkevich", "48th Central", "Institute of NBC"])
def test_an_entry_without_a_country_is_kept_wherever_it_stands(page: bytes, name: str):
    lines = page.decode().splitlines()
    bare = [line.rpartition(" (")[0] if f"<strong>{name}" in line else line for line in lines]
    edition = read("\n".join(bare).encode())
    assert len(edition.listings) == 10
    assert [each.what for each in edition.read_in_part] == ["country"]


def test_a_line_that_is_not_known_may_hide_a_name(page: bytes):
    edition = read(page.replace(b"<p>Known alias(es): AMS</p>", b"<p>Includes: PLA College</p>"))
    assert [(each.what, each.may_hide) for each in edition.read_in_part] == [
        ("line of an entry", "name")
    ]


def test_the_last_entry_ends_before_the_foot_of_the_page(page: bytes):
    assert read(page).read_in_part == ()


@pytest.mark.parametrize(
    ("found", "put", "reason"),
    [
        pytest.param(b"<li>", b"<p>", "has no entry", id="no items"),
        pytest.param(b"</html>", b"", "cut off", id="no end"),
        pytest.param(b"</html>", b"</html><html></html>", "two pages", id="two pages"),
    ],
)
def test_another_page_is_refused(page: bytes, found: bytes, put: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        _ = read(page.replace(found, put))
