"""Whether what a class is called stands in a description."""

import pytest

from abeyance_screening.engine.measures.substances import shipped_substances
from abeyance_screening.engine.screening.trade.items import (
    Description,
    in_one_spelling,
    item_from,
    read_hs,
)
from abeyance_screening.engine.screening.trade.transaction import Item

SUBSTANCES = shipped_substances(in_one_spelling)


@pytest.mark.parametrize(
    ("description", "called"),
    [
        pytest.param("dysprosium oxide", "dysprosium", id="one of its words"),
        pytest.param("high-purity DYSPROSIUM Oxide, 99.9 %", "dysprosium oxide", id="case"),
        pytest.param("NdFeB magnets", "ndfeb magnet", id="a plural"),
        pytest.param("lithium battery", "lithium batteries", id="a plural in -ies"),
        pytest.param("gases for etching", "gas", id="a plural in -es"),
        pytest.param("lens", "lenses", id="a word in -s and its plural"),
        pytest.param("tantale et néodyme", "neodyme", id="an accent"),
        pytest.param("\uff27\uff41\uff4c\uff4c\uff49\uff55\uff4d", "gallium", id="full width"),
        pytest.param("wire-saw, diamond", "wire saw", id="a dash is a blank"),
        pytest.param("高纯氧化镝粉末", "氧化镝", id="Chinese without blanks"),
        pytest.param("高纯 氧化 镝", "氧化镝", id="Chinese with blanks"),
        pytest.param("高纯gallium金属", "gallium", id="Latin amid Chinese"),
        pytest.param("酸化ガリウム", "ガリウム", id="Japanese"),
        pytest.param("галлий металлический", "Галлий", id="Cyrillic"),
        pytest.param("a b a c", "a c", id="the second time round"),
        pytest.param("dyspro\u00adsium oxide", "dysprosium", id="a soft hyphen"),
        pytest.param("dys\u034fprosium", "dysprosium", id="a joiner of letters"),
        pytest.param("d\u0443spr\u043esium", "dysprosium", id="Cyrillic letters amid Latin"),
        pytest.param(
            "\u0393\u0391\u039b\u039b\u0399\u039f",
            "\u03b3\u03b1\u03bb\u03bb\u03b9\u03bf",
            id="Greek",
        ),
        pytest.param(
            "\u0436\u0451\u043b\u0442\u044b\u0439",
            "\u0436\u0435\u043b\u0442\u044b\u0439",
            id="a Cyrillic accent",
        ),
    ],
)
def test_words_that_stand_in_a_description_are_found(description: str, called: str):
    assert Description(description).has(called)


@pytest.mark.parametrize(
    ("description", "called"),
    [
        pytest.param("machine parts", "dysprosium", id="vague"),
        pytest.param("oxide of dysprosium", "dysprosium oxide", id="another order"),
        pytest.param("dysprosium iron oxide", "dysprosium oxide", id="a word between"),
        pytest.param("galliumarsenide", "gallium", id="a part of a word"),
        pytest.param("gas", "ga", id="no plural of two letters"),
        pytest.param("brass", "bras", id="no plural in -ss"),
        pytest.param("氧化铽", "氧化镝", id="another character"),
        pytest.param("anything", "-", id="no word at all"),
        pytest.param("", "gallium", id="nothing"),
    ],
)
def test_words_that_do_not_stand_in_it_are_not(description: str, called: str):
    assert not Description(description).has(called)


@pytest.mark.parametrize("number", ["41979-39-9", "79099-07-3", " 9004-70-0 "])
def test_a_number_of_the_chemical_abstracts_service_is_no_customs_code(number: str):
    assert item_from(number) == Item(description=number.strip())


@pytest.mark.parametrize("number", ["41979-39-8", "8413-70-59", "84-13-70"])
def test_digits_that_are_no_such_number_are_still_read_as_a_customs_code(number: str):
    assert item_from(number) == Item(hs=number)


@pytest.mark.parametrize(
    "name", ["antimony trioxide", "Antimony-Trioxide", "1309-64-4", "三氧化二锑"]
)
def test_a_substance_has_other_names_and_the_code_under_which_it_is_classified(name: str):
    found = SUBSTANCES.called(name)
    assert found is not None
    assert found.hs == "282580"
    assert Description(name, found.names).has("antimony trioxide")


def test_no_phrase_goes_from_one_name_to_the_next():
    described = Description("氧化铝", ("aluminium oxide", "trihydrate"))
    assert described.has("aluminium oxide")
    assert not described.has("oxide trihydrate")


def test_what_a_substance_is_part_of_has_no_code_of_it():
    assert SUBSTANCES.called("titanium screws") is None
    assert SUBSTANCES.called("") is None


def test_the_codes_of_substances_are_codes_and_no_name_stands_for_two():
    names = [name for each in SUBSTANCES.every for name in each.names]
    assert len(names) == len(set(names))
    assert [each for each in SUBSTANCES.every if read_hs(each.hs) != each.hs] == []
