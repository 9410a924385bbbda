from collections.abc import Callable
from datetime import date

import pytest
from msgspec.structs import replace

from abeyance_screening.engine.lists.listing import Address, Fact, Listing
from abeyance_screening.engine.lists.us_csl.files import CslAddress, CslEntry, CslId
from abeyance_screening.engine.lists.us_csl.reader import listing_of, parse_csv

type Sample = Callable[[str], bytes]


@pytest.fixture(scope="module")
def of_2022(sample: Sample) -> dict[str, Listing]:
    editions = parse_csv(sample("us_csl/consolidated_2022.csv"))
    return {listing.id: listing for edition in editions for listing in edition.listings}


@pytest.fixture(scope="module")
def of_2023(sample: Sample) -> dict[str, Listing]:
    editions = parse_csv(sample("us_csl/consolidated_2023.csv"))
    return {listing.id: listing for edition in editions for listing in edition.listings}


BARE = CslEntry(source="", name="ACME", programs=None, alt_names=None, addresses=None)


def test_a_denied_person_keeps_its_term_and_every_citation(of_2022: dict[str, Listing]):
    ash = of_2022["us_bis_dpl-fea4010078a4-3"]
    assert ash.primary_name == "I. ASH"
    assert (ash.listed_on, ash.expires_on) == (date(2003, 6, 19), date(2056, 6, 29))
    assert ash.citations == ("68 FR 38290", "71 FR 38843", "72 FR 4236")
    assert ash.remarks == "FEDERAL REGISTER NOTICE UPDATED"
    assert ash.entity_type is None
    assert ash.entry_id == "deb7a1d5743a85c354ca1a2c7f2664e2104b32d7"
    assert ash.facts == (
        Fact(kind="standard_order", value="Y"),
        Fact(
            kind="federal_register_notice",
            value="68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06 72 F.R. 4236 1/30/07",
        ),
    )


def test_an_entity_list_entry_keeps_requirement_policy_and_names(of_2022: dict[str, Listing]):
    smic = of_2022["us_bis_el-6a90f82dc74c"]
    assert smic.licence_requirement is not None
    assert smic.licence_requirement.startswith("For all items subject to the EAR")
    assert smic.licence_review_policy is not None
    assert smic.licence_review_policy.startswith("Presumption of denial for items uniquely")
    texts = [name.text for name in smic.names]
    assert texts[0] == "Semiconductor Manufacturing International Corporation (SMIC)"
    assert {"SMIC", "SMIC Shanghai", "Semiconductor Mfg International Corp."} <= set(texts)
    assert smic.countries == ("CN",)


def test_aliases_parted_without_a_blank_are_parted(of_2022: dict[str, Listing]):
    texts = [name.text for name in of_2022["us_bis_el-b4369aaffb96"].names]
    assert {"NPO Izhmash OAO", "OJSC Concern Kalashnikov"} <= set(texts)


def test_an_and_between_aliases_is_none_of_them():
    """`…; and; …` is printed in the Entity List of 2022 and 2026."""
    listing = listing_of(
        "here", "us_bis_el", replace(BARE, alt_names=["A Ltd; and; B Ltd; and C"])
    )
    assert [name.text for name in listing.names] == ["ACME", "A Ltd", "B Ltd", "C"]


def test_a_mark_in_front_of_an_alias_is_cut_off():
    printed = "DBA Behover Information Technologies"
    listing = listing_of("here", "us_bis_el", replace(BARE, alt_names=[printed]))
    assert [name.text for name in listing.names[1:]] == ["Behover Information Technologies"]


def test_a_vessel_keeps_what_is_printed_of_it(of_2022: dict[str, Listing]):
    amber = of_2022["us_ofac_sdn-15052"]
    assert amber.entity_type == "vessel"
    assert [(one.kind, one.value) for one in amber.identifiers] == [
        ("Vessel Registration Identification", "IMO 9357406"),
        ("MMSI", "677049700"),
    ]
    assert {"call_sign", "vessel_type", "gross_tonnage", "vessel_flag"} <= {
        fact.kind for fact in amber.facts
    }
    assert amber.countries == (), "a flag ties no vessel to a country"


def test_an_aircraft_is_one(of_2022: dict[str, Listing]):
    assert of_2022["us_ofac_sdn-15445"].entity_type == "aircraft"


def test_a_printed_name_with_a_line_break_is_one_name(of_2023: dict[str, Listing]):
    assert of_2023["us_bis_meu-27838be8254e"].primary_name == "Government Flying Service"


