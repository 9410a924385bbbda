"""Whole names in their own script are known as those of listed firms, and no parts of names."""

import pytest

from abeyance_screening.engine.names.form.native_names import known_as
from abeyance_screening.engine.names.form.token import read_table

_ROWS = [(native, latin) for native, (latin, *_) in read_table("native_names.txt")][1:]


def test_each_name_of_the_table_is_known() -> None:
    assert len(_ROWS) > 30
    for native, latin in _ROWS:
        assert latin in {name.latin for name in known_as(native)}


@pytest.mark.parametrize(
    ("printed", "latin"),
    [
        pytest.param("بانك اقتصاد نوين", "EN Bank", id="Arabic letters for Persian ones"),
        pytest.param("بانک‌اقتصادنوین", "EN Bank", id="without spaces"),
        pytest.param("شرکت بانک اقتصاد نوین", "EN Bank", id="with a legal form"),
        pytest.param(
            "\u041e\u0410\u041e «РЖД»", "Russian Railways", id="and with quotation marks"
        ),
        pytest.param("興業銀行", "Industrial Bank", id="traditional characters"),
    ],
)
def test_a_name_is_known_however_it_is_written(printed: str, latin: str) -> None:
    assert [name.latin for name in known_as(printed)] == [latin]


@pytest.mark.parametrize(
    "printed",
    [
        pytest.param("بانک اقتصاد", id="a part of a name"),
        pytest.param("بانک اقتصاد نوین تهران", id="a name and more"),
        pytest.param("РЖД Логистика", id="the name of another firm"),
        pytest.param("EN Bank", id="Latin letters"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_part_of_a_name_is_not_known(printed: str) -> None:
    assert known_as(printed) == ()


def test_the_source_of_a_name_has_its_day_and_its_item() -> None:
    (name,) = known_as("بانک سپه")
    assert name.source == (
        "in Persian (name-suggestion-index 8.0.20260918, 2026-09-18, Wikidata Q2882624)"
    )
