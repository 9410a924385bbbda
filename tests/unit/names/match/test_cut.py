"""A question that is the beginning of a listed name is that name, cut."""

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.reference_scorer import score

_LISTED = (
    "Aviation Industry Corporation of China",
    "CLOSED JOINT STOCK COMPANY MEKAMINEFT",
    "Federal State Unitary Enterprise Obyedinennaya Sudostroitelnaya Korporatsiya Severny Reyd",
    "Scientific Production Centre Qzxwvk",
    "Commercial Bank Investtradeservice Limited Liability Company",
    "Al-Haramain Islamic Foundation Bosnia, Vazir",
)
INDEX = NameIndex.build(
    [
        IndexedName(place, place % 2, "primary", normalise(printed))
        for place, printed in enumerate(_LISTED)
    ]
)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("AVIATION INDUSTRY CORPORATION OF CH", 0, id="35 characters"),
        pytest.param("AVIATION INDUSTRY CORPORATIO", 0, id="the last word is a legal form, cut"),
        pytest.param("CLOSED JOINT STOCK COMPANY MEKAMINE", 1, id="nothing but a cut word"),
        pytest.param("ФГУП Объединенная судостроительная корпорация Севе", 2, id="Cyrillic"),
        pytest.param("AL HARAMAIN ISLAMIC FOUNDATION BOSN", 5, id="other punctuation"),
        pytest.param("AVIATION INDUSTRY CORPORAT", None, id="26 characters"),
        pytest.param("AVIATION INDUSTRY CORPORATION OF JA", None, id="goes on otherwise"),
        pytest.param("SCIENTIFIC PRODUCTION CENTRE", None, id="one trade word"),
        pytest.param("CLOSED JOINT STOCK COMPANY M", None, id="nothing but a legal form"),
        pytest.param("COMMERCIAL BANK INVESTTRADE LLC", None, id="ends in its legal form"),
    ],
)
def test_a_beginning_finds_the_name_that_it_tells(asked: str, listed: int | None) -> None:
    form = normalise(asked)
    found = INDEX.matches(form, lists=None, threshold=0.1)
    cut = {match.name for match in found if INDEX.explain(form, match.name).manner}
    assert cut == ({listed} if listed is not None else set())
    for match in found:
        name = IndexedName(0, 0, "primary", normalise(_LISTED[match.name]))
        assert match.score == pytest.approx(score(form, name), abs=1e-9, rel=0)
        assert match.score == INDEX.score(form, match.name)
        assert match.name != listed or match.score >= DEFAULT_THRESHOLD
    if listed is not None:
        assert found[0].name == listed
        assert INDEX.explain(form, listed).manner == f"cut after {len(asked)} characters"
        assert INDEX.matches(form, lists=frozenset({1 - listed % 2}), threshold=0.6) == []
