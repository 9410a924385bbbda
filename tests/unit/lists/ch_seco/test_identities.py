from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Identifier, Listing
from tests.unit.lists.ch_seco.target_files import (
    ACME,
    PLACE,
    identity,
    name,
    part,
    read,
    read_target,
    target,
    values,
    variant,
    xml_file,
)


def person(inside: str) -> str:
    return target(f"<individual>{identity(inside)}</individual>")


def texts(listing: Listing) -> list[str]:
    return [each.text for each in listing.names]


@pytest.mark.parametrize(
    ("kind", "quality", "expected"),
    [
        ("alias", "good", "alias"),
        ("alias", "low", "weak_alias"),
        ("formerly-known-as", "good", "former"),
        ("formerly-known-as", "low", "former"),
        ("primary-name", "good", "alias"),
        ("primary-name", "low", "weak_alias"),
    ],
)
def test_type_and_quality_tell_the_kind_of_a_name(kind: str, quality: str, expected: str):
    other = name(part("Ace"), kind=kind, quality=quality)
    listing = read_target(target(f"<entity>{identity(ACME + other)}</entity>"))
    assert [(each.text, each.kind) for each in listing.names] == [
        ("Acme", "primary"),
        ("Ace", expected),
    ]


@pytest.mark.parametrize(
    ("identities", "expected"),
    [
        pytest.param(
            identity(name(part("Other")), main="false") + identity(name(part("Main"))),
            ["Main", "Other"],
            id="of the main identity",
        ),
        pytest.param(
            identity(name(part("Alias"), kind="alias") + name(part("Main"))),
            ["Main", "Alias"],
            id="before an alias",
        ),
        pytest.param(
            identity(name(part("Weak"), quality="low") + name(part("Good"))),
            ["Good", "Weak"],
            id="the better one",
        ),
        pytest.param(identity(name(part("Weak"), quality="low")), ["Weak"], id="a weak one alone"),
        pytest.param(
            identity(name(part("Other")), main="false"), ["Other"], id="no main identity"
        ),
    ],
)
def test_the_primary_name_is_that_of_the_main_identity(identities: str, expected: list[str]):
    listing = read_target(target(f"<entity>{identities}</entity>"))
    assert texts(listing) == expected
    assert listing.names[0].kind == "primary"


def test_the_parts_of_a_name_stand_in_their_order_without_the_title():
    listing = read_target(
        person(
            name(
                part("Ivan", "given-name", 3),
                part("Dr.", "title", 1),
                part("PETROV", "family-name", 2),
                part("Jr", "suffix", 4),
            )
        )
    )
    assert listing.primary_name == "PETROV Ivan Jr"
    assert values(listing, "title") == ["Dr."]


def test_each_spelling_of_a_part_makes_a_name_and_not_all_of_them_with_all_others():
    listing = read_target(
        person(
            name(
                part(
                    "Lukashenka",
                    "family-name",
                    1,
                    variant("Lukashenko") + variant("Лукашенко", script="CYRL"),
                ),
                part(
                    "Aliaksandr",
                    "given-name",
                    2,
                    variant("Aleksandr")
                    + variant("Alexander")
                    + variant("Александр", script="CYRL"),
                ),
                part("Ryhoravich", "father-name", 3),
            )
        )
    )
    assert [(each.text, each.language) for each in listing.names[1:]] == [
        ("Lukashenko Aleksandr Ryhoravich", "RUS LATN"),
        ("Lukashenko Alexander Ryhoravich", "RUS LATN"),
        ("Лукашенко Александр Ryhoravich", "RUS CYRL"),
    ]


def test_a_maiden_name_makes_a_name_of_its_own():
    listing = read_target(
        person(
            name(
                part("Anna", "given-name", 1),
                part("PETROVA", "family-name", 2),
                part("IVANOVA", "maiden-name", 3),
            )
        )
    )
    assert texts(listing) == ["Anna PETROVA", "Anna IVANOVA"]
    assert values(listing, "maiden_name") == ["IVANOVA"]


