"""Pages of a collection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.primitives.cursors import cursor_at, cut_page, write_cursor
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
