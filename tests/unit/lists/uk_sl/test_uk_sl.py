from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.uk_sl.reader import FORMATS, parse_csv, parse_xml
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.uk_sl.subject_files import (
    ELEMENTS,
    HEADER,
    by_id,
    csv_file,
    xml_file,
)

type Sample = Callable[[str], bytes]
OF_XML, OF_CSV = FORMATS


@pytest.mark.parametrize(
    ("place", "count"),
    [
        pytest.param("uk_sl/UK-Sanctions-List.csv", 11, id="CSV"),
        pytest.param("uk_sl/UK-Sanctions-List.xml", 3, id="XML"),
    ],
)
def test_a_file_is_one_edition_published_on_the_day_it_says(
    sample: Sample, place: str, count: int
):
    read = parse_csv if place.endswith("csv") else parse_xml
    (edition,) = read(sample(place))
    assert (edition.list_code, edition.published_on) == ("uk_sl", date(2026, 4, 29))
    assert len({listing.id for listing in edition.listings}) == count


@pytest.mark.parametrize(
    ("first", "day"),
    [
        pytest.param("Report Date: 16-Apr-2026\r\n", date(2026, 4, 16), id="as printed"),
        pytest.param("\ufeffReport Date: 01-Jul-2026,,,\n", date(2026, 7, 1), id="with commas"),
        pytest.param('"Report Date: 01-Jul-2026",,\n', date(2026, 7, 1), id="quoted"),
        pytest.param("", None, id="none"),
    ],
)
def test_the_report_date_above_the_header_is_the_day_of_publication(first: str, day: date | None):
    (edition,) = parse_csv(csv_file(first=first))
    assert edition.published_on == day


