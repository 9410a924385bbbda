import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Fact
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_fcc.reader import FORMATS, parse_html
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

PAGE = "us_fcc/2026-07-24_coveredlist.html"
HEADER = (
    "<tr><th>Covered Equipment or Services*</th><th>Date of Inclusion on Covered List</th></tr>"
)
HUAWEI = "Equipment produced by <strong>Huawei</strong>, including services."

type Sample = Callable[[str], bytes]


def page_of(*tables: str, heading: str = "") -> bytes:
    body = heading + "".join(f"<table>{table}</table>" for table in tables)
    title = "<title>List of Equipment Covered By Section 2 of The Secure Networks Act</title>"
    return f"<!DOCTYPE html><html><head>{title}</head><body>{body}</body></html>".encode()


def row(covered: str = HUAWEI, day: str = "March 12, 2021") -> str:
    return f"<tr><td>{covered}</td><td><p>{day}</p></td></tr>"


def test_every_named_producer_is_a_listing(sample: Sample):
    (edition,) = parse_html(sample(PAGE))
    assert edition.list_code == "us_fcc"
    assert edition.published_on == date(2026, 7, 21)
    assert [listing.primary_name for listing in edition.listings] == [
        "Huawei Technologies Company",
        "ZTE Corporation",
        "Hytera Communications Corporation",
        "Hangzhou Hikvision Digital Technology Company",
        "Dahua Technology Company",
        "AO Kaspersky Lab",
        "China Mobile International USA Inc",
        "China Telecom (Americas) Corp.",
        "Pacific Networks Corp",
        "ComNet (USA) LLC",
        "China Unicom (Americas) Operations Limited",
        "Kaspersky Lab, Inc.",
        "Digitalsystem Technology Inc.",
    ]


def test_the_prose_is_the_remark_and_the_day_of_inclusion_that_of_listing(sample: Sample):
    (edition,) = parse_html(sample(PAGE))
    kaspersky = edition.listings[5]
    assert kaspersky.listed_on == date(2022, 3, 25)
    assert kaspersky.entity_type == "organisation"
    assert kaspersky.remarks == (
        "Information security products, solutions, and services supplied, directly or indirectly, "
        "by AO Kaspersky Lab or any of its predecessors, successors, parents, subsidiaries, or "
        "affiliates."
    )
    assert kaspersky.facts == (
        Fact(
            kind="extends_to",
            value="or any of its predecessors, successors, parents, subsidiaries, or affiliates",
        ),
    )


def test_a_row_that_names_two_makes_two_listings_of_one_day(sample: Sample):
    (edition,) = parse_html(sample(PAGE))
    one, two = edition.listings[8:10]
    assert one.listed_on == two.listed_on == date(2022, 9, 20)
    assert one.remarks == two.remarks
    assert one.id != two.id


@pytest.mark.parametrize(
    "category",
    [
        pytest.param("Routers^ produced in a foreign country.", id="routers"),
        pytest.param("Foreign-produced power inverters, except some.", id="inverters"),
    ],
)
def test_a_category_names_no_party(category: str):
    (edition,) = parse_html(page_of(HEADER + row() + row(category, "July 28, 2026")))
    assert [listing.primary_name for listing in edition.listings] == ["Huawei"]


def test_days_on_which_a_row_was_updated_are_facts():
    day = "March 12, 2021<br>Updated:<br>January 7, 2026"
    (edition,) = parse_html(page_of(HEADER + row(day=day)))
    assert edition.listings[0].listed_on == date(2021, 3, 12)
    assert edition.listings[0].facts == (Fact(kind="updated", value="2026-01-07"),)


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        pytest.param(
            "<h3>Covered List</h3><p>(July 21, 2026)*†±</p>", date(2026, 7, 21), id="day"
        ),
        pytest.param("<p>(Updated July 28, 2026)</p>", date(2026, 7, 28), id="updated"),
        pytest.param("<h3>Covered List</h3>", None, id="none"),
    ],
)
def test_the_day_above_the_list_is_that_of_publication(heading: str, day: date | None):
    (edition,) = parse_html(page_of(HEADER + row(), heading=heading))
    assert edition.published_on == day


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(page_of(HEADER + row())[:-8], "is cut off", id="cut"),
        pytest.param(
            b"<html><title>Sign in</title></html>",
            "page 'Sign in' has 0 tables",
            id="another page",
        ),
        pytest.param(page_of(HEADER + row(), HEADER + row()), "has 2 tables", id="two lists"),
        pytest.param(page_of(HEADER), "has no entries", id="no entries"),
        pytest.param(
            page_of(HEADER + row("Routers produced in a foreign country.")),
            "names no producer",
            id="categories alone",
        ),
        pytest.param(
            page_of("<tr><th>Covered Equipment or Services</th></tr><tr><td>a</td></tr>"),
            "has 0 tables 'Covered Equipment or Services'",
            id="a column gone",
        ),
    ],
)
def test_a_page_of_another_shape_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_fcc: .*{reason}"):
        parse_html(content)


def test_an_unknown_table_is_refused_where_nobody_takes_notes():
    page = page_of(HEADER + row(), "<tr><th>Colours</th></tr>")
    with pytest.raises(RowRefusedError, match="unknown table with the columns 'Colours'"):
        parse_html(page)


@pytest.mark.parametrize(
    ("covered", "day", "reason"),
    [
        pytest.param("Equipment of some kind", "May 1, 2026", "name of a producer", id="nobody"),
        pytest.param(HUAWEI, "", "a day of inclusion is missing", id="no day"),
        pytest.param(HUAWEI, "soon", "Date of Inclusion: 'soon' is not a day", id="words"),
        pytest.param(
            "<b>Note</b> produced by X",
            "May 1, 2026",
            "no producer's name: 'Note'",
            id="bold words",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(covered: str, day: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_html(page_of(HEADER + row(covered, day)))


def test_the_page_is_told_by_its_title_even_where_it_is_broken(sample: Sample):
    (only,) = FORMATS
    assert only.tells(GivenFile("x", sample(PAGE)))
    assert only.tells(GivenFile("x", sample(PAGE)[:1000]))
    for content in (b"", b"<html><title>UFLPA Entity List</title>", b"Secure Networks Act"):
        assert not only.tells(GivenFile("x", content))


@given(st.data())
def test_a_page_cut_anywhere_is_refused(sample: Sample, data: st.DataObject):
    content = sample(PAGE).rstrip()
    with pytest.raises(AbeyanceError):
        parse_html(content[: data.draw(st.integers(0, len(content) - 1))])


@given(st.data())
def test_a_damaged_page_is_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(sample(PAGE))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(AbeyanceError):
        parse_html(bytes(content))


@pytest.mark.parametrize(
    ("covered", "name"),
    [
        pytest.param("<b>Note</b> produced by X", "Note", id="bold words that may be no name"),
        pytest.param("Cameras produced by Hikvision, with parts", "Hikvision", id="nothing bold"),
    ],
)
def test_a_row_that_cannot_be_read_is_kept_by_its_name(covered: str, name: str):
    page = page_of(HEADER + row() + row(covered, "May 1, 2026"))
    (edition,) = read_files("us_fcc", [GivenFile("x", page)], sources=("us_fcc",)).parsed
    assert isinstance(edition, ParsedEdition)
    unread = [each.primary_name for each in edition.listings if each.unread is not None]
    assert unread == [name]
