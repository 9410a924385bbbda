"""The compiled kernel scores as the plain reference scorer does, over real and hostile names."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abeyance_screening.engine.names.form import normalise
from abeyance_screening.engine.names.form.word_types import ComparisonForm
from abeyance_screening.engine.names.match import NameIndex
from abeyance_screening.engine.names.match_types import IndexedName
from tests.unit.names.match import listed_names
from tests.unit.names.match.many_names import INDEX, NAMES, PRINTED, change
from tests.unit.names.match.reference_scorer import measure, score

_PLACES = st.sampled_from(range(len(PRINTED)))
_RANDOMS = st.randoms(use_true_random=False)
# Letters that are folded, doubled, swapped and sounded; digits, scripts, blanks and rubbish.
_HOSTILE = st.text(
    st.one_of(
        st.sampled_from("aabbccddeeksztyhxqwv  00112.-'&()"),
        st.sampled_from("ЖщюяЁ海康威视バزшéßİŁ\u0301\u200b\u00a0"),
        st.characters(exclude_categories=("Cs",)),
    ),
    min_size=1,
    max_size=80,
)
# Longer than one block of 64 letters, and than 255 letters, which a byte could count.
_LONG = " ".join(f"{word}{at:03}" for at, word in enumerate(("zavod", "stroy", "abeyance") * 30))

_SMIC = "Semiconductor Manufacturing International Corporation"
_OF_EACH_PART = [
    pytest.param(part, asked, listed, kind, entity_type, id=part)
    for part, asked, listed, kind, entity_type in (
        ("matched_words", "Haige", "Guangzhou Haige Communication Group", "primary", None),
        ("query_covered", "Bank Mellli Tehran", "BANK MELLI IRAN", "alias", None),
        ("rarest_word", "Roskosmos Isotope", "Isotop", "primary", "organisation"),
        ("whole_spelling", "Shomal", "Shemal", "primary", None),
        ("listed_gap", "Hikvison", "Hangzhou Hikvision Digital Technology", "primary", None),
        ("first_word", "Fotonika Works", "FOTONIKA LLC", "primary", None),
        ("acronym", "SMIC", _SMIC, "primary", "organisation"),
        ("spelled_out", _SMIC, "SMIC", "alias", None),
        (
            "conflict",
            "JSC 559 Aircraft Repair Plant",
            "JSC 558 Aircraft Repair Plant",
            "alias",
            None,
        ),
        ("legal_form_conflict", "Kaspersky GmbH", "AO Kaspersky Lab", "primary", None),
        ("common_words", "Royal Chemical FZE", "ROYAL PEARL CHEMICAL", "primary", None),
        ("type_conflict", "Badege LLC", "ERIC BADEGE", "primary", "person"),
        ("weak_alias", "Aigle Blanc", "AIGLE BLANC", "weak_alias", "person"),
        ("same_words", "Melli Bank", "BANK MELLI", "alias", None),
        ("identical", "aero caribbean", "AERO-CARIBBEAN", "primary", None),
    )
]


def check(form: ComparisonForm, listed: IndexedName, scored: float) -> None:
    assert scored == pytest.approx(score(form, listed), abs=1e-9, rel=0)


@settings(max_examples=100)
@given(_PLACES, _RANDOMS, _PLACES)
def test_a_changed_name_scores_as_the_reference_says(
    place: int, random: Random, other: int
) -> None:
    form = normalise(change(PRINTED[place], random))
    found = INDEX.matches(form, lists=None, threshold=0.1)
    for match in found[:3]:
        check(form, NAMES[match.name], match.score)
    for name in (place, other):
        check(form, NAMES[name], INDEX.score(form, name))


@settings(max_examples=100)
@given(_HOSTILE, _HOSTILE, st.sampled_from(["primary", "alias", "weak_alias"]))
@example("A B C D", "Alpha Beta Ceta Delta", "primary")
@example(_LONG, _LONG[:400] + " Stroyzavod", "alias")
@example("558 zavod", "559 zavod", "primary")
@example("NJSC Chorn:Aomornaftogaz", "NJSC Chornomornaftogaz", "primary")
@example("AB:C", "B\u3038AA:B", "primary")
def test_hostile_names_score_as_the_reference_says(asked: str, listed: str, kind) -> None:
    form, name = normalise(asked), IndexedName(0, 0, kind, normalise(listed))
    check(form, name, NameIndex.build([name]).score(form, 0))


@settings(max_examples=60)
@given(_HOSTILE, _RANDOMS, _PLACES)
def test_rubbish_beside_a_real_name_scores_as_the_reference_says(
    rubbish: str, random: Random, place: int
) -> None:
    cut = random.randrange(len(PRINTED[place]))
    form = normalise(f"{PRINTED[place][:cut]}{rubbish}{PRINTED[place][cut:]}")
    check(form, NAMES[place], INDEX.score(form, place))


@pytest.mark.parametrize("place", range(len(listed_names.NAMES)))
def test_each_listed_name_scores_all_others_as_the_reference_says(place: int) -> None:
    form = listed_names.NAMES[place].form
    for name, listed in enumerate(listed_names.NAMES):
        check(form, listed, listed_names.INDEX.score(form, name))


@pytest.mark.parametrize(("part", "asked", "listed", "kind", "entity_type"), _OF_EACH_PART)
def test_each_part_is_what_the_reference_says(part, asked, listed, kind, entity_type) -> None:
    form, name = normalise(asked), IndexedName(0, 0, kind, normalise(listed), entity_type)
    index = NameIndex.build([name])
    values = {each: value for each, value in measure(form, name).items() if value}
    explained = {each.name: each.value for each in index.explain(form, 0).parts if each.value}
    assert part in values
    assert {each: values[each] for each in explained} == pytest.approx(explained, abs=1e-9, rel=0)
    check(form, name, index.score(form, 0))


def test_every_part_has_an_example() -> None:
    form = listed_names.NAMES[0].form
    assert {each.id for each in _OF_EACH_PART} == set(measure(form, listed_names.NAMES[0]))
