import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import ParsedEdition
from abeyance_screening.engine.lists.formats import read_files
from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_uflpa.reader import FORMATS, parse_html, printed_names
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

PAGE = "us_uflpa/2026-07-24_uflpa-entity-list.html"
HEADER = "<tr><th>Name of Entity</th><th>Effective Date</th></tr>"

type Sample = Callable[[str], bytes]


def listings_of(sample: Sample) -> tuple[Listing, ...]:
    (edition,) = parse_html(sample(PAGE))
    return edition.listings


def page_of(table: str, section: str = "Section 2(d)(2)(B)(i)", behind: str = "") -> bytes:
    body = f"<p>{section}</p><table>{table}</table>{behind}"
    title = "<title>UFLPA Entity List | Homeland Security</title>"
    return f"<!DOCTYPE html><html><head>{title}</head><body>{body}</body></html>".encode()


def edition_of(content: bytes) -> ParsedEdition:
    """The page's edition, with notes on what is unknown."""
    found = read_files("us_uflpa", [GivenFile("x", content)], sources=("us_uflpa",))
    (edition,) = found.parsed
    assert isinstance(edition, ParsedEdition)
    return edition


def row(name: str, day: str = "June 21, 2022") -> str:
    return f"<tr><td>{name}</td><td>{day}</td></tr>"


def test_every_row_of_every_table_is_a_listing(sample: Sample):
    (edition,) = parse_html(sample(PAGE))
    assert edition.list_code == "us_uflpa"
    assert edition.published_on == date(2025, 1, 14)
    assert len(edition.listings) == 25
    assert len({listing.id for listing in edition.listings}) == 25


def test_the_section_above_the_table_is_the_programme(sample: Sample):
    corps = [each for each in listings_of(sample) if "Corps" in each.primary_name]
    assert [each.programmes for each in corps] == [
        ("Section 2(d)(2)(B)(i)",),
        ("Section 2(d)(2)(B)(ii)",),
        ("Section 2(d)(2)(B)(v)",),
    ]


def test_an_entity_on_two_sub_lists_has_a_day_on_each(sample: Sample):
    daqo = [each for each in listings_of(sample) if "Daqo" in each.primary_name]
    assert [(each.primary_name, each.listed_on) for each in daqo] == [
        ("Xinjiang Daqo New Energy, Co. Ltd", date(2022, 6, 21)),
        ("Xinjiang Daqo New Energy Co., Ltd.", date(2024, 11, 25)),
    ]


