from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Fact, Listing, Name
from tests.unit.lists.eu_fsf.entry_files import (
    ATTRIBUTES,
    ENTRY,
    NAME,
    REGULATION,
    SUBJECT,
    name,
    read,
    read_entry,
    source,
    values,
)

type Sample = Callable[[str], bytes]
BASE = REGULATION + SUBJECT


@pytest.fixture(scope="module")
def of_2022(sample: Sample) -> dict[str, Listing]:
    return read(sample("eu_fsf/export_2022.xml"))


def test_a_person_is_read_whole(of_2022: dict[str, Listing]):
    saddam = of_2022["EU.27.28"]
    assert saddam.names[:3] == (
        Name(text="Saddam Hussein Al-Tikriti", kind="primary"),
        Name(text="Abu Ali", kind="alias"),
        Name(text="Abou Ali", kind="alias", language="FR"),
    )
    assert (saddam.id, saddam.entry_id, saddam.entity_type) == ("eu_fsf-13", "EU.27.28", "person")
    assert (saddam.programmes, saddam.countries) == (("IRQ",), ("IQ",))
    assert saddam.listed_on == date(2003, 7, 7)
    assert saddam.remarks == "UNSC RESOLUTION 1483"
    assert saddam.citations == ("1210/2003 (OJ L169)",)
    assert values(saddam, "date_of_birth") == ["1937-04-28"]
    assert values(saddam, "place_of_birth") == ["al-Awja, near Tikrit, IRAQ"]
    assert values(saddam, "nationality") == ["IRAQ"]
    (regulation,) = values(saddam, "regulation")
    assert regulation == (
        "1210/2003 (OJ L169) regulation of the commission, published 2003-07-08, "
        "in force 2003-07-07"
    )
    assert saddam.information_url is not None
    assert saddam.information_url.startswith("http://eur-lex.europa.eu/LexUriServ/")


def test_an_organisation_is_read_with_address_and_contacts(of_2022: dict[str, Listing]):
    company = of_2022["EU.2575.44"]
    assert company.entity_type == "organisation"
    assert company.addresses[0].country == "SY"
    assert {"telephone", "fax", "email", "website"} & {fact.kind for fact in company.facts}


def test_a_bank_has_its_swift_code_as_an_identifier(of_2022: dict[str, Listing]):
    kinds = [each.kind for each in of_2022["EU.4105.82"].identifiers]
    assert "SWIFT BIC" in kinds


@pytest.mark.parametrize(
    ("names", "primary"),
    [
        pytest.param(name("Acme") + name("Acme Ltd"), "Acme", id="the first"),
        pytest.param(name("Acmé", language="FR") + name("Acme"), "Acme", id="no other language"),
        pytest.param(
            name("Acmé", language="FR") + name("Acme", language="EN"), "Acme", id="English"
        ),
        pytest.param(name("Акме") + name("Acme"), "Acme", id="in Latin letters"),
        pytest.param(name("AC", strong="false") + name("Acme"), "Acme", id="a strong one"),
        pytest.param(name("IMU") + name("Islamic Movement"), "Islamic Movement", id="in full"),
        pytest.param(name("AEG"), "AEG", id="initials where there is nothing else"),
        pytest.param(name("Акме") + name("Юкос"), "Акме", id="other letters where all are"),
        pytest.param(name("Acme", strong="false"), "Acme", id="a weak one where all are"),
    ],
)
def test_the_primary_name_is_the_best_of_those_printed(names: str, primary: str):
    listing = read_entry(BASE + names)
    assert listing.names[0] == Name(
        text=primary, kind="primary", language=listing.names[0].language
    )


def test_the_name_of_a_group_in_english_comes_first(of_2022: dict[str, Listing]):
    uzbek = of_2022["EU.465.95"]
    assert uzbek.primary_name == "Islamic Movement of Uzbekistan"
    assert Name(text="IMU", kind="alias") in uzbek.names
    assert (
        Name(text="Movimento Islâmico do Usbequistão", kind="alias", language="PT") in uzbek.names
    )


@pytest.mark.parametrize(
    ("strong", "remark", "kind"),
    [
        ("true", "", "alias"),
        ("false", "", "weak_alias"),
        ("true", "good quality alias", "alias"),
        ("true", "Low quality alias", "weak_alias"),
        ("true", "good quality alias; as previously listed", "former"),
    ],
)
def test_strength_and_remark_tell_the_kind_of_a_name(strong: str, remark: str, kind: str):
    inside = f"<remark>{remark}</remark>" if remark else ""
    listing = read_entry(ENTRY + name("Ace", strong=strong, inside=inside))
    assert [(each.text, each.kind) for each in listing.names[1:]] == [("Ace", kind)]
    assert values(listing, "name_remark") == ([f"Ace: {remark}"] if remark else [])