@pytest.mark.parametrize(
    ("generated", "day"),
    [
        pytest.param("20/08/2026", date(2026, 8, 20), id="a day"),
        pytest.param("2026-08-20T05:00:00", date(2026, 8, 20), id="a time"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_day_generated_is_the_day_of_publication(generated: str, day: date | None):
    (edition,) = parse_xml(xml_file(generated=generated))
    assert edition.published_on == day


def test_the_header_before_2026_says_the_same():
    earlier = {
        "Designation Type": "Individual, Entity, Ship",
        "Parent company": "Parent Company",
        "Business registration number (s)": "Business registration number(s)",
    }
    today = csv_file().decode()
    names = ",".join(HEADER)
    renamed = ",".join(f'"{earlier[name]}"' if name in earlier else name for name in HEADER)
    assert by_id(today.replace(names, renamed).encode()) == by_id(today.encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"Report Date: 16-Apr-2026\r\n", "missing column", id="nothing but a date"),
        pytest.param(csv_file(first="Report Date: 31-Feb-2026\n"), "the first line", id="no day"),
        pytest.param(
            csv_file(first="Report Date: 16-Apr-2026\n" * 2),
            "line 2 is no header row, it begins 'Report Date: 16-Apr-2026'",
            id="the date twice",
        ),
        pytest.param(
            csv_file(first="Report Date: 16-Apr-2026\n").replace(b"\r\n", b"\r"),
            "not readable as CSV",
            id="a bare carriage return in the header",
        ),
        pytest.param(csv_file(first="Report Date: soon\n"), "the first line", id="a bad date"),
        pytest.param(csv_file(header=HEADER[1:]), f"missing column: {HEADER[0]}", id="missing"),
        pytest.param(csv_file(header=[*HEADER, "Colour"]), "unknown column: Colour", id="new"),
        pytest.param(
            csv_file(header=[*(name for name in HEADER if name != "Name 6"), "Name 6"])[:-2],
            "may be cut off: it ends in 'Name 6' without a line break",
            id="a name at the end, perhaps cut",
        ),
        pytest.param(csv_file()[:-40], "of .* cells", id="cut in the last record"),
        pytest.param(csv_file().replace(b"ACME", b"AC\xffME"), "not UTF-8", id="encoding"),
        pytest.param(
            csv_file().replace(b"ACME", b'"ACME'), "not readable as CSV", id="an open quote"
        ),
        pytest.param(
            csv_file(dict(zip(HEADER, HEADER, strict=True))),
            "the header row is repeated in line 3",
            id="the header twice",
        ),
        pytest.param(csv_file().partition(b"ACME")[0][:-40], "of 58 cells", id="no record"),
    ],
)
def test_a_csv_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^uk_sl: .*(?:{reason})"):
        parse_csv(content)


def test_a_csv_file_without_records_is_refused():
    names = csv_file().splitlines(keepends=True)[:2]
    with pytest.raises(ListRefusedError, match="the file has no entries"):
        parse_csv(b"".join(names))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<Designations/>", "no entries", id="no entries"),
        pytest.param(b"<sdnList/>", "the XML is a 'sdnList'", id="another list"),
        pytest.param(xml_file()[:-5], "not well-formed XML at line 1", id="cut off"),
        pytest.param(xml_file(generated="soon"), "DateGenerated: 'soon'", id="a bad date"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]><Designations/>', "document type", id="entities"
        ),
    ],
)
def test_an_xml_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^uk_sl: .*{reason}"):
        parse_xml(content)


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        pytest.param("<Colour/>", "Designation RUS9999: unknown element 'Colour'", id="new"),
        pytest.param(
            "<Titles><Title>Dr</Title><Rank>1</Rank></Titles>",
            "unknown element 'Rank'",
            id="inside",
        ),
        pytest.param(
            "<EntityDetails><Entity><Colour>red</Colour></Entity></EntityDetails>",
            "unknown element 'Colour'",
            id="new in the details",
        ),
        pytest.param("<UniqueID>RUS1</UniqueID>", "further 'UniqueID'", id="twice"),
        pytest.param(
            "<SanctionsImposedIndicators><TravelBan>yes</TravelBan></SanctionsImposedIndicators>",
            "'TravelBan' 'yes'",
            id="an indicator",
        ),
        pytest.param(
            "<SanctionsImposedIndicators><Exile>true</Exile></SanctionsImposedIndicators>",
            "unknown element 'Exile'",
            id="a new indicator",
        ),
    ],
)
def test_an_element_that_cannot_be_read_is_refused_by_the_unique_id(inside: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_xml(xml_file(ELEMENTS + inside))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(csv_file(), OF_CSV, id="CSV"),
        pytest.param(csv_file(first=""), OF_CSV, id="CSV without a date"),
        pytest.param(csv_file(header=HEADER[:9]), OF_CSV, id="CSV without most columns"),
        pytest.param(csv_file()[:40], OF_CSV, id="CSV cut off"),
        pytest.param(xml_file(), OF_XML, id="XML"),
        pytest.param(xml_file()[:60], OF_XML, id="XML cut off"),
        pytest.param(b"Last Updated,27/04/2020\r\nName 6,Group ID\r\n", None, id="OFSI"),
        pytest.param(b"<sdnList/>", None, id="another XML"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_a_format_is_told_by_the_beginning(content: bytes, told: Format | None):
    found = [each for each in FORMATS if each.tells(GivenFile("x", content))]
    assert found == ([] if told is None else [told])


def test_an_xml_file_cut_anywhere_is_refused_or_whole(sample: Sample):
    content = sample("uk_sl/UK-Sanctions-List.xml")
    end = content.rindex(b">")
    for length in (*range(0, end, 61), *range(end - 20, len(content))):
        if length <= end:
            with pytest.raises(AbeyanceError):
                parse_xml(content[:length])
        else:
            assert by_id(content[:length]) == by_id(content)


@settings(max_examples=80, deadline=None)
@given(place=st.integers(0, 20_000), damage=st.binary(max_size=5), cut=st.booleans())
@pytest.mark.parametrize("name", ["UK-Sanctions-List.csv", "UK-Sanctions-List.xml"])
def test_damaged_bytes_are_read_or_refused(
    sample: Sample, name: str, place: int, damage: bytes, cut: bool
):
    content = sample(f"uk_sl/{name}")
    place %= len(content)
    broken = content[:place] + damage + (b"" if cut else content[place + len(damage) :])
    try:
        by_id(broken)
    except AbeyanceError:
        return


def test_a_row_that_cannot_be_read_costs_its_subject_no_name():
    short = csv_file({}, {"Name 6": "ACME TRADING", "Name type": "Alias"}).rstrip() + b",one\r\n"
    content = short + csv_file({"Unique ID": "RUS9998"}).split(b"\r\n", 2)[2]
    (edition,) = read_files("uk_sl", (GivenFile("a", content),), sources=("uk_sl",)).parsed
    assert isinstance(edition, ParsedEdition)
    first, second = edition.listings
    assert {name.text for name in first.names} == {"ACME", "ACME TRADING"}
    assert (first.id, first.programmes, first.entity_type) == (
        "uk_sl-RUS9999",
        ("RUS",),
        "organisation",
    )
    assert first.unread is not None
    assert second.unread is None
