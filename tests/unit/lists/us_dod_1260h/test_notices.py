"""Notices of the Federal Register: as text, XML and page, whole lists and changes of the list."""

import string
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.edition import PATCHES, ParsedEdition
from abeyance_screening.engine.lists.listing import Fact
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.engine.lists.reading.unknown_parts import taking_notes
from abeyance_screening.engine.lists.us_dod_1260h.notice import read_notice, split_subsidiaries
from abeyance_screening.engine.lists.us_dod_1260h.reader import FORMATS, parse, parse_changes
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError

type Sample = Callable[[str], bytes]
TEXT = "us_dod_1260h/2026-06-10_notice.txt"
XML = "us_dod_1260h/2026-06-10_notice.xml"
PAGE = "us_dod_1260h/2026-06-10_notice.html"
CHANGES = "us_dod_1260h/2026-07-01_changes.txt"
REMOVED = (
    "Beijing Megvii Technology Co., Ltd. (Megvii)",
    "China Railway Construction Corporation Limited (CRCC)",
)
COMPANY = st.tuples(
    st.text(string.ascii_uppercase, min_size=1, max_size=1),
    st.text(string.ascii_lowercase, min_size=3, max_size=9),
    st.sampled_from(["", " Co., Ltd.", ", Inc.", " LLC", " Group (Holdings) Co., Ltd. (AB)"]),
).map("".join)


def said(edition: ParsedEdition) -> list[tuple[list[str], str | None]]:
    """The companies as one can compare them over forms: the text has typewriter's apostrophes."""
    return [
        ([name.text.replace("\u2019", "'") for name in each.names], each.remarks)
        for each in edition.listings
    ]


def test_a_company_has_its_reasons_and_its_subsidiaries_below_it(sample: Sample):
    (edition,) = parse(sample(TEXT))
    assert [each.primary_name for each in edition.listings] == [
        "Alibaba Group Holding Limited",
        "Aviation Industry Corporation of China Ltd.",
        "Align Aerospace LLC",
        "AVIC Chengdu Aircraft Co., Ltd.",
        "AVIC Xi'an Aircraft Industry Group Company Ltd.",
        "Changhe Aircraft Industries (Group) Co., Ltd.",
        "Jiangxi Hongdu Aviation Industry Co., Ltd.",
        "BGI Group",
        "BGI Genomics Co., Ltd.",
        "Forensic Genomics International",
        "China Communications Construction Group (Limited)",
    ]
    avic, align = edition.listings[1:3]
    assert avic.remarks == (
        "AVIC is directly owned and controlled by SASAC (Section 1260H(g)(2)(B)(i)(I))."
    )
    assert align.facts == (
        Fact(kind="listed_under", value="Aviation Industry Corporation of China Ltd. (AVIC)"),
    )
    assert align.remarks is None
    assert (edition.published_on, avic.citations) == (date(2026, 6, 10), ("91 FR 35189",))


def test_a_name_broken_by_the_end_of_a_printed_page_is_whole(sample: Sample):
    (edition,) = parse(sample(TEXT))
    assert [name.text for name in edition.listings[3].names] == [
        "AVIC Chengdu Aircraft Co., Ltd.",
        "Zhonghang Electronic Measuring Instruments Company Limited (ZEMIC)",
        "Zhonghang Electronic Measuring Instruments Company Limited",
        "ZEMIC",
    ]


@pytest.mark.parametrize(
    ("place", "published_on", "act"),
    [
        pytest.param(XML, None, (), id="XML, which has neither day nor page"),
        pytest.param(PAGE, date(2026, 6, 10), ("91 FR 35189",), id="page"),
    ],
)
def test_every_form_of_a_notice_says_the_same(
    sample: Sample, place: str, published_on: date | None, act: tuple[str, ...]
):
    ((text,), (other,)) = parse(sample(TEXT)), parse(sample(place))
    assert said(other) == said(text)
    assert (other.published_on, other.listings[0].citations) == (published_on, act)
    assert [each.word for each in FORMATS if each.tells(GivenFile("x", sample(place)))] == [
        "dod_1260h"
    ]


@pytest.mark.parametrize("place", [TEXT])
def test_companies_removed_are_no_listings(sample: Sample, place: str):
    assert read_notice("us_dod_1260h", sample(place).decode()).removed == REMOVED
    names = {name.text for each in parse(sample(place))[0].listings for name in each.names}
    assert "Megvii" not in names


def test_a_company_both_listed_and_removed_is_refused(sample: Sample):
    content = sample(TEXT).replace(b"Beijing Megvii Technology Co., Ltd. (Megvii)", b"BGI Group")
    listed = content.replace(b"BGI Group (and BGI Group subsidiaries: BGI", b"BGI Group\n\nBGI")
    with pytest.raises(AbeyanceError, match="both on the list and removed"):
        _ = parse(listed.replace(b"International (FGI))", b"International (FGI)"))


