from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.formats import public_formats
from abeyance_screening.engine.lists.listing import Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_bis_dpl.reader import LIST_CODE, parse_csv
from abeyance_screening.engine.lists.us_csl import reader as us_csl
from tests.unit.lists.us_bis_dpl.dpl_files import CSV, row_of

type Sample = Callable[[str], bytes]
DPL = tuple(each for each in public_formats() if each.source == LIST_CODE)


def csv_listings(sample: Sample) -> tuple[Listing, ...]:
    (edition,) = parse_csv(sample(CSV))
    return edition.listings


def named(listings: tuple[Listing, ...], name: str) -> Listing:
    return next(listing for listing in listings if listing.primary_name == name)


def test_every_row_is_a_listing_and_the_file_prints_no_day(sample: Sample):
    (edition,) = parse_csv(sample(CSV))
    assert edition.list_code == "us_bis_dpl"
    assert edition.published_on is None
    assert len(edition.listings) == 16
    assert len({listing.id for listing in edition.listings}) == 16


@pytest.mark.parametrize(
    ("name", "address"),
    [
        pytest.param(
            "ADT ANALOG AND DIGITAL TECHNIK", "8019 NIEDERSEEON, HOUSE 21, DE", id="blank fields"
        ),
        pytest.param(
            "ANNEXFIELD, LTD.", "152 BUDBROOKE RD., WARWICK, GB", id="a legal form behind a comma"
        ),
        pytest.param(
            "JIN, ZHONGDA",
            "1895 DOBBIN DRIVE, SUITE B, SAN JOSE, CA, 95133, US",
            id="the family name first",
        ),
        pytest.param(
            "WEARFORM (MNC GROUP INTERNATIONAL, INC.)",
            "3334 WALNUT BEND LANE, HOUSTON, TX, 77042, US",
            id="a comma inside brackets",
        ),
        pytest.param(
            "WELL BEING ENTERPRISE CO., LTD.",
            "9 F, NO. 170 MIN CHUAN E. RD., SEC. 3, TAIPEI, 10542, TW",
            id="CO., LTD.",
        ),
        pytest.param(
            "UTAIR AVIATION JSC",
            "KHANTY-MANSIYSK AIRPORT, TYUMEN REGION, 628012, RU",
            id="a comma that ends the name",
        ),
        pytest.param(
            "JOSEPH ORMOND KIRK, III.",
            "13204 SAXBY COURT, AUSTIN, TX, 78729, US",
            id="the third of his name",
        ),
        pytest.param(
            "STEPHEN EDWARD SMITH",
            "INMATE NUMBER: 30819-408, FCI LA TUNA, P.O. Box 3000, ANTHONY, 88021, NM",
            id="the state in the place of the country",
        ),
        pytest.param("UNITED AFRICAN AIRLINES", "LU", id="a country alone"),
    ],
)
def test_name_and_address_are_told_apart(sample: Sample, name: str, address: str):
    listing = named(csv_listings(sample), name)
    assert [each.text for each in listing.addresses] == [address]


@pytest.mark.parametrize(
    ("name", "country"),
    [
        pytest.param("ADT ANALOG AND DIGITAL TECHNIK", "DE", id="as printed"),
        pytest.param("PEDRO MASCORRO", "US", id="left out beside a state and a ZIP code"),
        pytest.param("STEPHEN EDWARD SMITH", "US", id="New Mexico in its place"),
    ],
)
def test_the_country_is_read(sample: Sample, name: str, country: str):
    listing = named(csv_listings(sample), name)
    assert listing.countries == (country,)
    assert listing.addresses[0].country == country


def test_parts_of_an_address_are_told_apart_in_the_us_alone(sample: Sample):
    listings = csv_listings(sample)
    (inside,) = named(listings, "JIN, ZHONGDA").addresses
    assert (inside.street, inside.city) == ("1895 DOBBIN DRIVE, SUITE B", "SAN JOSE")
    assert (inside.region, inside.postal_code) == ("CA", "95133")
    (abroad,) = named(listings, "WELL BEING ENTERPRISE CO., LTD.").addresses
    assert (abroad.street, abroad.city, abroad.postal_code) == (None, None, "10542")


