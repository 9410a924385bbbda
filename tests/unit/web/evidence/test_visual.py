"""Text as it is drawn: what joins, what turns, and what stays."""

import unicodedata

import pytest

from abeyance_screening.features.evidence.pdf_layout import visual


def letters(drawn: str) -> str:
    """The letters that drawn forms stand for."""
    return unicodedata.normalize("NFKC", drawn)


@pytest.mark.parametrize(
    "text",
    ["Hangzhou Hikvision", "Объединённая", "杭州海康威视", "조선 1998-12", "", "a (b) [c]"],
)
def test_what_runs_from_left_to_right_is_drawn_as_written(text):
    assert visual(text) == text


def test_arabic_letters_take_the_form_their_neighbours_give_them():
    # beh beh beh: initial, medial, final, drawn from the left: the final one first
    assert visual("\u0628\u0628\u0628") == "\ufe90\ufe92\ufe91"


def test_a_letter_that_joins_to_none_after_it_leaves_the_next_one_alone():
    # dal dal: both isolated
    assert visual("\u062f\u062f") == "\ufea9\ufea9"


def test_lam_with_alef_is_one_letter():
    assert visual("\u0644\u0627") == "\ufefb"
    assert visual("\u0628\u0644\u0627") == "\ufefc\ufe91"


def test_persian_letters_join_too():
    # peh yeh(farsi): initial, final
    assert visual("\u067e\u06cc") == "\ufbfd\ufb58"


def test_a_number_inside_keeps_its_order():
    assert letters(visual("\u0633\u0646\u0629 1998")) == "1998 \u0629\u0646\u0633"
    assert letters(visual("\u0633 1998-12 \u0633")) == "\u0633 1998-12 \u0633"


def test_brackets_inside_are_mirrored_and_those_around_are_not():
    hebrew = "\u05d0 (\u05d1)"
    assert visual(hebrew) == "(\u05d1) \u05d0"
    assert visual(f"({hebrew[0]})") == f"({hebrew[0]})"


def test_latin_before_and_after_stays_where_it_is():
    assert visual("Co. \u05d0\u05d1 Ltd.") == "Co. \u05d1\u05d0 Ltd."


def test_marks_stay_behind_their_letter():
    assert visual("\u05d1\u05b8\u05d0") == "\u05d0\u05d1\u05b8"
