from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.listing import Address, Fact, Identifier, Listing, Name
from tests.unit.lists.un_sc.party_files import read, read_entity, values

type Sample = Callable[[str], bytes]


@pytest.fixture(scope="module")
def of_2026(sample: Sample) -> dict[str, Listing]:
    return read(sample("un_sc/consolidated_2026.xml"))


def test_a_person_is_read_whole(of_2026: dict[str, Listing]):
    badege = of_2026["un_sc-CDi.001"]
    assert badege.names == (Name(text="ERIC BADEGE", kind="primary"),)
    assert badege.entity_type == "person"
    assert badege.entry_id == "CDi.001"
    assert badege.programmes == ("DRC",)
    assert badege.listed_on == date(2012, 12, 31)
    assert badege.addresses == (Address(text="Rwanda", country="RW", note="as of early 2016"),)
    assert badege.countries == ("RW", "CD")
    assert badege.remarks is not None
    assert badege.remarks.startswith("He fled to Rwanda in March 2013")
    assert badege.source_url == "https://scsanctions.un.org/"
    assert badege.facts == (
        Fact(kind="gender", value="Male"),
        Fact(kind="date_of_birth", value="1971"),
        Fact(kind="last_updated", value="2016-10-13"),
        Fact(kind="data_id", value="6907993"),
        Fact(kind="nationality", value="Democratic Republic of the Congo"),
    )


def test_an_entity_is_read_whole(of_2026: dict[str, Listing]):
    qaida = of_2026["un_sc-QDe.004"]
    assert qaida.entity_type == "organisation"
    assert qaida.names[:3] == (
        Name(text="AL-QAIDA", kind="primary"),
        Name(text="القاعدة", kind="alias", language="original script"),
        Name(text='"The Base"', kind="alias"),
    )


def test_several_names_in_one_alias_are_names_of_their_own(of_2026: dict[str, Listing]):
    texts = [name.text for name in of_2026["un_sc-QDe.137"].names]
    assert {"Hay\u2019at Tahrir al-Sham", "هيئة تحرير الشام", "Jabhat al-Nusrah"} <= set(texts)


def test_a_name_told_to_be_a_former_one_by_its_note_is_former(of_2026: dict[str, Listing]):
    assert Name(text="Sanani", kind="former") in of_2026["un_sc-TAi.111"].names


@pytest.mark.parametrize(
    ("quality", "note", "kind"),
    [
        ("Good", "", "alias"),
        ("a.k.a.", "", "alias"),
        ("Low", "", "weak_alias"),
        ("f.k.a.", "", "former"),
        ("Good", "nom de guerre", "alias"),
        ("Low", "previously listed as", "former"),
        ("Good", "Formerly listed as", "former"),
        ("Good", "Previously listed as. In Arabic: مرعي زغبي", "former"),
    ],
)
def test_quality_and_note_tell_the_kind_of_a_name(quality: str, note: str, kind: str):
    alias = f"<QUALITY>{quality}</QUALITY><ALIAS_NAME>AC</ALIAS_NAME><NOTE>{note}</NOTE>"
    listing = read_entity(f"<ENTITY_ALIAS>{alias}</ENTITY_ALIAS>")
    assert [(name.text, name.kind) for name in listing.names[1:]] == [("AC", kind)]
    assert values(listing, "alias_note") == ([f"AC: {note}"] if note else [])


def test_a_note_with_the_name_in_another_script_gives_that_name():
    listing = read_entity(
        "<ENTITY_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Sever</ALIAS_NAME>"
        "<NOTE>original script: Север</NOTE></ENTITY_ALIAS>"
    )
    assert listing.names[2] == Name(text="Север", kind="weak_alias", language="original script")


def test_an_alias_without_a_name_gives_its_birthday_and_no_name():
    listing = read_entity(
        "<ENTITY_ALIAS><QUALITY/><ALIAS_NAME/><DATE_OF_BIRTH>1960</DATE_OF_BIRTH></ENTITY_ALIAS>"
        "<ENTITY_ALIAS><QUALITY/><ALIAS_NAME/></ENTITY_ALIAS>"
    )
    assert [name.text for name in listing.names] == ["ACME"]
    assert values(listing, "alias_note") == ["1960"]


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param("<DATE>1964-07-17</DATE>", "1964-07-17", id="a day"),
        pytest.param(
            "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1958</YEAR>",
            "approximately 1958",
            id="about a year",
        ),
        pytest.param(
            "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1965</FROM_YEAR>"
            "<TO_YEAR>1969</TO_YEAR>",
            "1965 to 1969",
            id="between years",
        ),
        pytest.param(
            "<YEAR>1970</YEAR><NOTE>from false passport</NOTE>",
            "1970 (from false passport)",
            id="with a note",
        ),
    ],
)
def test_dates_of_birth_are_kept_in_words(inside: str, expected: str):
    birth = f"<INDIVIDUAL_DATE_OF_BIRTH>{inside}</INDIVIDUAL_DATE_OF_BIRTH>"
    assert values(read_entity(birth), "date_of_birth") == [expected]


