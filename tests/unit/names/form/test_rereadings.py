"""A question that nothing meets is read as scanned, or as typed with a slip of the hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.keyboards import typed_otherwise
from abeyance_screening.engine.names.form.rereadings import (
    read_again,
    slipped_word,
    with_letter_right,
    with_letters_right,
)
from abeyance_screening.engine.names.form.slips import digits_as_letters
from abeyance_screening.engine.names.match import NameIndex, score
from abeyance_screening.engine.names.match_types import IndexedName

_LISTED = (
    "HUAWEI TECHNOLOGIES CO., LTD.",
    "Huawei",
    "Hikvision",
    "OOO VOLGA GROUP",
    "Gazprom",
    "Kaspersky",
    "Rosneft",
    "Joseph Choibal",
    "JSC TRIBIT",
    "Buter",
    "Abu Hanifa",
    "\u0420\u043e\u0441\u043d\u0435\u0444\u0442\u044c",
    "\uc0bc\uc131\uc804\uc790",
    "\u0631\u0648\u0633\u0646\u0641\u062a",
)
INDEX = NameIndex.build(
    [IndexedName(at, 0, "primary", normalise(each)) for at, each in enumerate(_LISTED)]
)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("HUAWE1 TECHN0L0GIES", "HUAWEI TECHNOLOGIES"),
        ("OOO VOLG4 GROUP", "OOO VOLGA GROUP"),
        ("Jo5eph Choibal", "Joseph Choibal"),
        ("J0I3T STOCK COMPANY TRIBIT", "JOIET STOCK COMPANY TRIBIT"),
        ("Gazpr0m", "Gazprom"),
    ],
)
def test_digits_inside_words_are_read_as_letters(asked: str, read: str) -> None:
    form = digits_as_letters(asked, INDEX.has_word)
    assert form is not None
    assert form.printed == read
    assert form.reading is not None
    assert form.reading.log_odds < 0.0


@pytest.mark.parametrize("printed", ["H2O GmbH", "Web3 Labs", "Studio54 Berlin", "3M", "7-Eleven"])
def test_digits_of_ordinary_names_stay(printed: str) -> None:
    assert digits_as_letters(printed, INDEX.has_word) is None


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("HlKVlSION", "HIKVISION"),
        ("Gazprorn", "Gazprom"),
        ("Kasperksy", "Kaspersky"),
        ("Hjcytanm", "\u0440\u043e\u0441\u043d\u0435\u0444\u0442\u044c"),
        ("tkatjdwjswk", "\uc0bc\uc131\uc804\uc790"),
        ("v,sktj", "\u0631\u0648\u0633\u0646\u0641\u062a"),
        ("\u0420\u0433\u0444\u0446\u0443\u0448", "huawei"),
        ("\u0644\u0627\u0639\u0641\u062b\u0642", "buter"),  # one key writes lam and alif
        ("f,e [fybaf", "\u0430\u0431\u0443 \u0445\u0430\u043d\u0438\u0444\u0430"),
        ("\u042fosneft", "rosneft"),  # a Cyrillic letter that looks like a turned R
        ("Ros\u043feft", "rosneft"),  # a small Cyrillic P, which looks like an N
        ("\u13bbuawei", "huawei"),  # a Cherokee letter
        ("H\u03c5\u03b1w\u03b5i", "huawei"),  # Greek letters
    ],
)
def test_a_name_that_nothing_meets_is_read_again(asked: str, read: str) -> None:
    forms = {form.printed.lower(): form for form in read_again(asked, INDEX.has_word)}
    assert read.lower() in forms
    assert score(forms[read.lower()], normalise(read)) > score(normalise(asked), normalise(read))


@pytest.mark.parametrize("printed", ["Siemens AG", "Muster Gartenbau GmbH", "Kowalski i Synowie"])
def test_an_ordinary_name_is_not_read_again(printed: str) -> None:
    assert list(read_again(printed, INDEX.has_word)) == []


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ("Rosnef", "Rosneft"),
        ("Rosneftt", "Rosneft"),
        ("Rozneft", "Rosneft"),
        ("Gzaprom", "Gazprom"),
        ("\u039duawei", "Huawei"),  # a Greek N
        ("R\u03bfsnef", "Rosneft"),  # a Greek O
    ],
)
def test_one_letter_wrong_in_six_is_read_right(asked: str, listed: str) -> None:
    form = slipped_word(asked, INDEX.has_word)
    if form is None:  # the sound of it is a listed word as it stands
        assert score(normalise(asked), normalise(listed)) > 0.9
        return
    right = with_letter_right(form, normalise(listed))
    assert right is not None
    assert score(normalise("BYD"), normalise("BID")) < score(right, normalise(listed)) < 0.95


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("xosneft", "Rosneft", id="the first letter"),
        pytest.param("uawei", "Huawei", id="without the first letter"),
        pytest.param("zGazprom", "Gazprom", id="a letter before it"),
    ],
)
def test_a_wrong_first_letter_is_read_right(asked: str, listed: str) -> None:
    form = slipped_word(asked, INDEX.has_word)
    assert form is not None
    (right,) = with_letters_right(form, INDEX.has_letters)
    assert right.spelled == normalise(listed).spelled
    assert right.reading is not None
    assert right.reading.manner == f"with one letter wrong: {listed}"


def test_a_name_of_several_words_is_not_tried_letter_by_letter() -> None:
    assert slipped_word("xosneft Trading", INDEX.has_word) is None


def test_one_letter_wrong_in_five_is_another_name() -> None:
    form = slipped_word("Lukol", INDEX.has_word)
    assert form is not None
    assert with_letter_right(form, normalise("Lukal")) is None


def test_how_it_was_read_is_told_and_costs_a_little() -> None:
    form = digits_as_letters("Gazpr0m", INDEX.has_word)
    assert form is not None
    name = next(at for at, each in enumerate(_LISTED) if each == "Gazprom")
    explanation = INDEX.explain(form, name)
    assert explanation.manner == "with letters for digits: Gazprom"
    assert [each.log_odds for each in explanation.parts if each.name == "read_again"] == [-0.4]
    assert 0.9 < INDEX.score(form, name) < 1.0
    assert sum(each.log_odds for each in explanation.parts) == pytest.approx(explanation.log_odds)


@given(st.text(max_size=60))
def test_any_text_is_read_again_without_an_error(printed: str) -> None:
    list(read_again(printed, INDEX.has_word))
    list(typed_otherwise(printed))
    digits_as_letters(printed, INDEX.has_word)
