import contextlib
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.listing import Fact, Listing
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.us_dod_1260h.companies import entries_of, printed_names
from abeyance_screening.engine.lists.us_dod_1260h.reader import FORMATS, parse
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.unit.lists.reading.pdf.pdf_files import pdf_file

LIST = "us_dod_1260h/2026-06-08_list.txt"
NOTICE = "us_dod_1260h/2025-01-07_notice.txt"
TITLE = (
    "ENTITIES IDENTIFIED AS CHINESE MILITARY COMPANIES OPERATING IN THE UNITED STATES IN "
    "ACCORDANCE WITH SECTION 1260H (PUBLIC LAW 116-283)\n"
)

type Sample = Callable[[str], bytes]


def listings_of(content: bytes) -> tuple[Listing, ...]:
    (edition,) = parse(content)
    return edition.listings


def named(listings: tuple[Listing, ...], name: str) -> Listing:
    return next(listing for listing in listings if listing.primary_name == name)


def test_every_company_is_a_listing_also_those_under_another(sample: Sample):
    (edition,) = parse(sample(LIST))
    assert edition.list_code == "us_dod_1260h"
    assert edition.published_on is None
    assert [listing.primary_name for listing in edition.listings] == [
        "Alibaba Group Holding Limited",
        "Aviation Industry Corporation of China Ltd.",
        "Align Aerospace LLC",
        "AVIC Chengdu Aircraft Co., Ltd.",
        "AVIC Xi\u2019an Aircraft Industry Group Company Ltd.",
        "Changhe Aircraft Industries (Group) Co., Ltd.",
        "Jiangxi Hongdu Aviation Industry Co., Ltd.",
        "BGI Group",
        "BGI Genomics Co., Ltd.",
        "Forensic Genomics International",
        "CETC Digital Technology Co., Ltd.",
        "China Communications Construction Group (Limited)",
        "China Electronics Corporation",
        "The 6th Research Institute of CEC",
    ]


def test_a_notice_has_the_day_and_the_act_of_its_issue(sample: Sample):
    (edition,) = parse(sample(NOTICE))
    assert edition.published_on == date(2025, 1, 7)
    assert len(edition.listings) == 9
    assert edition.listings[0].primary_name == "360 Security Technology Inc."
    assert edition.listings[-1].primary_name == "CNOOC China Limited"
    assert {listing.citations for listing in edition.listings} == {("90 FR 1105",)}


def test_a_pdf_file_is_read_as_its_text_is(sample: Sample):
    lines = sample(LIST).decode().splitlines()
    first, second = lines[: lines.index("1") + 1], lines[lines.index("1") + 1 :]
    assert listings_of(pdf_file(first, second)) == listings_of(sample(LIST))


def test_why_a_company_is_listed_is_the_remark_on_one_line(sample: Sample):
    listing = named(listings_of(sample(LIST)), "CETC Digital Technology Co., Ltd.")
    assert listing.remarks == (
        "CETC Digital Technology Co., Ltd. is indirectly owned by SASAC (Section "
        "1260H(g)(2)(B)(i)(I))."
    )


@pytest.mark.parametrize(
    ("name", "parent"),
    [
        pytest.param(
            "Align Aerospace LLC",
            "Aviation Industry Corporation of China Ltd. (AVIC)",
            id="the first below",
        ),
        pytest.param("Forensic Genomics International", "BGI Group", id="the last below"),
    ],
)
def test_a_company_below_another_says_so(sample: Sample, name: str, parent: str):
    facts = named(listings_of(sample(LIST)), name).facts
    assert facts == (Fact(kind="listed_under", value=parent),)


def test_indentation_sets_companies_below_as_bullets_do():
    entries = list(entries_of(["A Corporation", "    B Corporation", "C Corporation"]))
    assert [(each.name, each.parent) for each in entries] == [
        ("A Corporation", None),
        ("B Corporation", "A Corporation"),
        ("C Corporation", None),
    ]


def test_a_single_space_before_a_line_sets_nothing_apart():
    entries = entries_of(["A Corporation", " B Corporation"])
    assert [entry.parent for entry in entries] == [None, None]


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("2 B is owned by SASAC (Section 1260H).", id="a mark"),
        pytest.param("\\2\\ B is owned by SASAC (Section 1260H).", id="a mark of the Register"),
        pytest.param("B was previously identified under 1260H and remains.", id="another company"),
    ],
)
def test_a_footnote_is_not_taken_for_what_is_said_of_a_company(sentence: str):
    with pytest.raises(RowRefusedError, match="unknown words in the list"):
        list(entries_of(["A Corporation", "", sentence]))


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        pytest.param(["A Aircraft", "Co., Ltd."], ["A Aircraft Co., Ltd."], id="a legal form"),
        pytest.param(["A Ship and", "B Research"], ["A Ship and B Research"], id="and"),
        pytest.param(["A (formerly", "B)"], ["A (formerly B)"], id="open brackets"),
        pytest.param(["A Group", "B Group"], ["A Group", "B Group"], id="two names"),
        pytest.param(["1. A Group", "2. 360 Inc."], ["A Group", "360 Inc."], id="numbers"),
        pytest.param(["A Group", "* Denotes a new entity"], ["A Group"], id="a note"),
    ],
)
def test_names_broken_into_lines_are_joined(lines: list[str], names: list[str]):
    assert [entry.name for entry in entries_of(lines)] == names


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        pytest.param("CNOOC Limited", [("CNOOC Limited", "primary")], id="a name alone"),
        pytest.param(
            "360 Security Technology Inc. (Qihoo 360).",
            [("360 Security Technology Inc.", "primary"), ("Qihoo 360", "alias")],
            id="a full stop behind",
        ),
        pytest.param(
            "China Communications Construction Group (Limited) (CCCG)*",
            [("China Communications Construction Group (Limited)", "primary"), ("CCCG", "alias")],
            id="two brackets and a mark",
        ),
        pytest.param(
            "A Co., Ltd. (formerly B Limited (BL))",
            [
                ("A Co., Ltd.", "primary"),
                ("B Limited (BL)", "former"),
                ("B Limited", "former"),
                ("BL", "former"),
            ],
            id="a former name with brackets of its own",
        ),
        pytest.param(
            "A (also known as B; and C)",
            [("A", "primary"), ("B", "alias"), ("C", "alias")],
            id="other names",
        ),
    ],
)
def test_names_are_taken_apart(printed: str, names: list[tuple[str, str]]):
    found, _ = printed_names(printed)
    assert [(name.text, name.kind) for name in found] == names


