"""An explanation is the arithmetic of the score."""

import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from abeyance_screening.engine.lists.listing import EntityType
from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex
from abeyance_screening.engine.names.match.name_keys import letters_key
from abeyance_screening.engine.names.match_types import Explanation, IndexedName
from tests.unit.names.match.many_names import INDEX, NAMES, PRINTED, change


def explain(asked: str, listed: str) -> Explanation:
    index = NameIndex.build([IndexedName(0, 0, "primary", normalise(listed))])
    return index.explain(normalise(asked), 0)


def named(explanation: Explanation) -> dict[str, float]:
    return {part.name: part.log_odds for part in explanation.parts}


def score_of(explanation: Explanation) -> float:
    return 1.0 / (1.0 + math.exp(-explanation.log_odds))


def pieces(form: ComparisonForm) -> set[str]:
    return {word.printed for word in form.words}


def is_of(phrase: str, printed: set[str]) -> bool:
    """Return whether a phrase consists of printed pieces, in any order."""
    return not phrase or any(
        phrase == piece
        or (phrase.startswith(f"{piece} ") and is_of(phrase[len(piece) + 1 :], printed))
        for piece in printed
    )


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PRINTED), st.randoms(use_true_random=True), st.sampled_from(range(len(NAMES)))
)
def test_the_explanation_is_the_score_s_own_arithmetic(
    printed: str, random: Random, other: int
) -> None:
    form = normalise(change(printed, random))
    found = [match.name for match in INDEX.matches(form, lists=None, threshold=0.05)[:6]]
    for name in (*found, other):
        if form.words and NAMES[name].form.words:
            check_explanation(form, name)


def is_respaced(form: ComparisonForm, listed: ComparisonForm) -> bool:
    return sorted(form.spelled) != sorted(listed.spelled)


def check_explanation(form: ComparisonForm, name: int) -> None:
    explanation, score = INDEX.explain(form, name), INDEX.score(form, name)
    added, listed = named(explanation), NAMES[name]
    assert sum(part.log_odds for part in explanation.parts) == pytest.approx(
        explanation.log_odds, abs=1e-6
    )
    assert explanation.exact == (score == 1.0)
    expected = 1.0 if explanation.exact else score_of(explanation)
    assert score == pytest.approx(expected, rel=1e-12)
    shared = sum(added.get(part, 0.0) for part in ("matched_words", "acronym", "spelled_out"))
    if explanation.pairs:
        worth = sum(pair.worth for pair in explanation.pairs)
        if letters_key(form) == letters_key(listed.form) and is_respaced(form, listed.form):
            shared += added.get("same_words", 0.0)
        assert worth == pytest.approx(shared, abs=1e-6)
    else:
        assert shared == 0.0
    ours, theirs = pieces(form), pieces(listed.form)
    for pair in explanation.pairs:
        assert is_of(pair.query, ours)
        assert is_of(pair.listed, theirs)
        assert 0.0 < pair.similarity <= 1.0
    assert set(explanation.query_left_over) <= ours
    assert set(explanation.listed_left_over) <= theirs


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PRINTED), st.randoms(use_true_random=True))
def test_a_word_is_left_over_or_met_never_both(printed: str, random: Random) -> None:
    form = normalise(change(printed, random))
    for match in INDEX.matches(form, lists=None, threshold=0.05)[:6]:
        explanation, listed = INDEX.explain(form, match.name), NAMES[match.name].form
        for left, met, words in (
            (explanation.query_left_over, [pair.query for pair in explanation.pairs], form.words),
            (
                explanation.listed_left_over,
                [pair.listed for pair in explanation.pairs],
                listed.words,
            ),
        ):
            once = [word.printed for word in words]
            alone = {piece for piece in left if once.count(piece) == 1}
            assert alone.isdisjoint(met)


@pytest.mark.parametrize(
    ("asked", "listed", "by"),
    [
        pytest.param("Huawei", "HUAWEI", "same", id="same"),
        pytest.param("Hikvison", "Hikvision", "spelling", id="spelling"),
        pytest.param("R0SNEFT", "ROSNEFT", "spelling", id="a digit for a letter"),
        pytest.param("Рособоронэкспорт", "ROSOBORONEKSPORT", "transliteration", id="Cyrillic"),
        pytest.param("завод", "Plant", "translation", id="translation from Cyrillic"),
        pytest.param("바오솔", "Baosol", "transliteration", id="Hangul"),
        pytest.param("Comm", "Communication", "abbreviation", id="abbreviation"),
        pytest.param("zavod", "Plant", "synonym", id="synonym"),
        pytest.param("Aerocaribbean", "Aero Caribbean Qzxwvk", "joined", id="joined"),
        pytest.param(
            "CASI",
            "China Aerospace Science and Industry Corp",
            "acronym",
            id="acronym",
        ),
    ],
)
def test_each_pair_says_how_the_words_met(asked: str, listed: str, by: str) -> None:
    assert [pair.by for pair in explain(asked, listed).pairs] == [by]


