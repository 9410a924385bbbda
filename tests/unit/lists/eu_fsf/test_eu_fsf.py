import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.eu_fsf.reader import FORMATS, parse_xml
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.eu_fsf.entry_files import (
    ENTRY,
    NAME,
    REGULATION,
    SUBJECT,
    file_of,
    read,
    values,
    xml_file,
)

type Sample = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("place", "published_on", "count"),
    [
        pytest.param("eu_fsf/export_2022.xml", date(2022, 3, 18), 15, id="2022"),
        pytest.param("eu_fsf/export_2020.xml", date(2020, 4, 15), 6, id="2020"),
    ],
)
def test_a_file_is_one_edition(sample: Sample, place: str, published_on: date, count: int):
    (edition,) = parse_xml(sample(place))
    assert (edition.list_code, edition.published_on) == ("eu_fsf", published_on)
    assert len({listing.id for listing in edition.listings}) == count


@pytest.mark.parametrize(
    ("generated", "day"),
    [
        pytest.param("2022-03-18T00:59:59.947+01:00", date(2022, 3, 17), id="evening before, UTC"),
        pytest.param("2022-03-18T01:00:00.000+01:00", date(2022, 3, 18), id="midnight in UTC"),
        pytest.param("2022-03-18", date(2022, 3, 18), id="no time"),
    ],
)
def test_the_day_of_publication_is_the_utc_day(generated: str, day: date):
    (edition,) = parse_xml(xml_file(generated=generated))
    assert edition.published_on == day


def test_ids_are_the_numbers_of_the_database_with_and_without_a_reference_number():
    (with_reference,) = read(xml_file()).values()
    (without,) = read(xml_file(attributes='euReferenceNumber="" logicalId="1"')).values()
    assert with_reference.id == without.id == "eu_fsf-1"
    assert (with_reference.entry_id, without.entry_id) == ("EU.1.1", "1")


def test_a_party_printed_for_each_of_its_programmes_is_one_listing(sample: Sample):
    bakht = read(sample("eu_fsf/export_2022.xml"))["EU.805.18"]
    assert bakht.id == "eu_fsf-725"
    assert bakht.programmes == ("AFG", "TAQA")
    assert bakht.listed_on == date(2001, 2, 23)
    assert {"2017/404 (OJ L63)", "1239/2007 (OJ L280)"} <= set(bakht.citations)
    assert [name.kind for name in bakht.names].count("primary") == 1


def test_a_name_that_is_primary_in_a_second_print_is_an_alias():
    first = f'<sanctionEntity logicalId="1">{ENTRY}</sanctionEntity>'
    second = first.replace("Acme", "Acme Trading").replace("SYR", "IRN")
    (listing,) = read(file_of(first, second)).values()
    assert [(name.text, name.kind) for name in listing.names] == [
        ("Acme", "primary"),
        ("Acme Trading", "alias"),
    ]
    assert listing.programmes == ("SYR", "IRN")


def test_the_act_of_a_second_print_is_a_fact():
    first = f'<sanctionEntity logicalId="1">{ENTRY}</sanctionEntity>'
    second = first.replace("SYR", "IRN").replace("example.eu/act", "example.eu/other")
    (listing,) = read(file_of(first, second)).values()
    assert listing.information_url == "https://example.eu/act"
    assert values(listing, "act_url") == ["https://example.eu/other"]
    (alone,) = read(file_of(first, first)).values()
    assert values(alone, "act_url") == []


