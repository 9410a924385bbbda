"""Names in Arabic script, as lists print them next to their Latin names."""

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.scripts import guess_vowels


def words(printed: str) -> list[str]:
    return [word.text for word in normalise(printed).words]


def may_be_written(printed: str, latin: str) -> bool:
    """Return whether each word, or one of its readings, is the Latin word at its place."""
    ours, theirs = normalise(printed).words, words(latin)
    return len(ours) == len(theirs) and all(
        text in {word.text, *word.readings} for word, text in zip(ours, theirs, strict=True)
    )


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [
        pytest.param("محمد علي", "Mohamed Ali", id="frequent names"),
        pytest.param("أحمد حسن", "Ahmed Hassan", id="letters with hamza"),
        pytest.param("خالد محمود", "Khaled Mahmoud", id="second spelling"),
        pytest.param("عبد الله", "Abdullah", id="Abdullah is one word"),
        pytest.param("عبد الرحمن", "Abdul Rahman", id="servant of"),
        pytest.param("عبدالرحمن", "Abd Rahman", id="servant of, written together"),
        pytest.param("صدام حسين التكريتي", "SADDAM HUSSEIN AL-TIKRITI", id="un_sc, article"),
        pytest.param("مرتضی براتی", "Morteza Barati", id="Persian letters"),
        pytest.param("شرکت تندر صحرا", "Tandar Sahra Company", id="company first"),
        pytest.param("البنك الإسلامي", "Bank Islamic", id="known words without article"),
        pytest.param("جامعة طهران", "University Tehran", id="Persian city in Arabic"),
    ],
)
def test_a_name_may_be_written_as_its_latin_name(arabic: str, latin: str) -> None:
    assert may_be_written(arabic, latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("محمّد", "محمد", id="doubling sign"),
        pytest.param("محـــمد", "محمد", id="stretched"),
        pytest.param("ﻣﺤﻤﺪ", "محمد", id="presentation forms"),
        pytest.param("\u200fمحمد\u200e", "محمد", id="direction marks"),
        pytest.param("علی", "علي", id="Persian yeh"),
        pytest.param("أحمد", "احمد", id="hamza left out"),
        pytest.param("شركة", "شركه", id="final t left out"),
    ],
)
def test_spellings_of_the_same_word_are_one(one: str, other: str) -> None:
    first, second = normalise(one), normalise(other)
    assert first.joined == second.joined
    assert [word.text for word in first.words] == [word.text for word in second.words]


@pytest.mark.parametrize(
    ("word", "spelled"),
    [
        pytest.param("خالد", "khalid", id="closed at the end"),
        pytest.param("تكريتي", "tikriti", id="two consonants at the start"),
        pytest.param("حداد", "hadad", id="long vowel"),
        pytest.param("حسن", "hasan", id="no vowel written"),
        pytest.param("وليد", "walid", id="w at the start"),
        pytest.param("ب", "b", id="one letter"),
    ],
)
def test_vowels_are_guessed_by_syllables(word: str, spelled: str) -> None:
    assert spelled in guess_vowels(word)


def test_a_legal_form_is_taken_off() -> None:
    assert normalise("شركة ليتاسكو المحدودة").legal_forms == ("ltd",)
    assert words("شركة") != []
