import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Fact
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_ddtc.reader import FORMATS, parse_files
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.us_ddtc.debarment_files import (
    ADMINISTRATIVE,
    HEADER,
    OTHER_HEADER,
    OTHER_ROW,
    ROW,
    STATUTORY,
    files_of,
    listings_of,
    named,
)

type Sample = Callable[[str], bytes]


def test_both_files_are_one_edition_in_either_order(sample: Sample):
    pair = files_of(sample(STATUTORY), sample(ADMINISTRATIVE))
    (edition,) = parse_files(pair)
    assert edition.list_code == "us_ddtc"
    assert edition.published_on is None
    assert len(edition.listings) == 22
    assert parse_files(pair[::-1]) == (edition,)


def test_a_statutory_debarment_is_in_force_from_the_day_of_its_notice(sample: Sample):
    listing = named(listings_of(sample), "Acety, Edwin")
    assert listing.programmes == ("statutory",)
    assert listing.listed_on == date(2018, 4, 25)
    assert listing.citations == ("83 FR 18112",)
    assert listing.entity_type == "person"
    assert listing.facts == (Fact(kind="date_of_birth", value="November, 1975"),)


def test_an_administrative_debarment_has_its_own_day(sample: Sample):
    listing = named(listings_of(sample), "VTA Telecom Corporation")
    assert listing.programmes == ("administrative",)
    assert listing.listed_on == date(2023, 4, 20)
    assert listing.citations == ("88 FR 39554",)
    assert listing.facts == ()


def test_a_correction_is_cited_behind_the_notice(sample: Sample):
    listing = named(listings_of(sample), "Boyko, Gennadiy")
    assert listing.citations == ("85 FR 30783", "85 FR 39967")
    assert listing.facts[1:] == (
        Fact(kind="corrected_notice", value="85 FR 39967"),
        Fact(kind="corrected_notice_date", value="7/2/2020"),
    )


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        pytest.param("Shifrin, Elena", "90 FR 40458ÿ", id="a stray letter"),
        pytest.param(
            "Dominguez, Carlos; Elint, S.A., Spain Night Vision, S.A., and SNV, S.A",
            "79 FR 35210 corrected by 79 FR 37384",
            id="two acts",
        ),
    ],
)
def test_a_notice_that_says_more_than_its_act_is_kept_as_printed(
    sample: Sample, name: str, fact: str
):
    facts = named(listings_of(sample), name).facts
    assert Fact(kind="federal_register_notice", value=fact) in facts


def test_a_row_without_a_date_of_birth_is_not_said_to_be_a_company(sample: Sample):
    assert named(listings_of(sample), "A & C International Trade, Inc.").entity_type is None


def test_one_party_in_two_notices_has_two_listings_with_ids_of_one_name(sample: Sample):
    twice = [
        each for each in listings_of(sample) if each.primary_name == "Aero Systems Aviation Corp."
    ]
    assert sorted(each.listed_on for each in twice if each.listed_on is not None) == [
        date(1993, 9, 27),
        date(1994, 2, 7),
    ]
    first, second = sorted(each.id for each in twice)
    assert second == f"{first}-2"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((GivenFile("s.csv", HEADER + ROW),), id="the statutory file alone"),
        pytest.param((GivenFile("a.csv", OTHER_HEADER + OTHER_ROW),), id="the other alone"),
        pytest.param((GivenFile("s.csv", HEADER + ROW),) * 2, id="one kind twice"),
        pytest.param(
            (*files_of(HEADER + ROW, OTHER_HEADER + OTHER_ROW), GivenFile("s.csv", HEADER + ROW)),
            id="three files",
        ),
    ],
)
def test_anything_but_one_file_of_each_kind_is_refused(files: tuple[GivenFile, ...]):
    with pytest.raises(ListRefusedError, match=r"file together; given: [as]\.csv"):
        parse_files(files)


@pytest.mark.parametrize(
    ("statutory", "administrative", "reason"),
    [
        pytest.param(HEADER, OTHER_HEADER + OTHER_ROW, r"s\.csv has no entries", id="no entries"),
        pytest.param(HEADER + ROW, OTHER_HEADER, r"a\.csv has no entries", id="none there"),
        pytest.param(
            HEADER + ROW[:-4], OTHER_HEADER + OTHER_ROW, "line 2 has 4 of 6 cells", id="cut"
        ),
        pytest.param(
            HEADER + ROW,
            OTHER_HEADER + OTHER_ROW * 2 + OTHER_ROW[:-4],
            "the last record may be cut off: it ends in 'Federal Register Notice'",
            id="cut there",
        ),
        pytest.param(
            HEADER.replace(b",Notice Date", b"") + ROW,
            OTHER_HEADER + OTHER_ROW,
            "missing column: Notice Date",
            id="a column gone",
        ),
        pytest.param(
            HEADER * 2,
            OTHER_HEADER + OTHER_ROW,
            "the header row is repeated in line 2",
            id="twice",
        ),
        pytest.param(
            HEADER + ROW,
            (OTHER_HEADER + OTHER_ROW).decode().encode("utf-16"),
            "UTF-16",
            id="another encoding",
        ),
    ],
)
def test_a_file_of_another_shape_is_refused(statutory: bytes, administrative: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_ddtc: .*{reason}"):
        parse_files(files_of(statutory, administrative))


@pytest.mark.parametrize(
    ("statutory", "administrative", "place"),
    [
        pytest.param(
            b",,1 FR 20,1/2/2003,,\r\n", OTHER_ROW, "statutory, line 2: Party Name", id="no name"
        ),
        pytest.param(
            b"X,,1 FR 20,2003,,\r\n", OTHER_ROW, "statutory, line 2: Notice Date", id="a year"
        ),
        pytest.param(ROW, b",1/2/2003,,,\r\n", "administrative, line 2: Name", id="none there"),
        pytest.param(ROW, b"X,soon,,,\r\n", "administrative, line 2: Date: 'soon'", id="words"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_file_and_line(
    statutory: bytes, administrative: bytes, place: str
):
    with pytest.raises(RowRefusedError, match=f"^{place}"):
        parse_files(files_of(HEADER + statutory, OTHER_HEADER + administrative))


def test_the_format_is_told_by_either_header_even_where_the_file_is_broken(sample: Sample):
    _, only = FORMATS
    assert only.several
    for place in (STATUTORY, ADMINISTRATIVE):
        assert only.tells(GivenFile("x", sample(place)))
        assert only.tells(GivenFile("x", sample(place)[:200]))
    for content in (b"", b"<html>", b"{}", b"Name,Date\n"):
        assert not only.tells(GivenFile("x", content))


@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(sample(STATUTORY))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    with contextlib.suppress(AbeyanceError):
        parse_files(files_of(bytes(content), sample(ADMINISTRATIVE)))


def test_a_file_in_ddtcs_own_encoding_reads_as_in_utf_8():
    printed = ROW.replace(b"Acety, Edwin", "Müller, Edwin".encode())
    assert printed != ROW
    as_published = printed.decode().encode("latin-1")
    read, again = (
        parse_files((GivenFile("s", HEADER + row), GivenFile("a", OTHER_HEADER + OTHER_ROW)))
        for row in (printed, as_published)
    )
    assert read == again
