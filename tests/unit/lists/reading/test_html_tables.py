import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.pages import body_of, is_page, read_page, title_of
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError


def page(body: str) -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>T</title></head><body>{body}</body></html>\n".encode()
    )


def test_tables_come_with_their_heading_and_the_text_behind_them():
    got = read_page(
        "x",
        page(
            "<p>one<br>two</p><table><tr><th>A<th>B<tr><td>1<td>2</table>three"
            "<table><tr><td>C</td></tr></table><div>four</div><p>five</p>"
        ),
    )
    assert [table.heading for table in got.tables] == ["one two", "three"]
    assert [table.header for table in got.tables] == [("A", "B"), ("C",)]
    assert [cell.text for cell in got.tables[0].rows[1]] == ["1", "2"]
    assert got.rest == "four five"


def test_a_table_inside_a_cell_is_one_of_its_own():
    got = read_page(
        "x", page("<table><tr><td>a<table><tr><td>b</td></tr></table>c</td></tr></table>")
    )
    assert [table.header for table in got.tables] == [("ac",), ("b",)]


@pytest.mark.parametrize(
    ("cell", "text", "bold"),
    [
        pytest.param("by <strong>A Inc</strong>. now", "by A Inc. now", ("A Inc",), id="bold"),
        pytest.param("<b>A</b> and <b>B&nbsp;C</b>", "A and B C", ("A", "B C"), id="two bold"),
        pytest.param("<strong>A<br>B</strong>", "A B", ("A B",), id="a line break in bold"),
        pytest.param("<strong> </strong>x", "x", (), id="blank bold"),
        pytest.param("<p>a</p><p>b</p>", "a b", (), id="two lines"),
        pytest.param("a<sup>1</sup>", "a 1", (), id="a note"),
        pytest.param("&lt;a&gt; &amp; b", "<a> & b", (), id="character references"),
        pytest.param("a<script>var x = '<td>';</script>b", "ab", (), id="a script"),
        pytest.param("a<!-- <td> -->b", "ab", (), id="a comment"),
    ],
)
def test_a_cell_is_its_text_on_one_line(cell: str, text: str, bold: tuple[str, ...]):
    (table,) = read_page("x", page(f"<table><tr><td>{cell}</td></tr></table>")).tables
    assert (table.rows[0][0].text, table.rows[0][0].bold) == (text, bold)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"\xef\xbb\xbf \n", "the file is empty", id="a mark alone"),
        pytest.param(b"a,b\n", "is no HTML page", id="a table of commas"),
        pytest.param(b"%PDF-1.7", "is no HTML page", id="PDF"),
        pytest.param(page("<table>")[:-9], "is cut off .no </html>", id="cut"),
        pytest.param(page("<table><tr><td>a"), "a table is not closed", id="a table cut"),
        pytest.param(page("\xff").replace(b"\xc3\xbf", b"\xff"), "is not UTF-8", id="Latin-1"),
        pytest.param(page("\x00"), "holds a NUL character", id="NUL"),
        pytest.param(
            page("<table><tr><td colspan=2>a</td></tr></table>"), "span others", id="a wide cell"
        ),
        pytest.param(
            page("<table><tr><td rowspan='3'>a</td></tr></table>"), "span others", id="a tall cell"
        ),
    ],
)
def test_what_is_no_whole_page_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^x: .*{reason}"):
        read_page("x", content)


def test_a_page_of_endless_size_is_refused():
    with pytest.raises(ListRefusedError, match="050 bytes; at most 20,000,000 are allowed"):
        read_page("x", page(" ").ljust(20_000_050))


def test_cells_that_say_they_span_themselves_are_read():
    (table,) = read_page(
        "x", page("<table><tr><td colspan=1 rowspan=''>a</td></tr></table>")
    ).tables
    assert table.header == ("a",)


def test_the_body_is_what_stands_below_the_header():
    (table,) = read_page(
        "x",
        page("<table><tr><th>A</th></tr><tr><td> </td><td></td></tr><tr><td>1</td></tr></table>"),
    ).tables
    assert [row.take("A").text for row in body_of("x", table)] == ["1"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        pytest.param("", "'A' has no entries", id="no entries"),
        pytest.param("<tr><th>A</th></tr>", "the header row 'A' is repeated", id="two headers"),
        pytest.param(
            "<tr><td>1</td><td>2</td></tr>", "row 1 under 'A': 2 of 1 cells", id="a cell too many"
        ),
    ],
)
def test_a_table_of_another_shape_is_refused(rows: str, reason: str):
    (table,) = read_page("x", page(f"<table><tr><th>A</th></tr>{rows}</table>")).tables
    with pytest.raises((ListRefusedError, RowRefusedError), match=reason):
        body_of("x", table)


@pytest.mark.parametrize(
    ("head", "told", "title"),
    [
        pytest.param("<!DOCTYPE html>\n<html><title>A\n b</title>", True, "A b", id="a page"),
        pytest.param("<!-- a --><!doctype html>", True, "", id="a comment before"),
        pytest.param("<HTML>", True, "", id="without a type"),
        pytest.param("<htmlx>", False, "", id="another element"),
        pytest.param("<?xml version='1.0'?><a/>", False, "", id="XML"),
        pytest.param("a,b", False, "", id="text"),
    ],
)
def test_pages_are_told_by_their_head(head: str, *, told: bool, title: str):
    assert is_page(head) is told
    assert title_of(head) == title


MARKUP = (
    ("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<b>", "</b>", "x"),
    ("<td colspan=2>", "<![CDATA[", "<!--", "-->", "&#x0;", "<script>", "</script>", "<"),
    ("<noscript>", "</p>", "\x00"),
)


@given(st.lists(st.one_of([st.sampled_from(parts) for parts in MARKUP])))
def test_any_markup_is_read_or_refused(parts: list[str]):
    try:
        got = read_page("x", page("".join(parts)))
    except AbeyanceError:
        return
    assert all(row for table in got.tables for row in table.rows)