def test_a_name_is_made_of_its_parts_where_it_is_not_printed_whole():
    parts = '<nameAlias firstName="Jan" middleName="P." lastName="BERG" strong="true"/>'
    assert read_entry(BASE + parts).primary_name == "Jan P. BERG"


def test_a_comma_left_at_the_end_of_a_name_goes():
    assert read_entry(BASE + name("Organizacja Al-Kaida,")).primary_name == "Organizacja Al-Kaida"


def test_title_function_and_gender_are_facts():
    listing = read_entry(
        BASE + '<nameAlias wholeName="A" strong="true" title="Col" function="Adviser" gender="M"/>'
    )
    assert listing.facts[:3] == (
        Fact(kind="title", value="Col"),
        Fact(kind="function", value="Adviser"),
        Fact(kind="gender", value="M"),
    )


@pytest.mark.parametrize(
    ("attributes", "inside", "expected"),
    [
        pytest.param('designationDate="2008-07-03"', "", date(2008, 7, 3), id="printed"),
        pytest.param("", "", None, id="only an amendment"),
        pytest.param(
            'designationDetails="date of listing: 26.7.2010"', "", date(2010, 7, 26), id="details"
        ),
        pytest.param(
            "", "<remark>X. Date of listing 09/05/2011.</remark>", date(2011, 5, 9), id="remark"
        ),
        pytest.param(
            "", "<remark>Date of listing: 2012-02-27</remark>", date(2012, 2, 27), id="ISO"
        ),
        pytest.param(
            "", "<remark>Date of UN designation: 9.7.2012.</remark>", date(2012, 7, 9), id="UN"
        ),
        pytest.param(
            "", "<remark>Date of listing: 31.2.2012.</remark>", None, id="a day no calendar has"
        ),
        pytest.param("", "<remark>Date of birth: 1.2.1950.</remark>", None, id="another day"),
        pytest.param(
            'designationDate="2021-08-07"',
            "<remark>date of listing: 22.12.2009</remark>",
            date(2009, 12, 22),
            id="EU.4224.84: moved along by an amendment, told by the remark",
        ),
        pytest.param(
            'designationDate="2021-07-31"',
            name("Ace", inside=source("1245/2011 (OJ L319)", "2011-12-02")),
            date(2011, 12, 2),
            id="EU.2683.80: moved along, told by an older name",
        ),
        pytest.param(
            "",
            name("Ace", inside=source("1245/2011 (OJ L319)", "2011-12-02")),
            None,
            id="an older name alone",
        ),
    ],
)
def test_the_day_of_listing_is_the_first_that_the_entry_tells(
    attributes: str, inside: str, expected: date | None
):
    listing = read_entry(ENTRY + inside, attributes=f"{ATTRIBUTES} {attributes}")
    assert listing.listed_on == expected


def test_the_printed_day_is_a_fact_where_an_earlier_one_tells_the_listing():
    remark = "<remark>date of listing: 22.12.2009</remark>"
    attributes = f'{ATTRIBUTES} designationDate="2021-08-07"'
    listing = read_entry(ENTRY + remark, attributes=attributes)
    assert listing.listed_on == date(2009, 12, 22)
    assert values(listing, "designation_date") == ["2021-08-07"]
    assert values(read_entry(ENTRY), "designation_date") == []


def test_further_addresses_of_acts_are_facts():
    url = "<publicationUrl>https://example.eu/act</publicationUrl>"
    more = url.replace("act<", "annex<") + url.replace("act<", "corrigendum<")
    listing = read_entry(REGULATION.replace(url, url + more) + ENTRY)
    assert listing.information_url == "https://example.eu/act"
    assert values(listing, "act_url") == [
        "https://example.eu/annex",
        "https://example.eu/corrigendum",
    ]


def test_the_act_a_programme_began_with_tells_the_day_of_listing():
    founding = REGULATION.replace('"amendment"', '"regulation"')
    assert read_entry(founding + SUBJECT + NAME).listed_on == date(2020, 5, 30)


def test_the_acts_behind_names_and_details_are_cited_after_the_main_one():
    listing = read_entry(
        ENTRY
        + name("Ace", inside=source("36/2012 (OJ L16)", "2012-01-19"))
        + f'<citizenship countryIso2Code="SY">{source("1/2013 (OJ L1)", "2013-01-01")}'
        + "</citizenship>"
    )
    assert listing.citations == ("2020/716 (OJ L168)", "36/2012 (OJ L16)", "1/2013 (OJ L1)")
    assert listing.information_url == "https://example.eu/act"


def test_the_number_of_the_united_nations_is_a_fact(of_2022: dict[str, Listing]):
    assert values(of_2022["EU.3886.3"], "united_nations_id") == ["LYi.006"]
