"""A question that is the beginning of a listed name is that name, cut."""

from collections.abc import Sequence
from typing import overload, override

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match.cut import SHORTEST_CUT
from abeyance_screening.engine.names.match.framed import meet_whole
from abeyance_screening.engine.names.match.layout import lay_out
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.many_names import INDEX as MANY
from tests.unit.names.match.reference_scorer import score

_LISTED = (
    "Aviation Industry Corporation of China",
    "CLOSED JOINT STOCK COMPANY MEKAMINEFT",
    "Federal State Unitary Enterprise Obyedinennaya Sudostroitelnaya Korporatsiya Severny Reyd",
    "Scientific Production Centre Qzxwvk",
    "Commercial Bank Investtradeservice Limited Liability Company",
    "Al-Haramain Islamic Foundation Bosnia, Vazir",
    "PUBLIC JOINT STOCK COMPANY MAGNITOGORSK METALLURGICAL COMBINE",
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
        pytest.param("Public Joint Stock Company Magnit", None, id="a word that other firms have"),
        pytest.param("Public Joint Stock Company Magnitogo", 6, id="a word that was cut"),
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


# --- Phrases that many names begin with.


class _Counted(Sequence[ComparisonForm]):
    """Forms that count how often one is read."""

    def __init__(self, forms: Sequence[ComparisonForm]) -> None:
        self._forms = forms
        self.read = 0

    @override
    def __len__(self) -> int:
        return len(self._forms)

    @overload
    def __getitem__(self, place: int) -> ComparisonForm: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[ComparisonForm]: ...
    @override
    def __getitem__(self, place: int | slice) -> ComparisonForm | Sequence[ComparisonForm]:
        self.read += 1
        return self._forms[place]


@pytest.mark.parametrize(
    ("phrase", "asked"),
    [
        pytest.param("NPP", "NPP Zimtstern Quedlinburg Handels Bau", id="a trade phrase"),
        pytest.param(
            "Obshchestvo S Ogranichennoy Otvetstvennostyu",
            "Obshchestvo S Ogranichennoy Otvetstvennostyu Zimtste",
            id="a legal form",
        ),
        pytest.param(
            "Open Joint Stock Company", "OPEN JOINT STOCK COMPANY ZIMT", id="few letters"
        ),
    ],
)
def test_of_names_that_share_a_phrase_only_those_are_read_that_may_be_meant(
    phrase: str, asked: str
) -> None:
    printed = [
        f"{phrase} {chr(97 + number // 26)}{chr(97 + number % 26)}orium" for number in range(600)
    ]
    printed.append(f"{phrase} Zimtstern Quedlinburg Handels Bauwesen")
    table = lay_out(
        [IndexedName(place, 0, "primary", normalise(each)) for place, each in enumerate(printed)]
    )
    forms = _Counted(table.forms)
    index = NameIndex(table._replace(forms=forms))
    found = index.matches(normalise(asked), lists=None, threshold=DEFAULT_THRESHOLD)
    assert [match.name for match in found] == [600]
    assert forms.read < 60, forms.read


@given(st.data())
def test_every_name_that_a_question_begins_is_found(data: st.DataObject) -> None:
    listed = MANY.form(data.draw(st.integers(0, len(MANY) - 1)))
    end = data.draw(st.integers(SHORTEST_CUT, max(SHORTEST_CUT, len(listed.printed))))
    asked = normalise(listed.printed[:end].swapcase())
    begun = {
        name
        for name in range(len(MANY))
        if asked.words and MANY.form(name).printed != asked.printed
        if (met := meet_whole(asked, MANY.form(name), is_firm=True)) is not None
        and met.part == "cut"
    }
    for name in begun:
        told = MANY.explain(asked, name)
        is_other_type = any(part.name == "type_conflict" for part in told.parts)
        assert is_other_type or "cut" in str(told.manner), (asked.printed, MANY.form(name).printed)
