"""What is not known is said in plain sentences, and what is known in none."""

from decimal import Decimal

import pytest

from abeyance_screening.engine.screening.owners import doubts
from abeyance_screening.engine.screening.question import Counterparty, Holdings, Owner

WHOLE = Decimal(100)


def owner(name: str, share: str | None, *owners: Owner, **more) -> Owner:
    stated = None if share is None else Decimal(share)
    return Owner(name=name, share=stated, owners=owners, **more)


def person(name: str, share: str | None) -> Owner:
    return owner(name, share, entity_type="person", control=False)


def told(*owners: Owner, listed: str = "", controlling: str = "") -> list[str]:
    holdings = Holdings(Counterparty(name="T", owners=owners), str)
    named = [[f"named {each}" for each in keys.split()] for keys in (listed, controlling)]
    return list(doubts(holdings, *named))


def test_owners_that_are_people_and_hold_everything_leave_no_doubt():
    assert told(person("A", "60"), person("B", "40")) == []


@pytest.mark.parametrize(
    ("owners", "sentence"),
    [
        pytest.param(
            (person("A", "60"), person("B", None)),
            "What share of T B holds is not stated.",
            id="an owner without a share",
        ),
        pytest.param(
            (person("A", "60"), person("A", None)),
            "A holds 60 % of T and a further share that is not stated.",
            id="an owner with a part of its share",
        ),
        pytest.param(
            (person("A", "60"), person("B", "39.99")),
            "The stated shares of T add up to 99.99 %: 0.01 % is not accounted for.",
            id="less than the whole",
        ),
        pytest.param(
            (person("A", "60.5"), person("B", "40")),
            "The stated shares of T add up to 100.5 %, more than there is.",
            id="more than the whole",
        ),
        pytest.param(
            (owner("A", "100", control=False),), "Who owns A is not stated.", id="no owners"
        ),
        pytest.param(
            (owner("A", "100", owner("B", "100", owner("A", "100"))),),
            "A, B: a loop of ownership, which by itself proves nothing.",
            id="a loop",
        ),
        pytest.param(
            (owner("A", "100", person("A", "100")),),
            "A: a loop of ownership, which by itself proves nothing.",
            id="one that owns itself",
        ),
        pytest.param(
            (
                owner("A", "60", person("X", "40"), person("Y", "60")),
                owner("B", "40", owner("A", "100", person("X", "50"))),
            ),
            "What X holds of A is stated in different ways; the largest share, 50 %, was used, "
            "and control where it is stated anywhere.",
            id="different shares",
        ),
        pytest.param(
            (person("A", "60"), owner("B", "40", id="7"), owner("C", "0", id="7")),
            "B, C were treated as one party, by id or by name.",
            id="two names for one id",
        ),
        pytest.param(
            (owner("A", "60", id="7"), owner("A", "20", id="8"), owner("A", "20")),
            "Whether A without an id is the one with the id 7 or 8 is not known; all were treated "
            "as one party.",
            id="two ids for one name",
        ),
        pytest.param(
            tuple(owner(name, "1", id="7") for name in "ABCDEFGH"),
            "A, B, C, D, E and 3 more were treated as one party, by id or by name.",
            id="many names for one id",
        ),
    ],
)
def test_each_gap_has_its_sentence(owners: tuple[Owner, ...], sentence: str):
    assert told(*owners).count(sentence) == 1


def test_who_owns_a_listed_owner_makes_no_difference():
    assert told(owner("A", "100"), listed="A") == []


def test_control_is_asked_for_only_where_it_makes_a_difference():
    owners = (owner("A", "60"), owner("B", "40"))
    sentence = "Whether A controls T by other means is not stated."
    assert sentence in told(*owners, controlling="A")
    assert not [each for each in told(*owners) if "controls" in each]


def test_control_that_is_stated_is_not_asked_for():
    assert told(owner("A", "100", control=True), listed="A", controlling="A") == []