def test_a_document_is_an_identifier_and_one_without_a_number_a_fact():
    listing = read_entity(
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification\n Number"
        "</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>identity card</TYPE_OF_DOCUMENT2>"
        "<NUMBER>\n1007850441 </NUMBER><DATE_OF_ISSUE>2001-03-27</DATE_OF_ISSUE>"
        "<CITY_OF_ISSUE>Kiel</CITY_OF_ISSUE><COUNTRY_OF_ISSUE>Germany</COUNTRY_OF_ISSUE>"
        "<NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Ration card</TYPE_OF_DOCUMENT2>"
        "<DATE_OF_ISSUE>2009</DATE_OF_ISSUE><NOTE>No. 6 in the old register</NOTE>"
        "</INDIVIDUAL_DOCUMENT>"
    )
    assert listing.identifiers == (
        Identifier(
            kind="National Identification Number",
            value="1007850441",
            country="DE",
            issued_on=date(2001, 3, 27),
            note="identity card; issued in Kiel, Germany; expired",
        ),
    )
    assert values(listing, "document") == ["Ration card: issued 2009; No. 6 in the old register"]


def test_the_layout_of_august_2026_keeps_the_notices_of_interpol(sample: Sample):
    listings = read(sample("un_sc/consolidated_2026-08.xml"))
    notices = {
        listing.entry_id: (values(listing, "has_interpol_link"), values(listing, "interpol_link"))
        for listing in listings.values()
    }
    page = "https://www.interpol.int/en/How-we-work/Notices/View-UN-Notices"
    assert notices == {
        "CDi.049": (["YES"], [f"{page}-Individuals"]),
        "IQi.025": (["NO"], []),
        "TAi.003": (["YES"], [f"{page}-Individuals#2007-47114"]),
        "CDe.010": (["YES"], [f"{page}-Entities"]),
        "LYe.006": (["NO"], []),
    }


def test_a_document_of_august_2026_says_until_when_it_is_valid(sample: Sample):
    listings = read(sample("un_sc/consolidated_2026-08.xml"))
    assert [(each.value, each.expires_on) for each in listings["un_sc-CDi.049"].identifiers] == [
        ("OP0204168", date(2022, 7, 5)),
        ("OB0072391", date(2014, 12, 28)),
        ("1 1978 8 0137555 3 27", None),
    ]
    (passport,) = listings["un_sc-TAi.003"].identifiers
    assert (passport.issued_on, passport.expires_on) == (date(2022, 5, 22), date(2027, 5, 22))


@pytest.mark.parametrize(
    ("number", "printed", "expires_on", "told"),
    [
        pytest.param("A1", "2026-12-11", date(2026, 12, 11), None, id="a day"),
        pytest.param("A1", "2026", None, "expires 2026", id="a year stays in words"),
        pytest.param("", "2026-12-11", None, "expires 2026-12-11", id="no number"),
    ],
)
def test_an_expiry_is_a_day_or_stays_in_words(
    number: str, printed: str, expires_on: date | None, told: str | None
):
    listing = read_entity(
        f"<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>{number}"
        f"</NUMBER><DATE_OF_EXPIRY>{printed}</DATE_OF_EXPIRY></INDIVIDUAL_DOCUMENT>"
    )
    if number:
        (passport,) = listing.identifiers
        assert (passport.expires_on, passport.note) == (expires_on, told)
    else:
        assert values(listing, "document") == [f"Passport: {told}"]


def test_a_day_of_listing_left_blank_is_not_known(sample: Sample):
    listings = read(sample("un_sc/consolidated_2023.xml"))
    assert listings["un_sc-QDi.434"].primary_name == "MAULAWI RAJAB"
    assert listings["un_sc-QDi.434"].listed_on is None
    assert listings["un_sc-QDi.435"].listed_on == date(2023, 4, 26)


def test_empty_elements_say_nothing():
    listing = read_entity("<ENTITY_ADDRESS><COUNTRY/></ENTITY_ADDRESS><COMMENTS1/>")
    assert (listing.addresses, listing.remarks) == ((), None)


def test_the_older_layout_keeps_who_asked_for_the_listing(sample: Sample):
    listings = read(sample("un_sc/consolidated_2020.xml"))
    submitted = [values(listing, "submitted_by") for listing in listings.values()]
    assert ["Germany"] in submitted
