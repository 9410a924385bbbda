"""Guarantees that every user may rely on, over real names."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.token import read_table
from abeyance_screening.engine.names.form.word_types import ComparisonForm, Word
from abeyance_screening.engine.names.match import DEFAULT_THRESHOLD, NameIndex, score
from abeyance_screening.engine.names.match.score import PARTS, TABLES
from abeyance_screening.engine.names.match_types import IndexedName
from tests.cases import for_each
from tests.unit.names.match.many_names import INDEX, NAMES, PRINTED, change
from tests.walks import at_most_letters

_BUDGET = settings(max_examples=100, deadline=None)
_RANDOMS = st.randoms(use_true_random=True)
_PLACES = st.sampled_from(range(len(PRINTED)))
# A trade word as common as these identifies nobody; rare ones (isotope, newspaper) may.
_COMMON = 0.6
GENERIC = tuple(
    canonical
    for canonical, _ in read_table("trade_words.txt")
    if all(word.weight <= _COMMON for word in normalise(canonical).words)
)

# Shorter names may be another with a blank more (TSCO is not TS Co.).
_FEWEST_LETTERS = 5
# Letters that could be looked at meanwhile: the first takes a sixth of it, most a thousandth.
_LONGEST = 50_000_000
_LLC = ("LLC", "L.L.C.", "l l c", "Limited Liability Company", "\u041e\u041e\u041e", "llc.")

_SPELLINGS = {
    f"{table} {code}": (code, spellings)
    for table in ("legal_forms.txt", "legal_forms_gleif.txt")
    for code, spellings in read_table(table)
    if len(spellings) > 1 and not code.startswith("^")
}


def reached(printed: str, name: int) -> float:
    """Return the score of a listed name, once the search is shown to give the same."""
    form = normalise(printed)
    found = {m.name: m.score for m in INDEX.matches(form, lists=None, threshold=0.1)}
    own = INDEX.score(form, name)
    assert found.get(name, own) == own
    return own


@for_each("name", {f"{name} {each}": name for name, each in enumerate(PRINTED)})
def test_a_name_itself_scores_most_of_all_names(name: int) -> None:
    form = NAMES[name].form
    scores = [INDEX.score(form, place) for place in range(len(NAMES))]
    own = scores[name]
    alike = {
        place
        for place, other in enumerate(NAMES)
        if (other.form.joined, other.form.legal_forms) == (form.joined, form.legal_forms)
    }
    assert own == max(scores) or NAMES[name].kind == "weak_alias"
    assert (own == 1.0) == (NAMES[name].kind != "weak_alias")
    assert {place for place, each in enumerate(scores) if each == 1.0} <= alike


@_BUDGET
@given(_PLACES, _RANDOMS)
def test_no_changed_name_scores_above_the_name_itself(name: int, random: Random) -> None:
    own = INDEX.score(NAMES[name].form, name)
    assert reached(change(PRINTED[name], random), name) <= own <= 1.0


@_BUDGET
@given(_PLACES, st.text(min_size=1, max_size=60), _PLACES)
def test_no_other_string_scores_above_the_name_itself(name: int, text: str, other: int) -> None:
    own = INDEX.score(NAMES[name].form, name)
    assert 0.0 <= reached(text, name) <= own
    assert reached(f"{PRINTED[name]} {PRINTED[other]} {text}", name) <= own


def test_a_weak_alias_itself_is_above_all_that_another_string_can_reach() -> None:
    peaks = dict(zip(PARTS, TABLES.peaks, strict=True))
    same, identical = peaks.pop("same_words"), peaks.pop("identical")
    acronym = max(peaks.pop("acronym"), peaks.pop("spelled_out"))
    weak = read_last("weak_alias")
    peaks["weak_alias"] = 0.0
    assert weak < 0.0
    # an acronym counts in place of words
    alone = TABLES.base + acronym + peaks["whole_spelling"] + weak
    assert identical > max(TABLES.base + sum(peaks.values()) + weak, alone, same)


def read_last(part: str) -> float:
    return float(TABLES.log_odds[TABLES.starts[PARTS.index(part) + 1] - 1])


@_BUDGET
@given(
    _PLACES,
    st.sampled_from([str.upper, str.lower, str.title, str.casefold]),
    st.sampled_from([" ", "  ", ", ", "\u00a0", "\u200b "]),
    st.sampled_from(["", '"', "«", "(", "."]),
)
def test_dress_never_drops_a_name(name: int, case, gap: str, mark: str) -> None:
    dressed = mark + gap.join(case(PRINTED[name]).split(" ")) + mark
    assert reached(dressed, name) >= DEFAULT_THRESHOLD


@_BUDGET
@given(_PLACES, _RANDOMS, st.sampled_from(["none", "fewer", "more"]))
def test_spacing_never_drops_a_name(name: int, random: Random, blanks: str) -> None:
    printed = PRINTED[name]
    spaced = {
        "none": printed.replace(" ", ""),
        "fewer": "".join(each for each in printed if each != " " or random.random() < 0.5),
        "more": "".join(each + random.choice(("", "", " ")) for each in printed),
    }[blanks]
    if sum(map(str.isalnum, printed)) >= _FEWEST_LETTERS:
        assert reached(spaced, name) >= DEFAULT_THRESHOLD


@_BUDGET
@given(_PLACES, _RANDOMS, st.sampled_from(_LLC), st.sampled_from(_LLC))
def test_word_order_and_the_spelling_of_the_legal_form_never_drop_a_name(
    place: int, random: Random, ours: str, theirs: str
) -> None:
    words = [word for word in NAMES[place].form.spelled if word.isascii()]
    turned = list(words)
    random.shuffle(turned)
    asked, listed = normalise(" ".join((*turned, ours))), normalise(" ".join((*words, theirs)))
    if sorted(asked.spelled) == sorted(listed.spelled) and asked.words:
        assert asked.legal_forms == listed.legal_forms or not words
        assert score(asked, listed) >= DEFAULT_THRESHOLD
        assert score(asked, listed, "weak_alias") >= DEFAULT_THRESHOLD


@for_each("code, spellings", _SPELLINGS)
def test_a_legal_form_spelled_otherwise_never_drops_a_name(
    code: str, spellings: tuple[str, ...]
) -> None:
    for name in ("Almaz", "Northern Energy Services"):
        first, *others = [normalise(f"{name} {spelling}") for spelling in spellings]
        for other in others:
            assert other.legal_forms == first.legal_forms, code
            assert score(other, first) >= DEFAULT_THRESHOLD, code


@_BUDGET
@given(st.text(alphabet="ABCDEFGHKLMNOPRSTUVX", min_size=2, max_size=8))
def test_single_letters_may_stand_apart(letters: str) -> None:
    listed = normalise(f"{letters} Plant")
    for apart in (" ", ".", ". "):
        assert score(normalise(f"{apart.join(letters)} Plant"), listed) >= DEFAULT_THRESHOLD


@for_each("word", {each: each for each in GENERIC})
def test_a_generic_word_alone_never_alerts(word: str) -> None:
    form = normalise(word)
    own = {each.text for each in form.words}
    for match in INDEX.matches(form, lists=None, threshold=DEFAULT_THRESHOLD):
        assert {each.text for each in NAMES[match.name].form.words} <= own
    for longer in (f"{word} Qzxwvk", f"Qzxwvk {word}", f"Hangzhou {word} Qzxwvk"):
        assert score(form, normalise(longer)) < DEFAULT_THRESHOLD


def test_most_trade_words_that_many_names_have_are_generic() -> None:
    assert len(GENERIC) > 150
    assert {"bank", "trading", "technology", "international", "group", "plant"} <= set(GENERIC)


@_BUDGET
@given(_PLACES, _RANDOMS)
def test_identical_names_and_the_same_words_score_the_same_both_ways(
    place: int, random: Random
) -> None:
    one = NAMES[place].form
    assert score(one, one) == 1.0
    words = list(one.spelled)
    random.shuffle(words)
    other = normalise(" ".join(words))
    plain = normalise(" ".join(one.spelled))
    if plain.words and sorted(other.spelled) == sorted(plain.spelled):
        assert min(score(plain, other), score(other, plain)) >= DEFAULT_THRESHOLD
    if other.joined == plain.joined and other.legal_forms == plain.legal_forms and plain.words:
        assert score(plain, other) == score(other, plain) == 1.0


@_BUDGET
@given(_PLACES, _PLACES, _RANDOMS)
def test_what_both_ways_measure_alike(one: int, other: int, random: Random) -> None:
    """The parts that `engine.names.match.index` calls symmetric are symmetric."""
    ours = normalise(change(PRINTED[one], random))
    theirs = normalise(random.choice((change(PRINTED[one], random), PRINTED[other])))
    if ours.words and theirs.words:
        there, back = _symmetric(ours, theirs), _symmetric(theirs, ours)
        assert there == pytest.approx(back, abs=1e-12)


def _symmetric(asked: ComparisonForm, listed: ComparisonForm) -> dict[str, float]:
    index = NameIndex.build([IndexedName(0, 0, "primary", listed)])
    parts = {part.name: part.log_odds for part in index.explain(asked, 0).parts}
    fixed = ("whole_spelling", "legal_form_conflict")
    return {name: parts.get(name, 0.0) for name in fixed}


_ADVERSARIAL = {
    "one word again and again": "bank " * 100,
    "a hundred words": " ".join(f"w{place:03x}" for place in range(100)),
    "words that all look alike": " ".join(f"hik{a}{b}" for a in "abcdefghij" for b in "abcdefgh"),
    "250 words of one letter": " ".join("abcdefghijklmnopqrstuvwxyz" * 10)[:500],
    "250 words of one Cyrillic letter": " ".join("абвгдежзиклмнопрстуфх" * 12)[:500],
    "500 digits": "1234567890" * 50,
    "250 numbers": " ".join("1234567890" * 25),
    "one long word": "a" * 500,
    "Han": "国" * 500,
    "Han that differ": "".join(chr(0x4E00 + place) for place in range(500)),
    "Hangul": "".join(chr(0xAC00 + 7 * place) for place in range(500)),
    "Arabic": "محمد عبد الله " * 35,
    "ligatures": "\ufdfa" * 500,
    "combining marks": "e\u0301" * 250,
    "one letter with 499 marks": "e" + "\u0301" * 499,
    "right to left marks": "\u202e\u200f\u202b" * 160,
    "zero width": "h\u200bu\u200da\ufeff" * 80,
    "look-alikes": "\u041dU\u0410W\u0415\u0406 T\u0415\u0421\u041dN\u041eL\u041eGI\u0415\u0405 "
    * 25,
    "surrogates": "\ud800\udfff" * 250,
    "emoji": "👩‍👩‍👧‍👦" * 70,
    "silent words": "and of the " * 45,
    "fathers' names": "Ivanovich Petrovna " * 26,
    "trade words": " ".join(GENERIC)[:500],
}


@pytest.mark.parametrize("what", _ADVERSARIAL)
def test_adversarial_names_are_answered_in_bounded_time(what: str) -> None:
    INDEX.matches(normalise("Huawei"), lists=None, threshold=0.5)
    with at_most_letters(_LONGEST):
        form = normalise(_ADVERSARIAL[what][:500])
        INDEX.matches(form, lists=None, threshold=0.0)
    for name in range(0, len(NAMES), 40):
        assert 0.0 <= INDEX.score(form, name) <= 1.0


@_BUDGET
@given(st.text(st.characters(), max_size=500), st.integers(1, 40))
def test_any_string_is_answered(printed: str, times: int) -> None:
    form = normalise((printed * times)[:500])
    matches = INDEX.matches(form, lists=None, threshold=0.0)
    assert all(0.0 <= match.score <= 1.0 for match in matches)
    for match in matches[:2]:
        assert INDEX.explain(form, match.name).parts


@pytest.mark.parametrize("what", _ADVERSARIAL)
def test_adversarial_names_may_be_listed(what: str) -> None:
    form = normalise(_ADVERSARIAL[what])
    index = NameIndex.build([IndexedName(0, 0, "primary", form), *NAMES[:20]])
    found = index.matches(form, lists=None, threshold=DEFAULT_THRESHOLD)
    assert [match.name for match in found][:1] == ([0] if form.words else [])


@_BUDGET
@given(_PLACES, _RANDOMS)
def test_one_more_word_of_the_listed_name_never_hides_it(name: int, random: Random) -> None:
    """The beginning of a long name is the exception: it counts as the name itself, cut.

    So are two of three East Asian syllables, which are another name: Tong Un is not Kim Tong Un.
    """
    words = NAMES[name].form.words
    more = sorted(random.sample(range(len(words)), random.randint(1, len(words))))
    left = random.choice(more)
    fewer = [place for place in more if place != left]
    if fewer:
        asked = [_of_words(tuple(words[place] for place in kept)) for kept in (fewer, more)]
        parts = {part.name for part in INDEX.explain(asked[1], name).parts}
        if INDEX.explain(asked[0], name).manner is not None or "other_syllables" in parts:
            return
        scores = [INDEX.score(form, name) for form in asked]
        assert scores[0] <= scores[1] or min(scores) >= DEFAULT_THRESHOLD


def _of_words(words: tuple[Word, ...]) -> ComparisonForm:
    texts = tuple(word.text for word in words)
    return ComparisonForm(" ".join(word.printed for word in words), words, (), texts)
