from collections.abc import Callable
from datetime import date

import pytest

from abeyance_screening.engine.lists.cz_mzv.reader import names_of
from abeyance_screening.engine.lists.listing import Fact
from abeyance_screening.primitives.errors import ListRefusedError
from tests.unit.lists.editions import edition_of
from tests.walks import at_most_letters

FILE = "cz_mzv/seznam.csv"
VALID = "usnesení vlády ze dne 26. dubna 2023"


@pytest.fixture
def content(sample: Callable[[str], bytes]) -> bytes:
    return sample(FILE)


def test_a_person_has_each_spelling_and_what_the_row_prints(content: bytes):
    edition = edition_of("cz_mzv", content)
    person = edition.listings[0]
    assert [each.text for each in person.names[:2]] == [
        "Vladimir Michajlovič Gunďajev",
        "Vladimir Mikhailovich Gundyayev",
    ]
    assert (person.entity_type, person.countries) == ("person", ("RU",))
    assert (person.listed_on, person.delisted_on) == (date(2023, 4, 26), None)
    assert person.citations == (VALID,)
    assert Fact(kind="restrictive_measure", value="zmrazení prostředků") in person.facts
    assert edition.read_in_part == ()


def test_a_cancelled_entry_has_left_and_a_changed_one_has_not(content: bytes):
    *_, cancelled, changed = edition_of("cz_mzv", content).listings
    assert cancelled.delisted_on == date(2024, 5, 27)
    assert changed.delisted_on is None
    assert [each.text for each in changed.names[:2]] == [
        "Vymyšlená obchodní s.r.o.",
        "Invented Trading s.r.o.",
    ]


def test_the_short_name_in_brackets_is_a_name(content: bytes):
    names = [each.text for each in edition_of("cz_mzv", content).listings[1].names]
    assert "Goszagransobstvennost" in names


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        pytest.param("ke dni 27. května 2024", "ke dni 31. února 2024", "day of", id="no day"),
        pytest.param("zrušen ke dni 27.", "zrušen", "day of cancelling", id="none printed"),
        pytest.param(",zrušen,", ",pozastaven,", "state in", id="unknown state"),
    ],
)
def test_an_entry_counts_as_listed_where_its_end_is_not_clear(
    content: bytes, old: str, new: str, part: str
):
    edition = edition_of("cz_mzv", content.decode().replace(old, new).encode())
    assert edition.listings[2].delisted_on is None
    assert [(each.what.startswith(part), each.may_hide) for each in edition.read_in_part] == [
        (True, "status")
    ]


def test_spellings_beyond_those_taken_are_not_joined():
    surnames, givens = (
        [f"{word} {number}" for number in range(4_000)] for word in ("Novák", "Jan")
    )
    with at_most_letters(30_000_000):
        names = names_of("/".join(surnames), "/".join(givens))
    assert names[:2] == ("Jan 0 Novák 0", "Jan 1 Novák 1")
    assert names[-1] == "Jan 0 Novák 11"


def test_a_file_without_rows_is_refused(content: bytes):
    with pytest.raises(ListRefusedError, match="the file has no rows"):
        edition_of("cz_mzv", content.partition(b"\n")[0] + b"\n")
