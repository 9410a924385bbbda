from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Identifier, Listing, Name
from tests.unit.lists.ch_seco.target_files import (
    PLACE,
    PROGRAMME,
    SET,
    entity,
    identity,
    read,
    read_target,
    target,
    values,
    xml_file,
)

type Sample = Callable[[str], bytes]


@pytest.fixture(scope="module")
def of_2026(sample: Sample) -> dict[str, Listing]:
    return read(sample("ch_seco/whole_list_2026.xml"))


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