def test_a_part_without_a_value_says_nothing():
    empty = '<name-part order="2" name-part-type="given-name"/>'
    assert texts(read_target(person(name(part("PETROV", "family-name"), empty)))) == ["PETROV"]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param('day="5" month="3" year="1980" quality="good"', "1980-03-05", id="day"),
        pytest.param('month="3" year="1980" calendar="Gregorian"', "1980-03", id="month"),
        pytest.param('year="1980" quality="low"', "circa 1980", id="about a year"),
        pytest.param('day="5" month="3"', "03-05", id="no year"),
        pytest.param('year="1355" calendar="Islamic"', "1355 (Islamic calendar)", id="calendar"),
    ],
)
def test_dates_are_kept_in_words(attributes: str, expected: str):
    day = f'<day-month-year ssid="4" {attributes}/>'
    assert values(read_target(person(ACME + day)), "date_of_birth") == [expected]
    founded = target(f"<entity>{identity(ACME + day)}</entity>")
    assert values(read_target(founded), "date_of_foundation") == [expected]


def test_an_address_is_put_together_with_its_place():
    address = (
        '<address ssid="4" place-id="77" quality="low" current="false"><address-details>8 Main St'
        "</address-details><p-o-box>12</p-o-box><zip-code>220000</zip-code><remark>office</remark>"
        "</address>"
    )
    listing = read_target(target(f"<entity>{identity(ACME + address * 2)}</entity>"))
    assert listing.addresses == (
        Address(
            text="8 Main St, P.O. Box 12, 220000, Minsk, Minsk Region, Belarus",
            street="8 Main St, P.O. Box 12",
            city="Minsk",
            region="Minsk Region",
            postal_code="220000",
            country="BY",
            note="no longer current; low quality; office; also spelled Mensk",
        ),
    )
    assert listing.countries == ("BY",)


def test_a_country_without_a_code_is_read_by_its_words():
    place = PLACE.replace(' iso-code="BY"', "")
    printed = target(f"<entity>{identity(ACME + '<address place-id="77"/>')}</entity>")
    assert read(xml_file(printed, place=place))["ch_seco-100"].countries == ("BY",)


def test_nationality_and_place_of_birth_are_facts_and_only_the_first_ties_to_a_country():
    listing = read_target(
        person(
            f'{ACME}<nationality ssid="5"><country iso-code="SY">Syria</country></nationality>'
            '<place-of-birth ssid="6" place-id="77" quality="good"/>'
        )
    )
    assert values(listing, "nationality") == ["Syria"]
    assert values(listing, "place_of_birth") == [
        "Minsk, Minsk Region, Belarus (also spelled Mensk)"
    ]
    assert listing.countries == ("SY",)


def test_a_document_keeps_what_is_known_of_it():
    document = (
        '<identification-document ssid="7" document-type="passport"><number>MP 1</number>'
        '<issuer code="BY">Belarus</issuer><date-of-issue>2001-02-03</date-of-issue>'
        '<place-of-issue place-id="77"/><expiry-date>2011</expiry-date><remark>lost</remark>'
        "</identification-document>"
    )
    listing = read_target(person(ACME + document))
    assert listing.identifiers == (
        Identifier(
            kind="passport",
            value="MP 1",
            country="BY",
            issued_on=date(2001, 2, 3),
            note="issued in Minsk, Minsk Region, Belarus; expires 2011; lost",
        ),
    )


def test_a_document_without_a_number_is_a_fact():
    document = (
        '<identification-document ssid="7" document-type="id-card"><issuer>Atlantis</issuer>'
        "<remark>seen 2012</remark></identification-document>"
    )
    listing = read_target(person(ACME + document))
    assert listing.identifiers == ()
    assert values(listing, "document") == ["id-card, issued by Atlantis; seen 2012"]
