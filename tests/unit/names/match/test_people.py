"""Persons: initials, given names, syllables, honorifics and the type that is asked for."""

import pytest

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise_all
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match_types import Explanation, IndexedName
from abeyance_screening.engine.screening.name_variants import question_forms

_ROTENBERG = "ROTENBERG, Arkady Romanovich"


def best(
    asked: str, asked_type: EntityType | None, listed: str, listed_type: EntityType | None
) -> tuple[float, Explanation]:
    """Return the best score of a listed name, as a search and as a pair, and its explanation."""
    index = NameIndex.build(
        [IndexedName(0, 0, "primary", form, listed_type) for form in normalise_all(listed)]
    )
    found: list[tuple[float, Explanation]] = []
    for form in question_forms(asked, asked_type):
        matches = index.matches(form, lists=None, threshold=0.0)
        found += [(match.score, index.explain(form, match.name)) for match in matches]
        scores = [index.score(form, match.name) for match in matches]
        assert scores == [match.score for match in matches]
    return max(found, key=lambda each: each[0])


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("A. R. Rotenberg", _ROTENBERG, id="initials before"),
        pytest.param(
            "\u0414\u0435\u0440\u0438\u043f\u0430\u0441\u043a\u0430 \u041e.\u0412.",
            "DERIPASKA, Oleg Vladimirovich",
            id="initials after, Cyrillic",
        ),
        pytest.param("JC Juncker", "Jean-Claude Juncker", id="two capitals"),
        pytest.param("Ted Kaczynski", "Theodore Kaczynski", id="a nickname"),
        pytest.param(
            "Uladzimir Semashko", "Vladimir Semashko", id="a given name of two languages"
        ),
        pytest.param("Dr. Ayman Zawahiri", "ZAWAHIRI, Ayman", id="an honorific"),
        pytest.param("LEE, Jae Young", "RI Jae Yong", id="Korean spellings"),
        pytest.param("SSON MUN SAN", "SON MUN SAN", id="a doubled letter"),
    ],
)
def test_another_way_to_write_a_person_is_found(asked: str, listed: str) -> None:
    score, explanation = best(asked, "person", listed, "person")
    assert score >= DEFAULT_THRESHOLD
    assert sum(part.log_odds for part in explanation.parts) == pytest.approx(explanation.log_odds)


@pytest.mark.parametrize(
    ("asked", "asked_type", "listed", "listed_type", "part"),
    [
        ("B. R. Rotenberg", "person", _ROTENBERG, "person", "initials"),
        ("Rotenberg P.", "person", _ROTENBERG, "person", "initials"),
        ("\u738b\u5fd7\u5f3a", "person", "WANG, Zhiqing", "person", "other_syllables"),
        ("SON JONG HYOK", None, "SON YONG HYOK", "person", "other_syllables"),
        ("Natalia Yashchenko", "person", "Nataliya PASHCHENKO", "person", "other_beginning"),
        ("Olivia Jones", None, "OLIVIA", "vessel", "given_name_alone"),
        ("Olivia Jones", "person", "OLIVIA", "vessel", "other_type"),
        ("Bianca Niggli", None, "BIANCA", "vessel", "one_word_alone"),
        ("Leonid Nosenko", None, "NOSENKO", "person", "one_word_alone"),
        ("Patricio Romero", None, "PATRICIO", "person", "one_word_alone"),
        ("Ernesto Medina", None, "HERRERA MEDINA, Brandon Ernesto", "person", "later_names"),
        ("Tam\u00e1s Moln\u00e1r", None, "Tamas Company", "organisation", "one_word_alone"),
        ("\u5f20\u6d0b", None, "Zhangjiang Laboratory", "organisation", "read_loosely"),
        ("\u674e\u98de", None, "Yuntian Lifei", "organisation", "read_loosely"),
        ("Abdul Samad Ulker", None, "ABDUL SAMAD", "person", "one_word_alone"),
        ("Karina Drobot", None, "DROBOT, Maria", "person", "one_name_of_two"),
        ("Tahir Carpets", None, "Tahir Hamid KHALI", "person", "sense_alone"),
        (
            "\u0631\u0636\u0627 \u0634\u0645\u0634\u06cc\u0631\u06cc",
            None,
            "Ali Shamshiri",
            "person",
            "one_name_of_two",
        ),
        ("\u674e\u82b3", None, "\u7acb\u65b9\u516c\u53f8", "organisation", "other_characters"),
        ("\u674e\u4e3d", None, "LILY", "vessel", "read_loosely"),
        ("Bina Raju", None, "LTD BINA GROUP", "organisation", "one_of_the_names"),
        ("Dmitriy Makeyev", None, "Makeyev SRC", "organisation", "one_of_the_names"),
        ("Yi Ning Wang", None, "Jin Ying Trading Co., Ltd.", None, "one_of_the_names"),
    ],
)
def test_another_person_is_not(asked, asked_type, listed, listed_type, part) -> None:
    score, explanation = best(asked, asked_type, listed, listed_type)
    assert score < DEFAULT_THRESHOLD
    assert part in {each.name for each in explanation.parts if each.log_odds < 0.0}


@pytest.mark.parametrize(
    ("asked", "listed", "is_other"),
    [
        pytest.param("Alexandra Ivanova", "Aleksandr Ivanov", True, id="a woman asked"),
        pytest.param("Valery Orlov", "ORLOVA, Valeria", True, id="a man asked, in another order"),
        pytest.param("Natalya Skorokhodov", "Natalya SKOROKHODOVA", False, id="the surname alone"),
        pytest.param("Aleksandr Ivanov", "IVANOV, Alexander", False, id="the same man"),
    ],
)
def test_a_person_of_the_other_sex_counts_less_and_is_not_silent(asked, listed, is_other) -> None:
    score, explanation = best(asked, None, listed, "person")
    assert ("other_sex" in {part.name for part in explanation.parts}) == is_other
    assert score >= DEFAULT_THRESHOLD
    assert score < 0.9 or not is_other


def test_a_person_s_name_in_its_own_script_needs_a_little_more() -> None:
    listed = "KIM, Yong Su"
    score, explanation = best("\uae40\uc601\uc218", None, listed, "person")
    assert "own_script" in {part.name for part in explanation.parts}
    assert DEFAULT_THRESHOLD < score < best("Kim, Yong Su", None, listed, "person")[0]


def test_the_identical_name_is_certain_whatever_is_asked_for_but_not_beside_initials() -> None:
    assert best("Olivia", "person", "OLIVIA", "vessel")[0] == 1.0
    score, explanation = best("A. Karim", "person", "KARIM", "person")
    assert 0.6 < score < 0.7
    assert not explanation.exact
    assert best("B. A. Karim & Sons Trading", None, "KARIM", "person")[0] < DEFAULT_THRESHOLD


def test_the_order_of_a_person_s_names_hardly_matters() -> None:
    assert 0.95 < best("Said Arif", None, "ARIF, Said", "person")[0] < 1.0
    assert best("Said Arif", None, "ARIF, Said", None)[0] < 0.9