def test_words_left_over_are_named_as_printed() -> None:
    explanation = explain("Haige Qzxwvk", "Guangzhou Haige COMM GRP")
    assert explanation.query_left_over == ("Qzxwvk",)
    assert explanation.listed_left_over == ("Guangzhou", "COMM", "GRP")


def test_an_identical_name_is_called_exact() -> None:
    assert explain("Foo, LLC", "FOO L.L.C.").exact
    assert not explain("Foo LLC", "FOO").exact


@pytest.mark.parametrize(
    ("asked", "listed", "part"),
    [
        pytest.param("Plant No. 27", "Plant No. 29", "conflict", id="numbers"),
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
    assert names.isdisjoint({"conflict", "legal_form_conflict"})


def test_four_initials_find_the_name_and_the_name_does_not_find_four_initials() -> None:
    full = "China Aerospace Science and Industry Corp"
    assert score_of(explain("CASI", full)) >= DEFAULT_THRESHOLD
    assert score_of(explain("CASIC", full)) >= DEFAULT_THRESHOLD
    assert score_of(explain(full, "CASI")) < DEFAULT_THRESHOLD


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param("Atlantic Ship Management LLC", id="the form's letter is none of a brand"),
        pytest.param("Naranjo Abajo, S.A.", id="nor are those of two words and a form"),
    ],
)
def test_a_legal_form_is_no_initial(listed: str) -> None:
    for brand in ("ASML", "NASA"):
        assert explain(brand, listed).pairs == ()


@pytest.mark.parametrize(
    ("entity_type", "expected"), [("person", False), ("organisation", True), (None, True)]
)
def test_persons_do_not_go_by_their_initials(
    entity_type: EntityType | None, expected: bool
) -> None:
    form = normalise("Samir Izzat Qadi Amin")
    index = NameIndex.build([IndexedName(0, 0, "primary", form, entity_type)])
    assert (index.score(normalise("SIQA"), 0) >= DEFAULT_THRESHOLD) is expected


def test_initials_of_all_words_count_by_what_says_more() -> None:
    """The same words met one by one would add less."""
    explanation = explain("ABGDE", "Alfa Beta Gamma Delta Electric")
    assert [(pair.query, pair.by) for pair in explanation.pairs] == [("ABGDE", "acronym")]
    assert "matched_words" not in named(explanation)
    words = explain("Qtgi Trading Group International", "QTGI")
    assert named(words)["matched_words"] > 0.0
    assert "spelled_out" not in named(words)


def test_initials_are_no_name_for_other_initials() -> None:
    explanation = explain("JSC 559 Aircraft Repair Plant", "JSC 558 Aircraft Repair Plant")
    assert [pair.query for pair in explanation.pairs] == ["Aircraft Repair Plant"]
    assert (explanation.query_left_over, explanation.listed_left_over) == (("559",), ("558",))
    assert named(explanation)["conflict"] < 0.0


def test_short_words_written_together_are_folded_as_a_long_one() -> None:
    explanation = explain("Hua Wei Qzxvk", "Huawei Factory")
    assert [(pair.query, pair.by, pair.similarity) for pair in explanation.pairs] == [
        ("Hua Wei", "joined", 1.0)
    ]


@pytest.mark.parametrize(
    ("asked", "listed", "words", "theirs"),
    [
        pytest.param("JSCProton", "JSC Proton", "JSCProton", "Proton", id="form before"),
        pytest.param("Siemens AG", "SiemensAG", "Siemens", "SiemensAG", id="form at the end"),
        pytest.param("ПАОПротон", "ПАО Протон", "ПАОПротон", "Протон", id="Cyrillic"),
        pytest.param(
            "PJSCUnited Engine Corporation",
            "PJSC United Engine Corporation",
            "PJSCUnited Engine",
            "United Engine",
            id="one blank",
        ),
    ],
)
def test_the_same_letters_spaced_otherwise_are_one_pair(
    asked: str, listed: str, words: str, theirs: str
) -> None:
    explanation = explain(asked, listed)
    assert [(pair.query, pair.listed, pair.by) for pair in explanation.pairs] == [
        (words, theirs, "joined")
    ]
    assert DEFAULT_THRESHOLD <= score_of(explanation) < 1.0
    assert (explanation.query_left_over, explanation.listed_left_over) == ((), ())


