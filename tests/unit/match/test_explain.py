"""The explanation is the score's own arithmetic."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.match import DEFAULT_THRESHOLD, NameIndex
from service.model.matching import Explanation, IndexedName
from service.normalise import normalise
from tests.unit.match.listed_names import INDEX, NAMES, ROWS


def explain(asked: str, listed: str) -> Explanation:
    index = NameIndex.build([IndexedName(0, 0, "primary", normalise(listed))])
    return index.explain(normalise(asked), 0)


@given(
    st.lists(st.sampled_from(" ".join(row[3] for row in ROWS).split(" ")), min_size=1, max_size=8)
)
def test_the_parts_add_up_to_the_score_exactly(pieces: list[str]) -> None:
    form = normalise(" ".join(pieces))
    for match in INDEX.search(form, lists=None, threshold=0.0, limit=100).matches:
        told = INDEX.explain(form, match.name)
        total = 0.0
        for part in told.parts:
            total += part.log_odds
        assert total == told.log_odds
        certain = told.exact and NAMES[match.name].kind != "weak_alias"
        expected = 1.0 if certain else 1.0 / (1.0 + math.exp(-told.log_odds))
        assert match.score == pytest.approx(expected, rel=1e-14)


@given(
    st.lists(st.sampled_from(" ".join(row[3] for row in ROWS).split(" ")), min_size=1, max_size=8)
)
def test_the_pairs_share_out_what_the_matched_words_added(pieces: list[str]) -> None:
    form = normalise(" ".join(pieces))
    for match in INDEX.search(form, lists=None, threshold=0.0, limit=100).matches:
        told = INDEX.explain(form, match.name)
        added = {part.name: part.log_odds for part in told.parts}
        expected = added.get("matched_words", 0.0) + added.get("acronym", 0.0)
        assert sum(pair.worth for pair in told.pairs) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("asked", "listed", "by"),
    [
        pytest.param("Huawei", "HUAWEI", "same", id="same"),
        pytest.param("Hikvison", "Hikvision", "spelling", id="spelling"),
        pytest.param("Рособоронэкспорт", "ROSOBORONEKSPORT", "transliteration", id="Cyrillic"),
        pytest.param("Comm", "Communication", "abbreviation", id="abbreviation"),
        pytest.param("zavod", "Plant", "synonym", id="translation"),
        pytest.param("Aerocaribbean", "Aero Caribbean Qzxwvk", "joined", id="joined"),
        pytest.param(
            "SMIC", "Semiconductor Manufacturing International Corp", "acronym", id="acronym"
        ),
    ],
)
def test_each_pair_says_how_the_words_met(asked: str, listed: str, by: str) -> None:
    assert [pair.by for pair in explain(asked, listed).pairs] == [by]


def test_words_left_over_are_named_as_printed() -> None:
    told = explain("Haige Qzxwvk", "Guangzhou Haige COMM GRP")
    assert told.query_left_over == ("Qzxwvk",)
    assert told.listed_left_over == ("Guangzhou", "COMM", "GRP")


def test_an_identical_name_is_called_exact() -> None:
    assert explain("Foo, LLC", "FOO L.L.C.").exact
    assert not explain("Foo LLC", "FOO").exact


@pytest.mark.parametrize(
    ("asked", "listed", "part"),
    [
        pytest.param("Plant No. 27", "Plant No. 29", "number_conflict", id="numbers"),
        pytest.param("Qzxwvk GmbH", "Qzxwvk AG", "legal_form_conflict", id="legal forms"),
    ],
)
def test_a_conflict_takes_away(asked: str, listed: str, part: str) -> None:
    added = {each.name: each.log_odds for each in explain(asked, listed).parts}
    assert added[part] < 0.0


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("Plant 27", "Plant Qzxwvk", id="number on one side"),
        pytest.param("Plant 27", "Plant No. 27", id="same number"),
        pytest.param("Qzxwvk GmbH", "Qzxwvk", id="legal form on one side"),
        pytest.param("Qzxwvk LLC", "Qzxwvk Limited Liability Company", id="same legal form"),
    ],
)
def test_what_one_side_lacks_is_no_conflict(asked: str, listed: str) -> None:
    names = {part.name for part in explain(asked, listed).parts}
    assert names.isdisjoint({"number_conflict", "legal_form_conflict"})


def test_an_acronym_alone_is_under_the_default_threshold() -> None:
    told = explain("SMIC", "Semiconductor Manufacturing International Corp")
    assert 1.0 / (1.0 + math.exp(-told.log_odds)) < DEFAULT_THRESHOLD
