import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.jp_mof.party import (
    NOTHING,
    english_names,
    names_in,
    spellings_of,
)
from abeyance_screening.engine.lists.reading.names import collect_names
from tests.walks import at_most_letters

# Words that are no marks (`a.k.a.`, `born`, `DOB`), no legal forms and no values for "nothing".
FORMS = ("Ltd", "Inc", "Llc", "Corp", "And")
LATIN = (
    st.lists(st.text(string.ascii_lowercase, min_size=3, max_size=8), min_size=2, max_size=4)
    .map(lambda words: " ".join(word.capitalize() for word in words))
    .filter(lambda name: not {"Born", "Dob", "Pob", *FORMS} & set(name.split()))
)
KANA = st.lists(
    st.text(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノマミムメモ", min_size=2, max_size=6
    ),
    min_size=2,
    max_size=4,
).map("・".join)
PAIRS = st.lists(st.tuples(KANA, LATIN), min_size=2, max_size=8)


def texts(cell: str) -> list[str]:
    return [name.text for name in names_in(cell, "alias")]


def numbered(names: list[str]) -> str:
    return "".join(f"({string.ascii_lowercase[at]}){name}" for at, name in enumerate(names))


def without_repeats(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


@given(PAIRS)
def test_numbered_names_in_two_languages_are_all_found(pairs: list[tuple[str, str]]):
    japanese, latin = [list(each) for each in zip(*pairs, strict=True)]
    expected = without_repeats([*japanese, *latin])
    assert texts(f"{numbered(japanese)}\n (a.k.a.: {numbered(latin)})") == expected
    assert texts(f"{numbered(japanese)}\n{numbered(latin)}") == expected


@given(PAIRS)
def test_numbered_pairs_are_all_found(pairs: list[tuple[str, str]]):
    cell = numbered([f"{japanese}\uff08{latin}\uff09、\n" for japanese, latin in pairs])
    assert texts(cell) == without_repeats([name for pair in pairs for name in pair])


@given(PAIRS)
def test_names_after_marks_are_all_found(pairs: list[tuple[str, str]]):
    japanese, latin = [list(each) for each in zip(*pairs, strict=True)]
    cell = f"\uff08別称、{'、'.join(japanese)}\uff09\n(a.k.a. {'; a.k.a. '.join(latin)})"
    assert texts(cell) == without_repeats([*japanese, *latin])


@given(PAIRS)
def test_names_between_semicolons_and_commas_are_all_found(pairs: list[tuple[str, str]]):
    japanese, latin = [list(each) for each in zip(*pairs, strict=True)]
    expected = without_repeats([*japanese, *latin])
    assert texts(f"{'; '.join(japanese)}\n{'; '.join(latin)}") == expected
    if len(set(japanese)) == len(japanese):
        assert texts(f"{'、'.join(japanese)}\n{', '.join(latin)}") == expected


@given(st.text(alphabet="アイAab ();\uff1b、,.-()\uff08\uff09\n:別称旧akf・", max_size=60))
def test_any_cell_is_read_and_no_letter_comes_from_elsewhere(cell: str):
    for name in texts(cell):
        assert name.casefold() not in NOTHING
        assert name == name.strip()
        assert set(name) <= {*cell, " ", "(", ")", ";", ".", ",", "-", ":"}


@given(LATIN, st.text(string.ascii_lowercase, min_size=3, max_size=8))
def test_a_word_in_brackets_is_a_spelling_of_the_one_before(name: str, other: str):
    spelling = other.capitalize()
    first, *rest = name.split()
    printed = f"{first} ({spelling}) {' '.join(rest)}"
    expected = without_repeats([name, f"{spelling} {' '.join(rest)}"])
    assert list(spellings_of(printed, is_person=True)) == expected


def test_brackets_of_a_body_hold_a_spelling_only_if_it_is_alike():
    assert spellings_of("Self-proclaimed Luhansk(Lugansk) Guard", is_person=False) == (
        "Self-proclaimed Luhansk Guard",
        "Self-proclaimed Lugansk Guard",
    )
    place = "AL-HARAMAYN FOUNDATION (TANZANIA)"
    assert spellings_of(place, is_person=False) == (place,)
    assert [name.text for name in english_names(place, is_person=False)] == [place]


def test_more_spellings_than_a_name_has_are_not_written_out():
    name = "A(B/C/D/E/F) G(H/I/J/K/L) M"
    assert spellings_of(name, is_person=True) == (name,)


@pytest.mark.parametrize("part", ["(", ")", "(nee, Y) "])
def test_a_cell_full_of_brackets_costs_what_reading_it_a_few_times_costs(part: str):
    cell = part * (200_000 // len(part))
    with at_most_letters(200_000_000):
        english_names(cell, is_person=True)
        names_in(cell, "alias")
        collect_names(cell, ())


def test_brackets_within_brackets_cost_no_more():
    nested = "(" * 100_000 + "ア" + ")" * 100_000
    with at_most_letters(200_000_000):
        assert [name.text for name in names_in(nested, "alias")] == ["ア"]
