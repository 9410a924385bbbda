"""Pages of a collection."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.primitives.cursors import (
    cursor_at,
    cursor_at_moment,
    cut_page,
    moment_of,
    number_of,
    write_cursor,
)
from abeyance_screening.primitives.errors import BadInputError

_KEYS = st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1, max_size=5)


@given(st.sets(_KEYS), st.integers(1, 7))
def test_the_pages_together_are_the_whole_in_order(keys: set[str], limit: int):
    whole, seen, cursor = sorted(keys), [], None
    while True:
        page, cursor = cut_page("measures", whole, str, limit, cursor)
        assert len(page) <= limit
        seen.extend(page)
        if cursor is None:
            break
    assert seen == whole


@pytest.mark.parametrize("cursor", ["", "?", "YQ==", "Y", "_w", "a b", "é", "MjAyNg"])
def test_a_cursor_that_no_answer_gave_is_refused(cursor: str):
    with pytest.raises(BadInputError, match="cursor: is not a cursor"):
        cut_page("measures", ["a"], str, 1, cursor)


def test_a_cursor_of_another_collection_is_refused():
    with pytest.raises(BadInputError, match="cursor: is not a cursor"):
        cut_page("measures", ["a"], str, 1, cursor_at("lists", "a"))


def test_a_cursor_of_no_item_is_refused():
    with pytest.raises(BadInputError, match="cursor: is not a cursor"):
        cut_page("measures", ["a"], str, 1, write_cursor("measures "))


def test_a_cursor_stays_good_when_its_item_is_gone():
    _, cursor = cut_page("measures", ["a", "b", "c"], str, 2, None)
    assert cut_page("measures", ["a", "c"], str, 2, cursor) == (("c",), None)


@pytest.mark.parametrize("number", [0, 7, 2**63 - 1])
def test_a_cursor_of_a_number_gives_it_again(number: int):
    assert number_of("audit", cursor_at("audit", f"{number:019d}")) == number


@pytest.mark.parametrize("key", ["seven", "-7", str(2**63), "9" * 5_000])
def test_a_cursor_of_no_number_of_a_row_is_refused(key: str):
    with pytest.raises(BadInputError, match="cursor: is not a cursor"):
        number_of("audit", cursor_at("audit", key))


_ID = UUID("0190f2f4-0000-7000-8000-000000000001")


def test_a_cursor_of_a_moment_gives_moment_and_id_again():
    at = datetime(2026, 12, 1, 7, 30, 0, 250, tzinfo=UTC)
    assert moment_of("jobs", cursor_at_moment("jobs", at, _ID)) == (at, _ID)


@pytest.mark.parametrize(
    "key", ["2026-12-01T07:30:00", f"2026-12-01T07:30:00 {_ID}", f"yesterday {_ID}", "2026 x"]
)
def test_a_cursor_of_no_moment_is_refused(key: str):
    with pytest.raises(BadInputError, match="cursor: is not a cursor"):
        moment_of("jobs", cursor_at("jobs", key))
