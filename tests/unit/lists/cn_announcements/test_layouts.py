"""A page of any layout is read whole, or refused with the reason; never half."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.lists.cn_announcements.reader import parse_pages
from abeyance_screening.engine.lists.reading.files import GivenFile
from abeyance_screening.primitives.errors import AbeyanceError, ListRefusedError, RowRefusedError
from tests.cases import for_each
from tests.unit.lists.cn_announcements.layouts import NUMBERINGS, WRAPS, page, parted

type Sample = Callable[[str], bytes]
# Several parties without a number that begins one, all in one line, are told apart by nothing.
UNREADABLE = {(wrap, way) for wrap in ("one p", "one p, no spaces") for way in ("bare", "none")}
LATIN = re.compile("\uff08[^\uff08\uff09]*[A-Za-z][^\uff08\uff09]*\uff09")
WITH_ANNEX = ("ecl_2025_35", "ecl_2026_11", "mfa_2024_09_18", "uel_2025_10")
ALL = (
    *WITH_ANNEX,
    "mfa_2023_04_07",
    "mfa_2024_10_10",
    "mfa_2025_12_15",
    "mfa_2025_09_08",
    "uel_2024_2",
    "uel_2025_3",
    "uel_2025_4",
    "uel_2025_8",
    "mofcom_order_2025_6_remade",
)
CASES = {f"{wrap}, {way}": (wrap, way) for wrap in WRAPS for way in NUMBERINGS}


def names_in(content: bytes) -> list[str]:
    (delta,) = parse_pages((GivenFile("page.html", content),))
    return [listing.primary_name for listing in delta.put]


def text_of(sample: Sample, name: str) -> str:
    return sample(f"cn_announcements/{name}.txt").decode()


def without_counts(text: str) -> str:
    """The announcement as if it said nowhere how many parties it names."""
    changed = text.replace("公布将8家台湾地区实体", "公布将汉翔公司等实体")
    changed = changed.replace("公布将20家日本实体", "公布将三菱造船等实体")
    return re.sub(r"\d+家", "多家", changed)


@pytest.mark.parametrize("name", ["ecl_2025_35", "ecl_2026_11"])
@for_each("wrap, way", CASES)
def test_a_page_is_read_whole_whatever_its_layout(sample: Sample, name: str, wrap: str, way: str):
    before, items = parted(text_of(sample, name))
    content = page(before, items, wrap, way)
    if (wrap, way) in UNREADABLE:
        with pytest.raises(AbeyanceError, match=r"not one party|no party could be read"):
            parse_pages((GivenFile("page.html", content),))
    else:
        assert names_in(content) == names_in(text_of(sample, name).encode())


@for_each("wrap, way", CASES)
def test_without_a_stated_number_the_numbers_before_the_parties_decide(
    sample: Sample, wrap: str, way: str
):
    text = text_of(sample, "ecl_2026_11")
    before, items = parted(without_counts(text))
    content = page(before, items, wrap, way)
    if (wrap, way) in UNREADABLE or (way == "none" and wrap != "ol"):
        with pytest.raises(AbeyanceError, match=r"not one party|could be read"):
            parse_pages((GivenFile("page.html", content),))
    else:
        assert names_in(content) == names_in(text.encode())


@for_each("wrap, way", CASES)
def test_parties_without_a_latin_name_are_all_read_or_it_is_refused(
    sample: Sample, wrap: str, way: str
):
    before, items = parted(text_of(sample, "ecl_2025_35"))
    chinese = [LATIN.sub("", item) for item in items]
    try:
        found = names_in(page(before, chinese, wrap, way))
    except AbeyanceError:
        return
    assert found == chinese


@pytest.mark.parametrize("wrap", ["p", "br", "td", "li", "div"])
@pytest.mark.parametrize("name", ALL)
def test_every_known_announcement_is_the_same_as_a_page(sample: Sample, name: str, wrap: str):
    text = text_of(sample, name)
    lines = [line.replace("&", "&amp;") for line in text.splitlines()]
    joined = {
        "p": "".join(f"<p>{line}</p>" for line in lines),
        "br": "<br/>\n".join(lines),
        "td": "".join(f"<tr><td><span>{line}</span></td></tr>" for line in lines),
        "li": "".join(f"<ul><li>{line}</ul>" for line in lines),
        "div": "".join(f"<div><div><span>{line}</span></div></div>" for line in lines),
    }
    content = f"<html><body>{joined[wrap]}</body></html>".encode()
    assert names_in(content) == names_in(text.encode())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param("\n附件\n", "\n实体如下\n实体", "no party could be read", id="no heading"),
        pytest.param("\n3. 中山", "\n中山", "an item follows a line", id="one without number"),
        pytest.param("\n8. 攻卫", "\n攻卫", "an item follows a line", id="the last one without"),
        pytest.param(
            "3. 中山科学研究院", "3.\n4. 中山科学研究院", "number 3. has no name", id="no name"
        ),
        pytest.param(
            "\n5. ",
            "\n\uff085\uff09",
            r"item \(5\) is given where 1 is",
            id="another way",
        ),
        pytest.param("\n1. 汉翔", "\n汉翔", "item 2. follows parties|is given where", id="first"),
        pytest.param("Inc.\uff09\n3", "Inc.\n3", "not one party", id="open brackets"),
        pytest.param("\n5. ", "\n附件2\n1. ", "more than one annex", id="two annexes"),
        pytest.param("\n1. 汉翔", "\n1. 附表清单\n2. 汉翔", "name of a list", id="a list's name"),
    ],
)
def test_an_annex_of_another_shape_is_refused(sample: Sample, old: str, new: str, reason: str):
    text = text_of(sample, "ecl_2025_35")
    assert text.count(old) == 1
    for changed in (text.replace(old, new), without_counts(text.replace(old, new))):
        with pytest.raises(AbeyanceError, match=reason):
            names_in(changed.encode())


def test_three_columns_are_refused(sample: Sample):
    before, items = parted(text_of(sample, "ecl_2025_35"))
    rows = [
        [f"{n}", *item.removesuffix("\uff09").split("\uff08")] for n, item in enumerate(items, 1)
    ]
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    content = page(before, [], "p", "1.").replace(b"</div><div class", f"{cells}<".encode() + b"p")
    with pytest.raises(ListRefusedError, match="in its annex"):
        names_in(content)


def test_a_link_to_a_list_below_the_parties_is_no_heading(sample: Sample):
    before, items = parted(text_of(sample, "ecl_2025_35"))
    content = page(before, items, "p", "1.").replace(
        "在线办事".encode(), "出口管制管控名单".encode()
    )
    assert len(names_in(content)) == 8


def test_a_page_without_its_end_is_refused(sample: Sample):
    before, items = parted(text_of(sample, "uel_2025_10"))
    content = page(before, items, "p", "1.")
    with pytest.raises(ListRefusedError, match="the page is cut off"):
        names_in(content[: content.index(b"Epirus")])


def test_an_announcement_that_states_no_number_has_the_parties_of_its_sentence(sample: Sample):
    text = text_of(sample, "uel_2025_10")
    assert len(names_in(text.encode())) == 23
    with pytest.raises(RowRefusedError, match="names 'TechInsights', which is not among the 13"):
        names_in(text[: text.index("14. TechInsights")].encode())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        pytest.param(
            "\uff09列入", "\uff09等列入", "some of the parties, not all", id="and others"
        ),
        pytest.param("等4家", "等", "nor the title shows", id="no number"),
        pytest.param("等4家", "等40家", "states 40 parties, and 4", id="another number"),
        pytest.param(
            "\n本公告未尽", "\n附件\uff1a名单\n本公告未尽", "in its annex", id="an annex"
        ),
    ],
)
def test_a_sentence_that_may_not_name_all_is_refused(
    sample: Sample, old: str, new: str, reason: str
):
    text = text_of(sample, "uel_2025_3")
    assert old in text
    with pytest.raises(AbeyanceError, match=reason):
        names_in(text.replace(old, new).encode())


@pytest.mark.parametrize(
    "others",
    [
        "石平和某某",
        "石平及某某",
        "石平、某某",
        "石平等",
        "日本有关人员",
        "日本军工企业",
        "有关机构",
    ],
)
def test_a_title_that_names_more_than_one_party_is_no_name(sample: Sample, others: str):
    text = text_of(sample, "mfa_2025_09_08").replace("对石平采取", f"对{others}采取")
    with pytest.raises(AbeyanceError):
        names_in(text.encode())


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_page_of_mixed_layouts_is_read_whole_or_refused(sample: Sample, data: st.DataObject):
    name = data.draw(st.sampled_from(WITH_ANNEX))
    text = text_of(sample, name)
    before, items = parted(without_counts(text) if data.draw(st.booleans()) else text)
    expected = names_in(text.encode())
    content, place = page(before, [], "p", "none"), 0
    parts = list[str]()
    while place < len(items):
        count = data.draw(st.integers(1, len(items)))
        wrap = data.draw(st.sampled_from(sorted(WRAPS)))
        way = data.draw(st.sampled_from(sorted(NUMBERINGS)))
        chunk = items[place : place + count]
        marked = [(NUMBERINGS[way](place + n), item) for n, item in enumerate(chunk, start=1)]
        parts.append(WRAPS[wrap](marked))
        place += count
    body = "".join(parts).replace("&", "&amp;").encode()
    try:
        found = names_in(content.replace(b"</div><div class", body + b"</div><div class", 1))
    except AbeyanceError:
        return
    assert len(found) >= len(items)
    assert found == expected[: len(found)]
    assert len(found) == len(expected) or name == "uel_2025_10"


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_lines_that_are_lost_are_refused(sample: Sample, data: st.DataObject):
    """Any of the 20 parties may be lost, with its number: never fewer of them are a good list."""
    text = text_of(sample, "ecl_2026_11")
    before, items = parted(text)
    lost = data.draw(st.sets(st.integers(0, len(items) - 1), min_size=1))
    kept = [item for place, item in enumerate(items) if place not in lost]
    wrap, way = data.draw(st.sampled_from(list(CASES.values())))
    with pytest.raises(AbeyanceError):
        names_in(page(before, kept, str(wrap), str(way)))