def test_an_order_has_its_days_terms_and_notices(sample: Sample):
    listing = named(csv_listings(sample), "UTAIR AVIATION JSC")
    assert listing.listed_on == date(2025, 9, 16)
    assert listing.expires_on == date(2026, 9, 16)
    assert listing.programmes == ("Standard",)
    assert listing.citations[0] == "87 FR 21616"
    assert listing.citations[-1] == "90 FR 45172"
    assert [fact.kind for fact in listing.facts] == ["federal_register_notice"]


@pytest.mark.parametrize(
    ("name", "programmes"),
    [
        pytest.param("WELL BEING ENTERPRISE CO., LTD.", ("Non-Standard",), id="other terms"),
        pytest.param("ALI KOURANI", (), id="no word for them"),
    ],
)
def test_the_type_of_denial_is_the_programme(
    sample: Sample, name: str, programmes: tuple[str, ...]
):
    assert named(csv_listings(sample), name).programmes == programmes


def test_an_order_without_an_end_has_none(sample: Sample):
    assert named(csv_listings(sample), "ANNEXFIELD, LTD.").expires_on is None


def test_a_name_printed_inside_a_name_stands_beside_it(sample: Sample):
    listing = named(csv_listings(sample), "FUYI SUN A/K/A FRANK SUN")
    assert [(name.text, name.kind) for name in listing.names] == [
        ("FUYI SUN A/K/A FRANK SUN", "primary"),
        ("FUYI SUN", "alias"),
        ("FRANK SUN", "alias"),
    ]


def test_a_party_at_two_addresses_has_two_listings_with_ids_of_one_name(sample: Sample):
    listings = [each for each in csv_listings(sample) if "SANTILLAN" in each.primary_name]
    assert [each.addresses[0].city for each in listings] == ["PHOENIX", "HEMET"]
    first, second = sorted(each.id for each in listings)
    assert second == f"{first}-2"


@pytest.mark.parametrize("name", ["ANNEXFIELD , LTD.", "UTAIR AVIATION JSC,", "JIN, ZHONGDA"])
def test_ids_meet_those_of_the_screening_list(sample: Sample, name: str):
    header = (
        b"_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,"
        b"start_date,end_date,standard_order,license_requirement,license_policy,call_sign,"
        b"vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,"
        b"source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,"
        b"source_information_url,ids\n"
    )
    row = f'1,Denied Persons List (DPL) - BIS,,,,"{name}"{"," * 23}\n'.encode()
    (edition,) = us_csl.parse_csv(header + row)
    assert edition.listings[0].id in {each.id for each in csv_listings(sample)}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("A (B, 1 STREET, CITY, , DE, ", id="brackets that never close"),
        pytest.param("A, OKBA AIR BASE, CITY, , DE, ", id="one word before a street of words"),
    ],
)
def test_where_nothing_tells_the_name_ends_at_the_first_comma(name: str):
    (edition,) = parse_csv(row_of(name))
    assert edition.listings[0].primary_name == name.partition(",")[0]


def test_a_listing_without_an_address_has_none():
    (edition,) = parse_csv(row_of("ACME, , , , , "))
    assert edition.listings[0].addresses == ()
    assert edition.listings[0].countries == ()


def test_the_file_is_told_by_its_header_even_where_it_is_broken(sample: Sample):
    for content in (sample(CSV), sample(CSV)[:500]):
        file = GivenFile("x", content)
        assert [each.word for each in DPL if each.tells(file)] == ["dpl_csv"]


def test_other_files_are_not_taken_for_this_list():
    for content in (b"", b"{}", b"<html>", b"name,source,entity_number\n"):
        assert not any(each.tells(GivenFile("x", content)) for each in DPL)
