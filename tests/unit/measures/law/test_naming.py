"""A part of a measure in words."""

import pytest

from abeyance_screening.engine.measures.law.resolve import in_words, name_of, picks_listings
from abeyance_screening.engine.measures.measure import Slice
from tests.unit.measures.law.building import day


@pytest.mark.parametrize(
    ("given", "name"),
    [
        pytest.param(Slice(part="para. 2", countries=("HU",)), "para. 2", id="its own name"),
        pytest.param(Slice(entities=("Arrow", "Volt")), "Arrow, Volt", id="parties"),
        pytest.param(Slice(countries=("HU",)), "HU", id="places"),
        pytest.param(Slice(entities=("Volt",), countries=("HU",)), "Volt, HU", id="both"),
        pytest.param(Slice(programmes=("SDGT", "IFSR")), "SDGT, IFSR", id="programmes"),
        pytest.param(Slice(citations=("90 FR 4617",)), "90 FR 4617", id="an act"),
        pytest.param(Slice(footnotes=("4",)), "footnote 4", id="a footnote"),
        pytest.param(Slice(footnotes=("1", "4")), "footnote 1, 4", id="footnotes"),
        pytest.param(
            Slice(listed_from=day("2025-03-01")), "listed from 2025-03-01", id="from a day"
        ),
        pytest.param(
            Slice(listed_until=day("2025-03-31")), "listed until 2025-03-31", id="until a day"
        ),
        pytest.param(
            Slice(
                programmes=("P",), listed_from=day("2025-03-01"), listed_until=day("2025-03-31")
            ),
            "P, listed from 2025-03-01 until 2025-03-31",
            id="print and days",
        ),
        pytest.param(
            Slice(listed_from=day("2025-12-22"), listed_until=day("2025-12-22")),
            "listed on 2025-12-22",
            id="one day",
        ),
        pytest.param(Slice(note="only words"), "", id="nothing but a note"),
    ],
)
def test_a_part_is_named_for_a_reader(given: Slice, name: str):
    assert name_of(given) == name
    assert in_words(given) == (name or None)


def test_the_whole_is_no_part():
    assert in_words(None) is None


@pytest.mark.parametrize(
    ("given", "picks"),
    [
        pytest.param(Slice(entities=("Volt",)), True, id="parties"),
        pytest.param(Slice(footnotes=("4",)), True, id="a footnote"),
        pytest.param(Slice(listed_until=day("2025-03-31")), True, id="a day"),
        pytest.param(Slice(part="para. 2", countries=("HU",)), False, id="a paragraph, a place"),
    ],
)
def test_a_part_picks_listings_or_none(given: Slice, picks: bool):
    assert picks_listings(given) is picks
