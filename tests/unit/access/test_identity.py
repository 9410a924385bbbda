"""Who is who: names that look alike are one person, over the whole of Unicode's own table."""

import random

import pytest

from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.platform.access.identity import Eyes, are_same_eyes, is_same_person

_UNSEEN = (
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2066",
    "\u00ad",
    "\ufeff",
    "\u034f",
    "\ufe0f",
    "\u3164",
)


def _text(points: str) -> str:
    return "".join(chr(int(each, 16)) for each in points.split(" "))


TABLE = tuple(
    (_text(one), _text(other))
    for one, (other,) in read_table("confusables.txt", "abeyance_screening.platform.access")
)


def test_the_table_is_the_whole_one():
    assert len(TABLE) == 6_565


def test_whatever_looks_alike_is_one_person_in_either_case_and_however_it_is_composed():
    """Each row of the table stands in a name, which is then written in other ways."""
    chance = random.Random(53)  # noqa: S311 - a draw that can be repeated
    missed = list[tuple[str, str, str]]()
    for one, other in TABLE:
        written = f"x{one}q"
        unseen = chance.choice(_UNSEEN)
        others = f"x{other}q", f"X{other}Q", f"\uff58{other}\uff51", f" x{unseen}{other}q  "
        for again in others:
            if not is_same_person(written, again) or not is_same_person(again, written):
                missed.append((one, other, again))
        for case in (str.lower, str.upper):
            is_reversed = one in {case(one).lower(), case(one).upper()}
            if is_reversed and not is_same_person(case(written), f"x{other}q"):
                missed.append((one, other, case(written)))
    assert not missed


def test_a_name_of_many_look_alikes_is_still_the_name():
    chance = random.Random(53)  # noqa: S311 - a draw that can be repeated
    alike: dict[str, list[str]] = {}
    for one, other in TABLE:
        alike.setdefault(other, []).append(one)
    for _ in range(300):
        name = "".join(chance.choice("abcdeghjklnopqrstuvwxyz") for _ in range(8))
        drawn = [chance.choice((each, each.upper())) for each in name]
        again = "".join(chance.choice([each, *alike.get(each, ())]) for each in drawn)
        assert is_same_person(name, again), (name, again)
        assert is_same_person(again, chance.choice(_UNSEEN) + name + "\u2003"), (name, again)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anna", "ben"),
        ("tina", "rina"),
        ("Tim", "Rim"),
        ("sara", "farah"),
        ("Muller", "Miller"),
        ("anna", "ann\u04302"),
        ("anna", "ann"),
        ("anna", "ann a"),
        ("", "anna"),
        ("Иван", "Иванов"),
        ("王伟", "王维"),
        ("yuri", "zuri"),
    ],
)
def test_other_names_are_other_people(one: str, other: str):
    assert not is_same_person(one, other)
    assert not is_same_person(other, one)


def test_names_of_people_are_told_apart():
    names = [
        "anna",
        "ben",
        "clara",
        "dora",
        "emil",
        "fritz",
        "gerda",
        "hans",
        "ines",
        "jan",
        "karl",
        "lena",
        "max",
        "nora",
        "otto",
    ]
    for one in names:
        assert [other for other in names if is_same_person(one, other)] == [one]


def _whose_eyes(one: Eyes, other: Eyes) -> bool:
    assert are_same_eyes(one, other) == are_same_eyes(other, one)
    return are_same_eyes(one, other)


def test_whoever_made_a_key_is_no_second_person_for_its_owner():
    anna, clara = Eyes(people=("anna",)), Eyes(people=("clara",))
    ben = Eyes(people=("ben",)).and_of(anna)
    assert _whose_eyes(ben, Eyes(people=("ANN\u0410",)))
    assert not _whose_eyes(ben, clara)
    assert _whose_eyes(Eyes(people=("dora",)).and_of(ben), anna)
    assert _whose_eyes(Eyes(people=("dora",)).and_of(anna), ben)


def test_a_user_of_the_machine_is_no_second_person_for_the_owners_of_the_keys_they_made():
    anna, ben = (Eyes(people=(each,), machine=("root",)) for each in ("anna", "ben"))
    assert not _whose_eyes(anna, ben)
    assert _whose_eyes(anna, Eyes(people=("root",)))
    assert _whose_eyes(Eyes(people=("ben",), machine=("anna",)), Eyes(people=("anna",)))
