"""What is said of a name: an edit of it keeps its owners, goods and answers, the next does not."""

import msgspec
import pytest

from abeyance_screening.platform.questions.form import (
    FormFields,
    OwnerField,
    is_edit,
    with_another_names,
    without_another_names,
)

ROSTEC = OwnerField(name="Rostec", share="60")
BEFORE = FormFields(
    name="Rosneft Trading",
    countries="RU",
    owners=(ROSTEC,),
    items="pumps",
    destination="RU",
    yes=("us-bis-affiliates-rule",),
)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        pytest.param("Rosneft", "ROSNEFT", id="case"),
        pytest.param("Rosneft", "Ros-neft ", id="marks and spaces"),
        pytest.param("Ros", "Rosneft", id="typed on"),
        pytest.param("Rosneft Oil", "Rosneft", id="shortened"),
        pytest.param("Rosnfet", "Rosneft", id="one slip in seven letters"),
        pytest.param("Rosnefft Tradin Company", "Rosneft Trading Company", id="two slips in 20"),
        pytest.param("", "", id="no name"),
    ],
)
def test_a_name_typed_on_or_corrected_is_the_same(before: str, name: str):
    assert is_edit(before, name)
    assert is_edit(name, before)


@pytest.mark.parametrize(
    ("before", "name"),
    [
        pytest.param("Rosneft", "Siemens AG", id="another"),
        pytest.param("Rosneft", "Rostec", id="three letters differ"),
        pytest.param("Rosneft", "", id="emptied"),
        pytest.param("中国石油", "中国石化", id="one sign in four"),
        pytest.param("SMIC", "SMIT", id="one letter in four"),
        pytest.param("Alfa-Bank", "Asia Bank", id="two letters in eight"),
    ],
)
def test_another_name_is_no_edit(before: str, name: str):
    assert not is_edit(before, name)
    assert not is_edit(name, before)


def test_the_next_name_starts_without_owners_goods_and_answers():
    asked = msgspec.structs.replace(BEFORE, name="Siemens AG")
    assert without_another_names(asked, BEFORE) == FormFields(name="Siemens AG", countries="RU")
    edited = msgspec.structs.replace(BEFORE, name="Rosneft Trading S.A.")
    assert without_another_names(edited, BEFORE) == edited
    assert without_another_names(asked, FormFields()) == asked


def test_what_was_typed_with_the_new_name_is_its_own():
    own = OwnerField(name="Siemens Energy", share="")
    asked = msgspec.structs.replace(
        BEFORE, name="Siemens AG", owners=(ROSTEC, own), items="turbines"
    )
    kept = without_another_names(asked, BEFORE)
    assert kept == FormFields(name="Siemens AG", countries="RU", owners=(own,), items="turbines")


def test_what_was_left_can_be_used_for_the_new_name_too():
    assert BEFORE.said_of_it == ("owners Rostec 60 %", "goods pumps", "to RU", "1 answer")
    asked = FormFields(name="Siemens AG", countries="RU")
    assert with_another_names(asked, BEFORE) == msgspec.structs.replace(BEFORE, name="Siemens AG")
