import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.reading.texts import filled_numbered, split_numbered


@pytest.mark.parametrize(
    ("printed", "things"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("Syria", ["Syria"], id="one, not numbered"),
        pytest.param("(1) Syria (2) Iraq", ["Syria", "Iraq"], id="OFSI 2022"),
        pytest.param("1) Saudi Arabia 2) Qatar", ["Saudi Arabia", "Qatar"], id="OFSI 13349, 2020"),
        pytest.param("a) Sudan b) South Sudan", ["Sudan", "South Sudan"], id="DFAT 601"),
        pytest.param("(1) Algeria. (2) Palestine.", ["Algeria", "Palestine"], id="with stops"),
        pytest.param("a) Acme Co. b) Main St.", ["Acme Co.", "Main St."], id="abbreviated"),
        pytest.param("(1) 782633 (2) -", ["782633", ""], id="the second says nothing"),
        pytest.param("(1-3) Libya (4) Morocco", ["(1-3) Libya (4) Morocco"], id="a range"),
        pytest.param("b) Iraq c) Iran", ["b) Iraq c) Iran"], id="not from the beginning on"),
        pytest.param("a) Iraq (see b)", ["Iraq (see b)"], id="a letter in the text"),
        pytest.param("Unit 1) of 2)", ["Unit 1) of 2)"], id="numbers inside a text"),
        pytest.param("12/OUKAMA(N)019", ["12/OUKAMA(N)019"], id="brackets inside a number"),
    ],
)
def test_numbered_things_come_apart(printed: str, things: list[str]):
    assert split_numbered(printed) == things


def test_things_of_which_nothing_is_said_can_be_left_out():
    assert filled_numbered("(1) - (2) Yemen (3) --") == ["Yemen"]


@given(st.text())
def test_nothing_but_marks_and_punctuation_is_lost(text: str):
    kept = "".join(split_numbered(text))
    letters = [letter for letter in kept if letter.isalpha()]
    assert not [letter for letter in letters if letter not in text]