def test_a_notice_that_only_changes_the_list_is_a_delta_of_it(sample: Sample):
    (delta,) = parse_changes(sample(CHANGES))
    assert [each.primary_name for each in delta.put] == ["CETC Digital Technology Co., Ltd."]
    by_name = {each.primary_name: each.id for each in parse(sample(TEXT))[0].listings}
    assert delta.gone == (
        by_name["BGI Group"],
        by_name["China Communications Construction Group (Limited)"],
    )
    assert delta.published_on == date(2026, 7, 1)
    (word,) = [each.word for each in FORMATS if each.tells(GivenFile("x", sample(CHANGES)))]
    assert word in delta.follows
    assert word in PATCHES


def test_a_notice_may_only_remove(sample: Sample):
    text = sample(CHANGES).decode()
    start, end = text.index("The Deputy Secretary"), text.index("    The Deputy Secretary")
    (delta,) = parse_changes((text[:start] + text[end:].lstrip()).encode())
    assert delta.put == ()
    assert len(delta.gone) == 2


def test_a_whole_list_is_no_change_and_a_change_no_list(sample: Sample):
    with pytest.raises(ListRefusedError, match="the notice has the whole list"):
        _ = parse_changes(sample(TEXT))
    with pytest.raises(ListRefusedError, match="the notice only changes the list"):
        _ = parse(sample(CHANGES))
    with pytest.raises(ListRefusedError, match="no notice of the Federal Register"):
        _ = parse_changes(sample("us_dod_1260h/2026-06-08_list.txt"))


def test_a_sentence_of_removal_about_one_company_is_noted_with_it(sample: Sample):
    content = sample(TEXT).replace(b"AVIC is directly owned", b"AVIC is no longer owned", 1)
    with pytest.raises(RowRefusedError, match="unknown words in the list"):
        _ = parse(content)
    with taking_notes() as notes:
        (edition,) = notes.on(parse(content))
    assert isinstance(edition, ParsedEdition)
    (part,) = edition.read_in_part
    assert (part.what, part.may_hide, part.count) == ("words in the list", "status", 1)
    assert [each.names for each in edition.listings] == [
        each.names for each in parse(sample(TEXT))[0].listings
    ]
    (fact,) = edition.listings[1].facts
    assert fact.value.startswith("words in the list: AVIC is no longer owned")


def test_names_between_two_paragraphs_that_introduce_companies_are_noted(sample: Sample):
    first = "The following Chinese military companies qualify:\n\nY Works\n\n"
    content = sample(TEXT).replace(
        b"SUPPLEMENTARY INFORMATION: The Deputy", f"{first}    The Deputy".encode()
    )
    with pytest.raises(RowRefusedError, match="unknown words before the list 'Y Works'"):
        _ = parse(content)
    with taking_notes() as notes:
        (edition,) = notes.on(parse(content))
    (part,) = edition.read_in_part
    assert (part.example, part.may_hide) == ("Y Works", "name")


def test_a_notice_with_a_day_that_no_calendar_has_is_no_change(sample: Sample):
    file = GivenFile("x", sample(CHANGES).replace(b"July 1, 2026", b"July 41, 2026"))
    assert "dod_1260h_changes" not in [each.word for each in FORMATS if each.tells(file)]


def test_two_notices_in_one_file_are_refused(sample: Sample):
    for read in (parse, parse_changes):
        with pytest.raises(ListRefusedError, match="the file has two notices"):
            _ = read(sample(TEXT) + sample(CHANGES))


@given(st.data())
def test_a_notice_cut_before_its_end_is_refused(sample: Sample, data: st.DataObject):
    content = sample(data.draw(st.sampled_from([TEXT, XML, PAGE, CHANGES])))
    cut = content[: data.draw(st.integers(0, content.rindex(b"FR Doc")))]
    for read in (parse, parse_changes):
        with pytest.raises(AbeyanceError):
            _ = read(cut)


@given(st.lists(COMPANY, min_size=1, max_size=7))
def test_every_subsidiary_named_with_a_company_is_found(names: list[str]):
    *first, last = names
    listed = f"{', '.join(first)}, and {last}" if first else last
    printed = f"X Group (XG) (and XG subsidiaries: {listed})"
    assert split_subsidiaries(printed) == ("X Group (XG)", names)


def test_brackets_that_name_no_subsidiaries_stay_with_the_name():
    for name in ("X Co., Ltd. (X)", "X (formerly Y and Z)", "X (and X subsidiaries: broken"):
        assert split_subsidiaries(name) == (name, [])