def test_prints_that_contradict_each_other_are_refused():
    first = f'<sanctionEntity logicalId="1">{ENTRY}</sanctionEntity>'
    second = first.replace("enterprise", "person")
    with pytest.raises(RowRefusedError, match="kind of party, both 'organisation and person'"):
        parse_xml(file_of(first, second))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"id;name\n", "not well-formed XML at line 1, column 2", id="no XML"),
        pytest.param(b"<CONSOLIDATED_LIST/>", "the XML is a 'CONSOLIDATED_LIST'", id="UN list"),
        pytest.param(b"<export/>", "'generationDate' is missing", id="no date"),
        pytest.param(
            xml_file(generated="yesterday"), "generationDate: 'yesterday'", id="bad date"
        ),
        pytest.param(
            xml_file(generated="0001-01-01T00:00:00+01:00"), "generationDate: '0001", id="no day"
        ),
        pytest.param(file_of(), "the file has no entries", id="no entries"),
        pytest.param(xml_file()[:-9], "not well-formed XML at line 1.*no element", id="cut"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]><export generationDate="x"/>',
            "declares a document type or entities",
            id="entities",
        ),
    ],
)
def test_a_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^eu_fsf: .*{reason}"):
        parse_xml(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            xml_file().replace(b"globalFileId", b"colour"), "export: .*'colour'", id="root"
        ),
        pytest.param(file_of("<vessel/>"), "export: unknown element 'vessel'", id="no entry"),
        pytest.param(xml_file(attributes='logicalId=""'), "logicalId .* is blank", id="no id"),
        pytest.param(
            xml_file(attributes='logicalId="1" colour="red"'),
            r"sanctionEntity 1, .*'colour'",
            id="attribute",
        ),
        pytest.param(xml_file(ENTRY + "<vessel/>"), "sanctionEntity EU.1.1: .*'vessel'", id="new"),
        pytest.param(xml_file(SUBJECT + NAME), "'regulation' is missing", id="no regulation"),
        pytest.param(
            xml_file(REGULATION + NAME), "unknown code of 'subjectType' 'blank'", id="no subject"
        ),
        pytest.param(xml_file(REGULATION + SUBJECT), "'nameAlias' is missing", id="no name"),
        pytest.param(
            xml_file(ENTRY.replace("Acme", " , ")),
            "wholeName of 'nameAlias' 'blank'",
            id="blank name",
        ),
        pytest.param(
            xml_file(ENTRY.replace("enterprise", "vessel")),
            "unknown code of 'subjectType' 'vessel'",
            id="unknown subject",
        ),
        pytest.param(
            xml_file(ENTRY.replace('strong="true"', "")),
            "word in 'strong' 'blank'",
            id="no strength",
        ),
        pytest.param(
            xml_file(ENTRY.replace('"true"', '"yes"')),
            "'strong' 'yes'",
            id="strength",
        ),
        pytest.param(
            xml_file(ENTRY.replace('programme="SYR"', "")),
            "'programme' is missing",
            id="programme",
        ),
        pytest.param(
            xml_file(ENTRY.replace("2020-05-30", "30/05/2020")),
            "entryIntoForceDate: '30/05/2020' is not a day",
            id="day",
        ),
        pytest.param(
            xml_file(
                ENTRY + '<address asAtListingTime="false"><contactInfo key="TELEX" value="1"/>'
                "</address>"
            ),
            "unknown key of 'contactInfo' 'TELEX'",
            id="contact",
        ),
        pytest.param(
            xml_file(ENTRY + '<birthdate circa="false" year="1958" monthOfYear="May"/>'),
            "unknown month in 'monthOfYear' 'May'",
            id="month",
        ),
    ],
)
def test_an_entry_that_cannot_be_read_whole_is_refused_by_its_reference(
    content: bytes, reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(content)


@pytest.mark.parametrize(
    ("content", "is_told"),
    [
        pytest.param(xml_file(), True, id="whole"),
        pytest.param(xml_file()[:200], True, id="cut"),
        pytest.param(b"\xef\xbb\xbf\n" + xml_file(), True, id="with a byte order mark"),
        pytest.param(b"<export><sanctionEntity/>", True, id="without its namespace"),
        pytest.param(b"<export><row/></export>", False, id="another export"),
        pytest.param(b"<CONSOLIDATED_LIST/>", False, id="UN list"),
        pytest.param(b"fileGenerationDate;Entity_LogicalId", False, id="the EU's CSV"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_the_format_is_told_by_its_root(content: bytes, is_told: bool):
    form, _ = FORMATS
    assert form.tells(GivenFile("x", content)) is is_told


def test_the_format_reads_one_file(sample: Sample):
    form, _ = FORMATS
    content = sample("eu_fsf/export_2020.xml")
    assert form.read((GivenFile("x", content),)) == parse_xml(content)
    assert (form.word, form.source, form.several) == ("eu_xml", "eu_fsf", False)


def test_a_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("eu_fsf/export_2020.xml")
    whole = read(content)
    end = content.rindex(b">")
    for length in (*range(0, end, 97), *range(end - 40, len(content) + 1)):
        if length <= end:
            with pytest.raises(AbeyanceError):
                parse_xml(content[:length])
        else:
            assert read(content[:length]) == whole


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_knowingly(sample: Sample, data: st.DataObject):
    content = sample("eu_fsf/export_2020.xml")
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    damaged = content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]
    with contextlib.suppress(AbeyanceError):
        parse_xml(damaged)
