"""Which owners a question may have, and how one that cannot be is named."""

import pytest

from abeyance_screening.engine.screening.question import (
    MAX_NAMES_IN_ALL,
    MAX_OWNER_DEPTH,
    MAX_OWNERS,
    Counterparty,
    Owner,
    ScreeningQuestion,
)
from abeyance_screening.engine.screening.validate import question_from
from abeyance_screening.primitives.errors import BadInputError
from tests.unit.screening.owners.listed_owners import DAYS, owner, screened

TOO_DEEP = "owners[0]" + ".owners[0]" * MAX_OWNER_DEPTH


def deep(levels: int) -> Owner:
    made = owner("Plain Baker", 1)
    for _ in range(levels - 1):
        made = owner("Plain Baker", 1, made)
    return made


@pytest.mark.parametrize(
    ("owners", "field", "reason"),
    [
        pytest.param(
            (owner("A", "100.01"),), "owners[0].share", "not a percentage", id="too much"
        ),
        pytest.param(
            (owner("B", 1), owner("A", "-0.01")),
            "owners[1].share",
            "not a percentage",
            id="negative",
        ),
        pytest.param((owner("A", "NaN"),), "owners[0].share", "not a percentage", id="no number"),
        pytest.param(
            (owner("A", "Infinity"),), "owners[0].share", "not a percentage", id="no finite number"
        ),
        pytest.param((owner("A", "1e-13"),), "owners[0].share", "12 decimals", id="too fine"),
        pytest.param(
            (owner("A", "50." + "0" * 40 + "1"),),
            "owners[0].share",
            "12 decimals",
            id="finer",
        ),
        pytest.param(
            (owner("A", 60), owner("B", "41.01")),
            "owners",
            "add up",
            id="too much in all",
        ),
        pytest.param(
            (owner("A", 1, owner("B", 60), owner("C", 60)),),
            "owners[0].owners",
            "add up to 120",
            id="too much of an owner in all",
        ),
        pytest.param(
            (owner("A", 1, owner("B", 1, owner(" ", 1))),),
            "owners[0].owners[0].owners[0].name",
            "is blank",
            id="an owner's name",
        ),
        pytest.param(
            (owner("A", 1, countries=("ZZ",)),),
            "owners[0].countries[0]",
            "ISO 3166",
            id="an owner's country",
        ),
        pytest.param(
            (deep(MAX_OWNER_DEPTH + 1),),
            TOO_DEEP,
            "10 levels",
            id="too deep",
        ),
        pytest.param((deep(900),), TOO_DEEP, "10 levels", id="abyss"),
        pytest.param(
            (owner("A", 1, *[owner("B", 0)] * MAX_OWNERS),), "owners", "most is 200", id="too many"
        ),
    ],
)
def test_owners_that_cannot_be_are_refused_by_their_place(
    owners: tuple[Owner, ...], field: str, reason: str
):
    with pytest.raises(BadInputError, match=reason) as refused:
        screened(*owners)
    assert refused.value.field == f"counterparties[0].{field}"


@pytest.mark.parametrize(
    "owners",
    [
        pytest.param((owner("A", 60), owner("B", 41)), id="shares with rounding"),
        pytest.param((owner("A", "50." + "0" * 40),), id="many noughts"),
        pytest.param((deep(MAX_OWNER_DEPTH),), id="as deep as may be"),
        pytest.param((owner("A", 1), *[owner("B", 0)] * (MAX_OWNERS - 1)), id="as many as may be"),
    ],
)
def test_owners_at_their_limits_are_taken(owners: tuple[Owner, ...]):
    assert screened(*owners).ownership is not None


def test_owners_count_among_the_names_of_a_question():
    aliases = tuple(f"A{n}" for n in range(50))
    party = Counterparty(name="B", owners=(owner("A", 1, owner("C", 1, aliases=aliases)),))
    fits = MAX_NAMES_IN_ALL // 53
    question_from(ScreeningQuestion(counterparties=(party,) * fits), DAYS)
    with pytest.raises(BadInputError, match="names and aliases in all"):
        question_from(ScreeningQuestion(counterparties=(party,) * (fits + 1)), DAYS)