@pytest.mark.parametrize(
    ("asked", "listed"),
    [("TSCO", "TS CO."), ("ПАОЯ", "ПАО Я"), ("กากีกุเก", "กีกากุเก")],
)
def test_names_of_few_letters_or_other_vowels_are_not_the_same_letters(
    asked: str, listed: str
) -> None:
    assert score_of(explain(asked, listed)) < DEFAULT_THRESHOLD


def test_a_word_said_twice_stands_where_it_stood_first() -> None:
    explanation = explain("Foobar Qzxvk", "Foobar Aaaaa Foobar")
    assert named(explanation)["first_word"] > 0.0


@pytest.mark.parametrize(
    ("short", "full"),
    [
        pytest.param("YMTC Qzxvk", "Yangtze Memory Tech Corner Qzxvk", id="within a name"),
        pytest.param(
            "Qzxvk WJQC", "Qzxvk Wolfson Jarrow Quill Carver", id="all letters that fold"
        ),
        pytest.param(
            "Qzxvk WJQC",
            "Qzxvk Wolfson Jarrow Quill Carver "
            "Amber Birch Cedar Delta Ember Flint Grove Heron Islet Joule Karst",
            id="within a name of many words",
        ),
    ],
)
def test_initials_stand_for_words_whatever_folding_does_to_them(short: str, full: str) -> None:
    assert "acronym" in [pair.by for pair in explain(short, full).pairs]
    assert "acronym" in [pair.by for pair in explain(full, short).pairs]


@pytest.mark.parametrize("full", ["Yangtze Memory Tech Corner", "Wolfson Jarrow Quill Carver"])
def test_an_acronym_of_letters_that_fold_is_one(full: str) -> None:
    short = "".join(word[0] for word in full.split())
    assert [pair.by for pair in explain(short, full).pairs] == ["acronym"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PRINTED), st.randoms(use_true_random=True))
def test_each_value_of_words_can_be_worked_out_from_the_words(
    printed: str, random: Random
) -> None:
    form = normalise(change(printed, random))
    for match in INDEX.matches(form, lists=None, threshold=0.05)[:6]:
        explanation = INDEX.explain(form, match.name)
        values = {part.name: part.value for part in explanation.parts}
        worked_out = by_hand(
            explanation, is_plain=NAMES[match.name].entity_type in {None, "organisation"}
        )
        if {"acronym", "spelled_out"}.isdisjoint(values):
            # a part that adds nothing is not told
            told = {name: values[name] for name in worked_out if name in values}
            assert told == pytest.approx({name: worked_out[name] for name in told}, abs=1e-9)
        letters = [
            "".join(word.text for word in each.words) for each in (form, NAMES[match.name].form)
        ]
        if "whole_spelling" in values:
            share = LCSseq.similarity(*letters) * 2 / sum(map(len, letters))
            assert values["whole_spelling"] == pytest.approx(share, abs=1e-9)


def by_hand(explanation: Explanation, *, is_plain: bool) -> dict[str, float]:
    """Work out from the words of an explanation what its parts of words measure."""
    ours, theirs = explanation.query_words, explanation.listed_words
    matched = min(sum(word.met for word in ours), sum(word.met for word in theirs))
    left = sum((1.0 - word.credit) * word.weight for word in ours)
    gap = max((1.0 - word.credit) * word.weight for word in theirs)
    worked_out = {
        "matched_words": matched,
        "query_covered": matched / (matched + left) if matched else 0.0,
        "listed_gap": gap,
        "first_word": min(ours[0].credit, theirs[0].credit),
    }
    if {pair.query for pair in explanation.pairs} <= {word.word for word in ours}:
        rare = [(min(w.met, 0.85) if w.is_trade_word else w.met, w.credit) for w in ours]
        is_slip = is_plain and len(ours) > 1 and left <= 0.5 and gap <= 0.5
        rarest = [most / credit if is_slip and credit >= 0.5 else most for most, credit in rare]
        worked_out["rarest_word"] = max(rarest)
    return worked_out


def test_the_words_of_a_name_are_told_with_their_weights() -> None:
    explanation = explain("Haige Qzxwvk", "Guangzhou Haige COMM GRP")
    (met, left), (_, same, *_) = explanation.query_words, explanation.listed_words
    assert (met.word, met.read_as, met.credit, met.met) == ("Haige", "haige", 1.0, met.weight)
    assert (left.word, left.weight, left.credit, left.met) == ("Qzxwvk", 1.0, 0.0, 0.0)
    assert (same.word, same.met) == ("Haige", met.met)