def test_the_mark_behind_a_name_is_a_fact():
    (listing,) = listings_of((TITLE + "CNOOC Limited*\n").encode())
    assert listing.facts == (Fact(kind="mark", value="*"),)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the file is empty", id="empty"),
        pytest.param(b"<html><body>Access denied", "an HTML page", id="error page"),
        pytest.param(b"Chinese military companies\n", "does not have the title", id="no title"),
        pytest.param(TITLE.encode(), "has no entries", id="no entries"),
        pytest.param(TITLE.encode("latin-1") + b"\xff\n", "not UTF-8", id="Latin-1"),
        pytest.param(
            b"Federal Register / Vol. 90, No. 4 / Chinese Military Companies",
            "printed pages",
            id="fr",
        ),
        pytest.param(b"%PDF-1.7\n", "the PDF file: it is damaged or cut off", id="a PDF cut"),
        pytest.param(
            b"Notice of Removal of Designated Chinese Military Companies",
            "does not have the title",
            id="removal",
        ),
    ],
)
def test_what_is_not_the_list_is_refused(content: bytes, reason: str):
    with pytest.raises(ListRefusedError, match=f"^us_dod_1260h: .*{reason}"):
        parse(content)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("[FR Doc. 2025-00070 Filed", "", "is cut off", id="no end"),
        pytest.param("116-283):", "116-283).", "does not introduce a list", id="no list"),
    ],
)
def test_a_notice_of_another_shape_is_refused(sample: Sample, old: str, new: str, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        parse(sample(NOTICE).replace(old.encode(), new.encode()))


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("B Corporation\n\f", id="on a page before"),
        pytest.param("B Corporation\n" * 11, id="many lines"),
    ],
)
def test_companies_before_the_title_are_not_lost_but_refused(before: str):
    with pytest.raises(ListRefusedError, match="is not at the top of the first page"):
        parse(f"{before}{TITLE}A Corporation\n".encode())


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        pytest.param("B Gr", "its last line does not end", id="within a line"),
        pytest.param("B (formerly\n", "cut off within 'B \\(formerly'", id="within brackets"),
        pytest.param("B Works and\n", "cut off within 'B Works and'", id="before a word"),
        pytest.param(TITLE, "the title is repeated", id="another list"),
    ],
)
def test_a_text_cut_within_its_list_or_of_two_lists_is_refused(end: str, reason: str):
    with pytest.raises(ListRefusedError, match=reason):
        parse(f"{TITLE}A Corporation\n\n{end}".encode())


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param("A Group\nThe weather is fine.\n", "unknown words", id="another sentence"),
        pytest.param(
            "A is owned by SASAC (Section 1260H).\n", "unknown words", id="no name before"
        ),
        pytest.param("a group\n", "a group: no company's name", id="small letters"),
        pytest.param("A" * 251 + "\n", "no company's name", id="endless"),
    ],
)
def test_lines_nobody_knows_are_refused(lines: str, reason: str):
    with pytest.raises(RowRefusedError, match=reason):
        parse((TITLE + lines).encode())


def test_the_format_is_told_by_its_beginning(sample: Sample):
    only, *_ = FORMATS
    for content in (sample(LIST), sample(LIST)[:200], sample(NOTICE), b"%PDF-1.7"):
        assert only.tells(GivenFile("x", content))
    for content in (b"", b"<html>chinese military company", b"a,b\n"):
        assert not only.tells(GivenFile("x", content))


@given(st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(sample: Sample, data: st.DataObject):
    content = bytearray(sample(data.draw(st.sampled_from([LIST, NOTICE]))))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(0, len(content)))]
    with contextlib.suppress(AbeyanceError):
        parse(bytes(content))


@given(st.data())
def test_a_notice_cut_before_its_end_is_refused(sample: Sample, data: st.DataObject):
    content = sample(NOTICE)
    end = content.rindex(b"[FR Doc.")
    with pytest.raises(AbeyanceError):
        parse(content[: data.draw(st.integers(0, end))])
