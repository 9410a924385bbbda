import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.reading.files import Format, GivenFile
from abeyance_screening.engine.lists.retired.uk_ofsi.reader import (
    FORMATS,
    parse_csv,
    parse_workbook,
)
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.retired.uk_ofsi.group_files import (
    OF_2020,
    OF_2022,
    by_id,
    csv_file,
    xlsx_file,
)

type Sample = Callable[[str], bytes]
OF_CSV, OF_XLSX = FORMATS


@pytest.mark.parametrize(
    ("place", "published_on"),
    [
        pytest.param("uk_ofsi/ConList_2020.csv", date(2020, 4, 27), id="2020"),
        pytest.param("uk_ofsi/ConList_2022.csv", date(2022, 5, 4), id="2022"),
        pytest.param("uk_ofsi/ConList_2022.xlsx", date(2022, 5, 4), id="2022 as a workbook"),
    ],
)
def test_a_file_is_one_edition_published_on_the_day_it_says(
    sample: Sample, place: str, published_on: date
):
    read = parse_csv if place.endswith("csv") else parse_workbook
    (edition,) = read(sample(place))
    assert (edition.list_code, edition.published_on) == ("uk_ofsi", published_on)
    assert len({listing.id for listing in edition.listings}) == 8


def test_the_workbook_and_the_csv_file_of_a_day_say_the_same(sample: Sample):
    csv, xlsx = (by_id(sample(f"uk_ofsi/ConList_2022.{kind}")) for kind in ("csv", "xlsx"))
    assert csv == xlsx


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_both_encodings_that_ofsi_used_are_read(encoding: str):
    (listing,) = by_id(csv_file({"Name 6": "Société “Étoile”"}, encoding=encoding)).values()
    assert listing.primary_name == "Société “Étoile”"


def test_utf_8_with_a_damaged_letter_is_not_taken_for_the_other_encoding():
    content = csv_file({"Name 6": "Société Étoile Bélarus"}).replace("Ét".encode(), b"\xc3t")
    with pytest.raises(ListRefusedError, match=r"damaged UTF-8 \(line 3, byte \d+\)"):
        parse_csv(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<!doctype html><html>", "the file is an HTML page", id="HTML"),
        pytest.param(csv_file(first=("Last Updated", "")), "first row does not say", id="no day"),
        pytest.param(
            csv_file(first=("Updated", "27/04/2020")), "first row does", id="other words"
        ),
        pytest.param(csv_file(first=("Last Updated", "April")), "is not a day", id="a bad day"),
        pytest.param(csv_file(first=("Last Updated", "31/02/2020")), "no calendar", id="no day"),
        pytest.param(csv_file().partition(b"\n")[2], "first row does not say", id="no first row"),
        pytest.param(csv_file(header=OF_2020[1:]), "missing column: Name 6", id="missing"),
        pytest.param(csv_file(header=OF_2022[1:]), "missing column: Name 6", id="missing, 2022"),
        pytest.param(
            csv_file(header=[name for name in OF_2022 if name != "Alias Quality"]),
            "missing column: Alias Quality",
            id="missing of 2022",
        ),
        pytest.param(csv_file(header=[*OF_2022, "Colour"]), "unknown column: Colour", id="new"),
        pytest.param(
            csv_file({"Group ID": "9999"}, {"Group ID": "10001"})[:-3],
            "the last record may be cut off: it ends in 'Group ID' without a line break",
            id="a group's number cut",
        ),
        pytest.param(csv_file()[:-60], "line 3 has .* of 36 cells", id="cut in the last record"),
        pytest.param(csv_file() + b"a,b\r\n", "has 2 of 36 cells", id="a short record"),
        pytest.param(csv_file().replace(b"ACME", b"A\x00"), "NUL character", id="NUL"),
        pytest.param(csv_file().replace(b"ACME", b"A\x81"), "neither UTF-8 nor", id="encoding"),
        pytest.param(
            csv_file(dict(zip(OF_2022, OF_2022, strict=True))),
            "the header row is repeated in line 3",
            id="the header twice",
        ),
        pytest.param(
            csv_file().split(b"\r\n")[0] + b"\r\n" + csv_file(),
            "the first row is repeated in line 2",
            id="the first row twice",
        ),
        pytest.param(
            b"\xef\xbb\xbf" + csv_file().replace(b"ACME", b"Soci\xe9t\xe9"),
            "the file is damaged UTF-8",
            id="Windows-1252 behind the mark of UTF-8",
        ),
    ],
)
def test_a_csv_file_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^uk_ofsi: .*{reason}"):
        parse_csv(content)


