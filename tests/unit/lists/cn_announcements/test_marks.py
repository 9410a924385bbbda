import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.cn_announcements.annex import (
    BARE,
    bare_item_of,
    item_of,
    split_items,
)


@pytest.mark.parametrize(
    ("line", "style", "number"),
    [
        pytest.param("1. 甲", "1.", 1, id="a full stop"),
        pytest.param("12、甲", "1.", 12, id="a comma"),
        pytest.param("3) 甲", "1)", 3, id="a bracket behind"),
        pytest.param("(4)甲", "(1)", 4, id="brackets"),
        pytest.param("⑳甲", "①", 20, id="a circle"),
        pytest.param("十一、甲", "一、", 11, id="Chinese"),
        pytest.param("(二十)甲", "(一)", 20, id="Chinese in brackets"),
    ],
)
def test_an_item_is_told_by_how_it_is_numbered(line: str, style: str, number: int):
    item = item_of(line)
    assert item is not None
    assert (item.style, item.number, item.text) == (style, number, "甲")


@pytest.mark.parametrize("line", ["甲", "360公司", "2.5亿", "(2025年1月2日)", "2025年", ""])
def test_a_line_with_another_number_is_no_item(line: str):
    assert item_of(line) is None


def test_a_number_without_a_mark_is_told_apart():
    for line, text in (("7", ""), ("7 甲", "甲")):
        item = bare_item_of(line)
        assert item is not None
        assert (item.style, item.number, item.text) == (BARE, 7, text)
    assert bare_item_of("7甲") is None


@pytest.mark.parametrize(
    ("line", "items"),
    [
        pytest.param(
            "1. 甲(A) 2. 乙(B) 3. 丙(C)", ["1. 甲(A)", "2. 乙(B)", "3. 丙(C)"], id="three"
        ),
        pytest.param("9.甲(A);10.乙(B)", ["9.甲(A);", "10.乙(B)"], id="a semicolon"),
        pytest.param("1. 甲(A Inc. 3. B)", ["1. 甲(A Inc. 3. B)"], id="not the next number"),
        pytest.param("1. 甲(A) (2)乙(B)", ["1. 甲(A) (2)乙(B)"], id="numbered in another way"),
        pytest.param("甲(A) 1. 乙(B)", ["甲(A) 1. 乙(B)"], id="does not begin with a number"),
    ],
)
def test_items_on_one_line_are_parted(line: str, items: list[str]):
    assert list(split_items(line)) == items


@given(st.text(alphabet="1234567890.、()一二三①② ;甲A", max_size=60))
def test_parted_items_lose_nothing_but_spaces(line: str):
    assert "".join("".join(split_items(line)).split()) == "".join(line.split())
