"""A code of a list of one's own must not be a public one, mistyped."""

from string import ascii_lowercase, digits

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from abeyance_screening.engine.lists.catalogue import (
    LIST_BY_CODE,
    LIST_CODES,
    OWN_LIST_CODE,
    PUBLIC_PREFIXES,
    SOURCE_BY_CODE,
    mistaken_for,
)
from abeyance_screening.engine.lists.load import check_code, wanted_by_name
from abeyance_screening.primitives.errors import BadInputError

PUBLIC = sorted(LIST_CODES | SOURCE_BY_CODE.keys())
LETTERS = f"{ascii_lowercase}{digits}_"


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """A public code, and what one slip of the hand makes of it."""
    code = draw(st.sampled_from(PUBLIC))
    at = draw(st.integers(0, len(code) - 1))
    letter = draw(st.sampled_from(LETTERS))
    before, here, after = code[:at], code[at], code[at + 1 :]
    slips = (
        before + after,
        before + letter + after,
        before + letter + here + after,
        code + letter,
        before + after[:1] + here + after[1:],
    )
    return code, draw(st.sampled_from(slips))


@given(mistyped())
@example(("fr_gels", "fr_gel"))
@example(("us_ofac_sdn", "us_ofac_snd"))
@example(("named_in_measures", "names_in_measures"))
def test_a_slip_of_the_hand_makes_no_list(mistyped: tuple[str, str]):
    code, typed = mistyped
    if typed in PUBLIC or OWN_LIST_CODE.fullmatch(typed) is None:
        return
    with pytest.raises(BadInputError, match=f"'{typed}' is nearly the code of a public list, '"):
        check_code(wanted_by_name(typed), is_stored=False)
    meant = mistaken_for(typed)
    assert meant == code or meant in PUBLIC


@pytest.mark.parametrize("code", PUBLIC)
def test_no_public_code_is_mistaken_for_another(code: str):
    assert mistaken_for(code) is None


def test_a_slip_is_told_by_the_code_that_was_meant():
    with pytest.raises(BadInputError, match=r"'fr_gels' \(French register of frozen assets\)"):
        check_code(wanted_by_name("fr_gel"), is_stored=False)


@pytest.mark.parametrize(
    "code",
    [each for each in PUBLIC if each not in LIST_BY_CODE or not LIST_BY_CODE[each].of_register],
)
def test_no_list_of_ones_own_begins_like_a_public_one(code: str):
    prefix = code[: code.index("_") + 1]
    assert prefix in PUBLIC_PREFIXES
    with pytest.raises(BadInputError, match=f"begins like a public list, with '{prefix}'"):
        check_code(wanted_by_name(f"{prefix}of_mine"), is_stored=False)


def test_the_prefixes_are_those_of_countries_and_bodies():
    assert {"be_", "cz_", "fr_", "nz_", "pl_", "tw_", "ua_", "wb_", "us_", "un_"} <= set(
        PUBLIC_PREFIXES
    )
    assert {len(each) for each in PUBLIC_PREFIXES} == {3}


@pytest.mark.parametrize(
    "code", ["mine", "my_list", "house_list", "customers", "named_customers", "opensanctions"]
)
def test_any_other_code_is_free(code: str):
    wanted = wanted_by_name(code)
    check_code(wanted, is_stored=False)
    assert wanted.is_own