def test_an_entry_that_says_more_than_its_name_is_kept_as_printed(sample: Sample):
    listings = listings_of(sample)
    assert listings[0].remarks is None
    assert listings[1].primary_name == "Hetian Haolin Hair Accessories Co. Ltd."
    assert listings[1].remarks == (
        "Hetian Haolin Hair Accessories Co. Ltd. (and two aliases: Hotan Haolin Hair Accessories; "
        "and Hollin Hair Accessories)"
    )
    assert listings[1].entity_type == "organisation"


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        pytest.param("Ninestar Corporation", [], id="a name alone"),
        pytest.param(
            "Hetian Haolin Hair Accessories Co. Ltd. (and two aliases: Hotan Haolin Hair "
            "Accessories; and Hollin Hair Accessories)",
            [("Hotan Haolin Hair Accessories", "alias"), ("Hollin Hair Accessories", "alias")],
            id="aliases that are counted",
        ),
        pytest.param(
            "Hoshine Silicon Industry (Shanshan) Co., Ltd (including one alias: Hesheng Silicon "
            "Industry (Shanshan) Co.) and subsidiaries",
            [("Hesheng Silicon Industry (Shanshan) Co.", "alias")],
            id="brackets inside an alias",
        ),
        pytest.param(
            "Sichuan Jingweida Technology Group Co., Ltd. (also known as Sichuan Mianyang "
            "Jingweida Technology Co., Ltd. and JWD Technology; and formerly known as Mianyang "
            "High-tech Zone Jingweida Technology Co., Ltd.)",
            [
                ("Sichuan Mianyang Jingweida Technology Co., Ltd.", "alias"),
                ("JWD Technology", "alias"),
                ("Mianyang High-tech Zone Jingweida Technology Co., Ltd.", "former"),
            ],
            id="a bare and, and a former name",
        ),
        pytest.param(
            "Hongyuan Green Energy Co., Ltd. (also known as HY Solar; and Hoyuan Green Energy Co. "
            "Ltd. and formerly known as Wuxi Shangji CNC Co., Ltd.; and Wuxi Shangji Grinding "
            "Machine Co., Ltd.)",
            [
                ("HY Solar", "alias"),
                ("Hoyuan Green Energy Co. Ltd.", "alias"),
                ("Wuxi Shangji CNC Co., Ltd.", "former"),
                ("Wuxi Shangji Grinding Machine Co., Ltd.", "former"),
            ],
            id="former names behind a bare and",
        ),
        pytest.param(
            "Junan Jinsheng Import & Export Co., Ltd. (also known as Junan County Jinsheng Import "
            "and Export Co., Ltd.)",
            [("Junan County Jinsheng Import and Export Co., Ltd.", "alias")],
            id="and inside a name",
        ),
        pytest.param(
            "No. 4 Vocation Skills Education Training Center (VSETC)",
            [("No. 4 Vocation Skills Education Training Center", "alias"), ("VSETC", "alias")],
            id="a short name in brackets",
        ),
        pytest.param("A Co. (also known as B Co.", [("B Co.", "alias")], id="never closed"),
    ],
)
def test_names_are_taken_apart(printed: str, names: list[tuple[str, str]]):
    found, _ = printed_names(printed)
    assert [(name.text, name.kind) for name in found[1:]] == names


@pytest.mark.parametrize(
    ("printed", "name", "heirs"),
    [
        pytest.param(
            "A (B) Co., Ltd (including one alias: C) and subsidiaries",
            "A (B) Co., Ltd",
            "and subsidiaries",
            id="behind the aliases",
        ),
        pytest.param(
            "A Co., Ltd., and Subsidiaries", "A Co., Ltd.", "and Subsidiaries", id="behind a comma"
        ),
        pytest.param(
            "A Corps (AC) and its subordinate and affiliated entities",
            "A Corps (AC)",
            "and its subordinate and affiliated entities",
            id="in other words",
        ),
    ],
)
def test_whom_else_an_entry_reaches_is_a_fact(printed: str, name: str, heirs: str):
    names, facts = printed_names(printed)
    assert names[0].text == name
    assert facts == (Fact(kind="extends_to", value=heirs),)


@pytest.mark.parametrize(
    ("printed", "reason"),
    [
        pytest.param("A Co. (trading as B)", "in brackets 'trading as B'", id="in brackets"),
        pytest.param(
            "A Co. (also known as B) of Korla", "after the names 'of Korla'", id="behind"
        ),
    ],
)
def test_words_nobody_knows_are_refused(printed: str, reason: str):
    with pytest.raises(RowRefusedError, match=f"unknown words {reason}"):
        printed_names(printed)


def test_ids_do_not_change_with_the_aliases():
    (one,) = parse_html(page_of(HEADER + row("A Co.")))
    (two,) = parse_html(page_of(HEADER + row("A Co. (also known as B)")))
    (other,) = parse_html(page_of(HEADER + row("A Co."), section="Section 2(d)(2)(B)(v)"))
    assert one.listings[0].id == two.listings[0].id != other.listings[0].id


