"""A search answers exactly what scoring every name one by one would."""

import math
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match.score import PARTS
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match.many_names import INDEX, NAMES, PRINTED, change

# Names with nothing in common score less and are never looked at.
LEAST = 0.1
_BUDGET = settings(max_examples=60, deadline=None)
_RANDOMS = st.randoms(use_true_random=True)


def assert_exact(index: NameIndex, form: ComparisonForm, least: float) -> None:
    """The answer is exact at any threshold, even one that is the score of a name."""
    every = {name: index.score(form, name) for name in range(len(index))}
    scores = sorted({score for score in every.values() if score >= LEAST})[-5:]
    for threshold in (least, DEFAULT_THRESHOLD, *scores):
        found = index.matches(form, lists=None, threshold=threshold)
        expected = {name: score for name, score in every.items() if score >= threshold}
        assert {match.name: match.score for match in found} == expected
        assert [match.score for match in found] == sorted(expected.values(), reverse=True)


@_BUDGET
@given(st.sampled_from(PRINTED), _RANDOMS, st.floats(LEAST, 1.0))
def test_the_search_finds_exactly_the_names_that_score_enough(
    printed: str, random: Random, least: float
) -> None:
    form = normalise(change(printed, random))
    if form.words:
        assert_exact(INDEX, form, least)


@_BUDGET
@given(st.lists(st.sampled_from(PRINTED), min_size=2, max_size=12), st.floats(LEAST, 0.5))
def test_long_questions_are_answered_exactly(pieces: list[str], least: float) -> None:
    assert_exact(INDEX, normalise(" ".join(pieces)[:500]), least)


def _word(random: Random, weights: dict[str, float]) -> Word:
    """Return names of few letters, so that words are similar."""
    length = random.choice((1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 9, 11, 12, 15, 20))
    text = "".join(random.choices("abc"[: random.randint(2, 3)], k=length))
    text = random.choice((text, text, text, text, text, f"{text[:4]}ovich", str(length)))
    weight = weights.setdefault(text, random.choice((0.1, 0.3, 0.5, 0.7, 0.9, 1.0)))
    readings = tuple(
        "".join(random.choices("ab", k=random.randint(3, 6)))
        for _ in range(random.choice((0, 0, 0, 1, 4)))
    )
    return Word(text, random.choice((text, "\u570b")), weight, text[0], readings)


def _form(random: Random, weights: dict[str, float]) -> ComparisonForm:
    words = tuple(_word(random, weights) for _ in range(random.choice((1, 1, 2, 2, 3, 4, 5, 8))))
    forms = tuple(sorted(random.sample(("llc", "gmbh", "jsc", "co"), random.choice((0, 0, 1)))))
    spelled = tuple(word.text for word in words)
    return ComparisonForm(" ".join(spelled), words, forms, spelled)


@settings(max_examples=30, deadline=None)
@given(_RANDOMS, st.floats(LEAST, 1.0))
def test_words_that_are_all_alike_are_found_exactly(random: Random, least: float) -> None:
    weights: dict[str, float] = {}
    names = [
        IndexedName(place, 0, random.choice(("primary", "weak_alias")), _form(random, weights))
        for place in range(40)
    ]
    index = NameIndex.build(names)
    for _ in range(8):
        assert_exact(index, random.choice((_form(random, weights), names[0].form)), least)


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        pytest.param("abdc", "ACBD Trading", id="two letters swapped amid four: no gram"),
        pytest.param("acbdegfh", "abcdefgh", id="two swaps in eight letters: no gram"),
        pytest.param("Aerocaribbeen", "Aero Caribbean", id="other spelling of two words"),
        pytest.param("& and &", "and", id="silent words alone"),
        pytest.param("国" * 500, "国" * 500, id="Han that is read as 1,500 letters"),
        pytest.param("\ufdfa" * 500, "\ufdfa" * 499, id="ligature that is read as four words"),
    ],
)
def test_what_once_differed_is_exact(asked: str, listed: str) -> None:
    names = [IndexedName(0, 0, "primary", normalise(each)) for each in (listed, "Aerocaribbean")]
    assert_exact(NameIndex.build([*names, *NAMES[:50]]), normalise(asked), LEAST)


def test_names_that_share_nothing_score_under_the_least_threshold_that_is_exact() -> None:
    tables = INDEX.index.scoring.tables
    for asked in ("Qzxwvk", "Jjjj 77"):
        form = normalise(asked)
        found = {match.name for match in INDEX.matches(form, lists=None, threshold=0.0)}
        rest = set(range(len(NAMES))) - found
        assert all(INDEX.score(form, name) < LEAST for name in rest)
    most = tables.base + tables.peaks[PARTS.index("whole_spelling")]
    assert 1.0 / (1.0 + math.exp(-most)) < LEAST


@_BUDGET
@given(st.sampled_from(PRINTED), _RANDOMS)
def test_a_pair_scores_the_same_alone_as_in_the_index(printed: str, random: Random) -> None:
    form = normalise(change(printed, random))
    matches = INDEX.matches(form, lists=None, threshold=LEAST)
    for match in random.sample(matches, min(5, len(matches))):
        assert NameIndex.build([NAMES[match.name]]).score(form, 0) == match.score


@_BUDGET
@given(st.sampled_from(PRINTED), _RANDOMS, st.frozensets(st.integers(0, 9)))
def test_only_the_lists_asked_for_are_searched(
    printed: str, random: Random, lists: frozenset[int]
) -> None:
    form = normalise(change(printed, random))
    every = INDEX.matches(form, lists=None, threshold=0.1)
    kept = [match for match in every if NAMES[match.name].list_no in lists]
    assert INDEX.matches(form, lists=lists, threshold=0.1) == kept


@settings(max_examples=2, deadline=None)
@given(_RANDOMS)
def test_threads_that_share_an_index_get_the_same_answers(random: Random) -> None:
    forms = [normalise(change(random.choice(PRINTED), random)) for _ in range(400)]
    index = NameIndex.build(NAMES)

    def answer(form: ComparisonForm):
        matches = index.matches(form, lists=None, threshold=0.1)
        return matches, [index.explain(form, match.name) for match in matches[:2]]

    alone = [answer(form) for form in forms]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(answer, forms)) == alone


def test_the_order_in_which_names_are_listed_does_not_matter() -> None:
    turned = NameIndex.build(NAMES[::-1])
    for printed in PRINTED[::7]:
        form = normalise(printed)
        ours = {m.name: m.score for m in INDEX.matches(form, lists=None, threshold=0.1)}
        theirs = turned.matches(form, lists=None, threshold=0.1)
        assert {len(NAMES) - 1 - m.name: m.score for m in theirs} == ours
