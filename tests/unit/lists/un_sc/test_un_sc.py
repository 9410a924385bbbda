from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.un_sc.reader import parse_xml
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.un_sc.party_files import PARTY, read, xml_file

type Sample = Callable[[str], bytes]


@pytest.mark.parametrize(
    ("place", "published_on", "count"),
    [
        pytest.param("un_sc/consolidated_2026-08.xml", date(2026, 8, 1), 5, id="August 2026"),
        pytest.param("un_sc/consolidated_2026.xml", date(2026, 2, 27), 23, id="February 2026"),
        pytest.param("un_sc/consolidated_2023.xml", date(2023, 4, 27), 2, id="2023"),
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


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(b"id,name\n", "not well-formed XML at line 1, column 0", id="no XML"),
        pytest.param(b"<sdnList/>", "the XML is a 'sdnList'", id="another list"),
        pytest.param(b"<CONSOLIDATED_LIST/>", "'dateGenerated' is missing", id="no date"),
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


def test_a_new_attribute_of_the_root_is_refused_by_name():
    root = b'<CONSOLIDATED_LIST dateGenerated="x" colour="red"/>'
    with pytest.raises(RowRefusedError, match=r"attributes of CONSOLIDATED_LIST: .*'colour'"):
        parse_xml(root)


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
