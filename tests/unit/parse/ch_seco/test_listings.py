from collections.abc import Callable
from datetime import date

import pytest

from service.model.listing import Address, Identifier, Listing, Name
from tests.unit.parse.ch_seco.target_files import (
    ACME,
    PLACE,
    PROGRAMME,
    SET,
    entity,
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

type Sample = Callable[[str], bytes]


@pytest.fixture(scope="module")
def of_2026(sample: Sample) -> dict[str, Listing]:
    return read(sample("ch_seco/whole_list_2026.xml"))


def person(inside: str) -> str:
    return target(f"<individual>{identity(inside)}</individual>")


def texts(listing: Listing) -> list[str]:
    return [each.text for each in listing.names]


def test_a_person_that_was_taken_off_is_read_whole(of_2026: dict[str, Listing]):
    lukashenka = of_2026["ch_seco-5142"]
    assert lukashenka.names == (
        Name(text="Lukashenka Dzmitry Aliaksandravich", kind="primary"),
        Name(text="Lukashenko Dzmitry Aliaksandravich", kind="alias", language="RUS LATN"),
    )
    assert (lukashenka.entity_type, lukashenka.entry_id) == ("person", "5142")
    assert (lukashenka.listed_on, lukashenka.delisted_on) == (None, date(2016, 3, 1))
    assert lukashenka.programmes == ("Belarus",)
    assert lukashenka.citations == ("Ordinance of 15 June 2016 on measures against Belarus",)
    assert lukashenka.addresses == (
        Address(
            text="President's Sports Club, ul. Starovilenskaya, 4, 220029, Minsk, Belarus",
            street="President's Sports Club, ul. Starovilenskaya, 4",
            city="Minsk",
            postal_code="220029",
            country="BY",
        ),
    )
    assert lukashenka.countries == ("BY",)
    assert lukashenka.remarks is not None
    assert lukashenka.remarks.startswith("Businessman, with active participation")
    assert values(lukashenka, "date_of_birth") == ["1980-03-23"]
    assert values(lukashenka, "foreign_identifier") == ["140"]
    assert values(lukashenka, "origin") == ["EU"]


def test_an_organisation_keeps_the_article_it_is_listed_under(of_2026: dict[str, Listing]):
    bank = of_2026["ch_seco-46130"]
    assert (bank.entity_type, bank.listed_on) == ("organisation", date(2021, 8, 11))
    assert values(bank, "sanctions_set") == [
        "article 16 and 17 -- Restrictions on the money and capital market"
    ]


def test_a_ship_has_the_number_that_is_told_in_words(of_2026: dict[str, Listing]):
    ship = of_2026["ch_seco-34461"]
    assert ship.entity_type == "vessel"
    assert ship.identifiers == (Identifier(kind="IMO Number", value="8405270"),)
    assert ship.names == (
        Name(text="Hui Chon", kind="primary"),
        Name(text="Hwang Gum San 2", kind="alias", language="eng"),
    )


def test_an_aircraft_is_one():
    printed = target(f'<object object-type="aircraft">{identity()}</object>')
    assert read_target(printed).entity_type == "aircraft"


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


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Registration number: 1027739609391", ("Registration number", "1027739609391")),
        (
            "Taxpayer Identification Number : 7710401987.",
            ("Taxpayer Identification Number", "7710401987"),
        ),
        ("SWIFT/BIC: CMSYSYDA", ("SWIFT/BIC", "CMSYSYDA")),
        ("Telephone number: 0401234567", None),
        ("IMO number of the vessel: 9387803", None),
        ("Registration number: INN", None),
        ("Principal place of business: Russian Federation", None),
        ("No C 38181; IMO number of the vessel: 9387803.", None),
    ],
)
def test_a_number_told_in_words_is_an_identifier_of_the_party_alone(
    told: str, expected: tuple[str, str] | None
):
    listing = read_target(entity(f'<other-information ssid="8">{told}</other-information>'))
    numbers = [(each.kind, each.value) for each in listing.identifiers]
    assert numbers == ([] if expected is None else [expected])
    assert values(listing, "other_information") == [told]


def test_justifications_are_the_remarks_and_ties_name_the_other_party():
    relation = (
        '<relation ssid="9" target-id="200" relation-type="related-to"><remark>owner</remark>'
        '</relation><relation ssid="10" target-id="9999" relation-type="related-to"/>'
    )
    reasons = "<justification>Owns A.</justification><justification>Owns B.</justification>"
    other = entity(number="200").replace("Acme", "Beta")
    listing = read(xml_file(entity(reasons + relation), other))["ch_seco-100"]
    assert listing.remarks == "Owns A.\nOwns B."
    assert values(listing, "relation") == ["related-to Beta (200) (owner)", "related-to 9999"]


def test_sex_and_generic_attributes_are_facts():
    attribute = '<generic-attribute ssid="1" name="call sign">AB1</generic-attribute>'
    printed = target(f'<individual sex="male">{identity()}</individual>', before=SET + attribute)
    listing = read_target(printed)
    assert values(listing, "gender") == ["male"]
    assert values(listing, "generic_attribute") == ["call sign: AB1"]


def test_a_target_under_several_sets_has_each_programme_once():
    second = PROGRAMME.replace('"12"', '"13"').replace("annex 1", "annex 2")
    third = PROGRAMME.replace('"12"', '"14"').replace("Belarus", "Iran")
    sets = "".join(f"<sanctions-set-id>{number}</sanctions-set-id>" for number in (12, 13, 14))
    content = xml_file(entity(before=sets), programme=PROGRAMME + second + third)
    listing = read(content)["ch_seco-100"]
    assert listing.programmes == ("Belarus", "Iran")
    assert listing.citations == ("Ordinance on Belarus", "Ordinance on Iran")
    assert values(listing, "sanctions_set") == ["annex 1", "annex 2"]


def test_the_older_layout_names_its_set_in_an_attribute():
    printed = entity(before="").replace('ssid="100"', 'ssid="100" sanctions-set-id="12"')
    assert read_target(printed).programmes == ("Belarus",)


def test_a_target_may_come_before_its_programme():
    content = xml_file(entity(), programme="", place=PLACE + PROGRAMME)
    assert read(content)["ch_seco-100"].programmes == ("Belarus",)
