from collections.abc import Callable
from datetime import date

import pytest

from service.model.errors import AbeyanceError, ListRefusedError, RowRefusedError
from service.model.listing import Address, Fact, Identifier, Listing, Name
from service.parse.un_sc import parse_xml

type Sample = Callable[[str], bytes]

PARTY = (
    "<DATAID>1</DATAID><FIRST_NAME>ACME</FIRST_NAME><UN_LIST_TYPE>Iran</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>IRe.999</REFERENCE_NUMBER><LISTED_ON>2010-06-09</LISTED_ON>"
)


def xml_file(entity: str = PARTY, *, generated: str = "2026-02-27T00:00:09Z") -> bytes:
    return (
        f'<CONSOLIDATED_LIST dateGenerated="{generated}"><INDIVIDUALS/>'
        f"<ENTITIES><ENTITY>{entity}</ENTITY></ENTITIES></CONSOLIDATED_LIST>"
    ).encode()


def read(content: bytes) -> dict[str, Listing]:
    (edition,) = parse_xml(content)
    return {listing.id: listing for listing in edition.listings}


def read_entity(inside: str) -> Listing:
    return read(xml_file(PARTY + inside))["un_sc-IRe.999"]


@pytest.fixture(scope="module")
def of_2026(sample: Sample) -> dict[str, Listing]:
    return read(sample("un_sc/consolidated_2026.xml"))


def values(listing: Listing, kind: str) -> list[str]:
    return [fact.value for fact in listing.facts if fact.kind == kind]


@pytest.mark.parametrize(
    ("place", "published_on", "count"),
    [
        pytest.param("un_sc/consolidated_2026.xml", date(2026, 2, 27), 23, id="2026"),
        pytest.param("un_sc/consolidated_2020.xml", date(2020, 3, 20), 7, id="2020"),
    ],
)
def test_a_file_is_one_edition(sample: Sample, place: str, published_on: date, count: int):
    (edition,) = parse_xml(sample(place))
    assert (edition.list_code, edition.published_on) == ("un_sc", published_on)
    assert len({listing.id for listing in edition.listings}) == count


@pytest.mark.parametrize(
    ("generated", "day"),
    [
        pytest.param("2020-03-20T19:59:59.822-04:00", date(2020, 3, 20), id="last minute in UTC"),
        pytest.param("2020-03-20T20:00:00.000-04:00", date(2020, 3, 21), id="next day in UTC"),
        pytest.param("2020-03-20T23:59:59", date(2020, 3, 20), id="no zone counts as UTC"),
    ],
)
def test_the_day_of_publication_is_the_utc_day(generated: str, day: date):
    (edition,) = parse_xml(xml_file(generated=generated))
    assert edition.published_on == day


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


def test_a_document_is_an_identifier_with_all_that_is_printed_of_it():
    listing = read_entity(
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification\n Number"
        "</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>identity card</TYPE_OF_DOCUMENT2>"
        "<NUMBER>\n1007850441 </NUMBER><DATE_OF_ISSUE>2001-03-27</DATE_OF_ISSUE>"
        "<CITY_OF_ISSUE>Kiel</CITY_OF_ISSUE><COUNTRY_OF_ISSUE>Germany</COUNTRY_OF_ISSUE>"
        "<NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>"
        "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT2>Ration card</TYPE_OF_DOCUMENT2>"
        "<DATE_OF_ISSUE>2009</DATE_OF_ISSUE><NOTE>no number known</NOTE></INDIVIDUAL_DOCUMENT>"
    )
    assert listing.identifiers == (
        Identifier(
            kind="National Identification Number",
            value="1007850441",
            country="DE",
            issued_on=date(2001, 3, 27),
            note="identity card; issued in Kiel, Germany; expired",
        ),
        Identifier(
            kind="Ration card", value="no number known", note="issued 2009; no number known"
        ),
    )


def test_empty_elements_say_nothing():
    listing = read_entity("<ENTITY_ADDRESS><COUNTRY/></ENTITY_ADDRESS><COMMENTS1/>")
    assert (listing.addresses, listing.remarks) == ((), None)


