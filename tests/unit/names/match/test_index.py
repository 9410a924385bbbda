"""What a search over listed names finds, and what it never does."""

import pytest

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex, score
from abeyance_screening.engine.names.match_types import IndexedName, SearchResult
from tests.unit.names.match.listed_names import INDEX, NAMES, ROWS


def search(
    printed: str,
    *,
    lists: frozenset[int] | None = None,
    threshold: float = DEFAULT_THRESHOLD,
    limit: int = 100,
) -> SearchResult:
    return INDEX.search(normalise(printed), lists=lists, threshold=threshold, limit=limit)


def listings(printed: str) -> list[int]:
    return [match.listing for match in search(printed).matches]


def test_three_letters_find_a_longer_name_a_little_below_the_default_threshold() -> None:
    """ "ZTE" and ZTE Parsian share no more than ordinary companies share with listed ones."""
    found = INDEX.matches(normalise("ZTE"), lists=None, threshold=0.6)
    assert [match.listing for match in found] == [9]


@pytest.mark.parametrize(
    ("asked", "listing"),
    [
        pytest.param("GUANGZHOU HAIGE COMM GRP", 0, id="abbreviated trade words"),
        pytest.param("HAIGE GUANGZHOU", 0, id="two words, turned"),
        pytest.param("LUKOIL OIL COMP", 1, id="abbreviated company"),
        pytest.param("NPK FOTONIKA LIMITED LIABILITY COMP", 2, id="abbreviated legal form"),
        pytest.param("Huawei Technologies", 3, id="no legal form"),
        pytest.param("SMIC", 4, id="acronym that is an alias"),
        pytest.param("Hikvison", 5, id="letter missing"),
        pytest.param("Hikvsiion", 5, id="letters swapped"),
        pytest.param("Rosoboroneksport", 6, id="romanised"),
        pytest.param("Рособоронэкспорт", 6, id="Cyrillic"),
        pytest.param("Bank Melli", 7, id="alias"),
        pytest.param("Kaspersky", 8, id="one word"),
        pytest.param("DJI", 10, id="three letters"),
        pytest.param("11420 Corp", 11, id="number"),
        pytest.param("Aero Caribbean", 12, id="split"),
        pytest.param("AEROCARIBBEAN", 12, id="joined"),
        pytest.param(
            "\u041a\u043e\u043d\u0446e\u0440\u043d Калашников", 15, id="Latin e in a Cyrillic word"
        ),
        pytest.param("华为技术有限公司", 19, id="Han"),
    ],
)
def test_a_listed_name_is_found_first_under_another_spelling(asked: str, listing: int) -> None:
    assert listings(asked)[0] == listing


@pytest.mark.parametrize(
    "asked",
    [
        "Siemens AG",
        "Toyota Motor Corporation",
        "Acme Optics",
        "Bosch GmbH",
        "Nestle SA",
        "Shanghai Trading Co Ltd",
        "BELLETECH CORP",
        "Corp",
        "JSC 559 Aircraft Repair Plant",
        "ZTO",
        "Trading Company",
    ],
)
def test_an_ordinary_name_does_not_alert(asked: str) -> None:
    assert listings(asked) == []


@pytest.mark.parametrize("name", range(len(NAMES)), ids=[row[3] for row in ROWS])
def test_every_name_finds_its_own_listing_first(name: int) -> None:
    found = search(ROWS[name][3]).matches[0]
    assert (found.listing, found.name) == (NAMES[name].listing, name)


@pytest.mark.parametrize("name", range(len(NAMES)), ids=[row[3] for row in ROWS])
def test_only_a_weak_alias_scores_below_one_for_itself(name: int) -> None:
    own = search(ROWS[name][3]).matches[0].score
    assert (own < 1.0) == (NAMES[name].kind == "weak_alias")


def test_a_weak_alias_scores_below_a_primary_name_of_the_same_spelling() -> None:
    form = normalise("Aigle Blanc SARL")
    listed = normalise("AIGLE BLANC")
    assert score(form, listed, "weak_alias") < score(form, listed, "primary")
    assert score(listed, listed, "weak_alias") < score(listed, listed, "primary") == 1.0


def test_a_listing_answers_once_by_its_best_name() -> None:
    matches = search("Rosoboroneksport").matches
    assert [match.listing for match in matches].count(6) == 1
    assert ROWS[matches[0].name][3] == "ROSOBORONEKSPORT OAO"


def test_matches_are_best_first_and_cut_at_the_limit() -> None:
    every = search("Bank Melli Iran Kaspersky Lab", threshold=0.0)
    scores = [match.score for match in every.matches]
    assert scores == sorted(scores, reverse=True)
    cut = search("Bank Melli Iran Kaspersky Lab", threshold=0.0, limit=1)
    assert cut.matches == every.matches[:1]
    assert cut.total == every.total > 1


def test_the_threshold_itself_is_reached() -> None:
    found = search("Hikvison").matches[0]
    assert search("Hikvison", threshold=found.score).total >= 1
    above = search("Hikvison", threshold=min(1.0, found.score * 1.0000001))
    assert found not in above.matches


def test_only_the_lists_asked_for_are_searched() -> None:
    assert search("Kaspersky", lists=frozenset({1})).total == 0
    assert search("Kaspersky", lists=frozenset({0})).total == 1
    assert search("Kaspersky", lists=frozenset()).total == 0


def test_a_small_list_alone_is_searched_to_the_end() -> None:
    crowd = [
        IndexedName(place, 0, "primary", normalise(f"Bank Trading Company {place:05d} Group"))
        for place in range(5000)
    ]
    own = IndexedName(5000, 7, "primary", normalise("United Bank Trading Group"))
    index = NameIndex.build([*crowd, own])
    found = index.search(
        normalise("Trading Bank United"), lists=frozenset({7}), threshold=0.0, limit=5
    )
    assert [match.listing for match in found.matches] == [5000]


def test_more_names_than_one_block_of_candidates_are_all_found() -> None:
    names = [
        IndexedName(place, 0, "primary", normalise(f"Qzxwvk {letters} Factory"))
        for place, letters in enumerate(a + b for a in "bcdfghjklm" for b in "aeiouxyzpq")
    ]
    found = NameIndex.build(names).search(
        normalise("Qzxwvk"), lists=None, threshold=0.6, limit=500
    )
    assert found.total == len(names)


def test_an_empty_index_and_a_blank_question_find_nothing() -> None:
    nothing = SearchResult(matches=(), total=0)
    empty = NameIndex.build([])
    assert empty.search(normalise("Foo"), lists=None, threshold=0.0, limit=5) == nothing
    assert search("  ", threshold=0.0) == nothing


def test_a_name_without_words_is_indexed_and_never_found() -> None:
    index = NameIndex.build([IndexedName(0, 0, "primary", normalise(" ")), NAMES[0]])
    found = index.search(normalise("Haige"), lists=None, threshold=0.0, limit=5)
    assert [match.name for match in found.matches] == [1]
