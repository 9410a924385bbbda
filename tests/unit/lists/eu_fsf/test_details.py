from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Identifier
from tests.unit.lists.eu_fsf.entry_files import ENTRY, read_entry, values


@pytest.mark.parametrize(
    ("attributes", "born", "place"),
    [
        pytest.param(
            'circa="false" birthdate="1965-12-12" year="1965"', ["1965-12-12"], [], id="day"
        ),
        pytest.param('circa="true" year="1958"', ["circa 1958"], [], id="about a year"),
        pytest.param('circa="false" year="1948" monthOfYear="3"', ["1948-03"], [], id="month"),
        pytest.param(
            'circa="true" yearRangeFrom="1963" yearRangeTo="1968"',
            ["circa 1963 to 1968"],
            [],
            id="range",
        ),
        pytest.param(
            'circa="false" year="1355" calendarType="ISLAMIC"',
            ["1355 (ISLAMIC calendar)"],
            [],
            id="another calendar",
        ),
        pytest.param(
            'circa="false" city="Bunia" countryIso2Code="CD" countryDescription="CONGO"',
            [],
            ["Bunia, CONGO"],
            id="only a place",
        ),
        pytest.param(
            'circa="false" year="1950" countryIso2Code="00" countryDescription="UNKNOWN"',
            ["1950"],
            [],
            id="no country",
        ),
    ],
)
def test_births_are_kept_in_words(attributes: str, born: list[str], place: list[str]):
    listing = read_entry(f"{ENTRY}<birthdate {attributes}><remark>x</remark></birthdate>")
    assert values(listing, "date_of_birth") == born
    assert values(listing, "place_of_birth") == place
    assert values(listing, "birth_remark") == ["x"]
    assert listing.countries == ()


def test_an_address_keeps_its_parts_and_its_notes_once():
    listing = read_entry(
        ENTRY
        + '<address asAtListingTime="true" street="8 Main St" poBox="PO Box 7" city="Baghdad"'
        ' zipCode="10001" region="Karkh" place="" countryIso2Code="IQ" countryDescription="IRAQ">'
        "<remark>former location</remark><remark>former location</remark>"
        '<contactInfo key="PHONE" value="497 92 63"/></address>'
    )
    assert listing.addresses == (
        Address(
            text="8 Main St, PO Box 7, Baghdad, Karkh, 10001, IRAQ",
            street="8 Main St, PO Box 7",
            city="Baghdad",
            region="Karkh",
            postal_code="10001",
            country="IQ",
            note="at the time of listing; former location",
        ),
    )
    assert values(listing, "telephone") == ["497 92 63"]
    assert listing.countries == ("IQ",)


def test_an_address_without_a_country_code_is_read_by_its_words():
    listing = read_entry(
        ENTRY
        + '<address asAtListingTime="false" countryIso2Code="00" countryDescription="LIBYA"/>'
    )
    assert listing.countries == ("LY",)


def test_a_document_keeps_what_is_known_of_it():
    flags = "".join(
        f' {flag}="{truth}"'
        for flag, truth in (
            ("diplomatic", "true"),
            ("knownExpired", "true"),
            ("knownFalse", "false"),
            ("reportedLost", "false"),
            ("revokedByIssuer", "false"),
        )
    )
    listing = read_entry(
        f'{ENTRY}<identification{flags} identificationTypeCode="passport"'
        ' identificationTypeDescription="National passport" number="Д1" latinNumber="D1"'
        ' issuedBy="Embassy" region="Rome" issueDate="2001-02-03" validFrom="2001-02-04"'
        ' validTo="2011-02-03" nameOnDocument="A. Cme" countryIso2Code="TN"'
        ' countryDescription="TUNISIA"><remark>seen 2012</remark></identification>'
    )
    assert listing.identifiers == (
        Identifier(
            kind="National passport",
            value="Д1",
            country="TN",
            issued_on=date(2001, 2, 3),
            expires_on=date(2011, 2, 3),
            note="diplomatic; known to be expired; issued by Embassy, Rome; "
            "valid from 2001-02-04; in Latin letters D1; name on the document: A. Cme; seen 2012",
        ),
    )


def test_a_citizenship_keeps_its_remark():
    listing = read_entry(
        ENTRY + '<citizenship region="" countryIso2Code="SD" countryDescription="SUDAN">'
        "<remark>by birth</remark></citizenship><citizenship><remark>Kurd</remark></citizenship>"
    )
    assert values(listing, "nationality") == ["SUDAN (by birth)", "(Kurd)"]
    assert listing.countries == ("SD",)