def test_a_csv_file_without_records_is_refused():
    lines = csv_file().splitlines(keepends=True)[:2]
    with pytest.raises(ListRefusedError, match="the file has no entries"):
        parse_csv(b"".join(lines))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(xlsx_file()[:-30], "not readable as a workbook", id="cut off"),
        pytest.param(xlsx_file(first=("Last Updated",)), "first row does not say", id="no day"),
        pytest.param(xlsx_file(header=OF_2020), "missing column", id="the layout of 2020"),
        pytest.param(xlsx_file(header=OF_2022[1:]), "missing column: Name 6", id="missing"),
    ],
)
def test_a_workbook_that_is_not_the_list_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^uk_ofsi: .*{reason}"):
        parse_workbook(content)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({"Group ID": ""}, "line 3: Group ID is blank", id="no group"),
        pytest.param({"Name 6": " "}, "line 3, group 99999: the group has no name", id="no name"),
        pytest.param({"Group Type": "Aircraft"}, "unknown Group Type 'Aircraft'", id="type"),
        pytest.param({"Alias Type": "Nickname"}, "unknown Alias Type 'Nickname'", id="alias"),
        pytest.param({"Alias Quality": "Fair"}, "unknown Alias Quality 'Fair'", id="quality"),
        pytest.param({"Listed On": "2022"}, "Listed On: '2022' is not a day", id="no day"),
    ],
)
def test_a_group_that_cannot_be_read_is_refused_by_line_and_group(
    row: dict[str, str], reason: str
):
    with pytest.raises(RowRefusedError, match=reason):
        parse_csv(csv_file(row))


def test_rows_of_one_group_that_contradict_each_other_are_refused():
    with pytest.raises(RowRefusedError, match="unknown Group Type 'Entity and Ship'"):
        parse_csv(csv_file({}, {"Group Type": "Ship"}))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(csv_file(), OF_CSV, id="CSV"),
        pytest.param(csv_file(header=OF_2020), OF_CSV, id="CSV of 2020"),
        pytest.param(csv_file(header=OF_2022[:7]), OF_CSV, id="CSV without most columns"),
        pytest.param(csv_file().partition(b"\n")[2], OF_CSV, id="CSV without its first row"),
        pytest.param(csv_file()[:30], OF_CSV, id="CSV cut off"),
        pytest.param(xlsx_file(), OF_XLSX, id="a workbook"),
        pytest.param(xlsx_file(header=OF_2022[20:]), OF_XLSX, id="a workbook without columns"),
        pytest.param(b"Report Date: 16-Apr-2026\r\nUnique ID\r\n", None, id="UK Sanctions List"),
        pytest.param(b"", None, id="nothing"),
    ],
)
def test_a_format_is_told_by_the_beginning(content: bytes, told: Format | None):
    found = [each for each in FORMATS if each.tells(GivenFile("x", content))]
    assert found == ([] if told is None else [told])


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_line_ends_do_not_matter(sample: Sample, end: bytes):
    content = sample("uk_ofsi/ConList_2020.csv")
    assert by_id(content.replace(b"\r\n", end)) == by_id(content)


_STARTS = st.sampled_from(
    [b"", b'"Last', b"Last Updated,27/04/2020\n", csv_file()[:300], csv_file()[:600], csv_file()]
)
_TEXT = st.text(st.sampled_from('a1,"\n\r\x1a \ufeff;\xe9'), max_size=40).map(str.encode)


@settings(deadline=None)
@given(_STARTS, st.one_of(st.binary(max_size=60), _TEXT))
def test_any_bytes_as_csv_file_are_read_or_refused(start: bytes, rest: bytes):
    with contextlib.suppress(AbeyanceError):
        parse_csv(start + rest)


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 60_000), damage=st.binary(max_size=5), cut=st.booleans())
@pytest.mark.parametrize("name", ["ConList_2020.csv", "ConList_2022.csv", "ConList_2022.xlsx"])
def test_damaged_bytes_are_read_or_refused(
    sample: Sample, name: str, place: int, damage: bytes, cut: bool
):
    content = sample(f"uk_ofsi/{name}")
    place %= len(content)
    broken = content[:place] + damage + (b"" if cut else content[place + len(damage) :])
    read = parse_workbook if name.endswith("xlsx") else parse_csv
    try:
        read(broken)
    except AbeyanceError:
        return


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            csv_file({}, {"Name 6": "ACME 2", "Alias Type": "AKA"}).rstrip()
            + b",x\r\n"
            # a file that ends with a whole record
            + csv_file({"Group ID": "99998"}).split(b"\r\n", 2)[2],
            id="a cell more in CSV",
        ),
        pytest.param(
            xlsx_file({}, {"Name 6": "ACME 2", "DOB": "#REF!"}, {"Group ID": "99998"}),
            id="an error in a workbook",
        ),
        pytest.param(
            csv_file(
                {"Name 6": ""},
                {"Name 6": "", "Name Non-Latin Script": "ACME"},
                {"Name 6": "", "Name Non-Latin Script": "ACME 2"},
                {"Group ID": "99998"},
            ),
            id="no name in Latin letters",
        ),
    ],
)
def test_a_row_that_cannot_be_read_costs_its_group_no_name(content: bytes):
    (edition,) = read_files("uk_ofsi", (GivenFile("a", content),), sources=("uk_ofsi",)).parsed
    assert isinstance(edition, ParsedEdition)
    first, second = edition.listings
    assert (first.id, first.entity_type, first.programmes) == (
        "uk_ofsi-99999",
        "organisation",
        ("Russia",),
    )
    assert {name.text for name in first.names} == {"ACME", "ACME 2"}
    assert first.unread is not None
    assert second.unread is None