def test_an_acts_issue_is_cited_where_no_page_is_printed(of_2022: dict[str, Listing]):
    assert of_2022["us_state_isn-316feebddc13"].citations == ("Vol. 86, No. 71, 04/15/2021",)


def test_countries_are_those_of_addresses_nationality_and_citizenship():
    listing = listing_of(
        "here",
        "us_ofac_sdn",
        replace(
            BARE,
            addresses=[CslAddress(country="AE"), CslAddress(country="REGION: KASHMIR")],
            nationalities=["IR"],
            citizenships=["AE", "GB"],
            vessel_flag="Panama",
        ),
    )
    assert listing.countries == ("AE", "IR", "GB")
    assert listing.addresses == (
        Address(text="AE", country="AE"),
        Address(text="REGION: KASHMIR"),
    )


@pytest.mark.parametrize(
    ("printed", "country"),
    [
        pytest.param("5764 GRAND CANYON DRIVE, ORLANDO, FL, 32810", "US", id="state and ZIP"),
        pytest.param("FCI LA TUNA, ANTHONY, TX, 88021-1234", "US", id="ZIP+4"),
        pytest.param("ANTHONY, 88021, NM", None, id="the state where the country should be"),
        pytest.param("Calle 14 No. 13-29, Granada, Meta, CO", "CO", id="Colombia, not Colorado"),
        pytest.param("Kwai Chung, N.T., Hong Kong", "HK", id="a name at the end"),
        pytest.param("IR", "IR", id="a country alone"),
        pytest.param("c/o EL PALOMAR CAR WASH, S.A. DE C.V.", None, id="no country"),
    ],
)
def test_the_country_of_an_address_in_one_text_is_read_off_its_end(
    printed: str, country: str | None
):
    listing = listing_of(
        "here", "us_bis_dpl", replace(BARE, addresses=[CslAddress(address=printed)])
    )
    assert [(one.text, one.country) for one in listing.addresses] == [(printed, country)]


def test_an_address_in_parts_is_written_on_one_line():
    printed = CslAddress("1 Main Road", "Karachi", "Sindh", "74000", "PK")
    (address,) = listing_of("here", "us_bis_el", replace(BARE, addresses=[printed])).addresses
    assert address == Address(
        text="1 Main Road, Karachi, Sindh, 74000, PK",
        street="1 Main Road",
        city="Karachi",
        region="Sindh",
        postal_code="74000",
        country="PK",
    )


def test_an_address_of_several_lines_is_written_on_one(of_2023: dict[str, Listing]):
    texts = [one.text for one in of_2023["us_bis_meu-42ae41e6fef9"].addresses]
    assert texts
    assert not any("\n" in text for text in texts)


@pytest.mark.parametrize(
    ("printed", "facts"),
    [
        pytest.param(CslId("Passport", country="JO"), [("passport", "JO")], id="a country alone"),
        pytest.param(CslId("Passport"), [], id="a kind alone"),
        pytest.param(
            CslId("Secondary sanctions risk:", "section 1(b)"),
            [("secondary_sanctions_risk", "section 1(b)")],
            id="a remark",
        ),
    ],
)
def test_an_id_that_is_no_number_is_a_fact(printed: CslId, facts: list[tuple[str, str]]):
    listing = listing_of("here", "us_ofac_sdn", replace(BARE, ids=[printed]))
    assert listing.identifiers == ()
    assert [(fact.kind, fact.value) for fact in listing.facts] == facts


def test_a_number_without_a_kind_is_an_identifier():
    (number,) = listing_of("here", "us_ofac_sdn", replace(BARE, ids=[CslId(None, 7)])).identifiers
    assert (number.kind, number.value) == ("identifier", "7")


@pytest.mark.parametrize(
    ("start_date", "date_of_listing", "listed_on"),
    [
        pytest.param("2014-08-06", "2014-08-01", date(2014, 8, 6), id="the day it took effect"),
        pytest.param(None, "2014-08-01", date(2014, 8, 1), id="the day of listing alone"),
        pytest.param(None, None, None, id="neither"),
    ],
)
def test_a_party_is_listed_on_the_day_it_took_effect(
    start_date: str | None, date_of_listing: str | None, listed_on: date | None
):
    entry = replace(BARE, start_date=start_date, date_of_listing=date_of_listing)
    assert listing_of("here", "us_ofac_sdn", entry).listed_on == listed_on


@pytest.mark.parametrize("standard_order", [" ", "", None])
def test_a_blank_cell_says_nothing(standard_order: str | None):
    listing = listing_of("here", "us_bis_dpl", replace(BARE, standard_order=standard_order))
    assert listing.facts == ()