def test_the_older_layout_keeps_who_asked_for_the_listing(sample: Sample):
    listings = read(sample("un_sc/consolidated_2020.xml"))
    submitted = [values(listing, "submitted_by") for listing in listings.values()]
    assert ["Germany"] in submitted


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        pytest.param(PARTY + "<COLOUR/>", "ENTITY IRe.999: unknown part 'COLOUR'", id="new"),
        pytest.param(
            PARTY + "<ENTITY_ADDRESS><PLANET>Mars</PLANET></ENTITY_ADDRESS>",
            "ENTITY IRe.999, ENTITY_ADDRESS: unknown part 'PLANET'",
            id="new inside",
        ),
        pytest.param(
            PARTY + "<TITLE><VALUE>Dr</VALUE><NOTE>x</NOTE></TITLE>",
            "TITLE: unknown part 'NOTE'",
            id="new beside a value",
        ),
        pytest.param(
            PARTY.replace("<FIRST_NAME>ACME</FIRST_NAME>", ""),
            "'FIRST_NAME' is missing",
            id="no name",
        ),
        pytest.param(PARTY.replace("ACME", " "), "FIRST_NAME is blank", id="blank name"),
        pytest.param(PARTY.replace("IRe.999", ""), "REFERENCE_NUMBER is blank", id="no reference"),
        pytest.param(PARTY.replace("2010-06-09", "June 2010"), "LISTED_ON: 'June", id="no day"),
        pytest.param(PARTY + "<DATAID>2</DATAID>", "DATAID stands 2 times", id="twice"),
        pytest.param(PARTY + "stray", "text between the elements", id="stray text"),
        pytest.param(
            PARTY + "<COMMENTS1>see <b>here</b></COMMENTS1>",
            "COMMENTS1 holds more than text",
            id="elements in a text",
        ),
        pytest.param(
            PARTY + '<COMMENTS1 lang="fr">x</COMMENTS1>', "COMMENTS1 holds more", id="attribute"
        ),
        pytest.param(
            PARTY
            + "<ENTITY_ALIAS><QUALITY>Poor</QUALITY><ALIAS_NAME>A</ALIAS_NAME></ENTITY_ALIAS>",
            "ENTITY_ALIAS: QUALITY: unknown 'Poor'",
            id="unknown quality",
        ),
    ],
)
def test_a_party_that_cannot_be_read_whole_is_refused_by_its_reference(entity: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(entity))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"id,name\n", "not well-formed XML at line 1, column 0", id="no XML"),
        pytest.param(b"<sdnList/>", "the XML is a 'sdnList'", id="another list"),
        pytest.param(b"<CONSOLIDATED_LIST/>", "'dateGenerated' is missing", id="no date"),
        pytest.param(
            b'<CONSOLIDATED_LIST dateGenerated="x" colour="red"/>', "attribute 'colour'", id="attr"
        ),
        pytest.param(xml_file(generated="yesterday"), "dateGenerated: 'yesterday'", id="bad date"),
        pytest.param(
            b'<CONSOLIDATED_LIST dateGenerated="2026-02-27"/>', "no entries", id="no entries"
        ),
        pytest.param(
            xml_file(PARTY.replace("ACME", "ACME\n& SONS")),
            "not well-formed XML at line 2, column 1: not well-formed",
            id="UN QDe.130 in the broken copy of 2024: a bare ampersand",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]><CONSOLIDATED_LIST dateGenerated="x"/>',
            "declares a document type or entities",
            id="entities",
        ),
        pytest.param(
            b'<?xml version="1.0" encoding="none-such"?><a/>', "XML", id="unknown encoding"
        ),
    ],
)
def test_a_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^un_sc: .*{reason}"):
        parse_xml(content)


@pytest.mark.parametrize("element", ["<OTHERS/>", "<INDIVIDUALS><ENTITY/></INDIVIDUALS>"])
def test_an_unknown_section_or_party_is_refused(element: str):
    root = f'<CONSOLIDATED_LIST dateGenerated="2026-02-27">{element}</CONSOLIDATED_LIST>'
    with pytest.raises(RowRefusedError, match="unknown element"):
        parse_xml(root.encode())


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("un_sc/consolidated_2020.xml")
    whole = read(content)
    end = content.rindex(b">")
    for length in (*range(0, end, 37), *range(end - 40, len(content))):
        if length <= end:
            with pytest.raises(AbeyanceError):
                parse_xml(content[:length])
        else:
            assert read(content[:length]) == whole