def test_a_page_without_the_day_it_was_updated_is_read():
    (edition,) = parse_html(page_of(HEADER + row("A Co.")))
    assert edition.published_on is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"Name of Entity,Effective Date\n", "no HTML page", id="no page"),
        pytest.param(page_of(HEADER + row("A"))[:-7], "is cut off", id="cut"),
        pytest.param(
            b"<html><head><title>Access Denied</title></head><body></body></html>",
            "the page 'Access Denied' has no table of entities",
            id="an error page",
        ),
        pytest.param(page_of(HEADER), "has no entries", id="no entries"),
        pytest.param(page_of(HEADER + HEADER + row("A")), "is repeated", id="two headers"),
        pytest.param(
            page_of(HEADER.replace("<th>Effective Date</th>", "") + "<tr><td>A</td></tr>"),
            "columns 'Name of Entity'; a name and a day are expected",
            id="a column gone",
        ),
        pytest.param(
            page_of(HEADER.replace("Effective", "Added") + row("A")),
            "has the columns",
            id="renamed",
        ),
        pytest.param(
            page_of(HEADER + row("A"), section="Nothing"),
            "no table is under a known section",
            id="no section",
        ),
        pytest.param(
            page_of(HEADER + row("A"), section="Section 2(d)(2)(B)(iii)"),
            "no table is under a known section",
            id="another section",
        ),
    ],
)
def test_a_page_of_another_shape_is_refused_with_the_reason(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_uflpa: .*{reason}"):
        parse_html(content)


@pytest.mark.parametrize(
    ("name", "day", "reason"),
    [
        pytest.param("A Co.", "", "^A Co.: name or effective date is blank", id="no day"),
        pytest.param("", "June 1, 2022", r"^Section .*: name or effective", id="no name"),
        pytest.param("A Co.", "soon", "^A Co.: Effective Date: 'soon' is not a day", id="words"),
        pytest.param("A Co.", "June 31, 2022", "no calendar has", id="no such day"),
        pytest.param(
            "A Co.</td><td>June 1, 2022</td></tr><tr><td>A  Co.",
            "June 1, 2022",
            r"^A Co.: occurs twice under Section 2\(d\)\(2\)\(B\)\(i\)$",
            id="twice",
        ),
        pytest.param("A</td><td>B", "June 1, 2022", "3 of 2 cells", id="a cell too many"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused(name: str, day: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse_html(page_of(HEADER + row(name, day)))


def test_the_page_is_told_by_its_title_even_where_it_is_broken(sample: Sample):
    (only,) = FORMATS
    assert only.tells(GivenFile("x", sample(PAGE)))
    assert only.tells(GivenFile("x", sample(PAGE)[:1000]))
    for content in (b"", b"<html><title>FCC</title>", b"UFLPA", b"<a>UFLPA</a>"):
        assert not only.tells(GivenFile("x", content))


def test_a_page_pasted_twice_is_refused(sample: Sample):
    with pytest.raises(RowRefusedError, match="occurs twice under Section"):
        parse_html(sample(PAGE) * 2)


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
    ("printed", "names"),
    [
        pytest.param(
            "A Co. (trading as B Ltd.)", ["A Co.", "A Co. (trading as B Ltd.)", "B Ltd."]
        ),
        pytest.param("A Co. (also known as B) of Korla", ["A Co.", "B", "A Co. of Korla"]),
    ],
)
def test_what_unknown_words_may_name_is_found_by_it(printed: str, names: list[str]):
    edition = edition_of(page_of(HEADER + row(printed) + row("C Co.")))
    assert [name.text for name in edition.listings[0].names] == names
    assert [part.may_hide for part in edition.read_in_part] == ["name"]


def test_a_row_printed_twice_is_noted_and_read_once(sample: Sample):
    row_of_ninestar = "<tr><td>Ninestar Corporation</td><td>June 12, 2023</td></tr>"
    page = sample(PAGE).decode().replace(row_of_ninestar, row_of_ninestar * 2).encode()
    edition = edition_of(page)
    assert edition.listings == listings_of(sample)
    assert [part.example for part in edition.read_in_part] == ["Ninestar Corporation"]
